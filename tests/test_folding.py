"""Derivatives as a person writes them: what folds, that a float only gains by it, and the form of a textbook."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from circuitcli import Circuit
from circuitcli.analysis.derivatives import Derivatives
from circuitcli.analysis.formulas import derivatives
from circuitcli.analysis.textbook import textbook_gates
from circuitcli.engine import symbols
from circuitcli.engine.digits import Digits
from circuitcli.engine.passes import forward
from circuitcli.gates import GATES
from circuitcli.graph import Graph
from circuitcli.language import graph_of, parse
from circuitcli.read_circuit import ReadCircuit
from tests.random_circuits import grown
from tests.support import circuit
from tests.test_gates import points

FOLDED = [
    ("3*x^2", "grad_x = 6 * x"),
    ("2*3*x", "grad_x = 6"),
    ("x*x", "grad_x = 2 * x"),
    ("x^1", "grad_x = 1"),
    ("x/2", "grad_x = 0.5"),
    ("2*x/2", "grad_x = 1"),
    ("x*3*y", "grad_x = 3 * y"),
    ("0.5*(x - 3)^2", "grad_x = x - 3"),
    ("5*sin(2*x)", "grad_x = 10 * cos(2 * x)"),
    ("0.1*x^3", "grad_x = 0.1 * (3 * x^2)"),  # 0.1*3 is no float
    ("x^3/3", "grad_x = x^2"),
    ("exp(-x^2/2)", "grad_x = -exp(-x^2 / 2) * x"),
    ("y*log(x)", "grad_x = y / x"),
    ("-(-x)*y", "grad_x = y"),
    ("a - x*y", "grad_x = -y"),
    ("sqrt(x^2 + y^2)", "grad_x = x / sqrt(x^2 + y^2)"),
    ("x^0.1", "grad_x = 0.1 * x^(0.1 - 1)"),  # 0.1 - 1 is no float
    ("-x % y", "grad_x = -1"),
]


@pytest.mark.parametrize(("expression", "line"), FOLDED)
def test_constants_fold_where_that_is_exact(expression: str, line: str) -> None:
    assert line in circuit("derive", expression, "--wrt", "x").stdout.splitlines()


@pytest.mark.parametrize("expression", ["-x*y", "(a % b)*-x", "-(x // y)*z", "x/-y/z", "-(x*y)^2*z", "a - -x*y*-z"])
def test_a_sign_before_a_product_reads_back(expression: str) -> None:
    source = Circuit(expression)
    point = dict(zip(source.inputs, (-7.5, 2.25, 3.5, -0.75), strict=False))
    for name, slope in source.gradient(point).items():
        text = circuit("derive", expression, "--wrt", name).stdout
        assert Circuit(text)(point) == pytest.approx(slope, rel=1e-15)


SMALL = st.integers(1, 64).map(float) | st.sampled_from([0.5, 0.25, 1.5, 0.375])


@given(SMALL, SMALL, st.floats(1e-100, 1e100), st.floats(1e-100, 1e100))
def test_one_rounding_is_nearer_than_two(a: float, b: float, x: float, y: float) -> None:
    """Every form that folds gives the bits that it gave, or nearer ones."""
    forms: list[tuple[str, Any]] = [
        ("A*(B*x)", lambda m, x, y: m.mul(a, m.gate("mul", b, x))),
        ("(A*x)/B", lambda m, x, y: m.div(m.gate("mul", a, x), m.constant(f"{b:.17g}"))),
        ("A*(x/B)", lambda m, x, y: m.mul(a, m.gate("div", x, b))),
        ("A*(B/x)", lambda m, x, y: m.mul(a, m.gate("div", b, x))),
        ("(x/A)/B", lambda m, x, y: m.div(m.gate("div", x, a), m.wire(b))),
        ("A*x + B*x", lambda m, x, y: m.add(m.gate("mul", a, x), m.gate("mul", b, x))),
        ("1/x * y", lambda m, x, y: m.mul(m.gate("div", 1.0, x), y)),
        ("x/A * (A*y)", lambda m, x, y: m.mul(m.gate("div", x, a), m.gate("mul", a, y))),
        ("(A*x)/(A*y)", lambda m, x, y: m.div(m.gate("mul", a, x), m.gate("mul", a, y))),
    ]
    for text, form in forms:
        written = Circuit(text.replace("A", f"{a:.17g}").replace("B", f"{b:.17g}"))
        source = ReadCircuit("x + y").at({"x": 1.0, "y": 1.0}).graph
        m = symbols.Symbols(source)
        k = m.wire(form(m, *(m.wires[source.inputs[name]] for name in "xy"))).k
        folded = Circuit("; ".join([str_of(Graph(m.builder.nodes, k))]))
        truth = exactly(text, a, b, x, y)
        before = written({name: {"x": x, "y": y}[name] for name in written.inputs})
        after = folded({name: {"x": x, "y": y}[name] for name in folded.inputs})
        assume(1e-300 < abs(truth) < 1e300)
        assert abs(Fraction(after) - truth) <= abs(Fraction(before) - truth), text


def str_of(graph: Graph) -> str:
    from circuitcli.notation import expressions

    return expressions(graph, 1000)[graph.output]


def exactly(text: str, a: float, b: float, x: float, y: float) -> Fraction:
    names = {"A": Fraction(a), "B": Fraction(b), "x": Fraction(x), "y": Fraction(y)}
    return Fraction(eval(text.replace("1/x", "Fraction(1)/x"), {"Fraction": Fraction, **names}))


def in_digits(text: str, at: dict[str, float]) -> Any:
    """The value of a program in 50 digits."""
    m, graph = Digits(50), graph_of(parse(text))
    return forward(graph, m, {name: m.number(x) for name, x in at.items()})[graph.output]


def error(source: Circuit, name: str, point: dict[str, float]) -> tuple[float, str]:
    """The relative error of a derivative in float64 against 50 digits, and its text."""
    graph = source._read.at(point).graph
    found = Derivatives(graph, [name])
    text = "\n".join(found.statements({"d": found.gradient[name]}))
    read = Circuit(text)
    at = {x: point[x] for x in read.inputs}
    value = read(at)
    exact = in_digits(text, at)
    if not (math.isfinite(value) and math.isfinite(float(exact)) and exact):
        return math.nan, text
    return float(abs(value - exact) / abs(exact)), text


@pytest.mark.parametrize("seed", range(60))
def test_random_circuits_lose_nothing_by_it(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A derived program is as near to 50 digits as that without any folding, but for the luck of one rounding."""
    chance = random.Random(seed)
    text, _ = grown(chance, chance.randint(1, 4), ["x", "y", "3", "0.5", "2"])
    source = Circuit(text)
    point = {name: chance.uniform(0.2, 2.0) for name in source.inputs}
    for name in source.inputs:
        folded, _ = error(source, name, point)
        with monkeypatch.context() as plain:
            plain.setattr(symbols, "exact", lambda gate, *numbers: None)
            unfolded, _ = error(source, name, point)
        if not math.isnan(folded) and not math.isnan(unfolded):
            assert folded <= 2.0 * unfolded + 4.5e-16, (text, point)


@pytest.mark.parametrize("name", [name for name, gate in GATES.items() if gate.slopes])
def test_the_textbook_has_the_derivative_that_is_computed(name: str) -> None:
    """At 20 points, to 50 digits."""
    gate, chance = GATES[name], random.Random(name)
    computed, textbook = dict(derivatives(name)), dict(derivatives(name, textbook_gates()))
    assert computed != textbook
    within = [xs for xs in points(name) if all(1e-3 < abs(x) < 30 for x in xs)]
    for _ in range(20):
        xs = [x * chance.uniform(0.9, 1.0) for x in chance.choice(within)]
        for argument in computed:
            both = []
            for formula in (computed[argument], textbook[argument]):
                read = Circuit(formula)
                at = {x: value for x, value in zip(gate.names, xs, strict=False) if x in read.inputs}
                both.append(in_digits(formula, at))
            if any(math.isnan(float(x)) for x in both):
                outside = all(math.isnan(float(x)) for x in both)
                assert outside or (name == "pow" and xs[0] < 0.0)  # whose log(x) the rule does not ask everywhere
                continue
            assert abs(both[0] - both[1]) <= abs(both[0]) * 1e-40 + 1e-48, (xs, argument)


def test_derive_as_a_textbook_has_it() -> None:
    def textbook(expression: str, *more: str) -> list[str]:
        return circuit("derive", expression, "--textbook", *more).stdout.splitlines()

    assert textbook("tanh(x)") == ["grad_x = 1 - tanh(x)^2"]
    assert textbook("sigmoid(x)") == ["u = sigmoid(x)", "grad_x = u * (1 - u)"]
    assert textbook("x^y") == ["grad_x = y * x^(y - 1)", "grad_y = x^y * log(x)"]
    assert textbook("x/y", "--wrt", "y") == ["grad_y = -x / y^2"]
    assert textbook("erf(x)") == ["grad_x = 2 / sqrt(pi) * exp(-x^2)"]
    assert "logisticpdf" in circuit("derive", "tanh(x)").stdout  # what is computed stays the default
    assert "logisticpdf" in circuit("gates", "tanh", "--json").stdout


def test_a_long_chain_of_factors_that_cancel_is_derived() -> None:
    chain = "0.5*(2*(" * 3_000 + "x" + "))" * 3_000
    assert circuit("derive", chain, "--quiet").returncode == 0
