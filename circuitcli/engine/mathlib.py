"""The functions of the C library, by their addresses: vector versions where there are any, else one number at a time.

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

SCALAR = {  # our name: the C library's, and how many arguments
    **{name: (name, 1) for name in ("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan")},
    **{name: (name, 1) for name in ("asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh")},
    **{name: (name, 1) for name in ("cbrt", "erf", "erfc")},
    **{name: (name, 2) for name in ("pow", "fmod", "hypot", "atan2")},
}
PYTHON = {"gamma": 1, "lgamma": 1, "digamma": 1, "polygamma": 2}  # which C has not, or not to 4 ulp
WIDTHS = {"avx512f": ("e", 8), "avx2": ("d", 4), "sse2": ("b", 2), "neon": ("n", 2)}  # the first that the host has


class Host(NamedTuple):
    """What a processor and its C library offer: how many numbers a register holds, the letter of that in the names
    of vector functions, and whether there are such functions."""

    width: int
    letter: str
    vectors: str

    @property
    def told(self) -> str:
        """In words."""
        functions = f"{self.width} at a time by {self.vectors}" if self.vectors else "one at a time by the C library"
        return f"{self.width} numbers a register, functions {functions}"


@cache
def host() -> Host:
    """This machine's."""
    from llvmlite import binding

    features = binding.get_host_cpu_features()
    letter, width = next((found for name, found in WIDTHS.items() if features.get(name)), ("", 2))
    library = _vector_library()
    usable = library is not None and letter and _address(library, f"_ZGV{letter}N{width}v_exp")
    return Host(width, letter, "libmvec" if usable else "")


def vector_function(op: str) -> tuple[str, int] | None:
    """The name and the address of the vector version of a function, where this machine has one."""
    name, count = SCALAR[op]
    library = _vector_library()
    if library is None or not host().vectors:
        return None
    symbol = f"_ZGV{host().letter}N{host().width}{'v' * count}_{name}"
    address = _address(library, symbol)
    return (symbol, address) if address else None


def scalar_function(op: str) -> tuple[str, int]:
    """The name and the address of a function of one row."""
    if op in PYTHON:
        return f"circuit_{op}", _address_of(_from_python(op))
    name = SCALAR[op][0]
    return name, _address(_c_library(), name)


def _address_of(function: Any) -> int:
    return ctypes.cast(function, ctypes.c_void_p).value or 0


def _address(library: ctypes.CDLL, symbol: str) -> int:
    """Where a symbol lies; 0 where there is none."""
    function = getattr(library, symbol, None)
    return _address_of(function) if function is not None else 0


@cache
def _from_python(op: str) -> Callable[..., float]:
    """A function of `floats` that machine code can call; kept, or it would call into nothing."""
    return ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * PYTHON[op])(getattr(FLOATS, op))


@cache
def _vector_library() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL("libmvec.so.1")
    except OSError:
        return None


@cache
def _c_library() -> ctypes.CDLL:
    """The C library that Python itself runs on, or where that does not show, the system's."""
    library = ctypes.CDLL(None)
    return library if hasattr(library, "expm1") else ctypes.CDLL(ctypes.util.find_library("m"))
