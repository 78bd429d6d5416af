"""The circuit along one input: its value at any place, the smooth piece there, and how far rounding moves the value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from circuitcli.analysis.lost_parts import is_cut_short
from circuitcli.analysis.point import Point
from circuitcli.carried import Real
from circuitcli.engine.numeric import Numeric
from circuitcli.gates import GATES
from circuitcli.graph import reached_from
from circuitcli.wire_types import R

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circuitcli.gates import Gate
    from circuitcli.rule_types import Kink

RUNS = 5  # with results disturbed at random, to see what floats do; few of their digits are left over


class LinePlace(Generic[R]):
    """The value somewhere on a line, and the smooth piece of every gate there."""

    __slots__ = ("signature", "value")

    def __init__(self, value: R, signature: tuple[object, ...]) -> None:
        self.value, self.signature = value, signature


class Line(Generic[R]):
    """The output of a point's circuit as a function of one of its inputs, in any arithmetic of numbers.

    Only the nodes between the input and the output are computed. Those in `surface` stand on a kink at the point
    itself; they take no part in the signature of a place, or every place would differ from the point. Numbers are good
    to `unit` of themselves, and to `least` below the range of floats; `runs` tell what comes of that. No number at the
    point is larger than `size`.
    """

    def __init__(
        self, point: Point, name: str, m: Numeric[R], unit: R | float, runs: int = 1, least: float = 0.0
    ) -> None:
        graph, self.m = point.graph, m
        self._unit, self._runs, self._least = unit, runs, least
        self.start = graph.inputs[name]
        self.output = graph.output
        above, needed = graph.depends_on([self.start]), reached_from(graph.nodes, [graph.output])
        self._steps = [
            (k, GATES[node.gate], node.args)
            for k, node in enumerate(graph.nodes)
            if above[k] and needed[k] and k != self.start
        ]
        self.values: list[R] = list(point.values)
        self._whole = [(k, node) for k, node in enumerate(graph.nodes) if needed[k] and k != self.start]
        self._edged = {k for k, gate, _ in self._steps if gate.piece is not None or not any(gate.rules)}
        self.x = self.values[self.start]
        self.surface = {
            k
            for k, gate, args in self._steps
            if (kink := gate.kink_along([above[a] for a in args])) is not None and self._stands_at(k, kink, args)
        }
        self._pieces = [step for step in self._steps if step[0] in self._edged - self.surface]
        self.here = self.at(self.x)
        self.size: Real = max([1.0, *(abs(v) for v in self.values if m.isfinite(v))])

    def _stands_at(self, k: int, kink: Kink, args: tuple[int, ...]) -> bool:
        return kink(self.m, self.values[k], *[self.values[a] for a in args])

    def at(self, x: R) -> LinePlace[R]:
        """The place where the input is x."""
        values, m = self.values, self.m
        values[self.start] = x
        for k, gate, args in self._steps:
            values[k] = gate.forward(m, *[values[a] for a in args])
        return LinePlace(
            values[self.output], tuple([self._piece(k, gate, args, values) for k, gate, args in self._pieces])
        )

    def _piece(self, k: int, gate: Gate, args: tuple[int, ...], values: list[R]) -> object:
        return gate.piece_at(self.m, values[k], *[values[a] for a in args])

    def _is_short(self, k: int) -> bool:
        """Whether a number is whole and so small that it is no other one rounded."""
        size = abs(self.values[k])
        return bool(size < 2.0**53 and size % 1.0 == 0.0)

    def noise(self, x: R) -> Real:
        """The size of the rounding error of the value where the input is x: at least half of that of the last gate; 0
        where there is no value."""
        value = self.at(x).value
        if not self.m.isfinite(value):
            return 0.0
        last = 0.0 if not self._steps or self._steps[-1][1].exact else 0.5 * self._unit
        moved = [abs(other - value) for other in self._disturbed()]
        return max([abs(value) * last, *(size for size in moved if size == size)])

    def spread(self, a: R, b: R, unit: float) -> Real:
        """The change of the difference between the values at a and at b where the numbers that go in are off by about
        `unit` of themselves, as inputs and constants are when floats stand for decimals."""
        first = self.at(a).value, *self._rewritten(unit)
        second = self.at(b).value, *self._rewritten(unit)
        difference, *others = [y - x for x, y in zip(first, second, strict=True)]
        return max(abs(other - difference) for other in others)

    def _disturbed(self) -> Iterator[R]:
        """Yield the output at the last place, in a few runs that move the result of every inexact gate by its rounding,
        up or down at random."""
        chances = _chances()
        for _ in range(self._runs):
            values = list(self.values)
            for k, gate, args in self._steps:
                xs = [values[a] for a in args]
                moved = gate.forward(self.m, *xs)
                if not gate.exact:
                    least = self._least if self._least and is_cut_short(gate, abs(moved), xs) else 0.0
                    moved = moved + (moved * self._unit + least) * next(chances)
                self._put(values, k, gate, args, moved)
            yield values[self.output]

    def _rewritten(self, unit: float) -> Iterator[R]:
        """Yield the output at the last place, in a few runs that move the numbers that go in, the same at any place."""
        chances = _chances()
        leaves = [k for k, node in self._whole if not node.args and not self._is_short(k)]
        steps = [(k, GATES[node.gate], node.args) for k, node in self._whole if node.args]
        for _ in range(RUNS):
            values = list(self.values)
            for k in leaves:
                values[k] = values[k] + values[k] * (unit * next(chances))
            for k, gate, args in steps:
                self._put(values, k, gate, args, gate.forward(self.m, *[values[a] for a in args]))
            yield values[self.output]

    def _put(self, values: list[R], k: int, gate: Gate, args: tuple[int, ...], moved: R) -> None:
        """Set a result that was moved; one that was carried to another smooth piece of its gate by that stays."""
        values[k] = moved
        if k in self._edged and self._piece(k, gate, args, values) != self._piece(k, gate, args, self.values):
            values[k] = self.values[k]


def _chances() -> Iterator[float]:
    """Yield random numbers about 1 or -1: of several sizes, so that two that are moved alike do not cancel."""
    chance = 1
    while True:
        chance = (chance * 6364136223846793005 + 1442695040888963407) % 2**64  # Knuth's MMIX
        yield (0.5 + (chance & (2**63 - 1)) / 2**63) * (1.0 if chance >> 63 else -1.0)
