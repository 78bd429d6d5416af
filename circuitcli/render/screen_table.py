"""Tables at a terminal. What does not fit is told in another way: by shorter texts, and at last row by row, with a line
for each number. A number is never broken."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from circuitcli.errors import columns as columns_of
from circuitcli.errors import shortened
from circuitcli.render.text_table import (
    GAP,
    Column,
    PrintedTable,
    filled,
    padded,
    plain_text,
    titled,
    width_of,
    widths_of,
    with_points_aligned,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

LEAST = 12  # columns that a text keeps beside numbers
INDENT = 2  # of the numbers of a row that has lines of its own
_TOKEN = re.compile(r"#?[\w.]+(?:(?<=[\d.][eE])[+-]\d+)?|\s+|.")


def print_table(table: PrintedTable, color: str = "auto") -> None:
    """Print a table to standard output, without columns that are empty. `color`: auto, always or never."""
    if color == "always" or sys.stdout.isatty():
        from shutil import get_terminal_size

        from circuitcli.render.palette import coloured

        _print_on_screen(table, get_terminal_size().columns, coloured(color))
    else:
        print(plain_text(table))


def _print_on_screen(table: PrintedTable, room: int, styled: bool) -> None:
    """Print a table on a terminal of so many columns."""
    columns, rows = filled(table)
    if width_of(widths_of(columns, rows)) > room and table.narrow is not None:
        table = table.narrow(room)
        columns, rows = filled(table)
    aligned = with_points_aligned(columns, rows)
    if width_of(widths_of(columns, aligned)) <= room:
        rows = aligned
    console = _console(room, styled)
    widths = _fitting(columns, rows, room)
    first = next((i + 1 for i, c in enumerate(columns) if not c.number), 0)
    if width_of(widths) <= room or len(columns) == 1:
        _print_flat(console, columns, rows, widths, table.main)
    elif INDENT + width_of(_fitting(columns[first:], [row[first:] for row in rows], room - INDENT)) <= room:
        _print_below(console, columns, rows, first, table.main)
    else:
        _print_by_row(console, columns, rows, first, table.main)


def _console(room: int, styled: bool) -> Console:
    from rich.console import Console

    console = Console(
        force_terminal=True, no_color=not styled, highlight=False, markup=False, emoji=False, legacy_windows=False
    )
    console.width = room
    return console


def _fitting(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """The widths of columns: those of text, the widest first, as much less as it takes to fit, if that is enough."""
    widths = widths_of(columns, rows)
    least = [
        w if c.number else min(w, _least(c, [row[i] for row in rows]))
        for i, (c, w) in enumerate(zip(columns, widths, strict=True))
    ]

    def at_most(width: int) -> list[int]:
        return [max(low, min(w, width)) for low, w in zip(least, widths, strict=True)]

    widest = max(widths, default=0)
    level = bisect_left(range(widest), True, key=lambda width: width_of(at_most(width + 1)) > room)
    return at_most(level)


def _least(column: Column, cells: Iterable[str]) -> int:
    """The fewest columns that a text takes: of words the longest."""
    title = columns_of(column.title)
    if column.words:
        return max([title, *(columns_of(word) for cell in cells for word in cell.split())])
    return max(title, LEAST)


def _print_flat(
    console: Console,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    main: Collection[int],
) -> None:
    from rich.box import Box
    from rich.table import Table
    from rich.text import Text

    plain = console.no_color
    rule = Box("    \n    \n ── \n    \n    \n    \n    \n    \n")
    bold = "" if plain else "bold"
    table = Table(box=rule, show_header=titled(columns), show_edge=False, pad_edge=True, header_style=bold)
    for column, width in zip(columns, widths, strict=True):
        table.add_column(
            Text(column.title),
            justify="right" if column.number else "left",
            no_wrap=True,
            min_width=width,
            style="" if plain else column.style,
        )
    for i, row in enumerate(rows):  # a number may have spaces behind it, which Rich would take off to justify it
        cells = [
            Text(padded(cell, c, w) if c.number else "\n".join(within(cell, c, w)), justify="left")
            for c, w, cell in zip(columns, widths, row, strict=True)
        ]
        table.add_row(*cells, style=bold if i in main else "")
    console.width = max(console.width, width_of(widths))
    console.print(table, soft_wrap=False)


def _print_below(
    console: Console, columns: Sequence[Column], rows: Sequence[Sequence[str]], first: int, main: Collection[int]
) -> None:
    """Print each row in lines of its own: first its text, and below it the other cells, in columns."""
    from rich.text import Text

    room, bold = console.width, "" if console.no_color else "bold"
    others = columns[first:]
    widths = _fitting(others, [row[first:] for row in rows], room - INDENT)
    if titled(columns):
        heads = [padded(c.title, c, w) for c, w in zip(others, widths, strict=True)]
        lines = [
            *_headline(columns[:first], [c.title for c in columns[:first]], room, bold),
            Text(_indented(heads), bold),
        ]
        for line in [*lines, Text("─" * (INDENT + width_of(widths)))]:
            console.print(line, soft_wrap=True)
    for k, row in enumerate(rows):
        for line in _headline(columns[:first], row[:first], room, bold if k in main else ""):
            console.print(line, soft_wrap=True)
        pieces = [within(cell, c, w) for c, w, cell in zip(others, widths, row[first:], strict=True)]
        for cells in zip_longest(*pieces, fillvalue=""):
            styled = [
                (" " * GAP + padded(cell, c, w), "" if console.no_color else c.style)
                for c, w, cell in zip(others, widths, cells, strict=True)
            ]
            console.print(Text.assemble(*styled), soft_wrap=True)


def _indented(cells: Sequence[str]) -> str:
    return "".join(" " * GAP + cell for cell in cells)


def _print_by_row(
    console: Console, columns: Sequence[Column], rows: Sequence[Sequence[str]], first: int, main: Collection[int]
) -> None:
    """Print each row as a line of its text, and below it a line for each of the other cells, with its title."""
    room, label = console.width, max((columns_of(c.title) for c in columns[first:]), default=0)
    for k, row in enumerate(rows):
        lines = _headline(columns[:first], row[:first], room, "" if console.no_color or k not in main else "bold")
        for column, cell in zip(columns[first:], row[first:], strict=True):
            if cell:
                lines += _labelled(column, cell.strip(), label, room, console.no_color)
        for line in lines:
            console.print(line, soft_wrap=True)


def _headline(columns: Sequence[Column], cells: Sequence[str], room: int, style: str) -> list[Text]:
    """The lines of the text of a row, behind its number."""
    from rich.text import Text

    if not any(cells):
        return []
    before = " ".join(["", *(f"{cell} " for cell in cells[:-1] if cell), ""])
    width = max(LEAST, room - columns_of(before))
    lines = within(cells[-1], columns[-1]._replace(words=True), width)  # it has the room of as many lines as it needs
    pieces = [piece for line in lines for piece in within(line, columns[-1]._replace(words=False), width)]
    starts = [before, *[" " * columns_of(before)] * (len(pieces) - 1)]
    return [Text(start + piece, style) for start, piece in zip(starts, pieces, strict=True)]


def _labelled(column: Column, cell: str, label: int, room: int, plain: bool) -> list[Text]:
    """The lines of a cell behind its title; below it, if there is no room."""
    from rich.text import Text

    start = " " * (1 + INDENT) + column.title + " " * (label - columns_of(column.title) + 2)
    style = "" if plain else column.style
    if columns_of(start) + (columns_of(cell) if column.number else LEAST) <= room:
        pieces = [cell] if column.number else within(cell, column, room - columns_of(start))
        starts = [start, *[" " * columns_of(start)] * (len(pieces) - 1)]
        return [Text.assemble(a, (piece, style)) for a, piece in zip(starts, pieces, strict=True)]
    deeper = " " * (1 + 2 * INDENT)
    pieces = [cell] if column.number else within(cell, column, max(LEAST, room - len(deeper)))
    title = [Text(" " * (1 + INDENT) + column.title)] if column.title else []
    return [*title, *(Text.assemble(deeper, (piece, style)) for piece in pieces)]


def within(text: str, column: Column, width: int) -> list[str]:
    """The lines of a text in so many columns: words in several, other text in one, with … in its middle."""
    if columns_of(text) <= width:
        return [text]
    if column.words:
        from textwrap import wrap

        return wrap(text, width, break_long_words=False, break_on_hyphens=False)
    return [in_the_middle(text, width)]


def in_the_middle(text: str, width: int) -> str:
    """A text of at most so many columns, with … for what is left out of its middle; a number stays whole or goes."""
    tokens = deque(_TOKEN.findall(text))
    head, tail, left = "", "", width - 1
    while tokens:
        before = columns_of(head) <= columns_of(tail)
        token = tokens.popleft() if before else tokens.pop()
        if columns_of(token) > left:
            if not head and (token[0].isalpha() or token[0] == "_"):  # a name that is too long for itself
                head = shortened(token, max(left // 2, 1)).removesuffix("…")
            break
        head, tail = (head + token, tail) if before else (head, token + tail)
        left -= columns_of(token)
    return f"{head.rstrip()}…{tail.lstrip()}"
