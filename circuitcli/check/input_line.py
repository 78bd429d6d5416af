"""The circuit along one input: its value at any place, the smooth piece there, and the noise of the value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from circuitcli.analysis.point import Point
from circuitcli.carried import Real
from circuitcli.engine.numeric import Numeric
from circuitcli.gates import GATES
from circuitcli.graph import reached_from
from circuitcli.wire_types import R

if TYPE_CHECKING:
    from circuitcli.gates import Gate
    from circuitcli.rule_types import Kink

RUNS = 5  # with results disturbed at random


class LinePlace(Generic[R]):
    """The value somewhere on a line, and the smooth piece of every gate there."""

    __slots__ = ("signature", "value")

    def __init__(self, value: R, signature: tuple[object, ...]) -> None:
        self.value, self.signature = value, signature


class Line(Generic[R]):
    """The output of a point's circuit as a function of one of its inputs, in any arithmetic of numbers.

    Only the nodes between the input and the output are computed. Those in `surface` stand on a kink at the point
    itself; they take no part in the signature of a place, or every place would differ from the point.
    """

    def __init__(self, point: Point, name: str, m: Numeric[R]) -> None:
        graph, self.m = point.graph, m
        self.start = graph.inputs[name]
        self.output = graph.output
        above, needed = graph.depends_on([self.start]), reached_from(graph.nodes, [graph.output])
        self._steps = [
            (k, GATES[node.gate], node.args)
            for k, node in enumerate(graph.nodes)
            if above[k] and needed[k] and k != self.start
        ]
        self.values: list[R] = list(point.values)
        self.x = self.values[self.start]
        self.surface = {
            k
            for k, gate, args in self._steps
            if (kink := gate.kink_along([above[a] for a in args])) is not None and self._stands_at(k, kink, args)
        }
        self._pieces = [
            (k, gate, args)
            for k, gate, args in self._steps
            if k not in self.surface and (gate.piece is not None or not any(gate.rules))
        ]
        self.here = self.at(self.x)

    def _stands_at(self, k: int, kink: Kink, args: tuple[int, ...]) -> bool:
        return kink(self.m, self.values[k], *[self.values[a] for a in args])

    def at(self, x: R) -> LinePlace[R]:
        """The place where the input is x."""
        values, m = self.values, self.m
        values[self.start] = x
        for k, gate, args in self._steps:
            values[k] = gate.forward(m, *[values[a] for a in args])
        return LinePlace(values[self.output], tuple([self._piece(k, gate, args) for k, gate, args in self._pieces]))

    def _piece(self, k: int, gate: Gate, args: tuple[int, ...]) -> object:
        values = self.values
        return values[k] if gate.piece is None else gate.piece(self.m, values[k], *[values[a] for a in args])

    def noise(self, x: R) -> Real:
        """The size of the rounding error of the value where the input is x: at least half an ulp of the last gate.

        It is the spread of a few runs that move the result of every inexact gate by 2^-52 of itself, up or down at
        random. The random numbers are always the same."""
        values, m, chance = self.values, self.m, 1
        value = self.at(x).value
        spread: Real = 0.0 if not self._steps or self._steps[-1][1].exact else 2.0**-53 * abs(value)
        for _ in range(RUNS):
            for k, gate, args in self._steps:
                moved = gate.forward(m, *[values[a] for a in args])
                if not gate.exact:
                    chance = (chance * 6364136223846793005 + 1442695040888963407) % 2**64  # Knuth's MMIX
                    moved = moved + moved * (2.0**-52 if chance >> 63 else -(2.0**-52))
                values[k] = moved
            difference = abs(values[self.output] - value)
            spread = difference if difference > spread else spread
        return spread
