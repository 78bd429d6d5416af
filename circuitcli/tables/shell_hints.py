"""Command lines in hints: what changes a file on its way into this program."""

from __future__ import annotations

from circuitcli.visible_text import shell_word

CONVERT = "iconv -f latin1 -t utf-8"
STDIN = "<stdin>"  # as messages call it


def piped(command: str, shown: str, more: str = "") -> str:
    """A line to type: a command reads the file that messages call so, and this program what it writes, perhaps with
    `more` options. A file that the command cannot read as it is, being packed or far, is not named."""
    from circuitcli.tables.packing import unpacked_name
    from circuitcli.urls import is_far

    named = shown != STDIN and not is_far(shown) and not unpacked_name(shown)[1]
    return f"{command}{f' {shell_word(shown)}' if named else ''} | circuit ... -{f' {more}' if more else ''}"
