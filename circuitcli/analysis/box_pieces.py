"""The stand of a gate over a box: on one smooth piece, at a kink for some inputs of the box, or where it jumps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from circuitcli.engine.interval import Interval
from circuitcli.engine.intervals import INTERVALS, Intervals
from circuitcli.engine.passes import forward
from circuitcli.gates import GATES
from circuitcli.graph import Graph, Node
from circuitcli.held_gates import HeldGate
from circuitcli.wire_types import MAYBE


class Stand(Enum):
    """The ways in which a gate may stand, the worst last."""

    SMOOTH = "smooth"
    KINKS = "kinks"
    JUMPS = "jumps"


def stand(
    node: Node, value: Interval, xs: Sequence[Interval], needed: Sequence[bool], m: Intervals = INTERVALS
) -> Stand:
    """The stand of a node whose value and arguments are within bounds, where the needed nodes move."""
    if isinstance(node.gate, HeldGate):
        return _stand_of_held(node.gate, value, xs, m)
    row = GATES[node.gate]
    kink = row.kink_along([needed[a] for a in node.args])
    bent = kink is not None and bool(kink(m, value, *xs))
    if row.choice is None and (bent or (row.pieced and not is_known(row.piece_at(m, value, *xs)))):
        return Stand.JUMPS
    return Stand.KINKS if bent else Stand.SMOOTH


def _stand_of_held(gate: HeldGate, value: Interval, xs: Sequence[Interval], m: Intervals) -> Stand:
    """A root has a kink where its circuit has one, an integral where the circuit jumps at an end."""
    circuit = gate.circuit
    names, needed = [*circuit.inputs], circuit.depends_on([*circuit.inputs.values()])
    root = gate.kind == "root"
    for x in (value,) if root else xs[-2:]:
        given = dict(zip(names, (x, *xs), strict=False))
        for _, found in rough_nodes(circuit, forward(circuit, m, given, m.gates), needed, m):
            if root or found is Stand.JUMPS:
                return Stand.KINKS
    return Stand.SMOOTH


def rough_nodes(
    graph: Graph, values: Sequence[Interval], needed: Sequence[bool], m: Intervals = INTERVALS
) -> Iterator[tuple[int, Stand]]:
    """The gates that may stand at a kink, or jump, among those that the needed nodes move."""
    for k, node in enumerate(graph.nodes):
        if node.args and needed[k]:
            found = stand(node, values[k], [values[a] for a in node.args], needed, m)
            if found is not Stand.SMOOTH:
                yield k, found


def may_jump(node: Node, value: Interval, xs: Sequence[Interval]) -> bool:
    """Whether the value of a node may be on either side of a jump."""
    row = GATES[node.gate]
    return row.pieced and row.choice is None and not is_known(row.piece_at(INTERVALS, value, *xs))


def is_whole(graph: Graph, values: Sequence[Interval], needed: Sequence[bool], m: Intervals = INTERVALS) -> bool:
    """Whether no gate jumps that the needed nodes move."""
    return all(found is not Stand.JUMPS for _, found in rough_nodes(graph, values, needed, m))


def is_known(piece: object) -> bool:
    """Whether a gate is on a single piece."""
    if isinstance(piece, tuple):
        return all(map(is_known, piece))
    return piece.lo == piece.hi if isinstance(piece, Interval) else piece is not MAYBE
