"""Hints for a column that is to be renamed and is not there."""

from __future__ import annotations

from collections.abc import Sequence

from circuitcli.language.names import near
from circuitcli.visible_text import shell_word


def instead_of_rename(old: str, new: str, columns: Sequence[str]) -> str:
    """The options to write: one for each of several names that were joined by commas, or that of a column called much
    alike; empty where no column is."""
    pairs = [pair.strip().rpartition("=") for pair in f"{old}={new}".split(",")]
    meant = [near(name, list(columns)) for name, _, _ in pairs]
    if not all(meant):
        return ""
    options = [f"--rename {shell_word(f'{name}={to}')}" for name, (_, _, to) in zip(meant, pairs, strict=True)]
    return f"write {' '.join(options)}"
