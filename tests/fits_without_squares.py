"""Fits without squares: published and random rows, and their optimum by a linear or a quadratic program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import linprog, minimize

# Brownlee's stack loss of a plant for nitric acid: flow of air, temperature of water, acid and loss; as R has it.
STACKLOSS = {
    "air": [80, 80, 75, 62, 62, 62, 62, 62, 58, 58, 58, 58, 58, 58, 50, 50, 50, 50, 50, 56, 70],
    "water": [27, 27, 25, 24, 22, 23, 24, 24, 23, 18, 18, 17, 18, 19, 18, 18, 19, 19, 20, 20, 20],
    "acid": [89, 88, 90, 87, 87, 87, 93, 93, 87, 80, 89, 88, 82, 93, 89, 86, 72, 79, 80, 82, 91],
    "loss": [42, 37, 37, 28, 18, 18, 19, 20, 15, 14, 14, 13, 11, 12, 8, 7, 8, 8, 9, 15, 15],
}
# Calls from Belgium, in millions, by year: Rousseeuw and Leroy, as MASS has them.
PHONES = {
    "year": [*range(50, 74)],
    "calls": [
        *(4.4, 4.7, 4.7, 5.9, 6.6, 7.3, 8.1, 8.8, 10.6, 12.0, 13.5, 14.9),
        *(16.1, 21.2, 119.0, 124.0, 142.0, 159.0, 182.0, 212.0, 43.0, 24.0, 27.0, 29.0),
    ],
}
COST = 0.01  # of the squares of an SVM's slopes


class Fit(NamedTuple):
    """An expression over rows to descend, its columns, its start, and the value of its optimum."""

    text: str
    columns: Mapping[str, Sequence[float]]
    start: Mapping[str, float]
    optimum: float


def least_absolute(x: Any, y: Any, share: float = 0.5) -> float:
    """Twice the least sum of absolute deviations, the upper ones counted by a share, as a linear program."""
    rows, count = x.shape
    costs = np.r_[np.zeros(count), np.full(rows, 2.0 * share), np.full(rows, 2.0 - 2.0 * share)]
    equations = np.hstack([x, np.eye(rows), -np.eye(rows)])
    limits = [(None, None)] * count + [(0, None)] * (2 * rows)
    return float(linprog(costs, A_eq=equations, b_eq=y, bounds=limits).fun)


def least_hinge(x: Any, label: Any) -> float:
    """The least mean of hinges with the cost of squared slopes, as a quadratic program with a slack for each row."""
    rows, count = x.shape
    sides = np.hstack([label[:, None] * x, label[:, None], np.eye(rows)])  # times all unknowns at least 1
    costs = np.r_[np.zeros(count + 1), np.full(rows, 1.0 / rows)]
    squares = np.r_[np.full(count, COST), np.zeros(rows + 1)]
    found = minimize(
        lambda z: (costs @ z + squares @ z**2, costs + 2.0 * squares * z),
        np.r_[np.zeros(count + 1), np.ones(rows)],
        jac=True,
        bounds=[(None, None)] * (count + 1) + [(0.0, None)] * rows,
        constraints={"type": "ineq", "fun": lambda z: sides @ z - 1.0, "jac": lambda z: sides},
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 500},
    )
    return float(found.fun)


def stackloss() -> Fit:
    """A plane by absolute deviations."""
    x = np.column_stack([np.ones(21), *(STACKLOSS[name] for name in ("air", "water", "acid"))])
    optimum = least_absolute(x, np.array(STACKLOSS["loss"]))
    return Fit("sum(abs(loss - a - b*air - c*water - d*acid))", STACKLOSS, dict.fromkeys("abcd", 0.0), optimum)


def phones() -> Fit:
    """A line by absolute deviations."""
    x = np.column_stack([np.ones(24), PHONES["year"]])
    optimum = least_absolute(x, np.array(PHONES["calls"]))
    return Fit("sum(abs(calls - a - b*year))", PHONES, dict.fromkeys("ab", 0.0), optimum)


def svm(rows: int = 200, seed: int = 18) -> Fit:
    """A support vector machine between two clouds that overlap."""
    draw = np.random.default_rng(seed)
    label = np.where(draw.random(rows) < 0.5, 1.0, -1.0)
    x = draw.normal(size=(rows, 2)) + label[:, None] * [0.8, 0.5]
    text = f"mean(max(0, 1 - l*(a*x + b*y + c))) + {COST}*(a^2 + b^2)"
    columns = {"x": x[:, 0].tolist(), "y": x[:, 1].tolist(), "l": label.tolist()}
    return Fit(text, columns, dict.fromkeys("abc", 0.0), least_hinge(x, label))


def chebyshev() -> Fit:
    """The plane with the least of largest deviations."""
    x = np.column_stack([np.ones(21), *(STACKLOSS[name] for name in ("air", "water", "acid"))])
    y = np.array(STACKLOSS["loss"])
    sides = np.vstack([np.column_stack([x, -np.ones(21)]), np.column_stack([-x, -np.ones(21)])])
    found = linprog([0.0, 0.0, 0.0, 0.0, 1.0], A_ub=sides, b_ub=np.r_[y, -y], bounds=[(None, None)] * 5)
    return Fit("max(abs(loss - a - b*air - c*water - d*acid))", STACKLOSS, dict.fromkeys("abcd", 0.0), float(found.fun))


def marks() -> Fit:
    """The median of 3,000 answers of 0 and 1."""
    y = (np.random.default_rng(4).random(3000) < 0.4).astype(float)
    return Fit("sum(abs(y - a))", {"y": y.tolist()}, {"a": 0.3}, float(min(y.sum(), 3000 - y.sum())))


def counts() -> Fit:
    """A line by absolute deviations of 1,500 rows of whole numbers, of which many are alike."""
    draw = np.random.default_rng(5)
    x = draw.integers(0, 5, 1500).astype(float)
    y = np.round(2.0 + 1.5 * x + draw.normal(0.0, 2.0, 1500))
    optimum = least_absolute(np.column_stack([np.ones(1500), x]), y)
    return Fit("sum(abs(y - a - b*x))", {"x": x.tolist(), "y": y.tolist()}, {"a": 0.0, "b": 0.0}, optimum)


def whole_hinge() -> Fit:
    """Hinges of 600 rows of whole numbers, without a penalty, as a linear program with a slack for each row."""
    draw = np.random.default_rng(6)
    label = draw.choice([-1.0, 1.0], 600)
    x = draw.integers(-3, 4, (600, 2)) + label[:, None]
    sides = np.hstack([label[:, None] * np.column_stack([x, np.ones(600)]), np.eye(600)])  # times unknowns at least 1
    limits = [(None, None)] * 3 + [(0, None)] * 600
    found = linprog(np.r_[np.zeros(3), np.full(600, 1.0 / 600)], A_ub=-sides, b_ub=-np.ones(600), bounds=limits)
    columns = {"x": x[:, 0].tolist(), "y": x[:, 1].tolist(), "l": label.tolist()}
    return Fit("mean(max(0, 1 - l*(a*x + b*y + c)))", columns, dict.fromkeys("abc", 0.0), float(found.fun))


FITS = {"stackloss": stackloss, "phones": phones, "SVM of 200 rows": svm, "largest deviation": chebyshev}
FITS |= {"marks": marks, "counts": counts, "hinges of whole numbers": whole_hinge}
