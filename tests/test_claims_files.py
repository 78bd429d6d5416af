"""The plugin for pytest: claimed gradients in files, a test each."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from circuitcli.cli.claim_lines import judged
from circuitcli.errors import CircuitError
from tests.support import HERE, circuit

CLAIMS = """# the worksheet of the third week

x^2*y   | x=3, y=2 | x = 2*x*y; y = x^2
x^2*y   | x=3, y=2 | x = 12; y = 8   # wrong
sqrt(x) | x=1..2   | 1/(2*sqrt(x))
tanh(x) |          | 1 - tanh(x)^2
x^2 +*  | x=3      | 1
"""


def pytest_in(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder, with the plugin alone."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "circuitcli.pytest_plugin", *words]
    others = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(HERE.parent), "PYTEST_ADDOPTS": ""}
    environment = {**os.environ, **others}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, timeout=300)


def test_each_claim_is_a_test(tmp_path: Path) -> None:
    (tmp_path / "week3.claims").write_text(CLAIMS, encoding="utf-8")
    (tmp_path / "notes.txt").write_text(CLAIMS, encoding="utf-8")
    done = pytest_in(tmp_path, "-q")
    assert re.search(r"2 failed, 3 passed", done.stdout), done.stdout + done.stderr
    wrong = "week3.claims:4: the claim does not hold\n  x^2*y   | x=3, y=2 | x = 12; y = 8\n\n"
    table = circuit("grad", "x^2*y", "-x", "3", "-y", "2", "--claim", "x = 12; y = 8").stdout
    assert wrong + table in done.stdout
    unread = "week3.claims:7: the claim cannot be judged\n  x^2 +*  | x=3      | 1\n\nunexpected *: expected a number"
    assert unread in done.stdout and "Traceback" not in done.stdout
    assert "FAILED week3.claims::line 4: x^2*y - week3.claims:4: the claim does not hold" in done.stdout


def test_a_claim_is_chosen_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "week3.claims").write_text(CLAIMS, encoding="utf-8")
    done = pytest_in(tmp_path, "week3.claims::line 5: sqrt(x)", "-q")
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_files_that_are_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.claims").write_bytes(b"x^2 | x=3 | \xff\n")
    done = pytest_in(tmp_path, "-q")
    assert "1 failed" in done.stdout and "Traceback" not in done.stdout


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("x^3 | x=2 | 3*x^2", True),
        ("x^3 | x=2, | x = 12", True),
        ("x^3 | x=2 | x = 12.1", False),
        ("x*k | x=pi/4, k=-1e3 | x = k; k = x", True),
        ("x[1]*x[2] | x=2 | x = 2", True),
        ("abs(x) | x=0 | x = 0.5", True),
        ("abs(x) | x=0 | x = 2", False),
        ("sqrt(x) | x=1..2 | 1/(3*sqrt(x))", False),
        ("tanh(x) | | 1 - tanh(x)^3", False),
        ("x*y | | x = y; y = x", True),
        ("log(x) | x=-1 | 1/x", False),
    ],
)
def test_a_line_holds_or_not(line: str, holds: bool) -> None:
    assert (judged(line).status == 0) == holds


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("x^2 | x=3", "three parts between | signs, not 2"),
        ("x | y | z | w", "three parts between | signs, not 4"),
        ("x^2 | 3 | 1", "3 gives no input a value"),
        ("x^2 | x= | 1", "x= gives no input a value"),
        ("x^2 | y=3 | 1", "y is not an input of x^2"),
        ("x*y | x=3 | x = 2", "no value for y\n  write y=... in the second part"),
        ("x*y | x=1..2 | x = y", "no value for y\n  write y=... in the second part"),
        ("x*y | x=1, y=2 | 2", "the claim: a claim is a name, = and what its gradient is"),
        ("x*y | x=2..1, y=1 | x = y", "the range of x is empty: 2..1\n  write x=1..2"),
        ("x*y | x=1, x=2, y=1 | x = y", "x is set twice\n  write for example x^2*y | x=3, y=2 |"),
        ("x^2 | x=3 | q = 2", "q is no input"),
        ("x^2 | x=3 | ", "the claim is empty"),
    ],
)
def test_a_line_that_is_no_claim(line: str, words: str) -> None:
    with pytest.raises(CircuitError, match=re.escape(words)) as told:
        judged(line)
    assert not re.search(r"(?<!\S)--?[a-z]", str(told.value))  # a line has no options


def test_who_has_no_claims_loads_nothing() -> None:
    code = "import pytest, sys; import circuitcli.pytest_plugin; print(*(m for m in sys.modules if 'circuit' in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HERE.parent)
    assert done.stdout.split() == ["circuitcli", "circuitcli.pytest_plugin"]


def test_pytest_finds_the_plugin() -> None:
    text = (HERE.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert '[project.entry-points.pytest11]\ncircuit = "circuitcli.pytest_plugin"\n' in text
