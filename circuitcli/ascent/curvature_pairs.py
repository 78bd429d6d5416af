"""The pairs of L-BFGS, what its last steps showed of the curvature: in lists, or of many inputs in arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

from circuitcli.ascent.problem import Vector, dot
from circuitcli.ascent.vectors import Lists, Vectors

HISTORY = 40

Pair = tuple[Vector, Vector]


class Pairs(Protocol):
    """The pairs of the last steps, whose vectors are those of an arithmetic."""

    kept: list[Pair]

    def add(self, change: Any, bend: Any) -> None:
        """Keep one more, and let go of the oldest of too many."""

    def clear(self) -> None:
        """Forget all."""

    def direction(self, gradient: Any, free: Sequence[bool], room: Any) -> Any:
        """The gradient times the inverse of minus the Hessian among the free inputs, as the pairs tell it, and without
        them the room (Nocedal & Wright, algorithm 7.4). All are free where none is listed."""

    def learned(self, room: Any) -> Any:
        """The diagonal of the inverse of the curvature that the last pair showed, by the update of BFGS."""


def pairs_of(kept: Sequence[Pair], vectors: Vectors) -> Pairs:
    """Pairs of vectors of an arithmetic."""
    return ListPairs(kept) if isinstance(vectors, Lists) else ArrayPairs(kept)


class ListPairs:
    """Pairs in lists."""

    def __init__(self, kept: Sequence[Pair]) -> None:
        self.kept = list(kept)

    def add(self, change: Vector, bend: Vector) -> None:
        self.kept.append((change, bend))
        del self.kept[:-HISTORY]

    def clear(self) -> None:
        self.kept.clear()

    def direction(self, gradient: Vector, free: Sequence[bool], room: Vector) -> Vector:
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

    def learned(self, room: Vector) -> Vector:
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
    """Pairs in arrays."""

    def __init__(self, kept: Sequence[Pair]) -> None:
        import numpy as np

        self._np = np
        self.kept: list[Pair] = []
        self._arrays: list[Any] = []  # of each pair both arrays, and their product
        for change, bend in kept:
            self.add(np.array(change), np.array(bend))

    def add(self, change: Any, bend: Any) -> None:
        self.kept.append((change.tolist(), bend.tolist()))
        self._arrays.append((change, bend, float((change * bend).sum())))
        del self.kept[:-HISTORY], self._arrays[:-HISTORY]

    def clear(self) -> None:
        self.kept.clear()
        self._arrays.clear()

    def direction(self, gradient: Any, free: Sequence[bool], room: Any) -> Any:
        np, pairs = self._np, self._arrays
        if not all(free):
            kept = np.array(free, dtype=float)
            masked = [(s * kept, y * kept) for s, y, _ in pairs]
            pairs = [(s, y, float((s * y).sum())) for s, y in masked]
        curved = [pair for pair in pairs if pair[2] > 0.0]
        found, part, shares = gradient.copy(), np.empty_like(gradient), []
        total, multiply, subtract, add = np.add.reduce, np.multiply, np.subtract, np.add  # half of the time is Python's
        with np.errstate(all="ignore"):
            for s, y, r in reversed(curved):
                share = total(multiply(s, found, part)) / r
                shares.append(share)
                subtract(found, multiply(y, share, part), found)
            found *= room
            for (s, y, r), share in zip(curved, reversed(shares), strict=True):
                back = share - total(multiply(y, found, part)) / r
                add(found, multiply(s, back, part), found)
        return found

    def learned(self, room: Any) -> Any:
        np, (s, y, bent) = self._np, self._arrays[-1]
        with np.errstate(all="ignore"):
            along = (y * y * room).sum() / bent
            moved = np.where(room != 0.0, s * s / room, 0.0).sum()
            own = np.where(room != 0.0, along / room * (1.0 - s / room * s / moved), 0.0) if moved else 0.0
            curvature = own + y * y / bent
            found = np.where(curvature > 0.0, 1.0 / curvature, room)
        return found if np.isfinite(found).all() else room
