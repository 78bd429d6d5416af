"""The page of promises: every test that it names is there, and would be run."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.fuzz.kinds import KINDS
from tests.test_docs import ROOT

PAGE = (ROOT / "circuitcli" / "docs" / "promises.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([A-Z].*\.) \| (.*) \|$", PAGE, re.MULTILINE)
NAMED = re.compile(r"`(tests/test_\w+\.py)::(test_\w+)`")


@cache
def functions_of(path: str) -> set[str]:
    """The tests of a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_row_is_a_promise_with_a_test() -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith("|")]
    heads = [line for line in lines if line in ("| promise | held by |", "|---|---|")]
    assert len(ROWS) + len(heads) == len(lines) and len(ROWS) > 30
    assert len({promise for promise, _ in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("promise", "held"), ROWS, ids=[promise[:40] for promise, _ in ROWS])
def test_the_test_is_there(promise: str, held: str) -> None:
    found = NAMED.fullmatch(held)
    assert found is not None, held
    assert found[2] in functions_of(found[1])


def test_a_test_that_is_not_there_is_seen() -> None:
    assert "test_nothing" not in functions_of("tests/test_promises.py")
    assert "test_a_test_that_is_not_there_is_seen" in functions_of("tests/test_promises.py")


def test_the_kinds_of_the_page_are_those_of_the_harness() -> None:
    assert len(KINDS) == 6 and "hostile input of six kinds" in PAGE


RUNS_CODE = {"exec", "eval", "compile", "__import__"}
MODULES_THAT_DO = {"pickle", "marshal", "shelve", "subprocess", "runpy", "code", "cloudpickle"}
PLACES = set(re.findall(r"`(circuitcli/[\w/]+\.py)`", PAGE))


def _dangers(path: Path) -> set[str]:
    """The calls and modules of a file by which code may run."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in RUNS_CODE:
                found.add(name)
            case ast.Import(names=names):
                found |= {alias.name.partition(".")[0] for alias in names} & MODULES_THAT_DO
            case ast.ImportFrom(module=str(module)):
                found |= {module.partition(".")[0]} & MODULES_THAT_DO
            case ast.Attribute(attr="system" | "popen" | "CDLL" | "create_mcjit_compiler" as name):
                found.add(name)
    return found


def test_code_runs_where_the_page_says() -> None:
    found = {str(path.relative_to(ROOT)): _dangers(path) for path in (ROOT / "circuitcli").rglob("*.py")}
    assert {path for path, dangers in found.items() if dangers} == PLACES
    assert found["circuitcli/engine/python_source.py"] == {"exec", "compile"}
