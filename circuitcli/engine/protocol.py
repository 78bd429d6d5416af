"""The interface between rows and the engine: a kernel, and the arrays that go in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy as np
    from numpy.typing import NDArray

    from circuitcli.engine.traced_program import TracedProgram

    FloatArray: TypeAlias = NDArray[np.float64]
    Columns: TypeAlias = Mapping[str, FloatArray]
    Scalars: TypeAlias = Mapping[str, float]


class Kernel(Protocol):
    """A traced program that can be run over any number of rows.

    Columns and outputs are contiguous arrays of float64, all of one length; scalars are the numbers that all rows
    share. Threads may share a kernel.
    """

    @property
    def program(self) -> TracedProgram: ...
    @property
    def parallel(self) -> bool:
        """Whether threads run side by side, without a lock that they fight for."""

    def rows(self, columns: Columns, scalars: Scalars, outputs: Sequence[FloatArray]) -> bool:
        """Fill the outputs, and return whether numbers on the way may have underflowed."""

    def sums(self, columns: Columns, scalars: Scalars, count: int) -> tuple[FloatArray, bool]:
        """The sums of the outputs over each block of `count` rows, an array of blocks by outputs; and whether numbers
        on the way may have underflowed."""
