"""The program of a circuit that gives each row the results that go out, and the columns that it reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.engine.passes import backward
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.engine.tracer import Recorder, Traced, recorded, straight, straight_outputs
from circuitcli.rows.plan import Plan
from circuitcli.rows.told import Options
from circuitcli.tables.batch import Wanted
from circuitcli.tables.output_columns import OutputColumns

if TYPE_CHECKING:
    from circuitcli.rows.uncertainties import Uncertainties


class RowProgram(NamedTuple):
    """A program, for each result by its name the place of its output, and the nodes by which slopes are asked for."""

    program: TracedProgram
    places: dict[str, int]
    slopes: list[int]

    @classmethod
    def of(cls, plan: Plan, columns: OutputColumns) -> RowProgram:
        gradients = {f"grad_{name}": k for name, k in zip(plan.wrt or (), plan.wanted, strict=True)}
        slopes = [name for name in columns.results if name in gradients]
        nodes = [gradients[name] for name in slopes]
        spreads = [name for name in columns.results if name in plan.spreads or name in plan.contributions]
        values = [name for name in columns.results if name not in gradients and name not in spreads]
        wanted = [plan.results[name] for name in values]
        if spreads and plan.uncertain is not None:
            m = Recorder()
            found = recorded(plan.graph, plan.used, m)
            more = _Spreads(plan, plan.uncertain, m, found)
            outputs = straight_outputs(plan.graph, m, found, wanted, nodes)
            program, places = m.program([*outputs, *map(more.output, spreads)]).once()
        else:
            program, places = straight(plan.graph, plan.used, wanted, nodes).once()
        return cls(program, dict(zip([*values, *slopes, *spreads], places, strict=True)), nodes)


class _Spreads:
    """The uncertainties of results in a row, written down."""

    def __init__(self, plan: Plan, uncertain: Uncertainties, m: Recorder, values: list[Traced]) -> None:
        self._plan, self._uncertain, self._m, self._values = plan, uncertain, m, values
        self._inputs = {name: plan.graph.inputs[name] for name in uncertain.names}
        self._needed = plan.graph.depends_on(self._inputs.values())
        self._known: dict[int, Mapping[str, Traced]] = {}  # slopes, by the node

    def output(self, name: str) -> Traced:
        """The uncertainty of a result, or the part in it of an input alone."""
        from circuitcli.rows.uncertainties import norm

        m, of = self._m, self._plan.contributions.get(name)
        if of is not None:
            slope = self._slopes(self._plan.graph.output)[of]
            return m.abs(slope * self._uncertain.of(m, of, self._values[self._inputs[of]]))
        values = {name: self._values[k] for name, k in self._inputs.items()}
        return norm(m, self._uncertain.parts(m, values, self._slopes(self._plan.spreads[name])))

    def _slopes(self, k: int) -> Mapping[str, Traced]:
        """The derivatives of a node by the inputs that are uncertain."""
        if k not in self._known:
            found = backward(self._plan.graph, self._m, self._values, self._needed, k)
            self._known[k] = {name: found.get(i, 0.0) for name, i in self._inputs.items()}
        return self._known[k]


def wanted_of(plan: Plan, columns: OutputColumns, options: Options) -> Wanted:
    """The columns that are read: those that the circuit uses, and those that go out."""
    return options.wanted(plan.read, columns.columns, columns.passes, plan.sizes)
