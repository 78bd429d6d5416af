"""A circuit over rows in lists: results for every row, and what the rows of a block give to each aggregate."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from circuitcli.engine.block_sums import BLOCK
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.number_list import NumberList
from circuitcli.engine.python_rows import Lists, PythonKernel, leaf_sum
from circuitcli.gate_facts import CO_MOMENTS, EXPONENTIALS, EXTREME, MOMENTS, ORDER, SUMS, OverRows
from circuitcli.rows.aggregate_parts import (
    CoMoments,
    Exponentials,
    Extreme,
    Leaf,
    Moments,
    Order,
    Statistic,
    Sum,
    Tree,
    facts_of,
)
from circuitcli.rows.nudged_rows import SEEN, Lost, nudged
from circuitcli.rows.plan import Plan
from circuitcli.rows.row_program import RowProgram
from circuitcli.rows.runs import Columns
from circuitcli.rows.told import Told
from circuitcli.tables.batch import Batch


class PlainRowByRow:
    """A circuit that gives each row the results that go out."""

    def __init__(self, plan: Plan, asked: RowProgram) -> None:
        self._plan, self._asked = plan, asked
        self._kernel = PythonKernel(asked.program, plan.scalars)

    def results(self, batch: Batch) -> tuple[Told, Mapping[str, Sequence[float]]]:
        """The notes on a batch, and its results by their names."""
        found, underflowed = self._kernel.rows(batch.columns, batch.size)
        told = _told(batch, found)
        if underflowed and self._asked.slopes:
            told = told.with_lost(batch, self._lost_rows.among(batch.columns, batch.size))
        return told, {name: found[place] for name, place in self._asked.places.items()}

    @cached_property
    def _lost_rows(self) -> _LostRows:
        return _LostRows(self._plan, self._asked.slopes)


def _told(batch: Batch, results: Sequence[Sequence[float]]) -> Told:
    """The notes on a batch and its results."""
    told, first = Told.of(batch), None
    ours = came = 0
    for i in _bad(results):
        if all(math.isfinite(column[i]) for column in batch.columns.values()):
            first = i if first is None else first
            ours += 1
        else:
            came += 1
    told = told._replace(nonfinite=ours, came_in=came)
    if first is None:
        return told
    values = {name: column[first] for name, column in batch.columns.items()}
    return told._replace(first_nonfinite=batch.where(first), first_values=values)


def _bad(results: Sequence[Sequence[float]]) -> list[int]:
    """The rows in which a result is not finite."""
    return sorted({i for out in results if not all(map(math.isfinite, out)) for i, x in enumerate(out) if x - x != 0.0})


class PlainGatherer:
    """Rows -> leaves."""

    def __init__(self, plan: Plan) -> None:
        self._plan, programs = plan, plan.programs(plan.moving)
        self._gathered = programs.gathered
        self._sums, self._rows = (PythonKernel(p, plan.scalars) for p in (programs.sums, programs.rows))
        self._slopes = [(a, found.slopes) for found in programs.gathered for a in found.arguments]

    def by_unit(self, batches: Iterator[tuple[object, Columns, int]]) -> Iterator[Leaf]:
        """The leaf of each unit, joined from blocks of one length, whatever the length of the batches."""
        tree, unit = Tree[Leaf](), object()
        rest: dict[str, list[float]] = {}
        count = 0
        for at, columns, size in batches:
            if at != unit:
                yield from self._ended(tree, rest, count)
                tree, unit, rest, count = Tree(), at, {name: [] for name in columns}, 0
            for name, column in columns.items():
                rest[name] += column
            count += size
            while count >= BLOCK:
                tree.add(self._leaf({name: column[:BLOCK] for name, column in rest.items()}, BLOCK))
                rest, count = {name: column[BLOCK:] for name, column in rest.items()}, count - BLOCK
        yield from self._ended(tree, rest, count)

    def _ended(self, tree: Tree[Leaf], rest: Lists, count: int) -> Iterator[Leaf]:
        """The leaf of a unit, if it has rows, with a last block that is shorter."""
        if count:
            tree.add(self._leaf(rest, count))
        if (whole := tree.joined()) is not None:
            yield whole

    def _leaf(self, columns: Lists, count: int) -> Leaf:
        """Gather at most one block of rows."""
        summed, left = self._sums.rows(columns, count)
        results, left_too = self._rows.rows(columns, count)
        parts = []
        for found in self._gathered:
            facts = facts_of(self._plan.graph.nodes[found.node].gate)
            outs = (summed if found.summed else results)[found.first : found.end]
            parts.append(_STATISTICS[facts.gathers](outs, facts))
        bad = _bad([*summed, *results])
        came = sum(not all(math.isfinite(column[i]) for column in columns.values()) for i in bad)
        underflowed = (left or left_too) and any(by for _, by in self._slopes)
        return Leaf(count, len(bad), came, tuple(parts), self._lost_rows.among(columns, count) if underflowed else None)

    @cached_property
    def _lost_rows(self) -> _LostRows:
        return _LostRows(self._plan, self._slopes)


def _sums(outs: Sequence[Sequence[float]]) -> NumberList:
    """The sum of each, as arrays add them."""
    return NumberList([NumberList(out).sum() for out in outs])


def _moments(outs: Sequence[Sequence[float]]) -> Moments:
    count, near, apart, rest = _apart(outs)
    return Moments(count, near, rest, NumberList([(a * apart[0]).sum() for a in apart]) - rest * (rest[0] * count))


def _apart(outs: Sequence[Sequence[float]]) -> tuple[float, NumberList, list[NumberList], NumberList]:
    """The count of rows, numbers near the means, the distances from these, and what they lack."""
    count = float(len(outs[0]))
    near = _sums(outs) / count
    apart = [NumberList(out) - m for out, m in zip(outs, near, strict=True)]
    return count, near, apart, NumberList([a.sum() for a in apart]) / count


def _co_moments(outs: Sequence[Sequence[float]]) -> CoMoments:
    count, near, apart, rest = _apart(outs)
    with_x, with_y = (NumberList([(a * apart[i]).sum() for a in apart]) - rest * (rest[i] * count) for i in (0, 1))
    return CoMoments(count, near, rest, with_x, with_y)


def _extreme(outs: Sequence[Sequence[float]], sign: float) -> Extreme:
    top = sign * FLOATS.max(*[sign * x for x in outs[0]])
    here = [i for i, x in enumerate(outs[0]) if x == top]
    first = outs[0][here[0]] if here else top  # of zeros of both signs
    return Extreme(first, float(len(here)), _sums([[out[i] for i in here] for out in outs[1:]]), sign)


def _exponentials(outs: Sequence[Sequence[float]]) -> Exponentials:
    top = FLOATS.max(*outs[0])
    finite = math.isfinite(top)
    weights = NumberList([FLOATS.exp(x - top) if finite else float(x == top) for x in outs[0]])
    return Exponentials(top, NumberList([weights.sum(), *[(NumberList(out) * weights).sum() for out in outs[1:]]]))


_STATISTICS: dict[str, Callable[[Sequence[Sequence[float]], OverRows], Statistic]] = {
    SUMS: lambda outs, facts: Sum(NumberList([leaf_sum(out) for out in outs])),
    MOMENTS: lambda outs, facts: _moments(outs),
    EXTREME: lambda outs, facts: _extreme(outs, facts.sign),
    EXPONENTIALS: lambda outs, facts: _exponentials(outs),
    ORDER: lambda outs, facts: Order(([[*out] for out in outs],)),
    CO_MOMENTS: lambda outs, facts: _co_moments(outs),
}


class _LostRows:
    """The derivatives of some nodes, each by nodes of its own, and how far they move."""

    def __init__(self, plan: Plan, asked: Sequence[tuple[int, Sequence[int]]]) -> None:
        programs = nudged(plan.graph, plan.used, asked)
        self._plain, self._nudged = (PythonKernel(program, plan.scalars) for program in programs)

    def among(self, columns: Lists, count: int) -> Lost:
        """Look at so many rows."""
        slopes, _ = self._plain.rows(columns, count)
        nudged_slopes, _ = self._nudged.rows(columns, count)
        moves = [
            [abs(b - a) for a, b in zip(plain, moved, strict=True)]
            for plain, moved in zip(slopes, nudged_slopes, strict=True)
        ]
        lost = [
            i
            for i in range(count)
            if any(move[i] > SEEN * abs(s[i]) and math.isfinite(s[i]) for s, move in zip(slopes, moves, strict=True))
        ]
        return Lost(len(lost), lost[0] if lost else 0, _sums(slopes), _sums(moves))
