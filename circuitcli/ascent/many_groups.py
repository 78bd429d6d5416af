"""Least squares of many groups of rows at once: where each ends, and what a fit by itself asks of its rows there."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from circuitcli.ascent.many_searches import many_searches
from circuitcli.engine.protocol import Kernel
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.rows.aggregate_parts import Leaf, Sum
from circuitcli.rows.kernels import gather_programs, kernel_of
from circuitcli.rows.pass_programs import PassPrograms
from circuitcli.rows.plan import Plan
from circuitcli.rows.qr_triangle import Triangle
from circuitcli.rows.row_curvature import summed
from circuitcli.rows.rows_objective import Ahead
from circuitcli.rows.weights import Spread

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from circuitcli.rows.in_memory import Loaded

    Array: TypeAlias = NDArray[np.float64]
    Numbers: TypeAlias = NDArray[np.intp]

TOGETHER = 2**16  # rows of the groups that are searched at once
LONG = 2**12  # rows: a longer group takes longer than a step takes to say


def can_be_searched(plan: Plan) -> bool:
    """Whether groups can be searched at once: they are sums of squares, all that is gathered is added up, and nothing
    is rough."""
    from circuitcli.analysis.roughness import is_rough

    wanted = plan.wanted
    added_up = not plan.programs(wanted).rows.outputs and summed(plan.parts, wanted) is not None
    return bool(wanted) and added_up and plan.squares(wanted) is not None and not is_rough(plan.graph, wanted)


def ahead_of_each(plan: Plan, groups: Sequence[Loaded], start: Sequence[float], engine: str) -> Iterator[Ahead | None]:
    """For each group what is known of its fit ahead; None where it has to be made by itself."""
    passes = _Passes(plan, engine)
    waiting: list[Loaded] = []
    rows = 0
    for group in groups:
        rows += _width(group.rows)
        if waiting and rows > TOGETHER:
            yield from _together(passes, waiting, start)
            waiting, rows = [], _width(group.rows)
        waiting.append(group)
    yield from _together(passes, waiting, start)


def _width(rows: int) -> int:
    """The rows that a group of so many is filled up to with zeros. Its own size alone decides, and its numbers are the
    same whatever groups are beside it."""
    return 1 << (rows - 1).bit_length()


def _together(passes: _Passes, groups: Sequence[Loaded], start: Sequence[float]) -> list[Ahead | None]:
    """Search some groups: those of one width are searched at once."""
    found: list[Ahead | None] = [None] * len(groups)
    by_width: dict[int, list[int]] = {}
    for i, group in enumerate(groups):
        by_width.setdefault(_width(group.rows), []).append(i)
    for width, places in by_width.items():
        if width <= LONG:
            for i, ahead in zip(places, _ahead(passes, [groups[i] for i in places], width, start), strict=True):
                found[i] = ahead
    return found


@np.errstate(all="ignore")
def _ahead(passes: _Passes, groups: Sequence[Loaded], width: int, start: Sequence[float]) -> list[Ahead | None]:
    """Search groups of one width."""
    lanes = _Lanes(passes, groups, width)
    points = np.tile(np.array(start), (len(groups), 1))
    try:
        found = many_searches(lanes.triangles, points, lanes.sizes)
    except np.linalg.LinAlgError:  # the numbers of some group are beyond all decompositions
        return [None] * len(groups)
    first, last, spreads = lanes.leaves(points), lanes.leaves(found.x), lanes.spreads(points)
    sums = {what: lanes.sums(kernel, found.x) for what, kernel in passes.sums.items()}
    key, totals = array("d", start).tobytes(), (found.triangles[:, :, -1] ** 2).sum(axis=1)
    known: list[Ahead | None] = []
    for i, end in enumerate(found.x.tolist()):
        if not found.over[i] or first[i] is None or last[i] is None:
            known.append(None)
            continue
        there = array("d", end).tobytes()
        parts: dict[tuple[str, bytes], Any] = {("both", key): first[i], ("both", there): last[i]}
        parts["observed", key] = spreads[i]
        parts["squares", there] = Triangle(found.triangles[i])
        for what, total in sums.items():
            parts[what, there] = Sum(total[:, i])
        known.append(Ahead([*start], end, float(found.promise[i] / totals[i]), parts))
    return known


class _Passes:
    """The programs of all passes, in which the inputs that move are columns: each group has numbers of its own."""

    def __init__(self, plan: Plan, engine: str) -> None:
        self.plan, self.names, self._engine = plan, plan.wrt or [], engine or "arrays"
        programs = PassPrograms(plan, self.names, [*plan.used, *self.names])
        self.gathered = gather_programs(plan.parts, programs.columns, programs.wanted)
        self.residual = self._kernel(programs.residual())
        self.gather = self._kernel(self.gathered.sums)
        squares = programs.squares_found
        self.observed = self._kernel(programs.of_squares([squares.root, squares.observed]))
        self.sums = {what: self._kernel(getattr(programs, what)()) for what in ("floor", "noise", "curvature")}

    def _kernel(self, program: TracedProgram) -> Kernel:
        return kernel_of(program, self._engine)


class _Lanes:
    """Some groups, one behind the other, each to be filled up to a width."""

    def __init__(self, passes: _Passes, groups: Sequence[Loaded], width: int) -> None:
        self._passes, self._width = passes, width
        self.sizes: Numbers = np.array([group.rows for group in groups])
        self._columns = {name: np.concatenate([group.columns[name] for group in groups]) for name in passes.plan.used}
        self._firsts = np.cumsum(self.sizes) - self.sizes

    def triangles(self, points: Array, some: Numbers) -> Array:
        """The triangle of some groups, each at a point: slopes and, in the last column, residuals."""
        found = self._by_group(self._passes.residual, points, some)
        ordered = np.concatenate([found[1:], found[:1]]).transpose(1, 2, 0)
        fine = np.isfinite(ordered).all(axis=(1, 2))
        triangles: Array = np.linalg.qr(np.where(fine[:, None, None], ordered, 0.0), mode="r")
        triangles[~fine] = np.nan
        return triangles

    def sums(self, kernel: Kernel, points: Array) -> Array:
        """The sums of a program's outputs over each group: an array of outputs by groups."""
        total: Array = self._by_group(kernel, points, self._every).sum(axis=2)
        return total

    def leaves(self, points: Array) -> list[Leaf | None]:
        """The leaf of each group for the aggregates; None where something is not finite."""
        totals = self.sums(self._passes.gather, points)
        gathered = [(found.first, found.end) for found in self._passes.gathered.gathered]
        return [
            Leaf(size, 0, 0, tuple([Sum(total[first:end]) for first, end in gathered])) if fine else None
            for size, total, fine in zip(
                self.sizes.tolist(), totals.T, np.isfinite(totals).all(axis=0).tolist(), strict=True
            )
        ]

    def spreads(self, points: Array) -> list[Spread]:
        """The spread of what is observed in each group."""
        roots, numbers = self._by_group(self._passes.observed, points, self._every)
        return list(map(Spread.of, roots, numbers))

    @cached_property
    def _every(self) -> Numbers:
        return np.arange(len(self.sizes))

    def _by_group(self, kernel: Kernel, points: Array, some: Numbers) -> Array:
        """The outputs of a program: outputs by groups by rows, with zeros behind the rows of a group."""
        sizes = self.sizes[some]
        within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        columns = self._columns
        if len(some) < len(self.sizes):
            rows = np.repeat(self._firsts[some], sizes) + within
            columns = {name: column[rows] for name, column in columns.items()}
        moving: dict[str, Array] = {
            n: np.repeat(numbers, sizes) for n, numbers in zip(self._passes.names, points.T, strict=True)
        }
        found = np.empty((len(kernel.program.outputs), len(within)))
        kernel.rows({**columns, **moving}, self._passes.plan.scalars, list(found))
        width = max(self._width, len(self._passes.names) + 1)  # of a triangle at least
        filled = np.zeros((len(found), len(some) * width))
        filled[:, np.repeat(np.arange(len(some)) * width, sizes) + within] = found
        return filled.reshape(len(found), len(some), width)
