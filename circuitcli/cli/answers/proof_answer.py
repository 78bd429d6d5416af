"""The proof of an optimum, behind the answer of the ascent that found it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from circuitcli.cli.answers.answer import Answer, Outcome, Record
from circuitcli.cli.answers.point_answer import with_columns
from circuitcli.cli.exit_status import DONE, INTERRUPTED, NO, Ended
from circuitcli.cli.options import Output
from circuitcli.cli.proof import Left, Proof
from circuitcli.engine.outward import outward
from circuitcli.proofs.boxes import Box

if TYPE_CHECKING:
    from circuitcli.render.text_table import PrintedTable

SHOWN = 4  # places of an optimum in a table
_CLOSER: dict[Left, Callable[[int], str]] = {
    Left.BOXES: lambda boxes: f"--boxes {10 * boxes} looks closer",
    Left.TIME: lambda boxes: "a longer --max-time looks closer",
    Left.STUCK: lambda boxes: "next to a place where it jumps, has a pole or is not defined, no bounds tell more",
}


def with_proof(answer: Answer, proof: Proof, sign: float, output: Output) -> Answer:
    """The answer with the bounds of the optimum in each form. Its status is that of the proof."""
    sense = "maximum" if sign > 0.0 else "minimum"
    ends = {"value_lo": proof.value.lo + 0.0, "value_hi": proof.value.hi + 0.0}
    return Answer(
        lambda: {**_record(answer), "success": proof.proven, "proof": _proof(proof)},
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
    overruled = proof.proven and answer.outcome().status != DONE  # what the search proved, the ascent did not know
    for part in answer.table():
        yield _without_end(part) if overruled and isinstance(part, str) else part
    after = f"after {boxes_looked_at(proof.boxes)}"
    if proof.nowhere:
        yield f" proven  no point within the bounds {proof.wanted}, {after}"
        return
    alone = proof.value.lo == proof.value.hi
    bounds = f"{'is' if alone else 'is within'} {outward(proof.value, max(output.digits, 12))}"
    if not proof.proven:
        yield f" no proof  the {sense} {bounds}, {after}"
        return
    yield f" proven  the {sense} {bounds}, {after}"
    lines = [_place(place, output.digits) for place in proof.places[:SHOWN]]
    more = len(proof.places) - SHOWN
    lines += [f"in {more} more place{'s' * (more > 1)}"] if more > 0 else []
    for i, line in enumerate(lines):
        yield f" {'where ' if i == 0 else 'or    '}  {line}"


def _without_end(lines: str) -> str:
    """Lines on an ascent without that on how it stopped."""
    return "\n".join(line for line in lines.split("\n") if not line.startswith(" stopped"))


def boxes_looked_at(count: int) -> str:
    """The number of boxes in words."""
    return "1 box" if count == 1 else f"{count:,} boxes"


def _place(place: Box, digits: int) -> str:
    return ", ".join(f"{name} is {'' if x.lo == x.hi else 'in '}{outward(x, digits)}" for name, x in place.items())


def _outcome(outcome: Outcome, proof: Proof, sense: str) -> Outcome:
    notes, status = [*outcome.notes], DONE if proof.proven else INTERRUPTED if proof.interrupted else NO
    if not (proof.proven or proof.interrupted or proof.nowhere):
        closer = _CLOSER[proof.left](proof.boxes)
        if proof.met:
            notes.append(f"no proof: the {sense} may be anywhere within its bounds ({closer})")
        else:
            why = "where both sides of an equality only touch, bounds cannot tell"
            notes.append(f"no proof: no point is known that certainly {proof.wanted}: {why} ({closer})")
    ended = outcome.status
    if isinstance(ended, Ended):
        return Outcome(notes, Ended(status, ended.found, ended.astray), outcome.loud)
    return Outcome(notes, status, outcome.loud)
