"""Families as arguments in Python, beside NumPy."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from circuitcli import Circuit, InputError

LAYER = Circuit("h[j] = tanh(sum(W[j,i]*x[i] for i in 1:3) + b) for j in 1:2; f = h[1] + 2*h[2]")
W = [[0.1, -0.2, 0.3], [0.4, 0.5, -0.6]]
X = [1.0, 2.0, -1.0]
FLAT = {f"W[{j},{i}]": W[j - 1][i - 1] for j in (1, 2) for i in (1, 2, 3)} | {f"x[{i}]": X[i - 1] for i in (1, 2, 3)}


def layer(w: Any, x: Any, b: Any) -> tuple[Any, dict[str, Any]]:
    h = np.tanh(np.array(w) @ np.array(x) + b)
    by_h = np.array([1.0, 2.0]) * (1.0 - h * h)
    slopes = {"W": np.outer(by_h, x), "x": np.array(w).T @ by_h, "b": by_h.sum()}
    return h[0] + 2 * h[1], slopes


def test_a_family_is_given_by_index() -> None:
    sums = Circuit("sum(s[i]*10^i for i in 0:2)")
    for s in ({0: 1, 1: 2, 2: 3}, {"0": 1, "1": 2, "2": 3}):
        assert sums(s=s) == sums({"s": s}) == 321.0
        assert sums.gradient(s=s) == {"s[0]": 1.0, "s[1]": 10.0, "s[2]": 100.0}
    assert sums({"s": {0: 1, 1: 2}, "s[2]": 4}) == 421.0
    assert Circuit("s[1] + s[2]")(s={1: np.array([1.0, 2.0]), 2: 3}).tolist() == [4.0, 5.0]
    for s, message in (({0: 1, 7: 2}, "s has no element s[7]"), ({"a": 1}, "s is no mapping by index")):
        with pytest.raises(InputError, match=re.escape(message)) as caught:
            sums(s=s)
        assert caught.value.hint == "its elements are s[0] to s[2]: s={'0': 0, '1': 0, '2': 0}"


@pytest.mark.parametrize("form", [lambda w: w, np.array, lambda w: tuple(map(tuple, w)), lambda w: [*map(np.array, w)]])
def test_a_family_is_given_whole(form: Callable[[Any], Any]) -> None:
    wanted, slopes = layer(W, X, 0.5)
    given = {"W": form(W), "x": X, "b": 0.5}
    for _ in range(5):  # the code that is kept comes after some calls
        assert LAYER(given) == pytest.approx(wanted) == LAYER(W=form(W), x=X, b=0.5) == LAYER({**FLAT, "b": 0.5})
        value, found = LAYER.value_and_gradient({"W": form(W)}, x=X, b=0.5)
        assert value == pytest.approx(wanted) and [*found] == ["W", "x", "b"]
        for name, slope in slopes.items():
            np.testing.assert_allclose(found[name], slope)
    is_array = isinstance(form(W), np.ndarray)
    assert isinstance(found["W"], np.ndarray) if is_array else isinstance(found["W"][0], list)
    assert LAYER.jacobian(["h[1]", "f"], given)["f"]["x"] == pytest.approx(slopes["x"].tolist())


def test_one_number_is_for_all_and_an_element_goes_before() -> None:
    assert LAYER(W=2, x=1, b=0) == LAYER(W=[[2] * 3] * 2, x=[1] * 3, b=0)
    own = LAYER({"W": 0, "W[1,2]": 5}, x=X, b=0)
    assert own == LAYER(W=[[0, 5, 0], [0, 0, 0]], x=X, b=0) == LAYER({"W[1,2]": 5, "W": 0}, x=X, b=0)
    assert LAYER({"W": 1, "x": 7}, W=0, x=1, b=0.5) == LAYER(W=0, x=1, b=0.5)  # a keyword has the last word
    assert LAYER.jacobian(W=0, x=1, b=0) == {"f": {"W": [[1.0] * 3, [2.0] * 3], "x": [0.0] * 3, "b": 3.0}}
    mixed = LAYER.gradient({**FLAT, "b": 0.5})
    assert {*mixed} == {*FLAT, "b"}
    assert Circuit("sum(a[k]*t^k for k in 0:2)").gradient(a=[1, 2, 3], t=2) == {"a": [1.0, 2.0, 4.0], "t": 14.0}
    assert Circuit("x[1]*x[3]").gradient(x=2) == {"x[1]": 2.0, "x[3]": 2.0}  # no list holds these


def test_rows_stand_in_the_places_of_numbers() -> None:
    rows = np.arange(12.0).reshape(4, 3)
    for w in (W, np.array(W)):
        value, found = LAYER.value_and_gradient(W=w, x=[*rows.T], b=0.5)
        wanted = [layer(W, row, 0.5) for row in rows]
        np.testing.assert_allclose(value, [one for one, _ in wanted])
        for name in ("W", "x", "b"):
            np.testing.assert_allclose(
                np.moveaxis(np.array(found[name]), -1, 0), [slopes[name] for _, slopes in wanted]
            )
    table = pa.table({f"x[{i}]": rows[:, i - 1] for i in (1, 2, 3)})
    names = LAYER.map(table, ["W"], W=W, b=0.5).column_names
    assert names[-6:] == [f"grad_{name}" for name in FLAT if name.startswith("W")]
    run = LAYER.compiled(["x"], ["W", "b"])
    value, found = run(W=W, x=[*rows.T], b=0.5)
    np.testing.assert_allclose(value, [one for one, _ in wanted])
    np.testing.assert_allclose(np.moveaxis(np.array(found["W"]), -1, 0), [slopes["W"] for _, slopes in wanted])
    mean = Circuit("mean(sum(w[i]*x[i] for i in 1:3))").gradient(w=[1, 2, 3], x=[*rows.T])
    assert mean == {"w": rows.mean(0).tolist()}


def test_whatever_takes_a_point_takes_families() -> None:
    point = {"W": W, "x": X, "b": 0.5}
    slopes = layer(W, X, 0.5)[1]
    assert {*LAYER.check({"W": slopes["W"], "x": slopes["x"].tolist()}, point).values()} == {"agree"}
    assert LAYER.check(None, point)["W[2,3]"] == "agree"
    assert LAYER.hessian(point) == LAYER.hessian({**FLAT, "b": 0.5})
    assert LAYER.evaluate(point)[-1].value == LAYER(point)
    assert LAYER.jvp({"x": [1, 0, 0]}, point)["f"] == pytest.approx(slopes["x"][0])
    f = LAYER.objective(["x", "W", "b"])
    value, gradient = f([*X, *W[0], *W[1], 0.5])
    assert value == LAYER(point) and gradient == pytest.approx([*slopes["x"], *slopes["W"].ravel(), slopes["b"]])
    assert LAYER.objective(["x"], W=W, b=0.5)(X)[0] == value


SHAPES: dict[str, tuple[dict[str, Any], str]] = {
    "too long": ({"W": [[1, 2, 3, 4]] * 2}, "W is given the shape (2, 4), and its elements W[1,1] to W[2,3] have the"),
    "flat": ({"W": [1, 2, 3, 4, 5, 6]}, "W is given the shape (6,), and"),
    "turned": ({"W": np.array(W).T}, "W is given the shape (3, 2), and"),
    "deep": ({"x": [[1, 2, 3]]}, "x is given the shape (1, 3), and its elements x[1] to x[3] have the shape (3,)"),
    "rows": ({"x": np.ones((10, 3))}, "x is given the shape (10, 3), and"),
    "empty": ({"x": []}, "x is given the shape (0,), and"),
    "ragged": ({"W": [[1, 2, 3], [4, 5]]}, "the lists in W differ in length, and it has the shape (2, 3)"),
    "words": ({"x": [1, 2, "a"]}, "the value of x[3] is no number: 'a'"),
    "scalar": ({"b": "two"}, "the value of b is no number: 'two'"),
    "unknown": ({"V": 0}, "V is not an input of"),
}


@pytest.mark.parametrize(("other", "message"), SHAPES.values(), ids=[*SHAPES])
def test_other_shapes_are_told(other: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as error:
        LAYER.gradient(**{"W": W, "x": X, "b": 0.5, **other})
    assert message in str(error.value)
    if "the shape" in message:
        [name] = other
        assert f"one number for all, {name}=0" in error.value.hint
    with pytest.raises(InputError, match=r"x is no whole list: some of x\[1\] to x\[3\] are not there"):
        Circuit("x[1] + x[3]")(x=[1, 2])
