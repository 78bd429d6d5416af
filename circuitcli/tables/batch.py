"""Batch: some rows of a file, the numbers of the columns that are used, and the policies for bad rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple, Protocol

from circuitcli.errors import FileError

ERROR, SKIP, NAN = "error", "skip", "nan"


class PassedRows(Protocol):
    """Rows as they came in, which pass through."""

    def only(self, kept: Sequence[int]) -> PassedRows:
        """Some of the rows."""

    def cells(self, names: Sequence[str], whole: bool = False) -> Sequence[Any]:
        """Some columns, as writers beside the reader take them. `whole`: raise FileError where a row has more than
        these, which would be lost."""


class Batch(NamedTuple):
    """Rows of one file: columns as numbers, in arrays or, read without NumPy, in lists; and the rows as they came in.
    `at` gives the line on which a row stands, or its number."""

    shown: str
    columns: Mapping[str, Any]
    rows: PassedRows
    at: Callable[[int], int | str]
    size: int
    skipped: int = 0
    kept: int = 0  # bad rows, whose missing numbers are nan
    first_bad: str = ""

    def where(self, i: int) -> str:
        """A row as messages call it."""
        return f"{self.shown}:{self.at(i)}"


class Bad(NamedTuple):
    """A bad row, and why it is bad."""

    row: int
    why: str
    hopeless: bool = False  # not even nan can keep it


def first_of_each_row(bad: Sequence[Bad]) -> list[Bad]:
    """The first fault of each bad row."""
    return list({fault.row: fault for fault in reversed(bad)}.values())


def settled(batch: Batch, bad: Sequence[Bad], policy: str, head: int = 0) -> Batch:
    """The batch with or without its bad rows, as the policy says: to skip them is to skip those with nan, too. With
    `head` no more rows than that, and what is behind them is not looked at. Raises FileError for the first bad row that
    is an error."""
    if policy == SKIP:
        known = {row.row for row in bad}
        bad = [*bad, *(row for row in _without_number(batch.columns) if row.row not in known)]
    left_out = {row.row for row in bad} if policy == SKIP else set()
    end = batch.size
    if head:
        some = [*islice((i for i in range(batch.size) if i not in left_out), head)]
        end = some[-1] + 1 if len(some) == head else batch.size
        bad = [row for row in bad if row.row < end]
    if not bad and end == batch.size:
        return batch
    bad = sorted(bad)
    for row in bad:
        if policy == ERROR or (policy == NAN and row.hopeless):
            keeps = "" if row.hopeless else ", --bad-rows nan keeps them"
            hint = f"--bad-rows skip leaves such rows out{keeps}"
            raise FileError(f"{batch.where(row.row)}: {row.why}", hint)
    batch = batch._replace(first_bad=f"{batch.where(bad[0].row)}, {bad[0].why}") if bad else batch
    if policy == NAN:
        batch = batch._replace(kept=len(bad))
    kept = [i for i in range(end) if i not in left_out]
    if len(kept) == batch.size:
        return batch
    at, columns = batch.at, {name: _some(column, kept) for name, column in batch.columns.items()}
    return batch._replace(
        columns=columns,
        rows=batch.rows.only(kept),
        at=lambda i: at(kept[i]),
        size=len(kept),
        skipped=end - len(kept),
    )


def _some(column: Any, kept: Sequence[int]) -> Any:
    """Some numbers of a column, in an array of their own or a list as the column is."""
    return [column[i] for i in kept] if isinstance(column, list) else column[kept]


def _without_number(columns: Mapping[str, Any]) -> list[Bad]:
    """The rows in which some column is nan."""
    found: dict[int, Bad] = {}
    for name, column in columns.items():
        if isinstance(column, list):
            rows = [i for i, x in enumerate(column) if x != x]
        else:
            rows = (column != column).nonzero()[0].tolist()
        for i in rows:
            found.setdefault(i, Bad(i, f"{name} is nan"))
    return [*found.values()]
