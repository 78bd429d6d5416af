"""One point, printed: what `eval` and `grad` have in common."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from circuitcli.analysis.nonfinite import fault
from circuitcli.analysis.point import Point
from circuitcli.cli.answers.records import kink_notes, point_record, point_row, table_rows
from circuitcli.cli.options import Form, note
from circuitcli.cli.request import Request
from circuitcli.render.number_format import bare

ROWS = 40  # at a terminal; a pipe gets all


def show_result(asked: Request, point: Point, form: Form) -> int:
    """Print what `eval` and `grad` answer, with the uncertainty where inputs have one; the answer is the status."""
    sigmas = {name: value.sigma for name, value in asked.values.items()}
    if not any(sigmas.values()):
        show_point(asked.text, point, {}, form)
        return finish(point, form)
    from circuitcli.cli.answers.uncertain_answer import show_uncertain

    show_uncertain(asked.text, point, sigmas, asked.covariance, form)
    return finish(point, form)


def show_point(text: str, point: Point, extra: dict[str, Any], form: Form) -> None:
    """Print a point in the form asked for; `extra` joins the JSON record."""
    if form.to == "json":
        from circuitcli.render.machine_formats import json_text

        print(json_text({**point_record(text, point), **extra}))
    elif form.to != "table":
        from circuitcli.render.machine_formats import row_text

        print(row_text(point_row(point), form.to))
    elif form.quiet:
        answers = point.gradient.items() if point.wrt is not None else [("", point.value)]
        print("\n".join(f"{name} {bare(point.m.plain(value))}".strip() for name, value in answers))
    else:
        node_table(point, form)


def node_table(
    point: Point, form: Form, values: Mapping[int, str] = {}, more: Mapping[str, Mapping[int, str]] = {}
) -> None:
    """The table of nodes; `values` replace what stands for the value of a node, `more` are columns behind."""
    from circuitcli.render.text_table import Column, print_table

    rows = table_rows(point)
    left_out = 0
    if len(rows) > ROWS and sys.stdout.isatty():
        main = [row for row in rows if row["main"]]
        left_out, rows = len(rows) - len(main), main
    numbered = any("#" in row["node"] for row in rows)
    columns = [Column("#" if numbered else "", style="dim"), Column("node", number=False), Column("value")]
    columns.append(Column("gradient" if point.wrt is not None else "", style="cyan"))
    columns += [Column(title) for title in more]
    columns.append(Column("", number=False, style="yellow"))
    print_table(
        columns,
        [
            [
                str(row["id"]) if numbered else "",
                row["node"],
                values.get(row["id"]) or point.m.text(row["value"], form.digits),
                "" if row["gradient"] is None else point.m.text(row["gradient"], form.digits),
                *(column.get(row["id"], "") for column in more.values()),
                "kink" if row["kink"] else "",
            ]
            for row in rows
        ],
        form.color,
    )
    if left_out:
        note(f"{left_out} unnamed gates are not shown; in a pipe, and with --json, every gate is.")


def finish(point: Point, form: Form) -> int:
    """The notes on a point, and the exit status that its numbers deserve."""
    for text in kink_notes(point):
        note(text, form.quiet)
    wrong = fault(point)
    if wrong:
        note(wrong, form.quiet)
    elif point.came_in():
        note(f"{', '.join(point.came_in())} came in infinite or not a number", form.quiet)
    return 3 if wrong and not form.allow_nonfinite else 0
