"""Gates with the derivatives that a textbook has, for formulas that are only read: the rules of the table keep digits
where these would cancel."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from circuitcli.gates import GATES, Gate, Table
from circuitcli.graph import Graph
from circuitcli.language import graph_of, parse
from circuitcli.wire_types import C, W

if TYPE_CHECKING:
    from circuitcli.arithmetic import Arithmetic
    from circuitcli.rule_types import Vjp


def textbook_gates() -> Mapping[str, Gate]:
    """The table of gates, with these rules where it has others."""
    return Table({name: _with_slopes(gate) if gate.slopes else gate for name, gate in GATES.items()})


@cache
def _with_slopes(gate: Gate) -> Gate:
    return gate._replace(rules=tuple([_rule(graph_of(parse(text)), gate.names) for text in gate.slopes]))


def _rule(slope: Graph, names: tuple[str, ...]) -> Vjp:
    """The rule of a derivative in terms of the arguments, whose gates stay gates."""

    def rule(m: Arithmetic[W, C], g: W, o: W, *xs: W) -> W:
        known, wires = dict(zip(names, xs, strict=False)), list[W]()
        for gate, args, text in slope.nodes:
            leaf = known[text] if text in known else None if args else m.constant(text)
            wires.append(getattr(m, gate)(*[wires[a] for a in args]) if leaf is None else leaf)
        return g * wires[slope.output]

    return rule
