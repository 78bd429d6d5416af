"""The bounds of random expressions over boxes, as a ratio of their width to the true range: ours, beside those of
mpmath's intervals and of python-flint's balls, where they are installed, on the same expressions.

    PYTHONPATH=. python tests/bench/intervals.py [EXPRESSIONS] [SEED]

The true range is that of thousands of points, so that no ratio is below 1. Peers have the value alone.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from statistics import median, quantiles
from typing import Any, NamedTuple

import numpy as np
from mpmath import iv

from circuitcli import Circuit
from circuitcli.analysis.box_hessian import BoxHessian
from circuitcli.analysis.box_point import BoxPoint
from circuitcli.engine.interval import Interval
from circuitcli.engine.intervals import INTERVALS
from circuitcli.engine.passes import forward
from circuitcli.graph import Graph
from circuitcli.language import graph_of, parse

FUNCTIONS = ("exp", "log", "sqrt", "sin", "cos", "square")  # that all of them have
WIDTHS = (0.1, 0.5, 1.0, 2.0)
SIDE = {1: 20_001, 2: 161, 3: 31}  # points along each input
Box = Mapping[str, Interval]
Ends = tuple[float, float]


class Case(NamedTuple):
    """An expression over a box."""

    text: str
    graph: Graph
    box: Box
    ranges: dict[str, Ends]  # of the value, the gradient and the second derivatives, by points


def drawn(chance: random.Random, depth: int, names: list[str]) -> str:
    if depth == 0:
        return chance.choice(names) if chance.random() < 0.8 else f"{chance.uniform(0.1, 3):.2g}"
    if chance.random() < 0.4:
        return f"{chance.choice(FUNCTIONS)}({drawn(chance, depth - 1, names)})"
    return f"({drawn(chance, depth - 1, names)} {chance.choice('***//+-')} {drawn(chance, depth - 1, names)})"


def cases(count: int, seed: int) -> list[Case]:
    """So many expressions that are defined all over their box, move there, and have an input more than once."""
    chance, found = random.Random(seed), list[Case]()
    while len(found) < count:
        text = drawn(chance, chance.randint(1, 4), ["x", "y", "z"][: chance.randint(1, 3)])
        graph = graph_of(parse(text))
        box = {
            name: Interval(x, x + chance.choice((0.01, 0.1, 0.5, 1.0)))
            for name in graph.inputs
            if (x := chance.uniform(0.2, 3))
        }
        if box and (ranges := by_points(text, box)):
            found.append(Case(text, graph, box, ranges))
    return found


def by_points(text: str, box: Box) -> dict[str, Ends]:
    """The ranges that points of a grid have; nothing where one has no number."""
    ticks = [np.linspace(x.lo, x.hi, SIDE[len(box)]) for x in box.values()]
    at = {name: axis.ravel() for name, axis in zip(box, np.meshgrid(*ticks, indexing="ij"), strict=True)}
    circuit, names = Circuit(text), [*box]
    circuits = {"value": circuit}
    for i, a in enumerate(names):
        slope = circuit.derivative(a)
        circuits[a] = slope
        circuits |= {f"{a},{b}": slope.derivative(b) for b in names[i:] if b in slope.inputs}
    found = dict[str, Ends]()
    for name, one in circuits.items():
        values = np.asarray(one({name: at[name] for name in one.inputs}))
        low, high = float(values.min()), float(values.max())
        if not (math.isfinite(low) and math.isfinite(high)):
            return {}
        if high - low > 1e-6 * max(abs(low), abs(high)):
            found[name] = low, high
    return found if "value" in found else {}


# ── the tools ───────────────────────────────────────────────────────────────────────────────────────────────


def ends(x: Interval) -> Ends:
    return x.lo, x.hi


def natural(case: Case) -> dict[str, Ends]:
    """One forward pass, as the peers do it."""
    return {"value": ends(forward(case.graph, INTERVALS, case.box, INTERVALS.gates)[case.graph.output])}


def with_slopes(boxes: int) -> Callable[[Case], dict[str, Ends]]:
    def answer(case: Case) -> dict[str, Ends]:
        names = [*case.box]
        point = BoxPoint(case.graph, case.box, names, boxes)
        return {"value": ends(point.value), **{name: ends(x) for name, x in point.gradient.items()}}

    return answer


def with_bends(boxes: int) -> Callable[[Case], dict[str, Ends]]:
    def answer(case: Case) -> dict[str, Ends]:
        names = [*case.box]
        found = BoxHessian(case.graph, names).over(BoxPoint(case.graph, case.box, names), boxes)
        return {f"{a},{b}": ends(x) for (a, b), x in found.items()}

    return answer


def by_mpmath(case: Case) -> dict[str, Ends]:
    known: dict[str, Any] = {name: getattr(iv, name) for name in FUNCTIONS if name != "square"}
    given = {name: iv.mpf([x.lo, x.hi]) for name, x in case.box.items()}
    found = eval(case.text, {**known, "square": lambda x: x**2, **given})
    return {"value": (float(found.a), float(found.b))}


def by_flint() -> Callable[[Case], dict[str, Ends]]:
    flint: Any = importlib.import_module("flint")
    flint.ctx.prec = 53
    known: dict[str, Any] = {name: (lambda x, name=name: getattr(x, name)()) for name in FUNCTIONS if name != "square"}

    def answer(case: Case) -> dict[str, Ends]:
        given = {name: flint.arb(x.lo).union(flint.arb(x.hi)) for name, x in case.box.items()}
        found = eval(case.text, {**known, "square": lambda x: x**2, **given})
        return {"value": (float(found.lower()), float(found.upper()))}

    return answer


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────────


def told(name: str, answer: Callable[[Case], dict[str, Ends]], drawn: list[Case], kinds: str) -> None:
    """A line for each kind of result: how tight, how often without bounds, how long."""
    ratios: dict[str, list[float]] = {kind: [] for kind in kinds.split()}
    without, began = Counter[str](), time.perf_counter()
    answers = list[dict[str, Ends] | None]()
    for case in drawn:
        try:
            answers.append(answer(case))
        except Exception:  # whatever a peer raises where it has none
            answers.append(None)
    took = (time.perf_counter() - began) / len(drawn)
    for case, found in zip(drawn, answers, strict=True):
        for what, (low, high) in case.ranges.items():
            kind = "value" if what == "value" else "second" if "," in what else "slope"
            if kind not in ratios:
                continue
            least, most = (found or {}).get(what, (-math.inf, math.inf))
            assert not (least > low + 1e-9 * abs(low) or most < high - 1e-9 * abs(high)), (name, case, what)
            if math.isfinite(most - least):
                ratios[kind].append((most - least) / (high - low))
            else:
                without[kind] += 1
    for kind, known in ratios.items():
        above = [quantiles(known, n=n)[-1] for n in (4, 10)]
        share = sum(ratio < 1.01 for ratio in known) / len(known)
        numbers = f"{median(known):8.4f} {above[0]:8.3f} {above[1]:8.3f} {share:8.0%} {without[kind]:8}"
        print(f"{name:30} {kind:7} {numbers} {1e3 * took:9.2f} ms")


def main() -> None:
    count, seed = (int(sys.argv[i]) if len(sys.argv) > i else default for i, default in ((1, 500), (2, 1)))
    drawn = cases(count, seed)
    print(f"{count} expressions over boxes of 1 to 3 inputs: width over the true range")
    heads = " ".join(f"{head:>8}" for head in ("median", "75th %", "90th %", "< 1.01", "without"))
    print(f"{'':38} {heads} {'each':>12}")
    told("circuit, one forward pass", natural, drawn, "value")
    told("mpmath iv", by_mpmath, drawn, "value")
    if importlib.util.find_spec("flint"):
        told("python-flint arb", by_flint(), drawn, "value")
    for boxes in (1, 100):
        told(f"circuit, {boxes} box{'es' * (boxes > 1)}", with_slopes(boxes), drawn, "value slope")
        told(f"circuit --hessian, {boxes} box{'es' * (boxes > 1)}", with_bends(boxes), drawn, "second")


if __name__ == "__main__":
    main()
