"""Bounds of gates that hold a circuit."""

from __future__ import annotations

from functools import lru_cache

from circuitcli.engine.interval import NOTHING, Interval
from circuitcli.engine.intervals import Intervals
from circuitcli.held_gates import HeldGate
from circuitcli.proofs.held_integrals import integral_bounds
from circuitcli.proofs.held_roots import root_bounds

KEPT = 10_000  # boxes: a search asks for one several times


def held_bounds(m: Intervals, gate: HeldGate, *xs: Interval) -> Interval:
    """The bounds of a gate over a box."""
    if any(x.empty for x in xs):
        return NOTHING
    sure = [m.made(x.lo, x.hi, False) for x in xs]
    found = _bounds(m, gate, *sure) if all(map(m.isfinite, xs[: gate.parameters])) else m.unknown
    return m.made(found.lo, found.hi, found.partial or any(x.partial for x in xs))


@lru_cache(KEPT)
def _bounds(m: Intervals, gate: HeldGate, *xs: Interval) -> Interval:
    return root_bounds(m, gate, *xs) if gate.kind == "root" else integral_bounds(m, gate, *xs)
