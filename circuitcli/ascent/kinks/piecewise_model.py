"""The function around a position, as its pieces tell it: a smooth part to second order, and the largest of the pieces
that meet near there.

A choice that works the other way, as of the smallest piece on the way down, is left at the piece that is chosen: where
two of them tie, each in turn.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.ascent.kinks.interior_point import Facets, Group, Least, Matrix, is_least, least
from circuitcli.ascent.kinks.newton_step import SHARES, newton_step
from circuitcli.ascent.problem import Position, Problem, Vector, dot
from circuitcli.ascent.trust_region import cholesky, lifted
from circuitcli.engine.floats import EPSILON, TINY

if TYPE_CHECKING:
    from circuitcli.analysis.forks import Fork, Weights

LIFT = 1e-10  # of the curvature that an input is measured by: what is as flat counts as flat, not as falling
LEAST = 1e-12  # cost of a step: as little is none
TIED = 4.0  # times the rounding of two pieces: as far apart they meet
MEET = 1e-2  # of a step: pieces that meet that near to its end are mixed there
TURNS = 3  # in which measures come to those of products, and the depth of a fall to an eighth of it
DEEP = 1e-3  # of the curvature that an input is measured by: the least depth of a fall that is looked for
STIFFER = (0.0, 1.0, 1e2, 1e4, 1e6)  # across the kinks, where the curvature along them is to tell


class Choice(NamedTuple):
    """A fork on the way down: the linear pieces to be mixed, and which of its pieces these are."""

    fork: Fork
    group: Group
    pieces: Sequence[int]
    tied: Sequence[int]  # of these

    def steepest(self, i: int, far: bool = False) -> float:
        """The largest slope by an input of the pieces that meet or are mixed: others are `far` off, however steep."""
        near = (j for j, k in enumerate(self.pieces) if far or j in self.tied or self.fork.mixed[k] > SHARES)
        return max((abs(self.group.slopes[j][i]) for j in near), default=0.0)


class PieceModel:
    """The model at a position: of minus what is climbed. Forks that are `fixed` stay at the pieces with weights."""

    def __init__(
        self, problem: Problem, here: Position, weights: Weights, sizes: Sequence[float], fixed: Collection[str] = ()
    ) -> None:
        forked = problem.objective.forked
        assert forked is not None
        self.nested = forked.nested
        self.problem, self.here, self.given, self.sizes = problem, here, weights, sizes
        noise = problem.objective.noise(here.x)
        # As little of an input is not told apart; less where it was larger on the way.
        self.apart = [
            max(EPSILON * abs(u), EPSILON**1.5 * size) for u, size in zip(here.x, sizes or here.x, strict=True)
        ]
        self.size = max(noise / EPSILON, abs(here.value))  # of the numbers that the value is made of
        slopes, forks = forked.at(here.x, weights)
        falling = [-problem.sign * g for g in slopes]
        self.choices, self.loose = list[Choice](), list[Choice]()
        for fork in forks:
            found = self._choice(fork)
            if found is not None:
                against = fork.key in fixed or -problem.sign * fork.sign * fork.weight < 0.0
                (self.loose if against else self.choices).append(found)
        live = {choice.fork.key: choice.fork.mixed for choice in self.choices}
        self.bend = [[-problem.sign * h for h in row] for row in forked.bend(here.x, live)]
        self.finite = all(map(math.isfinite, (*falling, *(sum(map(abs, row)) for row in self.bend))))
        self.choices, self.loose = [*map(self._with_ties, self.choices)], [*map(self._with_ties, self.loose)]
        self._measure(falling)
        self.noise = noise + sum(self._rounding(choice) for choice in self.choices if len(choice.tied) > 1)
        for apart, total, row in zip(self.apart, self.sums, self.bend, strict=True):
            self.noise += apart * (total + sum(abs(h) * other for h, other in zip(row, self.apart, strict=True)))
        self.stiff = self._stiff()

    def _choice(self, fork: Fork) -> Choice | None:
        """The pieces of a fork that are numbers, in the sense of what falls; None where they do not differ."""
        factor = -self.problem.sign * fork.weight
        usable = [
            j
            for j, slope in enumerate(fork.slopes)
            if all(map(math.isfinite, (factor * fork.values[j], *(factor * a for a in slope))))
        ]
        if len(usable) < 2 or factor == 0.0:
            return None
        best = max(usable, key=lambda j: fork.sign * fork.values[j])
        values = [-abs(factor * (fork.values[best] - fork.values[j])) for j in usable]
        slopes = [[factor * a for a in fork.slopes[j]] for j in usable]
        if all(slope == slopes[0] for slope in slopes):
            return None
        return Choice(fork, Group(values, slopes), usable, [])

    def _with_ties(self, choice: Choice) -> Choice:
        """A choice with the pieces that meet: neither they nor their inputs can be told apart."""
        values, slopes = choice.group
        best = values.index(0.0)
        tied = []
        for i, (value, slope) in enumerate(zip(values, slopes, strict=True)):
            errors = [abs(choice.fork.weight) * choice.fork.errors[choice.pieces[j]] for j in (best, i)]
            apart = [abs(a - b) for a, b in zip(slope, slopes[best], strict=True)]
            if -value <= TIED * (sum(errors) + dot(apart, self.apart)):
                tied.append(i)
        return choice._replace(tied=tied)

    def _rounding(self, choice: Choice) -> float:
        return abs(choice.fork.weight) * max(choice.fork.errors[choice.pieces[i]] for i in choice.tied)

    def _measure(self, rest: Vector) -> None:
        """Measure each input by the slopes and the curvature that the value has along it."""
        for choice in self.choices:
            for i, slope in zip(choice.pieces, choice.group.slopes, strict=True):
                w = choice.fork.mixed[i]
                rest = [u - w * a for u, a in zip(rest, slope, strict=True)]
        self.sums = [abs(u) + sum(choice.steepest(i) for choice in self.choices) for i, u in enumerate(rest)]
        self.size = self.size or dot(self.sums, [abs(size) for size in self.sizes or self.here.x])  # where it is 0 here
        self.size = self.size if self.size > TINY else 0.0  # what is divided by it stays within the floats
        sums = [u or sum(choice.steepest(i, True) for choice in self.choices) for i, u in enumerate(self.sums)]
        squares = [(u / self.size * u if self.size else 0.0) + abs(self.bend[i][i]) for i, u in enumerate(sums)]
        self.measures = _with_products([math.sqrt(u) if u < math.inf else 0.0 for u in squares], self.bend)
        m = self.measures
        count = range(len(m))
        self.flat = [u / v for u, v in zip(rest, m, strict=True)]
        self.curved = [[self.bend[i][j] / m[i] / m[j] for j in count] for i in count]
        self.groups = [
            Group(c.group.values, [[a / v for a, v in zip(slope, m, strict=True)] for slope in c.group.slopes])
            for c in self.choices
        ]
        bounds = self.problem.bounds
        self.low, self.high = (
            [(end - u) * v for end, u, v in zip(ends, self.here.x, m, strict=True)] for ends in bounds
        )

    def _stiff(self) -> Matrix | None:
        """The curvature, made stiffer across the kinks until no direction falls; None where one falls along them."""
        count = range(len(self.measures))
        across = [[0.0] * len(count) for _ in count]
        for choice, group in zip(self.choices, self.groups, strict=True):
            mixed = [choice.fork.mixed[j] for j in choice.pieces]
            if sum(w > SHARES for w in mixed) < 2:
                continue
            mean = [dot(mixed, column) for column in zip(*group.slopes)]  # noqa: B905
            for w, slope in zip(mixed, group.slopes, strict=True):
                own = [u - v for u, v in zip(slope, mean, strict=True)]
                for i in count:
                    for j in count:
                        across[i][j] += w * own[i] * own[j] / (self.size or 1.0)
        self.across = across
        for factor in STIFFER:
            matrix = [[self.curved[i][j] + factor * across[i][j] for j in count] for i in count]
            if cholesky(lifted(matrix, LIFT)):
                return matrix
        return None

    @property
    def meeting(self) -> list[Choice]:
        """The choices of which pieces meet."""
        return [choice for choice in (*self.choices, *self.loose) if len(choice.tied) > 1]

    @property
    def even(self) -> bool:
        """Whether the pieces that are mixed meet exactly."""
        return all(
            choice.group.values[i] == 0.0
            for choice in self.choices
            for i in choice.tied
            if choice.fork.key in self.given and choice.fork.mixed[choice.pieces[i]] > 0.0
        )

    def best(self, shift: float, groups: Sequence[Group] = ()) -> Least:
        """The best point where each input costs `shift` times half its square, in its measure; perhaps with other
        groups of pieces."""
        matrix = self.stiff
        if matrix is None:
            matrix, shift = self.curved, self._depth + shift
        found = self._least(matrix, shift, groups or self.groups)
        return found._replace(fall=-self.value(found.change))

    @cached_property
    def _depth(self) -> float:
        """About the least cost of steps at which no direction falls any more without end."""
        low, high = 0.0, DEEP
        while high < math.inf and not cholesky(lifted(self.curved, high)):
            low, high = high, 4.0 * high
        for _ in range(TURNS):
            middle = 0.5 * (low + high)
            low, high = (low, middle) if cholesky(lifted(self.curved, middle)) else (middle, high)
        return high

    def _least(self, matrix: Matrix, shift: float, groups: Sequence[Group]) -> Least:
        """The best point. Other pieces than the chosen ones join once it lies where they are larger: those that are far
        off cost nothing, and no digits."""
        chosen = [group.values.index(0.0) for group in groups]
        joined = {k for k, choice in enumerate(self.choices) if len(choice.tied) > 1}
        while True:
            slope = self.flat
            for k, (group, i) in enumerate(zip(groups, chosen, strict=True)):
                slope = slope if k in joined else [u + a for u, a in zip(slope, group.slopes[i], strict=True)]
            found = self._within(matrix, shift, slope, [group for k, group in enumerate(groups) if k in joined])
            further = {
                k
                for k, (group, i) in enumerate(zip(groups, chosen, strict=True))
                if k not in joined and group.at(found.change) > dot(group.slopes[i], found.change)
            }
            if not further:
                break
            joined |= further
        mixed = iter(found.weights)
        alone = ([float(i == j) for j in range(len(group.values))] for group, i in zip(groups, chosen, strict=True))
        weights = [next(mixed) if k in joined else weights for k, weights in enumerate(alone)]
        return found._replace(weights=weights)

    def _within(self, matrix: Matrix, shift: float, slope: Vector, groups: Sequence[Group]) -> Least:
        """The best point where all of these pieces may be the largest; it is looked for in a unit of the value, so that
        no square overflows."""
        unit = 2.0 ** (math.frexp(self.size)[1] // 2) if 0.0 < self.size < math.inf else 1.0
        square = unit * unit
        low, high, flat = ([u / unit for u in row] for row in (self.low, self.high, slope))
        groups = [Group([u / square for u in g.values], [[a / unit for a in row] for row in g.slopes]) for g in groups]
        facets = Facets(flat, groups, low, high, 1e-6 * self.noise / square)
        found = _searched(lifted(matrix, shift + LIFT), lifted(matrix, shift) if shift > LEAST else matrix, facets)
        if not found.sure:  # some cost of a step tells by which weights nothing falls, if there are such
            still = _searched(lifted(matrix, 1.0), matrix, facets, True)
            still = still._replace(change=[0.0] * len(flat), fall=0.0)
            found = still._replace(sure=True) if is_least(matrix, facets, still) else found
        return found._replace(change=[unit * u for u in found.change], fall=square * found.fall)

    def corrected(self, change: Vector) -> list[Group]:
        """The groups of pieces, each moved to its value where a change leads: kinks are curved (Fletcher 1982)."""
        forked = self.problem.objective.forked
        assert forked is not None
        there = forked.values(self.moved(change), [choice.fork.key for choice in self.choices])
        groups = []
        for choice, group in zip(self.choices, self.groups, strict=True):
            fork = choice.fork
            factor = -self.problem.sign * fork.weight
            moved = [factor * there[fork.key][j] for j in choice.pieces]
            values = [v - dot(slope, change) for v, slope in zip(moved, group.slopes, strict=True)]
            if not all(map(math.isfinite, values)):
                return self.groups
            groups.append(Group([v - max(values) for v in values], group.slopes))
        return groups

    def value(self, change: Vector) -> float:
        """The value of the model, without that cost."""
        smooth = dot(self.flat, change) + 0.5 * dot(change, [dot(row, change) for row in self.curved])
        return smooth + sum(group.at(change) for group in self.groups)

    def moved(self, change: Vector) -> Vector:
        """The point within the bounds to which a change leads."""
        return self.problem.inside([u + p / v for u, p, v in zip(self.here.x, change, self.measures, strict=True)])

    def mixed(self, found: Least) -> dict[str, list[float]]:
        """The weights of the pieces of each fork of which several meet where a step leads; of choices among choices
        surely there."""
        weights: dict[str, list[float]] = {}
        length = math.sqrt(dot(found.change, found.change)) if self.nested else math.inf
        for choice, group, shares in zip(self.choices, self.groups, found.weights, strict=True):
            tops = [a + dot(slope, found.change) for a, slope in zip(group.values, group.slopes, strict=True)]
            best = max(range(len(tops)), key=tops.__getitem__)
            row = [0.0] * len(choice.fork.values)
            for j, w, top, slope in zip(choice.pieces, shares, tops, group.slopes, strict=True):
                apart = [u - v for u, v in zip(slope, group.slopes[best], strict=True)]
                if w > SHARES and not tops[best] - top > MEET * length * math.sqrt(dot(apart, apart)):
                    row[j] = w
            if sum(w > 0.0 for w in row) > 1:
                weights[choice.fork.key] = [w / sum(row) for w in row]
        return weights


def _searched(raised: Matrix, bend: Matrix, facets: Facets, for_weights: bool = False) -> Least:
    """The best point, searched for where all directions are `raised`, and Newton's step from there."""
    try:
        near = least(raised, facets, for_weights)
    except (ZeroDivisionError, OverflowError):  # the sizes of the slopes do not go together in floats
        even = [[1.0 / len(group.values)] * len(group.values) for group in facets.groups]
        near = Least([0.0] * len(facets.slope), even, 0.0, False)
    least_fall = near._replace(fall=-math.inf) if for_weights else near
    steps = (newton_step(matrix, facets, least_fall) for matrix in (bend, raised))
    return next((step for step in steps if step is not None), near)


def _with_products(measures: Vector, bend: Matrix) -> Vector:
    """Measures of inputs that are as large as their products with others ask for: a factor that is 0 does not bend
    along itself, nor along another, and both together do."""
    for _ in range(TURNS):
        found = []
        for m, row in zip(measures, bend, strict=True):
            most = max((abs(h) / other for h, other in zip(row, measures, strict=True) if other > 0.0), default=0.0)
            found.append(math.sqrt(m * max(m, most)) or most)
        measures = found
    return [m or 1.0 for m in measures]
