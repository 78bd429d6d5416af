"""The check of the gradient, row after row: one point hides x = x^2 at 1."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from circuitcli.check import Verdict, check
from circuitcli.point import Point
from circuitcli.rows.pipeline import ordered
from circuitcli.rows.plan import Plan
from circuitcli.rows.run import Options, Told
from circuitcli.rows.tables import Tables


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

    def work(item: tuple[Any, int, Any]) -> tuple[Any, int]:
        table, _, piece = item
        return table.batch(piece, plan.used, options.policy), tables.position

    total = Told()
    for batch, position in ordered(tables.pieces(), work, options.threads):
        if batch is None:
            continue
        columns = {name: column.tolist() for name, column in batch.columns.items()}
        for i in range(batch.size):
            row = {name: column[i] for name, column in columns.items()}
            point = Point(plan.graph, {**plan.scalars, **row}, plan.wrt)
            verdicts = check(point, claimed(point) if claimed is not None else None)
            total = total._replace(rows=total.rows + 1)
            yield Judged(batch.where(i), verdicts)
            options.progress(total.rows, position)
        total = total.join(Told(0, batch.skipped, batch.kept, batch.first_bad))
    yield total
