"""Roots inside a circuit: their values and slopes against mpmath, in every arithmetic."""

from __future__ import annotations

import json
import math
import pickle
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import mpmath
import pytest

from circuitcli.analysis.derivatives import Derivatives
from circuitcli.analysis.point import Point
from circuitcli.engine.digits import Digits
from circuitcli.engine.passes import forward
from circuitcli.errors import ExpressionError
from circuitcli.export import json_description
from circuitcli.language import graph_of, parse
from circuitcli.program_text import program
from tests.support import circuit

EXACT = 1e-13
DIGITS = Digits(50)


def point(expression: str, given: dict[str, float]) -> Point:
    return Point(graph_of(parse(expression)), given, list(given))


def refusal(text: str) -> str:
    """The error of a text that is wrong."""
    with pytest.raises(ExpressionError) as raised:
        graph_of(parse(text))
    return str(raised.value)


def number(expression: str, given: dict[str, Any]) -> Any:
    """The value on numbers of 50 digits."""
    graph = graph_of(parse(expression))
    return forward(graph, DIGITS, {name: DIGITS.number(x) for name, x in given.items()})[graph.output]


def quotient(expression: str, given: dict[str, float], name: str) -> float:
    """A central difference on numbers of 50 digits."""
    h = mpmath.mpf(10) ** -16
    up, down = ({**given, name: DIGITS.number(given[name]) + way * h} for way in (1, -1))
    return float((number(expression, up) - number(expression, down)) / (2 * h))


def near(x: float, y: Any, within: float = EXACT) -> bool:
    return abs(x - float(y)) <= within * max(1e-3, abs(float(y)))


KEPLER = "root(E: E - c*sin(E) - M, M)"
WAALS = "root(V: (p + a/V^2)*(V - b) - r*T, r*T/p)"
COLEBROOK = "root(q: q + 2*log10(k/3.7 + 2.51*q/R), 6)"
LAMBERT = "root(w: w*exp(w) - x, log(1 + x))"


@pytest.mark.parametrize("c", [0.01, 0.3, 0.7, 0.95])
@pytest.mark.parametrize("mean", [0.1, 1.0, 2.5, 3.1])
def test_kepler(c: float, mean: float) -> None:
    here = point(KEPLER, {"c": c, "M": mean})
    with mpmath.workdps(40):
        found = mpmath.findroot(lambda e: e - mpmath.mpf(c) * mpmath.sin(e) - mean, here.value)
        width = 1 - c * mpmath.cos(found)
        assert near(here.value, found)
        assert near(here.gradient["M"], 1 / width)
        assert near(here.gradient["c"], mpmath.sin(found) / width)


@pytest.mark.parametrize("x", [0.01, 0.5, 1.0, 10.0, 1e6])
def test_lambert_w(x: float) -> None:
    here = point(LAMBERT, {"x": x})
    with mpmath.workdps(40):
        w = mpmath.lambertw(x).real
        assert near(here.value, w)
        assert near(here.gradient["x"], w / (x * (1 + w)))


@pytest.mark.parametrize("roughness", [1e-5, 1e-3, 0.05])
@pytest.mark.parametrize("reynolds", [5e3, 1e5, 1e7])
def test_colebrook(roughness: float, reynolds: float) -> None:
    here = point(COLEBROOK, {"k": roughness, "R": reynolds})
    with mpmath.workdps(40):

        def inner(q: Any) -> Any:
            return roughness / mpmath.mpf("3.7") + mpmath.mpf("2.51") * q / reynolds

        q = mpmath.findroot(lambda q: q + 2 * mpmath.log10(inner(q)), 6)
        slope = 2 / mpmath.log(10) / inner(q)
        by_k = -slope / mpmath.mpf("3.7") / (1 + slope * mpmath.mpf("2.51") / reynolds)
        assert near(here.value, q)
        assert near(here.gradient["k"], by_k)


@pytest.mark.parametrize(("pressure", "kelvin"), [(1e5, 300.0), (1e6, 350.0), (5e6, 400.0)])
def test_van_der_waals(pressure: float, kelvin: float) -> None:
    given = {"p": pressure, "T": kelvin, "a": 0.3640, "b": 4.267e-5, "r": 8.314462618}
    here = point(WAALS, given)
    with mpmath.workdps(40):
        p, t, a, b, r = map(mpmath.mpf, given.values())
        volume = mpmath.findroot(lambda v: (p + a / v**2) * (v - b) - r * t, r * t / p)
        slope = p + a / volume**2 - 2 * a / volume**3 * (volume - b)
        assert near(here.value / float(volume), 1)
        assert near(here.gradient["T"] / float(r / slope), 1)
        assert near(here.gradient["p"] / float(-(volume - b) / slope), 1)


def drawn(count: int) -> list[tuple[str, dict[str, float]]]:
    """Random circuits that grow with x, so that each has one root."""
    draw = random.Random(7)
    growing = ["x", "x^3", "sinh(x)", "atan(x)", "exp(x/3)", "x*sqrt(1 + x^2)", "asinh(x)", "log1p(exp(x))", "erf(x)"]
    factors = ["a^2 + 0.1", "exp(b)", "1 + cos(a)^2", "softplus(a*b)", "1 + b^2", "hypot(a, b) + 0.2"]
    around = ["a", "b", "a*b", "sin(a + b)", "a - b^2", "tanh(a)*b"]
    found = []
    for _ in range(count):
        terms = [f"({draw.choice(factors)})*{draw.choice(growing)}" for _ in range(2)]
        text = f"root(x: x + {terms[0]} + {terms[1]} - ({draw.choice(around)}), {draw.choice(['0', 'a', '3', '-2'])})"
        found.append((text, {"a": draw.uniform(-2, 2), "b": draw.uniform(-1.5, 1.5)}))
    return found


@pytest.mark.parametrize(
    ("expression", "given"), [*drawn(250)[:40], *(pytest.param(*x, marks=pytest.mark.slow) for x in drawn(250)[40:])]
)
def test_gradients_of_random_roots(expression: str, given: dict[str, float]) -> None:
    here = Point(graph_of(parse(f"{expression} + 0*(a + b)")), given, ["a", "b"])
    assert near(here.value, number(f"{expression} + 0*(a + b)", {**given}))
    for name, slope in here.gradient.items():
        assert near(slope, quotient(f"{expression} + 0*(a + b)", given, name), 1e-12)


@pytest.mark.parametrize(("expression", "given"), drawn(12))
def test_second_derivatives(expression: str, given: dict[str, float]) -> None:
    graph = graph_of(parse(f"{expression} + 0*(a + b)"))
    found = Derivatives(graph, ["a", "b"]).second()
    for (one, other), k in found.hessian.items():
        slope = found.graph({"slope": found.gradient[one]})
        h = mpmath.mpf(10) ** -16
        ends = []
        for way in (1, -1):
            moved = {name: DIGITS.number(x) + (way * h if name == other else 0) for name, x in given.items()}
            ends.append(forward(slope, DIGITS, moved)[slope.output])
        second = found.graph({"second": k})
        assert near(Point(second, given).value, (ends[0] - ends[1]) / (2 * h), 1e-11)


def test_nothing_comes_of_the_start() -> None:
    here = point("root(x: x^3 - a, s)", {"a": 2.0, "s": 1.0})
    assert here.gradient["s"] == 0.0
    assert here.gradient["a"] == pytest.approx(2 ** (-2 / 3) / 3, rel=1e-15)


@pytest.mark.parametrize(
    "body", ["x^2 + 1", "exp(x)", "1/x", "exp(-x^2)", "sign(x) + 0.5", "log(x - 5)", "abs(x) + 1", "0*x + 1"]
)
def test_nan_where_there_is_none(body: str) -> None:
    assert math.isnan(point(f"root(x: {body}, 1)", {}).value)
    said = circuit("eval", f"root(x: {body}, 1)")
    assert "no root is found" in said.stdout + said.stderr


@pytest.mark.parametrize(
    ("body", "start", "found"),
    [
        ("x^2 - 2", "0", math.sqrt(2)),
        ("x^3 - 2*x + 2", "0", -1.7692923542386314),
        ("log(x) - 1", "0.001", math.e),
        ("abs(x) - 1", "3", 1.0),
        ("atan(x - 10)", "0", 10.0),
        ("x^20 - 1", "0.5", 1.0),
    ],
)
def test_from_starts_that_lead_astray(body: str, start: str, found: float) -> None:
    assert point(f"root(x: {body}, {start})", {}).value == pytest.approx(found, rel=4e-16)


def test_a_root_of_several() -> None:
    assert point("root(x: (x - 1)^2, 3)", {}).value == pytest.approx(1.0, abs=1e-8)
    assert point("root(x: x^3, 3)", {}).value == pytest.approx(0.0, abs=1e-100)


def test_nested() -> None:
    here = point("root(x: root(y: y^3 - x, 1) - a, 1)", {"a": 2.0})
    assert (here.value, here.gradient["a"]) == (pytest.approx(8.0), pytest.approx(12.0))
    inside = point("root(x: integral(t: exp(-t^2), 0, x) - p, 0.5)", {"p": 0.5})
    assert near(math.erf(inside.value) * math.sqrt(math.pi) / 2, 0.5)
    assert near(inside.gradient["p"], math.exp(inside.value**2))


PROGRAMS = [
    "root(x: x^3 - a, 1)",
    "f(a) = root(x: x^2 - a, 1); f(a) + f(b)",
    "sum(root(x: x^2 - k*a, 1) for k in 1:3)",
    "root(x: sum(x^k for k in 1:3) - a, 0.5)",
    "root(u: u*exp(u) - (a + b)^2, 1) + (a + b)^2",
    "c = root(x: x^2 - 2, 1); c*a",
    "w[i] = root(x: x^2 - a*i, 1) for i in 1:3; sum(w[i]*i for i in 1:3)",
    "q = 2*b; root(x: x^3 - q*x - integral(t: t*x, 0, a), 3) + q",
    "a > 0 ? root(e: e^2 - a, 1) : 3",
]


@pytest.mark.parametrize("text", PROGRAMS)
def test_what_is_written_reads_back(text: str) -> None:
    graph = graph_of(parse(text))
    again = graph_of(parse(program(graph)))
    assert program(again) == program(graph)
    described = json_description.text(graph, [], {})
    assert json_description.program_of(described, "it") == program(graph)
    given = {name: 1.5 for name in graph.inputs if name not in graph.defaults}
    value = Point(graph, given).value
    assert Point(again, given).value == value
    assert Point(pickle.loads(pickle.dumps(graph)), given).value == value


@pytest.mark.parametrize("text", PROGRAMS)
def test_what_is_derived_reads_back(text: str) -> None:
    graph = graph_of(parse(text))
    given = {name: 1.5 for name in graph.inputs if name not in graph.defaults}
    found = Derivatives(graph, [*given], folds=True)
    answers = {f"grad_{name}": k for name, k in found.gradient.items()}
    again = graph_of(parse("\n".join(found.statements(answers))))
    for name, slope in Point(graph, given, [*given]).gradient.items():
        known = Point(again, given)
        assert known.values[again.names[f"grad_{name}"]] == pytest.approx(slope, rel=1e-12)


def test_equal_circuits_are_one_node() -> None:
    graph = graph_of(parse("root(x: x^2 - a, 1) + root(x: x^2 - a, 1)"))
    assert len([node for node in graph.nodes if node.gate.startswith("root")]) == 1


def test_over_rows(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("a,b\n2,1\n3,2\n-1,0.5\n")
    said = circuit("grad", "root(x: x^3 - a*x - b, 2)", str(file), "--to", "jsonl").stdout
    rows = [json.loads(line) for line in said.splitlines()]
    for row in rows:
        here = point("root(x: x^3 - a*x - b, 2)", {"a": row["a"], "b": row["b"]})
        assert (row["value"], row["grad_a"]) == (here.value, pytest.approx(here.gradient["a"], rel=1e-15))
    mean = circuit("grad", "mean((root(x: x^3 - k*a*x - b, 2) - a)^2)", str(file), "-k", "1", "--json").stdout
    parts = [point("(root(x: x^3 - k*a*x - b, 2) - a)^2", {**row, "k": 1.0}) for row in _columns(rows)]
    assert json.loads(mean)["gradient"]["k"] == pytest.approx(sum(here.gradient["k"] for here in parts) / 3, rel=1e-13)


def _columns(rows: list[dict[str, float]]) -> list[dict[str, float]]:
    return [{name: row[name] for name in "ab"} for row in rows]


def test_ascents() -> None:
    found = circuit("ascend", "-(root(x: x^3 - a, 1) - 2)^2", "-a", "3", "--json").stdout
    assert json.loads(found)["inputs"]["a"] == pytest.approx(8.0, rel=1e-6)


def test_digits() -> None:
    said = circuit("eval", "root(x: x^3 - a, 1)", "-a", "2", "--digits", "50").stdout
    with mpmath.workdps(60):
        assert mpmath.nstr(mpmath.cbrt(2), 50) in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("root(x: a, 1)", "x is not used"),
        ("root(x: x^2 = 2, 1)", "root(x: x^2 - 2, 1)"),
        ("root(x: x^2 == 2, 1)", "write root(x: x^2 - 2, 1)"),
        ("root(x: x^2 - 2)", "takes a start"),
        ("root(x: x^2 - 2, 1, 2)", "takes a start"),
        ("x = a; root(x: x^2 - 2, 1)", "means something else"),
        ("f(x) = root(x: x^2 - 2, 1); f(1)", "means something else"),
        ("sum(root(k: k^2 - 2, 1) for k in 1:3)", "means something else"),
        ("root(x: x^2 - 2, 1) + x", "bound in root"),
        ("root(x: x^2 - 2, x)", "bound in root"),
        ("foo(x: x^2 - 2, 1)", "holds no circuit"),
        ("root(x: mean(x) - 2, 1)", "over rows"),
        ("root(x[1]: x[1] - 2, 1)", "no name that can be bound"),
        ("root(x: , 1)", ""),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    assert message in refusal(text)


def test_latex_and_drawings_have_words() -> None:
    assert r"\operatorname{root}_{x \approx 1}" in circuit("export", "root(x: x^3 - a, 1)", "--to", "latex").stdout
    assert "root(x: x^3 - " in circuit("draw", "root(x: x^3 - a, 1)", "--format", "dot").stdout


def test_circuits_without_such_gates_load_none_of_it() -> None:
    code = "from circuitcli.cli import run; run(['grad', '(x+y)*z', '-x', '1', '-y', '2', '-z', '3']); import sys; "
    code += "print([name for name in sys.modules if name.endswith(('held_rules', 'binders', 'holding', 'integrals'))])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "[]"
