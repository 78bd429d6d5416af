"""Machine code that is kept on disk, by what it was made of and for which processor, for the next process.

It is run only from a folder and a file that nobody but the user can have written, and that no link leads to, if the
digest in it is that of its key and of the code: what is damaged is made anew.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256

from circuitcli.systems import read_private, write_private
from circuitcli.user_folders import cache_folder

MOST = 256  # files; the oldest of more are removed
END = ".code"


def key_of(parts: Sequence[str]) -> str:
    """The name of what is made of all these."""
    return sha256("\0".join(parts).encode()).hexdigest()


def read(key: str) -> bytes | None:
    """The code of a name; None where none is kept that may be run."""
    try:
        content = read_private(_path(key))
    except OSError:
        return None
    digest, code = content[:32], content[32:]
    return code if digest == _digest(key, code) else None


def keep(key: str, code: bytes) -> None:
    """Keep code for the next process. Where the folder is not the user's alone, or cannot be written, each makes its
    own."""
    path = _path(key)
    with suppress(OSError):
        write_private(path, _digest(key, code) + code)
        with os.scandir(os.path.dirname(path)) as entries:
            old = [entry for entry in entries if entry.name.endswith(END)]
        if len(old) > MOST:
            for entry in sorted(old, key=lambda entry: entry.stat(follow_symlinks=False).st_mtime)[:-MOST]:
                os.unlink(entry.path)


def _path(key: str) -> str:
    return os.path.join(cache_folder(), "code", key + END)


def _digest(key: str, code: bytes) -> bytes:
    return sha256(key.encode() + code).digest()
