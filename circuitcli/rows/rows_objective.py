"""What is climbed over rows: small parts that come back from all of them give the value and the derivatives."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from typing import Any, Protocol

from circuitcli.analysis.nonfinite import fault
from circuitcli.analysis.point import find
from circuitcli.analysis.rounding import UNIT
from circuitcli.gate_facts import SUMS
from circuitcli.gates import over_rows
from circuitcli.rows.gathered_point import Answer
from circuitcli.rows.plan import Plan
from circuitcli.rows.row_by_row import Told
from circuitcli.rows.sum_of_squares import squares_of

Array = Any  # numpy.ndarray
Vector = list[float]

STEP = 1e-3  # relative, of the differences of gradients that second derivatives are made of


class Source(Protocol):
    """Rows, wherever they are: how many, and what is to be said of them."""

    rows: int
    told: Told

    @property
    def checksum(self) -> int:
        """A number that other rows hardly share."""

    def whole(self, what: str, x: Sequence[float]) -> Any:
        """What `Passes.part` says of all rows where what moves is `x`, each unit joined from its blocks and all from
        the units; None where there are no rows."""


class RowsObjective:
    """The one number that a circuit over rows gives, and its derivatives by the inputs `names`, as functions of these
    as a vector."""

    method = "exact"
    strides = None
    cost = 0

    def __init__(self, plan: Plan, names: Sequence[str], sign: float, source: Source) -> None:
        self.plan, self.names, self.source = plan, list(names), source
        self.given = dict(plan.scalars)
        self.graph = plan.graph
        self._wanted = [find(plan.graph, name) for name in names]
        self.squares = squares_of(plan.parts, self._wanted, sign)
        self._seen: dict[str, tuple[bytes, Any]] = {}  # of each pass the last point, and what it said there

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.source.rows

    @property
    def weight(self) -> float:
        """How many times a log-likelihood it is: once for each row where it is their mean."""
        k = self.graph.output
        while self.graph.nodes[k].gate == "neg":
            k = self.graph.nodes[k].args[0]
        gate, args, _ = self.graph.nodes[k]
        facts = over_rows(gate, len(args))
        return float(self.rows) if facts is not None and facts.gathers == SUMS and facts.average else 1.0

    @property
    def options(self) -> dict[str, Any]:
        """What was chosen for it."""
        return {}

    def both(self, x: Vector) -> tuple[float, Vector]:
        """The value and the derivatives."""
        answer = self._answer(x)
        gradient = answer.gradient
        return answer.value, [gradient[name] for name in self.names]

    exact = both

    def value(self, x: Vector) -> float:
        """The value alone."""
        found: float = self._answer(x, slopes=False).value
        return found

    def triangle(self, x: Vector) -> tuple[Array, Array]:
        """What is squared in each row, and its derivatives by the inputs that move, both multiplied by the orthogonal
        matrix that leaves of all rows one more than there are inputs: an array of these, and one of these by inputs.
        """
        rows = self._whole("squares", x).rows
        return rows[:, -1], rows[:, :-1]

    def spread(self) -> float | None:
        """The sum of squared distances from their mean of what the residuals compare with; None where that is not one
        thing."""
        if self.squares is None or self.squares.observed is None:
            return None
        start = [self.given[name] for name in self.names]
        return float(self._whole("observed", start).products[0])

    def noise(self, x: Vector) -> float:
        """By how much rounding may have moved the value: that of the rows is taken to be of all signs."""
        answer = self._answer(x)
        gathered = [k for k in self.plan.parts.aggregates if self.graph.nodes[k].args]
        squares = self._whole("noise", x).total if gathered else []
        total = 4.0 * UNIT * abs(answer.value)
        for k, squared in zip(gathered, squares, strict=True):
            facts = over_rows(self.graph.nodes[k].gate, 1)
            share = 1.0 / self.rows if facts is not None and facts.average else 1.0
            total += abs(answer.gradients[k] or 0.0) * share * math.sqrt(squared)
        return float(total)

    def fault(self, x: Vector) -> str:
        """The row and the node that went wrong."""
        return self._whole("fault", x).message or fault(self._answer(x))

    def kinked(self, x: Vector) -> bool:
        """Of rows only the nodes of one number are looked at."""
        return any(self._answer(x).kinks)

    def curvature(self, x: Vector) -> list[Vector]:
        """The second derivatives: differences of the gradient at two distances, extrapolated to none."""
        columns = []
        for i, u in enumerate(x):
            step = STEP * (abs(u) or 1.0)
            wide, near = self._slope_of_gradient(x, i, step), self._slope_of_gradient(x, i, 0.5 * step)
            columns.append([(4.0 * b - a) / 3.0 for a, b in zip(wide, near, strict=True)])
        count = len(x)
        return [[0.5 * (columns[i][j] + columns[j][i]) for j in range(count)] for i in range(count)]

    def _slope_of_gradient(self, x: Vector, i: int, step: float) -> Vector:
        up, down = ([*x[:i], u, *x[i + 1 :]] for u in (x[i] + step, x[i] - step))
        width = up[i] - down[i]
        return [(a - b) / width for a, b in zip(self.both(up)[1], self.both(down)[1], strict=True)]

    def _answer(self, x: Vector, slopes: bool = True) -> Answer:
        names, wanted = (self.names, self._wanted) if slopes else (None, [])
        whole = self._whole("both" if slopes else "value", x)
        scalars = {**self.given, **dict(zip(self.names, x, strict=True))}
        return Answer(self.plan.parts, self.plan.programs(wanted).gathered, whole, scalars, names, wanted)

    def _whole(self, what: str, x: Vector) -> Any:
        """What all rows say at a point; the last one is remembered, as it is often asked for again."""
        point = array("d", x).tobytes()
        if what not in self._seen or self._seen[what][0] != point:
            self._seen[what] = point, self.source.whole(what, x)
        return self._seen[what][1]
