"""The pages for people: the programs in them run, and every path and command that they name is there. Docstrings too
are for people."""

from __future__ import annotations

import ast
import doctest
import re
from pathlib import Path
from typing import Any

import pytest

from circuitcli import Circuit
from circuitcli.language import graph_of, parse
from tests.support import DOCS, HERE

ROOT = HERE.parent
CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
TOPICS = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
SIXTY_LINES = DOCS / "sixty-lines.md"


def blocks(topic: Path) -> list[tuple[str, str]]:
    """The blocks of Python and of prompts on a page: their kind and their text."""
    return re.findall(r"```(python|pycon)\n(.*?)\n```", topic.read_text(encoding="utf-8"), re.DOTALL)


def program(topic: Path) -> dict[str, Any]:
    """The names that a page defines, after each of its prompts gave the answer that it shows."""
    names: dict[str, Any] = {"__name__": topic.stem}
    for kind, text in blocks(topic):
        if kind == "python":
            exec(text, names)
        else:
            shown = doctest.DocTestParser().get_doctest(text + "\n", names, "page", None, 0)
            assert doctest.DocTestRunner().run(shown, clear_globs=False).failed == 0
            names |= shown.globs
    return names


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.stem)
def test_the_programs_of_a_topic_run(topic: Path) -> None:
    assert program(topic)["__name__"] == topic.stem


def test_sixty_lines_are_sixty() -> None:
    assert {"forward", "backward", "Symbols"} <= program(SIXTY_LINES).keys()
    lines = [
        line for kind, text in blocks(SIXTY_LINES) if kind == "python" for line in text.splitlines() if line.strip()
    ]
    assert len(lines) == 60


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("(x+y)*z", {"x": -2.0, "y": 5.0, "z": -4.0}),
        ("x*x - x/y", {"x": 3.0, "y": 0.5}),
        ("exp(-x*x)*sin(y) + log(x + 2)", {"x": 0.3, "y": 1.7}),
        ("cos(sin(cos(x)))/x", {"x": 1.1}),
        ("x", {"x": 7.0}),
    ],
)
def test_the_program_of_the_page_agrees_with_ours(text: str, point: dict[str, float]) -> None:
    little, graph = program(SIXTY_LINES), graph_of(parse(text))
    nodes = graph.nodes[: graph.output + 1]
    values = little["forward"](nodes, little["Floats"], point)
    found = little["backward"](nodes, little["Floats"], values)
    value, gradient = Circuit(text).value_and_gradient(**point)
    assert values[-1] == pytest.approx(value, rel=1e-14)
    assert {name: found[k] for name, k in graph.inputs.items()} == pytest.approx(gradient, rel=1e-14)


# ── CONTRIBUTING ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_paths_exist() -> None:
    named = set(re.findall(r"\b(?:circuitcli|tests|grammars)/[\w./-]*\w/?", CONTRIBUTING))
    assert len(named) > 25
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_a_table_stands_in_its_file() -> None:
    tables = re.findall(r"`([A-Z_]+)` in `([\w./]+)`", CONTRIBUTING)
    assert len(tables) == 7
    for name, path in tables:
        assert re.search(rf"^{name}\b.*= ", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE), path


def test_the_commands_exist() -> None:
    recipes = re.findall(r"^([a-z-]+)[^:\n=]*:", (ROOT / "justfile").read_text(encoding="utf-8"), re.MULTILINE)
    told = set(re.findall(r"\bjust ([a-z-]+)", CONTRIBUTING))
    assert {"install", "test", "test-all", "lint", "fmt", "bench", "bench-rows", "fuzz", "ci"} == told <= {*recipes}


def test_the_folders_are_told() -> None:
    told = re.findall(r"^    circuitcli/([a-z]+)/", CONTRIBUTING, re.MULTILINE)
    folders = {path.parent.name for path in ROOT.glob("circuitcli/*/__init__.py")}
    assert folders == {*told}


# ── docstrings ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("folder", ["circuitcli", "tests"])
def test_a_docstring_names_its_thing(folder: str) -> None:
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    texts = {
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}": ast.get_docstring(node) or ""
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, kinds)
    }
    assert len(texts) > 500
    assert [place for place, text in texts.items() if re.match(r"(What|How|The same)\b", text)] == []
