"""The answer of `grad --rounding`: how many digits of the result to believe, and which nodes cost the others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from circuitcli.analysis.point import Point
from circuitcli.analysis.rounding import Rounding, digits_left, exact, relative_to, rounding
from circuitcli.cli.answers.answer import Answer, Record
from circuitcli.cli.answers.point_answer import node_table, point_record
from circuitcli.cli.answers.point_outcome import told_with
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request
from circuitcli.constants import CONSTANTS
from circuitcli.graph import CONSTANT, Graph
from circuitcli.notation import written_nodes

if TYPE_CHECKING:
    from circuitcli.render.text_table import PrintedTable


def rounding_answer(asked: Request, point: Point, output: Output) -> Answer:
    """The answer at a point, with the rounding of every node and in all."""
    inexact = [name for name, value in asked.values.items() if not _is_float(value.graph)]
    found, guaranteed = _guaranteed(rounding(point, inexact), asked, point)
    return Answer(
        lambda: point_record(asked.text, point, rounding_record(found, guaranteed)),
        lambda: _rows(point, found),
        lambda: _table(point, found, guaranteed, output),
        lambda: [f"{found.absolute!r} {found.relative!r} {found.digits}"],
        lambda: told_with("--rounding", point, output),
    )


def _guaranteed(found: Rounding, asked: Request, point: Point) -> tuple[Rounding, bool]:
    """The rounding at a point, and whether it is a bound: of first order alone it becomes the guaranteed one where that
    is larger, and stays where there is none."""
    from circuitcli.analysis.perturbed import RoundedGraph, effect_of_rounding

    fixed = {name: value.graph for name, value in asked.values.items()}
    effect = effect_of_rounding(RoundedGraph(point.graph, fixed), {})
    if effect.bound <= found.absolute < math.inf:
        return found, True
    if not effect.bound < math.inf:
        return found, False
    relative = relative_to(effect.bound, abs(point.value))
    return Rounding(effect.moves, effect.bound, relative, digits_left(relative)), True


def rounding_record(found: Rounding, guaranteed: bool, more: Mapping[str, object] = {}) -> Record:
    """The `rounding`; `nodes` has by how much each node may move the output."""
    absolute, relative, digits = found.absolute, found.relative, found.digits
    numbers = {"absolute": absolute, "relative": relative, "digits": digits, "guaranteed": guaranteed}
    return {"rounding": {**numbers, **more, "nodes": found.nodes}}


def _rows(point: Point, found: Rounding) -> list[Record]:
    """A row a node, constants among them: how far its rounding moves the output, and its share of the whole."""
    shares = shares_of(found)
    return [
        {"id": k, "node": node, "value": value, "gradient": slope, "moves": moves, "share": share}
        for k, (node, value, slope, moves, share) in enumerate(
            zip(written_nodes(point.graph), point.values, point.gradients, found.nodes, shares, strict=True)
        )
    ]


def shares_of(found: Rounding) -> list[float | None]:
    """The share of each node of the whole; None where that is 0 or infinite."""
    return [x / found.absolute if 0.0 < found.absolute < math.inf else None for x in found.nodes]


def rounding_columns(found: Rounding) -> dict[str, dict[int, str]]:
    """The columns of a table of nodes: how far the rounding of each moves the output, and its share."""
    told = {k: x for k, x in enumerate(found.nodes) if x > 0.0}
    shares = {k: f"{100.0 * x:.0f} %" for k, x in enumerate(shares_of(found)) if x}
    return {"moves": {k: f"{x:.2g}" for k, x in told.items()}, "share": shares}


def _table(point: Point, found: Rounding, guaranteed: bool, output: Output) -> Iterable[PrintedTable | str]:
    yield node_table(point, output, more=rounding_columns(found))
    sure = "guaranteed" if guaranteed else "to first order"
    yield f"\n rounding  ± {found.absolute:.2g}, relative {found.relative:.2g}: {found.digits} digits good, {sure}"
    yield from of_constants(point, found)


def of_constants(point: Point, found: Rounding) -> Iterable[str]:
    """The line on constants that are no floats, which the table of nodes leaves out."""
    moves = zip(point.graph.nodes, found.nodes, strict=True)
    if constants := sum(x for node, x in moves if node.gate == CONSTANT and x > 0.0):
        yield f" including {constants:.2g} from constants that are no float64, such as 0.1"


def _is_float(graph: Graph) -> bool:
    """Whether the value of an input is a number that float64 has."""
    node = graph.nodes[graph.output]
    return node.gate == CONSTANT and node.text not in CONSTANTS and exact(node.text)
