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
from circuitcli.engine.digit_intervals import DigitIntervals
from circuitcli.engine.interval import Interval
from circuitcli.engine.intervals import INTERVALS
from circuitcli.engine.passes import forward
from circuitcli.language import graph_of, parse
from circuitcli.proofs.jets import Jets
from tests.support import circuit


def root_pi() -> Any:
    return mpmath.sqrt(mpmath.pi)


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
    Known("integral(t: exp(-t^2), a, b)", lambda a, b: (mpmath.erf(b) - mpmath.erf(a)) * root_pi() / 2,
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
    """The values, slopes and second derivatives at points of random boxes that leave bounds; and how many there are."""
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
    assert outside(known, 1, 1 if "s: root" in known.text else 3)[0] == []


@pytest.mark.slow
@pytest.mark.parametrize("known", KNOWN, ids=[known.text for known in KNOWN])
def test_no_point_is_outside_of_many_boxes(known: Known) -> None:
    assert outside(known, 2, 40)[0] == []


# ── known ranges ────────────────────────────────────────────────────────────────────────────────────────────


def bounds(text: str, boxes: int = 1, **ends: tuple[float, float]) -> Interval:
    """The bounds of a circuit of inputs with two ends."""
    box = {name: Interval(*x) for name, x in ends.items()}
    point = BoxPoint(graph_of(parse(text)), box, boxes=boxes)
    return INTERVALS.wire(point.values[point.graph.output])


def is_tight(found: Interval, low: Any, high: Any, within: float) -> bool:
    """Whether bounds hold a range, and not much more."""
    off = within * max(1e-3, abs(float(low)), abs(float(high)))
    return bool(float(low) - off <= found.lo <= low and high <= found.hi <= float(high) + off)


def test_ranges_along_which_all_rises_or_falls_are_tight() -> None:
    with mpmath.workdps(40):
        assert is_tight(bounds("root(x: x^3 - a, 1)", a=(1.0, 2.0)), 1, mpmath.cbrt(2), 1e-14)
        assert is_tight(bounds("root(x: x^3 - a, 1)", a=(1.0, 1000.0)), 1, 10, 1e-14)
        low, high = (kepler(mpmath.mpf(x), mpmath.mpf(y)) for x, y in ((0.125, 1), (0.25, 1.5)))
        assert is_tight(bounds("root(E: E - c*sin(E) - M, M)", c=(0.125, 0.25), M=(1.0, 1.5)), low, high, 1e-13)
        low, high = (mpmath.erf(x) * root_pi() / 2 for x in (1, 2))
        assert is_tight(bounds("integral(t: exp(-t^2), 0, x)", x=(1.0, 2.0)), low, high, 1e-12)
        low, high = (mpmath.ellipk(m) for m in (0.25, 0.5))
        found = bounds("integral(t: 1/sqrt(1 - m*sin(t)^2), 0, pi/2)", m=(0.25, 0.5))
        assert is_tight(found, low, high, 1e-12)


def test_ranges_with_a_turn_are_tight_in_parts() -> None:
    found = bounds("integral(t: (t - a)^2, 0, 1)", 40, a=(0.0, 1.0))
    assert is_tight(found, mpmath.mpf(1) / 12, mpmath.mpf(1) / 3, 1e-3)
    with mpmath.workdps(40):
        lowest = mpmath.besselj(0, mpmath.besseljzero(1, 1))
        found = bounds("integral(t: cos(x*sin(t)), 0, pi)/pi", 40, x=(3.0, 5.0))
        assert is_tight(found, lowest, mpmath.besselj(0, 5), 1e-2)


@pytest.mark.parametrize("digits", [20, 50])
def test_digits(digits: int) -> None:
    m = DigitIntervals(digits)
    with mpmath.workdps(digits + 20):
        known = {"root(x: x^3 - a, 1)": mpmath.cbrt(2), "integral(t: exp(-t^2), 0, a)": mpmath.erf(2) * root_pi() / 2}
        for text, right in known.items():
            graph = graph_of(parse(text))
            found = forward(graph, m, {"a": m.wire(2.0)}, m.gates)[graph.output]
            assert found.lo <= right <= found.hi
            assert found.hi - found.lo <= mpmath.mpf(10) ** -digits


def test_digits_over_a_range() -> None:
    said = circuit("eval", "integral(t: exp(-t^2), 0, x)", "-x", "1..2", "--digits", "30", "--boxes", "1", "--json")
    with mpmath.workdps(40):
        for end, x in zip(json.loads(said.stdout)["value"], (1, 2), strict=True):
            assert abs(mpmath.mpf(end) - mpmath.erf(x) * root_pi() / 2) < mpmath.mpf(10) ** -28


# ── what is not certain ─────────────────────────────────────────────────────────────────────────────────────


def test_a_root_at_a_fold() -> None:
    found = bounds("root(x: x^2 - a, 1)", a=(-1.0, 1.0))
    assert found.partial and found.lo <= -1e-9 and found.hi >= 1.0  # whichever is found where both roots meet
    assert bounds("root(x: x^2 - a, 1)", a=(-2.0, -1.0)).empty
    assert not bounds("root(x: x^2 - a, 1)", a=(1e-3, 4.0)).partial


def test_a_start_that_leads_to_several_roots() -> None:
    found = bounds("root(x: x^2 - a, s)", a=(1.0, 1.5), s=(-2.0, 3.0))
    assert found.partial and found.lo <= -math.sqrt(1.5) and math.sqrt(1.5) <= found.hi


@pytest.mark.parametrize(
    "text",
    [
        "root(x: floor(x) - a, 0.5)",
        "root(x: 1/x - a, 1)",
        "integral(t: 1/t, x, 1)",
        "integral(t: 1/(t - x), 0, 1)",
        "integral(t: 1/sqrt(t), 0, x + 1)",
        "integral(t: exp(-t), x, inf)",
        "integral(t: log(t), x, 1)",
    ],
)
def test_poles_jumps_and_infinite_ends_have_no_bounds(text: str) -> None:
    (name,) = graph_of(parse(text)).inputs
    found = bounds(text, 1, **{name: (-0.5, 0.75)})
    assert found.partial or math.isinf(found.width)


def test_ends_that_overlap_and_meet() -> None:
    with mpmath.workdps(40):
        found = bounds("integral(t: exp(-t), x, y)", 400, x=(0.0, 2.0), y=(1.0, 3.0))
        assert is_tight(found, mpmath.exp(-2) - mpmath.exp(-1), 1 - mpmath.exp(-3), 1e-9)
    assert bounds("integral(t: exp(-t), x, x)", x=(2.0, 2.0)) == Interval(0.0, 0.0)
    assert is_tight(bounds("integral(t: t^2, x, 0)", x=(1.0, 2.0)), mpmath.mpf(-8) / 3, mpmath.mpf(-1) / 3, 1e-13)
    assert bounds("integral(t: exp(-t), x, 1)", x=(math.nan, math.nan)).empty


def test_a_slope_under_a_jump_that_moves_is_any_number() -> None:
    graph = graph_of(parse("integral(t: t < a, 0, 1)"))
    slope = BoxPoint(graph, {"a": Interval(0.0, 1.0)}, ["a"]).gradient["a"]
    assert slope.lo == -math.inf and slope.hi == math.inf


# ── commands ────────────────────────────────────────────────────────────────────────────────────────────────


def test_commands() -> None:
    said = circuit("grad", "root(x: x^3 - a, 1)", "-a", "1..2", "--json")
    answer = json.loads(said.stdout)
    assert answer["value"] == pytest.approx([1.0, 2 ** (1 / 3)], rel=1e-12)
    assert answer["gradient"]["a"] == pytest.approx([1 / (3 * 2 ** (2 / 3)), 1 / 3], rel=1e-12)
    assert circuit("eval", "root(x: x^3 - a, 1) > 0.99", "-a", "1..2", "--test").returncode == 0
    assert circuit("eval", "root(x: x^3 - a, 1) > 1.1", "-a", "1..2", "--test").returncode == 1


def test_solve_finds_exactly_one() -> None:
    said = circuit("solve", "integral(t: exp(-t^2), 0, x) = 0.5", "-x", "0..3", "--quiet")
    assert said.returncode == 0 and said.stdout.count("exactly one") == said.stdout.count("\n") == 1
    said = circuit("solve", "integral(t: t + (t < 0.5 ? 1 : -5), 0, x) = 0.2", "-x", "-2..12", "--quiet")
    assert said.returncode == 0 and said.stdout.count("exactly one") == said.stdout.count("\n") == 3


def test_a_minimum_is_proven() -> None:
    said = circuit("descend", "integral(t: (t - x)^2, 0, 1)", "--bounds", "x=-2:2", "--prove", "--json")
    low, high = json.loads(said.stdout)["proof"]["value"]
    assert said.returncode == 0 and low <= 1 / 12 <= high and high - low < 1e-9


def test_rows(tmp_path: Any) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("a\n1\n8\n-27\n")
    said = circuit("eval", "root(x: x^3 - a*k, 1)", str(file), "-k", "1..8", "--to", "jsonl")
    rows = [json.loads(line)["value"] for line in said.stdout.splitlines()]
    for found, right in zip(rows, [[1, 2], [2, 4], [-6, -3]], strict=True):
        assert found == pytest.approx(right, rel=1e-12)
        assert found[0] <= right[0] and right[1] <= found[1]


def test_nothing_bounds_the_rounding_of_an_iteration() -> None:
    said = circuit("grad", "root(x: x^3 - a, 1)", "-a", "1..2", "--rounding")
    assert said.returncode == 3 and "no bound was found" in said.stdout
