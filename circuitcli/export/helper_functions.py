"""Helper functions that exported code carries along: picked from a file by what a program needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_NAME = {"c.c": r"static \w+ (\w+)\(", "javascript.js": r"function (\w+)\("}


class Piece(NamedTuple):
    """A definition, and the names that it uses."""

    text: str
    uses: frozenset[str]


def float_helpers(names: Iterable[str]) -> list[str]:
    """The definitions of functions of this package's own arithmetic of floats, with those that they need."""
    return _needed({**_python("engine", "c99")[1], **_python("engine", "special_functions")[1]}, names)


def array_helpers(library: str, names: Iterable[str]) -> tuple[list[str], list[str]]:
    """The imports of code for a library of arrays, and the definitions that it needs."""
    imports, defined = _python("export.helpers", f"for_{library}")
    return imports, _needed(defined, names)


def native_helpers(file: str, names: Iterable[str]) -> list[str]:
    """The definitions in a file of another language."""
    return _needed(_native(file), names)


def _needed(defined: Mapping[str, Piece], names: Iterable[str]) -> list[str]:
    """The pieces, in the order in which they stand."""
    wanted: set[str] = set()
    pending = [name for name in names if name in defined]
    while pending:
        name = pending.pop()
        if name not in wanted:
            wanted.add(name)
            pending += [other for other in defined[name].uses if other in defined]
    return list(dict.fromkeys(piece.text for name, piece in defined.items() if name in wanted))


@cache
def _python(package: str, module: str) -> tuple[list[str], dict[str, Piece]]:
    """The lines of a module that import and set up, and its definitions."""
    text = files(f"circuitcli.{package}").joinpath(f"{module}.py").read_text(encoding="utf-8")
    lines = text.replace("  # fmt: skip", "").splitlines()
    imports: list[str] = []
    found: dict[str, Piece] = {}
    for node in ast.parse(text).body[1:]:
        piece = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        if isinstance(node, ast.FunctionDef):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)]
        else:
            imports.append(piece)
            continue
        used = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
        own = {n.id for n in used if isinstance(n.ctx, ast.Store)} - {*names}
        found.update(dict.fromkeys(names, Piece(piece, frozenset({n.id for n in used} - own))))
    return imports, found


@cache
def _native(file: str) -> dict[str, Piece]:
    text = files("circuitcli.export.helpers").joinpath(file).read_text(encoding="utf-8")
    found = {}
    for block in text.strip().split("\n\n"):
        name = re.search(_NAME[file], block)
        if name is not None:  # the first block says what the file is
            found[name[1]] = Piece(block, frozenset(re.findall(r"\w+", block)))
    return found
