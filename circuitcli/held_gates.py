"""Gates that hold a circuit: root(x: x^3 - a, 1) and integral(t: exp(-t^2), 0, x).

Each circuit has a gate of its own, whose row comes with its name. Its arguments are what the circuit takes from around
it, then the start, or the two ends. The rules themselves need whole arithmetics: engine/held_rules.py has them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from circuitcli.gates import GATES, Gate
from circuitcli.graph import Graph

if TYPE_CHECKING:
    from circuitcli.rule_types import Vjp

RULES = "circuitcli.engine.held_rules"  # above this file: loaded when the first rule runs
ENDS: dict[str, tuple[str, ...]] = {"root": ("start",), "integral": ("from", "to")}  # what stands behind the circuit
STILL = frozenset({"start"})  # the value does not move with these
WORK = {"root": 2_000, "integral": 20_000}  # nodes whose bounds take as long
PARAMETER = "#"  # before the number of an argument that the circuit takes from around it
ACCURACY = "as many digits are lost as the circuit inside loses"


class HeldGate(str):
    """The name of a gate that holds a `circuit`: its text, with #1, #2 for what it takes from around it. `kind` is
    root or integral, `bound` the input of the circuit that is its own."""

    kind: str
    circuit: Graph
    bound: str

    def __new__(cls, text: str, kind: str, circuit: Graph, bound: str) -> HeldGate:
        gate = str.__new__(cls, text)
        gate.kind, gate.circuit, gate.bound = kind, circuit, bound
        return gate

    def __reduce__(self) -> tuple[type[HeldGate], tuple[str, str, Graph, str]]:
        return HeldGate, (str(self), self.kind, self.circuit, self.bound)

    @property
    def parameters(self) -> int:
        """The number of arguments that the circuit takes from around it."""
        return len(self.circuit.inputs) - 1

    @cached_property
    def depth(self) -> int:
        """The number of circuits that are inside of each other, this one included."""
        return 1 + max([node.gate.depth for node in self.circuit.nodes if isinstance(node.gate, HeldGate)], default=0)

    @cached_property
    def names(self) -> set[str]:
        """The names that are bound in the circuit, and in those that it holds."""
        return {self.bound}.union(*(node.gate.names for node in self.circuit.nodes if isinstance(node.gate, HeldGate)))

    @cached_property
    def pieced(self) -> bool:
        """Whether the circuit is made of pieces along the bound name, at whose edges it may jump or have a kink."""
        moving = self.circuit.depends_on([0])
        return any(
            node.gate.pieced if isinstance(node.gate, HeldGate) else bool(node.args) and GATES[node.gate].pieced
            for node, moves in zip(self.circuit.nodes, moving, strict=True)
            if moves
        )

    @cached_property
    def row(self) -> Gate:
        """The row of the gate."""
        names = (*[f"{PARAMETER}{i + 1}" for i in range(self.parameters)], *ENDS[self.kind])
        rules = tuple([None if name in STILL else self._rule(i) for i, name in enumerate(names)])
        forward = self._called("forward")
        return Gate(self, forward, rules, domain=True, names=names, ulp=16.0, accuracy=ACCURACY, written=self.kind)

    def _rule(self, i: int) -> Vjp:
        slope = self._called("slope")
        return lambda m, g, o, *xs: g * slope(m, i, o, *xs)

    def _called(self, name: str) -> Callable[..., Any]:
        """A function of the rules, which is loaded when it is called."""

        def called(m: Any, *xs: Any) -> Any:
            return getattr(import_module(RULES), name)(m, self, *xs)

        return called


def bound_in(graph: Graph) -> set[str]:
    """The names that are bound by gates of a circuit."""
    return set[str]().union(*(node.gate.names for node in graph.nodes if isinstance(node.gate, HeldGate)))


def work_over_boxes(graph: Graph) -> int:
    """The number of nodes, where gates that hold a circuit count as many as take as long over a box."""
    return sum(WORK[node.gate.kind] if isinstance(node.gate, HeldGate) else 1 for node in graph.nodes)
