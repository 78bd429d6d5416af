"""Batch: some rows of a file, the numbers of the columns that are used, and the policies for bad rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from math import nan
from typing import Any, NamedTuple, Protocol

from circuitcli.asked_columns import column_of
from circuitcli.errors import FileError
from circuitcli.visible_text import shell_word

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
    failed: int = 0  # rows that a condition leaves out
    kept: int = 0  # bad rows, whose missing numbers are nan
    first_bad: str = ""
    times: Collection[str] = ()  # the columns of dates, times and error bars, whose cells stay texts

    def numbers(self, name: str) -> Any:
        """A column as numbers, as which its cells may be written; None where it was not read so."""
        return None if name in self.times else self.columns.get(name)

    def where(self, i: int) -> str:
        """A row as messages call it."""
        return f"{self.shown}:{self.at(i)}"


class Condition(Protocol):
    """A condition on rows."""

    @property
    def columns(self) -> Sequence[str]:
        """The inputs of it that are columns."""

    def failed(self, batch: Batch) -> Iterable[int]:
        """The rows that do not meet it."""


class Ends(NamedTuple):
    """The columns in which rows have the two ends of a range."""

    low: str
    high: str


class Wanted(NamedTuple):
    """The columns that are read, some of them as numbers, and the policy for rows where these are missing or
    unreadable. `in_order`: a later file must have its columns in the order of the first. Rows that do not meet the
    condition `where` are left out, whatever else is wrong with them. `sizes` are numbers that are 0 or more,
    and `ends` the columns of ranges, by what they are ranges of.
    `completed` adds to a batch, and to the faults of its rows, the columns that its file does not have, and gives what
    is wanted of them all."""

    numbers: Sequence[str]
    others: Sequence[str] = ()
    policy: str = ERROR
    in_order: bool = False
    where: Condition | None = None
    sizes: Sequence[str] = ()
    ends: Mapping[str, Ends] = {}
    completed: Callable[[Batch, Sequence[Bad]], tuple[Batch, Sequence[Bad], Wanted]] | None = None

    @property
    def read(self) -> list[str]:
        """All inputs that are read as numbers, those of the condition among them."""
        return list(dict.fromkeys([*self.numbers, *(self.where.columns if self.where is not None else ())]))

    @property
    def columns(self) -> list[str]:
        """All that are read."""
        return list(dict.fromkeys([*map(column_of, self.read), *self.others]))


def _no_help(shown: str) -> str:
    return ""


def _told(text: str, shown: str) -> str:
    return text


class Bad(NamedTuple):
    """A bad row, and why it is bad."""

    row: int
    why: str
    hopeless: bool = False  # not even nan can keep it
    help: Callable[[str], str] = _no_help  # how to read it after all, in a file that messages call so
    all_rows: bool = False  # so are all that have come with it


def first_of_each_row(bad: Sequence[Bad]) -> list[Bad]:
    """The first fault of each bad row."""
    return list({fault.row: fault for fault in reversed(bad)}.values())


def settled(batch: Batch, bad: Sequence[Bad], wanted: Wanted, head: int = 0) -> Batch:
    """The batch without the rows that fail a condition, and with or without its bad rows, as the policy says: to skip
    them is to skip those with nan, too. With `head` no more rows than that, and what is behind them is not looked at.
    Raises FileError for the first bad row that is an error."""
    if wanted.completed is not None:
        batch, bad, wanted = wanted.completed(batch, bad)
    policy, failed = wanted.policy, frozenset[int]()
    if wanted.where is not None:
        failed = frozenset(wanted.where.failed(batch))
        if policy != NAN:  # nobody knows of a row that lacks what it asks for
            failed -= {row.row for row in bad if row.hopeless or _lacks(batch, wanted.where.columns, row.row)}
    bad = [row for row in bad if row.row not in failed]
    bad += [row for row in _below_zero(batch.columns, wanted.sizes) if row.row not in failed]
    bad += [row for row in _crossed(batch, wanted.ends) if row.row not in failed]
    bad = first_of_each_row(bad) if wanted.sizes or wanted.ends else bad
    if policy == SKIP:
        known = {row.row for row in bad}
        bad = [*bad, *(row for row in _without_number(batch.columns) if row.row not in known and row.row not in failed)]
    left_out = failed | {row.row for row in bad} if policy == SKIP else failed
    end = batch.size
    if head:
        some = [*islice((i for i in range(batch.size) if i not in left_out), head)]
        end = some[-1] + 1 if len(some) == head else batch.size
        bad = [row for row in bad if row.row < end]
    if wanted.where is not None:
        batch = batch._replace(columns={name: batch.columns[name] for name in wanted.numbers})
    if not bad and not failed and end == batch.size:
        return batch
    bad = sorted(bad)
    for row in bad:
        if policy == ERROR or (policy == NAN and row.hopeless):
            keeps = "" if row.hopeless else ", --bad-rows nan keeps them"
            skipping = "" if row.all_rows else f"--bad-rows skip leaves such rows out{keeps}"
            hints = [row.help(batch.shown), skipping]
            raise FileError(f"{batch.where(row.row)}: {row.why}", "\n  ".join(filter(None, hints)))
    batch = batch._replace(first_bad=f"{batch.where(bad[0].row)}, {bad[0].why}") if bad else batch
    if policy == NAN:
        batch = _without_crossed(batch, wanted.ends)._replace(kept=len(bad))
    kept = [i for i in range(end) if i not in left_out]
    if len(kept) == batch.size:
        return batch
    at, columns = batch.at, {name: _some(column, kept) for name, column in batch.columns.items()}
    return batch._replace(
        columns=columns,
        rows=batch.rows.only(kept),
        at=lambda i: at(kept[i]),
        size=len(kept),
        skipped=len(bad) if policy == SKIP else 0,
        failed=sum(i < end for i in failed),
    )


def _lacks(batch: Batch, names: Sequence[str], row: int) -> bool:
    """Whether a row has no number in one of some columns."""
    return any(batch.columns[name][row] != batch.columns[name][row] for name in names)


def _some(column: Any, kept: Sequence[int]) -> Any:
    """Some numbers of a column, in an array of their own or a list as the column is."""
    return [column[i] for i in kept] if isinstance(column, list) else column[kept]


def _below_zero(columns: Mapping[str, Any], names: Sequence[str]) -> list[Bad]:
    """The rows in which a number that has to be 0 or more is not."""
    found = []
    for name in names:
        column = columns[name]
        rows = [i for i, x in enumerate(column) if x < 0.0] if isinstance(column, list) else (column < 0).nonzero()[0]
        why = f"{column_of(name)} is an uncertainty, and "
        found += [Bad(int(i), f"{why}{float(column[i])!r} is below 0", hopeless=True) for i in rows]
    return found


def _crossed(batch: Batch, ranges: Mapping[str, Ends]) -> list[Bad]:
    """The rows in which the lower end of a range is above the upper one."""
    found = []
    for name, (low, high) in ranges.items():
        first, last = batch.columns[low], batch.columns[high]
        rows = (first > last).nonzero()[0]
        swapped = not (first < last).any()  # the other way round all rows have a range
        hint = f"write --interval {shell_word(f'{name}={high}:{low}')}" if swapped else ""
        for i in rows:
            why = f"{low} is {float(first[i])!r}, which is above {high}, {float(last[i])!r}"
            found.append(Bad(int(i), why, help=partial(_told, hint), all_rows=swapped))
    return found


def _without_crossed(batch: Batch, ranges: Mapping[str, Ends]) -> Batch:
    """The batch with nan for ranges whose lower end is above the upper one."""
    columns = dict(batch.columns)
    for low, high in ranges.values():
        crossed = columns[low] > columns[high]
        for name in (low, high) if crossed.any() else ():
            columns[name] = columns[name].copy()
            columns[name][crossed] = nan
    return batch._replace(columns=columns)


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
