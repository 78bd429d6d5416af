"""The check of the gradient, row after row: one point hides x = x^2 at 1."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from circuitcli.check import Verdict, check
from circuitcli.point import Point
from circuitcli.rows.batch import Batch
from circuitcli.rows.pipeline import ordered
from circuitcli.rows.plan import Plan
from circuitcli.rows.run import Options, Told
from circuitcli.rows.tables import Tables

SLICE = 16  # rows that are checked at a time


class Judged(NamedTuple):
    """The verdicts on one row, and where it stands."""

    where: str
    verdicts: Mapping[str, Verdict]


def judged_rows(
    plan: Plan, tables: Tables, claimed: Callable[[Point], dict[str, float]] | None, options: Options
) -> Iterator[Judged | Told]:
    """Each row with its verdicts, and at the end what is to be said of all.

    `claimed` answers the numbers of a claim at a point; None judges the backward pass itself.
    """
    tables.wanted = plan.used

    def slices() -> Iterator[tuple[Batch, int, int]]:
        """Few rows at a time, so that Ctrl-C is heard and progress seen."""
        for table, _, piece in tables.pieces():
            batch = table.batch(piece, plan.used, options.policy)
            if batch is not None:
                yield from ((batch, first, tables.position) for first in range(0, max(batch.size, 1), SLICE))

    def work(item: tuple[Batch, int, int]) -> tuple[list[Judged], Told, int]:
        batch, first, position = item
        judged = []
        for i in range(first, min(first + SLICE, batch.size)):
            row = {name: float(column[i]) for name, column in batch.columns.items()}
            point = Point(plan.graph, {**plan.scalars, **row}, plan.wrt)
            verdicts = check(point, claimed(point) if claimed is not None else None)
            judged.append(Judged(batch.where(i), verdicts))
        told = Told.of(batch) if not first else Told()
        return judged, told._replace(rows=len(judged)), position

    total = Told()
    for judged, told, position in ordered(slices(), work, options.threads):
        total = total.join(told)
        yield from judged
        options.progress(total.rows, position)
    yield total
