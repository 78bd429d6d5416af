"""Hints for a column that is to be renamed and is not there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from circuitcli.language.names import near
from circuitcli.nested_names import stem_of
from circuitcli.visible_text import shell_word

Renames = Sequence[tuple[str, str]]


def names_in_file(columns: Sequence[str], renames: Renames) -> list[str]:
    """Return columns by the names that they had before some were renamed."""
    before = {new: old for old, new in renames}
    return [before.get(name, name) for name in columns]


def instead_of_rename(old: str, new: str, columns: Sequence[str], renames: Renames) -> str:
    """The options to write: one for each of several names that were joined by commas, or that of a column called much
    alike; empty where no column is. `columns` are the names in the file."""
    if (stem := stem_of(new)) != new:
        return _instead_of_vector(stem, [name for name, other in renames if stem_of(other) == stem], columns)
    pairs = [pair.strip().rpartition("=") for pair in f"{old}={new}".split(",")]
    meant = [near(name, list(columns)) for name, _, _ in pairs]
    if not all(meant):
        return ""
    options = [f"--rename {shell_word(f'{name}={to}')}" for name, (_, _, to) in zip(meant, pairs, strict=True)]
    return f"write {' '.join(options)}"


def _instead_of_vector(stem: str, names: Sequence[str], columns: Sequence[str]) -> str:
    """The option for a family of columns of which some are not there: of those that are, where these are the first, of
    columns called much alike, or of those that are called as the family and numbered."""
    there = [name for name in names if name in columns]
    others = [name for name in columns if name not in there]
    meant = [name if name in there else near(name, others) for name in names]
    if there and there == [*names[: len(there)]] and len(there) > 1:
        meant = there
    elif not all(meant) or len({*meant}) < len(meant):
        meant = [name for name in columns if re.fullmatch(rf"{re.escape(stem)}_?\d+", name, re.IGNORECASE)]
    return f"write --vector {shell_word(f'{stem}={_in_short(meant)}')}" if meant else ""


def _in_short(names: Sequence[str]) -> str:
    """Names with numbers that count up by their ends, x1..x30; others one by one."""
    parts = [re.fullmatch(r"(.*?)([1-9]\d*|0)", name) for name in names]
    numbers = [int(part[2]) for part in parts if part]
    stems = {part[1] for part in parts if part}
    runs = len(numbers) == len(names) > 2 and len(stems) == 1
    if runs and numbers == [*range(numbers[0], numbers[0] + len(numbers))]:
        return f"{names[0]}..{names[-1]}"
    return ",".join(names)
