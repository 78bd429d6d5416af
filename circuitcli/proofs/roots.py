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
from circuitcli.proofs.boxes import Box, at, distances, halves, middle_of, simplest, together
from circuitcli.proofs.interval_newton import newton_step
from circuitcli.proofs.jets import Jet, Jets

SHRUNK = 0.7  # of the width: a Newton step that leaves less is followed by another
NARROWER, TOLD = 60, 1e-14  # halves of the bounds of a root, and the share of its size at which they are narrow
SMALL = 1e-9  # of the width of the domain: a part so small is not cut
GROWN, AROUND = 0.1, 1e-12  # of the width, and of the domain's, by which a part grows: a root at its edge is inside
ROUNDS = 30  # of looking at what is left of a box, before it is cut
NOUGHT = Interval(0.0, 0.0)


class Claim(Enum):
    """The things that may be proven of a root."""

    ONE = "exactly one"
    SOME = "at least one"
    ALL = "every point"
    PERHAPS = "perhaps"


class Doubt(Enum):
    """The reasons why no more is proven of a root."""

    TOUCHES = "both sides touch there, or nearly do, as at a double root"
    SEVERAL = "there may be several, or one where both sides touch"
    JUMPS = "it jumps there, has a pole, or is not defined all over"
    MORE = "there are more equations than unknowns, and bounds cannot tell that all hold exactly"
    UNSEEN = "the part was not looked at"


class Root(NamedTuple):
    """The bounds of a root, what is proven of it, and why not more. There is no other in the `region` around one that
    is alone."""

    box: Box
    claim: Claim
    region: Box
    doubt: Doubt | None = None


class Roots(NamedTuple):
    """The roots, in the order of their inputs; and whether the whole domain was looked at."""

    found: list[Root]
    boxes: int
    whole: bool
    interrupted: bool

    @property
    def proven(self) -> bool:
        """Whether these are all, and each is certain."""
        return self.whole and all(root.doubt is None for root in self.found)


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
        left = [self._claimed(box) for box in together([self._wider(box) for box in self._small])]
        left += [Root(box, Claim.ALL, box) for box in together(self._everywhere)]
        left += [Root(box, Claim.PERHAPS, box, Doubt.UNSEEN) for box in together(parts)]
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
        if all(jet.whole for jet in jets) and self._is_everywhere(box, jets):
            if any(x.lo < x.hi for x in box.values()):
                self._everywhere.append(box)
            elif not self._is_known(box):
                self._roots.append(Root(box, Claim.ONE, box))
            parts.pop()
            return
        once = self._once(box, jets)
        if once is not None and not self._is_possible(once[0]):
            parts.pop()  # the only one that there may be is none
            return
        root = None if once is None else self._root(*once)
        cut = [] if root is not None else self._cut(box, jets)
        if root is not None and not self._is_known(root.box):
            self._roots.append(root)
        elif root is None and not cut:
            self._small.append(box)
        parts[-1:] = cut

    def _is_everywhere(self, box: Box, jets: Sequence[Jet]) -> bool:
        """Whether all equations, which are whole in a box, hold all over it."""
        if all(jet.value == NOUGHT for jet in jets):
            return True
        level = all(slope == NOUGHT for jet in jets for slope in jet.slopes)
        return level and self._is_root({name: interval(x) for name, x in middle_of(box).items()})

    def _is_known(self, box: Box) -> bool:
        """Whether a root is known beside which there is none here."""
        return any(all(_inside(x, root.region[name]) for name, x in box.items()) for root in self._roots)

    def _left_of(self, box: Box) -> tuple[Box, list[Jet]] | None:
        """The part of a box in which there may be a root, and the jets over it; None where there is none."""
        for _ in range(ROUNDS):
            jets = [each.over(box) for each in self._system]
            if not all(jet.value.holds(0.0) for jet in jets):
                return None
            if not all(jet.whole for jet in jets):
                poles = any(math.isinf(jet.value.width) for jet in jets)
                return None if poles and any(each.is_apart(box) for each in self._system) else (box, jets)
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
                break
        return box, jets

    def _once(self, box: Box, jets: Sequence[Jet]) -> tuple[Box, Box] | None:
        """The bounds of the one root of the square part of the system in the box around a box, and that box; None where
        it is not certain that there is exactly one."""
        if not self._square or not all(jet.whole for jet in jets):
            return None
        around = {name: self._grown(name, x) for name, x in box.items()}
        over = [each.over(around) for each in self._square]
        if not all(jet.whole for jet in over):
            return None
        middle = middle_of(box)
        values = [each.value(at(middle)) for each in self._square]
        step = newton_step([jet.slopes for jet in over], values, distances(around, middle))
        if not step.once or step.distances is None:
            return None
        found = {}
        for (name, x), distance in zip(around.items(), step.distances, strict=True):
            there = x.meet(distance + interval(middle[name]))
            assert there is not None
            found[name] = there
        return found, around

    def _is_possible(self, found: Box) -> bool:
        """Whether a root there is in the domain, and one of all equations."""
        if any(x.meet(self._domain[name]) is None for name, x in found.items()):
            return False
        return all(each.value(found).holds(0.0) for each in self._system[len(self._square) :])

    def _root(self, found: Box, around: Box) -> Root | None:
        """The one root in the box around, with its bounds; None where it may lie beyond the domain, or where not all
        equations certainly hold."""
        found = self._narrowed(found)
        middle = {name: interval(x) for name, x in middle_of(found).items()}
        near = {name: interval(simplest(x)) for name, x in found.items()}
        edge = {name: self._edge(name, x) for name, x in found.items()}
        for exact in (near, middle, edge):
            if self._is_inside(exact) and self._is_root(exact):
                return Root(exact, Claim.ONE, around)
        certain = self._is_inside(found) and len(self._system) == len(found)
        return Root(found, Claim.ONE, around) if certain else None

    def _narrowed(self, box: Box) -> Box:
        """The bounds of the one root in a box, narrower: Newton's steps from here, or the half in which it is."""
        for _ in range(NARROWER):
            left = self._left_of(box)
            if left is None:
                return box
            wide = max(left[0], key=lambda name: left[0][name].width / max(self._domain[name].width, 1e-300))
            if left[0][wide].width <= TOLD * max(left[0][wide].size, self._domain[wide].width):
                return left[0]
            parts = [part for half in halves(left[0], wide) if (part := self._left_of(half)) is not None]
            if len(parts) != 1:
                return left[0]
            box = parts[0][0]
        return box

    def _is_inside(self, box: Box) -> bool:
        return all(_inside(x, self._domain[name]) for name, x in box.items())

    def _is_root(self, box: Box) -> bool:
        """Whether all is exactly 0 there."""
        found = [each.exactly(box) for each in self._system]
        return all(x == NOUGHT and not x.partial for x in found)

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

    def _claimed(self, box: Box) -> Root:
        """The claim on a small box, and why it is not more."""
        jets = [each.over(box) for each in self._system]
        ends = [{name: interval(x.lo) for name, x in box.items()}, {name: interval(x.hi) for name, x in box.items()}]
        near = {name: interval(simplest(x)) for name, x in box.items()}
        exact = next((point for point in (near, *ends) if self._is_root(point)), None)
        if exact is not None and self._is_bottom(exact, box):
            return Root(exact, Claim.ONE, box)
        if exact is not None or self._crosses(box, jets):
            return Root(box, Claim.SOME, box, Doubt.SEVERAL)
        if not all(jet.whole for jet in jets):
            return Root(box, Claim.PERHAPS, box, Doubt.JUMPS)
        more = len(self._system) > len(box)
        return Root(box, Claim.PERHAPS, box, Doubt.MORE if more else Doubt.TOUCHES)

    def _is_bottom(self, point: Box, box: Box) -> bool:
        """Whether a root of one equation of one unknown, at which it is level, is the lowest or highest point of a
        box in which it bends one way."""
        if len(self._system) > 1 or len(box) > 1:
            return False
        (each,) = self._system
        if not (each.is_level(point) and each.over(box).smooth):
            return False
        ((bend,),) = each.bends(box, [0])
        return bend.lo > 0.0 or bend.hi < 0.0

    def _crosses(self, box: Box, jets: Sequence[Jet]) -> bool:
        """Whether the sides of one equation of one unknown change places within a box."""
        if len(jets) > 1 or len(box) > 1 or not jets[0].whole:
            return False
        ((name, x),) = box.items()
        low, high = (self._system[0].exactly({name: interval(end)}) for end in (x.lo, x.hi))
        return (low.hi <= 0.0 <= high.lo) or (high.hi <= 0.0 <= low.lo)


def _inside(x: Interval, whole: Interval) -> bool:
    return whole.lo <= x.lo and x.hi <= whole.hi
