"""Inputs that are arrays over rows, answered by plans that a circuit keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from circuitcli.constants import CONSTANTS
from circuitcli.extras import refuse_no_arrays
from circuitcli.language import canonical
from circuitcli.library.table_columns import beside, rows_of
from circuitcli.library.table_kinds import VALUE, TableOf, rows_in_kind
from circuitcli.read_circuit import Inputs, ReadCircuit, is_array, mapping

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from circuitcli.rows.over_arrays import Found, OverArrays

KEPT = 64  # sets of names that a circuit keeps plans for


def arrays_among(circuit: ReadCircuit, point: Inputs | None, inputs: Inputs) -> list[ArrayLike]:
    """The inputs that vary by row. Raises InputError where the inputs are no mapping."""
    given = {canonical(name): x for name, x in (*mapping(point).items(), *inputs.items())}
    known = circuit.graph.inputs
    return [
        x
        for name, x in given.items()
        if is_array(x) and (not isinstance(x, (list, tuple)) or name in known or name in CONSTANTS)
    ]


def without_lists(
    circuit: ReadCircuit, point: Inputs, inputs: Inputs
) -> tuple[Callable[[Any, str], Any], list[dict[str, Any]]]:
    """The inputs with arrays in the places of lists, and the form that a result then takes: a list where all are."""
    rows = arrays_among(circuit, point, inputs)
    lists = bool(rows) and all(isinstance(x, (list, tuple)) for x in rows)
    known = {*circuit.graph.inputs, *CONSTANTS}
    both = [
        {
            name: rows_of(name, x) if isinstance(x, (list, tuple)) and canonical(name) in known else x
            for name, x in some.items()
        }
        for some in (point, inputs)
    ]
    return lambda found, name: found.tolist() if lists and is_array(found) else found, both


class KeptArrays:
    """The plans and the code that a circuit keeps for arrays: of values, or with `slopes`, which are by `wrt` where
    that is said."""

    def __init__(self, circuit: ReadCircuit, slopes: bool, wrt: Sequence[str] | None = None) -> None:
        self._circuit, self._slopes, self._wrt = circuit, slopes, wrt
        self._kept: dict[tuple[int, frozenset[str], frozenset[str], str], OverArrays] = {}

    def at(self, point: Inputs | None, inputs: Inputs, table: TableOf | None = None) -> Found:
        """The value, and with slopes the gradient. There may be rows, of a `table`, of which the circuit uses no
        column."""
        refuse_no_arrays()
        from circuitcli.rows.over_arrays import ARRAYS, OverArrays, columns_of

        arrays: dict[str, ArrayLike] = {}
        numbers: list[dict[str, float]] = [{}, {}]
        for found, values in zip(numbers, (point or {}, inputs), strict=True):
            for name, x in values.items():
                arrays.pop(canonical(name), None)  # a keyword has the last word
                if is_array(x):
                    arrays[canonical(name)] = x
                found[name] = 0.0 if is_array(x) else x
        graph, given = self._circuit.bind(*numbers)
        by_row = {name: rows_of(name, rows) for name, rows in arrays.items() if name in given}
        columns, scalars, shape = columns_of({**given, **by_row})
        shown, others = ARRAYS, list[str]()
        if table is not None:
            shape, shown, others = (table.rows,), table.shown, beside(graph, table)
        key = (id(graph), frozenset(columns), frozenset(scalars), shown)
        if (over := self._kept.get(key)) is None:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            over = self._kept[key] = OverArrays(
                graph, [*columns, *others], scalars, self._wrt, self._slopes, shown=shown
            )
        return over.run(columns, scalars, shape)

    def in_kind(self, rows: Sequence[ArrayLike], point: Inputs | None, inputs: Inputs) -> tuple[Any, dict[str, Any]]:
        """The value, and with slopes the gradient, in the kind of the inputs that vary by row."""
        formed, found = rows_in_kind(rows), self.at(point, inputs)
        if isinstance(found.value, float):
            return found.value, found.gradient
        value = formed(found.value, self._circuit.graph.answer or VALUE)
        return value, {name: formed(slope, name) for name, slope in found.gradient.items()}
