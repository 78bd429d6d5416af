"""Numbers and the arithmetics of numbers, as types."""

from __future__ import annotations

from typing import Protocol, TypeVar

from circuitcli.primitives import Arithmetic, Carried

T = TypeVar("T")


class Real(Carried, Protocol):
    """A number, as Python's floats and mpmath's are."""

    def __truediv__(self: T, other: T | float, /) -> T: ...
    def __rtruediv__(self: T, other: float, /) -> T: ...
    def __mod__(self: T, other: T | float, /) -> T: ...
    def __pow__(self: T, exponent: T | int, /) -> T: ...
    def __abs__(self: T) -> T: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __lt__(self: T, other: T | float, /) -> bool: ...
    def __le__(self: T, other: T | float, /) -> bool: ...
    def __gt__(self: T, other: T | float, /) -> bool: ...
    def __ge__(self: T, other: T | float, /) -> bool: ...
    def __float__(self) -> float: ...
    def __int__(self) -> int: ...


R = TypeVar("R", bound=Real)


class Numeric(Arithmetic[R, bool], Protocol[R]):
    """An arithmetic of one number a wire, which can be shown."""

    @property
    def digits(self) -> int:
        """The decimal digits of a number."""

    @property
    def beyond(self) -> str:
        """The size, as a text, beyond which a number is infinite."""

    def number(self, x: R | float, /) -> R:
        """A number of another arithmetic as one of this."""

    def isfinite(self, x: R | float, /) -> bool:
        """Whether a number is neither infinite nor nan."""

    def text(self, x: R | float, digits: int, /) -> str:
        """The decimal text of a number, rounded to so many significant digits, without zeros at its end."""

    def plain(self, x: R | float, /) -> float | str:
        """A number as a record holds it."""
