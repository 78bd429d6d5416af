"""The standard uncertainties of the inputs of rows, and how they move a result to first order (JCGM 100, 5.1 and 5.2).

Those of a column are independent from row to row, and of the other inputs; numbers that all rows share may have a
covariance. It is split into directions that are independent, so that every variance is a sum of squares."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from circuitcli.analysis.uncertainty import correlation
from circuitcli.engine.tracer import Recorder, Traced

LEAST = 1e-9  # of a variance: what is left of a covariance below that is rounding


class Spread(NamedTuple):
    """The uncertainty of a column: the input in which each row has its own, or a number for all rows, perhaps as a
    share of the value."""

    source: str = ""
    number: float = 0.0
    relative: bool = False

    def traced(self, m: Recorder, value: Traced) -> Traced:
        """The uncertainty in a row."""
        if self.source:
            return m.column(self.source)
        return m.abs(value) * self.number if self.relative else self.number


class Uncertainties(NamedTuple):
    """The uncertainties of columns and of numbers, by input, and the covariances of pairs of numbers."""

    columns: Mapping[str, Spread]
    numbers: Mapping[str, float]
    covariance: Mapping[tuple[str, str], float] = {}

    @property
    def names(self) -> list[str]:
        """The inputs that are uncertain."""
        return [*self.columns, *self.numbers]

    @property
    def sources(self) -> list[str]:
        """The inputs in which rows have uncertainties."""
        return [spread.source for spread in self.columns.values() if spread.source]

    def parts(self, m: Recorder, values: Mapping[str, Traced], slopes: Mapping[str, Traced]) -> list[Traced]:
        """The independent parts of the uncertainty in a row, from the values and the slopes of inputs."""
        by_column = [slopes[name] * spread.traced(m, values[name]) for name, spread in self.columns.items()]
        shared = [sum((slopes[name] * u for name, u in move.items()), 0.0) for move in self.directions]
        return [*by_column, *shared]

    def of(self, m: Recorder, name: str, value: Traced) -> Traced:
        """The uncertainty of one input in a row."""
        return self.columns[name].traced(m, value) if name in self.columns else self.numbers[name]

    @property
    def directions(self) -> list[dict[str, float]]:
        """The moves of the numbers that are independent and have a variance of 1: the columns of the Cholesky factor of
        their covariance, with the largest pivot first."""
        names = list(self.numbers)
        rest = [[correlation((a, b), self.numbers, self.covariance) for b in names] for a in names]
        found = []
        for _ in names:
            p = max(range(len(names)), key=lambda i: rest[i][i])
            if rest[p][p] <= LEAST:
                break
            root = math.sqrt(rest[p][p])
            move = [row[p] / root for row in rest]
            found.append({name: u * self.numbers[name] for name, u in zip(names, move, strict=True) if u})
            rest = [[x - u * v for x, v in zip(row, move, strict=True)] for row, u in zip(rest, move, strict=True)]
        return found


def norm(m: Recorder, parts: Sequence[Traced]) -> Traced:
    """The root of the sum of squares; these alone could leave the range of floats."""
    sizes = [m.abs(part) for part in parts]
    if len(sizes) < 2:
        return sizes[0] if sizes else 0.0
    top = m.max(*sizes)
    unit = m.where(m.and_(m.lt(0.0, top), m.lt(top, math.inf)), top, 1.0)
    total: Traced = 0.0
    for size in sizes:
        share = m.div(size, unit)
        total = total + share * share
    return unit * m.sqrt(total)
