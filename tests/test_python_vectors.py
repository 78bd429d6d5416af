"""Derivatives by chosen inputs, Hessians as arrays, and circuits as functions of a vector for SciPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.optimize import approx_fprime, curve_fit, least_squares, minimize, rosen, rosen_der, rosen_hess

from circuitcli import Circuit, CircuitError

T = np.arange(8.0)
Y = np.array([1.992, 1.228, 0.729, 0.437, 0.243, 0.158, 0.133, 0.073])
FRAME = pd.DataFrame({"t": T, "y": Y, "site": ["kiel"] * 8})
DECAY = Circuit("sum((y - a*exp(-b*t))^2)")
ROSEN = Circuit("sum(100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2 for i in 1:3)")
POINT = [1.3, 0.7, 0.8, 1.9]


def test_slopes_by_some_inputs() -> None:
    circuit = Circuit("q = x*y; f = q*z; g = x + z")
    at = {"x": 2.0, "y": 3.0, "z": 5.0}
    for _ in range(6):  # the code that is kept comes after some calls
        assert circuit.gradient(at, wrt=["z"]) == circuit.gradient(**at, wrt="z") == {"z": 1.0}
        assert circuit.value_and_gradient(at, wrt="x, z") == (7.0, {"x": 1.0, "z": 1.0})
        assert circuit.gradient(at) == {"x": 1.0, "y": 0.0, "z": 1.0}
    assert circuit.jacobian(at, wrt=["y"]) == {"f": {"y": 10.0}, "g": {"y": 0.0}}
    assert circuit.jacobian(["f"], at, wrt=["q"]) == {"f": {"q": 5.0}}  # by a named node
    assert circuit.gradient({"x": 2.0, "y": 3.0, "z": [5.0, 6.0]}, wrt="x") == {"x": [1.0, 1.0]}
    found = circuit.gradient(FRAME.rename(columns={"t": "x"}), wrt=["x"], z=1)
    pd.testing.assert_frame_equal(found, pd.DataFrame({"x": np.ones(8)}))
    assert DECAY.gradient(FRAME, wrt=["b"], a=2, b=0.5).keys() == {"b"}
    assert Circuit("wrt^2").gradient({"wrt": 3}) == {"wrt": 6.0}
    assert Circuit("e*x").gradient(x=2, e=3, wrt=["e"]) == {"e": 2.0}
    assert ROSEN.gradient(x=POINT, wrt=["x"])["x"] == pytest.approx(rosen_der(np.array(POINT)).tolist())
    assert [*ROSEN.gradient(x=POINT, wrt=["x[2]"])] == ["x[2]"]


@pytest.mark.parametrize("method", ["gradient", "value_and_gradient", "hessian", "jacobian"])
def test_what_is_no_name_is_told(method: str) -> None:
    for wrt, message in (("w", "w"), (3, "wrt is a list of names, not 3"), ([1], "wrt is a list of names")):
        with pytest.raises(CircuitError, match=message):
            getattr(Circuit("x*y"), method)(x=1, y=2, wrt=wrt)


def test_a_hessian_is_an_array() -> None:
    found = ROSEN.hessian(x=POINT, as_array=True)
    np.testing.assert_allclose(found, rosen_hess(np.array(POINT)), rtol=1e-13)
    assert Circuit("x^2*y").hessian(x=3, y=2, wrt=["y", "x"], as_array=True).tolist() == [[0.0, 6.0], [6.0, 4.0]]
    assert Circuit("x^2*y").hessian(x=3, y=2, wrt="y") == {("y", "y"): 0.0}
    assert Circuit("3").hessian(as_array=True).shape == (0, 0)


def test_newtons_method_of_scipy() -> None:
    names = [f"x[{i}]" for i in range(1, 5)]
    found = minimize(
        ROSEN.objective(names),
        POINT,
        jac=True,
        hess=lambda v: ROSEN.hessian(x=v, as_array=True),
        method="trust-exact",
        options={"gtol": 1e-10},
    )
    assert found.success and found.fun < 1e-12 and rosen(found.x) == pytest.approx(found.fun, abs=1e-15)


@pytest.mark.parametrize("data", [FRAME, pl.DataFrame(FRAME), FRAME.to_dict("records"), {"t": T, "y": Y}])
def test_an_objective_over_rows(data: Any) -> None:
    f = DECAY.objective(["a", "b"], data=data)
    value, slopes = f([2.0, 0.5])
    assert value == pytest.approx(((Y - 2.0 * np.exp(-0.5 * T)) ** 2).sum(), rel=1e-14)
    assert slopes == pytest.approx(approx_fprime([2.0, 0.5], lambda p: f(p)[0], 1e-7), rel=1e-4, abs=1e-5)
    best, _ = curve_fit(lambda t, a, b: a * np.exp(-b * t), T, Y, [1, 0.1])
    assert minimize(f, [1, 0.1], jac=True).x == pytest.approx(best, rel=1e-5)


def test_an_objective_over_arrays_and_fixed_inputs() -> None:
    f = Circuit("sum((y - a*exp(-b*t))^2) + l*b^2").objective(["b"], t=T, y=Y, a=2, l=1)
    value, slopes = f([0.5])
    assert value == pytest.approx(DECAY(t=T, y=Y, a=2, b=0.5) + 0.25)
    assert slopes == pytest.approx([DECAY.gradient(t=T, y=Y, a=2, b=0.5)["b"] + 1])
    line = Circuit("sum((y - sum(w[j]*x[j] for j in 1:2))^2)")
    rows = pd.DataFrame({"x[1]": [1.0, 1.0, 1.0], "x[2]": [0.0, 1.0, 2.0], "y": [1.0, 3.0, 5.0]})
    assert minimize(line.objective(["w"], data=rows), [0, 0], jac=True).x == pytest.approx([1.0, 2.0])


def test_residuals_have_a_jacobian() -> None:
    r = Circuit("a*exp(-b*t) - y").residuals(["a", "b"], data=FRAME)
    np.testing.assert_allclose(r([2.0, 0.5]), 2.0 * np.exp(-0.5 * T) - Y, rtol=1e-13)
    wanted = np.column_stack([np.exp(-0.5 * T), -2.0 * T * np.exp(-0.5 * T)])
    np.testing.assert_allclose(r.jac([2.0, 0.5]), wanted, rtol=1e-13)
    assert r.jac(np.array([2.0, 0.5])).shape == (8, 2)
    ours = least_squares(r, [1, 0.1], jac=r.jac, xtol=1e-14)
    best, covariance = curve_fit(lambda t, a, b: a * np.exp(-b * t), T, Y, [1, 0.1])
    assert ours.x == pytest.approx(best, rel=1e-6)
    fitted = DECAY.fit(FRAME, {"a": 1, "b": 0.1})
    assert fitted.array == pytest.approx(ours.x, rel=1e-7)
    np.testing.assert_allclose(fitted.cov, covariance, rtol=1e-5)


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda: DECAY.objective(["a"], data=FRAME), r"add b=\.\.\."),
        (lambda: DECAY.objective(["a", "b"], data=FRAME)([1.0]), "2 numbers are wanted, not 1"),
        (lambda: DECAY.objective(["a", "a"], data=FRAME, b=1), "stands twice"),
        (lambda: DECAY.objective(["a", "b"], data=FRAME, a=1), "a is in the vector, and it is fixed"),
        (lambda: DECAY.objective(["a", "b"], data=3), "the rows are no int"),
        (lambda: DECAY.objective(["a", "t"], data=FRAME, b=1), "t is a column of the frame, and it is in the vector"),
        (lambda: Circuit("a*t").residuals(["t"], data=FRAME, a=1), "t is a column of the frame, and it is in the ve"),
        (lambda: Circuit("a*t").objective(["a"], data=FRAME), r"residuals\(\.\.\.\) has a value for each"),
        (lambda: DECAY.residuals(["a", "b"], data=FRAME), "residuals are one per row"),
        (lambda: Circuit("a*x").objective(["a"]), r"nothing says what x is\n  put it into .*\['a', 'x'\], .*: x=1"),
        (lambda: Circuit("a*x").objective(["a", "q"]), "q is not an input of a\\*x"),
        (lambda: Circuit("a*x").objective(3), "the vector is a list of names, not 3"),  # type: ignore[arg-type]
        (lambda: Circuit("a*x").compiled(["x"], engine="foo"), "there is no engine foo"),
        (lambda: Circuit("a*x").compiled(["x"], jobs="a"), "jobs are a whole number of threads"),  # type: ignore[arg-type]
        (lambda: Circuit("a*x").residuals(["a"], x=["one", "two"]), 'x is "one", no number'),
    ],
)
def test_mistakes(mistake: Callable[[], object], message: str) -> None:
    with pytest.raises(CircuitError, match=message) as caught:
        mistake()
    assert "--" not in str(caught.value) and " VALUE" not in str(caught.value)
