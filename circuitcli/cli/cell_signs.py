"""The signs of CSV that options name: between cells, and between groups of digits."""

from __future__ import annotations

from circuitcli.errors import UsageError


def delimiter_of(text: str | None) -> str:
    """The sign of --delimiter; tabs and blanks have a name."""
    if text is None:
        return ""
    from circuitcli.tables.blank_cells import BLANK

    sign = {"tab": "\t", "\\t": "\t", "blank": BLANK}.get(text, text)
    if len(sign) != 1 or not sign.isascii() or sign.isalnum() or sign in '"\r\n':
        raise UsageError(
            f"--delimiter {text} is no sign between cells", "write for example --delimiter ';', tab or blank"
        )
    return sign


def thousands_of(text: str | None, decimal: str | None) -> str:
    """The sign of --thousands."""
    if text is None:
        return ""
    if len(text) != 1 or text.isalnum() or text in '+-"\r\n' or text == (decimal or ("," if text == "." else ".")):
        hint = "write for example --thousands ,; beside --thousands . decimals have a comma: --decimal ,"
        raise UsageError(f"--thousands {text} is no sign between digits", hint)
    return text
