"""The memory that a worker's C library keeps.

Dask has it give everything back at once, by MALLOC_TRIM_THRESHOLD_. But a pass needs blocks of the same sizes again and
again, and the system would fill each of them with zeros: three times as slow.
"""

from __future__ import annotations

from contextlib import suppress

from circuitcli.systems import c_library

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # of mallopt, in glibc's malloc.h
KEPT, LARGEST = 64 * 2**20, 16 * 2**20  # bytes that are kept, and bytes of the largest block taken from them


def keep_blocks() -> None:
    """Keep some memory for the next blocks, where the C library is glibc."""
    with suppress(AttributeError, OSError):
        mallopt = c_library().mallopt
        mallopt(MMAP_THRESHOLD, LARGEST)
        mallopt(TRIM_THRESHOLD, KEPT)
