"""Layers no wider than a phone: boxes are stacked from the output upwards, as many in a row as there is room.

A row has boxes all of whose users are below it, and a passing wire for each other box that has a user there. The choice
of the boxes decides how many wires pass, as the order of evaluation decides how many registers a sum takes. Several
rules choose, and the best result is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from circuitcli.pictures.diagram import Diagram
from circuitcli.render.box_room import GAP, PASSING

WIDEST = 490.0  # letters of 13 units are 9 pixels then, on a phone of 390 pixels
WIRE = 2.0 * PASSING + GAP

Rule: TypeAlias = Callable[[int, int], tuple[int, ...]]  # of a box, and of the row since which it waits; least first


class _Stack(NamedTuple):
    """Rows of boxes from the output upwards, and the width of the widest."""

    rows: list[list[int]]
    width: float


def narrow_layers(diagram: Diagram, width: Mapping[int, float]) -> dict[int, int]:
    """The layer of each box, from the top down; `width` is that of each box."""
    args = {box.id: [a for a in dict.fromkeys(box.args) if a is not None] for box in diagram.boxes}
    depth: dict[int, int] = {}
    for k, feeds in args.items():
        depth[k] = max([depth[a] + 1 for a in feeds], default=0)
    rules: list[Rule] = [
        lambda k, since: (-depth[k], since),  # the longest way first: few rows
        lambda k, since: (len(args[k]), -since),  # inputs first: few wires
        lambda k, since: (-since, len(args[k])),  # one argument after the other
    ]
    stacks = [_stacked(diagram.boxes[-1].id, args, width, rule) for rule in rules]
    rows = min(stacks, key=lambda stack: (max(WIDEST, stack.width), len(stack.rows))).rows
    return {k: len(rows) - 1 - i for i, row in enumerate(rows) for k in row}


def _stacked(output: int, args: Mapping[int, list[int]], width: Mapping[int, float], rule: Rule) -> _Stack:
    """The rows that a rule chooses."""
    users = dict.fromkeys(args, 0)  # without a place
    for feeds in args.values():
        for a in feeds:
            users[a] += 1
    rows: list[list[int]] = []
    waiting, widest = {output: 0}, 0.0
    while waiting:
        row: list[int] = []
        taken = len(waiting) * WIRE
        for k in sorted(waiting, key=lambda k: rule(k, waiting[k])):
            more = width[k] + GAP - WIRE
            if users[k] == 0 and (not row or taken + more <= WIDEST + GAP):
                row.append(k)
                taken += more
        widest = max(widest, taken - GAP)
        rows.append(row)
        for k in row:
            del waiting[k]
        for k in row:
            for a in reversed(args[k]):  # first arguments are higher up
                users[a] -= 1
                waiting.setdefault(a, len(rows))
    return _Stack(rows, widest)
