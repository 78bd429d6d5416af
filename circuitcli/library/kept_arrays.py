"""Inputs that are arrays over rows, answered by plans that a circuit keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circuitcli.language import canonical
from circuitcli.read_circuit import Inputs, ReadCircuit, is_array, mapping

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from circuitcli.rows.over_arrays import Found, OverArrays

KEPT = 64  # sets of names that a circuit keeps plans for


def have_arrays(point: Inputs | None, inputs: Inputs) -> bool:
    """Whether an input is an array. Raises InputError where the inputs are no mapping."""
    strict = {*map(canonical, inputs)}
    loose = (x for name, x in mapping(point).items() if canonical(name) not in strict)
    return any(map(is_array, (*inputs.values(), *loose)))


class KeptArrays:
    """The plans and the code that a circuit keeps for arrays: of values, or with `slopes`."""

    def __init__(self, circuit: ReadCircuit, slopes: bool) -> None:
        self._circuit, self._slopes = circuit, slopes
        self._kept: dict[tuple[int, frozenset[str], frozenset[str]], OverArrays] = {}

    def at(self, point: Inputs | None, inputs: Inputs) -> Found:
        """The value, and with slopes the gradient."""
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
        columns, scalars, shape = columns_of({**given, **{n: a for n, a in arrays.items() if n in given}})
        key = (id(graph), frozenset(columns), frozenset(scalars))
        if key not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[key] = OverArrays(graph, list(columns), scalars, None, self._slopes)
        return self._kept[key].run(columns, scalars, shape)
