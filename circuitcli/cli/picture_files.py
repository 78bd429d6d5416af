"""Pictures that the command line asks for: of which form they are, and where they go."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO

from circuitcli.errors import UsageError


def form_of(
    option: str, form: str | None, out: str | None, endings: Mapping[str, str], alike: Mapping[str, str] = {}
) -> str | None:
    """What an option says, or the ending of a file, which must not say otherwise; `alike` are forms that have the
    ending of another."""
    ending = os.path.splitext(out or "")[1].lower()
    if form is None and out not in (None, "-") and ending not in endings:
        raise UsageError(f"the ending of {out} is none that is known", f"add {option}, or one of {', '.join(endings)}")
    told = endings.get(ending, form)
    if form and told not in (form, alike.get(form)):
        raise UsageError(
            f"{option} {form} is not what {out} is called after", f"leave out {option}, or name another file"
        )
    return form or told


@contextmanager
def picture_file(form: str, out: str | None, example: str) -> Iterator[BinaryIO]:
    """A picture to write: a file, which appears when it is complete, or without one, or for `-`, standard output.
    `example` is how a file might be called."""
    if out is None or out == "-":
        if form != "svg" and sys.stdout.isatty():
            raise UsageError(f"a {form.upper()} is not for a terminal", f"add --out {example}.{form}")
        yield sys.stdout.buffer
        return
    from circuitcli.atomic_files import whole_file

    with whole_file(out) as stream:
        yield stream
