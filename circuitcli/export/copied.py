"""Helper functions that exported code carries along: picked from a file by what a program needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_PYTHON = ("quiet", "special")  # of the engine
_NAME = {"c": r"static \w+ (\w+)\(", "js": r"function (\w+)\("}


class Piece(NamedTuple):
    """A definition, and the names that it uses."""

    text: str
    uses: frozenset[str]


def python_helpers(names: Iterable[str]) -> list[str]:
    """The definitions of functions of this package's own arithmetic of floats, with those that they need."""
    return _needed(_python(), names)


def native_helpers(language: str, names: Iterable[str]) -> list[str]:
    """The same from the helpers of a language: `c` or `js`."""
    return _needed(_native(language), names)


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
def _python() -> dict[str, Piece]:
    found: dict[str, Piece] = {}
    for source in _PYTHON:
        text = files("circuitcli.engine").joinpath(f"{source}.py").read_text(encoding="utf-8")
        lines = text.replace("  # fmt: skip", "").splitlines()
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef):
                names = [node.name]
            elif isinstance(node, ast.Assign):
                names = [n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)]
            else:
                continue
            used = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
            own = {n.id for n in used if isinstance(n.ctx, ast.Store)} - {*names}
            uses = frozenset({n.id for n in used} - own)
            piece = Piece("\n".join(lines[node.lineno - 1 : node.end_lineno]), uses)
            found.update(dict.fromkeys(names, piece))
    return found


@cache
def _native(language: str) -> dict[str, Piece]:
    text = files("circuitcli.export").joinpath("helpers").joinpath(f"helpers.{language}").read_text(encoding="utf-8")
    found = {}
    for block in text.strip().split("\n\n"):
        name = re.search(_NAME[language], block)
        if name is not None:  # the first block says what the file is
            found[name[1]] = Piece(block, frozenset(re.findall(r"\w+", block)))
    return found
