"""A circuit as a function of a vector, as SciPy wants one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from circuitcli.analysis.point import Point
from circuitcli.errors import InputError
from circuitcli.family_arguments import elements_of
from circuitcli.language import canonical
from circuitcli.read_circuit import ReadCircuit

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Objective = Callable[[Sequence[float]], tuple[float, list[float]]]


def objective(circuit: ReadCircuit, names: Sequence[str], fixed: Mapping[str, ArrayLike]) -> Objective:
    """The value and the list of derivatives as a function of the vector of the inputs `names`."""
    names = elements_of(names, circuit.families)
    fixed = circuit.spread(None, fixed)[1]
    left_out = [name for name in circuit.graph.inputs if name not in (*names, *map(canonical, fixed))]
    left_out = [name for name in left_out if name not in circuit.graph.defaults]
    if left_out or len(set(names)) < len(names):
        what = f"nothing says what {', '.join(left_out)} is" if left_out else "a name stands twice in the vector"
        raise InputError(what, "each input is one of the names, or is fixed: objective(['x', 'y'], z=-4)")
    from circuitcli.analysis.hot_points import HotPoints

    graph, given = circuit.bind(None, {**dict.fromkeys(names, 0.0), **fixed})
    hot = HotPoints(graph, names, given, names, listed=True)

    def value_and_gradient(vector: Sequence[float]) -> tuple[float, list[float]]:
        if len(vector) != len(names):
            raise InputError(f"{len(names)} numbers are wanted, not {len(vector)}: {', '.join(names)}")
        xs = [*map(float, vector)]
        if (found := hot.at(xs)) is not None:
            answer: tuple[float, list[float]] = found
            return answer
        at = Point(graph, {**given, **dict(zip(names, xs, strict=True))}, names)
        gradient = at.gradient
        return at.value, [gradient[name] for name in names]

    return value_and_gradient
