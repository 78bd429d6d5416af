"""The interfaces of the engine: numbers and their arithmetics, and the kernels that run a program over rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from circuitcli.primitives import Arithmetic, Infix

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy as np
    from numpy.typing import NDArray

    from circuitcli.engine.traced_program import TracedProgram

    FloatArray: TypeAlias = NDArray[np.float64]
    Columns: TypeAlias = Mapping[str, FloatArray]
    Scalars: TypeAlias = Mapping[str, float]

T = TypeVar("T")


class Real(Infix, Protocol):
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


class Kernel(Protocol):
    """A traced program that can be run over any number of rows.

    Columns and outputs are contiguous arrays of float64, all of one length; scalars are the numbers that all rows
    share. Threads may share a kernel.
    """

    @property
    def program(self) -> TracedProgram: ...

    def rows(self, columns: Columns, scalars: Scalars, outputs: Sequence[FloatArray]) -> None:
        """Fill the outputs."""

    def sums(self, columns: Columns, scalars: Scalars, count: int) -> FloatArray:
        """The sums of the outputs over each block of `count` rows: an array of blocks by outputs."""
