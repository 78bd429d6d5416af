"""Bounds of integral(t: ...) over a box.

Between two numbers the range is cut where the bounds are widest. Each part has those of Gauss and Legendre's rule, whose
remainder is a derivative somewhere in the part (Moore 1966, chapter 8); where the circuit is not smooth, those of its
values, and of its slope. Ends with a range add the circuit there, times how far they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from heapq import heappop, heappush
from math import factorial, inf
from typing import Any, NamedTuple

from circuitcli.engine import held_rules
from circuitcli.engine.gauss_nodes import gauss_nodes
from circuitcli.engine.interval import Interval
from circuitcli.engine.intervals import Intervals
from circuitcli.engine.passes import forward
from circuitcli.engine.taylor_series import Rough, TaylorSeries
from circuitcli.held_gates import HeldGate
from circuitcli.proofs.inner_circuit import InnerCircuit, Values, tightened

MOST = 200  # parts of a range
PATIENCE = 6  # cuts in a row that do not tighten the bounds
GAIN = 0.8  # of the width: halves that leave more have not tightened it
NODES = 6  # of the rule for 17 digits


class Part(NamedTuple):
    """The integral over one part of the range."""

    low: Any
    high: Any
    bounds: Interval
    patience: int


def integral_bounds(m: Intervals, gate: HeldGate, *xs: Interval) -> Interval:
    """The bounds of an integral over a box; any number where none are found."""
    found = _plain(m, gate, *xs)

    def plain(inner: HeldGate, *given: Interval) -> Interval:
        return _plain(m, inner, *given)

    slopes = [m.wire(held_rules.slope(m, gate, i, found, *xs, held=plain)) for i, _ in enumerate(xs)]
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
        self._nodes = NODES if m.digits == 17 else m.digits // 2
        self._series = TaylorSeries(m, 2 * self._nodes)

    def bounds(self, low: Any, high: Any) -> Interval:
        """The bounds between two numbers: the part with the widest ones is cut until they are as good as they get."""
        waiting: list[tuple[Any, int, Part]] = []
        done, count = list[Interval](), 0

        def put(part: Part) -> None:
            nonlocal count
            count += 1
            if part.patience:
                heappush(waiting, (-part.bounds.width, count, part))
            else:
                done.append(part.bounds)

        put(self._part(low, high, PATIENCE))
        while waiting and count < MOST:
            total = self._total([*done, *(part.bounds for *_, part in waiting)])
            if total.width <= 16.0 * self.m.grain * total.size:
                return total
            _, _, part = heappop(waiting)
            middle = self.m.made(part.low, part.high, False).middle
            if not part.low < middle < part.high:
                done.append(part.bounds)
                continue
            halves = [self._part(part.low, middle, 0), self._part(middle, part.high, 0)]
            better = self._total([half.bounds for half in halves]).width <= GAIN * part.bounds.width
            patience = PATIENCE if better else part.patience - 1
            for half in halves:
                put(half._replace(patience=patience))
        return self._total([*done, *(part.bounds for *_, part in waiting)])

    def _total(self, bounds: Sequence[Interval]) -> Interval:
        return sum(bounds[1:], bounds[0])

    def _part(self, low: Any, high: Any, patience: int) -> Part:
        """The bounds over a part by all that is known of the circuit there."""
        x = self.m.made(low, high, False)
        width = self.m.wire(high) - low
        value = self._inner.value(x, self._taken)
        if value.partial or value.empty:
            return Part(low, high, self.m.unknown, patience)
        found = value * width
        better = self._by_rule(x, width) or self._by_slope(x, width)
        return Part(low, high, found if better is None else found.meet(better) or found, patience)

    def _by_rule(self, x: Interval, width: Interval) -> Interval | None:
        """The rule, and its remainder (DLMF 3.5.18); None where the circuit is not smooth."""
        n, m = self._nodes, self.m
        given = dict(zip(self._names, map(self._series.wire, (0.0, *self._taken)), strict=True))
        try:
            series = forward(self._circuit, self._series, {**given, self._names[0]: self._series.moving(x)})
        except Rough:
            return None
        terms = series[self._circuit.output].terms
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
