"""The program of a circuit that gives each row the results that go out, and the columns that it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.analysis.directional import directional
from circuitcli.engine.passes import backward
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.engine.tracer import Recorder, Traced, recorded
from circuitcli.rows.plan import Plan, Slope
from circuitcli.rows.told import Options
from circuitcli.tables.batch import Wanted
from circuitcli.tables.output_columns import OutputColumns

if TYPE_CHECKING:
    from circuitcli.rows.uncertainties import Uncertainties


class RowProgram(NamedTuple):
    """A program, for each result by its name the place of its output, and the nodes whose slopes are asked for, each
    with those by which they are."""

    program: TracedProgram
    places: dict[str, int]
    slopes: list[tuple[int, list[int]]]

    @classmethod
    def of(cls, plan: Plan, columns: OutputColumns) -> RowProgram:
        m = Recorder()
        values = recorded(plan.graph, plan.used, m)
        slopes = _Slopes(plan, m, values, (plan.slopes[name] for name in columns.results if name in plan.slopes))
        spreads = None
        if plan.uncertain is not None:
            spreads = _Spreads(plan, plan.uncertain, m, values)
        outputs: dict[str, Traced] = {}
        for name in columns.results:
            if name in plan.slopes:
                outputs[name] = slopes.output(plan.slopes[name])
            elif spreads is not None and (name in plan.spreads or name in plan.contributions):
                outputs[name] = spreads.output(name)
            else:
                outputs[name] = values[plan.results[name]]
        program, places = m.program(outputs.values()).once()
        return cls(program, dict(zip(outputs, places, strict=True)), slopes.asked)


class _Slopes:
    """The derivatives of results in a row that are asked for, written down."""

    def __init__(self, plan: Plan, m: Recorder, values: list[Traced], slopes: Iterable[Slope]) -> None:
        self._direction = {plan.graph.inputs[name]: x for name, x in plan.direction.items()}
        by: dict[int, list[int]] = {}
        for output, k in slopes:
            by.setdefault(output, []).extend(self._direction if k is None else [k])
        self.asked = [(output, list(dict.fromkeys(nodes))) for output, nodes in by.items()]
        self._known: dict[int, dict[int, Traced]] = {}  # by the output
        for output, nodes in self.asked:
            found = backward(plan.graph, m, values, plan.graph.depends_on(nodes), output)
            self._known[output] = {k: found.get(k, 0.0) + 0.0 for k in nodes}  # a slope of 0 has no sign

    def output(self, slope: Slope) -> Traced:
        """A derivative by a node, or along the direction."""
        found = self._known[slope.output]
        return directional(found, self._direction) if slope.by is None else found[slope.by]


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
    return options.wanted(plan.read, columns.columns, columns.passes, plan.sizes, plan.ends)
