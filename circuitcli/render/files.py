"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from circuitcli.errors import FileError


@contextmanager
def whole_file(path: str) -> Iterator[TextIO]:
    """A file to write, which takes its name only when it is complete; an error leaves what was there before."""
    target = Path(path)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        try:
            stream = part.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise FileError(f"cannot write {path}: {error.strerror}") from None
        with stream:
            yield stream
        part.replace(target)
    except OSError as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"cannot write {path}: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
