"""Facts stand once: each table says all that is known of its rows, and no literal says a thing twice."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import pytest

from circuitcli.ascent.ends import ENDS
from circuitcli.ascent.methods import METHODS
from circuitcli.cli.command_table import COMMANDS
from circuitcli.export.languages import LANGUAGES
from circuitcli.gates import GATES
from circuitcli.render.picture_forms import PICTURES
from circuitcli.tables.formats import WRITTEN

PACKAGE = Path(__file__).parent.parent / "circuitcli"
TREE = sorted([*PACKAGE.rglob("*.py"), *Path(__file__).parent.rglob("*.py")])
ITSELF = "the table"
TABLES: dict[str, tuple[Collection[str], dict[str, str]]] = {  # its names; and who may ask for one, and why
    "GATES": (
        GATES,
        {
            "engine": "an arithmetic computes and rewrites operations, which are called as their gates are",
            "export": "a language writes operations",
            "analysis/stable_forms.py": "a sum of sums has terms",
            "rows/monomials.py": "takes a product apart by its gates",
            "rows/sum_of_squares.py": "takes a difference apart by its gates",
            "rows/chi_square.py": "takes a sum apart by its gates",
            "language/words_elsewhere.py": "gates that other languages call with more arguments",
            "language/loops_elsewhere.py": "gates over loops that are written otherwise here",
            "language/foreign_forms.py": "operators of other languages that are words",
            "cli/unknown_options.py": "options of other programs, some of which are called like gates",
            "cli/constraint_lines.py": "words of other tools, some of which are called like gates",
            "equations.py": "an equation is a gate that compares, and no other condition is one",
            "cli/session/equations_asked.py": "an equation is a gate that compares",
        },
    ),
    "FORMATS": (WRITTEN, {}),
    "METHODS": (
        METHODS,
        {
            "ascent/methods.py": ITSELF,
            "language/words_elsewhere.py": "functions of other languages, some of which are called like methods",
            "render/matplotlib_shapes.py": "a gradient is the role of a shape",
        },
    ),
    "COMMANDS": (
        COMMANDS,
        {
            "cli/command_table.py": ITSELF,
            "language/words_elsewhere.py": "functions of other languages, some of which are commands here",
            "cli/unknown_options.py": "an input is a statement in a session, and a word behind all other commands",
        },
    ),
    "LANGUAGES": (
        LANGUAGES,
        {
            "primitives.py": "c is short for a condition",
            "language/word_hints.py": "modules of Python are prefixes of functions",
        },
    ),
    "PICTURES": (
        PICTURES,
        {"language/words_elsewhere.py": "functions of other languages, some of which are called like pictures"},
    ),
    "ENDS": (
        ENDS,
        {
            "ascent/ends.py": ITSELF,
            "cli/unknown_options.py": "tol and gtol are options",
            "library/other_options.py": "tol and gtol are options of SciPy",
            "ascent/least_squares.py": "ftol and gtol are settings of SciPy",
            "ascent/stationary.py": "a maximum is a kind of points",
            "export/javascript.py": "a kink is a kind of results",
        },
    ),
}
OF_GATES = {"export/latex.py", "export/json_description.py", "export/kept_functions.py"}  # not of operations


def reason(path: Path, table: str) -> str:
    """The exception of a table under which a file is, or nothing."""
    name = path.relative_to(PACKAGE).as_posix()
    found = [
        word for word in TABLES[table][1] if name == word or (name.startswith(f"{word}/") and name not in OF_GATES)
    ]
    return found[0] if found else ""


def named(node: ast.expr | None, names: Collection[str]) -> list[str]:
    """The names that an expression is, or has as its items."""
    items = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    return [x.value for x in items if isinstance(x, ast.Constant) and isinstance(x.value, str) and x.value in names]


def side_tables(path: Path, names: Collection[str]) -> Iterator[str]:
    """The literals with two of the names or more, and the comparisons with one."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Dict):
            found, least = [name for key in node.keys for name in named(key, names)], 2
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            found, least = named(node, names), 2
        elif isinstance(node, ast.Compare) and all(
            isinstance(x, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for x in node.ops
        ):
            found, least = [name for x in (node.left, *node.comparators) for name in named(x, names)], 1
        else:
            continue
        if len(found) >= least:
            yield f"{path.relative_to(PACKAGE)}:{node.lineno} {ast.unparse(node)[:60]}"


@cache
def tree(path: Path) -> ast.Module:
    """A file as syntax."""
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("table", TABLES)
def test_no_table_beside_another(table: str) -> None:
    names = TABLES[table][0]
    assert [
        place for path in PACKAGE.rglob("*.py") if not reason(path, table) for place in side_tables(path, names)
    ] == []


@pytest.mark.parametrize(("table", "word"), [(table, word) for table, row in TABLES.items() for word in row[1]])
def test_an_exception_is_still_needed(table: str, word: str) -> None:
    names = TABLES[table][0]
    assert any(True for path in PACKAGE.rglob("*.py") if reason(path, table) == word for _ in side_tables(path, names))


def keys(node: ast.Dict) -> Iterator[object]:
    """The constant keys of a literal, those of a `dict.fromkeys` in it too."""
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant):
            yield key.value
        elif key is None and isinstance(value, ast.Call) and ast.unparse(value.func) == "dict.fromkeys":
            words = value.args[0]
            yield from (x.value for x in getattr(words, "elts", ()) if isinstance(x, ast.Constant))


@pytest.mark.parametrize("path", TREE, ids=lambda path: path.name)
def test_no_key_stands_twice(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Dict):
            assert [key for key, count in Counter(keys(node)).items() if count > 1] == [], f"{path}:{node.lineno}"
