"""Pictures that the command line asks for: of which form they are, and where they go."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO

from circuitcli.errors import UsageError


def form_of(form: str | None, out: str | None, endings: Mapping[str, str]) -> str | None:
    """What `--format` says, or the ending of a file, which must not say otherwise."""
    ending = os.path.splitext(out or "")[1].lower()
    if form is None and out not in (None, "-") and ending not in endings:
        raise UsageError(f"the ending of {out} names no form", f"add --format; these are known: {', '.join(endings)}")
    told = endings.get(ending, form)
    if form and told != form:
        raise UsageError(f"--format {form} is not what {out} is called after", "leave it out, or name another file")
    return told


@contextmanager
def picture_file(form: str, out: str | None, example: str) -> Iterator[BinaryIO]:
    """A picture to write: a file, which appears when it is complete, or without one, or for `-`, standard output.
    `example` is how a file might be called."""
    if out is None or out == "-":
        if form != "svg" and sys.stdout.isatty():
            raise UsageError(f"a {form.upper()} is not for a terminal", f"add --out {example}.{form}")
        yield sys.stdout.buffer
        return
    from circuitcli.whole import whole_file

    with whole_file(out) as stream:
        yield stream
