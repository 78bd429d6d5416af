"""Ascents of functions with kinks: published problems, and how many of them SciPy ends at their optimum.

    PYTHONPATH=. python tests/bench/nonsmooth.py [NAME]...

The problems are those of Lukšan & Vlček (Test problems for nonsmooth optimization, 2000), from their starts, and fits
without squares. SciPy's BFGS and SLSQP get the same function with our gradient, from the same start.
The error is that of the value, by the optimum or, where that is 0, by the way down from the start.
"""

from __future__ import annotations

import math
import sys
import time
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from circuitcli.ascent import Limits, PointObjective, Problem, choice, climb
from circuitcli.read_circuit import ReadCircuit
from circuitcli.rows.block_passes import Passes
from circuitcli.rows.in_memory import InMemory, Loaded
from circuitcli.rows.plan import Plan
from circuitcli.rows.rows_objective import RowsObjective
from circuitcli.rows.told import Told
from tests.bench.units import down
from tests.fits_without_squares import FITS, Fit

REACHED = 1e-6
PEERS = {"BFGS": {"gtol": 1e-8, "maxiter": 20_000}, "SLSQP": {"ftol": 1e-12, "maxiter": 20_000}}


class NonSmooth(NamedTuple):
    """An expression to descend, its start, and the value of its optimum."""

    text: str
    start: Mapping[str, float]
    optimum: float


def largest(*pieces: str) -> str:
    """The largest of some expressions."""
    return f"max({', '.join(pieces)})"


def numbered(*values: float) -> dict[str, float]:
    """A start for x1, x2 and so on."""
    return {f"x{i}": float(value) for i, value in enumerate(values, 1)}


def rosen_suzuki() -> str:
    first = "x1^2 + x2^2 + 2*x3^2 + x4^2 - 5*x1 - 5*x2 - 21*x3 + 7*x4"
    limits = (
        "x1^2 + x2^2 + x3^2 + x4^2 + x1 - x2 + x3 - x4 - 8",
        "x1^2 + 2*x2^2 + x3^2 + 2*x4^2 - x1 - x4 - 10",
        "2*x1^2 + x2^2 + x3^2 + 2*x1 - x2 - x4 - 5",
    )
    return f"f = {first}; {largest('f', *(f'f + 10*({limit})' for limit in limits))}"


def wong() -> str:
    first = "(x1-10)^2 + 5*(x2-12)^2 + x3^4 + 3*(x4-11)^2 + 10*x5^6 + 7*x6^2 + x7^4 - 4*x6*x7 - 10*x6 - 8*x7"
    limits = (
        "2*x1^2 + 3*x2^4 + x3 + 4*x4^2 + 5*x5 - 127",
        "7*x1 + 3*x2 + 10*x3^2 + x4 - x5 - 282",
        "23*x1 + x2^2 + 6*x6^2 - 8*x7 - 196",
        "4*x1^2 + x2^2 - 3*x1*x2 + 2*x3^2 + 5*x6 - 11*x7",
    )
    return f"f = {first}; {largest('f', *(f'f + 10*({limit})' for limit in limits))}"


def shor() -> str:
    weights = (1, 5, 10, 2, 4, 3, 1.7, 2.5, 6, 3.5)
    places = ["00000", "21113", "12112", "14122", "32101", "02101", "11111", "10121", "00210", "11200"]
    spheres = [" + ".join(f"(x{j}-{a})^2" for j, a in enumerate(row, 1)) for row in places]
    return largest(*(f"{w}*({sphere})" for w, sphere in zip(weights, spheres, strict=True)))


def maxquad() -> str:
    count, pieces = 10, []
    for k in range(1, 6):
        a = [[0.0] * count for _ in range(count)]
        for i in range(1, count + 1):
            for j in range(i + 1, count + 1):
                a[i - 1][j - 1] = a[j - 1][i - 1] = math.exp(i / j) * math.cos(i * j) * math.sin(k)
        for i in range(1, count + 1):
            a[i - 1][i - 1] = i / count * abs(math.sin(k)) + sum(map(abs, a[i - 1]))
        terms = [f"({a[i][j]!r})*x{i + 1}*x{j + 1}" for i in range(count) for j in range(count)]
        terms += [f"({-math.exp(i / k) * math.sin(i * k)!r})*x{i}" for i in range(1, count + 1)]
        pieces.append(" + ".join(terms))
    return largest(*pieces)


def el_attar() -> str:
    terms = []
    for i in range(51):
        t = i / 10
        y = 0.5 * math.exp(-t) - math.exp(-2 * t) + 0.5 * math.exp(-3 * t)
        y += 1.5 * math.exp(-1.5 * t) * math.sin(7 * t) + math.exp(-2.5 * t) * math.sin(5 * t)
        terms.append(f"abs(x1*exp(-x2*{t})*cos(x3*{t}+x4) + x5*exp(-x6*{t}) - ({y!r}))")
    return " + ".join(terms)


def polak(shift: str) -> str:
    rest = " + ".join(f"x{i}^2" for i in range(5, 11))
    return f"exp(1e-8*x1^2 + (x2{shift})^2 + x3^2 + 4*x4^2 + {rest})"


XS20 = [f"x{i}" for i in range(1, 21)]
XS50 = [f"x{i}" for i in range(1, 51)]
HALVES = numbered(*(i if i <= 10 else -i for i in range(1, 21)))
PROBLEMS = {
    "CB2": NonSmooth(largest("x1^2+x2^4", "(2-x1)^2+(2-x2)^2", "2*exp(x2-x1)"), numbered(1, -0.1), 1.9522244938706797),
    "CB3": NonSmooth(largest("x1^4+x2^2", "(2-x1)^2+(2-x2)^2", "2*exp(x2-x1)"), numbered(2, 2), 2.0),
    "Dem": NonSmooth(largest("5*x1+x2", "-5*x1+x2", "x1^2+x2^2+4*x2"), numbered(1, 1), -3.0),
    "QL": NonSmooth("f = x1^2+x2^2; " + largest("f", "f + 10*(4-4*x1-x2)", "f + 10*(6-x1-2*x2)"), numbered(-1, 5), 7.2),
    "LQ": NonSmooth(largest("-x1-x2", "-x1-x2+x1^2+x2^2-1"), numbered(-0.5, -0.5), -math.sqrt(2.0)),
    "Mifflin 1": NonSmooth("-x1 + 20*max(x1^2+x2^2-1, 0)", numbered(0.8, 0.6), -1.0),
    "Mifflin 2": NonSmooth("-x1 + 2*(x1^2+x2^2-1) + 1.75*abs(x1^2+x2^2-1)", numbered(-1, -1), -1.0),
    "Wolfe": NonSmooth(
        "x1 >= abs(x2) ? 5*sqrt(9*x1^2+16*x2^2) : x1 > 0 ? 9*x1 + 16*abs(x2) : 9*x1 + 16*abs(x2) - x1^9",
        numbered(3, 2),
        -8.0,
    ),
    "Rosen-Suzuki": NonSmooth(rosen_suzuki(), numbered(0, 0, 0, 0), -44.0),
    "Shor": NonSmooth(shor(), numbered(0, 0, 0, 0, 1), 22.600162095771),
    "MAXQ": NonSmooth(largest(*(f"{x}^2" for x in XS20)), HALVES, 0.0),
    "MAXL": NonSmooth(largest(*(f"abs({x})" for x in XS20)), HALVES, 0.0),
    "Goffin": NonSmooth(
        f"50*{largest(*XS50)} - ({' + '.join(XS50)})", numbered(*(i - 25.5 for i in range(1, 51))), 0.0
    ),
    "Crescent": NonSmooth(largest("x1^2 + (x2-1)^2 + x2 - 1", "-x1^2 - (x2-1)^2 + x2 + 1"), numbered(-1.5, 2), 0.0),
    "El-Attar": NonSmooth(el_attar(), numbered(2, 2, 7, 0, -2, 1), 0.5598131),
    "Maxquad": NonSmooth(maxquad(), numbered(*[1] * 10), -0.8414083),
    "Wong 1": NonSmooth(wong(), numbered(1, 2, 0, 4, 0, 1, 1), 680.6300573),
    "Polak 2": NonSmooth(largest(polak("+2"), polak("-2")), numbered(100, *[0.1] * 9), math.exp(4.0)),
}


def problem_of(case: NonSmooth | Fit) -> Problem:
    """The way down of a problem, at a point or over rows."""
    graph, given = ReadCircuit(case.text).bind(case.start, {})
    names = list(case.start)
    if isinstance(case, NonSmooth):
        return Problem(PointObjective(graph, given, names), -1.0)
    columns = {name: np.array(column, dtype=float) for name, column in case.columns.items()}
    rows = len(next(iter(columns.values())))
    plan = Plan(graph, list(columns), given, names, True)
    source = InMemory(Passes(plan, names, rows), Loaded(columns, [rows], Told(rows)), 1)
    return Problem(RowsObjective(plan, names, -1.0, source), -1.0)


class Row(NamedTuple):
    """An ascent's end: how it calls it, whether that is a success, the evaluations, and the error of the value."""

    status: str
    success: bool
    evaluations: str
    error: float

    @property
    def verdict(self) -> str:
        """Whether it got there, and whether it says so."""
        return f"{'reached' if self.error <= REACHED else 'missed'}, {'success' if self.success else 'failure'} said"


def ours(case: NonSmooth | Fit) -> Row:
    problem = problem_of(case)
    run = climb(problem, choice("auto", objective=problem.objective), Limits(), list(case.start.values()))
    count = run.evaluations
    return Row(run.status, run.success, f"{count['value']}+{count['gradient']}", error(case, -run.found.value))


def theirs(case: NonSmooth | Fit, method: str) -> Row:
    problem = problem_of(case)
    _, value, success, evaluations = down(problem, list(case.start.values()), method, **PEERS[method])
    return Row("success" if success else "failed", success, str(evaluations), error(case, -value))


def error(case: NonSmooth | Fit, value: float) -> float:
    """The relative error of a value."""
    way = problem_of(case).objective.value(list(case.start.values())) - case.optimum
    return abs(value - case.optimum) / abs(case.optimum or way)


def main(chosen: Sequence[str]) -> None:
    cases: dict[str, NonSmooth | Fit] = {**PROBLEMS, **{name: fit() for name, fit in FITS.items()}}
    counts: dict[str, Counter[str]] = {who: Counter() for who in ("circuit", *PEERS)}
    print(f"{'':16s} {'circuit':13s} {'v+g':>9s} {'error':>8s} {'s':>6s}", end="")
    print("".join(f"   {method:8s} {'v&g':>5s} {'error':>8s}" for method in PEERS))
    for name in chosen or cases:
        began = time.perf_counter()
        own = ours(cases[name])
        seconds = time.perf_counter() - began
        found = {"circuit": own, **{method: theirs(cases[name], method) for method in PEERS}}
        print(f"{name:16s} {own.status:13s} {own.evaluations:>9s} {own.error:8.1e} {seconds:6.2f}", end="")
        print("".join(f"   {found[m].status:8s} {found[m].evaluations:>5s} {found[m].error:8.1e}" for m in PEERS))
        for who, row in found.items():
            counts[who][row.verdict] += 1
    for who, count in counts.items():
        print(f"{who:8s} of {count.total()}: {'; '.join(f'{n} {verdict}' for verdict, n in sorted(count.items()))}")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    main(sys.argv[1:])
