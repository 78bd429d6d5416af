"""Notes to a person: lines on standard error, which no pipe reads."""

from __future__ import annotations

import sys

from circuitcli.urls import masked
from circuitcli.visible_text import visible


def note(text: str, quiet: bool = False) -> None:
    """Write a note, unless the command is to be quiet."""
    if not quiet:
        sys.stdout.flush()  # so that a note stands behind its table where both go to one place
        print(visible(masked(f"note: {text}")), file=sys.stderr)
