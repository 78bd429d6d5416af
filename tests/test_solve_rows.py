"""Equations over rows: a system in each row, against NumPy, closed forms and the answer at one point."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.support import circuit

KEPLER = "E - ecc*sin(E) = M"


@pytest.fixture
def orbits(tmp_path: Path) -> Path:
    draw = np.random.default_rng(7)
    file = tmp_path / "orbits.csv"
    rows = np.column_stack([draw.uniform(0, 0.99, 500), draw.uniform(-7, 7, 500)])
    np.savetxt(file, rows, "%.17g", ",", header="ecc,M", comments="")
    return file


def test_keplers_equation_in_every_row(orbits: Path) -> None:
    done = circuit("solve", KEPLER, str(orbits), "-E", "1", "--sensitivity")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("ecc,M,E,dE_decc,dE_dM\n")
    ecc, mean, x, by_ecc, by_mean = np.loadtxt(done.stdout.splitlines(), delimiter=",", skiprows=1).T
    assert np.abs(x - ecc * np.sin(x) - mean).max() < 1e-14
    assert by_mean == pytest.approx(1 / (1 - ecc * np.cos(x)), rel=1e-9)
    assert by_ecc == pytest.approx(np.sin(x) / (1 - ecc * np.cos(x)), rel=1e-9, abs=1e-12)


def test_a_row_is_the_root_at_its_point(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("a,b\n1,2\n3,5\n-1,4\n")
    rows = circuit("solve", "x^2 + y = a + 9; x*y = b", str(file), "-x", "3", "-y", "1", "--json", "--sensitivity")
    for line in rows.stdout.splitlines():
        row = json.loads(line)
        words = ("x^2 + y = a + 9; x*y = b", "-x", "3", "-y", "1", "-a", str(row["a"]), "-b", str(row["b"]))
        point = json.loads(circuit("solve", *words, "--for", "x,y", "--json").stdout)
        assert {"x": row["x"], "y": row["y"]} == pytest.approx({u: point["inputs"][u] for u in "xy"}, rel=1e-14)
        for unknown, slopes in point["sensitivity"].items():
            for name, slope in slopes.items():
                assert row[f"d{unknown}_d{name}"] == pytest.approx(slope, rel=1e-12)


def test_rows_without_a_root_are_told(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("a\n4\n-4\n9\n")
    done = circuit("solve", "x^2 = a", str(file), "-x", "1", "--quiet")
    assert done.stdout == "2.0\nnan\n3.0\n"
    assert done.returncode == 3
    done = circuit("solve", "x^2 = a", str(file), "-x", "1", "--allow-nonfinite")
    assert done.returncode == 0
    assert f"no root was found for 1 row (first: {file}:3)" in done.stderr


def test_a_column_of_starts_chooses_the_root(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("a,x\n4,1\n4,-1\n")
    done = circuit("solve", "x^2 = a", str(file), "--for", "x", "--quiet")
    assert done.stdout == "2.0\n-2.0\n", done.stderr
    assert circuit("solve", "x^2 = a", str(file), "--for", "x").stdout.startswith("a,x,root_x\n")


def test_the_root_of_the_row_before_is_a_start(tmp_path: Path) -> None:
    # arctan far from its root throws Newton's steps out; cubic roots have endless slopes at 0.
    file = tmp_path / "rows.csv"
    s = np.linspace(-3, 3, 60)
    np.savetxt(file, s, "%.17g", header="s", comments="")
    done = circuit("solve", "cbrt(x) + atan(5*x) = s", str(file), "-x", "40", "--quiet", "--allow-nonfinite")
    x = np.array([float(line) for line in done.stdout.split()])
    assert len(x) == 60
    assert np.isfinite(x).all(), done.stderr
    assert np.cbrt(x) + np.arctan(5 * x) == pytest.approx(s, abs=1e-6)


@pytest.mark.parametrize("form", ["json", "jsonl", "tsv", "csv", "table"])
def test_forms_that_go_out(tmp_path: Path, form: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"a": 4}\n{"a": 9}\n')
    done = circuit("solve", "x^2 = a", str(file), "-x", "1", "--to", form)
    assert done.returncode == 0, done.stderr
    assert "x" in done.stdout
    assert "3" in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["x = mean(a)", "-x", "1"], "each row is a system of its own"),
        (["x^2 = a", "-x", "0..9"], "begin at a number: -x 4.5"),
        (["a - 1 = 0"], "write --for a"),
        (["x = 1; y = 2; x/y"], "all inputs have their values"),
        (["x^2 = a", "-x", "1", "--by", "a"], "leave out --by"),
        (["x^2 = a", "-x", "1", "--sigma-of", "a=0.1"], "--sensitivity"),
        (["x^2 = a", "-x", "1", "--digits", "50"], "17"),
        (["x^2 = b", "-x", "1"], "b is no column"),
    ],
)
def test_mistakes(tmp_path: Path, words: list[str], message: str) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("a\n4\n")
    done = circuit("solve", words[0], str(file), *words[1:])
    assert done.returncode == 2, done.stdout
    assert message in done.stderr
