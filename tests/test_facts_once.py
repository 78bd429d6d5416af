"""Facts stand once: what is known of a gate is in its row, and no literal says a thing twice."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from circuitcli.gates import GATES

PACKAGE = Path(__file__).parent.parent / "circuitcli"
TREE = sorted([*PACKAGE.rglob("*.py"), *Path(__file__).parent.rglob("*.py")])
REASONS = {  # who may ask for a gate by its name, and why
    "engine": "an arithmetic computes and rewrites operations, which are called as their gates are",
    "export": "a language writes operations",
    "analysis/stable_forms.py": "a sum of sums has terms",
    "rows/sum_of_squares.py": "recognises an expression by its gates",
    "rows/rows_objective.py": "looks behind the sign of an expression",
}
OF_GATES = {"export/latex.py", "export/json_description.py", "export/kept_functions.py"}  # not of operations


def reason(path: Path) -> str:
    """The entry of REASONS under which a file is, or nothing."""
    name = path.relative_to(PACKAGE).as_posix()
    found = [word for word in REASONS if name == word or (name.startswith(f"{word}/") and name not in OF_GATES)]
    return found[0] if found else ""


def gates_in(node: ast.expr | None) -> list[str]:
    """The names of gates that an expression is, or has as its items."""
    items = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    return [x.value for x in items if isinstance(x, ast.Constant) and isinstance(x.value, str) and x.value in GATES]


def side_tables(path: Path) -> Iterator[str]:
    """The literals with two gates or more, and the comparisons with the name of one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Dict):
            found, least = [name for key in node.keys for name in gates_in(key)], 2
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            found, least = gates_in(node), 2
        elif isinstance(node, ast.Compare) and all(
            isinstance(x, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for x in node.ops
        ):
            found, least = [name for x in (node.left, *node.comparators) for name in gates_in(x)], 1
        else:
            continue
        if len(found) >= least:
            yield f"{path.relative_to(PACKAGE)}:{node.lineno} {ast.unparse(node)[:60]}"


def test_no_table_beside_that_of_the_gates() -> None:
    assert [place for path in PACKAGE.rglob("*.py") if not reason(path) for place in side_tables(path)] == []


@pytest.mark.parametrize("word", REASONS)
def test_an_exception_is_still_needed(word: str) -> None:
    assert any(True for path in PACKAGE.rglob("*.py") if reason(path) == word for _ in side_tables(path))


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
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Dict):
            assert [key for key, count in Counter(keys(node)).items() if count > 1] == [], f"{path}:{node.lineno}"
