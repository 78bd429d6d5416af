"""The parse table: built from the grammar by lark once, then kept in the user's own cache directory.

lark's `cache=True` unpickles a predictable file name in a shared temporary directory. Here the file is read only if
it is the user's, in a directory that only the user can write, and carries its own digest; anything else is rebuilt.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from hashlib import sha256
from typing import Any

from lark import Lark
from lark import __version__ as lark_version

START = "program"


def grammar_file() -> str:
    """The grammar, beside the package in a checkout and inside it in an installed wheel."""
    package = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    inside = os.path.join(package, "grammars", "circuit.lark")
    return inside if os.path.isfile(inside) else os.path.join(os.path.dirname(package), "grammars", "circuit.lark")


def cache_directory() -> str:
    """Where a program keeps what it can make again."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        usual = os.environ.get("LOCALAPPDATA") or home
    else:
        usual = os.path.join(home, "Library/Caches" if sys.platform == "darwin" else ".cache")
    return os.path.join(os.environ.get("XDG_CACHE_HOME") or usual, "circuit")


def load(callbacks: object) -> Lark:
    """A parser that calls the method of `callbacks` named by each rule it reduces."""
    with open(grammar_file(), "rb") as file:
        grammar = file.read()
    key = sha256(b"\0".join((grammar, lark_version.encode(), sys.version.encode()))).hexdigest()[:24]
    path = os.path.join(cache_directory(), f"parse-table-{key}.bin")
    saved = _read(path)
    if saved is not None:
        try:
            return _restore(saved, callbacks)
        except Exception:  # a file that unpickles to something else: it is ours to replace
            pass
    saved = _build(grammar.decode())
    _write(path, saved)
    return _restore(saved, callbacks)


def _build(grammar: str) -> bytes:
    import io

    # One regular expression for all tokens: the contextual lexer would compile some twenty at every start.
    table = io.BytesIO()
    Lark(grammar, start=START, parser="lalr", lexer="basic", maybe_placeholders=False).save(table)
    return table.getvalue()


def _restore(saved: bytes, callbacks: object) -> Lark:
    import pickle

    table: dict[str, Any] = pickle.loads(saved)  # what _read let through, or _build made
    # What lark's stand-alone parsers call: `Lark.load` has no way to pass callbacks.
    parser: Lark = Lark._load_from_dict(table["data"], table["memo"], transformer=callbacks)  # type: ignore[no-untyped-call]
    return parser


def _read(path: str) -> bytes | None:
    """The table in a file that nobody else can have written and that is whole, else None."""
    try:
        if not (_private(os.path.dirname(path)) and _private(path)):
            return None
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        return None
    digest, table = content[:32], content[32:]
    return table if sha256(table).digest() == digest else None


def _private(path: str) -> bool:
    """Whether only the user can have written it."""
    status = os.lstat(path)
    if sys.platform == "win32":
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022 and not stat.S_ISLNK(status.st_mode)


def _write(path: str, table: bytes) -> None:
    """Keep the table, whole or not at all; where the directory cannot be written every start builds it."""
    part = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        if not _private(os.path.dirname(path)):
            return
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:
            file.write(sha256(table).digest() + table)
        os.replace(part, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(part)
