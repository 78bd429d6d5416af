"""Writer, which turns rows and their results into bytes of a format."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from circuitcli.tables.batch import Batch
from circuitcli.tables.file_table import Table
from circuitcli.tables.output_columns import OutputColumns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Rendered = TypeVar("Rendered")
Results = Mapping[str, "NDArray[np.float64]"]


class BytesFile(Protocol):
    """A file to which bytes are written."""

    def write(self, data: bytes | memoryview, /) -> object:
        """Write some bytes."""


class Writer(ABC, Generic[Rendered]):
    """The rows of a table, with results, on their way into a file.

    `render` may be called in many threads, `write` in one and in the order of the rows. Rows that are rendered
    elsewhere travel `packed`.
    """

    def __init__(self, file: BytesFile, table: Table, columns: OutputColumns, seekable: bool) -> None:
        self.file, self.columns = file, columns

    @abstractmethod
    def render(self, batch: Batch, results: Results) -> Rendered:
        """Rows as they will be written."""

    @abstractmethod
    def write(self, rendered: Rendered) -> None:
        """Write rendered rows."""

    def close(self) -> None:
        """Write the end."""

    def drop(self) -> None:
        """Give up without writing an end, which would make a part look whole."""

    def packed(self, rendered: Rendered) -> object:
        """Rendered rows in the form in which they travel."""
        return rendered

    def unpacked(self, packed: object) -> Rendered:
        """Rendered rows that have travelled."""
        return packed  # type: ignore[return-value]
