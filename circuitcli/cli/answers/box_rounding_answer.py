"""The answer of `grad --rounding` over ranges of inputs: how far float64 is off at most, and which nodes cost that."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from circuitcli.analysis.box_point import BoxPoint
from circuitcli.analysis.rounding import Rounding
from circuitcli.analysis.rounding_bound import RoundingBound
from circuitcli.cli.answers.answer import Answer, Outcome, Record
from circuitcli.cli.answers.box_answer import box_outcome
from circuitcli.cli.answers.point_answer import node_table, point_record
from circuitcli.cli.answers.rounding_answer import of_constants, rounding_columns, rounding_record, shares_of
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request
from circuitcli.notation import in_words, written_nodes

if TYPE_CHECKING:
    from circuitcli.render.text_table import PrintedTable

BOXES, WORK = 5_000, 60_000  # into which a box is cut where nobody says, and nodes of all of them together: seconds


def box_rounding_answer(asked: Request, point: BoxPoint, output: Output, boxes: int | None) -> Answer:
    """The bound of the rounding over the box of the inputs."""
    fixed = {name: value.graph for name, value in asked.values.items() if value.upper is None}
    count = max(1, min(BOXES, WORK // len(asked.graph.nodes))) if boxes is None else boxes
    bound = RoundingBound(point.graph, fixed, asked.box, count)
    found = Rounding(bound.nodes, bound.absolute, bound.relative, bound.digits)
    more: Record = {"met": bound.met, "at": bound.at, "parts": bound.parts}
    return Answer(
        lambda: point_record(asked.text, point, rounding_record(found, bound.absolute < math.inf, more)),
        lambda: _rows(point, found),
        lambda: _table(point, found, bound, output),
        lambda: [f"{found.absolute!r} {found.relative!r} {found.digits}"],
        lambda: _outcome(point, found, output),
    )


def _rows(point: BoxPoint, found: Rounding) -> list[Record]:
    """A row a node, as at a point, with two columns for what has bounds."""
    return [
        {
            "id": k,
            "node": node,
            "value_lo": value.lo + 0.0,
            "value_hi": value.hi + 0.0,
            "gradient_lo": None if slope is None else slope.lo + 0.0,
            "gradient_hi": None if slope is None else slope.hi + 0.0,
            "moves": moves,
            "share": share,
        }
        for k, (node, value, slope, moves, share) in enumerate(
            zip(written_nodes(point.graph), point.values, point.gradients, found.nodes, shares_of(found), strict=True)
        )
    ]


def _table(point: BoxPoint, found: Rounding, bound: RoundingBound, output: Output) -> Iterable[PrintedTable | str]:
    yield node_table(point, output, more=rounding_columns(found))
    if found.absolute == math.inf:
        yield "\n rounding  no bound was found"
        return
    digits = f", relative {found.relative:.2g}: {found.digits} digits good" if found.relative < math.inf else ""
    yield f"\n rounding  ± {found.absolute:.2g}{digits}, guaranteed in all of the box"
    yield from of_constants(point, found)
    if bound.met > 0.0:
        where = ", ".join(f"{name} = {x:.6g}" for name, x in bound.at.items())
        yield f" the worst point that was met has ± {bound.met:.2g}: {where}"


def _outcome(point: BoxPoint, found: Rounding, output: Output) -> Outcome:
    """The notes on the bounds, and on the node that has none of its rounding."""
    plain = box_outcome(point, output)
    if found.absolute < math.inf:
        return plain
    node = next((k for k, x in enumerate(found.nodes) if x == math.inf), point.graph.output)
    why = f"nothing bounds the rounding of {in_words(point.graph)[node]}, which may overflow, jump or leave its domain"
    return Outcome([*plain.notes, f"{why}: narrow the range, or look closer with --boxes"], output.nonfinite)
