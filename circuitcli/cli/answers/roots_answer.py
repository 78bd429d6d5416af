"""The answer of `solve`: the roots of equations in a box, and what is proven of each."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from math import inf
from typing import TYPE_CHECKING

from circuitcli.cli.answers.answer import Answer, Outcome, Record, give
from circuitcli.cli.answers.proof_answer import boxes_looked_at
from circuitcli.cli.exit_status import DONE, INTERRUPTED, NO, NONFINITE
from circuitcli.cli.notes import working
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request
from circuitcli.engine.interval import Interval
from circuitcli.engine.outward import inward, outward
from circuitcli.equations import Equations
from circuitcli.errors import UsageError
from circuitcli.library.roots_in_ranges import BOXES, ends_of, roots_in_ranges, roots_record, unfinished, without_roots
from circuitcli.proofs.roots import Claim, Doubt, Root, Roots
from circuitcli.render.number_format import FLOAT_DIGITS
from circuitcli.render.palette import VALUE_ON_SCREEN
from circuitcli.systems import on_request_to_end
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.render.text_table import PrintedTable


def roots_answer(asked: Request, output: Output, boxes: int | None, seconds: float | None) -> int:
    """Print the roots, and return the status."""
    assert isinstance(asked.circuit, Equations)
    asked.certain("bounds of a root hold for all inputs")
    if output.digits > FLOAT_DIGITS:
        raise UsageError("the bounds of roots are float64, which have 17 digits", "leave out --digits, or give 17")
    graph, equations = asked.circuit.differences(asked.graph)
    unknowns = {name: x for name, x in asked.box.items() if asked.values[name].upper is not None}
    _refuse_missing(asked)
    fixed = {name: x for name, x in asked.box.items() if name not in unknowns}
    deadline = inf if seconds is None else time.monotonic() + seconds
    with working("looking for roots", output.quiet), on_request_to_end():
        roots = roots_in_ranges(graph, equations, unknowns, fixed, boxes or BOXES, deadline)
    texts = [equation.text for equation in equations]
    return give(
        Answer(
            lambda: roots_record(asked.text, texts, unknowns, fixed, roots),
            lambda: [_row(root) for root in roots.found],
            lambda: _table(roots, unknowns, output),
            lambda: [_bare(root, output) for root in roots.found],
            lambda: _outcome(roots, unknowns, boxes or BOXES),
        ),
        output,
    )


def _refuse_missing(asked: Request) -> None:
    """Raise UsageError for an input without a value."""
    missing = [name for name in asked.graph.inputs if name not in asked.given and name not in asked.graph.defaults]
    if missing:
        shown = " ".join(f"-{name} -10..10" for name in missing)
        raise UsageError(f"{some_of(missing)} has no value", f"an unknown has a range, {shown}; others a number")


def _row(root: Root) -> Record:
    """A root as one row, with two columns for each unknown."""
    row: Record = {}
    for name, x in root.box.items():
        row[f"{name}_lo"], row[f"{name}_hi"] = ends_of(x)
    return {**row, "proof": root.claim.value}


def _bare(root: Root, output: Output) -> str:
    digits = output.asked_digits or FLOAT_DIGITS
    return " ".join([*_ends(root, digits), root.claim.value])


def _ends(root: Root, digits: int) -> list[str]:
    """The bounds of each unknown: rounded outward, unless all points between them are meant."""
    rounded = inward if root.claim is Claim.ALL else outward
    return [rounded(x, digits) for x in root.box.values()]


def _table(roots: Roots, unknowns: Mapping[str, Interval], output: Output) -> Iterable[PrintedTable | str]:
    from circuitcli.render.text_table import Column, PrintedTable

    if roots.found:
        columns = [*(Column(name, style=VALUE_ON_SCREEN) for name in unknowns), Column("root", number=False)]
        rows = [[*_ends(root, output.digits), root.claim.value] for root in roots.found]
        yield PrintedTable(columns, rows)
        if roots.whole:
            yield f" proven  there is no other within these ranges, after {boxes_looked_at(roots.boxes)}"


def _outcome(roots: Roots, unknowns: Mapping[str, Interval], most: int) -> Outcome:
    told = dict.fromkeys((root.claim, root.doubt) for root in roots.found)
    notes = [f"{claim.value}: {doubt.value}" for claim, doubt in told if doubt not in (None, Doubt.UNSEEN)]
    if roots.interrupted:
        return Outcome(notes, INTERRUPTED, loud=["interrupted: there may be roots beside these"])
    if not roots.whole:
        return Outcome(notes, NONFINITE, loud=[unfinished(roots, most)])
    if not roots.found:
        return Outcome(loud=[without_roots(unknowns)], status=NO)
    return Outcome(notes, DONE if roots.proven else NONFINITE)
