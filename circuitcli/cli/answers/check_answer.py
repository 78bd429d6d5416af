"""What `circuit grad --check`, `--claim` and `--difference` print: the inputs alone, beside a numerical gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circuitcli.analysis.point import Point
from circuitcli.cli.answers.point_answer import finish
from circuitcli.cli.answers.records import check_record, difference_record, point_record
from circuitcli.cli.options import Form, note
from circuitcli.cli.request import Request
from circuitcli.errors import UsageError

if TYPE_CHECKING:
    from circuitcli.check import Verdict


def show_check(asked: Request, point: Point, claim: str | None, form: Form) -> int:
    """Judge the gradient, or the one that is claimed, and answer the exit status."""
    from circuitcli.check import check
    from circuitcli.check.claimed_gradient import claim_of

    claimed = None if claim is None else claim_of(claim, point.graph)(point)
    verdicts = check(point, claimed)
    if not verdicts:
        raise UsageError("there is nothing to check: --check compares the gradients of inputs", "name some in --wrt")
    record = check_record(verdicts, claimed is not None)
    if form.quiet and form.to == "table":
        print("\n".join(f"{name} {verdict}" for name, verdict in verdicts.items()))
    elif form.to == "table":
        _check_table(verdicts, claimed is not None, form)
    else:
        _records(asked, point, record, form)
    status = finish(point, form)
    for name, verdict in verdicts.items():
        if text := _remark(name, verdict):
            note(text, form.quiet)
    return status or (0 if all(v.passed for v in verdicts.values()) else 1)


def _remark(name: str, verdict: Verdict) -> str:
    """What to make of a verdict that is no plain yes or no."""
    if verdict.digits_lost >= 16:
        return f"the rules are right, but by {name} float64 has lost all digits: ask for more with --digits 50"
    if verdict.digits_lost:
        return f"by {name} float64 has lost {verdict.digits_lost} of 16 digits: ask for more with --digits 50"
    if verdict == "cannot_tell":
        return f"no step of the differences tells the slope by {name}"
    return ""


def _records(asked: Request, point: Point, record: dict[str, Any], form: Form) -> None:
    """The point in JSON with what was found; or that alone, a row an input."""
    if form.to == "json":
        from circuitcli.render.machine_formats import json_text

        print(json_text({**point_record(asked.text, point), "check": record}))
        return
    from circuitcli.render.machine_formats import rows_text

    rows = []
    for name, found in record["inputs"].items():
        low, high = found.get("interval", ("", ""))
        sides = {"low": low, "high": high} if "verdict" in found and (low != "" or form.to != "jsonl") else {}
        rest = {key: x for key, x in found.items() if key not in ("interval", "verdict")}
        rows.append({"input": name, **rest, **sides, **({"verdict": found["verdict"]} if "verdict" in found else {})})
    print(rows_text(rows, form.to))


def _check_table(verdicts: dict[str, Verdict], claimed: bool, form: Form) -> None:
    from circuitcli.render.number_format import full, shown
    from circuitcli.render.text_table import Column, print_table

    columns = [Column("input", False), Column("claim" if claimed else ""), Column("gradient", style="cyan")]
    columns += [Column("numerical"), Column("± error"), Column("verdict", False, "bold")]
    rows = []
    for name, v in verdicts.items():
        words, numerical, error = v.replace("_", " "), full(v.numerical), shown(v.error, 2)
        if v.interval is not None:
            numerical, error = f"{shown(v.interval[0], 6)} .. {shown(v.interval[1], 6)}", ""
            words += ": within the slopes" if v.passed else ": outside the slopes"
        elif v == "agree" and v.digits_lost:
            words += f": {v.digits_lost} digits lost"
        claim = shown(v.claim, form.digits) if claimed else ""
        rows.append([name, claim, shown(v.gradient, form.digits), numerical, error, words])
    print_table(columns, rows, form.color)


def show_difference(asked: Request, point: Point, method: str, h: float, form: Form) -> int:
    """Show the beginner's numerical gradient beside the backward pass's, and judge nothing."""
    from circuitcli.check import difference

    names = [name for name in point.wrt or () if name in point.graph.inputs]
    if not names:
        raise UsageError("there is nothing to compare: --difference moves inputs", "name some in --wrt")
    numerical = {name: difference(point.graph, point.inputs, name, method, h) for name in names}
    if form.quiet and form.to == "table":
        print("\n".join(f"{name} {slope!r}" for name, slope in numerical.items()))
    elif form.to == "table":
        _difference_table(point, method, numerical, form)
    else:
        _records(asked, point, difference_record(method, h, point.gradient, numerical), form)
    return finish(point, form)


def _difference_table(point: Point, method: str, numerical: dict[str, float], form: Form) -> None:
    from circuitcli.render.number_format import full, shown
    from circuitcli.render.text_table import Column, print_table

    columns = [Column("input", False), Column("gradient", style="cyan"), Column(f"{method} difference")]
    rows = [
        [name, shown(point.gradient[name], form.digits), full(slope), shown(slope - point.gradient[name], 2)]
        for name, slope in numerical.items()
    ]
    print_table([*columns, Column("apart by")], rows, form.color)
