"""One point through a circuit: the values, the gradients, the kinks, and the first node that went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from circuitcli.engine.floats import FLOATS
from circuitcli.engine.passes import backward, contributions, forward, kinks
from circuitcli.errors import InputError
from circuitcli.graph import CONSTANT, CONSTANTS, INPUT, Graph
from circuitcli.notation import expressions


class Point:
    """The two passes at one point. Lists run over the nodes of `graph`, in forward order.

    `wrt` names the inputs or nodes by which the output is differentiated; None means no backward pass. A gradient is
    None where it was not asked for: at constants, and at nodes that no wanted input or node reaches. The numbers are
    those of the arithmetic `m`.
    """

    def __init__(
        self, graph: Graph, given: Mapping[str, Any], wrt: Sequence[str] | None = None, m: Any = FLOATS
    ) -> None:
        self.graph = graph
        self.m = m
        missing = [name for name in graph.inputs if name not in given and name not in graph.defaults]
        if missing:
            values = " ".join(f"-{name} VALUE" for name in missing)
            raise InputError(f"no value for {', '.join(missing)}", f"add {values}")
        self.given = given
        self.values: list[Any] = forward(graph, m, given)
        self.wrt = wrt
        self.gradients: list[Any] = [None] * len(graph.nodes)
        self.kinks = [False] * len(graph.nodes)
        if wrt is None:
            return
        self.needed = graph.depends_on([find(graph, name) for name in wrt])
        found = backward(graph, m, self.values, self.needed)
        self.gradients = [found.get(k, 0.0) if need else None for k, need in enumerate(self.needed)]
        self.kinks = kinks(graph, m, self.values, self.needed)

    @property
    def value(self) -> Any:
        """The value of the output."""
        return self.values[self.graph.output]

    @property
    def inputs(self) -> dict[str, Any]:
        """The value of every input, defaults included."""
        return {name: self.values[k] for name, k in self.graph.inputs.items()}

    @property
    def gradient(self) -> dict[str, Any]:
        """The derivative of the output by each wanted input or node."""
        slopes = {name: self.gradients[find(self.graph, name)] for name in self.wrt or ()}
        return {name: slope for name, slope in slopes.items() if slope is not None}

    def fault(self) -> str:
        """The first node that made the value, or else the gradient, infinite or nan; nothing where all is finite.

        A non-finite number that came in as an input is nobody's fault: then too the answer is empty.
        """
        if not self.m.isfinite(self.value):
            return self._value_fault()
        if not all(map(self.m.isfinite, self.gradient.values())):
            return self._gradient_fault()
        return ""

    def came_in(self) -> list[str]:
        """The inputs that are infinite or nan."""
        return [name for name, value in self.inputs.items() if not self.m.isfinite(value)]

    def _value_fault(self) -> str:
        """Of the nodes with finite arguments that are not finite, on the way to the output, the first."""
        seen, pending, first = set(), [self.graph.output], None
        while pending:
            k = pending.pop()
            bad = [a for a in self.graph.nodes[k].args if not self.m.isfinite(self.values[a])]
            if not bad and (first is None or k < first):
                first = k
            pending += [a for a in bad if a not in seen]
            seen.update(bad)
        assert first is not None
        node, value = self.graph.nodes[first], self.values[first]
        if not node.args:
            if node.gate == INPUT:
                return ""
            what = "is written in the expression" if node.text in CONSTANTS else f"is beyond {self.m.beyond}"
            return f"{node.text} {what}"
        xs = [self.values[a] for a in node.args]
        return f"{self._at(first)}: {_why(node.gate, xs, value, self.m.beyond)}"

    def _gradient_fault(self) -> str:
        """The last gate in forward order, so the first in the backward pass, to hand on what is not finite."""
        for k in range(self.graph.output, -1, -1):
            g = self.gradients[k]
            if g is None or not self.m.isfinite(g):
                continue
            for i, c, _ in contributions(self.graph, self.m, self.values, self.needed, k, g):
                if self.m.isfinite(c):
                    continue
                known = all(self.m.isfinite(self.values[a]) for a in self.graph.nodes[k].args)
                if not known and self.came_in():
                    return ""
                kind = "is not a number" if c != c else "is infinite"
                by = expressions(self.graph)[i]
                of = "" if len(self.graph.nodes[k].args) == 1 else f" by {by}"
                return f"the gradient of {self._at(k, of)} {kind}"
        return "a gradient that is the sum of several paths overflows"

    def _at(self, k: int, note: str = "") -> str:
        """A node's expression and the values of its arguments: log(u) at u = -1."""
        texts = expressions(self.graph)
        args = [a for a in dict.fromkeys(self.graph.nodes[k].args) if self.graph.nodes[a].gate != CONSTANT]
        called = self.graph.called()
        where = ", ".join(f"{called[a] or texts[a]} = {self.m.text(self.values[a], 10)}" for a in args)
        return f"{texts[k]}{note} at {where}" if where else texts[k] + note


def find(graph: Graph, name: str) -> int:
    """The node that an input or a name stands for. Raises InputError where there is none."""
    k = graph.inputs.get(name, graph.names.get(name))
    if k is None:
        from circuitcli.language.names import near

        close = near(name, [*graph.inputs, *graph.names])
        known = ", ".join(dict.fromkeys([*graph.inputs, *graph.names])) or "none"
        raise InputError(
            f"{name} is no input and no named node", f"did you mean {close}?" if close else f"there are: {known}"
        )
    return k


_POLES = ("log", "log2", "log10", "log1p", "log_base", "atanh", "gamma", "lgamma", "digamma", "polygamma", "factorial")


def _why(gate: str, xs: Sequence[Any], value: Any, beyond: str) -> str:
    """Why a gate with finite arguments has no finite value."""
    if gate in ("div", "mod", "floordiv", "fmod") and xs[1] == 0.0:
        return "zero divided by zero" if xs[0] == 0.0 else "division by zero"
    if value != value:
        return "outside its domain"
    if gate == "pow" and xs[0] == 0.0:
        return "division by zero"
    if gate in _POLES and max(map(abs, xs)) < 100.0:
        return "a pole"
    return f"overflows, beyond {beyond}"
