"""Cells that are separated by blanks: runs of spaces and tabs, as in aligned tables."""

from __future__ import annotations

import re

BLANK = " "  # the separator, as options and the start of a file tell it
_BLANKS = b" \t"
_CELL = re.compile(rb'"(?:[^"]|"")*"(?=[ \t]|$)|[^ \t"][^ \t]*')


def with_tabs(line: bytes) -> bytes | None:
    """A line with one tab between its cells, of which some may stand in quotes; None where the quotes do not fit."""
    if b'"' not in line and b"\r" not in line:
        return b"\t".join(line.split())
    line = line.rstrip(_BLANKS)
    row = line.removesuffix(b"\r").strip(_BLANKS)
    if row.count(b'"') % 2 or _CELL.sub(b"", row).strip(_BLANKS):
        return None
    return b"\t".join(_CELL.findall(row)) + line[len(line.removesuffix(b"\r")) :]
