"""Arrays for results, in memory that is used again: a system that hands out fresh pages, and clears each, takes longer
over them than a circuit over its rows."""

from __future__ import annotations

import ctypes
import threading
import weakref
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.systems import after_fork

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray

SMALL = 4_096  # numbers, below which fresh memory costs nothing
KEPT = 2**24  # numbers that wait for their next use, at most: 128 MiB


class ResultArrays:
    """Memory that waits to be used again; an array gives it back when nobody holds it or a view of it any more."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Begin anew, as in a copy of the process: a thread that is not in it may have held the lock."""
        self._waiting: dict[int, list[FloatArray]] = {}
        self._count = 0  # numbers in all that waits
        self._lock = threading.RLock()  # an array may be let go of at any moment, in here, too

    def empty(self, count: int) -> FloatArray:
        """A new array of so many numbers, whatever these are."""
        if not SMALL <= count <= KEPT:
            return np.empty(count)
        with self._lock:
            waiting = self._waiting.get(count)
            memory = waiting.pop() if waiting else None
            self._count -= count if memory is not None else 0
        memory = np.empty(count) if memory is None else memory
        holder = _numbers(count).from_buffer(memory)  # type: ignore[arg-type]
        weakref.finalize(holder, self._take_back, memory).atexit = False
        return np.frombuffer(holder)

    def _take_back(self, memory: FloatArray) -> None:
        with self._lock:
            if self._count + len(memory) > KEPT:
                self._waiting.clear()  # of other sizes, as a rule: of what ran before
                self._count = 0
            self._waiting.setdefault(len(memory), []).append(memory)
            self._count += len(memory)


RESULTS = ResultArrays()
after_fork(RESULTS.renew)


@lru_cache(64)
def _numbers(count: int) -> type[ctypes.Array[ctypes.c_double]]:
    return ctypes.c_double * count
