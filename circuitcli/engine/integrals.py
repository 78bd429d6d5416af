"""Integrals between two ends, by the substitutions after which all of the integrand is in the middle: tanh-sinh, and
exp-sinh for an end that is infinite (Takahasi & Mori 1974).

The step is halved until two sums agree; where they do not, as across a kink, each half is integrated alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from circuitcli.engine import range_flags

FIRST, EXTRA = 3, 3  # halvings of the step before two sums are compared, and after that for floats
MOST = 300_000  # values of the integrand
CALM = 4  # terms in a row that add nothing: so will those behind them
DEPTH = 100
LOST = 0.7  # of the size of a range: its parts have not seen the rest
HIGHER = 2.0  # times the highest node: a peak that the nodes have not seen

Size = Callable[[float], float]


class _Found(NamedTuple):
    """A sum, that of the sizes, and whether it is as good as it can be."""

    total: Any
    size: Any
    good: bool


def integral(m: Any, f: Callable[[Any], Any], first: Any, last: Any, sized: Callable[[], Size]) -> Any:
    """The integral of `f` from one number to another; nan where the sums do not come to agree. `sized` makes the
    logarithm of the size of `f`, in numbers of any exponent."""
    first, last, nan = m.number(first), m.number(last), m.constant("nan")
    if first != first or last != last:
        return nan
    if first == last:
        return m.number(0.0)
    if last < first:
        return -integral(m, f, last, first, sized)
    counted = _Counted(m, f)
    range_flags.clear()
    found = _over(counted, [(first, last)])
    if not (places := _unseen(counted, float(first), float(last), sized)):
        return found
    return _over(_Counted(m, f), [*pairwise([first, *map(m.number, places), last])])


def _unseen(counted: _Counted, low: float, high: float, sized: Callable[[], Size]) -> list[float]:
    """The places of peaks that are higher than all nodes that were seen, or that the parts of a range have missed:
    beside the highest node; or anywhere, where this is 0 in floats."""
    from circuitcli.engine import hidden_peaks

    m, top = counted.m, max((height for height, _ in counted.seen), default=0.0)
    if m.digits == 17 and top:
        beside = hidden_peaks.beside(counted.f, counted.seen)
        return [x for x, height in beside if height < math.inf and (counted.lost or top * HIGHER < height)]
    if m.digits == 17 and not range_flags.raised():
        return []
    size = sized()
    seen = float(m.log(top)) if top else -math.inf
    places = hidden_peaks.peaks(size, low, high)
    return places if counted.lost or any(size(x) > seen + math.log(HIGHER) for x in places) else []


def _over(counted: _Counted, ranges: list[tuple[Any, Any]]) -> Any:
    """The integral over some ranges, which are halved as often as it takes."""
    m = counted.m
    waiting, whole, done = [(low, high, 0) for low, high in reversed(ranges)], None, list[_Found]()
    while waiting:
        low, high, depth = waiting.pop()
        if low == -math.inf and high == math.inf:
            waiting += [(low, m.number(0.0), depth), (m.number(0.0), high, depth)]
            continue
        found = counted.over(low, high, whole)
        whole = found.size if whole is None or whole < found.size < math.inf else whole
        if found.good:
            done.append(found)
            continue
        if depth == DEPTH or counted.count > MOST:
            return m.constant("nan")
        middle = _middle(m, low, high)
        if not low < middle < high:
            return m.constant("nan")
        waiting += [(middle, high, depth + 1), (low, middle, depth + 1)]
    counted.lost = whole is not None and _sum(m, [found.size for found in done]) < LOST * whole
    return _sum(m, [found.total for found in done])


def _middle(m: Any, low: Any, high: Any) -> Any:
    if high == math.inf:
        return low + 1.0 if m.abs(low) < 1.0 else low + m.abs(low)
    if low == -math.inf:
        return high - 1.0 if m.abs(high) < 1.0 else high - m.abs(high)
    return low + 0.5 * (high - low)


def _sum(m: Any, terms: list[Any]) -> Any:
    if m.digits == 17 and all(map(math.isfinite, terms)):
        return math.fsum(terms)
    total = m.number(0.0)
    for term in terms:
        total = total + term
    return total


class _Counted:
    """An integrand whose values are counted."""

    def __init__(self, m: Any, f: Callable[[Any], Any]) -> None:
        self.m, self.f, self.count = m, f, 0
        self.lost = False  # whether the parts of a range have not seen what the whole has
        self.seen: list[tuple[Any, Any]] = []  # their sizes, and the nodes
        self.digits: int = m.digits
        self.close = 2.0**-46 if m.digits == 17 else m.pow(m.number(10.0), m.number(3.0 - m.digits))
        self.levels = FIRST + EXTRA + (0 if m.digits == 17 else max(0, math.ceil(math.log2(m.digits / 17))))

    def over(self, low: Any, high: Any, whole: Any) -> _Found:
        """The integral over one range, of the size of which the `whole` may be more."""
        m = self.m
        infinite = high == math.inf or low == -math.inf
        sides: list[list[Any]] = [[], []]  # the terms of each, and how far out they count
        ends: list[float] = [math.inf, math.inf]
        found = [False, False]  # whether a side has more than nothing: what is calm before that may be its edge
        edge = m.number(0.0)  # what may be missing at an end at which the integrand is no number
        before, total, size, h = None, m.number(0.0), m.number(0.0), 1.0
        for level in range(self.levels + 1):
            h = 0.5**level
            for side in (0, 1):
                calm, previous = 0, m.number(0.0)
                for t, near, far, weight in _nodes(m, level, infinite, side):
                    if t > ends[side]:
                        break
                    term = self._term(low, high, near, far, weight, side, infinite)
                    if term is None:
                        if t < 1.0:
                            return _Found(total, size, False)
                        ends[side] = t
                        edge = edge + m.abs(previous)
                        break
                    sides[side].append(term)
                    size = size + m.abs(term)
                    found[side] = found[side] or m.abs(term) > self.close * size
                    calm = calm + 1 if found[side] and m.abs(term) <= self.close * 1e-4 * size else 0
                    previous = term
                    if calm == CALM and t > 2.0:
                        ends[side] = t
                        break
            total = _sum(m, [*sides[0], *sides[1]]) * h
            if before is not None and level >= FIRST:
                scale = size * h if whole is None or whole < size * h else whole
                if m.abs(total - before) <= self.close * scale and edge <= self.close * scale:
                    return _Found(total, size * h, True)
            before = total
        return _Found(total, size * h, False)

    def _term(self, low: Any, high: Any, near: Any, far: Any, weight: Any, side: int, infinite: bool) -> Any:
        """The value at a node times its weight; None where there is none."""
        if not infinite:
            width = high - low
            x = high - width * near if side else low + width * near
            weight = weight * width
        elif high == math.inf:
            x = low + far
        else:
            x = high - far
        self.count += 1
        value = self.f(x)
        if not self.m.isfinite(value * weight):
            return None
        self.seen.append((self.m.abs(value), x))
        return value * weight


def _nodes(m: Any, level: int, infinite: bool, side: int) -> list[tuple[float, Any, Any, Any]]:
    key = (m.digits, level, infinite, side)
    return _made(m if m.digits == 17 else _Same(m), *key)


class _Same:
    """An arithmetic, equal to any of its kind."""

    def __init__(self, m: Any) -> None:
        self.m = m

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and type(other.m) is type(self.m)

    def __hash__(self) -> int:
        return hash(type(self.m))


@lru_cache(200)
def _made(of: Any, digits: int, level: int, infinite: bool, side: int) -> list[tuple[float, Any, Any, Any]]:
    """The nodes that a level adds on one side of the middle: the parameter, the distance from the end, that from a
    finite end where the other is infinite, and the weight."""
    m = of.m if isinstance(of, _Same) else of
    step, farthest = 0.5**level, math.asinh(4.0 * max(digits, 75) * math.log(10.0) / math.pi)
    first = (0.0 if side == 0 else step) if level == 0 else step
    found = []
    count = 0
    while (t := first + count * (step if level == 0 else 2.0 * step)) <= farthest:
        count += 1
        at = m.number(t)
        s, c = 0.5 * (m.pi * m.sinh(at)), 0.5 * (m.pi * m.cosh(at))
        if infinite:
            far = m.exp(s if side else -s)
            found.append((t, far, far, c * far))
        else:
            near = m.div(m.number(1.0), 1.0 + m.exp(2.0 * s))
            found.append((t, near, near, 2.0 * c * near * (1.0 - near)))
    return found
