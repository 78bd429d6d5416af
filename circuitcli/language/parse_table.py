"""The parse table: lark builds it from the grammar once, then it is kept in the user's own cache folder.

lark's `cache=True` unpickles a predictable file name in a shared temporary directory. Here a file is read only if it
is the user's, stands in a folder that only the user can write, and carries its own digest; any other is replaced.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from hashlib import sha256

from lark import Lark
from lark import __version__ as lark_version

from circuitcli.compat import lark_parser
from circuitcli.user_folders import cache_folder

START = "program"


def grammar_file() -> str:
    """Return the path of the grammar: beside the package in a checkout, inside it in an installed wheel."""
    package = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    inside = os.path.join(package, "grammars", "circuit.lark")
    return inside if os.path.isfile(inside) else os.path.join(os.path.dirname(package), "grammars", "circuit.lark")


def load(callbacks: object) -> Lark:
    """Return a parser that calls the method of `callbacks` named by each rule it reduces."""
    with open(grammar_file(), "rb") as file:
        grammar = file.read()
    key = sha256(b"\0".join((grammar, lark_version.encode(), sys.version.encode()))).hexdigest()[:24]
    path = os.path.join(cache_folder(), f"parse-table-{key}.bin")
    saved = _read(path)
    if saved is not None:
        try:
            return lark_parser(saved, callbacks)
        except Exception:  # a whole file of something else: it is ours to replace
            pass
    saved = _build(grammar.decode())
    _write(path, saved)
    return lark_parser(saved, callbacks)


def _build(grammar: str) -> bytes:
    """The table of a grammar, as lark saves it."""
    import io

    # One regular expression for all tokens: the contextual lexer would compile some twenty at every start.
    table = io.BytesIO()
    Lark(grammar, start=START, parser="lalr", lexer="basic", maybe_placeholders=False).save(table)
    return table.getvalue()


def _read(path: str) -> bytes | None:
    """The table in a file, if the file is whole and nobody else can have written it; else None."""
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
    """Whether only the user can have written a file or a folder."""
    status = os.lstat(path)
    if sys.platform == "win32":
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022 and not stat.S_ISLNK(status.st_mode)


def _write(path: str, table: bytes) -> None:
    """Keep the table, whole or not at all. Where the folder cannot be written, every start builds the table."""
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
