"""The functions that machine code calls, by their addresses: vector versions from the C library where there are any,
else one number at a time from there, or from `floats`.

glibc's libmvec has each function for 2, 4 and 8 numbers under the names of the vector ABI: `_ZGVdN4v_exp` is exp of
four numbers in AVX2 registers (`b`: SSE, `d`: AVX2, `e`: AVX-512, `n`: Arm's Advanced SIMD).
"""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from circuitcli.engine.floats import FLOATS
from circuitcli.primitives import PRIMITIVES
from circuitcli.systems import c_library

WIDTHS = {"avx512f": ("e", 8), "avx2": ("d", 4), "sse2": ("b", 2), "neon": ("n", 2)}  # the host's first counts


class Host(NamedTuple):
    """A processor and its C library: how many numbers a register holds, the letter of that in the names of vector
    functions, and the library of these, if there is one."""

    width: int
    letter: str
    vectors: str

    @property
    def told(self) -> str:
        """The host in words."""
        functions = f"{self.width} at a time by {self.vectors}" if self.vectors else "one at a time by the C library"
        return f"{self.width} numbers a register, functions {functions}"


@cache
def host() -> Host:
    """The host of this process."""
    from llvmlite import binding

    features = binding.get_host_cpu_features()
    letter, width = next((found for name, found in WIDTHS.items() if features.get(name)), ("", 2))
    library = _vector_library()
    usable = library is not None and letter and _address(library, f"_ZGV{letter}N{width}v_exp")
    return Host(width, letter, "libmvec" if usable else "")


def vector_function(op: str) -> tuple[str, int] | None:
    """The name and the address of the vector version of a function, where this machine has one."""
    library = _vector_library()
    if not PRIMITIVES[op].in_c or library is None or not host().vectors:
        return None
    symbol = f"_ZGV{host().letter}N{host().width}{'v' * len(PRIMITIVES[op].takes)}_{op}"
    address = _address(library, symbol)
    return (symbol, address) if address else None


def scalar_function(op: str) -> tuple[str, int]:
    """The name and the address of a function of single numbers: of the C library, else of `floats`."""
    if PRIMITIVES[op].in_c:
        return op, _address(_c_library(), op)
    return from_python(op)


def from_python(op: str) -> tuple[str, int]:
    """The name and the address of a function of `floats`."""
    return f"circuit_{op}", _address_of(_callable(op))


def _address_of(function: Any) -> int:
    return ctypes.cast(function, ctypes.c_void_p).value or 0


def _address(library: ctypes.CDLL, symbol: str) -> int:
    """The address of a symbol; 0 where there is none."""
    function = getattr(library, symbol, None)
    return _address_of(function) if function is not None else 0


@cache
def _callable(op: str) -> Callable[..., float]:
    """A function of `floats` that machine code can call. It is kept for good, since machine code holds its address."""
    return ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * len(PRIMITIVES[op].takes))(getattr(FLOATS, op))


@cache
def _vector_library() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL("libmvec.so.1")
    except OSError:
        return None


@cache
def _c_library() -> ctypes.CDLL:
    """The C library that Python itself runs on, or where that is hidden, the system's."""
    library = c_library()
    return library if hasattr(library, "expm1") else ctypes.CDLL(ctypes.util.find_library("m"))
