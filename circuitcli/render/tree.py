"""Diagrams at a terminal: a tree with the output at its root, every gate above what feeds it."""

from __future__ import annotations

from circuitcli.diagram import Box, Diagram
from circuitcli.render.colours import GRADIENT_ON_SCREEN, VALUE_ON_SCREEN
from circuitcli.render.table import Column, print_table

DEEPEST = 12  # levels; what is deeper is a tree of its own, below


def print_tree(diagram: Diagram, color: str) -> None:
    """Print the boxes with their numbers. What feeds several gates is shown where it is met first; ↑ says where it is
    met again, ↓ that its own tree follows."""
    boxes = {box.id: box for box in diagram.boxes}
    shown: set[int] = set()
    rows: list[list[str]] = []
    roots = [diagram.boxes[-1].id]
    for root in roots:
        if root not in shown:
            roots += _grow(boxes, root, shown, rows)
    numbers = [Column("value", style=VALUE_ON_SCREEN), Column("gradient", style=f"italic {GRADIENT_ON_SCREEN}")]
    columns = [Column("gate", False), *numbers, Column("", False, "yellow")]
    bare = not any(row[1] for row in rows)
    columns[1:3] = [] if bare else columns[1:3]
    print_table(columns, [[row[0], *([] if bare else row[1:3]), row[3]] for row in rows], color)


def _grow(boxes: dict[int, Box], root: int, shown: set[int], rows: list[list[str]]) -> list[int]:
    """Add the rows of one tree; the answer is the roots of those that go on with what is too deep."""
    later: list[int] = []
    pending = [(root, "", "")]
    while pending:
        k, lead, below = pending.pop()
        box = boxes[k]
        text = " = ".join(part for part in (box.name, box.label) if part)
        if k in shown:
            rows.append([f"{lead}{_mark(box)} ↑", "", "", ""])
            continue
        level = len(below) // 3
        if level >= DEEPEST and box.args:
            rows.append([f"{lead}{_mark(box)} ↓", "", "", ""])
            later.append(k)
            continue
        shown.add(k)
        head = f"{_mark(box)}: " if k == root and rows and not box.name else ""
        rows.append([f"{lead}{head}{text}", box.value, box.gradient, "kink" if box.kink else ""])
        feeds = list(box.args)
        for i, a in reversed(list(enumerate(feeds))):
            last = i == len(feeds) - 1
            if a is None:
                continue
            pending.append((a, below + ("└─ " if last else "├─ "), below + ("   " if last else "│  ")))
    return later


def _mark(box: Box) -> str:
    """What a box is called elsewhere."""
    return box.name or (box.label if box.is_input else f"#{box.id}")
