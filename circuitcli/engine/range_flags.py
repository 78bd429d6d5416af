"""The flags that a processor raises where a result is beyond the range of floats, or below the normal ones and inexact
(IEEE 754, 7.4 and 7.5).

They stay raised until they are cleared, and belong to a thread.
"""

from __future__ import annotations

import ctypes
import platform
import sys

# FE_OVERFLOW | FE_UNDERFLOW of <fenv.h>
_BITS = {"x86_64": 0x18, "AMD64": 0x18, "i686": 0x18, "aarch64": 0x0C, "arm64": 0x0C}
_BOTH = _BITS.get(platform.machine(), 0) if sys.platform != "win32" else 0
_C = ctypes.CDLL(None) if _BOTH else None


def clear() -> None:
    """Lower the flags."""
    if _C is not None:
        _C.feclearexcept(_BOTH)


def raised() -> bool:
    """Whether one of the flags is raised; where nobody knows, it may be."""
    return _C is None or bool(_C.fetestexcept(_BOTH))
