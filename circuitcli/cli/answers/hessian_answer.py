"""What `circuit grad --hessian` prints: the second derivatives, beside the point."""

from __future__ import annotations

from circuitcli.analysis.derivatives import Hessian
from circuitcli.analysis.point import Point
from circuitcli.cli.answers.point_answer import finish, show_point
from circuitcli.cli.answers.records import hessian_record, point_row
from circuitcli.cli.options import Form, note
from circuitcli.cli.request import Request
from circuitcli.render.number_format import bare

SQUARE = 6  # inputs, of which a table of rows and columns fits a screen


def show_hessian(asked: Request, point: Point, form: Form) -> int:
    """Print the point with its Hessian and answer the exit status."""
    text, second = asked.text, Hessian(point.graph, point.wrt or ())
    found = second.read(asked.point(None, form.digits, second.circuit).values, point.value)
    if form.to == "json":
        show_point(text, point, hessian_record(point, found), form)
    elif form.to != "table":
        from circuitcli.render.machine_formats import row_text

        upper = {f"hess_{a}_{b}": point.m.plain(x) for (a, b), x in _upper(found).items()}
        print(row_text({**point_row(point), **upper}, form.to))
    elif form.quiet:
        show_point(text, point, {}, form)
        print("\n".join(f"{a},{b} {bare(point.m.plain(x))}" for (a, b), x in _upper(found).items()))
    else:
        show_point(text, point, {}, form)
        print()
        _table(point, found, form)
    status = finish(point, form)
    if any(point.kinks):
        note("the second derivatives are taken at a kink: they say nothing about the curvature there", form.quiet)
    bad = [pair for pair, x in found.items() if not point.m.isfinite(x)]
    if bad and not status and not point.came_in():
        note(f"the second derivative by {' and '.join(bad[0])} is not finite", form.quiet)
        status = 0 if form.allow_nonfinite else 3
    return status


def _upper(found: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """One of the two orders of each pair."""
    names = list(dict.fromkeys(a for a, _ in found))
    return {(a, b): found[a, b] for i, a in enumerate(names) for b in names[i:]}


def _table(point: Point, found: dict[tuple[str, str], float], form: Form) -> None:
    from circuitcli.render.text_table import Column, print_table

    def shown(x: float) -> str:
        return str(point.m.text(x, form.digits))

    names = list(point.wrt or ())
    if len(names) <= SQUARE:
        columns = [Column("hessian", False), *(Column(name, style="cyan") for name in names)]
        rows = [[a, *(shown(found[a, b]) for b in names)] for a in names]
    else:  # as pairs, without the zeros
        columns = [Column("by", False), Column("and", False), Column("second derivative", style="cyan")]
        rows = [[a, b, shown(x)] for (a, b), x in _upper(found).items() if x != 0.0]
    print_table(columns, rows, form.color)
