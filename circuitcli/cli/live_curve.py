"""The curve of an ascent at a terminal while it runs: each frame takes the place of the one before."""

from __future__ import annotations

import shutil
import sys

from circuitcli.cli.notes import note
from circuitcli.errors import UsageError
from circuitcli.extras import refuse_missing
from circuitcli.render.palette import coloured

MOST = 4_000  # steps of a start that are kept; of more, every second
TALL = 18  # lines at most, so that the answer has room below


class LiveCurve:
    """The values of each start so far, drawn on standard error, so many seconds `between` two frames."""

    between = 0.1

    def __init__(self, coloured: bool) -> None:
        self._coloured, self._lines = coloured, 0
        self._steps: dict[int, list[float]] = {}
        self._values: dict[int, list[float]] = {}
        self._every: dict[int, int] = {}

    def add(self, start: int, step: int, value: float) -> None:
        """Take in one step."""
        every = self._every.setdefault(start, 1)
        if step % every:
            return
        steps, values = self._steps.setdefault(start, []), self._values.setdefault(start, [])
        steps.append(float(step))
        values.append(value)
        if len(steps) > MOST:
            self._every[start] = 2 * every
            for numbers in (steps, values):
                numbers[:] = numbers[::2]

    def draw(self, below: str = "") -> None:
        """Draw all steps so far in place of the last frame, with one more line below."""
        import numpy as np

        from circuitcli.pictures.ascent_runs import Run, runs_over_steps
        from circuitcli.render.terminal_runs import run_lines

        if not self._steps:
            return
        runs = [Run(f"start {k}", np.array(self._steps[k]), np.array(self._values[k])) for k in self._steps]
        found = runs_over_steps("", runs)
        if found.empty:
            return
        width, height = shutil.get_terminal_size()
        lines = [f" {found.fixed}", *run_lines(found, width - 1, max(min(TALL, height - 3), 8), self._coloured)]
        back = f"\033[{self._lines}A" if self._lines else ""
        sys.stderr.write(f"\r{back}\033[J" + "\n".join([*lines, below[: width - 1]]))
        sys.stderr.flush()
        self._lines = len(lines)


def live_curve(color: str, quiet: bool, trace: str | None) -> LiveCurve | None:
    """The curve that --watch asks for; None, with a note, where standard error is no terminal. Raises UsageError for a
    trace on the same terminal."""
    if trace == "-":
        raise UsageError("--watch draws at the terminal, and --trace - writes there", "name a file: --trace run.jsonl")
    refuse_missing("--watch needs", ("numpy", "plotext"), "plot")
    if not sys.stderr.isatty():
        note("--watch draws at a terminal, and standard error is none", quiet)
        return None
    return LiveCurve(coloured(color, sys.stderr))
