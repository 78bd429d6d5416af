"""Inputs that are arrays over rows, answered by plans that a circuit keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from circuitcli.constants import CONSTANTS
from circuitcli.language import canonical
from circuitcli.library.table_columns import rows_of
from circuitcli.library.table_kinds import VALUE, rows_in_kind
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


class KeptArrays:
    """The plans and the code that a circuit keeps for arrays: of values, or with `slopes`."""

    def __init__(self, circuit: ReadCircuit, slopes: bool) -> None:
        self._circuit, self._slopes = circuit, slopes
        self._kept: dict[tuple[int, frozenset[str], frozenset[str]], OverArrays] = {}

    def at(self, point: Inputs | None, inputs: Inputs, rows: int | None = None) -> Found:
        """The value, and with slopes the gradient. There may be `rows` of which the circuit uses no column."""
        from circuitcli.rows.over_arrays import OverArrays, columns_of

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
        if rows is not None:
            shape = (rows,)
        key = (id(graph), frozenset(columns), frozenset(scalars))
        if key not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[key] = OverArrays(graph, list(columns), scalars, None, self._slopes)
        return self._kept[key].run(columns, scalars, shape)

    def in_kind(self, rows: Sequence[ArrayLike], point: Inputs | None, inputs: Inputs) -> tuple[Any, dict[str, Any]]:
        """The value, and with slopes the gradient, in the kind of the inputs that vary by row."""
        formed, found = rows_in_kind(rows), self.at(point, inputs)
        if isinstance(found.value, float):
            return found.value, found.gradient
        value = formed(found.value, self._circuit.graph.answer or VALUE)
        return value, {name: formed(slope, name) for name, slope in found.gradient.items()}
