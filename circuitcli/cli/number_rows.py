"""Lists of numbers as other tools write them, [[1, 2], [3, 4]] and 1 2 3, and as a family takes them."""

from __future__ import annotations

import re
from collections.abc import Sequence

PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_ARRAY = r"(?:(?:np|numpy|jnp|torch)\.)?(?:array|tensor)\((.*)\)"


def rows_of(text: str) -> list[list[str]]:
    """Return the rows of numbers in a text such as 1,2;3,4 or [[1, 2], [3, 4]] or 1 2 3; none for another text, and for
    a single number.

    >>> rows_of("((1, 2), (3, 4))")
    [['1', '2'], ['3', '4']]
    """
    text = re.sub(_ARRAY, r"\1", text.strip())
    inner = re.sub(r"\s*[\])}]\s*,\s*[\[({]\s*", ";", text).strip("[](){} ")
    rows = [re.split(r"\s*,\s*|\s+", row.strip(" ,")) for row in inner.split(";")]
    if not all(PLAIN.fullmatch(word) for row in rows for word in row) or len({*map(len, rows)}) > 1:
        return []
    if len(rows) > 1 and len(rows[0]) == 1:
        rows = [[word for row in rows for word in row]]
    return rows if len(rows) * len(rows[0]) > 1 else []


def in_our_form(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of numbers as one word of a command line.

    >>> in_our_form([["1", "2"], ["3", "4"]])
    '"1,2;3,4"'
    """
    text = ";".join(",".join(row) for row in rows)
    return f'"{text}"' if ";" in text else text
