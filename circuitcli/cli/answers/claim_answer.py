"""The answer on a claimed derivative by proof: of `grad --claim` over ranges of inputs, and of `derive --claim`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from circuitcli.analysis.apart import Apart
from circuitcli.analysis.point import no_value
from circuitcli.check.claim_proof import Proof, by_box, by_formula
from circuitcli.check.claimed_gradient import claimed_circuits
from circuitcli.check.verdict import AGREE, CANNOT_TELL, worst
from circuitcli.cli.answers.answer import Answer, Outcome, Record
from circuitcli.cli.answers.box_answer import parts_for
from circuitcli.cli.answers.point_answer import point_record
from circuitcli.cli.exit_status import DONE, NO
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request
from circuitcli.engine.intervals import INTERVALS
from circuitcli.engine.outward import upward
from circuitcli.errors import UsageError
from circuitcli.held_gates import work_over_boxes
from circuitcli.render.number_format import FLOAT_DIGITS
from circuitcli.render.palette import GRADIENT_ON_SCREEN

if TYPE_CHECKING:
    from circuitcli.analysis.point import Point
    from circuitcli.render.text_table import PrintedTable


def claim_over_box(asked: Request, point: Point, claim: str, output: Output, boxes: int | None) -> Answer:
    """The verdict on each component of a claimed gradient, all over the box of the inputs."""
    proofs = _proofs(asked, claim, output, boxes)
    return Answer(
        lambda: point_record(asked.text, point, {"check": _record(proofs, "proof")}),
        lambda: [_row(name, proof) for name, proof in proofs.items()],
        lambda: [_table(proofs, output)],
        lambda: [f"{name} {proof.verdict}" for name, proof in proofs.items()],
        lambda: _outcome(proofs),
    )


def claim_on_formulas(asked: Request, claim: str, output: Output, boxes: int | None) -> Answer:
    """The verdict on claimed derivatives: of formulas, and where inputs have values all over their box."""
    proofs = _proofs(asked, claim, output, boxes)
    method = "proof" if asked.given else "formulas"
    return Answer(
        lambda: {"expression": asked.text, "check": _record(proofs, method)},
        lambda: [_row(name, proof) for name, proof in proofs.items()],
        lambda: [_table(proofs, output)],
        lambda: [f"{name} {proof.verdict}" for name, proof in proofs.items()],
        lambda: _outcome(proofs),
    )


def _proofs(asked: Request, claim: str, output: Output, boxes: int | None) -> dict[str, Proof]:
    if asked.given and output.digits > FLOAT_DIGITS:
        raise UsageError("claims are proven in float64, which has 17 digits", "leave out --digits, or give 17")
    graph, claimed = claimed_circuits(claim, asked.graph)
    parted = {name: Apart(asked.graph, name, graph.ending(k)) for name, k in claimed.items()}
    if not asked.given:
        return {name: by_formula(apart) for name, apart in parted.items()}
    if missing := [name for name in asked.graph.inputs if name not in asked.given and name not in asked.graph.defaults]:
        raise no_value(missing, [*asked.given])
    box = {name: value.interval for name, value in asked.values.items()}
    ranges = [name for name, value in asked.values.items() if value.upper is not None]
    most = parts_for(work_over_boxes(asked.graph), boxes)
    return {name: by_box(apart, box, ranges, most) for name, apart in parted.items()}


def _words(proof: Proof) -> str:
    """The verdict, and as far as there is a number, how it is meant."""
    if proof.exact:
        return "agree exactly"
    if proof.verdict == AGREE:
        where = f" at {proof.points} random points" if proof.points else ""
        return f"agree within {upward(proof.within, 2)}{where}"
    witness = ", ".join(f"{name} = {x!r}" for name, x in proof.witness.items())
    return proof.verdict.replace("_", " ") + (f" at {witness}" if witness else "")


def _record(proofs: Mapping[str, Proof], method: str) -> Record:
    verdicts = {name: proof.verdict for name, proof in proofs.items()}
    return {"method": method, "verdict": worst(verdicts), "inputs": {n: _entry(proof) for n, proof in proofs.items()}}


def _entry(proof: Proof) -> Record:
    """All that is known of one component."""
    found: Record = {}
    if proof.bounds is not None:
        found = {name: INTERVALS.plain(x) for name, x in proof.bounds._asdict().items()}
    if proof.witness:
        found["witness"] = dict(proof.witness)
    else:
        found |= {"within": proof.within, "exact": proof.exact}
    return {**found, **({"points": proof.points} if proof.points else {}), "verdict": proof.verdict}


def _row(name: str, proof: Proof) -> Record:
    """A component as a row, with two columns for what has bounds."""
    row: Record = {"input": name}
    for column, x in proof.bounds._asdict().items() if proof.bounds is not None else ():
        row |= {f"{column}_lo": x.lo + 0.0, f"{column}_hi": x.hi + 0.0}
    return {**row, "within": None if proof.witness else proof.within, "verdict": proof.verdict}


def _table(proofs: Mapping[str, Proof], output: Output) -> PrintedTable:
    from circuitcli.render.text_table import Column, PrintedTable

    titles = ("claim", "gradient", "difference") if any(proof.bounds for proof in proofs.values()) else ("", "", "")
    rows = []
    for name, proof in proofs.items():
        found = proof.bounds
        shown = () if found is None else (found.claim, found.gradient, found.difference)
        cells = [INTERVALS.text(x, output.digits) for x in shown] or [""] * len(titles)
        rows.append([name, *cells, _words(proof)])
    columns = [
        Column("input", False),
        Column(titles[0]),
        Column(titles[1], style=GRADIENT_ON_SCREEN),
        Column(titles[2]),
    ]
    return PrintedTable([*columns, Column("verdict", False, "bold")], rows)


def _outcome(proofs: Mapping[str, Proof]) -> Outcome:
    """The notes on what is not decided, and where values lack; and whether all claims agree."""
    notes = []
    for name, proof in proofs.items():
        if proof.partial:
            notes.append(f"by {name} there may be no value for some inputs of the box: the verdict is on the others")
        if proof.verdict == CANNOT_TELL:
            notes.append(f"by {name} the difference {_undecided(proof)}")
        elif proof.points:
            notes.append(f"by {name} these are numbers, and no proof; over ranges, as -{name} 1..2, there is one")
    return Outcome(notes, DONE if all(proof.passed for proof in proofs.values()) else NO)


def _undecided(proof: Proof) -> str:
    if proof.bounds is None:
        return "is not known at any of the random points"
    most = abs(proof.bounds.difference).hi
    if most != most:
        return "has no value anywhere in the box"
    if proof.kink:
        return f"is at most {upward(most, 2)} around a kink of {proof.kink}, where bounds do not decide"
    return f"is at most {upward(most, 2)} (--boxes {10 * proof.parts} looks closer)"
