"""A success stands: no better point is beside it, and no input runs away. And a way that runs away says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.nasty_functions import KINDS, Nasty, nasty
from tests.probes import Probe
from tests.support import circuit

FUNCTIONS = [nasty(index, seed=16) for index in range(4 * len(KINDS))]


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.case.name)
def test_no_better_point_is_beside_a_success(function: Nasty) -> None:
    run = function.case.run(function.units)
    if function.runs == "x":
        assert run.status == "unbounded", run.message
    if run.success:
        better = Probe(function, run.found.x, count=2_000).better()
        assert better is None, (run.message, function.words, better)


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS[:: len(KINDS) + 1], ids=lambda function: function.case.name)
def test_the_command_says_so(function: Nasty) -> None:
    run = function.case.run(function.units)
    found = json.loads(circuit(*function.words, "--json").stdout)
    assert found["status"] == run.status
    assert list(found["inputs"].values()) == pytest.approx(run.found.x, rel=1e-12)


SEPARATED = "x,y\n-2,0\n-1,0\n-0.5,0\n0.7,1\n1.5,1\n3,1\n"
SPELLINGS = [
    "z = a + b*x; sum(y*logsigmoid(z) + (1 - y)*logsigmoid(-z))",
    "z = a + b*x; sum(y*log(sigmoid(z)) + (1 - y)*log(sigmoid(-z)))",
    "z = a + b*x; sum(log(sigmoid((2*y - 1)*z)))",
    "p = sigmoid(a + b*x); sum(y*log(p) + (1 - y)*log(1 - p))",
    "p = 1/(1 + exp(-(a + b*x))); mean(y*log(p) + (1 - y)*log(1 - p))",
    "sum(y*(a + b*x) - softplus(a + b*x))",
    "-mean(log1p(exp((1 - 2*y)*(a + b*x))))",
    "-sum(log(1 + exp((1 - 2*y)*(a + b*x))))",
    "p = exp(a + b*x)/(1 + exp(a + b*x)); sum(y*log(p) + (1 - y)*log(1 - p))",
    "p = (1 + tanh((a + b*x)/2))/2; sum(y*log(p) + (1 - y)*log(1 - p))",
    "p = sigmoid(a + b*x); mean(y*log(p) + (1 - y)*log1p(-p))",
    "p = sigmoid(a + b*x); mean(where(y > 0.5, log(p), log(1 - p)))",
    "p = sigmoid(a + b*x); mean(log(y*p + (1 - y)*(1 - p)))",
    "mean(y*(a + b*x) - log(1 + exp(a + b*x)))",
]


@pytest.mark.parametrize("unit", ["1", "1e6", "1e-9"])
@pytest.mark.parametrize("start", [("0", "0"), ("5", "10"), ("-45", "100")])
@pytest.mark.parametrize("text", SPELLINGS)
def test_separated_rows_have_no_optimum(text: str, start: tuple[str, str], unit: str, tmp_path: Path) -> None:
    """The likelihood rises towards 1 for as long as a and b grow (Albert and Anderson 1984)."""
    (tmp_path / "rows.csv").write_text(SEPARATED)
    a, b = start
    words = [text.replace("b*x", f"b*(x*{unit})"), "rows.csv", "-a", a, "-b", repr(float(b) / float(unit))]
    found = json.loads(circuit("ascend", *words, "--json", cwd=tmp_path).stdout)
    if found["status"] == "nonfinite":  # where p rounds to 1 at the start
        assert a == "-45" and "log" in text and ("write logsigmoid" in found["message"] or "tanh" in text)
    else:
        assert (found["status"], found["success"]) == ("unbounded", False), found["message"]
        assert "away" in found["message"]


HALF = "x,y\n0,0\n1,0\n2,0\n3,0\n3,1\n4,1\n5,1\n6,1\n"
LATE = "x,y\n" + "".join(f"{i},0\n" for i in range(9)) + "9,3\n"
RISEN = "x,y\n0,0.01\n1,2.01\n2,1.99\n3,2.02\n4,1.98\n5,2.0\n"
LINE = "x,y\n0,0\n1,3\n2,6\n3,9\n4,12\n"
COUNTS = "x,y\n" + "".join(f"0,{y}\n" for y in (4, 4, 4, 5, 4, 4))
DISPERSED = "lgamma(y + a) - lgamma(a) - lgamma(y + 1) + a*log(a/(a + b)) + y*log(b/(a + b))"


@pytest.mark.parametrize(
    ("command", "text", "rows", "start", "runs"),
    [
        ("ascend", SPELLINGS[0], HALF, (0, 0), "a, b"),  # quasi-complete separation
        ("ascend", SPELLINGS[5], HALF, (1, 2), "a, b"),
        ("ascend", "sum(y*(a + b*x) - exp(a + b*x))", LATE, (0, 0), "a, b"),  # counts that are 0 but for the last
        ("descend", "sum((y - a*(1 - exp(-b*x)))^2)", RISEN, (1, 1), "b"),  # a rate that the rows do not see
        ("descend", "sum((y - a*tanh(b*x))^2)", RISEN, (1, 1), "b"),
        ("descend", "sum((y - a*x/(b + x))^2)", LINE, (1, 1), "a, b"),  # a line is a hyperbola's limit
        ("ascend", f"sum({DISPERSED})", COUNTS, (1, 1), "a"),  # counts spread less than Poisson's
    ],
)
def test_what_is_best_at_infinity_runs_away(
    command: str, text: str, rows: str, start: tuple[int, int], runs: str, tmp_path: Path
) -> None:
    (tmp_path / "rows.csv").write_text(rows)
    bounds = ["--bounds", "a=0:,b=0:"] if text.startswith("sum(lgamma") else []
    words = [text, "rows.csv", "-a", str(start[0]), "-b", str(start[1]), *bounds, "--json"]
    found = json.loads(circuit(command, *words, cwd=tmp_path).stdout)
    assert found["status"] == "unbounded", found["message"]
    assert f"as {runs} run" in found["message"]


def test_steep_slopes_are_not_called_separated(tmp_path: Path) -> None:
    """Rows that overlap a little: the optimum is finite, however the likelihood is spelt."""
    xs = [round(-1.0 + 2.0 * i / 399.0, 4) for i in range(400)]
    rows = [(x, int((x > 0.0) != (i in (196, 197, 201, 203)))) for i, x in enumerate(xs)]
    (tmp_path / "rows.csv").write_text("x,y\n" + "".join(f"{x},{y}\n" for x, y in rows))
    found = json.loads(circuit("ascend", SPELLINGS[0], "rows.csv", "-a", "0", "-b", "0", "--json", cwd=tmp_path).stdout)
    assert found["success"] and found["value"] == pytest.approx(-8.4833060643, rel=1e-9)
    naive = circuit("ascend", SPELLINGS[3], "rows.csv", "-a", "0", "-b", "0", cwd=tmp_path)
    assert naive.returncode == 1 and "unbounded" not in naive.stdout and "write logsigmoid" in naive.stdout


@pytest.mark.parametrize("text", ["tan(x)", "1/(2 - x)", "tan(x)/1e9", "-1e20/(x - 2)"])
@pytest.mark.parametrize("start", ["0.3", "1.1", "-0.7"])
def test_a_pole_is_no_optimum(text: str, start: str) -> None:
    found = json.loads(circuit("ascend", text, "-x", start, "--json").stdout)
    assert found["status"] == "unbounded" and found["value"] > 0.0, found["message"]


@pytest.mark.parametrize("unit", ["1", "1e-8", "1e7"])
@pytest.mark.parametrize("start", ["0", "1.6", "-2"])
def test_a_saddle_on_a_jump_is_left(start: str, unit: str) -> None:
    """Where y is below 0 it falls along x without end; the way along y alone ends at 0, where all slopes are 0."""
    text = f"copysign(x^2, y/{unit}) + (y/{unit})^2"
    found = json.loads(circuit("descend", text, "-x", "0", "-y", repr(float(start) * float(unit)), "--json").stdout)
    assert not found["success"], found["message"]
