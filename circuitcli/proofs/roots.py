"""All roots of a system in a box, each with what is proven of it (Neumaier 1990, chapter 5).

A part is left out where an equation cannot hold. Newton's interval step narrows the others; where its image lies within
the part, there is exactly one root in it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple

from circuitcli.engine.interval import Interval, interval
from circuitcli.proofs.boxes import Box, at, distances, halves, middle_of, together
from circuitcli.proofs.interval_newton import newton_step
from circuitcli.proofs.jets import Jet, Jets

SHRUNK = 0.7  # of the width: a Newton step that leaves less is followed by another
SMALL = 1e-9  # of the width of the domain: a part so small is not cut
GROWN, AROUND = (
    0.1,
    1e-12,
)  # of the width, and of the domain's: by so much a part grows, so that a root at its edge is inside


class Claim(Enum):
    """The things that may be proven of a root."""

    ONE = "exactly one"
    SOME = "at least one"
    ALL = "every point"
    PERHAPS = "perhaps"


class Root(NamedTuple):
    """The bounds of a root, and what is proven of it. There is no other in the `region` around one that is alone."""

    box: Box
    claim: Claim
    region: Box


class Roots(NamedTuple):
    """The roots, in the order of their inputs; and whether the whole domain was looked at."""

    found: list[Root]
    boxes: int
    whole: bool
    interrupted: bool

    @property
    def proven(self) -> bool:
        """Whether these are all, and each is certain."""
        return self.whole and all(root.claim is Claim.ONE for root in self.found)


class Hunt:
    """The search for all roots of a system within a `domain`. `watch` is shown the number of boxes; the `deadline` is
    one of the monotonic clock."""

    def __init__(
        self,
        system: Sequence[Jets],
        domain: Box,
        watch: Callable[[int], None] = lambda boxes: None,
        deadline: float = math.inf,
    ) -> None:
        self._system, self._domain, self._watch, self._deadline = system, domain, watch, deadline
        self._square = system[: len(domain)] if len(system) >= len(domain) else []  # whose steps narrow
        self._boxes = 0
        self._roots: list[Root] = []
        self._small: list[Box] = []
        self._everywhere: list[Box] = []  # where all points are roots

    def run(self, most: int) -> Roots:
        """Search in so many boxes at the most."""
        parts, interrupted = [self._domain], False
        try:
            while parts and self._boxes < most and time.monotonic() < self._deadline:
                self._look_at(parts)
        except KeyboardInterrupt:
            interrupted = True
        left = [Root(box, self._claim(box), box) for box in together([self._wider(box) for box in self._small])]
        left += [Root(box, Claim.ALL, box) for box in together(self._everywhere)]
        left += [Root(box, Claim.PERHAPS, box) for box in together(parts)]
        found = sorted([*self._roots, *left], key=lambda root: [x.lo for x in root.box.values()])
        return Roots(found, self._boxes, not parts, interrupted)

    def _look_at(self, parts: list[Box]) -> None:
        """Look at the last part, and put what is left of it in its place."""
        self._boxes += 1
        self._watch(self._boxes)
        box = parts[-1]
        left = None if self._is_known(box) else self._left_of(box)
        if left is None:
            parts.pop()
            return
        box, jets = left
        if all(jet.whole and jet.value == Interval(0.0, 0.0) for jet in jets):
            self._everywhere.append(box)
            parts.pop()
            return
        root = self._root(box, jets)
        cut = [] if root is not None else self._cut(box, jets)
        if root is not None and root.claim is Claim.ONE and not self._is_known(root.box):
            self._roots.append(root)
        elif root is None and not cut:
            self._small.append(box)
        parts[-1:] = cut

    def _is_known(self, box: Box) -> bool:
        """Whether a root is known beside which there is none here."""
        return any(all(_inside(x, root.region[name]) for name, x in box.items()) for root in self._roots)

    def _left_of(self, box: Box) -> tuple[Box, list[Jet]] | None:
        """The part of a box in which there may be a root, and the jets over it; None where there is none."""
        while True:
            jets = [each.over(box) for each in self._system]
            if not all(jet.value.holds(0.0) for jet in jets):
                return None
            if not all(jet.whole for jet in jets):
                return box, jets
            middle = middle_of(box)
            values = [each.value(at(middle)) for each in self._system]
            away = distances(box, middle)
            if not all(jet.from_a_point(value, away).holds(0.0) for jet, value in zip(jets, values, strict=True)):
                return None
            if not self._square:
                return box, jets
            count = len(box)
            step = newton_step([jet.slopes for jet in jets[:count]], values[:count], away)
            if step.distances is None:
                return None
            narrower = {}
            for (name, x), distance in zip(box.items(), step.distances, strict=True):
                there = x.meet(distance + interval(middle[name]))
                if there is None:
                    return None
                narrower[name] = there
            shrunk = any(narrower[name].width < SHRUNK * x.width for name, x in box.items())
            box = narrower
            if not shrunk:
                return box, jets

    def _root(self, box: Box, jets: Sequence[Jet]) -> Root | None:
        """The root in a box, where the box around it has exactly one; a root beyond the domain is none at all."""
        if len(self._system) != len(box) or not all(jet.whole for jet in jets):
            return None
        around = {name: self._grown(name, x) for name, x in box.items()}
        over = [each.over(around) for each in self._system]
        if not all(jet.whole for jet in over):
            return None
        middle = middle_of(box)
        values = [each.value(at(middle)) for each in self._system]
        step = newton_step([jet.slopes for jet in over], values, distances(around, middle))
        if not step.once or step.distances is None:
            return None
        found = {}
        for (name, x), distance in zip(around.items(), step.distances, strict=True):
            there = x.meet(distance + interval(middle[name]))
            assert there is not None
            found[name] = there
        if any(x.meet(self._domain[name]) is None for name, x in found.items()):
            return Root(found, Claim.PERHAPS, around)  # it lies beyond
        exact = {name: interval(x) for name, x in middle_of(found).items()}
        if self._is_root(exact) and all(_inside(x, self._domain[name]) for name, x in exact.items()):
            return Root(exact, Claim.ONE, around)
        if all(_inside(x, self._domain[name]) for name, x in found.items()):
            return Root(found, Claim.ONE, around)
        edge = {name: self._edge(name, x) for name, x in found.items()}
        return Root(edge, Claim.ONE, around) if self._is_root(edge) else None

    def _is_root(self, box: Box) -> bool:
        """Whether all is exactly 0 there."""
        return all(each.exactly(box) == Interval(0.0, 0.0) for each in self._system)

    def _edge(self, name: str, x: Interval) -> Interval:
        """The end of the domain that bounds reach beyond."""
        whole = self._domain[name]
        return x if _inside(x, whole) else interval(whole.lo if x.lo < whole.lo else whole.hi)

    def _grown(self, name: str, x: Interval) -> Interval:
        more = GROWN * x.width + AROUND * max(self._domain[name].width, x.size)
        return Interval(x.lo - more, x.hi + more)

    def _wider(self, box: Box) -> Box:
        """A small box and what is next to it, where another may be that belongs to it."""
        wide = {name: SMALL * self._domain[name].width for name in box}
        ends = {name: Interval(x.lo - wide[name], x.hi + wide[name]) for name, x in box.items()}
        return {name: x.meet(self._domain[name]) or box[name] for name, x in ends.items()}

    def _cut(self, box: Box, jets: Sequence[Jet]) -> list[Box]:
        """The halves across the input that moves the system most; none of a small box."""
        if all(x.width <= SMALL * self._domain[name].width for name, x in box.items()):
            return []
        reach = {
            name: (sum(jet.slopes[i].size for jet in jets) * x.width, x.width)
            for i, (name, x) in enumerate(box.items())
            if x.width > SMALL * self._domain[name].width
        }
        names = sorted(reach, key=lambda name: reach[name], reverse=True)
        return next(filter(None, (halves(box, name) for name in names)), [])

    def _claim(self, box: Box) -> Claim:
        """The claim on a small box: of one equation whose sides change places within it there is a root."""
        if len(self._system) > 1 or len(box) > 1:
            return Claim.PERHAPS
        (each,) = self._system
        ((name, x),) = box.items()
        low, high = (each.exactly({name: interval(end)}) for end in (x.lo, x.hi))
        if not each.over(box).whole:
            return Claim.PERHAPS
        opposite = (low.hi <= 0.0 <= high.lo) or (high.hi <= 0.0 <= low.lo)
        return Claim.SOME if opposite else Claim.PERHAPS


def _inside(x: Interval, whole: Interval) -> bool:
    return whole.lo <= x.lo and x.hi <= whole.hi
