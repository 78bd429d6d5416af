"""The check on circuits that nobody chose: false alarms, misses, kinks named, beside fixed steps in the same run.

    PYTHONPATH=. python tests/bench/check.py [CIRCUITS] [SEED]

What is right is decided by mpmath: the derivative of an independent evaluation with 60 digits or more.
"""

from __future__ import annotations

import math
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import mpmath

from circuitcli import Circuit
from tests.bench.joints import joints

mp = mpmath.mp.clone()
mp.dps = 120

UNARY: dict[str, Callable[[Any], Any]] = {  # text with {}: what it means to mpmath
    "sin({})": mp.sin,
    "cos({})": mp.cos,
    "exp({})": mp.exp,
    "tanh({})": mp.tanh,
    "atan({})": mp.atan,
    "sigmoid({})": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus({})": lambda x: mp.log1p(mp.exp(x)),
    "log1p(square({}))": lambda x: mp.log1p(x * x),
    "sqrt(1 + square({}))": lambda x: mp.sqrt(1 + x * x),
    "log(abs({}) + 1e-3)": lambda x: mp.log(abs(x) + mp.mpf(1e-3)),
    "erf({})": mp.erf,
    "gelu({})": lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2,
    "silu({})": lambda x: x / (1 + mp.exp(-x)),
    "asinh({})": mp.asinh,
    "cbrt({} + 3)": lambda x: mp.sign(x + 3) * mp.cbrt(abs(x + 3)),
    "abs({})": abs,
    "relu({})": lambda x: max(x, mp.zero),
    "-({})": lambda x: -x,
    "({})^3": lambda x: x**3,
    "{}^2": lambda x: x**2,
}
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "({} + {})": lambda x, y: x + y,
    "({} - {})": lambda x, y: x - y,
    "({} * {})": lambda x, y: x * y,
    "({} / (1 + square({})))": lambda x, y: x / (1 + y * y),
    "max({}, {})": max,
    "min({}, {})": min,
    "hypot({}, {})": mp.hypot,
    "atan2({}, 1 + square({}))": lambda x, y: mp.atan2(x, 1 + y * y),
    "logaddexp({}, {})": lambda x, y: mp.log(mp.exp(x) + mp.exp(y)),
    "where({} > {}, 2, 3)": lambda x, y: mp.mpf(2 if x > y else 3),
}


class Case(NamedTuple):
    """An expression, the same for mpmath, and where."""

    text: str
    exact: Callable[[dict[str, Any]], Any]
    point: dict[str, float]


def tree(rng: random.Random, scales: dict[str, float], depth: int) -> tuple[str, Callable[[dict[str, Any]], Any]]:
    """A random expression; inputs are used by their own scale, so that nothing saturates for want of sense."""
    if depth == 0 or rng.random() < 0.1:
        name = rng.choice(list(scales))
        by = float(f"{1.0 / scales[name] * rng.uniform(0.3, 3.0):.4g}")
        return f"({by!r} * {name})", lambda p: mp.mpf(by) * p[name]
    if rng.random() < 0.45:
        form, unary = rng.choice(list(UNARY.items()))
        inner, f = tree(rng, scales, depth - 1)
        form = "({})^2" if form == "{}^2" else form
        return form.replace("{}", inner, 1), lambda p: unary(f(p))
    form, binary = rng.choice(list(BINARY.items()))
    left, f = tree(rng, scales, depth - 1)
    right, g = tree(rng, scales, depth - 1)
    return form.replace("{}", "\0", 1).replace("{}", right, 1).replace("\0", left, 1), lambda p: binary(f(p), g(p))


def cases(count: int, seed: int) -> Iterator[Case]:
    """Random circuits of one to three inputs, each of a scale from 1e-7 to 1e7, and a factor on the whole."""
    rng = random.Random(seed)
    while count:
        scales = {name: 10.0 ** rng.uniform(-7, 7) for name in ("x", "y", "z")[: rng.randint(1, 3)]}
        text, exact = tree(rng, scales, rng.randint(2, 5))
        factor = float(f"{10.0 ** rng.uniform(-7, 7):.3g}")
        point = {name: float(rng.uniform(-2, 2) * scale) for name, scale in scales.items()}
        whole = f"{factor!r} * {text}"
        circuit = Circuit(whole)
        point = {name: x for name, x in point.items() if name in circuit.inputs}
        if point and math.isfinite(circuit(point)):
            count -= 1
            yield Case(whole, partial(_scaled, exact, factor), point)


def _scaled(exact: Callable[[dict[str, Any]], Any], factor: float, p: dict[str, Any]) -> Any:
    return mp.mpf(factor) * exact(p)


def slope(case: Case, name: str) -> float | None:
    """The derivative by mpmath; None at a kink or where it is beyond the range of a float."""
    p = {n: mp.mpf(x) for n, x in case.point.items()}
    h = (abs(p[name]) or 1) * mp.mpf(10) ** -40

    def at(t: int) -> Any:
        return case.exact({**p, name: p[name] + t * h})

    left, right = (at(0) - at(-1)) / h, (at(1) - at(0)) / h
    if abs(left - right) > mp.mpf("1e-20") * max(abs(left), abs(right)):
        return None
    found = float((at(1) - at(-1)) / (2 * h))
    return found if found == 0.0 or 1e-300 < abs(found) < 1e300 else None


def wrong(rng: random.Random, right: float, others: list[float]) -> list[float]:
    """One per cent off, the wrong sign, a term dropped."""
    dropped = right * rng.choice([0.5, 0.9, 1.5, 2.0])
    return [right * 1.01, -right, dropped] if right else [rng.choice(others or [1.0]) or 1.0]


Checker = Callable[[Case, str, float], str]


def ours(case: Case, name: str, claim: float) -> str:
    return str(Circuit(case.text).check({name: claim}, case.point)[name])


def pytorch(case: Case, name: str, claim: float) -> str:
    """torch.autograd.gradcheck: central difference with eps 1e-6, atol 1e-5, rtol 1e-3."""
    f, x, eps = Circuit(case.text), case.point[name], 1e-6
    numerical = (f({**case.point, name: x + eps}) - f({**case.point, name: x - eps})) / (2 * eps)
    return "agree" if abs(numerical - claim) <= 1e-5 + 1e-3 * abs(numerical) else "disagree"


def scipys(case: Case, name: str, claim: float) -> str:
    """scipy.optimize.check_grad, forward difference with its epsilon, accepted below 1e-6 as its examples do,
    relative to the slope."""
    from scipy.optimize import check_grad  # type: ignore[import-untyped, unused-ignore]

    f = Circuit(case.text)

    def along(x: Any) -> float:
        value: float = f({**case.point, name: float(x[0])})
        return value

    error = check_grad(along, lambda x: [claim], [case.point[name]])
    return "agree" if error <= 1e-6 + 1e-3 * abs(claim) else "disagree"


def random_circuits(count: int, seed: int) -> None:
    rng = random.Random(seed + 1)
    checkers: dict[str, Checker] = {"circuit": ours, "PyTorch's formula": pytorch, "SciPy's check_grad": scipys}
    tally: dict[str, Counter[str]] = {who: Counter() for who in checkers}
    seconds = dict.fromkeys(checkers, 0.0)
    for case in cases(count, seed):
        name = rng.choice(list(case.point))
        right = slope(case, name)
        if right is None:
            continue
        for claim, kind in [(right, "right"), *((c, "wrong") for c in wrong(rng, right, list(case.point.values())))]:
            for who, checker in checkers.items():
                start = time.perf_counter()
                try:
                    verdict = checker(case, name, claim)
                except ImportError:
                    verdict = "-"
                seconds[who] += time.perf_counter() - start
                tally[who][kind] += 1
                tally[who][f"{kind} {verdict}"] += 1
                bad = (kind, verdict) in {("right", "disagree"), ("wrong", "agree"), ("right", "not_differentiable")}
                if who == "circuit" and bad:
                    print(f"  {kind} gradient {claim!r} by {name}: {verdict}  {case.text}  {case.point}")
    print(f"{'':20s} {'false alarms':>14s} {'misses':>14s} {'cannot tell':>14s} {'ms each':>9s}")
    for who, found in tally.items():
        alarms = found["right disagree"] + found["right not_differentiable"]
        unsure = found["right cannot_tell"] + found["wrong cannot_tell"]
        each = 1e3 * seconds[who] / (found["right"] + found["wrong"])
        print(
            f"{who:20s} {alarms:6d} of {found['right']:4d} {found['wrong agree']:6d} of {found['wrong']:4d} "
            f"{unsure:6d} of {found['right'] + found['wrong']:4d} {each:9.1f}"
        )


KINKS = [  # {0} is zero at the point and {1} is smooth there
    "abs({0})",
    "relu({0})",
    "max({0}, {1} - {1})",
    "min({0} * 2, {0})",
    "max({0} + {1}, {1})",
    "where({0} > 0, {0} * 2, {0} * 3)",
    "where({0} >= 0, 1, {0})",
    "floor({0})",
    "ceil({0} + 2)",
    "clip({0}, 0, 1e9)",
    "clip({1}, {1} - {0}, 1e12)",
    "sqrt(abs({0}))",
    "leaky_relu({0})",
    "sign({0})",
    "abs({0}) + abs({0} / 2)",
    "hypot({0}, 0 * {0})",
    "({0} > 0 ? sin({0}) : {0}^2)",
    "round({0} + 0.5)",
]
OUTER = ["{}", "3e-6 * {}", "sigmoid({})", "exp({}) + 1e3", "1e5 + {}", "sin({} + 1)", "-({}) * 4e7", "({} + 2)^2"]


def on_kinks(count: int, seed: int) -> Iterator[Case]:
    """Circuits whose input x sits on a kink, or on a jump, or at a vertical tangent."""
    rng = random.Random(seed)
    for _ in range(count):
        scale = 10.0 ** rng.randint(-7, 7)
        x = float(rng.randint(1, 9)) * scale
        zero, smooth = f"(x - {x!r})", rng.choice(["y", "sin(y)", "(y + 1)"])
        text = rng.choice(OUTER).format(rng.choice(KINKS).format(zero, smooth))
        if rng.random() < 0.5:
            text = f"{text} + y*x"
        yield Case(text, dict, {"x": x, "y": rng.uniform(0.5, 2.0)})


def kinks(count: int, seed: int) -> None:
    named = Counter[str]()
    for case in on_kinks(count, seed):
        verdict = ours(case, "x", 0.5)
        named[verdict] += 1
        if verdict != "not_differentiable":
            print(f"  {verdict}: {case.text}  {case.point}")
    share = 100.0 * named["not_differentiable"] / count
    print(f"kinks: {named['not_differentiable']} of {count} named ({share:.1f} %)  {dict(named)}")


def meetings(count: int, seed: int) -> None:
    for smooth, kind in ((True, "smooth joints"), (False, "corners and jumps")):
        found = Counter[str]()
        for case in joints(count, seed, smooth):
            verdicts = Circuit(case.text).check(None, case.point)
            found.update(str(verdicts[name]) for name in case.names)
        print(f"{kind}: {dict(found)}")


def speed() -> None:
    for text, point in [
        ("(x+y)*z", {"x": -2.0, "y": 5.0, "z": -4.0}),
        ("sigmoid(a*x + b*y + c)", {"a": 1.0, "b": 2.0, "c": -3.0, "x": -1.0, "y": 3.0}),
        ("exp(-x^2/2)/sqrt(2*pi) + sin(x)*log(1 + x^2)", {"x": 1.3}),
    ]:
        circuit = Circuit(text)
        times = []
        for _ in range(5):
            start = time.perf_counter()
            circuit.check(None, point)
            times.append(time.perf_counter() - start)
        print(f"{1e3 * min(times):6.1f} ms  {text}")


if __name__ == "__main__":
    count, seed = (int(sys.argv[i]) if len(sys.argv) > i else default for i, default in ((1, 2000), (2, 1)))
    random_circuits(count, seed)
    kinks(1000, seed)
    meetings(1000, seed)
    speed()
