"""Some rows of a file: the numbers of the columns that are used, and the rows themselves, which pass through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from circuitcli.errors import FileError

Array = Any  # numpy.ndarray

ERROR, SKIP, NAN = "error", "skip", "nan"


class Cells(NamedTuple):
    """One column as it passes through: of `kind` csv (the text of a cell), json (the text of a value), or typed."""

    name: str
    kind: str
    values: Any  # pyarrow.Array


class Batch(NamedTuple):
    """Rows of one file. `at` has for each row the line on which it stands, or its number; `rows` are the rows as they
    came in (CsvRows, JsonRows or ArrowRows), which pass through."""

    shown: str
    columns: Mapping[str, Array]
    rows: Any
    at: Any  # row -> line
    size: int
    skipped: int = 0
    kept: int = 0  # bad rows, whose missing numbers are nan
    first_bad: str = ""

    def where(self, i: int) -> str:
        """A row as messages call it."""
        return f"{self.shown}:{self.at(i)}"


class Bad(NamedTuple):
    """What is wrong with a row."""

    row: int
    why: str
    hopeless: bool = False  # not even to be kept with nan


def settled(batch: Batch, bad: Sequence[Bad], policy: str) -> Batch:
    """The batch without its bad rows, or with them, as the policy says. Raises FileError for the first of them."""
    if not bad:
        return batch
    bad = sorted(bad)
    for row in bad:
        if policy == ERROR or (policy == NAN and row.hopeless):
            keeps = "" if row.hopeless else ", --bad-rows nan keeps them"
            hint = f"--bad-rows skip leaves such rows out{keeps}"
            raise FileError(f"{batch.where(row.row)}: {row.why}", hint)
    first = f"{batch.where(bad[0].row)}, {bad[0].why}"
    if policy == NAN:
        return batch._replace(kept=len(bad), first_bad=first)
    kept: Array = np.ones(batch.size, bool)
    kept[[row.row for row in bad]] = False
    left = np.flatnonzero(kept)
    at, columns = batch.at, {name: np.ascontiguousarray(column[kept]) for name, column in batch.columns.items()}
    return batch._replace(
        columns=columns,
        rows=batch.rows.only(kept),
        at=lambda i: at(int(left[i])),
        size=len(left),
        skipped=batch.size - len(left),
        first_bad=first,
    )
