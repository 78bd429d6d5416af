"""A gate that is added as a row, while the program runs, goes through every command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from circuitcli.cli.command_group import circuit
from tests.support import HERE, some_slow

ROW = """
from circuitcli.gate_facts import if_any
from circuitcli.gates import ALIASES, GATES, Gate

softsign = Gate(
    "softsign", lambda m, x: m.div(x, 1.0 + m.abs(x)),
    (lambda m, g, o, x: m.div(m.div(g, 1.0 + m.abs(x)), 1.0 + m.abs(x)),),
    formula="x/(1 + abs(x))", minus_zero=if_any, aliases=("softly",), latex=r"\\operatorname{soft}",
)
GATES[softsign.name] = softsign
ALIASES.update(dict.fromkeys(softsign.aliases, softsign.name))

from circuitcli.cli import run
import sys
sys.exit(run(sys.argv[1:]))
"""
VALUE, SLOPE = 0.6666666666666666, 0.1111111111111111  # at 2


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("row") / "with_a_row.py"
    path.write_text(ROW, encoding="utf-8")
    (path.parent / "points.csv").write_text("x\n2\n-1\n", encoding="utf-8")
    return path


def ran(script: Path, *words: str, **env: str) -> str:
    done = subprocess.run(
        [sys.executable, str(script), *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=script.parent,
        env={**os.environ, "PYTHONPATH": str(HERE.parent), "PYTHONIOENCODING": "utf-8", **env},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def choices(command: str, option: str) -> list[str]:
    """The words that an option may have."""
    found = circuit.get_command(click.Context(circuit), command)
    assert found is not None
    kinds = [parameter.type for parameter in found.params if option in parameter.opts]
    assert isinstance(kinds[0], click.Choice)
    return list(map(str, kinds[0].choices))


def test_at_a_point(script: Path) -> None:
    assert float(ran(script, "eval", "softly(x)", "-x", "2", "--quiet")) == VALUE
    answer = json.loads(ran(script, "grad", "softsign(x)", "-x", "2", "--check", "--json"))
    assert answer["gradient"] == {"x": pytest.approx(SLOPE)} and answer["check"]["verdict"] == "agree"
    assert "0.1111111111111111111111111" in ran(script, "grad", "softsign(x)", "-x", "2", "--digits", "30")
    assert "digits good" in ran(script, "grad", "softsign(x)", "-x", "2", "--rounding")
    assert "1 / (1 + abs(x)) / (1 + abs(x))" in ran(script, "grad", "softsign(x)", "-x", "2", "--explain")


def test_as_a_circuit(script: Path) -> None:
    slope = ran(script, "derive", "softsign(x)")
    assert float(ran(script, "eval", slope, "-x", "2", "--quiet")) == pytest.approx(SLOPE)
    assert "softsign(y)" in ran(script, "derive", "x*softsign(y)", "--wrt", "x")


@pytest.mark.parametrize("form", some_slow(choices("draw", "--format"), ["png", "pdf"]))
def test_as_a_picture(script: Path, form: str) -> None:
    file = script.parent / f"drawn.{form}"
    ran(script, "draw", "softsign(w*x)", "-x", "2", "-w", "1", "--format", form, "--out", str(file))
    data = file.read_bytes()
    assert b"softsign" in data or form in ("png", "pdf")


@pytest.mark.parametrize("language", choices("export", "--to"))
def test_as_code(script: Path, language: str) -> None:
    code = ran(script, "export", "softsign(x)", "--to", language)
    assert code
    if language == "python":
        known: dict[str, Callable[..., object]] = {}
        exec(code, known)
        assert known["circuit"](2.0) == (VALUE, {"x": pytest.approx(SLOPE)})
    if language == "latex":
        assert r"\operatorname{soft}\left(x\right)" in code


def test_over_rows(script: Path) -> None:
    assert ran(script, "eval", "softsign(x)", "points.csv") == f"x,value\n2,{VALUE}\n-1,-0.5\n"
    for engine in ("arrays", "native"):
        words = ("grad", "sum(softsign(w*x))", "points.csv", "-w", "1", "--engine", engine, "--json")
        answer = json.loads(ran(script, *words))
        assert answer["value"] == pytest.approx(VALUE - 0.5)
        assert answer["gradient"] == {"w": pytest.approx(2 * SLOPE - 0.25)}


def test_on_its_page_and_in_the_table(script: Path) -> None:
    page = ran(script, "gates", "softly")
    assert "softsign(x), also softly" in page and "x/(1 + abs(x))" in page
    assert "softsign" in ran(script, "gates")


def test_among_the_words_that_complete(script: Path) -> None:
    for typed, name in {"soft": "softsign", "softl": "softly"}.items():
        env = {"_WITH_A_ROW_COMPLETE": "bash_complete", "_CIRCUIT_COMPLETE": "bash_complete"}
        assert f"plain,{name}" in ran(script, COMP_WORDS=f"circuit gates {typed}", COMP_CWORD="2", **env).split()
