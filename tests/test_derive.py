"""Derivatives as circuits: they read back, agree with the backward pass, do not swell, and can be derived again."""

from __future__ import annotations

import json
import math
import sys
from typing import Any

import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from circuitcli import Circuit
from circuitcli.analysis.derivatives import Derivatives, Hessian
from circuitcli.gates import GATES
from circuitcli.read_circuit import ReadCircuit
from tests.oracle import ORACLE, mp
from tests.support import circuit
from tests.test_gates import points, text
from tests.test_properties import EXPRESSIONS


def derived(expression: str) -> list[str]:
    source = Circuit(expression)
    found = Derivatives(source._read.at(dict.fromkeys(source.inputs, 1.0)).graph, source.inputs)
    return found.statements({f"grad_{name}": k for name, k in found.gradient.items()})


@pytest.mark.parametrize(
    ("expression", "statements"),
    [
        ("(x+y)*z", ["grad_x = z", "grad_y = z", "grad_z = x + y"]),
        ("q = x + y; f = q*z", ["q = x + y", "grad_x = z", "grad_y = z", "grad_z = q"]),
        ("x^3", ["grad_x = 3 * x^2"]),
        ("x^-1", ["grad_x = -x^-2"]),
        ("log(x)", ["grad_x = 1 / x"]),
        ("sqrt(-x)", ["grad_x = -0.5 / (sqrt(-x) + 0)"]),  # or the slope at 0 would be +inf
        ("x^y", None),
        ("max(x, y)", None),
        ("relu(x)*y", ["grad_x = where(x <= 0, 0, y)", "grad_y = relu(x)"]),
        ("where(x > 0, sqrt(x), 0)", ["grad_x = where(x > 0, 0.5 / sqrt(x), 0)"]),
        ("sigmoid(w*x)", ["u = logisticpdf(w * x)", "grad_w = u * x", "grad_x = u * w"]),
        ("a*exp(-a)*0*a/a + a - a", None),
    ],
)
def test_what_is_written(expression: str, statements: list[str] | None) -> None:
    lines = derived(expression)
    assert statements is None or lines == statements
    source = Circuit(expression)
    point = dict(zip(source.inputs, (-0.5 if "(-x)" in expression else 0.5, 1.25, -2.0), strict=False))
    for line in lines:
        name = line.partition(" = ")[0].removeprefix("grad_")
        if line.startswith("grad_"):
            before = [other for other in lines if not other.startswith("grad_")]
            read = Circuit("\n".join([*before, line]))
            assert read(point) == pytest.approx(source.gradient(point)[name], rel=1e-15)


def same(derivative: float, gradient: float, power: bool) -> bool:
    """Equal, or 4 units in the last place apart; of a power more, for a derived x^(y-1) rounds y-1, which moves it by
    |log x|/2 units, at most 373."""
    if math.isnan(gradient):
        return math.isnan(derivative)
    return derivative == gradient or abs(derivative - gradient) <= (400 if power else 4) * math.ulp(gradient)


@pytest.mark.slow
@settings(max_examples=300)
@given(EXPRESSIONS, st.lists(st.floats(-50, 50).map(lambda x: x + 0.0), min_size=3, max_size=3))
def test_a_derivative_reads_back_and_agrees_with_the_backward_pass(program: str, xs: list[float]) -> None:
    source = Circuit(program)
    names = source.inputs
    assume(names)
    point = dict(zip(names, xs * 4, strict=False))
    value, gradient = source.value_and_gradient(point)
    assume(not math.isnan(value))
    for name, slope in gradient.items():
        assert same(source.derivative(name)(point), slope, "^" in program), str(source.derivative(name))


SECOND = [name for name, gate in GATES.items() if any(gate.rules) and not GATES[name].only_over_rows]


@pytest.mark.parametrize("name", SECOND)
def test_second_derivatives_of_every_gate_against_mpmath(name: str) -> None:
    for xs in points(name):
        expression, names = text(name, len(xs))
        point = dict(zip(names, xs, strict=True))
        hessian = Circuit(expression).hessian(point)
        exact = [mp.mpf(x) for x in xs]
        for (a, b), second in hessian.items():
            i, j = names.index(a), names.index(b)
            if GATES[name].vjps(len(xs))[i] is None or GATES[name].vjps(len(xs))[j] is None:
                assert second == 0.0  # no edge
                continue
            want = _second(ORACLE[name], exact, i, j)
            if abs(want) > 1e308:
                assert not math.isfinite(second)
                continue
            # what rounding leaves where parts of that size cancel
            grain = abs(ORACLE[name](*exact) / ((exact[i] or 1) * (exact[j] or 1))) * mp.mpf("1e-15")
            assert second == pytest.approx(float(want), rel=1e-9, abs=float(grain)), (xs, a, b)


def _second(f: Any, xs: list[Any], i: int, j: int) -> Any:
    """A second derivative by differences of 330 digits, with steps by the size of each input."""
    h, k = (mp.mpf(10) ** -60 * (abs(x) or 1) for x in (xs[i], xs[j]))

    def at(s: int, t: int) -> Any:
        moved = list(xs)
        moved[i] += s * h
        moved[j] += t * k
        return f(*moved)

    if i == j:
        return (at(1, 0) - 2 * at(0, 0) + at(-1, 0)) / (h * h)
    return (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * h * k)


@pytest.mark.parametrize(("order", "value"), [(0, 0.0), (1, 1.0), (2, 0.0), (3, -2.0), (4, 0.0), (5, 16.0)])
def test_derivatives_of_any_order(order: int, value: float) -> None:
    tanh = Circuit("tanh(x)")
    for _ in range(order):
        tanh = tanh.derivative("x")
    assert tanh(x=0.0) == value  # the tangent numbers


def test_the_sixth_derivative_of_an_entire_function() -> None:
    again = Circuit("exp(sin(x))")
    for _ in range(6):
        again = again.derivative("x")
    want = mpmath.diff(lambda x: mpmath.exp(mpmath.sin(x)), 0.5, 6)
    assert again(x=0.5) == pytest.approx(float(want), rel=1e-9)


def test_an_expression_of_79_gates_does_not_swell() -> None:
    body = "x"
    for i in range(13):
        body = f"f({body}, {i + 1})"
    source = Circuit(f"f(a, b) = a*tanh(a) + b/(2 + a^2); {body}")
    gates = [node for node in source.nodes if node.args]
    assert len(gates) >= 78
    derivative = source.derivative("x")
    operations = sum(1 for node in derivative.nodes if node.args)
    assert operations < 6 * len(gates)  # reverse accumulation: a small multiple, where an expression tree has millions
    assert derivative(x=0.3) == pytest.approx(source.gradient(x=0.3)["x"], rel=1e-14)


def test_inputs_that_vanish_are_still_understood() -> None:
    square = Circuit("x^2 * y").derivative("y")
    assert square(x=3, y=100) == 9.0
    assert square.derivative("y")(x=3, y=1) == 0.0


# ── hessians ────────────────────────────────────────────────────────────────────────────────────────────────


def rosenbrock(n: int) -> str:
    return " + ".join(f"100*(x{i + 1} - x{i}^2)^2 + (1 - x{i})^2" for i in range(1, n))


def test_rosenbrock_of_100_inputs() -> None:
    source = Circuit(rosenbrock(100))
    point = {f"x{i}": 1 + 0.01 * i for i in range(1, 101)}
    hessian = source.hessian(point)
    assert len(hessian) == 100 * 100
    for i in range(1, 101):
        x, right = point[f"x{i}"], point.get(f"x{i + 1}")
        diagonal = (0.0 if i == 1 else 200.0) + (0.0 if right is None else 1200 * x * x - 400 * right + 2)
        assert hessian[f"x{i}", f"x{i}"] == pytest.approx(diagonal, rel=1e-12)
        if right is not None:
            assert hessian[f"x{i}", f"x{i + 1}"] == pytest.approx(-400 * x, rel=1e-12)
    assert sum(1 for x in hessian.values() if x != 0) == 100 + 2 * 99
    graph = source._read.at(point).graph
    second = Hessian(graph, source.inputs)
    assert len(second.circuit.nodes) <= 20 * len(graph.nodes)  # the bench measures the time


def test_a_hessian_has_both_orders_and_the_same_bits() -> None:
    hessian = Circuit("x^y * sin(z*x)").hessian(x=1.3, y=0.4, z=-2.0)
    assert all(hessian[a, b] == hessian[b, a] for a, b in hessian)


def test_the_two_orders_agree_for_a_power_whose_exponent_is_zero() -> None:
    power = Circuit("x^y")
    assert power.hessian(x=2, y=0)["x", "y"] == 0.5
    one, other = power.derivative("x").derivative("y"), power.derivative("y").derivative("x")
    assert one(x=2, y=0) == other(x=2, y=0) == 0.5


def test_where_the_value_is_nan_so_is_the_hessian() -> None:
    assert math.isnan(Circuit("log(x)").hessian(x=-1)["x", "x"])


def test_the_work_for_many_rows_grows_with_their_number() -> None:
    def calls(n: int) -> int:
        """Count the calls of functions, which are the same on any machine."""
        names = [f"x{i}" for i in range(1, n + 1)]
        graph = ReadCircuit(rosenbrock(n)).at(dict.fromkeys(names, 1.0)).graph
        count = 0

        def seen(frame: object, event: str, argument: object) -> None:
            nonlocal count
            count += event == "call"

        sys.setprofile(seen)
        try:
            Derivatives(graph, names).second()
        finally:
            sys.setprofile(None)
        return count

    assert calls(160) < 5 * calls(40)


# ── the commands ────────────────────────────────────────────────────────────────────────────────────────────


def test_what_derive_prints_is_a_program_with_the_same_numbers() -> None:
    expression = "q = a*x + b; sigmoid(q) * log(1 + x^2)"
    words = ["-a", "0.5", "-b", "-1", "-x", "2"]
    text = circuit("derive", expression).stdout
    gradient = json.loads(circuit("grad", expression, *words, "--json").stdout)["gradient"]
    names = [line.partition(" = ")[0] for line in text.splitlines() if line.startswith("grad_")]
    assert names == ["grad_a", "grad_x", "grad_b"]
    point = dict(zip(words[::2], map(float, words[1::2]), strict=True))
    for name, slope in gradient.items():
        assert Circuit(f"{text}\ngrad_{name}")({key[1:]: x for key, x in point.items()}) == slope


def test_derive_with_values_and_digits() -> None:
    line = circuit("derive", "sin(x)*y", "--wrt", "x", "-x", "1", "-y", "2", "--digits", "50").stdout
    mpmath.mp.dps = 60
    want = mpmath.nstr(2 * mpmath.cos(1), 50)
    mpmath.mp.dps = 15
    assert line == f"grad_x = y * cos(x)  # {want}\n"


def test_derive_goes_on_from_its_own_output() -> None:
    first = circuit("derive", "x^3").stdout
    assert circuit("derive", "-", stdin=first).stdout == "grad_x = 6 * x\n"


def test_derive_keeps_defaults_and_helpers() -> None:
    assert circuit("derive", "k = 9.81; k*x^2").stdout == "k = 9.81\ngrad_x = k * (2 * x)\n"
    record = json.loads(circuit("derive", "q = x + y; q^2*z", "--wrt", "q,z", "--json").stdout)
    assert record["derivatives"] == {"q": "z * (2 * q)", "z": "q^2"}
    assert record["helpers"] == {"q": "x + y"}


def test_the_hessian_as_table_json_and_lines() -> None:
    words = ["grad", "x^2*y", "-x", "1", "-y", "2", "--hessian"]
    assert circuit(*words).stdout.endswith("\n\n hessian   x   y\n x         4   2\n y         2   0\n")
    record = json.loads(circuit(*words, "--json").stdout)
    assert record["hessian"] == {"x": {"x": 4.0, "y": 2.0}, "y": {"x": 2.0, "y": 0.0}}
    assert circuit(*words, "--quiet").stdout == "x 4.0\ny 1.0\nx,x 4.0\nx,y 2.0\ny,y 0.0\n"
    assert circuit(*words, "--to", "csv").stdout.splitlines()[0].endswith("hess_x_x,hess_x_y,hess_y_y")


def test_the_hessian_in_digits() -> None:
    done = circuit("grad", "exp(x)", "-x", "1/3", "--hessian", "--digits", "40", "--quiet")
    mpmath.mp.dps = 50
    want = mpmath.nstr(mpmath.exp(mpmath.mpf(1) / 3), 40)
    mpmath.mp.dps = 15
    assert done.stdout == f"x {want}\nx,x {want}\n"


def test_a_hessian_at_a_kink_is_marked() -> None:
    words = ["grad", "x*abs(x)", "-x", "0", "--hessian"]
    assert "nothing about the curvature" in circuit(*words).stderr
    assert json.loads(circuit(*words, "--json").stdout)["hessian_kink"] is True


def test_a_hessian_that_is_not_finite_is_told() -> None:
    done = circuit("grad", "x^2.5*log(x)", "-x", "0", "--hessian")
    assert done.returncode == 3


def test_derive_goes_on_through_constants() -> None:
    text = "x^2 + 3*y"
    for derived in ("grad_x = 2 * x\ngrad_y = 3\n", "grad_x = 0\n", "grad_x = 0\n"):
        text = circuit("derive", "-", stdin=text).stdout
        assert text == derived
    text = circuit("derive", "x*y").stdout
    assert circuit("derive", "-", stdin=circuit("derive", "-", stdin=text).stdout).stdout == "grad_y = 0\ngrad_x = 0\n"
    assert circuit("derive", "-", "--wrt", "x", stdin="grad_x = 3").stdout == "grad_x = 0\n"
    assert circuit("derive", "grad_x = 2; grad_x*3").stdout == "grad_grad_x = 3\n"
    assert "nothing to differentiate by" in circuit("derive", "3").stderr


def test_of_several_lines_the_last_is_derived_and_that_is_said() -> None:
    first = circuit("derive", "x^2*y").stdout
    done = circuit("derive", "-", stdin=first)
    assert done.stdout.splitlines()[-1].endswith("2 * x")
    assert done.stderr == "note: only the last line is derived, grad_y: to derive grad_x, put it last\n"
    assert circuit("derive", "-", stdin=circuit("derive", "x^3").stdout).stderr == ""
    assert circuit("derive", "-", stdin=circuit("derive", "mod(x, y)").stdout).stdout == "grad_x = 0\ngrad_y = 0\n"
    assert "so is an input" in circuit("derive", "x*grad_x").stderr
