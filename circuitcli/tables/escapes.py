"""Escapes of formats without quotes, such as TSV: a backslash stands before what would end a cell or a row."""

from __future__ import annotations

import re

_LETTERS = {"\\": "\\", "\t": "t", "\n": "n", "\r": "r"}
_CHARACTERS = {letter: character for character, letter in _LETTERS.items()}
_ESCAPED = re.compile(r"\\([tnr\\]|x[0-9a-f]{2})")


def escapes_of(separator: str) -> list[tuple[str, str]]:
    """The characters that no cell may have as they are, each with what is written for it; to be replaced in order."""
    characters = dict.fromkeys(("\\", separator, "\n", "\r"))
    return [(c, "\\" + _LETTERS.get(c, f"x{ord(c):02x}")) for c in characters]


def escaped(cell: str, separator: str) -> str:
    """A cell as it is written."""
    for character, escape in escapes_of(separator):
        cell = cell.replace(character, escape)
    return cell


def unescaped(cell: str) -> str:
    """A cell as it was."""
    return _ESCAPED.sub(lambda found: _CHARACTERS.get(found[1]) or chr(int(found[1][1:], 16)), cell)
