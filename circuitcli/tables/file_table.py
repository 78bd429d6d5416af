"""Table, a file of rows that is open, whatever its format; and the words in which it is asked for rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.tables.batch import Batch, Wanted
from circuitcli.tables.formats import Format
from circuitcli.tables.streams import Stream

if TYPE_CHECKING:
    from pyarrow import DataType

    from circuitcli.tables.total_rows import TotalRow


@dataclass
class Stretch:
    """Some neighbouring units of a file. Whoever reads them moves `end` and `line` on behind the last row read.

    `line` is the number of the line or of the row with which the stretch begins. `begin` is the place of its first row
    among the bytes of a text; both are None where nobody knows them yet.
    """

    units: Sequence[int]
    begin: int | None = 0
    line: int | None = 1
    size: int = 0  # in bytes
    end: int = 0


class UnreadRows(NamedTuple):
    """Some rows of one unit. `batch` reads them, in any thread, at most as many as it is told if it is told a number,
    and gives None where there are only empty lines."""

    unit: int
    batch: Callable[..., Batch | None]


class Table(ABC):
    """A file of rows that is open, with the names of its columns. A copy that travels leaves the open file behind."""

    columns: list[str]
    empty = False  # known to have no rows
    assumed = ""  # in words, of what the file does not say itself
    renamed = False  # some column has another name than in the file
    given: Sequence[str] = ()  # names that have values, so that no row may have them
    added: Sequence[str] = ()  # columns that the file itself does not have
    open_parts: tuple[str, ...] = ("stream",)  # the attributes that do not travel

    def __init__(self, stream: Stream, form: Format) -> None:
        self.stream, self.format, self.shown = stream, form, stream.shown

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name not in self.open_parts}

    @abstractmethod
    def rename(self, old: str, new: str) -> None:
        """Rename the first column of a name."""

    @abstractmethod
    def pieces(self, wanted: Wanted, stretch: Stretch | None = None) -> Iterator[UnreadRows]:
        """All rows, or those of a stretch, in order."""

    @abstractmethod
    def estimated_rows(self, size: int, files: int) -> float:
        """Return about how many rows there are in so many files such as this one, of `size` bytes together."""

    def stretches(self, size: int, least: int) -> list[Stretch]:
        """The file, of so many bytes, cut into stretches of `least` bytes or little more; none where it has to be read
        whole."""
        return []

    def assume(self, names: Sequence[str]) -> None:  # noqa: B027  most tables know all their columns
        """Take names for columns that rows may have although the first has not."""

    def give(self, names: Sequence[str]) -> None:
        """Take names for such that have values."""
        self.given = names

    def seen(self, names: Sequence[str]) -> list[str]:
        """Those of some names that a row at the start has although the first row has not."""
        return []

    def has_inside(self, name: str) -> bool:
        """Whether a name means a part of a column's values: a.b, a[1]."""
        return False

    def has_part(self, name: str) -> bool:
        """Whether some value of a column at the start has the part that a name means."""
        return self.has_inside(name)

    def is_time(self, name: str) -> bool:
        """Whether a column has dates or times, which are seconds where an expression uses them."""
        return False

    def total_row(self, used: Collection[str]) -> TotalRow | None:
        """The last row, once it has been read, where its label is that of a total and the columns used have cells."""
        return None

    def is_uncertain(self, name: str) -> bool:
        """Whether cells of a column have numbers with their uncertainty."""
        return False

    def is_label(self, name: str) -> bool:
        """Whether the first cell of a column is a text that is no number, date or truth."""
        return False

    def type_of(self, name: str) -> DataType | None:
        """The type that the file gives a column; None of a text."""
        return None
