"""mpmath, as the arithmetic of many digits uses it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from circuitcli.carried import Real


class Context(Protocol):
    """The part of an mpmath context that is used."""

    dps: int
    zero: Real
    one: Real
    inf: Real
    ninf: Real
    nan: Real
    pi: Real
    e: Real
    ln2: Real
    ln10: Real

    def __hash__(self) -> int: ...
    def isfinite(self, x: Real) -> bool: ...
    def isnan(self, x: Real) -> bool: ...
    def isinf(self, x: Real) -> bool: ...
    def isint(self, x: Real) -> bool: ...
    def mag(self, x: Real) -> int: ...
    def workdps(self, digits: int) -> AbstractContextManager[None]: ...
    def nstr(self, x: Real, digits: int, *, min_fixed: int, max_fixed: int) -> str: ...
    def mpf(self, x: Real | int | str) -> Real: ...
    def __getattr__(self, name: str) -> Callable[..., Real]:
        """A function by its name."""
