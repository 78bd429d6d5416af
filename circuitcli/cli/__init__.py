"""The command line: a table of commands, a file a command and a file a kind of answer, and what they share."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # as in circuitcli/__init__.py
if TYPE_CHECKING:
    from typing import NoReturn

__all__ = ["main", "run"]


def main() -> NoReturn:
    """Run the words of the command line and leave with its status, also where Ctrl-C comes while all is loaded."""
    try:
        from circuitcli.cli.running import main

        main()
    except KeyboardInterrupt:
        from circuitcli.cli.exit_status import INTERRUPTED

        os._exit(INTERRUPTED)


def run(words: list[str]) -> int:
    """Run a command line and return its exit status."""
    from circuitcli.cli.running import run

    return run(words)
