"""The parse table: built from the grammar by lark once, then kept in the user's own cache directory.

lark's `cache=True` unpickles a predictable file name in a shared temporary directory. Here the file is read only if
it is the user's, in a directory that only the user can write, and carries its own digest; anything else is rebuilt.
"""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from lark import Lark
from lark import __version__ as lark_version

START = "program"


def grammar_file() -> Path:
    """The grammar, beside the package in a checkout and inside it in an installed wheel."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "grammars" / "circuit.lark"
    return inside if inside.is_file() else package.parent / "grammars" / "circuit.lark"


def cache_directory() -> Path:
    """Where a program keeps what it can make again."""
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"]) / "circuit"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "circuit" / "cache"
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  Path.home() raises where there is none
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "circuit"


def load(callbacks: object) -> Lark:
    """A parser that calls the method of `callbacks` named by each rule it reduces."""
    grammar = grammar_file().read_bytes()
    key = sha256(b"\0".join((grammar, lark_version.encode(), sys.version.encode()))).hexdigest()[:24]
    path = cache_directory() / f"parse-table-{key}.bin"
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
    return Lark._load_from_dict(table["data"], table["memo"], transformer=callbacks)


def _read(path: Path) -> bytes | None:
    """The table in a file that nobody else can have written and that is whole, else None."""
    try:
        if not (_private(path.parent) and _private(path)):
            return None
        content = path.read_bytes()
    except OSError:
        return None
    digest, table = content[:32], content[32:]
    return table if sha256(table).digest() == digest else None


def _private(path: Path) -> bool:
    status = path.lstat()
    if sys.platform == "win32":
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022 and not path.is_symlink()


def _write(path: Path, table: bytes) -> None:
    """Keep the table, whole or not at all; where the directory cannot be written every start builds it."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _private(path.parent):
            return
        part.write_bytes(sha256(table).digest() + table)
        part.chmod(0o600)
        part.replace(path)
    except OSError:
        try:
            part.unlink()
        except OSError:
            return
