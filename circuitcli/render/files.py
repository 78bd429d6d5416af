"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from circuitcli.errors import FileError


@contextmanager
def whole_file(path: str) -> Iterator[TextIO]:
    """A file to write, which takes its name only when it is complete; an error leaves what was there before."""
    folder, name = os.path.split(path)
    part = os.path.join(folder, f".{name}.{os.getpid()}.part")
    try:
        try:
            stream = open(part, "w", encoding="utf-8", newline="")  # noqa: SIM115  closed by the with below
        except OSError as error:
            raise FileError(f"cannot write {path}: {error.strerror}") from None
        with stream:
            yield stream
        os.replace(part, path)
    except OSError as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"cannot write {path}: {error.strerror}") from None
    finally:
        with suppress(FileNotFoundError):
            os.unlink(part)
