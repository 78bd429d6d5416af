"""The accuracy of every gate over its whole domain, against mpmath.

The bound, for the value and for each partial derivative f: |error| <= 4 ulp(f) + sum of |x_i df/dx_i| 2^-53, which is
what half an ulp of the arguments does to f. Gates that name no reason in their row keep to 4 ulp alone.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from circuitcli.engine.floats import FLOATS
from circuitcli.gates import GATES
from circuitcli.wire_types import Only
from tests.oracle import ORACLE, SLOPES, mp
from tests.support import some_slow

TINY, NORMAL, HUGE = 2.0**-1074, 2.0**-1022, 1.7976931348623157e308
NEAR = {  # roots, edges, kinks, turning points: neighbours of these are looked at
    "gamma": (1.0, 2.0, -0.5, 171.6, -1.0, -16.5),
    "lgamma": (1.0, 2.0, -2.4570247382208006, -3.0, 1e300),
    "digamma": (1.4616321449683623, -0.5040830082644554, -1.5734984731623905, 1e300),
    "factorial": (0.0, 1.0, 170.6, -1.5),
    "acosh": (1.0,),
    "asin": (1.0, -1.0, 0.0),
    "acos": (1.0, -1.0, 0.0),
    "atanh": (1.0, -1.0),
    "log": (1.0,),
    "log2": (1.0, 8.0),
    "log10": (1.0, 1000.0),
    "log1p": (-1.0, 0.0),
    "sin": (math.pi, 1e22, 100 * math.pi),
    "cos": (math.pi / 2, 1e22),
    "tan": (math.pi, math.pi / 2, 1e22),
    "gelu": (-0.7517915246935645, -38.0, 0.0),
    "silu": (-1.2784645427610738, -745.0, 0.0),
    "sigmoid": (-709.78, -745.0, 36.7, 710.0),
    "softplus": (-745.0, 0.0, 36.7),
    "logsigmoid": (745.0, 0.0, -36.7),
    "tanh": (19.06, 22.0),
    "erf": (0.0, 6.0),
    "erfc": (0.0, 26.5, -6.0),
    "gauss": (26.5, 27.2),
    "normcdf": (-37.5, -38.4, 8.3, 0.0),
    "normpdf": (38.5, 37.5),
    "exp": (709.78, -745.0, 1.0),
    "exp2": (1023.9, -1074.0),
    "expm1": (709.78, -37.0),
    "sinh": (710.0, 0.0),
    "cosh": (710.0, 0.0),
}
# Where the slope of gelu is 0 two terms of 0.23 cancel, and no form is known that does without.
CANCELLING = {"gelu": (-0.7517915246935645, 0.226)}
BOUNDED = {"gamma": 200.0, "factorial": 200.0, "polygamma": 1e4}  # beyond lies nothing that mpmath is quick at


class Miss(NamedTuple):
    """The largest error of a gate: in ulp, as a part of what is allowed, and where."""

    ulp: float
    part: float
    at: tuple[float, ...]


def numbers(rng: random.Random, count: int) -> Iterator[float]:
    """Numbers of both signs from every sort of binade, subnormals among them."""
    for i in range(count):
        exponent = rng.choice((rng.uniform(-1074, 1023), rng.uniform(-60, 60), rng.uniform(-6, 7), rng.uniform(-2, 3)))
        yield (-1.0) ** i * rng.uniform(1.0, 2.0) * 2.0 ** int(exponent)
    yield from (TINY, -TINY, 2.2250738585072014e-308, HUGE, -HUGE, 1.0, -1.0, 0.5, 2.0)


def points(name: str, count: int, seed: int = 1) -> Iterator[tuple[float, ...]]:
    """Arguments spread over the domain of a gate, and next to the places where it is hard."""
    rng = random.Random(f"{name} {seed}")
    gate = GATES[name]
    arity = 3 if gate.many else len(gate.rules)
    if name == "polygamma":
        for x in numbers(rng, count // 4):
            yield float(rng.randint(0, 6)), x
        return
    if arity == 1:
        for place in NEAR.get(name, (0.0,)):
            for k in range(0, 54, 2):
                yield from ((place + s * max(abs(place), 1e-300) * 2.0**-k,) for s in (1.0, -1.0))
        for x in numbers(rng, count):
            yield (x,)
        return
    for x in numbers(rng, count):
        others = [x * 2.0 ** rng.uniform(-3, 3), rng.choice((-1, 1)) * 2.0 ** rng.uniform(-1074, 1023)]
        others += [rng.uniform(-30, 30), x * (1.0 + 2.0 ** -rng.randint(1, 52))]
        yield (x, *(rng.choice(others) for _ in range(arity - 1)))


def representable(exact: Any) -> bool:
    return not isinstance(exact, mp.mpc) and bool(mp.isfinite(exact)) and abs(exact) <= mp.mpf(HUGE)


def ulp(exact: Any) -> float:
    return math.ulp(float(exact))


def moved(f: Any, xs: list[Any]) -> Any:
    """The sum of |x df/dx|, by differences of many digits."""
    total = mp.zero
    for i, x in enumerate(xs):
        h = abs(x) * mp.mpf(10) ** -40
        if h:
            up, down = ([*xs[:i], x + s * h, *xs[i + 1 :]] for s in (1, -1))
            total += abs(x) * abs(f(*up) - f(*down)) / (2 * h)
    return total


def misses(name: str, count: int, seed: int = 1) -> dict[str, Miss]:
    """The largest errors of the value and of the gradient of a gate."""
    gate, worst = GATES[name], {"value": Miss(0.0, 0.0, ()), "gradient": Miss(0.0, 0.0, ())}
    for xs in points(name, count, seed):
        if any(abs(x) > BOUNDED.get(name, HUGE) or not math.isfinite(x) for x in xs):
            continue
        if name in ("max", "min", "clip") and len(set(xs)) < len(xs):
            continue  # a tie, which is shared by convention
        if name == "digamma" and xs[0] < -1e4:
            continue  # mpmath is slow there
        if name in ("mod", "fmod") and not abs(FLOATS.div(*xs)) < 1e300:
            continue  # more digits than mpmath is given
        if name == "floordiv" and not abs(FLOATS.div(*xs)) < 2.0**53:
            continue  # a whole number that may have to be rounded
        value = gate.forward(FLOATS, *xs)
        if name == "floordiv" and not abs(value) < 2.0**53:
            continue  # a whole number that is rounded
        wanted: list[tuple[str, Any, float]] = [("value", ORACLE[name], value)]
        # Where the value is nan so is the slope, by convention; and a subnormal has few digits to give to its slope.
        exact = ORACLE[name](*map(mp.mpf, xs)) if math.isfinite(value) and abs(value) < NORMAL else mp.one
        asked = math.isfinite(value) and (exact == 0 or abs(exact) >= NORMAL)
        for rule, slope in zip(gate.vjps(len(xs)), SLOPES.get(name, [None] * len(xs)), strict=True):
            if rule is None or slope is None or not asked:
                continue
            found = rule(FLOATS, 1.0, value, *xs)
            found = found.g if isinstance(found, Only) and found.cond else 0.0 if isinstance(found, Only) else found
            wanted.append(("gradient", slope, found))
        for what, f, found in wanted:
            root, term = CANCELLING.get(name, (math.nan, 0.0))
            grain = 4.0 * math.ulp(term) if what == "gradient" and abs(xs[0] - root) < 0.1 else 0.0
            miss = _miss(f, xs, found, grain)
            if miss is not None and miss.part > worst[what].part:
                worst[what] = miss
            if miss is not None and miss.ulp > worst[what].ulp:
                worst[what] = worst[what]._replace(ulp=miss.ulp)
    return worst


def _miss(f: Any, xs: tuple[float, ...], found: float, more: float) -> Miss | None:
    """Return the error of one number, `more` being allowed here; None where nothing is asked: outside the
    domain, and beyond the range of floats."""
    exact = [mp.mpf(x) for x in xs]
    try:
        want = f(*exact)
        if not representable(want):
            return None
        grain = ulp(want)
        error = abs(mp.mpf(found) - want) if math.isfinite(found) else mp.inf
        if error <= grain:
            return Miss(float(error) / grain if math.isfinite(found) else math.inf, 0.25, xs)
        allowed = 4 * mp.mpf(grain) + moved(f, exact) * mp.mpf(2) ** -53 + more
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    part = float(error / allowed) if math.isfinite(found) else math.inf
    return Miss(float(error / mp.mpf(grain)) if math.isfinite(found) else math.inf, part, xs)


DEAR = ["digamma", "erf", "erfc", "factorial", "gamma", "gauss", "gelu", "lgamma", "logaddexp", "logsumexp", "normcdf"]
DEAR += [
    "normpdf",
    "polygamma",
    "sigmoid",
    "silu",
    "logisticpdf",
    "softplus",
    "logsigmoid",
]  # whose oracle takes its time


@pytest.mark.parametrize("name", some_slow([name for name, gate in GATES.items() if gate.rules], DEAR))
def test_value_and_gradient_are_within_the_bound(name: str) -> None:
    for what, miss in misses(name, 120).items():
        assert miss.part <= 1.0, (what, miss)
        if not GATES[name].accuracy:
            assert miss.ulp <= (GATES[name].ulp if what == "value" else 4.0), (what, miss)
