"""Properties of any text and any circuit."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from circuitcli import Circuit, CircuitError
from circuitcli.gates import GATES
from tests.support import same

mp = mpmath.mp.clone()
mp.dps = 50

WORDS = (
    r"x y q f sin max where log clip if 1 2.5 .5 1e-3 1e 0x1 π ² √ é ( ) ( ) , + - * / // % ^ ** < <= == != = ; # ? :",
    "and or not ! | & [ $ @ \x00 \ud800",
)
TOKENS = st.sampled_from([*" ".join(WORDS).split(" "), "\n", "\u2028"])


@settings(max_examples=400)
@given(
    st.one_of(
        st.text(max_size=40), st.lists(TOKENS, max_size=20).map(" ".join), st.lists(TOKENS, max_size=20).map("".join)
    )
)
@example("f(f) = f; f(1)")
@example("x = x")
@example("(\n#)\n)")
def test_any_text_gives_a_circuit_or_a_circuit_error(text: str) -> None:
    try:
        circuit = Circuit(text)
    except CircuitError as error:
        assert str(error).strip()
        return
    circuit.evaluate(dict.fromkeys(circuit.inputs, 0.5))
    str(circuit)


NAMES = ("x", "y", "z")
POINT = {"x": 1.375, "y": -0.625, "z": 0.25}
LEAVES = st.sampled_from([*NAMES, "2", "0.1", "1e-3", "pi", "e", "0.0"])
ANY_GATE = sorted(name for name, gate in GATES.items() if not gate.only_over_rows)


def _written(gate: str, args: list[str]) -> str:
    infix = {
        "add": "+",
        "sub": "-",
        "mul": "*",
        "div": "/",
        "pow": "^",
        "mod": "%",
        "lt": "<",
        "eq": "==",
        "and": "and",
        "or": "or",
    }
    prefix = {"neg": "-", "not": "not "}
    if gate in infix:
        return (
            f"({args[0]}){infix[gate]}({args[1]})" if gate not in ("and", "or") else f"({args[0]}) {gate} ({args[1]})"
        )
    if gate in prefix:
        return f"{prefix[gate]}({args[0]})"
    named = {"floordiv": "//", "le": "<=", "gt": ">", "ge": ">=", "ne": "!="}
    return f"({args[0]}){named[gate]}({args[1]})" if gate in named else f"{gate}({', '.join(args)})"


def _any(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def use(gate: str) -> st.SearchStrategy[str]:
        count = 3 if GATES[gate].many else len(GATES[gate].rules)
        return st.lists(children, min_size=count, max_size=count).map(lambda args: _written(gate, args))

    return st.sampled_from(ANY_GATE).flatmap(use)


EXPRESSIONS = st.recursive(LEAVES, _any, max_leaves=12)


@pytest.mark.slow
@settings(max_examples=300)
@given(st.lists(EXPRESSIONS, min_size=1, max_size=4), st.booleans())
def test_a_printed_circuit_computes_the_same_bits(lines: list[str], shared: bool) -> None:
    program = "; ".join([*(f"n{i} = {line}" for i, line in enumerate(lines[:-1])), lines[-1]])
    if shared:
        program = f"s(a) = a*a - a/3; {program} + s(s({lines[-1]})) + s({lines[0]})"
    circuit = Circuit(program)
    again = Circuit(str(circuit))
    assert sorted(again.inputs) == sorted(circuit.inputs)
    value, gradient = circuit.value_and_gradient(POINT)
    value2, gradient2 = again.value_and_gradient(POINT)
    assert same(value, value2), str(circuit)
    assert gradient.keys() == gradient2.keys()
    # Parts that are only statements of their own may come in another order, and so may the sums of their paths.
    assert all(
        same(gradient[k], gradient2[k]) or math.isclose(gradient[k], gradient2[k], rel_tol=1e-12) for k in gradient
    )


SMOOTH: dict[str, tuple[str, Any]] = {
    "add": ("({} + {})", lambda a, b: a + b),
    "sub": ("({} - {})", lambda a, b: a - b),
    "mul": ("({} * {})", lambda a, b: a * b),
    "div": ("({} / (2 + square({})))", lambda a, b: a / (2 + b * b)),
    "sin": ("sin({})", mp.sin),
    "tanh": ("tanh({})", mp.tanh),
    "sigmoid": ("sigmoid({})", lambda a: 1 / (1 + mp.exp(-a))),
    "softplus": ("softplus({})", lambda a: mp.log(1 + mp.exp(a))),
    "exp": ("exp(sin({}))", lambda a: mp.exp(mp.sin(a))),
    "log": ("log(3 + cos({}))", lambda a: mp.log(3 + mp.cos(a))),
    "sqrt": ("sqrt(1 + square({}))", lambda a: mp.sqrt(1 + a * a)),
    "atan": ("atan({})", mp.atan),
    "erf": ("erf({})", mp.erf),
    "gelu": ("gelu({})", lambda a: a * mp.erfc(-a / mp.sqrt(2)) / 2),
    "pow": ("(2 + sin({}))^cos({})", lambda a, b: (2 + mp.sin(a)) ** mp.cos(b)),
    "hypot": ("hypot({}, 1 + square({}))", lambda a, b: mp.hypot(a, 1 + b * b)),
}
Tree = Any


def _smooth(children: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    def use(name: str) -> st.SearchStrategy[Tree]:
        count = SMOOTH[name][0].count("{}")
        return st.tuples(st.just(name), *[children] * count)

    return st.sampled_from(sorted(SMOOTH)).flatmap(use)


TREES = st.recursive(st.sampled_from(NAMES), _smooth, max_leaves=8)


def _text(tree: Tree) -> str:
    return tree if isinstance(tree, str) else SMOOTH[tree[0]][0].format(*map(_text, tree[1:]))


def _exact(tree: Tree, point: dict[str, Any]) -> Any:
    return point[tree] if isinstance(tree, str) else SMOOTH[tree[0]][1](*(_exact(t, point) for t in tree[1:]))


@settings(max_examples=60)
@given(TREES)
def test_the_gradient_of_a_smooth_circuit_agrees_with_mpmath(tree: Tree) -> None:
    circuit = Circuit(_text(tree))
    value, gradient = circuit.value_and_gradient(POINT)
    exact = {name: mp.mpf(x) for name, x in POINT.items()}
    scale = max(1.0, *(abs(x) for x in (value, *gradient.values())))
    assert value == pytest.approx(float(_exact(tree, exact)), abs=1e-9 * scale)
    for name, slope in gradient.items():
        found = mp.diff(lambda t, name=name: _exact(tree, {**exact, name: t}), exact[name])
        assert slope == pytest.approx(float(found), abs=1e-9 * scale)
