"""The proof of an optimum, behind the answer of the ascent that found it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from circuitcli.cli.answers.answer import Answer, Outcome, Record
from circuitcli.cli.answers.point_answer import with_columns
from circuitcli.cli.exit_status import DONE, INTERRUPTED, NO, Ended
from circuitcli.cli.options import Output
from circuitcli.cli.proof import Proof
from circuitcli.engine.outward import outward
from circuitcli.proofs.boxes import Box

if TYPE_CHECKING:
    from circuitcli.render.text_table import PrintedTable

SHOWN = 4  # places of an optimum in a table


def with_proof(answer: Answer, proof: Proof, sign: float, output: Output) -> Answer:
    """The answer with the bounds of the optimum in each form. Its status is that of the proof."""
    sense = "maximum" if sign > 0.0 else "minimum"
    ends = {"value_lo": proof.value.lo + 0.0, "value_hi": proof.value.hi + 0.0}
    return Answer(
        lambda: {**_record(answer), "proof": _proof(proof)},
        lambda: [with_columns(row, ends) for row in answer.rows()],
        lambda: _table(answer, proof, sense, output),
        answer.bare,
        lambda: _outcome(answer.outcome(), proof, sense),
    )


def _record(answer: Answer) -> Record:
    record = answer.record()
    assert isinstance(record, dict)
    return record


def _proof(proof: Proof) -> Record:
    """The proof as JSON has it: `inputs` has a box for each place where the optimum may be, with the two ends of every
    input that moves, in their order."""
    boxes = [[[x.lo + 0.0, x.hi + 0.0] for x in place.values()] for place in proof.places]
    value = [proof.value.lo + 0.0, proof.value.hi + 0.0]
    return {"value": value, "inputs": boxes, "boxes": proof.boxes, "proven": proof.proven}


def _table(answer: Answer, proof: Proof, sense: str, output: Output) -> Iterable[PrintedTable | str]:
    yield from answer.table()
    bounds = outward(proof.value, max(output.digits, 12))
    if not proof.proven:
        yield f" no proof  the {sense} is within {bounds}, after {proof.boxes:,} boxes"
        return
    yield f" proven  the {sense} is within {bounds}, after {proof.boxes:,} boxes"
    lines = [_place(place, output.digits) for place in proof.places[:SHOWN]]
    more = len(proof.places) - SHOWN
    lines += [f"and in {more} more boxes"] if more > 0 else []
    for i, line in enumerate(lines):
        yield f" {'where ' if i == 0 else 'or    '}  {line}"


def _place(place: Box, digits: int) -> str:
    return ", ".join(f"{name} is {'' if x.lo == x.hi else 'in '}{outward(x, digits)}" for name, x in place.items())


def _outcome(outcome: Outcome, proof: Proof, sense: str) -> Outcome:
    notes, status = [*outcome.notes], DONE if proof.proven else INTERRUPTED if proof.interrupted else NO
    if not proof.proven and not proof.interrupted:
        closer = f"--boxes {10 * proof.boxes} looks closer"
        notes.append(f"no proof: the {sense} may be anywhere within its bounds ({closer})")
    ended = outcome.status
    if isinstance(ended, Ended):
        return Outcome(notes, Ended(status, ended.found, ended.astray), outcome.loud)
    return Outcome(notes, status, outcome.loud)
