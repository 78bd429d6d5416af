"""Equations over rows: a system in each row, against NumPy, closed forms and the answer at one point."""

from __future__ import annotations

import json
import math
import re
import shlex
import subprocess
import sys
from pathlib import Path

import mpmath
import numpy as np
import pytest

from circuitcli.cli import row_files
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
        (["x^2 = a", "-x", "1", "--sigma-of", "x=0.1"], "write -x 1±0.1"),
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


def test_uncertain_rows_are_those_at_their_points(tmp_path: Path) -> None:
    """The root of a quotient and a product has closed partial derivatives; a point has the same numbers."""
    file = tmp_path / "rows.csv"
    file.write_text("a,b,sb\n2.5±0.1,1,0.02\n4±0.2,3,0.5\n9,2,0\n")
    system = ("x^2 = a*k; x*y = b", "-x", "1", "-y", "1", "--for", "x,y")
    done = circuit("solve", *system, "-k", "2±0.1", str(file), "--sigma-of", "b=sb")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("a,b,sb,x,y,sigma_x,sigma_y\n")
    for line, sigma in zip(done.stdout.splitlines()[1:], (0.1, 0.2, 0.0), strict=True):
        cells = line.split(",")
        b, sb, x, y, *found = map(float, cells[1:])
        a, by_a, by_k = x * x / 2.0, 1.0 / x, x / 4.0
        wide = math.hypot(by_a * sigma, by_k * 0.1)
        assert found == pytest.approx([wide, math.hypot(y / x * wide, sb / x)], rel=1e-12)
        words = ("-a", f"{a!r}±{sigma}", "-b", f"{b}±{sb}", "-k", "2±0.1", "--json")
        point = json.loads(circuit("solve", *system, *words).stdout)["uncertainty"]["stderr"]
        assert found == pytest.approx([point["x"], point["y"]], rel=1e-9)


def test_a_covariance_goes_over_rows(tmp_path: Path) -> None:
    """x = a·p + q, where p and q are correlated."""
    file, fit = tmp_path / "rows.csv", tmp_path / "fit.json"
    file.write_text("a\n1\n-2\n")
    covariance = [[0.04, -0.015], [-0.015, 0.09]]
    known = {"inputs": {"p": 2, "q": 1}, "uncertainty": {"stderr": {"p": 0.2, "q": 0.3}, "covariance": covariance}}
    fit.write_text(json.dumps(known))
    words = ("x - q = a*p", str(file), "-x", "1", "--for", "x", "--inputs", str(fit), "--columns", "sigma_x")
    done = circuit("solve", *words, "--quiet")
    assert done.returncode == 0, done.stderr
    variances = [0.04 + 0.09 - 2 * 0.015, 4 * 0.04 + 0.09 + 4 * 0.015]
    found = [float(line) for line in done.stdout.splitlines()[1:]]
    assert found == pytest.approx([math.sqrt(v) for v in variances], rel=1e-12)


def test_the_start_has_no_uncertainty(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("a,x\n4,1±0.1\n9,2±0.1\n")
    assert circuit("solve", "x^2 = a", str(file), "--for", "x", "--quiet").stdout == "2.0\n3.0\n"
    assert circuit("solve", "y^2 = a", str(file), "-y", "1±0.5", "--quiet").stdout == "2.0\n3.0\n"


def test_the_time_is_over(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("a\n" + "4\n" * 200)
    done = circuit("solve", "x^2 = a", str(file), "-x", "1", "--quiet", "--max-time", "60")
    assert done.stdout == "2.0\n" * 200
    done = circuit("solve", "x^2 = a", str(file), "-x", "1", "--max-time", "1e-9")
    assert done.returncode == 3
    assert f"no root was found for 200 rows (first: {file}:2): the time is over" in done.stderr


WITHOUT = (
    (KEPLER, ["-E", "1"], "ecc,M\n0.1,0.8\n0.9,0.05\n0,3\n"),
    (KEPLER, ["-E", "1", "--sensitivity", "--sigma-of", "M=1%"], "ecc,M\n0.1±0.01,0.8\n0.9±0.001,0.05\n0±0.1,3\n"),
    ("x^2 + y = a + 9; x*y = b", ["-x", "3", "-y", "1", "--columns", "x,y,dx_da"], "a,b\n1,2\n3,5\n-1,4\n"),
    ("x^2 = a", ["-x", "1"], "a\n4\n-4\n9\n"),
    ("x^2 = a", ["-x", "1", "--bad-rows", "nan"], "a\n4\n?\n9\n"),
    ("x^2 = a", ["-x", "-1", "--bounds", "x=0:", "--where", "a > 1"], "a\n4\n0.5\n9\n"),
    ("x^2 = a; x = sqrt(a)", ["-x", "1"], "a\n4\n9\n"),
    ("cbrt(x) + atan(5*x) = s", ["-x", "40"], "s\n-3\n-0.5\n2\n"),
    ("x^2 = a", ["--for", "x"], "a,x\n4,1\n4,-1\n"),
)


@pytest.mark.parametrize(("text", "words", "rows"), WITHOUT)
def test_rows_without_numpy(
    text: str, words: list[str], rows: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows in lists have the header, the notes, the status and the numbers of those in arrays."""
    file = tmp_path / "rows.csv"
    file.write_text(rows)
    arrays = circuit("solve", text, str(file), *words)
    monkeypatch.setattr(row_files, "missing", lambda libraries: list(libraries))
    lists = circuit("solve", text, str(file), *words)
    assert (lists.returncode, lists.stderr) == (arrays.returncode, arrays.stderr)
    (head, *one), (same, *other) = arrays.stdout.splitlines(), lists.stdout.splitlines()
    assert head == same
    for a, b in zip(one, other, strict=True):
        for x, y in zip(a.split(","), b.split(","), strict=True):
            assert x == y or float(y) == pytest.approx(float(x), rel=1e-9, abs=1e-12, nan_ok=True)


def test_numpy_is_not_loaded_for_lists(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("ecc,M\n0.1±0.01,0.8\n")
    blocked = ("numpy", "pyarrow", "orjson", "scipy", "llvmlite")
    words = ("solve", KEPLER, "rows.csv", "-E", "1")
    run = f"import sys; sys.modules |= dict.fromkeys({blocked}); from circuitcli.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", run, *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[0] == "ecc,M,E,sigma_E", done.stderr
    root, sigma = map(float, done.stdout.splitlines()[1].split(",")[2:])
    assert root - 0.1 * math.sin(root) == pytest.approx(0.8, rel=1e-15)
    assert sigma == pytest.approx(0.01 * math.sin(root) / (1 - 0.1 * math.cos(root)), rel=1e-12)


def test_what_to_write_for_an_equation_that_gathers(tmp_path: Path) -> None:
    """The hint of the program finds the root: the sum of exp(x·a) is 12 at ln 3 for a = 1 and 2."""
    (tmp_path / "rows.csv").write_text("a\n1\n2\n")
    done = circuit("solve", "sum(exp(x*a)) = k", "rows.csv", "-x", "0.1", "-k", "12", cwd=tmp_path)
    assert done.returncode == 2
    hint = re.search(r"circuit (descend .*)", done.stderr)
    assert hint is not None, done.stderr
    found = circuit(*shlex.split(hint[1]), "--json", cwd=tmp_path)
    assert json.loads(found.stdout)["inputs"]["x"] == pytest.approx(math.log(3), rel=1e-6)


def test_a_small_unknown_beside_a_large_one_in_every_row(tmp_path: Path) -> None:
    file = tmp_path / "doping.csv"
    file.write_text("K,C\n2.25e20,1e14\n2.25e20,1e16\n2.25e20,1e18\n1e12,1e17\n1e-6,1e6\n1e-20,1\n")
    for start in (("-n", "1e17", "-p", "1"), ("-n", "1e22", "-p", "1e22"), ("-n", "1", "-p", "0")):
        done = circuit("solve", "n*p = K; n - p = C", str(file), *start, "--sensitivity")
        assert done.returncode == 0, done.stderr
        for row in np.loadtxt(done.stdout.splitlines(), delimiter=",", skiprows=1):
            with mpmath.workdps(60):
                product, difference = map(mpmath.mpf, row[:2])
                p = 2 * product / (difference + mpmath.sqrt(difference**2 + 4 * product))
                n = product / p
            assert row[2:4] == pytest.approx([float(n), float(p)], rel=2e-15, abs=0)
            slopes = [1 / (n + p), n / (n + p), 1 / (n + p), -p / (n + p)]  # dn/dK, dn/dC, dp/dK, dp/dC
            assert row[4:] == pytest.approx([*map(float, slopes)], rel=1e-14, abs=0)
