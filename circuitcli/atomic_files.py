"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import BinaryIO, TextIO

from circuitcli.errors import FileError


@contextmanager
def whole_text(path: str) -> Iterator[TextIO]:
    """Open a file of text for writing; it takes its name when it is complete."""
    with whole_file(path) as stream, as_text(stream) as text:
        yield text


@contextmanager
def as_text(stream: BinaryIO) -> Iterator[TextIO]:
    """Write text to a stream of bytes, and leave it open."""
    text = TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    yield text
    text.detach()


@contextmanager
def whole_file(path: str) -> Iterator[BinaryIO]:
    """Open a file for writing; it takes its name when it is complete. After an error the old file is still there."""
    target = os.path.realpath(path)  # a link stays a link
    if os.path.isdir(target):
        raise FileError(f"cannot write {path}: it is a directory")
    # A device or a pipe is written directly: to replace it would destroy it.
    special = os.path.exists(path) and not os.path.isfile(target)
    folder, name = os.path.split(target)
    part = path if special else os.path.join(folder, f".{name}.{os.getpid()}.part")
    try:
        try:
            stream = open(part, "wb")  # noqa: SIM115  closed by the with below
        except OSError as error:
            raise FileError(f"cannot write {path}: {error.strerror}") from None
        with stream:
            yield stream
        if not special:
            os.replace(part, target)
    except OSError as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"cannot write {path}: {error.strerror}") from None
    finally:
        if not special:
            with suppress(FileNotFoundError):
                os.unlink(part)
