"""The pairs of L-BFGS, what its last steps showed of the curvature: in lists, or of many inputs in arrays.

Both compute the same; sums come in another order, so that last digits differ.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

from circuitcli.ascent.problem import Vector, dot

HISTORY = 40
MANY = 30  # inputs from which arrays are faster, where NumPy is there

Pair = tuple[Vector, Vector]


class Pairs(Protocol):
    """The pairs of the last steps."""

    kept: list[Pair]

    def add(self, change: Vector, bend: Vector) -> None:
        """Keep one more, and let go of the oldest of too many."""

    def clear(self) -> None:
        """Forget all."""

    def direction(self, gradient: Vector, free: Sequence[bool], room: Sequence[float]) -> Vector:
        """The gradient times the inverse of minus the Hessian among the free inputs, as the pairs tell it, and without
        them the room (Nocedal & Wright, algorithm 7.4)."""

    def learned(self, room: Sequence[float]) -> Vector:
        """The diagonal of the inverse of the curvature that the last pair showed, by the update of BFGS."""


def pairs_of(kept: Sequence[Pair], count: int) -> Pairs:
    """Pairs for so many inputs."""
    if count < MANY:
        return ListPairs(kept)
    try:
        import numpy  # noqa: F401  an extra
    except ImportError:
        return ListPairs(kept)
    return ArrayPairs(kept)


class ListPairs:
    """Pairs in lists."""

    def __init__(self, kept: Sequence[Pair]) -> None:
        self.kept = list(kept)

    def add(self, change: Vector, bend: Vector) -> None:
        self.kept.append((change, bend))
        del self.kept[:-HISTORY]

    def clear(self) -> None:
        self.kept.clear()

    def direction(self, gradient: Vector, free: Sequence[bool], room: Sequence[float]) -> Vector:
        pairs = self.kept
        if not all(free):
            pairs = [([s if f else 0.0 for s, f in zip(change, free, strict=True)], bend) for change, bend in pairs]
            pairs = [(change, [y if f else 0.0 for y, f in zip(bend, free, strict=True)]) for change, bend in pairs]
        curved = [(s, y, r) for s, y in pairs if (r := dot(s, y)) > 0.0 and dot(y, y) > 0.0]
        found, shares = list(gradient), []
        for s, y, r in reversed(curved):
            share = dot(s, found) / r
            shares.append(share)
            found = [q - share * w for q, w in zip(found, y)]  # noqa: B905
        found = [q * r for q, r in zip(found, room)]  # noqa: B905
        for (s, y, r), share in zip(curved, reversed(shares)):  # noqa: B905
            back = share - dot(y, found) / r
            found = [q + back * w for q, w in zip(found, s)]  # noqa: B905
        return found

    def learned(self, room: Sequence[float]) -> Vector:
        change, bend = self.kept[-1]
        bent = dot(change, bend)
        along = sum(y * y * r for y, r in zip(bend, room, strict=True)) / bent
        moved = sum(s * s / r for s, r in zip(change, room, strict=True) if r)
        found = []
        for s, y, r in zip(change, bend, room, strict=True):
            own = along / r * (1.0 - s / r * s / moved) if r and moved else 0.0
            curvature = own + y * y / bent
            found.append(1.0 / curvature if curvature > 0.0 else r)
        return found if all(map(math.isfinite, found)) else list(room)


class ArrayPairs:
    """Pairs in arrays. Sums are NumPy's own, which add pairwise in an order that no processor changes."""

    def __init__(self, kept: Sequence[Pair]) -> None:
        self.kept: list[Pair] = []
        self._arrays: list[Any] = []  # of each pair both arrays, and their product
        for pair in kept:
            self.add(*pair)

    def add(self, change: Vector, bend: Vector) -> None:
        import numpy as np

        self.kept.append((change, bend))
        s, y = np.array(change), np.array(bend)
        self._arrays.append((s, y, float((s * y).sum())))
        del self.kept[:-HISTORY], self._arrays[:-HISTORY]

    def clear(self) -> None:
        self.kept.clear()
        self._arrays.clear()

    def direction(self, gradient: Vector, free: Sequence[bool], room: Sequence[float]) -> Vector:
        import numpy as np

        pairs = self._arrays
        if not all(free):
            kept = np.array(free, dtype=float)
            masked = [(s * kept, y * kept) for s, y, _ in pairs]
            pairs = [(s, y, float((s * y).sum())) for s, y in masked]
        curved = [(s, y, r) for s, y, r in pairs if r > 0.0]
        found, shares = np.array(gradient), []
        with np.errstate(all="ignore"):
            for s, y, r in reversed(curved):
                share = (s * found).sum() / r
                shares.append(share)
                found -= share * y
            found *= np.array(room)
            for (s, y, r), share in zip(curved, reversed(shares), strict=True):
                found += (share - (y * found).sum() / r) * s
        direction: Vector = found.tolist()
        return direction

    def learned(self, room: Sequence[float]) -> Vector:
        import numpy as np

        (s, y, bent), rooms = self._arrays[-1], np.array(room)
        with np.errstate(all="ignore"):
            along = (y * y * rooms).sum() / bent
            moved = np.where(rooms != 0.0, s * s / rooms, 0.0).sum()
            own = np.where(rooms != 0.0, along / rooms * (1.0 - s / rooms * s / moved), 0.0) if moved else 0.0
            curvature = own + y * y / bent
            found = np.where(curvature > 0.0, 1.0 / curvature, rooms)
        learned: Vector = found.tolist()
        return learned if np.isfinite(found).all() else list(room)
