"""Bounds of roots and integrals over boxes: no point is outside, against mpmath, and known ranges are tight."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from typing import Any, NamedTuple

import mpmath
import pytest

from circuitcli.analysis.box_point import BoxPoint
from circuitcli.analysis.derivatives import Derivatives
from circuitcli.engine.digit_intervals import DigitIntervals
from circuitcli.engine.digits import Digits
from circuitcli.engine.interval import Interval
from circuitcli.engine.intervals import INTERVALS
from circuitcli.engine.passes import forward
from circuitcli.language import graph_of, parse
from circuitcli.proofs.jets import Jets
from tests.support import circuit

ROOT_PI = mpmath.sqrt(mpmath.pi)


class Known(NamedTuple):
    """A circuit of a and b, the function that it is, and where both are."""

    text: str
    function: Callable[[Any, Any], Any]
    a: tuple[float, float]
    b: tuple[float, float]


def kepler(c: Any, mean: Any) -> Any:
    return mpmath.findroot(lambda e: e - c * mpmath.sin(e) - mean, mean)


def cubic(a: Any, b: Any) -> Any:
    """The one real root of x^3 + a*x - b, for positive a (Cardano)."""
    half, rest = b / 2, mpmath.sqrt(b * b / 4 + a**3 / 27)
    return mpmath.cbrt(half + rest) - mpmath.cbrt(rest - half)


KNOWN = [
    Known("root(x: x^3 - a*b, 1)", lambda a, b: mpmath.cbrt(a * b), (0.1, 8.0), (0.5, 2.0)),
    Known("root(E: E - a*sin(E) - b, b)", kepler, (0.0, 0.9), (-3.0, 3.0)),
    Known("root(w: w*exp(w) - a, log(1 + a)) + b", lambda a, b: mpmath.lambertw(a).real + b, (0.01, 50.0), (0.0, 1.0)),
    Known("root(x: x^3 + a*x - b, 0)", cubic, (0.1, 5.0), (-4.0, 4.0)),
    Known("root(x: x^2 + b*x - a, 1)", lambda a, b: (mpmath.sqrt(b * b + 4 * a) - b) / 2, (0.2, 9.0), (-2.0, 2.0)),
    Known("root(x: cos(x) - a*x, 1)*b", lambda a, b: mpmath.findroot(lambda x: mpmath.cos(x) - a * x, 1) * b,
          (0.5, 3.0), (-1.0, 1.0)),
    Known("integral(t: exp(-t^2), a, b)", lambda a, b: (mpmath.erf(b) - mpmath.erf(a)) * ROOT_PI / 2,
          (-2.0, 2.0), (-2.0, 3.0)),
    Known("integral(t: cos(a*sin(t)), 0, pi)/pi + b", lambda a, b: mpmath.besselj(0, a) + b, (-6.0, 6.0), (0.0, 1.0)),
    Known("integral(t: 1/sqrt(1 - a*sin(t)^2), 0, b)", lambda a, b: mpmath.ellipf(b, a), (-1.0, 0.8), (0.0, 1.5)),
    Known("integral(t: t^a*exp(-b*t), 1, 2)", lambda a, b: mpmath.gammainc(a + 1, b, 2 * b) / b ** (a + 1),
          (0.5, 3.0), (0.5, 3.0)),
    Known("integral(t: 1/(a^2 + t^2), 0, b)", lambda a, b: mpmath.atan(b / a) / a, (0.3, 2.0), (-5.0, 5.0)),
    Known("integral(t: abs(t - 0.25)*a, -1, b)",
          lambda a, b: a * (mpmath.mpf(25) / 32 + (b - 0.25) * abs(b - 0.25) / 2), (-2.0, 2.0), (-1.0, 1.0)),
    Known("integral(s: root(x: x^3 - a*s, 1), 0.25, b)",
          lambda a, b: 0.75 * mpmath.cbrt(a) * (mpmath.cbrt(b) ** 4 - mpmath.cbrt(mpmath.mpf(0.25)) ** 4),
          (0.5, 2.0), (0.2, 1.5)),
]  # fmt: skip


def drawn_box(known: Known, draw: random.Random) -> dict[str, Interval]:
    """A box of any width within where a circuit is known."""
    box = {}
    for name, (low, high) in zip("ab", (known.a, known.b), strict=True):
        width = (high - low) * 10.0 ** draw.uniform(-6, -0.3)
        first = draw.uniform(low, high - width)
        box[name] = Interval(first, first + draw.choice([width, width, 0.0]))
    return box


def outside(known: Known, seed: int, boxes: int, points: int = 3) -> tuple[list[object], int]:
    """What leaves the bounds at points of random boxes: values, slopes, second derivatives; and the number of checks."""
    draw, graph = random.Random(f"{known.text} {seed}"), graph_of(parse(known.text))
    jets = Jets(graph, ["a", "b"], {})
    wrong, count = list[object](), 0
    for _ in range(boxes):
        box = drawn_box(known, draw)
        found = BoxPoint(graph, box, ["a", "b"], draw.choice([1, 1, 4]))
        orders = {(0, 0): found.values[graph.output]}
        orders |= {(1, 0): INTERVALS.wire(found.gradient["a"]), (0, 1): INTERVALS.wire(found.gradient["b"])}
        if "abs" not in known.text:
            (aa, ab), (_, bb) = jets.bends(box, [0, 1])
            orders |= {(2, 0): aa, (1, 1): ab, (0, 2): bb}
        for _ in range(points):
            at = tuple([mpmath.mpf(draw.uniform(x.lo, x.hi)) for x in box.values()])
            for order, bounds in orders.items():
                with mpmath.workdps(50):
                    right = mpmath.diff(known.function, at, order) if any(order) else known.function(*at)
                    off = mpmath.mpf(10) ** -14 if any(order) else 0  # of a difference
                    count += 1
                    if not bounds.lo - off <= right <= bounds.hi + off:
                        wrong.append((known.text, box, at, order, bounds, right))
    return wrong, count


@pytest.mark.parametrize("known", KNOWN, ids=[known.text for known in KNOWN])
def test_no_point_is_outside(known: Known) -> None:
    assert outside(known, 1, 6)[0] == []


@pytest.mark.slow
@pytest.mark.parametrize("known", KNOWN, ids=[known.text for known in KNOWN])
def test_no_point_is_outside_of_many_boxes(known: Known) -> None:
    assert outside(known, 2, 60)[0] == []
