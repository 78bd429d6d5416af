"""A walk over the table of gates: a new gate is tested by existing."""

from __future__ import annotations

import json
import math
import re
from itertools import product
from typing import Any

import pytest

from circuitcli import Circuit
from circuitcli.analysis.formulas import alone, derivatives, kink_at
from circuitcli.analysis.gate_page import at_kink, curve, written
from circuitcli.engine.floats import FLOATS
from circuitcli.gates import GATES, GROUPS
from circuitcli.render.sparkline import BLOCKS, area
from tests.oracle import ORACLE, SLOPES, mp
from tests.support import DOCS, circuit, some_slow

POINTS: dict[str, list[tuple[float, ...]]] = {
    "pow": [(2.5, 3.0), (0.3, -2.25), (1e-3, 0.1), (40.0, 7.5)],
    "log_base": [(8.5, 2.0), (0.1, 7.0)],
    "acosh": [(1.00000001,), (3.0,), (1e10,)],
    "polygamma": [(1.0, 0.3), (2.0, 4.5), (1.0, -2.3), (3.0, 30.0), (4.0, -0.7)],
    "hypot": [(3.0, -4.0), (3e-200, 4e-200), (1e200, -2e200)],
    "atan2": [(3.0, -4.0), (3e-200, 4e-200), (1e200, -2e200)],
    "div": [(3.0, -4.0), (1e-160, 1e-160), (1e300, 1e155)],
    "clip": [(0.5, 0.0, 1.0), (-2.0, -1.0, 1.0), (3.0, 0.0, 2.0)],
    "where": [(1.0, 2.0, 3.0), (0.0, 2.0, 3.0)],
    "logsumexp": [(1.0, 2.0, 0.5), (1e8, 1e8 - 1, 1e8 + 2), (-700.0, 700.0, 0.0), (0.3,)],
    "max": [(1.0, 4.0, 2.0), (-1.0,)],
    "min": [(1.0, 4.0, 2.0), (-1.0,)],
    "gamma": [(0.3,), (4.5,), (-2.5,), (20.0,)],
    "lgamma": [(0.3,), (4.5,), (-2.5,), (1e5,)],
    "digamma": [(0.3,), (4.5,), (-2.5,), (1e5,), (1e-5,)],
    "factorial": [(0.3,), (4.5,), (-2.5,)],
    "sigmoid": [(0.3,), (40.0,), (-710.0,), (-40.0,)],
    "tanh": [(0.3,), (20.0,), (-20.0,), (1e-9,)],
    "gelu": [(0.3,), (-10.0,), (-1.3,), (9.0,)],
}
Points = list[tuple[float, ...]]
ONE: Points = [(0.3,), (-0.7,), (0.99,), (1e-5,), (-2e-9,)]
WIDE: Points = [(2.5,), (-6.25,), (14.0,)]
TWO: Points = [(2.5, 0.75), (-1.25, 3.5), (1e-3, 40.0)]
UNIT = {"asin", "acos", "atanh", "log1p"}
POSITIVE = {"sqrt", "log", "log2", "log10"}


def points(name: str) -> list[tuple[float, ...]]:
    if name in POINTS:
        return POINTS[name]
    if len(GATES[name].rules) == 2:
        return TWO
    chosen = ONE if name in UNIT else ONE + WIDE
    return [(abs(x),) for (x,) in chosen] if name in POSITIVE else chosen


def text(name: str, count: int) -> tuple[str, list[str]]:
    names = [f"x{i}" for i in range(count)]
    infix = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "^", "mod": "%", "floordiv": "//"}
    if name in infix:
        return f" {infix[name]} ".join(names), names
    return f"{'-' if name == 'neg' else name}({', '.join(names)})", names


DEAR = ("digamma", "factorial", "gamma", "lgamma", "polygamma")  # whose oracle takes its time


@pytest.mark.parametrize("name", some_slow([name for name in SLOPES if not GATES[name].only_over_rows], DEAR))
def test_value_and_gradient_against_mpmath(name: str) -> None:
    for xs in points(name):
        expression, names = text(name, len(xs))
        value, gradient = Circuit(expression).value_and_gradient(dict(zip(names, xs, strict=True)))
        exact = [mp.mpf(x) for x in xs]
        assert value == pytest.approx(float(ORACLE[name](*exact)), rel=1e-13, abs=0), xs
        for i, rule in enumerate(GATES[name].vjps(len(xs))):
            if rule is None:
                continue
            # by its own scale: mpmath's step is absolute
            scale = abs(exact[i]) or mp.mpf(1)

            def along(t: Any, i: int = i, scale: Any = scale) -> Any:
                return ORACLE[name](*exact[:i], exact[i] + t * scale, *exact[i + 1 :])  # noqa: B023

            slope = mp.diff(along, 0) / scale
            assert gradient[names[i]] == pytest.approx(float(slope), rel=1e-11, abs=1e-300), (xs, names[i])


@pytest.mark.parametrize("name", [name for name in GATES if not any(GATES[name].rules)])
def test_a_gate_without_edges_propagates_nothing(name: str) -> None:
    count = len(GATES[name].rules)
    assert GATES[name].vjps(count) == (None,) * count
    assert isinstance(GATES[name].forward(FLOATS, *[1.5] * count), float)


@pytest.mark.parametrize("name", GATES)
def test_nan_in_is_nan_out(name: str) -> None:
    gate = GATES[name]
    if not any(gate.rules) or name == "where":
        return
    count = 3 if gate.many else len(gate.rules)
    for i in range(count):
        xs = [1.0] * count
        xs[i] = math.nan
        if name == "copysign" and i == 1:
            continue  # only the sign of it counts
        if name == "pow" and i == 1:
            continue  # 1^nan is 1, as in C99
        expression, names = text(name, count)
        assert math.isnan(Circuit(expression)(dict(zip(names, xs, strict=True)))), (name, i)


def test_the_formulas_are_the_rules() -> None:
    assert dict(derivatives("mul")) == {"x": "y", "y": "x"}
    assert dict(derivatives("sin")) == {"x": "cos(x)"}
    assert dict(derivatives("div")) == {"x": "1 / y", "y": "-x / y / y"}
    assert dict(derivatives("floor")) == {"x": "none"}
    assert dict(derivatives("where")) == {"c": "none", "a": "1 where c", "b": "1 where not c"}
    assert kink_at("max") == "x = y"
    assert kink_at("exp") == ""


@pytest.mark.parametrize(
    "name", [name for name, gate in GATES.items() if any(gate.rules) and not (gate.many or gate.only_over_rows)]
)
def test_a_formula_reads_back_and_computes_the_gradient(name: str) -> None:
    """The printed derivative is an expression of the language with the value of the backward pass."""
    gate = GATES[name]
    for xs in points(name):
        expression, names = text(name, len(xs))
        gradient = Circuit(expression).gradient(dict(zip(names, xs, strict=True)))
        for (_, formula), rule, x in zip(derivatives(name), gate.rules, names, strict=True):
            if rule is None or " where " in formula or "ties(" in formula:
                continue
            known = dict(zip(gate.names, xs, strict=False))
            assert Circuit(formula)(known) == pytest.approx(gradient[x], rel=1e-12), formula


@pytest.mark.parametrize("name", [name for name in GATES if GATES[name].formula])
def test_the_textbook_formula_computes_the_gate(name: str) -> None:
    gate = GATES[name]
    formula = Circuit(gate.formula)
    for xs in [xs[:2] if gate.many else xs for xs in points(name) if len(xs) != 1 or not gate.many]:
        if any((x and not 1e-6 < abs(x) < 100.0) or 0.0 < abs(x - 1.0) < 1e-6 for x in xs):
            continue  # where the formula cancels or overflows, and the gate does not
        known = dict(zip(gate.names if not gate.many else "xy", xs, strict=False))
        value = formula({x: known[x] for x in formula.inputs})
        call, names = text(name, len(xs))
        assert value == pytest.approx(Circuit(call)(dict(zip(names, xs, strict=True))), rel=1e-10, abs=1e-13), xs
        assert value == pytest.approx(float(ORACLE[name](*map(mp.mpf, xs))), rel=1e-10, abs=1e-13), xs


SIDES = (-3.0, -2.5, -1.0, -0.25, 0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0)


@pytest.mark.parametrize("name", [name for name in GATES if not GATES[name].only_over_rows])
def test_a_gate_is_finite_exactly_where_it_is_said_to_be_defined(name: str) -> None:
    gate, arguments = GATES[name], alone(name).inputs
    defined = Circuit(gate.defined or "1")
    for xs in product(SIDES, repeat=len(arguments)):
        at = dict(zip(arguments, xs, strict=True))
        value = gate.forward(FLOATS, *xs)
        assert math.isfinite(value) == bool(defined({x: at[x] for x in defined.inputs})), (at, value)


def test_the_gradient_at_a_kink_is_the_convention() -> None:
    published = {"abs": 0.0, "relu": 0.0, "leaky_relu": 0.01}  # as PyTorch has them
    limits = {"sqrt": math.inf, "cbrt": math.inf, "asin": math.inf, "acos": -math.inf, "acosh": math.inf}
    for name, slope in (published | limits).items():
        found = at_kink(name)
        assert found is not None and found["gradient"] == {"x": slope}, name
    assert at_kink("max") == {"inputs": {"x": 2.0, "y": 2.0}, "gradient": {"x": 0.5, "y": 0.5}}
    assert at_kink("clip") == {"inputs": {"x": -2.0, "lo": -2.0, "hi": 2.0}, "gradient": {"x": 0.5, "lo": 0.5, "hi": 0}}
    assert at_kink("hypot") == {"inputs": {"x": 0.0, "y": 0.0}, "gradient": {"x": 0.0, "y": 0.0}}
    assert at_kink("floor") is None and at_kink("exp") is None


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("sigmoid", (-5, 5)),
        ("log", (0, 5)),
        ("acosh", (1, 5)),
        ("asin", (-1, 1)),
        ("log1p", (-1, 5)),
        ("digamma", (-5, 5)),
    ],
)
def test_a_curve_runs_where_the_gate_has_a_value(name: str, ends: tuple[float, float]) -> None:
    found = curve(name, 51)
    assert found is not None and (found.places[0], found.places[-1]) == ends
    for x, value, slope in list(zip(found.places, found.values, found.slopes, strict=True))[7:-7:9]:
        if name == "digamma" and x <= 0.0 and x == math.floor(x):
            continue  # a pole
        assert value == pytest.approx(float(ORACLE[name](mp.mpf(x))), rel=1e-12, abs=1e-15)
        assert slope == pytest.approx(float(SLOPES[name][0](mp.mpf(x))), rel=1e-12, abs=1e-15)


def test_a_curve_of_several_arguments_says_where_the_others_stand() -> None:
    power, order = curve("pow", 51), curve("polygamma", 51)
    assert power is not None and (power.moving, power.still) == ("x", {"y": 2.0})
    assert power.values[0] == 25.0 and power.slopes[0] == -10.0
    assert order is not None and order.moving == "x"  # there is no order between 1 and 2
    assert curve("mean", 51) is None


@pytest.mark.parametrize("name", GATES)
def test_every_gate_has_a_page(name: str) -> None:
    page = circuit("gates", name).stdout.splitlines()
    assert page[0].split()[0] == "gate" and page[0].split(maxsplit=1)[1].startswith(written(name))
    plot = [line for line in page if set(line) & set(BLOCKS) or "at every" in line]
    assert (not plot) == (GATES[name].only_over_rows)
    assert max((len(line) for line in plot), default=0) <= 80


def test_a_page_of_one_gate() -> None:
    page = circuit("gates", "ln").stdout
    assert re.search(r"gate +log\(x\), also ln\n", page)
    assert re.search(r"domain +x > 0\n", page)
    assert re.search(r"slope +1 / x\n", page)
    assert circuit("gates", "log").stdout == page == circuit("gates", "ln", "log").stdout
    assert circuit("gates", "tanh", "ln").stdout.endswith(f"\n\n{page}")
    assert "accuracy" in circuit("gates", "gamma").stdout
    one, *others = json.loads(circuit("gates", "relu", "abs", "--json").stdout)
    assert one == json.loads(circuit("gates", "relu", "--json").stdout)
    assert one["formula"] == "max(x, 0)" and one["at_kink"] == {"inputs": {"x": 0.0}, "gradient": {"x": 0.0}}
    assert [gate["aliases"] for gate in others] == [["fabs"]]


def test_a_plot_of_blocks_is_cut_where_a_few_are_far_off() -> None:
    assert area([0.0, 1.0, math.nan, 2.0], 2) == ([" ▁ █", "▁█ █"], 0.0, 2.0)
    assert area([*map(float, range(20)), 1e6], 1)[1:] == (0.0, 18.0)
    assert area([math.inf, 1.0, 1.0, 3.0], 1) == (["█▁▁█"], 1.0, 3.0)


def test_a_gate_that_does_not_exist() -> None:
    done = circuit("gates", "sigmoid", "sigmod")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "circuit: there is no gate sigmod\n  did you mean sigmoid?\n"
    assert "write clip(x, lo, hi)" in circuit("gates", "clamp").stderr


def test_the_page_lists_exactly_the_gates() -> None:
    page = (DOCS / "gates.md").read_text(encoding="utf-8")
    groups = page.partition("$ circuit gates\n")[2].partition("\n\n")[0]
    listed, again = (re.findall(r"\w+", part) for part in groups.split("and with one argument"))
    for group in GROUPS:
        for word in group.split():
            listed.remove(word)
    assert listed == [name for names in GROUPS.values() for name in names] == list(GATES)
    assert set(again) < set(listed)


def test_an_operator_stands_for_its_gate() -> None:
    for symbol, gate in {
        "^": "pow",
        "**": "pow",
        "+": "add",
        "//": "floordiv",
        "%": "mod",
        "<": "lt",
        "!=": "ne",
    }.items():
        assert json.loads(circuit("gates", symbol, "--json").stdout)["name"] == gate
    assert [gate["name"] for gate in json.loads(circuit("gates", "-", "--json").stdout)] == ["sub", "neg"]


@pytest.mark.parametrize("base", ["0", "-0", "-2"])
def test_a_logarithm_has_a_base_above_zero(base: str) -> None:
    done = circuit("grad", "log(8, b)", "-b", base)
    assert (done.returncode, f"log(8, b) at b = {base}: outside its domain" in done.stderr) == (3, True)
    assert float(circuit("eval", "log(8, inf)", "--quiet").stdout) == 0.0  # its limit
