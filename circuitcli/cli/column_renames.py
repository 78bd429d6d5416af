"""The words of --rename and --vector: other names for columns, one by one or as a family."""

from __future__ import annotations

import re
from collections.abc import Sequence

from circuitcli.errors import UsageError
from circuitcli.language.names import canonical, is_identifier
from circuitcli.name_lists import listed

MOST = 1_000_000  # columns between the ends of x1..x30
SHAPE = "write --vector x=x1..x30, or --vector x=age,height"


def column_renames(renames: Sequence[str], vectors: Sequence[str]) -> list[tuple[str, str]]:
    """Return pairs of the name of a column and the name by which the expression calls it."""
    return [*map(_rename, renames), *(pair for text in vectors for pair in _vector(text))]


def _rename(text: str) -> tuple[str, str]:
    old, sign, new = text.rpartition("=")
    if not sign or not new:
        raise UsageError(f"--rename {text} says no new name", "write --rename OLD=NEW")
    return old, canonical(new)


def _vector(text: str) -> list[tuple[str, str]]:
    """The columns of x=age,height or of x=x1..x30, and the elements x[1], x[2] that they become."""
    name, sign, columns = text.partition("=")
    stem = canonical(name.strip())
    if not sign or not is_identifier(stem):
        raise UsageError(f"--vector {text} names no family", SHAPE)
    found = [column for word in listed(columns) for column in between(f"--vector {text}", word)]
    if not all(found):
        raise UsageError(f"--vector {text} has an empty name", SHAPE)
    return [(column, f"{stem}[{i}]") for i, column in enumerate(found, 1)]


def between(what: str, word: str) -> list[str]:
    """The names from x1 to x30 of x1..x30, all digits kept: x01..x30 has x02; of another word the word. Raises
    UsageError, which says in `what` it stands, where there are none."""
    match = re.fullmatch(r"(.*?)(\d+)\s*\.\.\s*(.*?)(\d+)", word)
    if match is None:
        return [word]
    stem, first, other, last = match.groups()
    count = int(last) - int(first) + 1
    if other not in ("", stem) or not 0 < count <= MOST:
        raise UsageError(f"{what}: {word} is no range of columns", SHAPE)
    return [f"{stem}{i:0{len(first)}}" for i in range(int(first), int(last) + 1)]
