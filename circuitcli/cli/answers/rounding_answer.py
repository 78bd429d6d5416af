"""The answer of `grad --rounding`: how many digits of the result to believe, and which nodes cost the others."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from circuitcli.analysis.point import Point
from circuitcli.analysis.rounding import Rounding, exact, rounding
from circuitcli.cli.answers.answer import Answer, Record
from circuitcli.cli.answers.point_answer import node_table, point_record, written_nodes
from circuitcli.cli.answers.point_outcome import told_with
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request
from circuitcli.constants import CONSTANTS
from circuitcli.graph import CONSTANT, Graph

if TYPE_CHECKING:
    from circuitcli.render.text_table import PrintedTable


def rounding_answer(asked: Request, point: Point, output: Output) -> Answer:
    """The answer at a point, with the rounding of every node and in all."""
    inexact = [name for name, value in asked.values.items() if not _is_float(value.graph)]
    found = rounding(point, inexact)
    return Answer(
        lambda: point_record(asked.text, point, _record(found)),
        lambda: _rows(point, found),
        lambda: _table(point, found, output),
        lambda: [f"{found.absolute!r} {found.relative!r} {found.digits}"],
        lambda: told_with("--rounding", point, output),
    )


def _record(found: Rounding) -> Record:
    """The `rounding`; `nodes` has by how much each node may move the output."""
    absolute, relative, digits = found.absolute, found.relative, found.digits
    return {"rounding": {"absolute": absolute, "relative": relative, "digits": digits, "nodes": found.nodes}}


def _rows(point: Point, found: Rounding) -> list[Record]:
    """A row a node, constants among them: how far its rounding moves the output, and its share of the whole."""
    shares = [x / found.absolute if 0.0 < found.absolute < math.inf else None for x in found.nodes]
    return [
        {"id": k, "node": node, "value": value, "gradient": slope, "moves": moves, "share": share}
        for k, (node, value, slope, moves, share) in enumerate(
            zip(written_nodes(point.graph), point.values, point.gradients, found.nodes, shares, strict=True)
        )
    ]


def _table(point: Point, found: Rounding, output: Output) -> Iterable[PrintedTable | str]:
    told = {k: x for k, x in enumerate(found.nodes) if x > 0.0}
    shares = {k: f"{100.0 * x / found.absolute:.0f} %" for k, x in told.items() if found.absolute < math.inf}
    yield node_table(point, output, more={"moves": {k: f"{x:.2g}" for k, x in told.items()}, "share": shares})
    yield f"\n rounding  ± {found.absolute:.2g}, relative {found.relative:.2g}: {found.digits} digits good"
    if constants := sum(x for k, x in told.items() if point.graph.nodes[k].gate == CONSTANT):
        yield f" including {constants:.2g} from constants that are no float64, such as 0.1"


def _is_float(graph: Graph) -> bool:
    """Whether the value of an input is a number that float64 has."""
    node = graph.nodes[graph.output]
    return node.gate == CONSTANT and node.text not in CONSTANTS and exact(node.text)
