"""Notes to a person: lines on standard error, which no pipe reads."""

from __future__ import annotations

import sys
from contextlib import suppress

from circuitcli.urls import masked
from circuitcli.visible_text import visible


def note(text: str, quiet: bool = False) -> None:
    """Write a note, unless the command is to be quiet."""
    if not quiet:
        sys.stdout.flush()  # so that a note stands behind its table where both go to one place
        tell(f"note: {text}")


def tell(text: str) -> None:
    """Write to standard error. What cannot be written there is lost, and the status stays."""
    with suppress(OSError):
        print(visible(masked(text)), file=sys.stderr)
