"""Helper functions that exported code carries along: picked from a file by what a program needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class HelperFunction(NamedTuple):
    """A definition, and the names that it uses."""

    text: str
    uses: frozenset[str]


def float_helpers(names: Iterable[str]) -> list[str]:
    """The definitions of functions of our own arithmetic of floats, with those that they need."""
    files = (("engine", "c99"), ("engine", "special_functions"), ("export.helpers", "roots_and_integrals"))
    return _needed({name: found for file in files for name, found in _python(*file)[1].items()}, names)


def array_helpers(library: str, names: Iterable[str]) -> tuple[list[str], list[str]]:
    """The imports of code for a library of arrays, and the definitions that the code calls."""
    imports, defined = _python("export.helpers", f"for_{library}")
    return imports, _needed(defined, names)


def native_helpers(file: str, pattern: str, names: Iterable[str]) -> list[str]:
    """The definitions in a file of another language that code calls; the `pattern` of a definition finds its name."""
    return _needed(_native(file, pattern), names)


def _needed(defined: Mapping[str, HelperFunction], names: Iterable[str]) -> list[str]:
    """The texts of the named definitions and of all that these use, in the order in which they stand."""
    wanted: set[str] = set()
    pending = [name for name in names if name in defined]
    while pending:
        name = pending.pop()
        if name not in wanted:
            wanted.add(name)
            pending += [other for other in defined[name].uses if other in defined]
    return list(dict.fromkeys(function.text for name, function in defined.items() if name in wanted))


@cache
def _python(package: str, module: str) -> tuple[list[str], dict[str, HelperFunction]]:
    """The lines of a module that import and set up, and its definitions by name."""
    text = files(f"circuitcli.{package}").joinpath(f"{module}.py").read_text(encoding="utf-8")
    lines = text.replace("  # fmt: skip", "").splitlines()
    imports: list[str] = []
    found: dict[str, HelperFunction] = {}
    for node in ast.parse(text).body[1:]:
        piece = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        if isinstance(node, ast.FunctionDef):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names = [node.target.id]
        else:
            imports.append(piece)
            continue
        used = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
        own = {n.id for n in used if isinstance(n.ctx, ast.Store)} - {*names}
        found.update(dict.fromkeys(names, HelperFunction(piece, frozenset({n.id for n in used} - own))))
    return imports, found


@cache
def _native(file: str, pattern: str) -> dict[str, HelperFunction]:
    """The definitions in a file, by name; an empty line stands between two of them."""
    text = files("circuitcli.export.helpers").joinpath(file).read_text(encoding="utf-8")
    found = {}
    for block in text.strip().split("\n\n"):
        name = re.search(pattern, block)
        if name is not None:  # the first block is a comment on the file
            found[name[1]] = HelperFunction(block, frozenset(re.findall(r"\w+", block)))
    return found
