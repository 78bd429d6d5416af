"""The check of the gradient in every row: a single point may hide an error, as x = 1 hides x = x^2."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from circuitcli.analysis.point import Point
from circuitcli.check import AGREE, VERDICTS, Verdict, check, refuse_nothing
from circuitcli.check.claimed_gradient import claim_of
from circuitcli.rows.check_screen import CheckScreen
from circuitcli.rows.pipeline import ordered
from circuitcli.rows.plan import Plan
from circuitcli.rows.told import Options, Told
from circuitcli.tables.batch import Batch
from circuitcli.tables.joined_files import Tables

LARGE = 4_000  # nodes of a circuit, over which NumPy is no faster than one row after the other
SLICE = 16  # doubtful rows that are checked at a time, so that Ctrl-C is heard and progress is seen


class Tally(NamedTuple):
    """For each input the number of rows with each verdict; the number of rows that do not pass, and the file, line,
    verdicts and place among all rows of the first of these. A line of a file without
    lines is the number of the row."""

    counts: Mapping[str, Mapping[str, int]]
    failed: int = 0
    file: str = ""
    line: int | str = 0
    wrong: Mapping[str, Verdict] = {}
    place: tuple[int, ...] = ()

    def join(self, other: Tally) -> Tally:
        counts = {
            name: {word: n + other.counts.get(name, {}).get(word, 0) for word, n in row.items()}
            for name, row in self.counts.items()
        }
        first = min((tally for tally in (self, other) if tally.failed), key=lambda tally: tally.place, default=self)
        return first._replace(counts={**other.counts, **counts}, failed=self.failed + other.failed)

    def moved(self, lines: int) -> Tally:
        """The tally of rows of text that are so many lines further down."""
        assert isinstance(self.line, int)
        return self._replace(line=self.line + lines)


class Judge:
    """The check of a row: of the gradient that the backward pass gives, or of a gradient that a text claims."""

    def __init__(self, plan: Plan, claim: str | None) -> None:
        self._plan = plan
        self._claimed: Callable[[Point], dict[str, float]] | None = None
        self._screen: CheckScreen | None = None
        if claim is not None:
            self._claimed = claim_of(claim, plan.graph)
            return
        refuse_nothing(self.nothing.counts)
        if len(plan.graph.nodes) <= LARGE:
            self._screen = CheckScreen(plan)

    @property
    def nothing(self) -> Tally:
        """The tally of no rows."""
        names = [name for name in self._plan.wrt or () if name in self._plan.graph.inputs and self._claimed is None]
        return Tally({name: dict.fromkeys(VERDICTS, 0) for name in names})

    def doubtful(self, batch: Batch) -> list[int]:
        """The rows of a batch that are to be checked one by one."""
        if self._screen is None:
            return [*range(batch.size)]
        doubtful: list[int] = np.flatnonzero(~self._screen.agreed(batch.columns, batch.size)).tolist()
        return doubtful

    def agreed(self, count: int) -> Tally:
        """The tally of rows that surely agree."""
        return Tally({name: {**row, AGREE: count} for name, row in self.nothing.counts.items()})

    def tally(self, batch: Batch, rows: Sequence[int], place: tuple[int, ...]) -> Tally:
        """The tally of some rows of a batch, whose place among the batches is given."""
        plan, total = self._plan, self.nothing
        for i in rows:
            row = {name: float(column[i]) for name, column in batch.columns.items()}
            point = Point(plan.graph, {**plan.scalars, **row}, plan.wrt)
            verdicts = check(point, self._claimed(point) if self._claimed is not None else None)
            wrong = {name: verdict for name, verdict in verdicts.items() if not verdict.passed}
            counts = {name: {word: int(word == verdict) for word in VERDICTS} for name, verdict in verdicts.items()}
            total = total.join(Tally(counts, int(bool(wrong)), batch.shown, batch.at(i), wrong, (*place, i)))
        return total


def judged_rows(plan: Plan, tables: Tables, claim: str | None, options: Options) -> tuple[Tally, Told]:
    """The tally of all rows, and the notes on them."""
    judge = Judge(plan, claim)

    def slices() -> Iterator[tuple[Batch, int, Sequence[int], int, int]]:
        """Each batch, its number, rows of it to be checked, how many more agree, and the bytes read so far."""
        for k, (_, rows) in enumerate(tables.pieces(options.wanted(plan.used))):
            batch = rows.batch()
            if batch is not None:
                doubtful = judge.doubtful(batch)
                yield batch, k, (), batch.size - len(doubtful), tables.position
                for first in range(0, len(doubtful), SLICE):
                    yield batch, k, doubtful[first : first + SLICE], 0, tables.position

    def work(item: tuple[Batch, int, Sequence[int], int, int]) -> tuple[Tally, Told, int]:
        batch, k, rows, agreed, position = item
        told = Told() if rows else Told.of(batch)
        tally = judge.tally(batch, rows, (k,)) if rows else judge.agreed(agreed)
        return tally, told._replace(rows=len(rows) or agreed), position

    total, told = judge.nothing, Told()
    for tally, more, position in ordered(slices(), work, options.threads):
        total, told = total.join(tally), told.join(more)
        options.progress(told.rows, position)
    return total, told
