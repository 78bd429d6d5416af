"""Problems in seven systems of units, beside SciPy's BFGS and L-BFGS-B with our exact gradient.

    PYTHONPATH=. python tests/bench/units.py PROBLEMS.jsonl [NAME]...

A line has name, expr (which is climbed), start, bounds and max_value, the best value known. In the problem's own units:
solved   it says success, and the value is within 1e-6 of the best, measured by the best or, where that is less, by a
         millionth of the way up from the start; this asks for six digits of an optimum of 1e-6, too
another  it says success at another summit: SciPy finds nothing better from there or from points nearby
false    it says success elsewhere
Evaluations are of value and gradient, and of second derivatives apart. SciPy's tolerances are 1e-8 for the slope, and
as it has them for the rest; its success counts as false by the same words.
"""

from __future__ import annotations

import json
import math
import sys
import time
import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize

from circuitcli.ascent import Problem
from tests.unit_systems import OWN, SYSTEMS, Case, Units

NEAR = 1e-6
AROUND = (1e-6, 1e-4, 1e-2)  # of the size of an input, from where SciPy goes on
PEERS = {"BFGS": {"gtol": 1e-8, "maxiter": 20_000}, "L-BFGS-B": {"gtol": 1e-8, "maxiter": 20_000, "maxfun": 100_000}}


def read(name: str, chosen: Sequence[str]) -> list[Case]:
    with open(name) as file:
        lines = [json.loads(line) for line in file]
    return [
        Case(line["name"], line["expr"], line["start"], line["max_value"], line.get("bounds") or {}, 1.0)
        for line in lines
        if not chosen or line["name"] in chosen
    ]


def down(problem: Problem, x: Sequence[float], method: str, **options: Any) -> tuple[list[float], float, bool, int]:
    """Where SciPy gets to, the value there, whether it says success, and its evaluations."""

    def minus(x: Any) -> tuple[float, list[float]]:
        value, gradient = problem.objective.both([float(u) for u in x])
        return -problem.sign * value, [-problem.sign * g for g in gradient]

    def value(x: Any) -> float:
        return -problem.sign * problem.objective.value([float(u) for u in x])

    bounds = list(zip(*problem.bounds, strict=True)) if problem.bounded and method != "BFGS" else None
    exact = method != "Nelder-Mead"
    done = minimize(minus if exact else value, x, jac=exact or None, method=method, bounds=bounds, options=options)
    return [float(u) for u in done.x], -float(done.fun), bool(done.success), int(done.nfev)


class Judge:
    """The verdict on a point at which success was said."""

    def __init__(self, case: Case) -> None:
        self.case, self.problem = case, case.problem()
        self.start = self.problem.value(self.problem.inside(list(case.start.values())))
        self.near = NEAR * max(abs(case.best), NEAR * abs(self.case.gap(self.start)))

    def __call__(self, x: list[float]) -> str:
        """The verdict, of a point in the problem's own units."""
        value = self.problem.value(x)
        if self.case.gap(value) <= self.near:
            return "solved"
        return "another" if self.summit(x, value) else "false"

    def summit(self, x: list[float], value: float) -> bool:
        """Whether SciPy finds nothing better from a point, or from points nearby that are no better."""
        rng = np.random.default_rng(1)
        method = "L-BFGS-B"
        if down(self.problem, x, "Nelder-Mead", xatol=0.0, fatol=0.0, maxiter=2_000)[1] > value + self.near:
            return False
        for radius in AROUND:
            for _ in range(5):
                away = [u + radius * max(1.0, abs(u)) * d for u, d in zip(x, rng.uniform(-1, 1, len(x)), strict=True)]
                away = self.problem.inside(away)
                if self.problem.value(away) > value + self.near:
                    return False
                if down(self.problem, away, method, gtol=1e-10, ftol=0.0)[1] > value + self.near:
                    return False
        return True


def measured(cases: Sequence[Case], units: Units) -> dict[str, Counter[str]]:
    """The verdicts and evaluations of each, and what is to be told of single problems."""
    found: dict[str, Counter[str]] = {who: Counter() for who in ("circuit", *PEERS)}
    for case in cases:
        judge, run = Judge(case), case.run(units)
        count = found["circuit"]
        evaluations = run.evaluations["gradient"] + run.evaluations["value"]
        count["evaluations"] += evaluations
        count["second"] += run.problem.objective.hessian is not None and run.steps
        verdict = judge(case.own(run.found.x, units)) if run.success else run.status
        count[verdict] += 1
        if verdict not in ("solved", "another"):
            print(f"    {case.name}: {verdict}, after {evaluations} evaluations: {run.message}")
        for method, options in PEERS.items():
            problem = case.problem(units)
            x, value, success, evaluations = down(problem, run.start.x, method, **options)
            verdict = judge(case.own(x, units)) if math.isfinite(value) else "false"
            found[method]["evaluations"] += evaluations
            found[method][verdict if success else "failed"] += 1
    return found


def main() -> None:
    cases = read(sys.argv[1], sys.argv[2:])
    own = 0
    print(f"{'inputs':>10s} {'value':>6s} {'':10s} {'solved':>7s} {'another':>8s} {'false':>6s} {'evaluations':>12s}")
    for units in SYSTEMS:
        began = time.perf_counter()
        found = measured(cases, units)
        own = own or found["circuit"]["evaluations"]
        for who, count in found.items():
            well = count["solved"] + count["another"]
            ratio = f"  {count['evaluations'] / own:.2f} times those in own units" if units != OWN else ""
            tail = f"{ratio}, second derivatives at {count['second']} points" if who == "circuit" else ""
            print(
                f"{f'1e±{units.inputs[0]}':>10s} {f'1e{units.value}':>6s} {who:10s} {count['solved']:7d} "
                f"{count['another']:8d} {count['false']:6d} {count['evaluations']:12,d}{tail}  "
                f"({well / len(cases):.0%} well)"
            )
        print(f"    {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    main()
