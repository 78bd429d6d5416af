"""Uncertainty to first order, against the examples of the GUM (JCGM 100:2008) and of the `uncertainties` package."""

from __future__ import annotations

import json
import math

import pytest

from circuitcli.render.number_format import plus_minus
from tests.support import circuit


def result(*words: str, stdin: str = "") -> dict[str, object]:
    done = circuit(*words, "--json", stdin=stdin)
    assert done.returncode == 0, done.stderr
    record: dict[str, object] = json.loads(done.stdout)
    return record


def sigma(*words: str, stdin: str = "") -> float:
    found = result("eval", *words, stdin=stdin)["uncertainty"]
    assert isinstance(found, dict)
    return float(found["value"])


# As printed in the documentation of `uncertainties` (Lebigot), user guide and front page.
@pytest.mark.parametrize(
    ("words", "value", "spread"),
    [
        (("x^2", "-x", "0.20±0.01"), 0.04, 0.004),
        (("sin(1 + x^2)", "-x", "1±0.1"), 0.9092974268256817, 0.08322936730942848),
        (("u + 2*v", "-u", "1±0.1", "-v", "10±0.1"), 21.0, 0.223606797749979),
        (("x - x", "-x", "1±0.1"), 0.0, 0.0),  # one input twice is no two inputs
        (("2*x + 1000", "-x", "0.2+/-0.01"), 1000.4, 0.02),
    ],
)
def test_the_examples_of_uncertainties(words: tuple[str, ...], value: float, spread: float) -> None:
    assert result("eval", *words)["value"] == pytest.approx(value, rel=1e-15)
    assert sigma(*words) == pytest.approx(spread, rel=1e-12)


def test_gum_h1_end_gauge() -> None:
    """H.1: l = ls + d - ls*(da*t + as*dt) = 50.000 838 mm, with a standard uncertainty of 32 nm."""
    words = ["l = ls + d - ls*(da*t + as*dt)", "-ls", "50.000623±25e-6", "-d", "215e-6±9.7e-6"]
    words += ["-da", "0±0.58e-6", "-t", "-0.1±0.41", "-as", "11.5e-6±1.2e-6", "-dt", "0±0.029"]
    assert result("eval", *words)["value"] == pytest.approx(50.000838, abs=5e-10)
    assert sigma(*words) * 1e6 == pytest.approx(32, abs=0.5)


# H.2: V, I, phi measured together, with the correlations of table H.2.
H2 = {
    "inputs": {"V": 4.9990, "I": 19.6610e-3, "phi": 1.04446},
    "uncertainty": {
        "stderr": {"V": 0.0032, "I": 0.0095e-3, "phi": 0.00075},
        "covariance": [
            [0.0032**2, -0.36 * 0.0032 * 0.0095e-3, 0.86 * 0.0032 * 0.00075],
            [-0.36 * 0.0032 * 0.0095e-3, 0.0095e-3**2, -0.65 * 0.0095e-3 * 0.00075],
            [0.86 * 0.0032 * 0.00075, -0.65 * 0.0095e-3 * 0.00075, 0.00075**2],
        ],
    },
}


@pytest.mark.parametrize(
    ("expression", "value", "spread"),
    [("V/I*cos(phi)", 127.732, 0.071), ("V/I*sin(phi)", 219.847, 0.295), ("V/I", 254.260, 0.236)],
)
def test_gum_h2_resistance_and_reactance(expression: str, value: float, spread: float) -> None:
    text = json.dumps(H2)
    assert result("eval", expression, "--inputs", "-", stdin=text)["value"] == pytest.approx(value, abs=1e-3)
    # Printed to three digits, from correlations that are printed to two.
    assert sigma(expression, "--inputs", "-", stdin=text) == pytest.approx(spread, abs=2e-3)


def test_a_typed_input_stands_apart_from_the_covariance() -> None:
    alone = sigma("V/I", "--inputs", "-", "-V", "4.9990±0.0032", stdin=json.dumps(H2))
    parts = (0.0032 / 19.6610e-3, 4.9990 * 0.0095e-3 / 19.6610e-3**2)
    assert alone == pytest.approx(math.hypot(*parts), rel=1e-12)


def test_the_pendulum_as_a_table() -> None:
    done = circuit("grad", "g = 4*pi^2*L/T^2", "-L", "1±0.002", "-T", "2.006±0.004")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[1] == ["L", "1.0000", "±", "0.0020", "9.810652192", "0.0196", "20", "%"]
    assert lines[2] == ["T", "2.0060", "±", "0.0040", "-9.781308267", "0.0391", "80", "%"]
    assert lines[-1][-4:] == ["9.811", "±", "0.044", "1"]


def test_percent_and_the_keyboards_plus_minus() -> None:
    found = result("grad", "V/R", "-V", "12±1%", "-R", "100+/-1%")["uncertainty"]
    assert isinstance(found, dict)
    assert found["value"] == pytest.approx(0.12 * math.sqrt(2) / 100)
    assert found["inputs"]["V"] == {"sigma": 0.12, "contribution": 0.0012, "share": pytest.approx(0.5)}


def test_a_result_carries_its_uncertainty_on() -> None:
    first = circuit("eval", "x + y", "-x", "1±0.3", "-y", "2±0.4", "--json").stdout
    assert sigma("x - y", "--inputs", "-", stdin=first) == pytest.approx(0.5)


def test_shares_are_parts_of_one() -> None:
    found = result("grad", "a*b + c", "-a", "2±0.1", "-b", "3±0.1", "-c", "1±0.5")["uncertainty"]
    assert isinstance(found, dict)
    assert sum(row["share"] for row in found["inputs"].values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("words", "spread"),
    [
        (("log(a)", "-a", "1e300±1e299"), 0.1),
        (("a*b", "-a", "1e200±1e198", "-b", "1e-200±1e-202"), 0.01 * math.sqrt(2)),
        (("a*b", "-a", "1e-170±1e-172", "-b", "1±0.001"), math.hypot(1e-2, 1e-3) * 1e-170),
    ],
)
def test_neither_huge_nor_tiny_uncertainties_are_squared_away(words: tuple[str, ...], spread: float) -> None:
    assert sigma(*words) == pytest.approx(spread, rel=1e-12)


def test_where_the_slope_is_zero_it_is_said() -> None:
    assert "to first order" in circuit("grad", "x^2", "-x", "0±0.1").stderr


def test_a_row_has_a_column_of_its_own() -> None:
    lines = circuit("eval", "x*2", "-x", "1±0.5", "--to", "csv").stdout.splitlines()
    assert lines == ["x,value,sigma", "1.0,2.0,1.0"]


def test_an_uncertainty_from_a_file_that_makes_no_sense_is_refused() -> None:
    broken = {**H2, "uncertainty": {"stderr": {"V": 0.1}, "covariance": [[1, 2], [3]]}}
    done = circuit("eval", "V/I", "--inputs", "-", "-phi", "1", stdin=json.dumps(broken))
    assert done.returncode == 2


@pytest.mark.parametrize("command", ["ascend", "derive"])
def test_where_an_uncertainty_would_be_lost_it_is_refused(command: str) -> None:
    done = circuit(command, "-(x-1)^2", "-x", "0±1")
    assert done.returncode == 2
    assert "x has an uncertainty" in done.stderr


@pytest.mark.parametrize(
    ("value", "spread", "text"),
    [
        (9.8106521, 0.043783, "9.811 ± 0.044"),
        (1.0, 0.002, "1.0000 ± 0.0020"),
        (0.24850672, 0.0011, "0.2485 ± 0.0011"),
        (100.0, 1.0, "100.0 ± 1.0"),
        (12345.678, 120.0, "12350 ± 120"),
        (1.5e20, 1e18, "(1.500 ± 0.010)e+20"),
        (0.0, 0.1, "0.00 ± 0.10"),
        (math.nan, 0.1, "nan ± 0.1"),
    ],
)
def test_how_a_value_is_written(value: float, spread: float, text: str) -> None:
    assert plus_minus(value, spread) == text
