"""Many points of one circuit: the code that is kept answers as the passes do, to the bit."""

from __future__ import annotations

import math
import random
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuitcli import Circuit, InputError
from circuitcli.analysis.hot_points import FEW
from circuitcli.analysis.point import Point
from tests.support import same
from tests.test_properties import EXPRESSIONS, NAMES

SPECIAL = (0.0, -0.0, 1.0, -1.0, 2.0, 0.5, 1e-320, 1e-200, 1e200, -1e308, math.inf, math.nan, 3)
NUMBERS = st.one_of(st.sampled_from(SPECIAL), st.floats(-3.0, 3.0), st.floats())


def passes(circuit: Circuit, point: dict[str, float]) -> tuple[float, dict[str, float]]:
    at = circuit._read.at(point)
    return at.value, at.gradient


def assert_same(found: Any, told: Any) -> None:
    assert same(found[0], told[0]) and [*found[1]] == [*told[1]]
    assert all(same(found[1][name], told[1][name]) for name in told[1])


@settings(max_examples=150)
@given(EXPRESSIONS, st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=FEW + 2, max_size=FEW + 6))
def test_kept_code_has_the_bits_of_the_passes(text: str, points: list[tuple[float, ...]]) -> None:
    circuit = Circuit(text)
    vector = circuit.objective(circuit.inputs) if circuit.inputs else None
    for xs in points:
        point = dict(zip(NAMES, xs, strict=True))
        told = passes(circuit, {name: float(point[name]) for name in circuit.inputs})
        assert_same(circuit.value_and_gradient(point), told)
        assert same(circuit(point), told[0])
        if vector is not None:
            value, slopes = vector([point[name] for name in circuit.inputs])
            assert_same((value, dict(zip(circuit.inputs, slopes, strict=True))), told)


def test_what_floats_lose_on_the_way_is_still_found() -> None:
    circuit = Circuit("x*y/z")
    for _ in range(2 * FEW):
        found = circuit.gradient(x=1e-200, y=1e-200, z=1e-200)
        assert found == pytest.approx({"x": 1.0, "y": 1.0, "z": -1.0}, rel=1e-15)


def test_the_code_is_written_after_a_few_points_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    circuit, seen = Circuit("(x+y)*z"), list[int]()
    init = Point.__init__

    def counted(point: Point, *words: Any, **more: Any) -> None:
        seen.append(1)
        init(point, *words, **more)

    monkeypatch.setattr(Point, "__init__", counted)
    for i in range(50):
        assert circuit.value_and_gradient(x=-2.0, y=5.0, z=float(i))[0] == 3.0 * i
    assert 0 < len(seen) <= FEW + 3


def test_constants_defaults_and_doubled_names_are_as_before() -> None:
    circuit = Circuit("r = 2; pi*r^2 + x")
    for i in range(1, 3 * FEW):
        assert circuit(x=i) == math.pi * 4.0 + i
        assert circuit({"x": 9.0, "other": 1.0}, x=i) == math.pi * 4.0 + i
        assert circuit(x=i, pi=3, r=i) == 3.0 * i**2 + i
        assert circuit.gradient({"x": 1.0}, r=float(i)) == {"r": 2.0 * math.pi * i, "x": 1.0}
        with pytest.raises(InputError, match="is not an input"):
            circuit(x=i, unknown=1)
        with pytest.raises(InputError, match="no value for x"):
            circuit(r=i)
        with pytest.raises(InputError, match="is no number"):
            circuit(x="much")


def test_a_circuit_of_a_thousand_slopes() -> None:
    names = [f"x{i}" for i in range(1_500)]
    circuit = Circuit(" + ".join(f"{name}*2" for name in names))
    for _ in range(2 * FEW):
        assert set(circuit.gradient(dict.fromkeys(names, 0.3)).values()) == {2.0}


def test_numbers_that_are_no_floats_are_told() -> None:
    circuit = Circuit("x + 1")
    for _ in range(2 * FEW):
        assert circuit({"x": 1, "other": 10**400}) == 2.0
        with pytest.raises(InputError, match="too large"):
            circuit(x=10**400)
        wrongs: list[Any] = [[], np.array([1.0, 2.0])]
        for wrong in wrongs:
            with pytest.raises(InputError, match="inputs are no"):
                circuit(wrong)


def test_what_is_kept_is_bounded() -> None:
    circuit = Circuit("x + 1")
    for i in range(300):
        assert circuit({"x": 1.0, f"other{i}": 0.0}) == 2.0
    assert all(len(kept.hot) <= 64 for kept in (circuit._points, circuit._slopes))


def test_eight_threads_share_one_circuit() -> None:
    circuit, wrong = Circuit("sin(x)*exp(y) + x*y"), list[tuple[float, float]]()

    def run(seed: int) -> None:
        draw = random.Random(seed)
        for _ in range(300):
            x, y = draw.uniform(-2.0, 2.0), draw.uniform(-2.0, 2.0)
            value, gradient = circuit.value_and_gradient(x=x, y=y)
            if value != math.sin(x) * math.exp(y) + x * y or gradient["x"] != math.cos(x) * math.exp(y) + y:
                wrong.append((x, y))

    threads = [threading.Thread(target=run, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize(
    "names",
    [("x", "y"), ("x1", "x0"), ("total", "least"), ("a0", "float"), ("exp", "is_whole"), ("π1", "ﬁ"), ("class", "y")],
)
def test_any_names_in_any_order(names: tuple[str, str]) -> None:
    a, b = names
    circuit = Circuit(f"exp({a})*{b}^2 - {a}")
    plain = Circuit("exp(x)*y^2 - x")
    for i in range(3 * FEW):
        x, y = 0.1 * i, 1.0 - i
        value, gradient = passes(plain, {"x": x, "y": y})
        told = value, dict(zip(names, gradient.values(), strict=True))
        for found in (
            circuit.value_and_gradient({a: x, b: y}),
            circuit.value_and_gradient({b: y, a: x}),
            circuit.value_and_gradient({b: y, a: x, "other": 3}),
            circuit.value_and_gradient({a: x}, **{b: y}),
            circuit.value_and_gradient(**{b: y, a: x}),
        ):
            assert same(found[0], told[0]) and found[1] == told[1]
        with pytest.raises(InputError):
            circuit.value_and_gradient(**{a: x, b: y, "other": 3.0})
        with pytest.raises(InputError):
            circuit.value_and_gradient({a: x})


def test_no_name_is_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    circuit = Circuit("x^2")
    for name in ("y): open('owned', 'w')\n    if (x", "y=open('owned', 'w')", "y, *z"):
        for _ in range(3 * FEW):
            assert circuit.value_and_gradient({"x": 3.0, name: 1.0}) == (9.0, {"x": 6.0})
    assert [*tmp_path.iterdir()] == []
