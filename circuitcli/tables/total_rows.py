"""Rows at the end of a table that may be the sum of those above."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

_LABELS = (  # noqa: SIM905  in the languages of the spreadsheets that files come from; a list takes a line a word
    "total totals sum sums subtotal average mean summe gesamt zwischensumme mittelwert durchschnitt "
    "somme totaux moyenne suma totales promedio media somma totale"
).split()
_KINDS = "grand ", "overall ", "sub-"


class TotalRow(NamedTuple):
    """The label of such a row, the column in which it stands, and the file as messages call it."""

    shown: str
    column: str
    label: str


def total_row(shown: str, columns: Sequence[str], cells: Sequence[str], used: Collection[str]) -> TotalRow | None:
    """The label of the last row of a file, if its first cell that is not empty is one of a total, and those of the
    columns that are used are not empty."""
    filled = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if cell.strip()}
    column, label = next(iter(filled.items()), ("", ""))
    if not filled.keys() >= {*used}:
        return None
    word = label.lower().rstrip(":").rstrip()
    for kind in _KINDS:
        word = word.removeprefix(kind)
    return TotalRow(shown, column, label) if word in _LABELS else None
