"""The programs of passes over rows: what is computed in each row before it is summed or factorised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuitcli.analysis.point import find
from circuitcli.engine.floats import LEAST, UNIT
from circuitcli.engine.passes import backward
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.engine.tracer import Recorder, Traced, recorded, straight
from circuitcli.gates import GATES
from circuitcli.graph import Graph
from circuitcli.rows.plan import Plan
from circuitcli.rows.sum_of_squares import Squares
from circuitcli.rows.varying import Varying


class PassPrograms:
    """The programs of a circuit over rows, of which the inputs `names` move. The inputs that rows have each for itself
    are `columns`: those of the table, and where many fits run at once those that move, too."""

    def __init__(self, plan: Plan, names: Sequence[str], columns: Sequence[str]) -> None:
        self.plan, self.names, self.columns = plan, list(names), list(columns)
        self.wanted = [find(plan.graph, name) for name in names]
        self.squares = plan.squares(self.wanted)

    @property
    def squares_found(self) -> Squares:
        """The squares of a circuit that adds some up."""
        assert self.squares is not None
        return self.squares

    def straight(self, k: int, graph: Graph | None = None) -> TracedProgram:
        """The value of a node, and its slopes."""
        return straight((graph or self.plan.graph).ending(k), self.columns, [k], self.wanted)

    def residual(self) -> TracedProgram:
        """The residual, and its slopes."""
        return self.straight(self.squares_found.residual, self.squares_found.parts.graph)

    def of_squares(self, nodes: Sequence[int | None]) -> TracedProgram:
        """The values of some nodes of the squares, 1 for those that are not there."""
        m, graph = Recorder(), self.squares_found.parts.graph
        values = recorded(graph, self.columns, m)
        return m.program([1.0 if k is None else values[k] for k in nodes])

    def curvature(self) -> TracedProgram:
        """The first and second derivatives of what sums gather."""
        from circuitcli.rows.row_curvature import row_derivatives, summed  # for which few ascents ask

        sums = summed(self.plan.parts, self.wanted)
        assert sums is not None
        return row_derivatives(self.plan.parts, self.columns, self.names, sums)

    def floor(self) -> TracedProgram:
        """The squared bound of the rounding of the residual, and of the numbers in the columns."""
        found = self.squares_found
        return self._bounds(found.parts, [found.residual], 1.0)

    def noise(self) -> TracedProgram:
        """For each aggregate with an argument, the squared bound of its rounding."""
        parts = self.plan.parts
        return self._bounds(parts, [a for k in parts.aggregates for a in parts.graph.nodes[k].args])

    def _bounds(self, parts: Varying, nodes: Sequence[int], of_column: float = 0.0) -> TracedProgram:
        """For each of some nodes, the square of the bound of its rounding in a row. `of_column` is the error of a
        number of a column, in units of 2^-53 of it."""
        m, graph = Recorder(), parts.graph
        values = recorded(graph, self.columns, m)
        squares = []
        for inner in nodes:
            slopes = backward(graph, m, values, [True] * len(graph.nodes), inner, parts.below(inner))
            units = {i: GATES[graph.nodes[i].gate].units if graph.nodes[i].args else of_column for i in slopes}
            felt = {i: slope for i, slope in slopes.items() if parts.varies[i] and units[i]}
            bound = bound_of(m, values, felt, units)
            squares.append(bound * bound)
        return m.program(squares)


def bound_of(m: Recorder, values: Sequence[Traced], slopes: Mapping[int, Traced], units: Mapping[int, float]) -> Traced:
    """The bound of the rounding of a node by the slopes that it has by others, each of which may be off by so many
    units of 2^-53."""
    bound: Traced = 0.0
    for i, slope in slopes.items():
        bound = bound + m.abs(slope) * m.max(m.abs(values[i]) * (units[i] * UNIT), LEAST)
    return bound
