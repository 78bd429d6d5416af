"""The search for a better point beside a success: one to which a way leads on which the value never gets worse."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from circuitcli import Circuit
from circuitcli.ascent import Limits, choice, climb
from circuitcli.engine.digits import Digits
from circuitcli.engine.passes import forward
from circuitcli.read_circuit import ReadCircuit
from tests.nasty_functions import Nasty

COUNT = 10_000  # points
NEAREST = 1e-8  # of the size of an input
NEARBY = 1e-6  # of it, where other ascents start
ROUNDING = 4.0  # times the noise that is told
ENDS = (-math.inf, math.inf)
VANISHING = 2.0**-104  # of what the way has gained: twice the digits of a float
STEPS = 100  # of a straight line
SLIGHT = 0.01  # of the size at which the function changes its shape: a step that goes over nothing
TURNS, TRIES = 60, 200


class Better(NamedTuple):
    """A better point, the way there, its gain in multiples of the rounding, and the distance in multiples of the size
    of each input."""

    way: str
    x: list[float]
    gain: float
    distance: float


class Probe:
    """The surroundings of a point at which an ascent of a nasty function says success."""

    def __init__(self, nasty: Nasty, x: Sequence[float], count: int = COUNT, seed: int = 0) -> None:
        self.nasty, self.x, self.count = nasty, np.array(x), count
        self.rng = np.random.default_rng(seed)
        self.problem = nasty.case.problem(nasty.units)
        self.sizes = np.array(list(nasty.units.factors(nasty.case.start).values()))
        self.low, self.high = map(np.array, self.problem.bounds)
        self.circuit = Circuit(nasty.case.text(nasty.units))
        self.value = self.problem.value(list(x))
        start = self.problem.value(list(nasty.case.at(nasty.units).values()))
        nothing = VANISHING * abs(self.value - start) if math.isfinite(start) else 0.0
        self.rounding = max(ROUNDING * self.problem.objective.noise(list(x)) + 5e-324, nothing)
        beside = [
            [math.nextafter(u, end) if i == j else u for j, u in enumerate(x)] for i in range(len(x)) for end in ENDS
        ]
        changes = [abs(self.problem.value(self.problem.inside(list(there))) - self.value) for there in beside]
        if not self.problem.objective.rough:  # a jump is no rounding
            self.rounding = max(self.rounding, *filter(math.isfinite, changes))

    def values(self, points: Any) -> Any:
        """The values at many points, nan being the worst."""
        with np.errstate(all="ignore"):
            columns = {name: points[:, i] for i, name in enumerate(self.problem.names)}
            found = self.problem.sign * np.broadcast_to(self.circuit(columns), len(points))
        return np.where(np.isnan(found), -np.inf, found)

    def inside(self, points: Any) -> Any:
        return np.clip(points, self.low, self.high)

    def around(self, x: Any, count: int, least: float, most: float) -> Any:
        """Random points within the bounds, at distances whose logarithms are drawn; many along few of the inputs."""
        shape = (count, len(self.x))
        lengths = np.exp(self.rng.uniform(math.log(least), math.log(most), (count, 1)))
        away = self.rng.standard_normal(shape)
        away /= np.abs(away).max(axis=1, keepdims=True)
        away = np.where(self.rng.random(shape) < self.rng.choice([0.3, 1.0], (count, 1)), away, 0.0)
        return self.inside(x + lengths * away * self.sizes)

    def never_worse(self, way: Sequence[Any]) -> bool:
        """Whether the value, along the lines from the point to these in turn, never falls below that at the point."""
        shares = np.concatenate([np.geomspace(1e-12, 0.1, STEPS // 2), np.linspace(0.1, 1.0, STEPS)])[:, None]
        here = self.x
        for there in map(np.array, way):
            if self.values(here + shares * (there - here)).min() < self.value - self.rounding:
                return False
            here = there
        return True

    def better(self) -> Better | None:
        """A better point that shows that there is no summit here; None where there is none."""
        return self._beside() or self._crept() or self._climbed()

    def _told(self, way: str, x: Any) -> Better | None:
        """A better point, if it is one in many digits, too."""
        m = Digits(60)
        values = []
        for point in (self.x, x):
            given = {name: m.number(float(u)) for name, u in zip(self.problem.names, point, strict=True)}
            graph = ReadCircuit(self.nasty.case.text(self.nasty.units)).bind(self.nasty.case.at(self.nasty.units), {})[
                0
            ]
            values.append(forward(graph, m, given)[graph.output])
        gain = self.problem.sign * float(values[1] - values[0]) / self.rounding
        distance = float(np.max(np.abs(x - self.x) / self.sizes))
        return Better(way, [float(u) for u in x], gain, distance) if gain > 1.0 else None

    def _beside(self) -> Better | None:
        points = self.around(self.x, self.count, NEAREST, 1.0)
        values = self.values(points)
        found = np.flatnonzero(values > self.value + self.rounding)
        order = found[np.argsort(np.max(np.abs(points[found] - self.x) / self.sizes, axis=1))]
        for i in order[:50]:
            if self.never_worse([points[i]]) and (told := self._told("straight", points[i])):
                return told
        return None

    def _crept(self) -> Better | None:
        """By steps so slight that they go over nothing, each to a point that is no worse than the one before."""
        here, value = self.x, self.value - self.rounding
        for _ in range(TURNS):
            points = self.around(here, TRIES, NEAREST, SLIGHT * self.nasty.size)
            values = self.values(points)
            i = int(np.argmax(values))
            if values[i] > value:
                here, value = points[i], values[i]
        return self._told("by slight steps", here) if value > self.value + self.rounding else None

    def _climbed(self) -> Better | None:
        """By ascents from points nearby that are no better."""
        for start in self.around(self.x, 6, NEARBY, NEARBY * 1.0001):
            seen: list[list[float]] = []
            chosen = choice("auto", objective=self.problem.objective)
            limits = Limits(max_steps=100)
            run = climb(self.problem, chosen, limits, start.tolist(), lambda s: seen.append(s.here.x), every=True)  # noqa: B023
            if run.found.value > self.value + self.rounding and self.never_worse(seen):
                return self._told("by an ascent from nearby", np.array(run.found.x))
        return None
