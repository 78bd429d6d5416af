"""The choices of a circuit over rows: those in the rows that are closest to a kink, and those of the one number.

All other rows count as smooth, and only their sums are known; each of the near ones is a circuit of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from circuitcli.analysis.derivatives import Derivatives
from circuitcli.analysis.forks import Fork, ForkedCircuit, Weights
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.passes import forward
from circuitcli.graph import Graph
from circuitcli.notation import in_words
from circuitcli.rows.gathered_point import GatheredPoint
from circuitcli.rows.near_rows import forked_rows, row_circuit
from circuitcli.rows.plan import Plan
from circuitcli.rows.row_curvature import around, by_sum

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray

Vector = list[float]
OUTER = "of all"  # the row, as keys have it, of what is one number for all rows


class RowPasses(Protocol):
    """Passes over all rows, and both passes over what is one number."""

    plan: Plan
    names: list[str]

    def _whole(self, what: str, x: Vector, /) -> Any: ...
    def _answer(self, x: Vector, /) -> GatheredPoint: ...


class Row(NamedTuple):
    """A row close to a kink: the sum that it is in, its number, how many are `like` it, and its columns with all other
    inputs."""

    sum: int
    number: int
    like: float
    given: Mapping[str, float]

    @property
    def prefix(self) -> str:
        return f"{self.sum}:{self.number}:"


class Slopes:
    """The first and second derivatives of a circuit by some inputs."""

    def __init__(self, graph: Graph, names: Sequence[str]) -> None:
        found = Derivatives(graph, names).second()
        nodes = [*found.gradient.values(), *found.hessian.values()]
        self._circuit = found.graph({f"#{k}": k for k in (*nodes, graph.output)})
        self._first = [self._circuit.names[f"#{found.gradient[a]}"] for a in names]
        self._second = [[self._circuit.names[f"#{found.hessian[a, b]}"] for b in names] for a in names]

    def at(self, given: Mapping[str, float]) -> tuple[FloatArray, FloatArray]:
        """The first and the second derivatives."""
        values = forward(self._circuit, FLOATS, given)
        second = [[values[k] for k in row] for row in self._second]
        return np.array([values[k] for k in self._first]), np.array(second)


class Around(NamedTuple):
    """The surroundings of a point: the rows close to a kink, and of each sum the derivatives over all other rows."""

    answer: GatheredPoint
    rows: Sequence[Row]
    first: Mapping[int, FloatArray]
    second: Mapping[int, FloatArray]


class RowForks:
    """The choices of a circuit over rows at points."""

    def __init__(self, passes: RowPasses) -> None:
        self._passes, self.names = passes, passes.names
        self._sums = forked_rows(passes.plan.parts, self.names)
        self._smooth = {k: Slopes(row_circuit(passes.plan.parts, k), self.names) for k in self._sums}
        self._bent = {k: Slopes(circuit.graph, self.names) for k, circuit in self._sums.items()}
        self._known: tuple[Vector, Around] | None = None

    @cached_property
    def _outer(self) -> ForkedCircuit:
        """The circuit around the sums, which are its inputs."""
        answer = self._passes._answer([self._passes.plan.scalars[name] for name in self.names])
        graph = around(answer.outer, [answer.outer.inputs[name] for name in self.names])
        return ForkedCircuit(graph, [*self.names, *(f"#{k}" for k in self._sums)])

    @cached_property
    def _outer_bend(self) -> Slopes:
        return Slopes(self._outer.graph, self._outer.names)

    @property
    def some(self) -> bool:
        """Whether there are any."""
        return any(circuit.pieces for circuit in (*self._sums.values(), self._outer))

    @property
    def nested(self) -> bool:
        """Whether a choice may be a piece of another."""
        inner = any(circuit.pieces for circuit in self._sums.values())
        within = any(circuit.nested for circuit in (*self._sums.values(), self._outer))
        return within or (inner and bool(self._outer.pieces))

    def at(self, x: Vector, weights: Weights) -> tuple[Vector, list[Fork]]:
        """The slopes of the mixed function at a point, and the choices that are next to it."""
        here = self._around(x)
        outer, forks = self._outer.at({**here.answer.given, **here.answer.brought}, weights, f"{OUTER}:")
        count = len(x)
        first = {k: slopes.copy() for k, slopes in here.first.items()}
        found: list[Fork] = []
        for row in here.rows:
            slopes, own = self._sums[row.sum].at(row.given, weights, row.prefix)
            first[row.sum] += row.like * np.array(slopes)
            factor = row.like * outer[count + [*self._sums].index(row.sum)] * here.answer.share(row.sum)
            found += [fork._replace(weight=factor * fork.weight) for fork in own]
        chain = self._chain(here, first)
        found += [fork._replace(slopes=[(np.array(slope) @ chain).tolist() for slope in fork.slopes]) for fork in forks]
        return (np.array(outer) @ chain).tolist(), found

    def bend(self, x: Vector, weights: Weights) -> list[Vector]:
        """The second derivatives of the mixed function."""
        here, count = self._around(x), len(x)
        first = {k: slopes.copy() for k, slopes in here.first.items()}
        second = {k: bend.copy() for k, bend in here.second.items()}
        for row in here.rows:
            mixed = self._sums[row.sum].mixture(row.given, weights, row.prefix)
            slopes, bend = self._bent[row.sum].at({**row.given, **mixed})
            first[row.sum] += row.like * slopes
            second[row.sum] += row.like * bend
        given = {**here.answer.given, **here.answer.brought}
        slopes, bend = self._outer_bend.at({**given, **self._outer.mixture(given, weights, f"{OUTER}:")})
        chain = self._chain(here, first)
        total = chain.T @ bend @ chain
        for slope, (k, own) in zip(slopes[count:], second.items(), strict=True):
            total += slope * here.answer.share(k) * own
        found: list[Vector] = total.tolist()
        return found

    def values(self, x: Vector, keys: Iterable[str]) -> dict[str, Sequence[float]]:
        """The values of the pieces of some choices at another point."""
        assert self._known is not None
        moved = dict(zip(self.names, x, strict=True))
        rows = {row.prefix: row for row in self._known[1].rows}
        found: dict[str, Sequence[Sequence[float]]] = {}
        for key in keys:
            prefix = key[: key.rindex(":") + 1]
            if prefix not in found and prefix in rows:
                row = rows[prefix]
                found[prefix] = self._sums[row.sum].values({**row.given, **moved})
            elif prefix not in found:
                answer = self._passes._answer(x)
                found[prefix] = self._outer.values({**answer.given, **answer.brought})
        return {key: found[key[: key.rindex(":") + 1]][int(key[key.rindex(":") + 1 :])] for key in keys}

    def above(self, key: str) -> Iterable[str]:
        """The keys of the choices among whose pieces one is."""
        prefix, _, i = key.rpartition(":")
        outer = [f"{OUTER}:{j}" for j in range(len(self._outer.pieces))]
        if prefix == OUTER:
            return [outer[j] for j in self._outer.above[int(i)]]
        own = self._sums[int(prefix.partition(":")[0])].above[int(i)]
        return [*(f"{prefix}:{j}" for j in own), *outer]

    def text(self, fork: Fork) -> str:
        """The expression of a choice, and its row."""
        *places, i = fork.key.split(":")
        if places == [OUTER]:
            words = in_words(self._passes.plan.parts.graph)
            return re.sub(r"#(\d+)", lambda found: words[int(found[1])], self._outer.text(int(i)))
        return f"{self._sums[int(places[0])].text(int(i))} in row {int(places[1]) + 1}"

    def others(self, x: Vector) -> str:
        """The expression of a node at a kink that is no choice of a largest or smallest number; rows are not looked
        at."""
        return ""

    def _chain(self, here: Around, first: Mapping[int, FloatArray]) -> FloatArray:
        """The slopes of the inputs and of the sums, by the inputs."""
        return np.vstack([np.eye(len(self.names)), *(here.answer.share(k) * slopes for k, slopes in first.items())])

    def _around(self, x: Vector) -> Around:
        """The rows that are near, and the derivatives of the others."""
        if self._known is None or self._known[0] != x:
            self._known = x, self._looked_around(x)
        return self._known[1]

    def _looked_around(self, x: Vector) -> Around:
        totals = self._passes._whole("curvature", x).total if self._sums else []
        derivatives = [*by_sum(totals, [*self._sums], len(x))]
        first = {k: slopes.copy() for k, slopes, _ in derivatives}
        second = {k: bend for k, _, bend in derivatives}
        answer, rows = self._passes._answer(x), []
        if any(circuit.pieces for circuit in self._sums.values()):
            apart = self._passes._whole("reach", x).total
            reach = [1.0 / u if u > 0.0 else 0.0 for u in apart]
            near = self._passes._whole("near", [*x, *reach])
            for number, count, values in zip(near.numbers, near.counts, near.columns.T, strict=True):
                given = {**answer.given, **dict(zip(self._passes.plan.used, values.tolist(), strict=True))}
                rows += [Row(k, int(number), float(count), given) for k, own in self._sums.items() if own.pieces]
        for row in rows:
            slopes, bend = self._smooth[row.sum].at(row.given)
            first[row.sum] -= row.like * slopes
            second[row.sum] -= row.like * bend
        return Around(answer, rows, first, second)
