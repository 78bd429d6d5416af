"""Notes to a person: lines on standard error, which no pipe reads."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from circuitcli.render.palette import ALARM, CALM, coloured
from circuitcli.urls import masked
from circuitcli.visible_text import visible

PATIENCE = 2.0  # seconds, after which a terminal is told that there is still work
PULSE = 0.5
CLEAR = "\r\033[K"  # the line of a terminal
_shown: set[str] = set()  # what is being done, on a line that notes replace


def note(text: str, quiet: bool = False) -> None:
    """Write a note, unless the command is to be quiet."""
    if not quiet:
        sys.stdout.flush()  # so that a note stands behind its table where both go to one place
        tell(f"note: {text}")


def tell(text: str, alarm: int = 0) -> None:
    """Write to standard error, at a terminal so many of the first lines in red. What cannot be written there is lost,
    and the status stays."""
    shown = visible(masked(text))
    if alarm and coloured(stream=sys.stderr):
        lines = shown.split("\n")
        shown = "\n".join([*(f"{ALARM}{line}{CALM}" for line in lines[:alarm]), *lines[alarm:]])
    with suppress(OSError):
        print(f"{CLEAR * len(_shown)}{shown}", file=sys.stderr)


@contextmanager
def working(what: str, quiet: bool) -> Iterator[None]:
    """Tell a terminal, where the block takes long, for how many seconds it has been at it."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    import threading
    import time

    began, over = time.monotonic(), threading.Event()

    def pulse() -> None:
        wait = PATIENCE
        while not over.wait(wait):
            wait = PULSE
            _shown.add(what)
            _write(f"{CLEAR}{what}, for {time.monotonic() - began:.0f} s")
        if wait == PULSE:
            _shown.clear()
            _write(CLEAR)

    thread = threading.Thread(target=pulse, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(PATIENCE)


def _write(text: str) -> None:
    with suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()
