"""A circuit written down for code.

The rules run once on wires that record, as for rows. But a gate whose stable form is more than a line stays a function,
which the code calls by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from circuitcli.engine.inherited_gates import InheritedGates
from circuitcli.engine.passes import backward, contributions, forward, kinks
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.engine.tracer import ExactRecorder, Traced
from circuitcli.engine.wire import Wire
from circuitcli.gates import GATES, Gate, Table
from circuitcli.graph import Graph

SLOPE = "power_slope"  # of x^y by x: the one function that rules call and that is no gate


def kept(op: str) -> bool:
    """Whether an operation is a function in code."""
    return op == SLOPE or (op in GATES and GATES[op].function)


class Keeper(ExactRecorder):
    """A recorder that writes down a kept function as one instruction."""

    def __init__(self) -> None:
        super().__init__()
        self.gates = Table({name: _by_name(gate) for name, gate in GATES.items()})
        for name in filter(kept, (*GATES, SLOPE)):
            setattr(self, name, self._function(name))

    def _function(self, name: str) -> Callable[..., Traced]:
        def recorded(*xs: Traced) -> Traced:
            if name == SLOPE and not isinstance(xs[2], Wire):  # of a literal exponent, which is shorter
                return InheritedGates.power_slope(self, *xs)
            return self._record(name, xs)

        return recorded


def _by_name(gate: Gate) -> Gate:
    """The gate, or for a kept one the gate with the call of itself as its forward rule."""
    return gate._replace(forward=lambda m, *xs: getattr(m, gate.name)(*xs)) if kept(gate.name) else gate


class TracedPasses(NamedTuple):
    """Both passes of a circuit as a straight program. `places` has the line of each result, by ("value", k),
    ("gradient", k) and ("kink", k) for node k, and by ("edge", n) for the local derivative of the nth of the `edges`,
    each a gate and the node of an argument."""

    program: TracedProgram
    places: dict[tuple[str, int], int]
    edges: list[tuple[int, int]]


def passes(graph: Graph, wanted: Sequence[int], wrt: Sequence[int], every_node: bool = False) -> TracedPasses:
    """Trace the values of the nodes `wanted` and the derivatives of the output by the nodes `wrt`; or with
    `every_node` the value, the gradient, the kink and the edges of every node."""
    m = Keeper()
    values = forward(graph, m, {name: m.column(name) for name in graph.inputs}, m.gates)
    needed = graph.depends_on(wrt)
    found: Mapping[int, Traced] = backward(graph, m, values, needed) if wrt else {}
    asked = {("value", k): values[k] for k in wanted} | {("gradient", k): found.get(k, 0.0) for k in wrt}
    edges: list[tuple[int, int]] = []
    if every_node:
        marks = kinks(graph, m, values, needed)
        for k in range(len(values)):
            for i, local, edge in contributions(graph, m, values, needed, k, 1.0, True, m.gates):
                asked["edge", len(edges)] = m.where(edge, local, 0.0)
                edges.append((k, i))
        asked |= {("value", k): x for k, x in enumerate(values)}
        asked |= {("gradient", k): found.get(k, 0.0) for k, need in enumerate(needed) if need}
        asked |= {("kink", k): mark for k, mark in enumerate(marks) if mark is not False}
    program = m.program(asked.values())
    return TracedPasses(program, dict(zip(asked, program.outputs, strict=True)), edges)


class Function(NamedTuple):
    """A kept function: its name in code, the names of its arguments, and its program."""

    name: str
    arguments: list[str]
    program: TracedProgram


def called(op: str, count: int) -> str:
    """The name of a kept function of so many arguments in code; logsumexp of two and of three are two functions."""
    return f"{op}{count}" if op in GATES and GATES[op].many else op


def functions(*programs: TracedProgram) -> list[Function]:
    """The kept functions that programs call, directly or through others; each stands behind those that it calls."""
    found: dict[str, Function] = {}

    def visit(program: TracedProgram) -> None:
        for op, args, _, _ in program.lines:
            if kept(op) and called(op, len(args)) not in found:
                function = _function(op, len(args))
                visit(function.program)
                found[function.name] = function

    for program in programs:
        visit(program)
    return list(found.values())


def _function(op: str, count: int) -> Function:
    """The program of a kept function, from its rule."""
    m = Keeper()
    if op in GATES:
        names = [f"x{i + 1}" for i in range(count)] if GATES[op].many else list(GATES[op].names[:count])
    else:
        names = ["o", "x", "y"]  # of SLOPE
    rule = getattr(InheritedGates, op, None) or GATES[op].forward
    return Function(called(op, count), names, m.program([rule(m, *map(m.column, names))]))
