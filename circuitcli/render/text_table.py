"""Tables for people as they stand in a pipe, padded by hand. A digit is never cut or shortened."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from circuitcli.errors import columns as columns_of
from circuitcli.visible_text import visible

GAP = 3  # columns that each column of a table takes at a terminal beside its width


class Column(NamedTuple):
    """The head of a column. At a narrow terminal `words` go on in the next line, and other text has … in its middle."""

    title: str
    number: bool = True
    style: str = ""
    words: bool = False


class PrintedTable(NamedTuple):
    """A table for people. It has a header where a column has a title; `note` tells what is left out. The rows in `main`
    stand out. `narrow` makes a table with shorter texts for a terminal of so many columns, if it is too wide."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    note: str = ""
    main: Collection[int] = ()
    narrow: Callable[[int], PrintedTable] | None = None


def width(table: PrintedTable) -> int:
    """The columns of a terminal that a table takes."""
    columns, rows = filled(table)
    return width_of(widths_of(columns, rows))


def filled(table: PrintedTable) -> tuple[list[Column], list[list[str]]]:
    """The columns that are not empty, and their rows, as a terminal may show them."""
    used = [i for i, c in enumerate(table.columns) if c.title or any(row[i] for row in table.rows)]
    columns = [table.columns[i]._replace(title=visible(table.columns[i].title)) for i in used]
    return columns, [[visible(row[i]) for i in used] for row in table.rows]


def plain_text(table: PrintedTable) -> str:
    """A table as text, its columns padded."""
    columns, rows = filled(table)
    lines = [[c.title for c in columns]] * titled(columns) + rows
    widths = widths_of(columns, rows)
    return "\n".join(
        " " + "   ".join(padded(cell, c, w) for c, w, cell in zip(columns, widths, line, strict=True)).rstrip()
        for line in lines
    )


def padded(cell: str, column: Column, width: int) -> str:
    """A cell as wide as its column."""
    spaces = " " * (width - columns_of(cell))
    return spaces + cell if column.number else cell + spaces


def with_points_aligned(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows, in which the points of a column of numbers that are alike in size stand below each other."""
    from circuitcli.render.aligned_column import numbers_aligned, of_similar_size

    cells = [list(column) for column in zip(*rows, strict=True)]
    for i, column in enumerate(columns):
        if column.number and rows and of_similar_size(cells[i]):
            aligned = numbers_aligned("", cells[i])
            cells[i] = [aligned.padded(cell) for cell in cells[i]]
    return [list(row) for row in zip(*cells, strict=True)]


def widths_of(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[int]:
    """The widths of columns in which nothing is shortened."""
    return [max([columns_of(c.title), *(columns_of(row[i]) for row in rows)]) for i, c in enumerate(columns)]


def width_of(widths: Sequence[int]) -> int:
    """The width of a table at a terminal, from those of its columns."""
    return sum(widths) + GAP * len(widths) - 1


def titled(columns: Sequence[Column]) -> bool:
    """Whether a table has a header."""
    return any(c.title for c in columns)
