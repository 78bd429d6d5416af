"""Models of families: nets, softmax, splines and long polynomials, beside SciPy, NumPy and mpmath."""

from __future__ import annotations

import json
from pathlib import Path

import mpmath
import numpy as np
import pytest
from scipy import optimize, special
from scipy.interpolate import make_lsq_spline

from circuitcli import Circuit
from tests.support import DOCS, circuit

IRIS = (
    "z[k] = sum(w[k,i]*x[i] for i in 1:4) + b[k] for k in 1:3;"
    'right = z[1]*(species == "setosa") + z[2]*(species == "versicolor") + z[3]*(species == "virginica");'
    "accuracy = mean(right == max(z[k] for k in 1:3));"
    "mean(logsumexp(z[k] for k in 1:3) - right) + 0.01*sum(w[k,i]^2 for k in 1:3, i in 1:4)"
)


def test_softmax_regression_of_the_iris_data() -> None:
    columns = "x=sepal_length,sepal_width,petal_length,petal_width"
    file = str(DOCS / "examples" / "iris.csv")
    words = ["--vector", columns, "-w", "0", "-b", "0", "--wrt", "w,b[1],b[2]", "--json"]
    found = json.loads(circuit("descend", IRIS, file, *words).stdout)
    table = np.loadtxt(file, delimiter=",", skiprows=1, dtype=str)
    x, kinds = table[:, :4].astype(float), np.unique(table[:, 4], return_inverse=True)[1]

    def loss(p: np.ndarray) -> tuple[float, np.ndarray]:
        w: np.ndarray = p[:12].reshape(3, 4)
        b: np.ndarray = np.append(p[12:], 0.0)
        z = x @ w.T + b
        error = special.softmax(z, axis=1)
        error[np.arange(150), kinds] -= 1.0
        value = np.mean(special.logsumexp(z, axis=1) - z[np.arange(150), kinds]) + 0.01 * (w**2).sum()
        return value, np.concatenate([(error.T @ x / 150 + 0.02 * w).ravel(), error.mean(axis=0)[:2]])

    theirs = optimize.minimize(loss, np.zeros(14), jac=True, method="BFGS", options={"gtol": 1e-10})
    assert found["value"] == pytest.approx(theirs.fun, rel=1e-10)
    assert np.ravel(found["inputs"]["w"]) == pytest.approx(theirs.x[:12], rel=1e-5, abs=1e-6)
    assert found["results"]["accuracy"] > 0.95 and found["success"]


def test_a_net_learns_two_moons() -> None:
    text = (DOCS / "micrograd.md").read_text(encoding="utf-8")
    assert "h[j] = relu(" in text  # the page runs the same
    net = (
        "h[j] = relu(sum(w1[j,i]*x[i] for i in 1:2) + b1[j]) for j in 1:16;"
        "g[j] = relu(sum(w2[j,i]*h[i] for i in 1:16) + b2[j]) for j in 1:16;"
        "score = sum(w3[j]*g[j] for j in 1:16) + b3; accuracy = mean((score > 0) == (y > 0));"
        "squares = sum(w1[j,i]^2 for j in 1:16, i in 1:2) + sum(w2[j,i]^2 for j in 1:16, i in 1:16);"
        "mean(max(0, 1 - y*score)) + 1e-4*(squares + sum(w3[j]^2 for j in 1:16))"
    )
    starts = [word for name in ("w1", "w2", "w3") for word in ("--init", f"{name}=uniform(-1,1)")]
    words = [*starts, "-b1", "0", "-b2", "0", "-b3", "0", "--step", "1 - 0.9*step/100", "--steps", "100", "--json"]
    file = str(DOCS / "examples" / "moons.csv")
    found = json.loads(circuit("descend", net, file, "--vector", "x=x1,x2", *words).stdout)
    assert found["results"]["accuracy"] == 1.0
    p = {name: np.array(x) for name, x in found["inputs"].items()}
    rows = np.loadtxt(file, delimiter=",", skiprows=1)
    h = np.maximum(rows[:, :2] @ p["w1"].T + p["b1"], 0.0)
    score = np.maximum(h @ p["w2"].T + p["b2"], 0.0) @ p["w3"] + p["b3"]
    loss = np.maximum(0.0, 1.0 - rows[:, 2] * score).mean()
    loss += 1e-4 * sum((p[name] ** 2).sum() for name in ("w1", "w2", "w3"))
    assert found["value"] == pytest.approx(loss, rel=1e-12)


def test_least_squares_of_a_cubic_spline(tmp_path: Path) -> None:
    """By truncated powers, as SciPy's by B-splines: the same curve."""
    x = np.linspace(0.0, 10.0, 60)
    y = np.sin(x) + 0.1 * np.cos(17.0 * x)
    knots = [2.5, 5.0, 7.5]
    (tmp_path / "s.csv").write_text(
        "x,y\n" + "".join(f"{a!r},{b!r}\n" for a, b in zip(x.tolist(), y.tolist(), strict=True))
    )
    curve = "f = sum(a[k]*(x/10)^k for k in 0:3) + sum(c[k]*max(x/10 - k/4, 0)^3 for k in 1:3)"
    fitted = circuit("descend", f"{curve}; sum((y - f)^2)", "s.csv", "-a", "0", "-c", "0", "--json", cwd=tmp_path)
    (tmp_path / "found.json").write_text(fitted.stdout)
    done = circuit("eval", curve, "s.csv", "--inputs", "found.json", "--quiet", cwd=tmp_path)
    assert done.stdout.count(",") == 60  # the uncertainty of each, by the covariance of the family
    spline = make_lsq_spline(x, y, [*[0.0] * 4, *knots, *[10.0] * 4])
    assert [float(line.split(",")[0]) for line in done.stdout.splitlines()] == pytest.approx(
        spline(x).tolist(), abs=1e-8
    )


def test_a_polynomial_of_degree_30_by_horner_and_by_powers() -> None:
    horner = Circuit("p[31] = 0; p[k] = p[k+1]*x + a[k] for k in 30:0:-1; p[0]")
    powers = Circuit("sum(a[k]*x^k for k in 0:30)")
    point = {f"a[{k}]": (-1) ** k / (k + 1) for k in range(31)} | {"x": 0.9}
    value = mpmath.fsum(mpmath.mpf(point[f"a[{k}]"]) * mpmath.mpf(0.9) ** k for k in range(31))
    slope = mpmath.fsum(k * mpmath.mpf(point[f"a[{k}]"]) * mpmath.mpf(0.9) ** (k - 1) for k in range(31))
    for form in (horner, powers):
        assert form(point) == pytest.approx(float(value), rel=1e-14)
        assert form.gradient(point)["x"] == pytest.approx(float(slope), rel=1e-13)
        assert {*form.check(None, point).values()} == {"agree"}


def test_the_jacobian_of_a_robot_arm_of_five_joints() -> None:
    text = (
        "angle[j] = sum(q[i] for i in 1:j) for j in 1:5;"
        "x = sum(l[j]*cos(angle[j]) for j in 1:5); y = sum(l[j]*sin(angle[j]) for j in 1:5)"
    )
    set_to = ["-q", "0.3, -0.4, 0.5, 0.6, -0.7", "-l", "1, 0.8, 0.6, 0.4, 0.2"]
    done = circuit("grad", text, *set_to, "--of", "x,y", "--wrt", "q", "--json")
    angles, lengths = np.cumsum([0.3, -0.4, 0.5, 0.6, -0.7]), np.array([1, 0.8, 0.6, 0.4, 0.2])
    by_hand = [
        [-(lengths * np.sin(angles))[i:].sum() for i in range(5)],
        [(lengths * np.cos(angles))[i:].sum() for i in range(5)],
    ]
    jacobian = json.loads(done.stdout)["jacobian"]
    assert jacobian["x"]["q"] == pytest.approx(by_hand[0], rel=1e-14)
    assert jacobian["y"]["q"] == pytest.approx(by_hand[1], rel=1e-14)
    checked = circuit("grad", text, *set_to, "--of", "x,y", "--wrt", "q", "--check", "--quiet")
    assert checked.returncode == 0 and checked.stdout.count("agree") == 10
