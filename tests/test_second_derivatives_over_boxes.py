"""`grad --hessian`, `--of` and `--along` over ranges: bounds in every form, and what is said of kinks and domains."""

from __future__ import annotations

import csv
import json
import math

import pytest

from tests.support import circuit


def hessian(text: str, *words: str) -> dict[str, dict[str, list[float]]]:
    done = circuit("grad", text, *words, "--hessian", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, list[float]]] = json.loads(done.stdout)["hessian"]
    return found


def test_bounds_of_polynomials_are_their_ranges() -> None:
    found = hessian("x^3*y^2", "-x", "1..2", "-y", "-1..3")
    right = {("x", "x"): (0, 108), ("x", "y"): (-24, 72), ("y", "x"): (-24, 72), ("y", "y"): (2, 16)}
    for (a, b), (low, high) in right.items():
        assert low - 1e-12 < found[a][b][0] <= low and high <= found[a][b][1] < high + 1e-12


def test_parts_make_them_tighter() -> None:
    """Of sin(x^2), whose second derivative is 2 cos(x^2) - 4 x^2 sin(x^2)."""
    numbers = [2 * math.cos(x * x) - 4 * x * x * math.sin(x * x) for x in (i / 10_000 for i in range(20_001))]
    widths = []
    for boxes in ("1", "10", "300"):
        low, high = hessian("sin(x^2)", "-x", "0..2", "--boxes", boxes)["x"]["x"]
        assert low <= min(numbers) and max(numbers) <= high
        widths.append(high - low)
    assert widths[0] > widths[1] > widths[2] and widths[2] < 1.001 * (max(numbers) - min(numbers))


def test_rows_and_bare_lines() -> None:
    words = ("grad", "x^2*y", "-x", "1..2", "-y", "3", "--hessian")
    (row,) = csv.DictReader(circuit(*words, "--to", "csv").stdout.splitlines())
    assert [*row][-6:] == [f"hess_{pair}_{end}" for pair in ("x_x", "x_y", "y_y") for end in ("lo", "hi")]
    assert [float(row[f"hess_{name}"]) for name in ("x_x_lo", "x_x_hi", "x_y_lo", "x_y_hi")] == [6, 6, 2, 4]
    assert circuit(*words, "--quiet").stdout.splitlines()[-3:] == ["x,x 6", "x,y [2, 4]", "y,y 0"]
    many = circuit("grad", " + ".join(f"x{i}^3" for i in range(8)), *[f"-x{i}=0..1" for i in range(8)], "--hessian")
    pairs = many.stdout.partition("second derivative")[2].splitlines()[1:]
    assert [line.split() for line in pairs] == [[f"x{i}", f"x{i}", "[0,", "6]"] for i in range(8)]  # no 0


@pytest.mark.parametrize(
    ("text", "range_", "where"),
    [
        ("x*abs(x)", "-1..2", "abs(x)"),
        ("floor(x)*x", "0.5..1.5", "floor(x)"),
        ("where(x, 1, x)", "-1..1", "where(x, 1, x)"),
        ("elu(x)", "-1..1", "the gradient"),  # whose slope has no kink, but its own slope jumps
        ("x > 1 ? x^2 : x^3", "0..2", "x > 1"),
    ],
)
def test_kinks_are_told(text: str, range_: str, where: str) -> None:
    done = circuit("grad", text, "-x", range_, "--hessian", "--json")
    assert f"there is no second derivative where {where} has a kink or a jump" in done.stderr
    assert json.loads(done.stdout)["hessian_kink"] is True


@pytest.mark.parametrize("text", ["elu(x)", "x*abs(x)", "x^3", "hypot(x, 1)", "logsumexp(x, 1, 2)", "x^x"])
def test_off_kinks_there_is_no_note(text: str) -> None:
    done = circuit("grad", text, "-x", "0.5..1.5", "--hessian", "--json")
    assert done.stderr == "" and "hessian_kink" not in json.loads(done.stdout)


def test_domains() -> None:
    done = circuit("grad", "log(x)", "-x", "-2..-1", "--hessian", "--quiet")
    assert done.returncode == 3 and done.stdout.splitlines()[-1] == "x,x nan"
    done = circuit("grad", "1/x", "-x", "0..1", "--hessian", "--quiet")
    assert done.returncode == 3 and done.stdout.splitlines()[-1] == "x,x [2, inf]"
    assert "no finite bound" in circuit("grad", "1/x", "-x", "0..1", "--hessian").stderr


def test_several_results_along_a_direction() -> None:
    words = ("grad", "f = x^2*y; g = exp(y)", "-x", "1..2", "-y", "0..1", "--of", "f,g", "--along", "x=1,y=-2")
    done = circuit(*words, "--hessian", "--json")
    found = json.loads(done.stdout)
    assert found["jacobian"]["f"] == {"x": [0, 4], "y": [1, 4]} and found["jacobian"]["g"]["x"] == [0, 0]
    assert found["along"]["f"] == [-8, 2] and found["hessian"]["f"]["x"] == {"x": [0, 2], "y": [2, 4]}
    low, high = found["along"]["g"]
    assert low <= -2 * math.e < low + 1e-9 and high == -2
    (row,) = csv.DictReader(circuit(*words, "--to", "csv").stdout.splitlines())
    assert [float(row[name]) for name in ("grad_f_x_lo", "grad_f_x_hi", "along_f_lo", "along_f_hi")] == [0, 4, -8, 2]
    assert circuit(*words[:8], "--along", "x=1").returncode == 0
    assert circuit(*words).stdout.count(" along x=1, y=-2: ") == 2
