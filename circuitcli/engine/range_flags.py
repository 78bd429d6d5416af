"""The flags that a processor raises where a result is beyond the range of floats, or below the normal ones and inexact
(IEEE 754, 7.4 and 7.5).

They stay raised until they are cleared, and belong to a thread.
"""

from __future__ import annotations

from circuitcli.systems import c_library, range_flags

_BOTH = range_flags()
_C = c_library() if _BOTH else None


def clear() -> None:
    """Lower the flags."""
    if _C is not None:
        _C.feclearexcept(_BOTH)


def raised() -> bool:
    """Whether one of the flags is raised; where nobody knows, it may be."""
    return _C is None or bool(_C.fetestexcept(_BOTH))
