"""Plan, a circuit over the columns of a table: its inputs are columns or numbers, its results are one per row or one
for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.analysis.point import find
from circuitcli.asked_columns import column_for, column_of
from circuitcli.errors import InputError, NoValueError, UsageError
from circuitcli.gates import over_rows
from circuitcli.graph import CONSTANT, Graph
from circuitcli.nested_names import in_short, to_set
from circuitcli.rows.kernels import GatherPrograms, gather_programs, scalars_of
from circuitcli.rows.varying import Varying
from circuitcli.tables.json_paths import root_of
from circuitcli.text_tests import text_test
from circuitcli.visible_text import some_of
from circuitcli.wording import between_values, by_voice, values_of

if TYPE_CHECKING:
    from circuitcli.rows.row_boxes import RowBoxes
    from circuitcli.rows.sum_of_squares import Squares
    from circuitcli.rows.uncertainties import Uncertainties
    from circuitcli.tables.batch import Ends


class Slope(NamedTuple):
    """The derivative of a node by another, or along the direction."""

    output: int
    by: int | None = None


class Plan:
    """A circuit over the columns of a table.

    `used` are the inputs that are columns, `scalars` the numbers that all rows share, `results` the nodes that are
    wanted, by name: the output, unless others are given. `by_row`: they have a value per row. `wrt` are the names to
    differentiate by; None means no backward pass. `of` are the results to differentiate, the output where none are
    named; with a `direction` each has a derivative along it, too. With uncertain inputs `spreads` are the nodes whose
    uncertainties are results, and `contributions` the inputs whose parts in that of the output are, by the names of
    these. With `boxes` inputs are ranges, and results bounds. Raises UsageError or InputError where circuit, columns
    and numbers do not fit together.
    """

    def __init__(
        self,
        graph: Graph,
        columns: Sequence[str],
        given: Mapping[str, float],
        wrt: Sequence[str] | None = None,
        differentiate: bool = False,
        shown: str = "the table",
        files: str = "",
        results: Mapping[str, int] | None = None,
        uncertain: Uncertainties | None = None,
        of: Sequence[str] = (),
        direction: Mapping[str, float] = {},
        boxes: RowBoxes | None = None,
    ) -> None:
        self.graph = graph = graph.answering(of) if of else graph
        self.uncertain, self.of, self.direction, self.boxes = uncertain, list(of), dict(direction), boxes
        self.columns, self.given = columns, given
        there = set(columns)
        self.used = [n for n in graph.inputs if n in self.ends or not there.isdisjoint((n, column_of(n)))]
        self._refuse_double(given, shown)
        self.scalars = scalars_of(graph, given, columns)
        self._refuse_missing(shown)
        counts = any(over_rows(node.gate, len(node.args)) for node in graph.nodes)
        if not self.used and not counts:
            raise UsageError(f"the expression uses no column of {shown}", _list(columns))
        self.results = {graph.answer: graph.output} if results is None else results
        several = {name: graph.results[name] for name in of} if len(of) > 1 else {}
        self.outputs = several or {"": graph.output}  # the empty name has no part in those of columns
        self.parts = Varying(graph, self.used, {**self.results, **several}, shown, files)
        self.by_row = any(self.parts.varies[k] for k in self.results.values())
        self.wrt: list[str] | None = None
        if differentiate or wrt is not None:
            own = wrt if wrt is not None else self._by_default(given)
            self.wrt = list(dict.fromkeys([*own, *self.direction]))
        self.wanted = [find(graph, name) for name in self.wrt or ()]
        self.slopes = self._slopes()
        self.spreads: dict[str, int] = {}
        self.contributions: dict[str, str] = {}
        if uncertain is not None:
            named = ((f"sigma_{name}" if name != graph.answer else "sigma", k) for name, k in self.results.items())
            self.spreads = dict(named)
            parts = [name for name in graph.inputs if name in uncertain.names and self.wrt is not None]
            self.contributions = {f"contribution_{name}": name for name in parts}
        if not self.by_row:
            self._refuse_columns()
        self._programs: dict[tuple[int, ...], GatherPrograms] = {}
        self._squares: dict[tuple[int, ...], Squares | None] = {}

    @property
    def read(self) -> list[str]:
        """All that rows have to have as numbers: the inputs that are columns, the ends of those that are ranges, and
        the uncertainties."""
        return list(dict.fromkeys([*self._sources, *self.sizes]))

    @property
    def _sources(self) -> list[str]:
        ends = self.boxes.sources if self.boxes is not None else []
        return [*(name for name in self.used if name not in self.ends), *ends]

    @property
    def sizes(self) -> list[str]:
        """The inputs in which rows have uncertainties, which are 0 or more."""
        return self.uncertain.sources if self.uncertain is not None else []

    @property
    def ends(self) -> Mapping[str, Ends]:
        """The columns of the ends of inputs that are ranges in each row."""
        return self.boxes.ends if self.boxes is not None else {}

    @property
    def moving(self) -> list[int]:
        """The nodes that are one number and by which derivatives are needed: those wanted, and those uncertain."""
        numbers = self.uncertain.numbers if self.uncertain is not None else ()
        return list(dict.fromkeys([*self.wanted, *(self.graph.inputs[name] for name in numbers)]))

    def programs(self, wanted: Sequence[int]) -> GatherPrograms:
        """The programs of what the aggregates gather, for derivatives by the nodes `wanted`; each is made once."""
        key = tuple(wanted)
        if key not in self._programs:
            others = [*self.spreads.values(), *self.outputs.values()]
            self._programs[key] = gather_programs(self.parts, self.used, wanted, others)
        return self._programs[key]

    def squares(self, wanted: Sequence[int]) -> Squares | None:
        """The sum of squares that it is, where the nodes `wanted` move; each is looked for once."""
        from circuitcli.rows.sum_of_squares import squares_of

        key = tuple(wanted)
        if key not in self._squares:
            self._squares[key] = squares_of(self.parts, self.used, wanted)
        return self._squares[key]

    def _slopes(self) -> dict[str, Slope]:
        """The derivatives by the names of their columns."""
        found: dict[str, Slope] = {}
        for result, output in self.outputs.items():
            own = {f"grad_{name}": Slope(output, k) for name, k in zip(self.wrt or (), self.wanted, strict=True)}
            own |= {"along": Slope(output)} if self.direction else {}
            for column, slope in own.items():
                if (column := column_for(column, result)) in found:
                    raise UsageError(
                        f"a row would have two columns {column}", "give the input or the result another name"
                    )
                found[column] = slope
        return found

    def _by_default(self, given: Mapping[str, float]) -> list[str]:
        """The inputs without a default, those given a value, and the columns; with an aggregate without the columns."""
        graph = self.graph
        free = [n for n in graph.inputs if n not in graph.defaults or n in given or n in self.used]
        free = [name for name in free or graph.inputs if text_test(name) is None]
        return free if self.by_row else [name for name in free if name not in self.used]

    def _refuse_double(self, given: Mapping[str, float], shown: str) -> None:
        there = Counter(self.columns)
        for name in dict.fromkeys(map(column_of, self._sources)):
            if name in given:
                raise InputError(
                    f"{name} is a column of {shown}, and it is given a value",
                    by_voice(
                        f"leave out -{name}, or rename the column: --rename {name}=OTHER",
                        f"leave out {name}=..., or name the column otherwise",
                    ),
                )
            if there[name] > 1:
                raise InputError(
                    f"{shown} has two columns {name}",
                    by_voice(f"--rename {name}=OTHER renames the first of them", "name one of them otherwise"),
                )
        for node in self.graph.nodes:
            if node.gate == CONSTANT and node.text in there:
                raise InputError(
                    f"{shown} has a column {node.text}, and {node.text} is a constant",
                    by_voice(
                        f"--rename {node.text}=OTHER makes {node.text} the constant, and OTHER the column",
                        "name the column otherwise",
                    ),
                )

    def _refuse_missing(self, shown: str) -> None:
        known = {*self.scalars, *self.columns, *self.ends}
        missing = [column_of(name) for name in self.graph.inputs if known.isdisjoint((name, column_of(name)))]
        if missing:
            from circuitcli.rows.column_hints import instead, perhaps

            roots = {*map(root_of, self.columns)}
            free = [name for name in missing if name in self.graph.inputs and root_of(name) not in roots]
            values = some_of(values_of(to_set(free, self.given)), between_values())
            what = f"is no column of {shown} and has" if len(missing) == 1 else f"are no columns of {shown} and have"
            meant = by_voice(instead(missing[0], self.columns, shown), perhaps(missing[0], self.columns))
            hint = f"{meant}{f'add {values}; ' if free else ''}{_list(self.columns)}"
            raise NoValueError(f"{some_of(in_short(missing))} {what} no value", hint, missing)

    def _refuse_columns(self) -> None:
        for name, k in zip(self.wrt or (), self.wanted, strict=True):
            if self.parts.varies[k]:
                raise UsageError(
                    f"{name} varies by row, and the answer is one number: by each row it would need a second pass",
                    "differentiate by inputs that are one number, or leave the aggregate out",
                )


def _list(columns: Sequence[str]) -> str:
    return f"its columns are: {some_of(columns) or 'none'}"
