"""Random circuits of all gates, each over a random box; and whether bounds hold what is exact at points of the box."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np

from circuitcli.analysis.box_hessian import BoxHessian
from circuitcli.analysis.box_point import BoxPoint
from circuitcli.analysis.derivatives import Derivatives
from circuitcli.analysis.point import Point
from circuitcli.engine.digits import REDUCED, Digits
from circuitcli.engine.interval import NOTHING, Interval
from circuitcli.engine.intervals import Intervals
from circuitcli.engine.passes import backward, forward
from circuitcli.gates import GATES
from circuitcli.graph import INPUT, Builder, Graph, Node
from circuitcli.program_text import program
from circuitcli.proofs.jets import Jets
from circuitcli.rows.bounded_rows import BoundedRows
from circuitcli.rows.plan import Plan
from circuitcli.rows.row_boxes import RowBoxes
from circuitcli.tables.batch import Ends

NAMES = [name for name, gate in GATES.items() if not gate.only_over_rows and gate.rules]
EXACT, SURE = Digits(60), Digits(1_500)  # a fault is one only by the digits of both
CONSTANTS = ("2", "0.5", "0.1", "3", "1", "0", "10", "1e-9", "pi")
TINY = (5e-324, 1e-320, 2.2250738585072014e-308, 1e-160, 1e-17)
LARGE = (1e22, 2.0**45, 1e8, 710.0, 1e160, 1e300, 1.7976931348623157e308)
Draw = Callable[[random.Random], float]


def plain(chance: random.Random) -> float:
    """An end of a box."""
    return chance.choice(
        [
            chance.uniform(-5, 5),
            chance.uniform(-1, 1),
            float(chance.randint(-4, 4)),
            chance.uniform(-30, 30),
            chance.gauss(0, 1) * 10.0 ** chance.randint(-8, 4),
            0.0,
            chance.randint(-8, 8) / 2,
        ]
    )


def box_of(chance: random.Random, name: str, count: int) -> list[Interval]:
    """A box of arguments that a gate takes."""
    found = list[Interval]()
    for i in range(count):
        one = plain(chance)
        width = chance.choice((0.0, 0.0, 1.0, 1e-3, 1e-9)) * abs(plain(chance))
        if (name == "polygamma" and i == 0) or (name == "pow" and i == 1 and chance.random() < 0.6):
            one, width = float(chance.randint(0 if name == "polygamma" else -4, 5)), 0.0
        found.append(Interval(one, one + width))
    return found


def extreme(chance: random.Random) -> float:
    """An end at the borders of what floats can hold, or gates take."""
    kind = chance.random()
    if kind < 0.3:
        return plain(chance)
    size = chance.choice((*TINY, *LARGE)) if kind < 0.8 else abs(plain(chance))
    x = chance.choice((-1.0, 1.0)) * size
    return math.nextafter(x, chance.choice((-1.0, 1.0)) * math.inf) if abs(x) < 1e308 and kind > 0.6 else x


def interval_by(chance: random.Random, draw: Draw) -> Interval:
    """A point, a narrow interval, or one between any two ends."""
    one, kind = draw(chance), chance.random()
    if kind < 0.2:
        return Interval(one, one)
    if kind < 0.3:
        return Interval(one, min(math.nextafter(one, math.inf), LARGE[-1]))
    other = one + chance.choice((1.0, 1e-3, 1e-9, 2.0)) * abs(plain(chance)) if kind < 0.7 else draw(chance)
    return Interval(min(one, other), max(one, other))


def circuit_by(chance: random.Random, most: int) -> Graph:
    """A circuit of at most so many gates, whose last one is the output."""
    builder = Builder()
    found = [builder.input(name) for name in "xyz"[: chance.randint(1, 3)]]
    for _ in range(chance.randint(1, most)):
        name = chance.choice(NAMES if chance.random() < 0.7 else ["add", "sub", "mul", "div"])
        args = []
        for i in range(chance.randint(2, 3) if GATES[name].many else len(GATES[name].rules)):
            often = {("polygamma", 0): 1.0, ("pow", 1): 0.8}.get((name, i), 0.15)
            if chance.random() < often:
                args.append(builder.constant(chance.choice(CONSTANTS if name != "polygamma" else ("0", "1", "2"))))
            else:
                args.append(found[-1] if chance.random() < 0.5 else chance.choice(found))
        found.append(builder.add(name, tuple(args)))
    return builder.graph(found[-1])


def points_in(chance: random.Random, box: Sequence[Interval], count: int) -> Iterator[list[float]]:
    """Points of a box: corners, and between."""
    for _ in range(count):
        drawn = []
        for x in box:
            share = chance.random()
            between = x.lo + share * (x.hi - x.lo) if math.isfinite(x.hi - x.lo) else x.lo * (1 - share) + x.hi * share
            near = chance.choice((-1.0, 1.0)) * abs(plain(chance))
            drawn.append(min(max(chance.choice((x.lo, x.hi, between, between, near, 0.0)), x.lo), x.hi))
        yield drawn


def outside(found: Interval, exact: Any) -> bool:
    """Whether an exact number is none of an interval; a pole or nan stands where the interval tells of one."""
    if exact != exact or abs(exact) == math.inf:
        return not (found.partial or found.lo == -math.inf or found.hi == math.inf)
    return not found.lo <= exact <= found.hi


def faults_of_gates(
    m: Intervals,
    exact: Digits,
    ends: Callable[[Interval], Interval],
    points: Callable[[random.Random, list[Interval]], list[list[Any]]],
    seed: int,
    count: int,
) -> list[object]:
    """Gates over boxes, whose `ends` are in an arithmetic of intervals, and what its bounds do not hold at points."""
    chance, faults = random.Random(seed), list[object]()
    for _ in range(count):
        name = chance.choice(NAMES)
        size = chance.randint(2, 4) if GATES[name].many else len(GATES[name].rules)
        graph = Graph([*(Node(INPUT, (), f"x{i}") for i in range(size)), Node(name, tuple(range(size)))], size)
        box, every = [ends(x) for x in box_of(chance, name, size)], [True] * (size + 1)
        values = forward(graph, m, {f"x{i}": x for i, x in enumerate(box)}, m.gates)
        slopes = backward(graph, m, values, every)
        for point in points(chance, box):
            there = forward(graph, exact, {f"x{i}": exact.number(x) for i, x in enumerate(point)})
            right = backward(graph, exact, there, every)
            if outside(values[size], there[size]):
                faults.append((name, box, point, there[size], values[size]))
            if values[size].partial and there[size] != there[size]:
                continue
            for i, vjp in enumerate(GATES[name].vjps(size)):
                found = m.wire(slopes.get(i, 0.0))
                if vjp and outside(found, right.get(i, 0.0)):
                    faults.append((name, i, box, point, right.get(i), found))
    return faults


def over_a_row(graph: Graph, box: dict[str, Interval]) -> tuple[Interval, list[Interval]]:
    """The bounds of the value and the slopes over a box that is a row of a table."""
    boxes = RowBoxes({name: Ends(f"{name}_lo", f"{name}_hi") for name in box}, {})
    plan = Plan(graph, boxes.sources, {}, [*box], True, boxes=boxes)
    rows, k = BoundedRows(plan, boxes), plan.graph.output
    columns = {f"{name}_lo": np.array([x.lo]) for name, x in box.items()}
    columns |= {f"{name}_hi": np.array([x.hi]) for name, x in box.items()}
    with np.errstate(all="ignore"):
        inputs = rows.inputs(columns)
        found = rows.bounded(inputs, rows.values(inputs), k, plan.wanted)
    return found.value.at(0), [found.slopes[i].at(0) for i in plan.wanted]


class Fault(NamedTuple):
    """A number that bounds do not hold."""

    where: str
    text: str
    box: dict[str, Interval]
    at: dict[str, float]
    exact: str
    found: Interval


class Checked:
    """The bounds of a circuit over a box, in every way in which the program finds some, and what is exact."""

    def __init__(self, graph: Graph, box: dict[str, Interval], boxes: int) -> None:
        self.graph, self.box = graph, box
        self.names = [*box]
        point = BoxPoint(graph, box, self.names, boxes)
        jets = Jets(graph, self.names, {})
        jet = jets.over(box)
        row, row_slopes = over_a_row(graph, box)
        self.values = {
            "value": point.value,
            "compiled value": jets.value(box),
            "value of the jet": jet.value,
            "value of a row": row,
        }
        self.smooth = jet.smooth
        self.slopes = {
            "slope": [point.gradient[name] for name in self.names],
            "slope of the jet": jet.slopes,
            "slope of a row": row_slopes,
        }
        self._pairs = [(a, b) for i, a in enumerate(self.names) for b in self.names[i:]]
        by_jets, places = jets.bends(box, range(len(self.names))), {name: i for i, name in enumerate(self.names)}
        self.bends = {
            "bend": BoxHessian(graph, self.names).over(point, boxes),
            "bend of the jet": {(a, b): by_jets[places[a]][places[b]] for a, b in self._pairs},
        }
        found = Derivatives(graph, self.names).second()
        self._second = found.graph({"": graph.output, **{f"{a},{b}": found.hessian[a, b] for a, b in self._pairs}})

    def faults(self, point: Sequence[float]) -> tuple[int, list[Fault]]:
        """The number of checks at a point, and what is outside."""
        count, faults = self._faults(point, EXACT)
        return count, self._faults(point, SURE)[1] if faults else []

    def _faults(self, point: Sequence[float], m: Digits) -> tuple[int, list[Fault]]:
        at = dict(zip(self.names, point, strict=True))
        given = {name: m.number(x) for name, x in at.items()}
        exact = Point(self.graph, given, self.names, m)
        checks: list[tuple[str, Interval, Any]] = []
        pole = any(abs(x) == math.inf or (x == x and m.mp.mag(x) > REDUCED) for x in exact.values)
        if pole and any(x != x for x in exact.values):  # the digits have no sine of huge angles
            return 0, []
        for where, value in self.values.items():
            if not pole or not (value.partial or abs(exact.value) == math.inf):  # some have a number beyond a pole
                checks.append((where, value, exact.value))
        if not any(x != x for x in exact.values) and not pole:
            slopes = [exact.gradient[name] for name in self.names]
            for where, found in self.slopes.items():
                known = [(f"{where} {a}", *pair) for a, *pair in zip(self.names, found, slopes, strict=True)]
                checks += [one for one in known if not one[1].empty]  # none was found, where a gate is at its border
            if any(exact.kinks):
                checks += [("smoothness of the jet", NOTHING, 0.0)] if self.smooth else []
            else:
                values = forward(self._second, m, given)
                for a, b in self._pairs:
                    number = values[self._second.names[f"{a},{b}"]]
                    if number == number and abs(number) != math.inf:
                        checks += [(f"{where} {a},{b}", found[a, b], number) for where, found in self.bends.items()]
        text = program(self.graph)
        return len(checks), [
            Fault(where, text, self.box, at, str(number)[:60], found)
            for where, found, number in checks
            if outside(found, number)
        ]


def check(seed: int, count: int, draw: Draw, most: int = 5, boxes: int = 1) -> tuple[int, list[Fault]]:
    """Draw so many circuits and boxes; the number of checks, and the faults."""
    chance, checks, faults = random.Random(seed), 0, list[Fault]()
    for _ in range(count):
        graph = circuit_by(chance, most)
        box = {name: interval_by(chance, draw) for name in graph.inputs}
        if not box:  # nothing but numbers
            continue
        checked = Checked(graph, box, boxes)
        for point in points_in(chance, [*box.values()], 4):
            with suppress(MemoryError):  # of the digits, for digamma of huge numbers
                found, wrong = checked.faults(point)
                checks += found
                faults += wrong
    return checks, faults
