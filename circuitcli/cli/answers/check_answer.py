"""The answers of `grad --check`, `--claim` and `--difference`: the inputs alone, beside a numerical gradient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from circuitcli.analysis.point import Point
from circuitcli.cli.answers.answer import Answer, Outcome, Record
from circuitcli.cli.answers.point_answer import point_record
from circuitcli.cli.answers.point_outcome import outcome_of, told_with
from circuitcli.cli.exit_status import DONE, NO
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request
from circuitcli.errors import UsageError
from circuitcli.render.palette import GRADIENT_ON_SCREEN

if TYPE_CHECKING:
    from circuitcli.check import Verdict
    from circuitcli.render.text_table import PrintedTable


def check_answer(asked: Request, point: Point, claim: str | None, output: Output) -> Answer:
    """The verdict on each component of the gradient, or of the one that is claimed."""
    from circuitcli.check import check, refuse_nothing
    from circuitcli.check.claimed_gradient import claim_of

    claimed = None if claim is None else claim_of(claim, point.graph)(point)
    verdicts = check(point, claimed)
    refuse_nothing(verdicts)
    inputs = {name: _verdict_record(v, claimed is not None) for name, v in verdicts.items()}
    return Answer(
        lambda: point_record(asked.text, point, {"check": _record(verdicts, inputs)}),
        lambda: [_row(name, found) for name, found in inputs.items()],
        lambda: [_table(verdicts, claimed is not None, output)],
        lambda: [f"{name} {verdict}" for name, verdict in verdicts.items()],
        lambda: _outcome(point, verdicts, "--check" if claim is None else "--claim", output),
    )


def _record(verdicts: Mapping[str, Verdict], inputs: Mapping[str, Record]) -> Record:
    from circuitcli.check import worst

    return {"method": "ladder", "verdict": worst(verdicts), "inputs": inputs}


def _verdict_record(v: Verdict, claimed: bool) -> Record:
    """The verdict on one component, with the numbers that it compares."""
    row: Record = {"gradient": v.gradient}
    if claimed:
        row["claim"] = v.claim
    row |= {"numerical": v.numerical, "error": v.error}
    if v.interval is not None:
        row["interval"] = list(v.interval)
    if v.digits_lost:
        row["digits_lost"] = v.digits_lost
    return {**row, "verdict": str(v)}


def _row(name: str, found: Record) -> Record:
    """The record of a component as a row, an interval as its two ends."""
    numbers = {key: x for key, x in found.items() if key not in ("interval", "verdict")}
    interval = found.get("interval")
    low, high = interval if isinstance(interval, list) else (None, None)
    return {"input": name, **numbers, "low": low, "high": high, "verdict": found["verdict"]}


def _outcome(point: Point, verdicts: Mapping[str, Verdict], option: str, output: Output) -> Outcome:
    """The outcome of the point, remarks on the verdicts that the option asks for, and whether all of them pass."""
    told = any(verdict.digits_lost for verdict in verdicts.values())
    plain = outcome_of(point, output) if told else told_with(option, point, output)
    remarks = filter(None, (_remark(name, verdict, option) for name, verdict in verdicts.items()))
    passed = all(v.passed for v in verdicts.values())
    return Outcome([*plain.notes, *remarks], plain.status or (DONE if passed else NO))


def _remark(name: str, verdict: Verdict, option: str) -> str:
    """A note on a verdict that needs one, else empty."""
    if verdict.digits_lost >= 16:
        return f"the rules are right, but by {name} float64 has lost all digits: leave out {option} for more"
    if verdict.digits_lost:
        return f"by {name} float64 has lost {verdict.digits_lost} of 16 digits: leave out {option} for more"
    if verdict == "cannot_tell":
        return f"no step of the differences tells the slope by {name}"
    return ""


def _table(verdicts: Mapping[str, Verdict], claimed: bool, output: Output) -> PrintedTable:
    from circuitcli.render.number_format import full, rounded, shown
    from circuitcli.render.text_table import Column, PrintedTable

    columns = [Column("input", False), Column("claim" if claimed else ""), Column("gradient", style=GRADIENT_ON_SCREEN)]
    columns += [Column("numerical"), Column("± error"), Column("verdict", False, "bold")]
    rows = []
    for name, v in verdicts.items():
        words, numerical, error = v.replace("_", " "), full(v.numerical), rounded(v.error)
        if v.interval is not None:
            numerical, error = f"{shown(v.interval[0], 6)} .. {shown(v.interval[1], 6)}", ""
            words += ": within the slopes" if v.passed else ": outside the slopes"
        elif v == "agree" and v.digits_lost:
            words += f": {v.digits_lost} digits lost"
        claim = shown(v.claim, output.digits) if claimed else ""
        rows.append([name, claim, shown(v.gradient, output.digits), numerical, error, words])
    return PrintedTable(columns, rows)


def difference_answer(asked: Request, point: Point, method: str, h: float, output: Output) -> Answer:
    """The beginner's numerical gradient beside the backward pass's, without a verdict."""
    from circuitcli.check import difference

    names = [name for name in point.wrt or () if name in point.graph.inputs]
    if not names:
        raise UsageError("there is nothing to compare: --difference moves inputs", "name some in --wrt")
    numerical = {name: difference(point.graph, point.inputs, name, method, h) for name in names}
    inputs: dict[str, Record] = {
        name: {"gradient": point.gradient[name], "numerical": slope, "apart": slope - point.gradient[name]}
        for name, slope in numerical.items()
    }
    return Answer(
        lambda: point_record(asked.text, point, {"check": {"method": method, "h": h, "inputs": inputs}}),
        lambda: [{"input": name, **found} for name, found in inputs.items()],
        lambda: [_difference_table(point, method, numerical, output)],
        lambda: [f"{name} {slope!r}" for name, slope in numerical.items()],
        lambda: told_with("--difference", point, output),
    )


def _difference_table(point: Point, method: str, numerical: Mapping[str, float], output: Output) -> PrintedTable:
    from circuitcli.render.number_format import full, rounded, shown
    from circuitcli.render.text_table import Column, PrintedTable

    columns = [Column("input", False), Column("gradient", style=GRADIENT_ON_SCREEN), Column(f"{method} difference")]
    rows = [
        [name, shown(point.gradient[name], output.digits), full(slope), rounded(slope - point.gradient[name])]
        for name, slope in numerical.items()
    ]
    return PrintedTable([*columns, Column("apart by")], rows)
