"""A command line that runs within a process, whose caller gets what it prints and what it found."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.cli.answers.answer import overhearing
from circuitcli.cli.exit_status import INTERRUPTED
from circuitcli.cli.running import run

if TYPE_CHECKING:
    from circuitcli.cli.answers.answer import Answer
    from circuitcli.cli.options import Output
    from circuitcli.errors import CircuitError


class Heard(NamedTuple):
    """The text of a command, the notes beside it, its exit status, and its answer with the look that was asked for:
    None where it has pictures, texts or rows."""

    text: str
    notes: list[str]
    status: int
    answer: tuple[Answer, Output] | None


def heard(words: Sequence[str]) -> Heard:
    """Run a command line. Raises its errors."""
    errors: list[CircuitError] = []
    out, err = _stream(), _stream()
    with overhearing() as answers, redirect_stdout(out), redirect_stderr(err):
        status = run([*words], errors.append)
    if errors:
        raise errors[0]
    if status == INTERRUPTED:
        raise KeyboardInterrupt
    return Heard(_written(out).rstrip("\n"), _written(err).splitlines(), status, answers[-1] if answers else None)


def _stream() -> io.TextIOWrapper:
    """A stream that takes text, and as pictures are written bytes."""
    return io.TextIOWrapper(io.BytesIO(), "utf-8", newline="", write_through=True)


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
