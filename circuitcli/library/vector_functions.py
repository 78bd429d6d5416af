"""A circuit as functions of a vector, as SciPy wants them: an objective, or the residuals of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from circuitcli.analysis.point import Point, no_input
from circuitcli.constants import CONSTANTS
from circuitcli.errors import InputError, UsageError
from circuitcli.extras import refuse_no_arrays
from circuitcli.language import canonical
from circuitcli.library.asked_names import nodes_named
from circuitcli.read_circuit import Inputs, ReadCircuit, is_array
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circuitcli.rows.over_arrays import Found, OverArrays


class Objective(Protocol):
    """A function of a vector that returns the value and the derivatives."""

    def __call__(self, vector: Sequence[float], /) -> tuple[float, Any]:
        """The value and the derivatives."""


def objective(circuit: ReadCircuit, names: Sequence[str], data: object, fixed: Inputs) -> Objective:
    """The value and the derivatives as a function of the vector of the inputs `names`: over rows, where there are some,
    the derivatives are an array, else a list."""
    names = _vector_of(circuit, names)
    fixed = circuit.spread(None, fixed)[1]
    if data is not None or any(map(is_array, fixed.values())):
        return ObjectiveOverRows(circuit, names, data, fixed)
    return ObjectiveAtPoint(circuit, names, fixed)


class ObjectiveAtPoint:
    """The value and the derivatives at a point. A copy is made ready anew."""

    def __init__(self, circuit: ReadCircuit, names: Sequence[str], fixed: Inputs) -> None:
        from circuitcli.analysis.hot_points import HotPoints

        left_out = [name for name in circuit.graph.inputs if name not in (*names, *map(canonical, fixed))]
        if left_out := [name for name in left_out if name not in circuit.graph.defaults]:
            hint = f"put it into the vector, {[*names, *left_out]!r}, or fix it: {left_out[0]}=1"
            raise InputError(f"nothing says what {some_of(left_out)} is", hint)
        self._made_of = circuit, names, fixed
        self._names = names
        self._graph, self._given = circuit.bind(None, {**dict.fromkeys(names, 0.0), **fixed})
        self._hot = HotPoints(self._graph, names, self._given, names, listed=True)

    def __reduce__(self) -> tuple[type[ObjectiveAtPoint], tuple[ReadCircuit, Sequence[str], Inputs]]:
        return ObjectiveAtPoint, self._made_of

    def __call__(self, vector: Sequence[float], /) -> tuple[float, list[float]]:
        """The value, and a derivative for each name."""
        names = self._names
        _refuse_length(names, vector)
        xs = [*map(float, vector)]
        if (found := self._hot.at(xs)) is not None:
            answer: tuple[float, list[float]] = found
            return answer
        at = Point(self._graph, {**self._given, **dict(zip(names, xs, strict=True))}, names)
        gradient = at.gradient
        return at.value, [gradient[name] for name in names]


class ObjectiveOverRows:
    """The value and the derivatives over rows, which the circuit gathers to one number."""

    def __init__(self, circuit: ReadCircuit, names: Sequence[str], data: object, fixed: Inputs) -> None:
        self._names, self._rows = names, Rows(circuit, names, data, fixed)
        if self._rows.over.plan.by_row:
            hint = "gather the rows, as sum((y - f)^2) does; residuals(...) has a value for each"
            raise UsageError("this gives one value per row, and an objective is one number", hint)

    def __call__(self, vector: Sequence[float], /) -> tuple[float, NDArray[Any]]:
        """The value, and an array with a derivative for each name."""
        import numpy as np

        found = self._rows.at(vector)
        return float(found.value), np.array([found.gradient[name] for name in self._names], np.float64)


class Residuals:
    """The values of a circuit over rows, as a function of a vector; `jac` has their derivatives by it, a row each. The
    last point is kept: the two cost one pass."""

    def __init__(self, circuit: ReadCircuit, names: Sequence[str], data: object, fixed: Inputs) -> None:
        self.names = _vector_of(circuit, names)
        self._rows = Rows(circuit, self.names, data, circuit.spread(None, fixed)[1])
        self._last: tuple[list[float], Found] | None = None
        if not self._rows.over.plan.by_row:
            hint = "objective(...) is for one number; residuals are without the sum and the square: y - f"
            raise UsageError("this gives one number for all rows, and residuals are one per row", hint)

    def __call__(self, vector: Sequence[float]) -> NDArray[Any]:
        """The residual of each row."""
        values: NDArray[Any] = self._at(vector).value
        return values

    def jac(self, vector: Sequence[float]) -> NDArray[Any]:
        """The derivatives: a row for each row of the data, a column for each name."""
        import numpy as np

        gradient = self._at(vector).gradient
        return np.column_stack([gradient[name] for name in self.names])

    def _at(self, vector: Sequence[float]) -> Found:
        xs = [*map(float, vector)]
        last = self._last
        if last is None or last[0] != xs:
            last = self._last = xs, self._rows.at(xs)
        return last[1]


class Rows:
    """Rows at hand, over which a circuit is a function of a vector."""

    def __init__(self, circuit: ReadCircuit, names: Sequence[str], data: object, fixed: Inputs) -> None:
        refuse_no_arrays()
        from circuitcli.library.table_columns import beside, columns, refuse_columns, rows_of
        from circuitcli.library.table_kinds import table_given
        from circuitcli.rows.over_arrays import ARRAYS, OverArrays, columns_of

        self._names = names
        if double := [name for name in map(canonical, fixed) if name in names]:
            raise InputError(f"{double[0]} is in the vector, and it is fixed", f"leave out {double[0]}=...")
        table = table_given(data) if data is not None else None
        if table is not None:
            refuse_columns(table, names, "the vector")
        own = {canonical(name): rows_of(name, x) for name, x in fixed.items() if is_array(x)}
        if table is not None:
            own |= columns(circuit, table, {**dict.fromkeys(names, 0.0), **fixed})
        numbers = {name: x for name, x in fixed.items() if not is_array(x)}
        graph, given = circuit.bind(None, {**dict.fromkeys((*names, *own), 0.0), **numbers})
        self._columns, scalars, self._shape = columns_of({**given, **own})
        shown, others = ARRAYS, list[str]()
        if table is not None:
            self._shape, shown, others = (table.rows,), table.shown, beside(graph, table)
        self.over: OverArrays = OverArrays(graph, [*self._columns, *others], scalars, list(names), shown=shown)

    def at(self, vector: Sequence[float]) -> Found:
        """The value, and the derivatives by the vector."""
        _refuse_length(self._names, vector)
        return self.over.run(self._columns, dict(zip(self._names, map(float, vector), strict=True)), self._shape)


def _vector_of(circuit: ReadCircuit, names: Sequence[str]) -> list[str]:
    """The names of a vector, with its elements for a family. Raises InputError where one stands twice."""
    found = nodes_named(circuit, names, "the vector")
    for name in found:
        if name not in circuit.graph.inputs and name not in CONSTANTS:
            raise no_input(name, circuit.graph.inputs, circuit.shown)
    if double := [name for name in found if found.count(name) > 1]:
        raise InputError(f"{double[0]} stands twice in the vector", f"name it once: {list(dict.fromkeys(found))!r}")
    return found


def _refuse_length(names: Sequence[str], vector: Sequence[float]) -> None:
    if len(vector) != len(names):
        raise InputError(f"{len(names)} numbers are wanted, not {len(vector)}: {', '.join(names)}")
