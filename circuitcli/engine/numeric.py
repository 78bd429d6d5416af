"""An arithmetic of numbers, as a type."""

from __future__ import annotations

from typing import Protocol

from circuitcli.arithmetic import Arithmetic
from circuitcli.wire_types import R


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
