"""Diagrams at a terminal: a tree with the output at its root, and every gate above its arguments."""

from __future__ import annotations

import sys
from shutil import get_terminal_size

from circuitcli.errors import columns as columns_of
from circuitcli.errors import shortened
from circuitcli.pictures.diagram import Box, Diagram
from circuitcli.render.palette import GRADIENT_ON_SCREEN, VALUE_ON_SCREEN
from circuitcli.render.screen_table import print_table
from circuitcli.render.text_table import Column, PrintedTable

DEEPEST = 12  # levels; a deeper gate has a tree of its own below
NARROWEST = 24  # columns that the gates always have


def tree_table(diagram: Diagram) -> PrintedTable:
    """The boxes with their numbers. A box that feeds several gates is shown once; at its other places ↑ points to a
    tree above, ↓ to one below."""
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
    return PrintedTable(columns, [[row[0], *([] if bare else row[1:3]), row[3]] for row in rows])


def print_tree(diagram: Diagram, color: str) -> None:
    """Print the tree of a diagram."""
    table = tree_table(diagram)
    columns, rows = table.columns, table.rows
    if sys.stdout.isatty():  # a line that wraps would cut the branches
        others = [
            max(columns_of(column.title), *(columns_of(row[i]) for row in rows)) for i, column in enumerate(columns)
        ]
        room = get_terminal_size().columns - sum(others[1:]) - 3 * len(columns)
        rows = [[shortened(row[0], max(room, NARROWEST)), *row[1:]] for row in rows]
    print_table(table._replace(rows=rows), color)


def _grow(boxes: dict[int, Box], root: int, shown: set[int], rows: list[list[str]]) -> list[int]:
    """Add the rows of one tree, and return the roots of the trees that go on where it is too deep."""
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
        feeds = [a for a in box.args if a is not None]
        for i, a in reversed(list(enumerate(feeds))):
            last = i == len(feeds) - 1
            pending.append((a, below + ("└─ " if last else "├─ "), below + ("   " if last else "│  ")))
    return later


def _mark(box: Box) -> str:
    """The name of a box at its other places."""
    return box.name or (box.label if box.is_input else f"#{box.id}")
