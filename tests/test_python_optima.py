"""Optima in Python: the numbers of the commands, of SciPy, and published ones; and the object that has them."""

from __future__ import annotations

import copy
import json
import math
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import OptimizeResult, curve_fit, least_squares, minimize

from circuitcli import Circuit, CircuitError, UsageError
from tests.support import circuit

ROSENBROCK = "(1-x)^2 + k*(y-x^2)^2"
DECAY = "sum((y - a*exp(-b*t))^2)"
T = np.arange(8.0)
Y = np.array([1.992, 1.228, 0.729, 0.437, 0.243, 0.158, 0.133, 0.073])
ROWS = pd.DataFrame({"t": T, "y": Y})
MISRA = pd.DataFrame(  # Misra1a, https://www.itl.nist.gov/div898/strd/nls/data/misra1a.shtml
    {
        "y": [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78],
        "x": [77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0],
    }
)


def of_the_command(*words: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(circuit(*words, "--json").stdout)
    return record


@pytest.mark.parametrize(
    ("words", "search"),
    [
        (
            ["descend", ROSENBROCK, "-x", "-1.2", "-y", "1", "-k", "100", "--wrt", "x,y"],
            lambda: Circuit(ROSENBROCK).minimize({"x": -1.2, "y": 1}, k=100),
        ),
        (
            ["descend", ROSENBROCK, "-x", "-1.2", "-y", "1", "-k", "100", "--wrt", "x,y", "--method", "lbfgs"],
            lambda: Circuit(ROSENBROCK).minimize({"x": -1.2, "y": 1, "k": 100}, wrt="x,y", method="lbfgs"),
        ),
        (
            ["ascend", "sin(x) + sin(10*x/3)", "-x", "3", "--bounds", "x=0:20", "--starts", "5", "--seed", "3"],
            lambda: Circuit("sin(x) + sin(10*x/3)").maximize({"x": 3}, bounds={"x": (0, 20)}, starts=5, seed=3),
        ),
        (
            ["descend", "x + 2*y", "-x", "0", "-y", "0", "--subject-to", "x^2 + y^2 <= 2; x >= -0.5"],
            lambda: Circuit("x + 2*y").minimize({"x": 0, "y": 0}, subject_to=["x^2 + y^2 <= 2", "x >= -0.5"]),
        ),
        (["descend", "x*y", "-x", "1", "-y", "2"], lambda: Circuit("x*y").minimize({"x": 1, "y": 2})),
        (
            ["descend", ROSENBROCK, "-x", "-1.2", "-y", "1", "-k", "100", "--wrt", "x,y", "--max-steps", "3"],
            lambda: Circuit(ROSENBROCK).minimize({"x": -1.2, "y": 1}, k=100, max_steps=3),
        ),
        (
            ["descend", "abs(x) + 2*abs(y - x)", "-x", "3", "-y", "1"],
            lambda: Circuit("abs(x) + 2*abs(y - x)").minimize({"x": 3, "y": 1}),
        ),
    ],
    ids=["rosenbrock", "method", "starts", "constraints", "unbounded", "max_steps", "kinks"],
)
def test_the_numbers_of_the_command(words: list[str], search: Callable[[], Any]) -> None:
    wanted, found = of_the_command(*words), search()
    moved = [name for name in wanted["inputs"] if name not in wanted["fixed"]]
    assert found.x == {name: wanted["inputs"][name] for name in moved}
    assert (found.fun, found.status) == (wanted["value"], wanted["status"])
    assert found.message == wanted["message"].replace("--max-steps", "max_steps=")
    assert (found.success, found.nit, found.jac) == (wanted["success"], wanted["steps"], wanted["gradient"])
    assert found.starts == wanted["starts"]
    if "constraints" in wanted:
        assert found.constraints == wanted["constraints"]
        assert found.prices == {each["constraint"]: each["price"] for each in wanted["constraints"]}


@pytest.mark.parametrize("more", [{}, {"sigma": "absolute"}, {"bounds": {"b": (0, 1)}}, {"method": "lbfgs"}])
def test_a_fit_has_the_numbers_of_the_command(more: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "decay.csv"
    ROWS.to_csv(path, index=False)
    options = {"sigma": ["--sigma", "absolute"], "bounds": ["--bounds", "b=0:1"], "method": ["--method", "lbfgs"]}
    words = [word for name in more for word in options[name]]
    wanted = of_the_command("descend", DECAY, str(path), "-a", "1", "-b", "0.1", *words)
    found = Circuit(DECAY).fit(ROWS, {"a": 1, "b": 0.1}, **more)
    assert (found.x, found.fun, found.message) == (wanted["inputs"], wanted["value"], wanted["message"])
    if "uncertainty" in wanted:
        assert found.stderr == wanted["uncertainty"]["stderr"]
        assert found.cov.tolist() == wanted["uncertainty"]["covariance"]
        assert found.interval == wanted["uncertainty"]["interval"]
        assert found.dof == wanted["uncertainty"]["dof"]
    else:
        assert found.stderr is None and found.cov is None


def test_minimize_of_scipy() -> None:
    circuit = Circuit("sum(k*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2 for i in 1:4)")
    start = [1.3, 0.7, 0.8, 1.9, 1.2]
    names = [f"x[{i}]" for i in range(1, 6)]
    theirs = minimize(circuit.objective(names, k=100), start, jac=True, method="BFGS", options={"gtol": 1e-10})
    ours = circuit.minimize({"x": start}, k=100)
    assert ours.success and ours.x["x"] == pytest.approx(theirs.x.tolist(), abs=1e-7) == [1.0] * 5
    assert ours.array.tolist() == ours.x["x"]  # a family in the form in which it came


def test_curve_fit_of_scipy() -> None:
    sigma = np.linspace(0.01, 0.05, 8)
    for absolute in (False, True):
        best, covariance = curve_fit(
            lambda t, a, b: a * np.exp(-b * t), T, Y, [1, 0.1], sigma, absolute, xtol=1e-14, ftol=1e-14, gtol=1e-14
        )
        found = Circuit("sum(((y - a*exp(-b*t))/s)^2)").fit(
            {"t": T, "y": Y, "s": sigma}, {"a": 1, "b": 0.1}, sigma="absolute" if absolute else "scaled"
        )
        assert found.array == pytest.approx(best, rel=1e-7)
        np.testing.assert_allclose(found.cov, covariance, rtol=1e-6)
        assert [*found.stderr.values()] == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-6)


def test_least_squares_of_scipy_within_bounds() -> None:
    theirs = least_squares(lambda p: p[0] * np.exp(-p[1] * T) - Y, [1, 0.1], bounds=([0, 0], [1.9, 1]), xtol=1e-15)
    ours = Circuit(DECAY).fit(ROWS, {"a": 1, "b": 0.1}, bounds={"a": (0, 1.9), "b": (None, 1)})
    assert ours.array == pytest.approx(theirs.x, rel=1e-6) and ours.at_bound == ["a"]
    assert ours.stderr is None and "at a bound" in ours.notes[-1]


def test_a_certified_fit_of_nist() -> None:
    found = Circuit("sum((y - b1*(1 - exp(-b2*x)))^2)").fit(MISRA, {"b1": 500, "b2": 0.0001})
    assert found.x == pytest.approx({"b1": 2.3894212918e02, "b2": 5.5015643181e-04}, rel=1e-9)
    assert found.stderr == pytest.approx({"b1": 2.7070075241, "b2": 7.2668688436e-06}, rel=1e-8)
    assert found.residual_sum == pytest.approx(1.2455138894e-01, rel=1e-9) and found.dof == 12


def test_a_likelihood_tells_errors_where_it_is_asked() -> None:
    """Of n draws of a Poisson distribution: the mean, with the standard error sqrt(mean/n)."""
    counts = {"n": [3.0, 5.0, 4.0, 8.0]}
    found = Circuit("sum(n*log(m) - m)").maximize({"m": 1}, data=counts, uncertainty=True)
    assert found.x["m"] == pytest.approx(5.0, rel=1e-8) and found.stderr["m"] == pytest.approx(math.sqrt(5 / 4))
    again = Circuit("-(n*log(m) - m)").minimize({"m": 1}, n=5, uncertainty=True)
    assert again.stderr["m"] == pytest.approx(math.sqrt(5.0)) and again.fun == pytest.approx(5 - 5 * math.log(5))


def test_the_price_of_a_constraint() -> None:
    """By Lagrange: x + 2y on the circle of radius² r is -sqrt(5r), whose slope by r at 2 is -sqrt(5/8)."""
    found = Circuit("x + 2*y").minimize({"x": 0, "y": 0}, subject_to="x^2 + y^2 <= 2")
    assert found.prices == {"x^2 + y^2 <= 2": pytest.approx(-math.sqrt(5 / 8))} and found.status == "kkt"
    assert found.fun == pytest.approx(-math.sqrt(10))


def test_constraints_over_rows() -> None:
    found = Circuit(DECAY).fit(ROWS, {"a": 2, "b": 0.4}, subject_to="a*b = 1")
    theirs = minimize(
        lambda a: ((Y - a[0] * np.exp(-T / a[0])) ** 2).sum(), [2], method="Nelder-Mead", options={"xatol": 1e-9}
    )
    assert found.status == "kkt" and found.x["a"] == pytest.approx(theirs.x[0], rel=1e-6)


def test_the_callback() -> None:
    seen: list[Any] = []
    found = Circuit(ROSENBROCK).minimize({"x": -1.2, "y": 1}, k=100, callback=seen.append)
    assert [step.nit for step in seen] == [*range(found.nit + 1)]
    assert seen[0].x == {"x": -1.2, "y": 1.0} and seen[0].fun == pytest.approx(24.2) and seen[-1].x == found.x
    assert found == Circuit(ROSENBROCK).minimize({"x": -1.2, "y": 1}, k=100)  # watching changes nothing

    def stop(step: Any) -> None:
        if step.fun < 1.0:
            raise StopIteration

    early = Circuit(ROSENBROCK).minimize({"x": -1.2, "y": 1}, k=100, callback=stop)
    assert early.status == "interrupted" and not early.success and found.nit > early.nit > 0 and early.fun < 1.0

    def broken(step: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Circuit(ROSENBROCK).minimize({"x": -1.2, "y": 1}, k=100, callback=broken)


def test_the_result_is_one_like_scipys() -> None:
    found = Circuit("(x - 2)^2").minimize({"x": 0})
    assert {"x", "fun", "success", "status", "message", "nit", "nfev", "njev", "jac"} <= {*found} & {*dir(found)}
    assert found.x is found["x"] and isinstance(found, dict) and isinstance(OptimizeResult(), dict)
    assert repr(found).splitlines()[0].split() == ["x:", "x", "=", "2"] and "success: True" in repr(found)
    assert "<th" in found._repr_html_() and "<script>" not in found._repr_html_()
    assert pickle.loads(pickle.dumps(found)) == copy.deepcopy(found) == found
    assert isinstance(pickle.loads(pickle.dumps(found)), type(found))
    with pytest.raises(AttributeError, match="there is no hess; there are x, fun"):
        _ = found.hess


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda c: c.minimize([1, 2]), "a start is no list"),
        (lambda c: c.minimize({}), "nothing to move"),
        (lambda c: c.minimize(x=1, y=2), r'it comes first: \{"x": 1\}'),
        (lambda c: c.minimize({"x": 1}, y=1, maxiter=5), "maxiter is no option.*\n  write max_steps=100"),
        (lambda c: c.maximize({"x": 1}, y=1, options={"maxiter": 5}), "max_steps=100"),
        (lambda c: c.minimize({"x": 1}, y=1, tol=1e-8), "until no change of the inputs gains anything"),
        (lambda c: c.minimize({"x": 1}, y=1, constraints=[{"type": "eq"}]), 'write subject_to="x'),
        (lambda c: c.minimize({"x": 1}, y=1, maxsteps=5), r"did you mean max_steps=\.\.\.\?"),
        (lambda c: c.minimize({"x": 1}, y=1, subject_to="x + k <= tol", k=1, jac=True), "derivatives are exact"),
        (lambda c: c.fit(ROWS, start={"x": 1}), r'the start has no name; it comes second: fit\(data, \{"x": 1\}\)'),
        (lambda c: c.fit(ROWS), r'it comes second: fit\(data, \{"x": 1\}\)'),
        (lambda c: c.fit(ROWS, {"x": 1, "y": 2}), "y is a column of the frame, and it is in the start"),
        (lambda c: c.minimize({"y": 2}, data=ROWS, x=1), "y is a column of the frame, and it is in the start"),
        (lambda c: c.minimize({"x": [1, 2]}, y=1), r'has one for each input\n  write \{"x": 1\}'),
        (lambda c: c.minimize(ROWS, y=1), r"rows of data go to fit\(data, start\)"),
        (lambda c: c.solve({"x": 1}, y=1, x0=3), r'the start has no name; it comes first: \{"x": 1\}'),
        (lambda c: c.minimize({"x": 1}, y=1, callback=3), "callback is a function, not 3"),
        (lambda c: c.minimize({"x": 1}, y=10**400), r"the value of y is too large: 1000*…"),
        (lambda c: c.minimize({"x": 1}), r"no value for y\n  add y=..."),
        (lambda c: c.minimize({"x": 1, "y": 2, "w": 3}), "w is not an input"),
        (lambda c: c.minimize({"x": 1}, y=1, x=2), "x is in the start, and it is fixed"),
        (lambda c: c.minimize({"x": "a"}, y=1), "the value of x is no number"),
        (lambda c: c.minimize({"x": 1}, y=1, method="powell"), "there is no method powell"),
        (lambda c: c.minimize({"x": 1}, y=1, method="bfgs"), 'write method="lbfgs"'),
        (lambda c: c.minimize({"x": 1}, y=1, method=3), "a method is a text"),
        (lambda c: c.minimize({"x": 1}, y=1, method="least-squares"), r"fit\(data, start\)"),
        (lambda c: c.minimize({"x": 1}, y=1, sigma="absolute"), "about weights of rows"),
        (lambda c: c.minimize({"x": 1}, y=1, sigma="relative"), "sigma is one of scaled and absolute"),
        (lambda c: c.minimize({"x": 1}, y=1, bounds=[(0, 1)]), "bounds are a mapping"),
        (lambda c: c.minimize({"x": 1}, y=1, bounds={"x": 3}), "x has no two ends"),
        (lambda c: c.minimize({"x": 1}, y=1, bounds={"x": (2, 1)}), r'write bounds=\{"x": \(1, 2\)\}'),
        (lambda c: c.minimize({"x": 1}, y=1, bounds={"y": (2, 3)}), "y is none of the inputs that move"),
        (lambda c: c.minimize({"x": 1}, y=1, bounds={"x": (math.nan, 3)}), "nan is no end of x"),
        (
            lambda c: c.minimize({"x": 1}, y=1, starts=0),
            "starts must be a whole number.*\n  write for example starts=20",
        ),
        (lambda c: c.minimize({"x": 1}, y=1, seed=-1), "seed must be a whole.*\n  write for example seed=1"),
        (lambda c: c.minimize({"x": 1}, y=1, seed="a"), "seed must be a whole number, 0 or more, not 'a'"),
        (lambda c: c.minimize({"x": 1}, y=1, max_steps=1.5), "whole number.*\n  write for example max_steps=100"),
        (lambda c: c.minimize({"x": 1}, y=1, max_time=0), "a number of seconds above 0.*\n  .* max_time=60"),
        (lambda c: c.minimize({"x": 1}, y=1, max_time="a"), "a number of seconds above 0, not 'a'"),
        (lambda c: c.minimize({"x": 1}, y=1, level="a"), "between 0 and 1, not 'a'"),
        (lambda c: c.minimize({"x": 1}, y=1, subject_to="x + 1"), "is no constraint"),
        (lambda c: c.minimize({"x": 1}, y=1, subject_to=""), "a constraint is a text"),
        (lambda c: c.minimize({"x": 1}, y=1, subject_to="x < 1", method="newton"), "takes no constraints"),
        (lambda c: c.minimize({"x": 1}, y=1, wrt="z"), "z is no input"),
        (lambda c: c.minimize({"x": 1}, y=1, level=95), "between 0 and 1"),
        (lambda c: c.fit(ROWS, {"x": 1}, y=Y), "y varies by row, and is no column"),
        (lambda c: c.fit(3, {"x": 1}, y=1), "the rows are no int"),
        (lambda c: c.fit(ROWS, {"x": 1}), "one value per row"),
        (lambda c: Circuit("sum(x*y)").fit(ROWS[:0], {"x": 1}), "the frame has no rows"),
        (lambda c: Circuit("sum((y - x)^4)").fit(ROWS, {"x": 1}, method="least-squares"), "wants minus a sum or mean"),
        (lambda c: Circuit("f = sum(x*y); g = w").fit(ROWS, {"x": 1, "w": 1}), "moves nothing"),
    ],
)
def test_mistakes(mistake: Callable[[Circuit], object], message: str) -> None:
    with pytest.raises(CircuitError, match=message) as caught:
        mistake(Circuit("(x - y)^2"))
    assert "--" not in str(caught.value) and " VALUE" not in str(caught.value)


def test_a_keyword_beside_a_column_is_told() -> None:
    found = Circuit(DECAY).fit(ROWS, {"a": 1}, b=0, t=5)
    assert found.x["a"] == pytest.approx(Y.mean(), rel=1e-9)
    assert found.notes[0] == "t is 5 in each row: its column is left aside"


def test_a_method_of_a_library_that_is_missing_says_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for library, method in (("casadi", "ipopt"), ("scipy", "least-squares")):
        monkeypatch.setitem(sys.modules, library, None)  # as if it were not installed
        with pytest.raises(UsageError, match=rf"the method {method} needs {library}\n  install.*circuitcli\["):
            Circuit(DECAY).fit(ROWS, {"a": 1, "b": 0.1}, method=method)
    with pytest.raises(UsageError, match=r"the method ipopt needs casadi\n  install with: .*circuitcli\[ipopt\]"):
        Circuit("x^2").minimize({"x": 1}, method="ipopt")
