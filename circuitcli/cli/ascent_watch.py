"""Watching an ascent: its trace, the file of its state, its line of progress."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from circuitcli.ascent import Ascent, Problem, Progress, State, best, climb_from_many, steps_of_all
from circuitcli.cli.ascent_course import Course
from circuitcli.cli.notes import note
from circuitcli.cli.options import Output
from circuitcli.cli.text_files import called
from circuitcli.cli.trace_file import OTHERS
from circuitcli.errors import FileError, UsageError, reason
from circuitcli.render.machine_formats import trace_text
from circuitcli.systems import on_request_to_end
from circuitcli.tables.formats import FORMATS, format_named

if TYPE_CHECKING:
    from circuitcli.cli.live_curve import LiveCurve

PATIENCE = 0.2  # seconds between two lines of progress


def climbed(
    problem: Problem, course: Course, start: list[float], text: str, data: object, output: Output
) -> list[Ascent]:
    """The ascents of one command line, watched. `data` tells rows from other rows."""
    trace, state, starts, chosen, limits = course.trace, course.state, course.starts, course.choice, course.limits
    if trace is not None and set(OTHERS) & set(problem.names):
        own = "a trace has columns start, step, value and validation of its own"
        raise UsageError(own, "give the input another name")
    file = resumed = None
    if state is not None:
        from circuitcli.ascent.state_file import StateFile

        file = StateFile(state, _key(problem, course, start, text, data))
        resumed = file.read(problem, chosen, limits)
    curve = None
    if course.watch:
        from circuitcli.cli.live_curve import live_curve

        curve = live_curve(output.color, output.quiet, trace)
    kept = file.traced if file and resumed else None
    runs: list[Ascent] = []
    with suppress(_TraceLost), _traced(trace, kept, file is not None) as stream, on_request_to_end():
        seen = _Seen(problem, trace, stream, _trace_form(trace, output.form), starts.number, output.quiet, curve)

        if chosen.batches is not None:
            chosen.batches.told = seen.show

        def watch(progress: Progress) -> None:
            seen(progress)
            if file is not None:
                file.write(progress, seen.traced)

        seen.traced = kept or 0
        seen.skip(resumed)
        every = stream is not None or file is not None or curve is not None
        runs = climb_from_many(problem, chosen, limits, start, starts, watch, every, resumed)
        seen.clear()
        if seen.lost:
            raise _TraceLost if trace != "-" else FileError(f"cannot write: {seen.lost}", _so_far(runs))
    if len(runs) < starts.number and runs and not runs[-1].end.last:
        most = f"all together may take {steps_of_all(limits, starts):,} steps"
        note(f"{len(runs):,} of {starts.number:,} starts were made: {most}; more with --max-steps", output.quiet)
    return runs


class _TraceLost(Exception):  # noqa: N818
    """The trace could not be written to its end: it is not to appear as if it were whole."""


class _Seen:
    """Every state of the ascents, written to the trace and to the line of progress."""

    def __init__(
        self,
        problem: Problem,
        name: str | None,
        stream: IO[str] | None,
        to: str,
        many: int,
        quiet: bool,
        curve: LiveCurve | None,
    ) -> None:
        self._problem, self._name, self._stream, self._to, self._many = problem, name, stream, to, many
        self._line, self._curve = sys.stderr.isatty() and not quiet, curve
        self._patience = curve.between if curve is not None else PATIENCE
        self._shown = self._began = time.monotonic()
        self._last: tuple[int, int] = (-1, -1)  # start and step
        self._stood: tuple[int, State] | None = None  # of which start, and where
        self.traced = 0
        self.lost = ""  # why the trace ended before its end

    def skip(self, resumed: Progress | None) -> None:
        """Leave out what the trace has already."""
        if resumed is not None:
            count = len(resumed.ended)
            self._last = (count, resumed.state.steps) if resumed.state else (count - 1, sys.maxsize)

    def __call__(self, progress: Progress) -> None:
        state = progress.state
        if state is None:
            return
        start = len(progress.ended)
        if (start, state.steps) > self._last and not progress.over:
            self._last = start, state.steps
            self._trace(start, state)
            if self._curve is not None:
                self._curve.add(start, state.steps, self._problem.sign * state.here.value)
        self._stood = start, state
        self.show(state.steps)

    def show(self, steps: int) -> None:
        """Show the line of progress after so many steps, if it is time."""
        now = time.monotonic()
        if (self._line or self._curve) and now - self._shown > self._patience and self._stood is not None:
            self._shown = now
            start, state = self._stood
            which = f"start {start + 1:,} of {self._many:,}  " if self._many > 1 else ""
            value, rate = self._problem.sign * state.best.value, steps / (now - self._began)
            by = f"  validation {state.kept.validation:.10g}" if state.kept is not None else ""
            line = f"{which}step {steps:,}  value {value:.10g}{by}  {rate:,.0f} steps/s"
            if self._curve is not None:
                self._curve.draw(line)
                self._shown = time.monotonic()  # drawing takes its time
                return
            sys.stderr.write(f"\r\033[K{line}")
            sys.stderr.flush()

    def _trace(self, start: int, state: State) -> None:
        if self._stream is None:
            return
        here, sign = state.here, self._problem.sign
        names = self._problem.names
        inputs = dict(zip(names, here.x, strict=True))
        slopes = {name: sign * g for name, g in zip(names, here.gradient, strict=True)}
        lead = {"start": start} if self._many > 1 else {}
        values = {"value": sign * here.value}
        if state.validation is not None:
            values["validation"] = state.validation
        line = trace_text(state.steps, {**lead, **inputs}, values, slopes, self._to, start == 0)
        try:
            self._stream.write(line)
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            self.lost = reason(error)
            raise FileError(f"cannot write {called(self._name or '-')}: {self.lost}") from None
        self.traced += len(line.encode())

    def clear(self) -> None:
        """Take the line of progress away; the curve stays."""
        if self._curve is not None:
            self._curve.draw()
        if self._line or self._curve is not None:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


@contextmanager
def _traced(trace: str | None, kept: int | None, stated: bool) -> Iterator[IO[str] | None]:
    """The file of the trace. It appears whole; but where a state is kept, it grows with the state, and a resumed run
    goes on behind the bytes that are `kept`."""
    if trace is None:
        yield None
    elif trace == "-":
        yield sys.stdout
    elif not stated or not (os.path.isfile(trace) or not os.path.exists(trace)):
        from circuitcli.atomic_files import whole_text

        with whole_text(trace) as stream:
            yield stream
    else:
        if kept and (not os.path.exists(trace) or os.path.getsize(trace) < kept):
            raise UsageError(f"{trace} is not the trace that the state began", "remove both, or name others")
        try:
            with open(trace, "r+" if kept else "w", encoding="utf-8", newline="") as stream:
                if kept:
                    stream.truncate(kept)
                    stream.seek(kept)
                yield stream
        except OSError as error:
            if isinstance(error, FileError):
                raise
            raise FileError(f"cannot write {trace}: {reason(error)}") from None


def _trace_form(name: str | None, to: str) -> str:
    """The format of a trace: as its name tells, or on standard output as --to says; JSON Lines where that has no
    lines of text."""
    form = format_named(name) if name not in (None, "-") else FORMATS.get(to)
    return form.name if form is not None and not form.typed else "jsonl"


def _so_far(runs: Sequence[Ascent]) -> str:
    """The best point, where nothing else can tell it any more."""
    run = best(runs)
    inputs = [f"-{name} {x!r}" for name, x in zip(run.problem.names, run.found.x, strict=True)]
    return f"the best point so far: {' '.join(inputs)}"


def _key(problem: Problem, course: Course, start: Sequence[float], text: str, data: object) -> dict[str, object]:
    """All that the numbers depend on, by name; the limits of its length are no part of it."""
    limits = course.limits
    given = {**problem.objective.given, **dict(zip(problem.names, start, strict=True))}
    return {
        "expression": text,
        "sense": problem.sign,
        "inputs": given,
        "inputs that move": problem.names,
        "bounds": problem.bounds,
        "method": [course.choice.name, course.choice.told],
        "options": [limits.tol, limits.gtol, limits.ftol, limits.target, course.starts, problem.objective.options],
        "options of many starts": limits.max_steps if course.starts.number > 1 else None,
        "data": data,
    }
