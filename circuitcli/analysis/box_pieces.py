"""The stand of a gate over a box: on one smooth piece, at a kink for some inputs of the box, or where it jumps."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from circuitcli.engine.interval import Interval
from circuitcli.engine.intervals import INTERVALS, MAYBE
from circuitcli.gates import GATES
from circuitcli.graph import Graph, Node


class Stand(Enum):
    """The ways in which a gate may stand, the worst last."""

    SMOOTH = "smooth"
    KINKS = "kinks"
    JUMPS = "jumps"


def stand(node: Node, value: Interval, xs: Sequence[Interval], needed: Sequence[bool]) -> Stand:
    """The stand of a node whose value and arguments are within bounds, where the needed nodes move."""
    row = GATES[node.gate]
    kink = row.kink_along([needed[a] for a in node.args])
    bent = kink is not None and bool(kink(INTERVALS, value, *xs))
    if row.choice is None and (bent or (row.pieced and not _is_known(row.piece_at(INTERVALS, value, *xs)))):
        return Stand.JUMPS
    return Stand.KINKS if bent else Stand.SMOOTH


def may_jump(node: Node, value: Interval, xs: Sequence[Interval]) -> bool:
    """Whether the value of a node may be on either side of a jump."""
    row = GATES[node.gate]
    return row.pieced and row.choice is None and not _is_known(row.piece_at(INTERVALS, value, *xs))


def is_whole(graph: Graph, values: Sequence[Interval], needed: Sequence[bool]) -> bool:
    """Whether no gate jumps that the needed nodes move."""
    return all(
        not (node.args and needed[k])
        or stand(node, values[k], [values[a] for a in node.args], needed) is not Stand.JUMPS
        for k, node in enumerate(graph.nodes)
    )


def _is_known(piece: object) -> bool:
    """Whether a gate is on a single piece."""
    if isinstance(piece, tuple):
        return all(map(_is_known, piece))
    return piece.lo == piece.hi if isinstance(piece, Interval) else piece is not MAYBE
