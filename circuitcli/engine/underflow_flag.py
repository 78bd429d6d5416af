"""The flag that a processor raises where a result is below the normal range of floats and not exact (IEEE 754, 7.5).

It stays raised until it is cleared, and belongs to a thread.
"""

from __future__ import annotations

import ctypes
import platform
import sys

_BITS = {"x86_64": 0x10, "AMD64": 0x10, "i686": 0x10, "aarch64": 0x08, "arm64": 0x08}  # FE_UNDERFLOW of <fenv.h>
_BIT = _BITS.get(platform.machine(), 0) if sys.platform != "win32" else 0
_C = ctypes.CDLL(None) if _BIT else None


def clear() -> None:
    """Lower the flag."""
    if _C is not None:
        _C.feclearexcept(_BIT)


def raised() -> bool:
    """Whether the flag is raised; where nobody knows, it may be."""
    return _C is None or bool(_C.fetestexcept(_BIT))
