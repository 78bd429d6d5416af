"""The form of a picture or text that the command line asks for, and where a picture goes."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from circuitcli.cli.text_files import write_text
from circuitcli.errors import UsageError
from circuitcli.render.file_endings import Row, ending_of, endings_of, with_ending
from circuitcli.render.picture_forms import PictureForm


def form_of(option: str, name: str | None, out: str | None, forms: Mapping[str, Row]) -> Row | None:
    """The form that an option names, else the one that the ending of a file means; of several forms with one ending
    that is the first. Raises UsageError where the two disagree."""
    ending = ending_of(out or "")
    meant = with_ending(ending, forms)
    if name is None and out not in (None, "-") and meant is None:
        raise UsageError(f"the ending of {out} is unknown", f"add {option}, or one of {endings_of(forms)}")
    if name and meant and ending not in forms[name].endings:
        raise UsageError(f"{option} {name} does not fit the name {out}", f"leave out {option}, or name another file")
    return forms[name] if name else meant


def refuse_terminal(form: PictureForm, out: str | None, example: str) -> None:
    """Raise UsageError for a picture of bytes that would go to a terminal; `example` is a name for a file."""
    if out in (None, "-") and not form.text and sys.stdout.isatty():
        raise UsageError(f"a {form.name.upper()} is not for a terminal", f"add --out {example}.{form.name}")


def write_picture(content: str | bytes, out: str | None) -> None:
    """Write to a file, which appears when it is complete; without one, or for `-`, to standard output."""
    if isinstance(content, str):
        write_text(content, out)
    elif out is None or out == "-":
        sys.stdout.buffer.write(content)
    else:
        from circuitcli.atomic_files import whole_file

        with whole_file(out) as stream:
            stream.write(content)
