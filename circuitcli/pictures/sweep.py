"""One or two inputs swept over a range, with the others fixed: values and gradients as arrays that can be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circuitcli.analysis.point import Point
from circuitcli.analysis.uncertainty import correlation
from circuitcli.errors import UsageError
from circuitcli.gates import over_rows
from circuitcli.graph import Graph
from circuitcli.pictures.points import Points
from circuitcli.pictures.sampling import sampled
from circuitcli.pictures.shown_numbers import BIGGEST
from circuitcli.rows.over_arrays import over_arrays
from circuitcli.wording import by_voice

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray

FINE = 200  # points along each side of a grid: its 199 intervals hit no round number between the ends


class Span(NamedTuple):
    """An input and its range."""

    name: str
    low: float
    high: float

    def points(self, count: int) -> FloatArray:
        """So many points at equal distances, with both ends."""
        return np.linspace(self.low, self.high, count)

    def cells(self, count: int) -> FloatArray:
        """The middles of so many equal parts."""
        edges = self.points(2 * count + 1)
        return edges[1::2]


class Spot(NamedTuple):
    """One point: its place along each span, and the value and the gradient there."""

    at: tuple[float, ...]
    value: float
    gradient: tuple[float, ...]


class Trail(NamedTuple):
    """The path of an ascent: its places along each span, and the values there."""

    at: tuple[FloatArray, ...]
    values: FloatArray


class Curve(NamedTuple):
    """The value and the slope along one span, nan being a gap; and the standard uncertainty of the value, where an
    input that is not swept has one."""

    span: Span
    xs: FloatArray
    values: FloatArray
    slopes: FloatArray
    points: int
    lost: int
    sigmas: FloatArray | None = None

    @property
    def band(self) -> tuple[FloatArray, FloatArray] | None:
        """The curve one standard uncertainty below and above."""
        return None if self.sigmas is None else (self.values - self.sigmas, self.values + self.sigmas)


class Curves(NamedTuple):
    """The curves of several results over one span, by the names of these."""

    of: dict[str, Curve]

    @property
    def span(self) -> Span:
        return next(iter(self.of.values())).span

    @property
    def values(self) -> FloatArray:
        """The values of all."""
        return np.concatenate([curve.values for curve in self.of.values()])

    @property
    def points(self) -> int:
        return sum(curve.points for curve in self.of.values())

    @property
    def lost(self) -> int:
        return sum(curve.lost for curve in self.of.values())


class Grid(NamedTuple):
    """The value over two spans and its slopes by both, with a row of the arrays for each point of the second. At `lost`
    of the `points` the value is not finite."""

    spans: tuple[Span, Span]
    values: FloatArray
    slopes: tuple[FloatArray, FloatArray]
    points: int
    lost: int


class Arrows(NamedTuple):
    """The gradient at points of two spans."""

    xs: FloatArray
    ys: FloatArray
    across: FloatArray
    up: FloatArray


class Uncertain(NamedTuple):
    """The standard uncertainties of inputs, and the covariances of those that depend on each other."""

    sigmas: Mapping[str, float]
    covariance: Mapping[tuple[str, str], float]


class Sweep:
    """A circuit with one or two inputs swept and the others `given`, perhaps with an uncertainty. Raises UsageError for
    aggregates, which would take the points of a sweep for rows."""

    def __init__(
        self, graph: Graph, given: Mapping[str, float], spans: Sequence[Span], uncertain: Uncertain | None = None
    ) -> None:
        for node in graph.nodes:
            if over_rows(node.gate, len(node.args)):
                raise UsageError(
                    f"{node.gate}(...) is over rows, and a plot sweeps inputs that are one number",
                    by_voice(
                        "plot what stands inside it; circuit grad over a data file has its value and gradient",
                        "plot what stands inside it; value_and_gradient(df) goes over rows",
                    ),
                )
        self.graph, self.spans = graph, tuple(spans)
        self.names = [span.name for span in spans]
        self._uncertain = uncertain or Uncertain({}, {})
        self.fixed = {name: x for name, x in given.items() if name in graph.inputs and name not in self.names}

    def curve(self) -> Curve:
        """The value and the slope along the one span."""
        (span,) = self.spans

        def both(xs: FloatArray) -> tuple[FloatArray, FloatArray]:
            value, gradient = self._over({span.name: xs})
            return value, gradient[span.name]

        found = sampled(both, span.low, span.high)
        return Curve(span, *found, self._sigmas(found.xs))

    def _sigmas(self, xs: FloatArray) -> FloatArray | None:
        """The standard uncertainty of the value at points of the one span, to first order; None where all is exact."""
        sigmas, covariance = self._uncertain
        names = [name for name in self.fixed if sigmas.get(name, 0.0) > 0.0]
        if not names:
            return None
        swept = {self.names[0]: xs}
        gradient = over_arrays(self.graph, {**self.fixed, **swept}, names).gradient
        moves = np.stack([np.broadcast_to(gradient[name], xs.shape) * sigmas[name] for name in names])
        related = [[correlation((a, b), sigmas, covariance) for b in names] for a in names]
        with np.errstate(invalid="ignore", over="ignore"):
            variance = np.einsum("ik,ij,jk->k", moves, np.array(related), moves)
            return np.sqrt(np.maximum(variance, 0.0))  # rounding

    def curves(self, results: Sequence[str]) -> Curves:
        """The curves of some results along the one span."""
        given = self.fixed
        return Curves({name: Sweep(self.graph.answering([name]), given, self.spans).curve() for name in results})

    def grid(self) -> Grid:
        """The value over the two spans."""
        across, up = self.spans
        places: Sequence[FloatArray] = np.meshgrid(across.points(FINE), up.points(FINE))
        values, gradient = self._over(dict(zip(self.names, places, strict=True)))
        slopes = gradient[across.name], gradient[up.name]
        return Grid((across, up), values, slopes, values.size, int(np.count_nonzero(~np.isfinite(values))))

    def arrows(self, across: int, up: int) -> Arrows:
        """The gradient in the middle of so many cells of the two spans."""
        xs: FloatArray
        ys: FloatArray
        xs, ys = np.meshgrid(self.spans[0].cells(across), self.spans[1].cells(up))
        _, gradient = self._over(dict(zip(self.names, (xs, ys), strict=True)))
        return Arrows(xs, ys, *(gradient[name] for name in self.names))

    def spot(self, given: Mapping[str, float]) -> Spot | None:
        """The point at the values of the swept inputs; None where an input has none or one beyond its span, or where
        the value of the circuit is not finite."""
        known = {**self.fixed, **given}
        if any(name not in known and name not in self.graph.defaults for name in self.names):
            return None
        point = Point(self.graph, known, self.names)
        at = tuple(point.inputs[name] for name in self.names)
        inside = all(span.low <= x <= span.high for span, x in zip(self.spans, at, strict=True))
        gradient = tuple(point.gradient.get(name, 0.0) for name in self.names)
        return Spot(at, point.value, gradient) if inside and np.isfinite(point.value) else None

    def at(self, xs: FloatArray) -> FloatArray:
        """The value at points of the one span."""
        return self._over({self.names[0]: xs})[0]

    def trail(self, steps: Mapping[str, Sequence[float]]) -> Trail:
        """The path through some steps, which have a number for each swept input."""
        at = tuple(np.asarray(steps[name], np.float64) for name in self.names)
        return Trail(at, self._over(dict(zip(self.names, at, strict=True)))[0])

    def _over(self, points: Mapping[str, FloatArray]) -> tuple[FloatArray, dict[str, FloatArray]]:
        found = over_arrays(self.graph, {**self.fixed, **points}, self.names)
        return found.value, found.gradient


class Plot(NamedTuple):
    """All that a picture of a sweep shows: its title, the fixed inputs, the name of the value, the numbers, the point
    that was given, and the paths of ascents; several results have their curves alone. A model has the points of data,
    perhaps with their residuals, and no gradient."""

    title: str
    fixed: str
    answer: str
    sweep: Sweep
    over: Curve | Curves | Grid
    spot: Spot | None = None
    trails: Sequence[Trail] = ()
    points: Points | None = None
    residuals: Points | None = None

    @property
    def downhill(self) -> bool:
        """Whether the paths go down, against the gradient: then so do the arrows."""
        return sum(float(trail.values[-1] - trail.values[0]) for trail in self.trails) < 0.0

    @property
    def mark(self) -> float | None:
        """The value at the given point, else at the end of the last path: the contour through it is drawn, too."""
        if self.spot is not None:
            return self.spot.value
        return float(self.trails[-1].values[-1]) if self.trails else None

    @property
    def arrows_name(self) -> str:
        """The words on the arrows."""
        return "minus gradient" if self.downhill else "gradient"

    def arrows(self, across: int, up: int) -> Arrows:
        """The arrows in the middle of so many cells of the two spans: of the gradient, or down where the paths go."""
        found = self.sweep.arrows(across, up)
        return found._replace(across=-found.across, up=-found.up) if self.downhill else found

    @property
    def words(self) -> str:
        """All texts of the picture."""
        up = self.points.up if self.points is not None else ""
        return "".join(self.sweep.names) + self.fixed + self.title + self.answer + up

    @property
    def empty(self) -> bool:
        """Whether there is no finite value."""
        return not np.isfinite(self.over.values).any()

    @property
    def blank(self) -> bool:
        """Whether there is no value to draw."""
        return not bool((np.abs(self.over.values) < BIGGEST).any())
