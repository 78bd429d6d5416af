"""The command line: a table of commands, a file a command and a file a kind of answer, and what they share."""

from __future__ import annotations

from circuitcli.cli.running import main, run

__all__ = ["main", "run"]
