"""Tables for people as HTML, for notebooks: in the colours of a terminal, which are legible on light and dark paper."""

from __future__ import annotations

from html import escape

from circuitcli.render.text_table import Column, PrintedTable, filled, titled

LOOKS = {"bold": "font-weight:bold", "italic": "font-style:italic", "dim": "opacity:0.6"}  # of a style's words


def html_table(table: PrintedTable) -> str:
    """A table as HTML, without columns that are empty."""
    columns, rows = filled(table)
    looks = [_look(column) for column in columns]
    head = "".join(f'<th style="{_side(column)}">{escape(column.title)}</th>' for column in columns if titled(columns))
    lines = [f"<thead><tr>{head}</tr></thead>"] if head else []
    lines.append("<tbody>")
    for i, row in enumerate(rows):
        strong = ";font-weight:bold" if i in table.main else ""
        cells = [f'<td style="{look}{strong}">{escape(cell)}</td>' for look, cell in zip(looks, row, strict=True)]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    note = f"<p>{escape(table.note)}</p>" if table.note else ""
    return "\n".join(["<table>", *lines, "</tbody>", f"</table>{note}"])


def _look(column: Column) -> str:
    """The style sheet of the cells of a column; other words of its style are names of colours."""
    words = [LOOKS.get(word, f"color:{word}") for word in column.style.split()]
    return ";".join([_side(column), "white-space:pre", *words])


def _side(column: Column) -> str:
    return f"text-align:{'right' if column.number else 'left'}"
