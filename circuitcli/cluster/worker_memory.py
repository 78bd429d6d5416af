"""How a worker's C library hands out memory. Dask has it give all back at once, by MALLOC_TRIM_THRESHOLD_; but a pass
takes blocks of the same sizes over and over, which the system would fill with zeros each time: thrice as slow."""

from __future__ import annotations

import ctypes
from contextlib import suppress

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # of mallopt, in glibc's malloc.h
KEPT, LARGEST = 64 * 2**20, 16 * 2**20  # bytes that are kept, and of a block that is taken from them


def keep_blocks() -> None:
    """Keep some memory for the next blocks, where the C library is glibc."""
    with suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(MMAP_THRESHOLD, LARGEST)
        mallopt(TRIM_THRESHOLD, KEPT)
