"""KINDS, the kinds of hostile input: a row each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.fuzz import caches, command_lines, row_files, signals, states, texts, verdict
from tests.fuzz.case import Case, Done
from tests.fuzz.program import Program

PATIENCE = 5.0  # seconds without progress: longer is a hang


class Kind(NamedTuple):
    """A kind: how a case is drawn, and how it is run and judged; an empty text is no fault."""

    draw: Callable[[Random], Case]
    run: Callable[[Program, Case, Path], tuple[Done, str]]
    patience: float = PATIENCE


def plainly(program: Program, case: Case, folder: Path) -> tuple[Done, str]:
    """Run a command, and judge it by what holds of every one."""
    done = program(case, folder)
    return done, verdict.fault(case, done)


# An ascent of 10,000 steps is progress that nobody sees here.
KINDS = {
    "texts": Kind(texts.draw, plainly),
    "command lines": Kind(command_lines.draw, plainly, 4 * PATIENCE),
    "files": Kind(row_files.draw, row_files.run),
    "states": Kind(states.draw, plainly),
    "caches": Kind(caches.draw, caches.run),
    "signals": Kind(signals.draw, signals.run, 2 * signals.LONGEST),  # it starts processes, which have their own limit
}
