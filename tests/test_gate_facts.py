"""The facts in the row of a gate, each verified by a walk over the table."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import cycle, product
from typing import Any

import numpy as np
import pytest

from circuitcli import Circuit
from circuitcli.analysis.formulas import alone
from circuitcli.analysis.gate_page import written
from circuitcli.analysis.stable_forms import FORMS, stable_form
from circuitcli.analysis.stable_forms import stable as stable_circuit
from circuitcli.engine.floats import FLOATS
from circuitcli.export.latex import latex
from circuitcli.gate_facts import COUNT, Known
from circuitcli.gates import ALIASES, GATES, Gate
from circuitcli.language import graph_of, parse
from circuitcli.program_text import program
from circuitcli.rows.aggregate_parts import of_nothing
from tests.oracle import ORACLE, ROWS_ORACLE, SLOPES, mp

SIDES = (-3.0, -2.5, -1.0, -0.25, 0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
ROWS = [name for name, gate in GATES.items() if gate.over_rows is not None]


def arguments(gate: Gate) -> int:
    return 2 if gate.many else len(gate.rules)


def values(gate: Gate, sides: tuple[float, ...] = SIDES) -> Iterator[tuple[tuple[float, ...], float]]:
    """Yield the value of a gate at every point of a grid."""
    for xs in product(sides, repeat=arguments(gate)):
        yield xs, gate.forward(FLOATS, *xs)


def test_every_gate_has_an_oracle() -> None:
    assert list(set(GATES) ^ set(ORACLE)) == []
    assert {name for name, gate in GATES.items() if any(gate.rules)} == set(SLOPES)
    assert set(ROWS) == set(ROWS_ORACLE)


# ── at infinity ─────────────────────────────────────────────────────────────────────────────────────────────

FAR = ((40, 40), (40, 60), (60, 40))  # powers of ten for the first and the second infinite argument
CHOSEN: dict[str, Callable[..., bool]] = {  # where there is no limit, or several, and C99 or Python has a value
    "mul": lambda x, y: 0.0 in (x, y),
    "div": lambda x, y: y == 0.0,
    "floordiv": lambda x, y: math.isinf(x),
    "copysign": lambda x, y: y == 0.0,
    "atan2": lambda y, x: math.isinf(y) and math.isinf(x),
    "direction": lambda x, y: math.isinf(x) and math.isinf(y),
    "pow": lambda x, y: True,  # an infinite exponent is even, an infinite base positive
    "log_base": lambda x, base: True,
    "polygamma": lambda n, x: n not in (0.0, 1.0),
    "lgamma": lambda x: x < 0.0,
    **dict.fromkeys(("lt", "le", "gt", "ge", "eq", "ne"), lambda x, y: x == y),
}


def limit(name: str, xs: tuple[float, ...]) -> float:
    """Return the limit of an oracle; nan where there is none, or several along different ways."""
    found = set()
    for powers in FAR:
        near, far = (float_of(name, xs, [p * scale for p in powers]) for scale in (1, 2))
        if abs(far) < 1e-30 and abs(near) < 1e-30:
            found.add(0.0)
        elif abs(far) > 1.5 * abs(near) and abs(far) > 50.0 and far * near > 0:
            found.add(math.copysign(math.inf, far))
        else:
            found.add(float(far) if abs(far - near) <= 1e-15 * abs(far) else math.nan)
    return found.pop() if len(found) == 1 else math.nan


def float_of(name: str, xs: tuple[float, ...], powers: list[int]) -> Any:
    """Return the value of an oracle with large numbers for infinite arguments."""
    rest = cycle(powers)
    try:
        value = ORACLE[name](
            *[mp.sign(x) * mp.mpf("1.37") * 10 ** next(rest) if math.isinf(x) else mp.mpf(x) for x in xs]
        )
    except (ValueError, ZeroDivisionError):
        return mp.nan
    return mp.nan if isinstance(value, mp.mpc) else mp.mpf(value)


@pytest.mark.parametrize("name", [name for name, gate in GATES.items() if not gate.only_over_rows])
def test_a_gate_at_infinity_has_the_limit_of_its_formula(name: str) -> None:
    sides = (-2.0, 0.0, 0.5, 1.0) if arguments(GATES[name]) < 3 else (0.0, 1.0)
    with mp.workdps(60):
        for xs, value in values(GATES[name], (-math.inf, *sides, math.inf)):
            chosen = name in CHOSEN and CHOSEN[name](*xs)
            if any(map(math.isinf, xs)) and not chosen:
                assert value == pytest.approx(limit(name, xs), rel=1e-12, abs=1e-15, nan_ok=True), xs


# ── of the value ────────────────────────────────────────────────────────────────────────────────────────────


def test_exactly_the_symmetric_gates_may_swap_their_arguments() -> None:
    found = []
    for name, gate in GATES.items():
        if arguments(gate) == 2 and all(
            value == swapped or (value != value and swapped != swapped)
            for xs, value in values(gate)
            for swapped in [gate.forward(FLOATS, *xs[::-1])]
        ):
            found.append(name)
    assert found == [name for name, gate in GATES.items() if gate.symmetric]


@pytest.mark.parametrize("literal", [False, True])
def test_a_result_is_minus_zero_only_where_it_is_said_to_be(literal: bool) -> None:
    for name, gate in GATES.items():
        for xs, value in values(gate, (*SIDES, -0.0)):
            if xs and value == 0.0 and math.copysign(1.0, value) < 0.0:
                known = []
                for x in xs:
                    minus_zero = x == 0.0 and math.copysign(1.0, x) < 0.0
                    constant = literal and x >= 0.0 and not minus_zero
                    known.append(Known(minus_zero, x if constant else None, constant))
                assert gate.minus_zero(*known), (name, xs)


@pytest.mark.parametrize("name", [name for name, gate in GATES.items() if gate.overflow])
def test_a_gate_overflows_above_the_number_that_it_names(name: str) -> None:
    gate, above = GATES[name], float(GATES[name].overflow)
    assert math.isfinite(gate.forward(FLOATS, above - 0.01))
    assert math.isinf(gate.forward(FLOATS, above + 0.01))


def test_the_infinite_values_at_small_arguments_are_poles_or_divisions_by_zero() -> None:
    poles = set()
    for name, gate in GATES.items():
        for xs, value in values(gate):
            divided = gate.divisor is not None and xs[gate.divisor] == 0.0
            if math.isinf(value) and not divided:
                poles.add(name)
    assert poles == {name for name, gate in GATES.items() if gate.pole}


def test_a_divisor_of_zero_leaves_no_finite_value() -> None:
    for name, gate in GATES.items():
        if gate.divisor is not None:
            found = [value for xs, value in values(gate) if xs[gate.divisor] == 0.0]
            assert not all(map(math.isfinite, found)), name


# ── in text ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", GATES)
def test_what_is_written_reads_back(name: str) -> None:
    graph = graph_of(parse(written(name)))
    assert graph.nodes[graph.output].gate == name
    assert list(graph.inputs) == list(alone(name).inputs)


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_means_its_gate(alias: str) -> None:
    graph = alone(ALIASES[alias])
    again = graph_of(parse(f"{alias}({', '.join(graph.inputs)})"))
    assert again.nodes == graph.nodes


@pytest.mark.parametrize("name", [name for name, gate in GATES.items() if not gate.only_over_rows])
def test_every_gate_has_its_latex(name: str) -> None:
    graph = alone(name)
    text = latex(graph, list(graph.inputs))
    line = text.splitlines()[2]
    assert line.startswith("f &= ") and "#" not in text
    assert text.count("{") == text.count("}") and text.count(r"\left") == text.count(r"\right")
    assert GATES[name].latex or GATES[name].written or name.replace("_", r"\_") in line


# ── over rows ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ROWS)
def test_an_aggregate_is_that_of_its_oracle(name: str) -> None:
    x, y = np.random.default_rng(3).normal(size=(2, 1001))
    exact = [[mp.mpf(float(u)) for u in column] for column in (x, y)]
    calls: dict[str, tuple[str, list[Any]]] = {
        "count": ("count()", exact[:1]),
        "quantile": ("quantile(x, 0.3)", [exact[0], 0.3]),
        "corr": ("corr(x, y)", exact),
    }
    call, wanted = calls.get(name, (f"{name}(x)", exact[:1]))
    found = Circuit(f"{call} + 0*sum(x) + 0*sum(y)")({"x": x, "y": y})
    assert found == pytest.approx(float(ROWS_ORACLE[name](*wanted)), rel=1e-14)


@pytest.mark.parametrize("name", [name for name in ROWS if len(GATES[name].rules)])
def test_an_aggregate_of_no_rows_is_that_of_its_row(name: str) -> None:
    value, slopes = of_nothing(name, 2)
    facts = GATES[name].over_rows
    assert facts is not None and facts.gathers != COUNT
    try:
        beside = [0.5] * (len(GATES[name].rules) - 1)
        wanted = float(ROWS_ORACLE[name]([], *beside))
    except (ValueError, ZeroDivisionError, IndexError, TypeError):
        wanted = math.nan
    assert value == pytest.approx(wanted, nan_ok=True)
    assert list(slopes) == ([0.0, 0.0] if value == 0.0 else pytest.approx([math.nan] * 2, nan_ok=True))


@pytest.mark.parametrize("name", ROWS)
def test_one_row_is_a_point(name: str) -> None:
    facts = GATES[name].over_rows
    assert facts is not None
    value = GATES[name].forward(FLOATS, *[2.5, 0.5][: len(GATES[name].rules)])
    assert math.isnan(value) == bool(facts.alone)


# ── stable forms ────────────────────────────────────────────────────────────────────────────────────────────


def expanded(text: str) -> str:
    """Write a form with a sum of three terms, u being in the first."""
    for many, three in {"sum(exp(u))": "(exp(u) + exp(v) + exp(w))", "logsumexp(u)": "logsumexp(u, v, w)"}.items():
        text = text.replace(many, three)
    return text


@pytest.mark.parametrize(("by_hand", "stable"), FORMS)
def test_both_sides_of_a_stable_form_are_one_number(by_hand: str, stable: str) -> None:
    left, right = Circuit(expanded(by_hand)), Circuit(expanded(stable))
    for xs in product((0.25, 1.5, 3.0), repeat=len(left.inputs)):
        at = dict(zip(left.inputs, xs, strict=True))
        assert right(at) == pytest.approx(left(at), rel=1e-12), at


@pytest.mark.parametrize(("by_hand", "stable"), FORMS)
def test_a_stable_form_is_found(by_hand: str, stable: str) -> None:
    graph = graph_of(parse(expanded(by_hand)))
    found = stable_form(graph, graph.output)
    assert found is not None and graph_of(parse(found[1])).nodes == graph_of(parse(expanded(stable))).nodes
    circuit = stable_circuit(graph)
    assert circuit is not None and program(circuit) == program(graph_of(parse(expanded(stable))))


def test_the_sign_of_a_zero_counts_where_it_is_said_to() -> None:
    """Two zeros of an argument make two values, other than infinities next to a pole."""
    found = set()
    for name, gate in GATES.items():
        for xs, value in values(gate, (*SIDES, -0.0)):
            for i, x in enumerate(xs):
                other = gate.forward(FLOATS, *xs[:i], -x, *xs[i + 1 :]) if x == 0.0 else value
                if other != value and math.isfinite(value) and math.isfinite(other):
                    found.add((name, i))
    assert found == {(name, i) for name, gate in GATES.items() for i in gate.signed}


def test_of_a_gate_that_chooses_the_others_may_be_anything() -> None:
    for gate in GATES.values():
        if gate.chooses:
            assert gate.forward(FLOATS, 1.0, 2.0, math.nan) == 2.0 == gate.forward(FLOATS, 0.0, math.nan, 2.0)
