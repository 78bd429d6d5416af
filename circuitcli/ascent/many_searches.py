"""Least squares of many fits at once: the trust region of `least_squares`, a step of every fit at a time.

A fit of few rows is over in less time than a step of it takes to be said in Python, so all fits take each step
together, in arrays whose first axis are the fits. None sees the others: its numbers are those that it would have alone.
The region is an ellipsoid by the columns of the Jacobian (Moré 1978, The Levenberg-Marquardt algorithm: implementation
and theory), and a step to its edge comes from the secular equation by Newton's method.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circuitcli.ascent.least_squares import LITTLE, POLISH, TIGHT

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]
    Flags: TypeAlias = NDArray[np.bool_]

LONGEST = 200  # evaluations: a fit that needs more is left to be made by itself
SECULAR = 10  # steps to the edge of the region, of which as many need not be exact
CLOSE = 0.01  # of the radius: a step that ends there ends at the edge
POOR, GOOD = 0.25, 0.75  # parts of the promised gain, by which the region shrinks and grows
EDGE = 0.95  # of the radius: a step as long was held by it
EPSILON = float(np.finfo(float).eps)

# Points and the numbers of the fits at which they are -> for each the triangle of slopes and, in its last column,
# residuals.
Triangles = Callable[["Array", "NDArray[np.intp]"], "Array"]


class Searched(NamedTuple):
    """The points at which many searches ended, the gain in the sum of squares that Gauss and Newton still promise
    there, the triangles there, and which of the searches are over. Another is to be made by itself."""

    x: Array
    promise: Array
    triangles: Array
    over: Flags


def many_searches(triangles: Triangles, start: Array, rows: NDArray[np.intp]) -> Searched:
    """Search from many starts, an array of fits by inputs; fit i has `rows[i]` rows. A number that is not finite ends
    the search of its fit alone; NumPy's warnings of it are the caller's to silence."""
    search = _Searches(triangles, start)
    search.run()
    return _polished(triangles, search, rows)


class _Searches:
    """The searches under way: where each stands, the triangle there, and its region."""

    def __init__(self, triangles: Triangles, start: Array) -> None:
        count, width = start.shape
        self._triangles = triangles
        self.x, every = start.copy(), np.arange(count)
        self.found = triangles(self.x, every)
        self.sound = np.isfinite(self.found).all(axis=(1, 2))
        self.found[~self.sound] = 0.0
        self.cost = _total(self.found)
        self._first = self.cost.copy()
        self._sizes = np.zeros((count, width))
        self._scaled(every)
        radius = _norm(start * self._sizes)
        self._radius = np.where(radius > 0.0, radius, 1.0)
        self._damping = np.zeros(count)

    def run(self) -> None:
        """Take steps until every search is over or given up."""
        going = np.flatnonzero(self.sound & (self.cost > 0.0))
        self.sound[self.cost == 0.0] = False  # a perfect fit is a matter of rounding
        for _ in range(LONGEST):
            if not len(going):
                return
            going = going[~self._step(going)]
        self.sound[going] = False

    def _step(self, some: NDArray[np.intp]) -> Flags:
        """Try a step of some searches, and return which of them are over."""
        jacobian, residuals = self.found[some, :, :-1] / self._sizes[some, None, :], self.found[some, :, -1]
        left, stretch, right = np.linalg.svd(jacobian, full_matrices=False)
        along = np.einsum("fij,fi->fj", left, residuals)
        radius = self._radius[some]
        inner, self._damping[some] = _within(stretch, along, radius, self._damping[some])
        step = -np.einsum("fji,fj->fi", right, inner)  # in the measure of the region
        promised = (along * stretch * inner).sum(axis=1) - 0.5 * _total_of(stretch * inner)
        length = _norm(step)
        change = step / self._sizes[some]
        there = self.x[some] + change
        found = self._triangles(there, some)
        fine = np.isfinite(found).all(axis=(1, 2))
        found[~fine] = 0.0
        cost = np.where(fine, _total(found), np.inf)
        gain = 0.5 * (self.cost[some] - cost)
        part = np.where(promised > 0.0, gain / promised, np.where((promised == 0.0) & (gain == 0.0), 1.0, 0.0))
        grown = np.where((part > GOOD) & (length > EDGE * radius), 2.0 * radius, radius)
        self._radius[some] = np.where(fine & (part >= POOR), grown, POOR * length)
        self._damping[some] *= np.where(fine, radius / self._radius[some], 1.0)
        over: Flags = fine & (gain < TIGHT * 0.5 * self.cost[some]) & (part > POOR)
        over |= _norm(change) < TIGHT * (TIGHT + _norm(self.x[some]))
        better = gain > 0.0
        moved = some[better]
        self.x[moved], self.found[moved], self.cost[moved] = there[better], found[better], cost[better]
        self._scaled(moved)
        small = self.cost[some] <= LITTLE * LITTLE * self._first[some]  # all may be 0 but for rounding
        self.sound[some[small]] = False
        return over | small | (self._radius[some] == 0.0)

    def _scaled(self, some: NDArray[np.intp]) -> None:
        """Let the measure of the region grow with the columns of the Jacobian."""
        sizes = np.maximum(self._sizes[some], _norm(self.found[some, :, :-1].swapaxes(1, 2)))
        self._sizes[some] = np.where(sizes > 0.0, sizes, 1.0)


def _within(stretch: Array, along: Array, radius: Array, before: Array) -> tuple[Array, Array]:
    """The shortening of steps, by the singular directions, that keeps them within the region, and its damping: 0 where
    the whole step is inside."""
    force = stretch * along
    full = stretch[:, -1] > EPSILON * stretch.shape[1] * stretch[:, 0]
    whole = along / stretch
    inside = full & (_norm(whole) <= radius)
    high = _norm(force) / radius
    low = np.where(full, -np.divide(*_secular(np.zeros_like(radius), force, stretch, radius)), 0.0)
    damping, settled = before, inside
    for _ in range(SECULAR):
        outside = (damping < low) | (damping > high) | ((damping == 0.0) & ~full)
        damping = np.where(outside & ~settled, np.maximum(1e-3 * high, np.sqrt(low * high)), damping)
        apart, slope = _secular(damping, force, stretch, radius)
        high = np.where(apart < 0.0, damping, high)
        further = apart / slope
        low = np.maximum(low, damping - further)
        damping = np.where(settled, damping, damping - (apart + radius) * further / radius)
        settled = settled | (np.abs(apart) < CLOSE * radius)
        if settled.all():
            break
    held = force / (stretch * stretch + damping[:, None])
    held *= (radius / _norm(held))[:, None]
    return np.where(inside[:, None], whole, held), np.where(inside, 0.0, damping)


def _secular(damping: Array, force: Array, stretch: Array, radius: Array) -> tuple[Array, Array]:
    """The distance from the edge at which the damped step ends, and its slope by the damping."""
    damped = stretch * stretch + damping[:, None]
    length = _norm(force / damped)
    return length - radius, -(force * force / (damped * damped * damped)).sum(axis=1) / length


def _polished(triangles: Triangles, search: _Searches, rows: NDArray[np.intp]) -> Searched:
    """Take Gauss and Newton's steps for as long as each promises less than the one before."""
    x, found, sound = search.x, search.found, search.sound
    step, promise = np.zeros_like(x), np.full(len(x), np.inf)
    some = np.flatnonzero(sound)
    step[some], promise[some] = _newton(found[some], rows[some])
    for _ in range(POLISH):
        if not len(some):
            break
        there = x[some] + step[some]
        new = triangles(there, some)
        fine = np.isfinite(new).all(axis=(1, 2))
        new[~fine] = 0.0
        further, less = _newton(new, rows[some])
        better = fine & (less < promise[some])
        some, there, new = some[better], there[better], new[better]
        x[some], found[some], step[some], promise[some] = there, new, further[better], less[better]
    sound[some] = False
    return Searched(x, promise, found, sound & np.isfinite(promise))


def _newton(found: Array, rows: NDArray[np.intp]) -> tuple[Array, Array]:
    """The steps of Gauss and Newton, and the gain that they promise."""
    jacobian, residuals = found[:, :, :-1], found[:, :, -1]
    size = _norm(jacobian.swapaxes(1, 2))
    size = np.where(size > 0.0, size, 1.0)
    left, stretch, right = np.linalg.svd(jacobian / size[:, None, :], full_matrices=False)
    along = np.einsum("fij,fi->fj", left, residuals)
    told = stretch > (rows * EPSILON)[:, None] * stretch[:, :1]  # the rank is that of all rows
    step = -np.einsum("fji,fj->fi", right, np.where(told, along / stretch, 0.0)) / size
    return step, _total_of(np.einsum("fij,fj->fi", jacobian, step))


def _norm(vectors: Array) -> Array:
    """The lengths along the last axis."""
    found: Array = np.sqrt(_total_of(vectors))
    return found


def _total_of(vectors: Array) -> Array:
    """The sums of squares along the last axis."""
    found: Array = (vectors * vectors).sum(axis=-1)
    return found


def _total(found: Array) -> Array:
    """The sums of squared residuals of triangles."""
    return _total_of(found[:, :, -1])
