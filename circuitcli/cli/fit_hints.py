"""The hint for a fit that gives one value per row: the sum over the rows that is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from circuitcli.cli.other_names import measured
from circuitcli.language.syntax import is_readable
from circuitcli.visible_text import in_quotes

WRAP = "wrap it in mean(...) or sum(...)"
_SQUARE = r"\(.+\)\s*(?:\^|\*\*)\s*2(?:\s*/\s*.+)?"


def of_one_per_row(text: str, columns: Sequence[str], numbers: Sequence[str], descends: bool) -> str:
    """The hint for an expression with one value per row, over a file with these `columns`, of which `numbers` have
    numbers in their first row: of squares where it is a residual, y = f, or a model without the column that it is to
    meet."""
    found = re.fullmatch(r"((?:[^;\n]*[;\n]\s*)*)([^;\n]+?)\s*;?\s*", text)
    if not descends or found is None:
        return WRAP
    before, last = found[1], found[2]
    sides = re.fullmatch(r"([^\W\d]\w*)\s*=(?!=)\s*(.+)", last)
    if sides and sides[1] in columns:
        return _written(before, f"sum(({sides[1]} - {_as_a_term(sides[2])})^2)") or WRAP
    body = sides[2] if sides else last
    if re.fullmatch(_SQUARE, body):
        return _written(before, f"sum({body})") or WRAP
    if (first := re.match(r"([^\W\d]\w*)\s*-", body)) and first[1] in columns:
        return _written(before, f"sum(({body})^2)") or WRAP
    target = measured(text, numbers)
    fit = _written(before, f"sum(({target} - {_as_a_term(body)})^2)")
    is_left = target in numbers and re.search(rf"\b{target}\b", text) is None
    return f"to fit it to {target}, {fit}; else {WRAP}" if fit and is_left else WRAP


def _as_a_term(body: str) -> str:
    """A text as it can be taken off: in parentheses, unless it is a product."""
    outside = body
    while (inner := re.sub(r"\([^()]*\)", "", outside)) != outside:
        outside = inner
    return body if re.fullmatch(r"[\w\s.*/^]+", outside) else f"({body})"


def _written(before: str, last: str) -> str:
    """The hint to write the statements before the last one, and another last one; empty for what cannot be read."""
    text = f"{before}{last}"
    return f"write {in_quotes(text)}" if "\n" not in text and is_readable(text) else ""
