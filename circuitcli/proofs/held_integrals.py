"""Bounds of integral(t: ...) over a box.

Between two numbers the range is cut where the bounds are widest. Each part has those of Gauss and Legendre's rule,
whose remainder is a derivative somewhere in the part (Moore 1966, chapter 8); where the circuit is not smooth, those of
its values, and of its slope. Ends with a range add the circuit there, times how far they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from heapq import heappop, heappush
from typing import Any, NamedTuple

from circuitcli.engine import held_rules
from circuitcli.engine.gauss_nodes import gauss_nodes
from circuitcli.engine.interval import Interval
from circuitcli.engine.intervals import Intervals
from circuitcli.engine.passes import forward
from circuitcli.engine.taylor_series import RoughError, TaylorSeries
from circuitcli.held_gates import HeldGate
from circuitcli.proofs.inner_circuit import InnerCircuit, Values, tightened

MOST, FEW = 200, 16  # parts of a range, and where something has a range that cuts do not make narrower
PATIENCE = 3  # cuts in a row that do not tighten the bounds
GAIN = 0.8  # of the width: halves that leave more have not tightened it
CLOSE = 2.0**10  # of the rounding of numbers: bounds so close are as good as they get
ROUNDED = 2.0**5  # of the rounding of numbers: so wide is a number that is rounded, or nearly one
NODES, ROUGHLY = 6, 3  # of the rule for 17 digits, and where something has a range


class Part(NamedTuple):
    """The integral over one part of the range."""

    low: Any
    high: Any
    bounds: Interval

    @property
    def width(self) -> Any:
        """That of the bounds."""
        return self.bounds.width


def integral_bounds(m: Intervals, gate: HeldGate, *xs: Interval) -> Interval:
    """The bounds of an integral over a box; any number where none are found."""
    found = _plain(m, gate, *xs)

    def plain(inner: HeldGate, *given: Interval) -> Interval:
        return _plain(m, inner, *given)

    wide = [i for i, x in enumerate(xs) if _is_wide(m, x)]
    slopes = {i: m.wire(held_rules.slope(m, gate, i, found, *xs, held=plain)) for i in wide}
    return tightened(m, xs, found, slopes, lambda there: _plain(m, gate, *there))


def _plain(m: Intervals, gate: HeldGate, *xs: Interval) -> Interval:
    """The bounds as the parts have them."""
    *taken, first, last = xs
    if not (m.isfinite(first) and m.isfinite(last)):
        return m.unknown
    found = _between(m, gate, tuple(taken), first.middle, last.middle)
    inner = InnerCircuit(m, gate.circuit)
    for end, sign in ((first, -1.0), (last, 1.0)):
        if end.lo < end.hi:
            there = inner.value(end, taken)
            if there.partial or not m.isfinite(there):
                return m.unknown
            found = found + sign * there * (end - end.middle)
    return found


def _is_wide(m: Intervals, x: Interval) -> bool:
    """Whether an argument has a range, and is not a number that is rounded, as pi is."""
    return bool(x.width > ROUNDED * m.grain * x.size)


@lru_cache(10_000)
def _between(m: Intervals, gate: HeldGate, taken: Values, low: Any, high: Any) -> Interval:
    """The bounds of the integral between two numbers."""
    if low == high:
        return m.wire(0.0)
    if high < low:
        return -_between(m, gate, taken, high, low)
    return _Range(m, gate, taken).bounds(low, high)


class _Range:
    """An integrand, with its rule."""

    def __init__(self, m: Intervals, gate: HeldGate, taken: Values) -> None:
        self.m, self._circuit, self._taken = m, gate.circuit, taken
        self._inner = InnerCircuit(m, gate.circuit)
        self._names = list(gate.circuit.inputs)
        wide = any(_is_wide(m, x) for x in taken)
        self._nodes = ROUGHLY if wide else NODES if m.digits == 17 else m.digits // 2
        self._most, self._patience = (FEW, 1) if wide else (MOST, PATIENCE)
        self._close = max(CLOSE * m.grain, m.points.pow(m.wire(10.0).lo, -(m.digits + 3.0)))
        self._series = TaylorSeries(m, 2 * self._nodes)

    def bounds(self, low: Any, high: Any) -> Interval:
        """The bounds between two numbers: the part with the widest ones is cut until they are as good as they get."""
        parts = [self._part(low, high)]
        waiting: list[tuple[Any, int, int]] = [(-parts[0].width, 0, self._patience)]
        while waiting and len(parts) < self._most:
            if self._is_close(parts):
                break
            _, k, patience = heappop(waiting)
            part = parts[k]
            middle = self.m.made(part.low, part.high, False).middle
            if not part.low < middle < part.high:
                continue
            one, other = self._part(part.low, middle), self._part(middle, part.high)
            patience = self._patience if one.width + other.width <= GAIN * part.width else patience - 1
            for half, place in ((one, k), (other, len(parts))):
                parts[place : place + 1] = [half]
                if patience:
                    heappush(waiting, (-half.width, place, patience))
        return sum([part.bounds for part in parts[1:]], parts[0].bounds)

    def _is_close(self, parts: Sequence[Part]) -> bool:
        """Whether the widths are nothing next to the sizes."""
        return bool(sum([part.width for part in parts]) <= self._close * sum([part.bounds.size for part in parts]))

    def _part(self, low: Any, high: Any) -> Part:
        """The bounds over a part by all that is known of the circuit there."""
        x = self.m.made(low, high, False)
        width = self.m.wire(high) - low
        value = self._inner.value(x, self._taken)
        if value.partial or value.empty:
            return Part(low, high, self.m.unknown)
        found = value * width
        better = self._by_rule(x, width) or self._by_slope(x, width)
        return Part(low, high, found if better is None else found.meet(better) or found)

    def _by_rule(self, x: Interval, width: Interval) -> Interval | None:
        """The rule, and its remainder (DLMF 3.5.18); None where the circuit is not smooth."""
        n, m = self._nodes, self.m
        wires = [self._series.moving(x), *[self._series.wire(given) for given in self._taken]]
        try:
            series = forward(self._circuit, self._series, dict(zip(self._names, wires, strict=True)))
        except RoughError:
            return None
        terms: list[Interval] = series[self._circuit.output].terms
        middle, half = m.wire(x.middle), width * 0.5
        total = m.wire(0.0)
        for node, weight in gauss_nodes(m, n):
            total = total + weight * self._inner.value(middle + node * half, self._taken)
        total = total * half
        if len(terms) <= 2 * n:
            return total
        return total + terms[2 * n] * _remainder(m, n) * m.pow(width, float(2 * n + 1))

    def _by_slope(self, x: Interval, width: Interval) -> Interval | None:
        """The value in the middle, and the slope times how far the ends are: what the slopes on both sides have in
        common cancels."""
        over = self._inner.over(x, self._taken)
        if over is None:
            return None
        slope, middle = over.slopes[0], self._inner.value(self.m.wire(x.middle), self._taken)
        off = (self.m.wire(slope.hi) - slope.lo) * width * width * 0.125
        return middle * width + self.m.made(-off.hi, off.hi, False)


@lru_cache(50)
def _remainder(m: Intervals, n: int) -> Interval:
    """The factor of the remainder: n!^4/((2n + 1)*(2n)!^2)."""
    one = m.wire(1.0)
    for k in range(1, n + 1):
        one = m.div(one * float(k), float(n + k))  # n!^2/(2n)!
    return m.div(one * one, float(2 * n + 1))
