"""Ascents beside their peers: evaluations beside SciPy's BFGS, fixed steps beside micrograd and JAX, logistic
regression beside SciPy and scikit-learn, certified digits beside SciPy's curve_fit, start-up beside `grad`.
`PYTHONPATH=. python tests/bench/ascent.py [ROWS]`

Peers are left out where they are not installed. A ratio above 1 is how many times as long the peer takes.
"""

from __future__ import annotations

import csv
import json
import math
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

from circuitcli import Circuit
from circuitcli.ascent import Limits, PointObjective, Problem, choice, climb
from circuitcli.read_circuit import ReadCircuit
from circuitcli.rows.block_passes import Passes
from circuitcli.rows.in_memory import InMemory, Loaded
from circuitcli.rows.plan import Plan
from circuitcli.rows.rows_objective import RowsObjective
from circuitcli.rows.told import Told
from circuitcli.systems import cores
from tests.support import HERE, rows

STEPS = 100_000
RUNS = 5


def problem_of(text: str, start: dict[str, float]) -> Problem:
    graph, given = ReadCircuit(text).bind(start, {})
    return Problem(PointObjective(graph, given, list(start)))


def median(run: Callable[[], Any]) -> float:
    found = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def evaluations() -> None:
    """Over the problems with one optimum, to a gradient of 1e-8."""
    from scipy.optimize import minimize

    ours = theirs = 0
    for case in rows("ascent/testfunctions"):
        if case["kind"] != "unimodal" or case.get("bounds"):
            continue
        problem = problem_of(case["expr"], case["start"])
        x = [float(u) for u in case["start"].values()]
        ours += climb(problem, choice("auto"), Limits(), x).evaluations["gradient"]

        def minus(point: Any, both: Any = problem.objective.both) -> tuple[float, list[float]]:
            value, gradient = both([float(u) for u in point])
            return -value, [-g for g in gradient]

        theirs += minimize(minus, x, jac=True, method="BFGS", options={"gtol": 1e-8, "maxiter": 20_000}).nfev
    print(f"evaluations in all: {ours}; SciPy's BFGS {theirs}")


def fixed_steps() -> None:
    """The lesson's climb, with so many steps that the start does not count."""
    problem = problem_of("100-(x-y)^2", {"x": 3.0, "y": 4.0})
    ours = median(lambda: climb(problem, choice("auto", 1e-6), Limits(steps=STEPS), [3.0, 4.0]))
    print(f"{STEPS:,} fixed steps: {ours * 1e9 / STEPS:.0f} ns a step")
    if find_spec("micrograd"):
        from micrograd.engine import Value

        def by_values() -> None:
            x, y = 3.0, 4.0
            for _ in range(STEPS // 10):
                a, b = Value(x), Value(y)
                (100 - (a - b) ** 2).backward()
                x, y = x + 1e-6 * a.grad, y + 1e-6 * b.grad

        print(f"  micrograd: {10 * median(by_values) / ours:.0f} times as long")
    if find_spec("jax"):
        import jax

        jax.config.update("jax_enable_x64", True)
        both = jax.jit(jax.value_and_grad(lambda x, y: 100 - (x - y) ** 2, argnums=(0, 1)))
        both(3.0, 4.0)

        def by_calls() -> None:
            x, y = 3.0, 4.0
            for _ in range(STEPS // 10):
                _, (a, b) = both(x, y)
                x, y = x + 1e-6 * float(a), y + 1e-6 * float(b)

        print(f"  JAX's jitted gradient: {10 * median(by_calls) / ours:.0f} times as long")


def logistic(count: int) -> None:
    """Eight columns and a constant, from 0 to a gradient of 1e-6; the rows are in memory already."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((count, 8))
    weights = np.array([1.0, -0.5, 0.25, 2.0, -1.0, 0.1, 0.7, -0.3])
    y = (rng.random(count) < 1.0 / (1.0 + np.exp(-(x @ weights + 0.4)))).astype(float)
    names = ["b", *(f"w{i}" for i in range(8))]
    text = "z = b" + "".join(f" + w{i}*x{i}" for i in range(8)) + "; mean(softplus(z) - y*z)"
    columns = {**{f"x{i}": np.ascontiguousarray(x[:, i]) for i in range(8)}, "y": y}

    def ours() -> Any:
        graph, given = ReadCircuit(text).bind(dict.fromkeys(names, 0.0), {})
        plan = Plan(graph, list(columns), given, names, True)
        source = InMemory(Passes(plan, names, count), Loaded(columns, [count], Told(count)), cores())
        objective = RowsObjective(plan, names, -1.0, source)
        return climb(Problem(objective, -1.0), choice("lbfgs"), Limits(gtol=1e-6), [0.0] * 9)

    own = median(ours)
    print(f"logistic regression of {count:,} rows: {own:.3f} s, largest slope {ours().found.norm:.1e}")
    full = np.column_stack([np.ones(count), x])

    def loss(w: Any) -> Any:
        z = full @ w
        e = np.exp(-np.abs(z))
        p = np.where(z >= 0.0, 1.0 / (1.0 + e), e / (1.0 + e))
        return (np.maximum(z, 0.0) + np.log1p(e) - y * z).mean(), full.T @ (p - y) / count

    from scipy.optimize import minimize

    options = {"gtol": 1e-6, "ftol": 0.0}
    theirs = median(lambda: minimize(loss, np.zeros(9), jac=True, method="L-BFGS-B", options=options))
    print(f"  SciPy's L-BFGS-B on NumPy: {theirs / own:.1f} times as long")
    if find_spec("sklearn"):
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(solver="lbfgs", C=np.inf, tol=1e-6, max_iter=1_000)
        print(f"  scikit-learn: {median(lambda: model.fit(x, y)) / own:.1f} times as long")


def digits(x: float, certified: float) -> float:
    return 11.0 if x == certified else min(11.0, -math.log10(abs(x - certified) / abs(certified)))


def regressions() -> None:
    """NIST's, from both starts: the digits of the worst parameter."""
    from scipy.optimize import curve_fit

    own, other = [], []
    for case in rows("ascent/nist"):
        folder = HERE / "cases" / "ascent"
        with (folder / case["csv"]).open() as file:
            header, *lines = csv.reader(file)
        table = {name: np.array([float(line[i]) for line in lines]) for i, name in enumerate(header)}
        names, certified = list(case["start1"]), case["certified"]
        residual = Circuit(case["objective"].removeprefix("-(").removesuffix(")^2"))
        for start in ("start1", "start2"):
            words = [word for name, x in case[start].items() for word in (f"-{name}", repr(x))]
            command = [sys.executable, "-m", "circuitcli", "ascend", f"sum({case['objective']})", case["csv"], *words]
            done = subprocess.run([*command, "--json"], cwd=folder, capture_output=True, check=True)
            found = json.loads(done.stdout)["inputs"]
            own.append(min(digits(found[name], certified[name][0]) for name in names))

            def minus(_: Any, *b: float, names: Any = names, residual: Any = residual, table: Any = table) -> Any:
                return residual(**table, **dict(zip(names, b, strict=True)))

            try:
                zero = np.zeros(len(lines))
                b = curve_fit(minus, zero, zero, p0=list(case[start].values()), maxfev=10_000)[0]
                other.append(min(digits(u, certified[name][0]) for u, name in zip(b, names, strict=True)))
            except RuntimeError:
                other.append(0.0)
    for who, found in (("circuit", own), ("SciPy's curve_fit", other)):
        least = sum(d >= 6.0 for d in found)
        print(f"NIST, {who}: 6 digits at {least} of {len(found)} starts, at the worst {min(found):.1f}")


def start_up() -> None:
    words = ["100-(x-y)^2", "-x", "3", "-y", "4", "--json"]
    runs = {
        command: median(
            lambda command=command: subprocess.run(  # type: ignore[misc]
                [sys.executable, "-m", "circuitcli", command, *words], capture_output=True, check=True
            )
        )
        for command in ("grad", "ascend")
    }
    print(f"start-up: ascend --json takes {runs['ascend'] / runs['grad']:.2f} times as long as grad --json")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    evaluations()
    fixed_steps()
    logistic(int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000)
    regressions()
    start_up()
