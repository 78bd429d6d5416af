"""Texts that the command line names: files, and `-` for standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from circuitcli.errors import FileError, UsageError, reason

LONGEST_TEXT = 64 * 2**20  # bytes of a program or of inputs; a device or a pipe may never end


def called(name: str) -> str:
    """A file as messages call it."""
    return "standard input" if name == "-" else name


def read_text(name: str) -> str:
    """A whole file, or for `-` standard input, which must be UTF-8 and no longer than LONGEST_TEXT."""
    try:
        if name == "-":
            if sys.stdin.isatty():
                raise UsageError("standard input is a terminal", "pipe something into it, or write the expression")
            content = sys.stdin.buffer.read(LONGEST_TEXT + 1)
        else:
            with open(name, "rb") as file:
                content = file.read(LONGEST_TEXT + 1)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise FileError(f"no such file: {name}") from None
        raise FileError(f"cannot read {called(name)}: {reason(error)}") from None
    if len(content) > LONGEST_TEXT:
        raise FileError(f"{called(name)} is longer than {LONGEST_TEXT >> 20} MB", "rows of data follow the expression")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(f"{called(name)} is no text: byte {error.start} is not UTF-8") from None


def refuse_overwriting(option: str, name: str | None, read: Iterable[str]) -> None:
    """Raise UsageError where the file that an option names is one of those that are read."""
    if name in (None, "-"):
        return
    from circuitcli.tables.storage import real

    if real(name) in map(real, read):
        raise UsageError(f"{option} {name} would write over what is read", "name another file")


def write_text(text: str, out: str | None) -> None:
    """Write to a file, which appears when it is complete; without one, or for `-`, to standard output."""
    if out is None or out == "-":
        sys.stdout.write(text)
        return
    from circuitcli.atomic_files import whole_text

    with whole_text(out) as stream:
        stream.write(text)
