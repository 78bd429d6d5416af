"""The objective of an ascent over rows: small parts from all of them give the value and the derivatives."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from circuitcli.analysis.likelihood import Likelihood
from circuitcli.analysis.nonfinite import fault
from circuitcli.analysis.point import find
from circuitcli.analysis.roughness import has_choices, has_edges, has_jumps, is_rough
from circuitcli.engine.floats import UNIT
from circuitcli.errors import UsageError
from circuitcli.notation import in_words
from circuitcli.rows.chi_square import likelihood_of
from circuitcli.rows.gathered_point import GatheredPoint
from circuitcli.rows.plan import Plan
from circuitcli.rows.sum_of_squares import Squares
from circuitcli.rows.told import Told
from circuitcli.rows.weights import Weights

if TYPE_CHECKING:
    from circuitcli.analysis.forks import Forked
    from circuitcli.engine.protocol import FloatArray

Vector = list[float]

HIDDEN = 1e-4  # of what is observed: as small is a residual that rounding may be all of
STEP = 1e-3  # relative, for second derivatives by differences of gradients


class Ahead(NamedTuple):
    """A fit as far as it is known ahead: from where its search goes, where it ends, with which promise, and parts of
    passes over its rows, by their names and points."""

    start: list[float]
    end: list[float]
    promise: float
    parts: Mapping[tuple[str, bytes], Any]


class Source(Protocol):
    """Rows, wherever they are."""

    rows: int
    told: Told
    ahead: Ahead | None  # where many fits were searched at once

    @property
    def checksum(self) -> int:
        """A number by which to recognise the rows."""

    def whole(self, what: str, x: Sequence[float]) -> Any:
        """The part that a pass of `Passes` gives for all rows where the moving inputs are `x`: each unit joined from
        its blocks, and all from the units; None where there are no rows."""

    def over(self, plan: Plan) -> Source:
        """These rows, for another circuit over their columns."""


class RowsObjective:
    """The one number of a circuit over rows, and its derivatives by the inputs `names`, as functions of a vector of
    these."""

    method = "exact"
    curved = True
    strides = None
    cost = 0

    def __init__(self, plan: Plan, names: Sequence[str], sign: float, source: Source) -> None:
        self.plan, self.names, self.source = plan, list(names), source
        self.given = dict(plan.scalars)
        self.graph = plan.graph
        self._wanted = [find(plan.graph, name) for name in names]
        self._sign, self._found = sign, plan.squares(self._wanted)
        self._seen: dict[str, tuple[bytes, Any]] = {}  # for each pass its last point, and the part there
        self._answered: GatheredPoint | None = None  # the last one

    @property
    def rows(self) -> int:
        """The number of rows."""
        return self.source.rows

    @property
    def squares(self) -> Squares | None:
        """The squares, where the way leads down on their sum and no weight is negative."""
        return self._found if self._falls and not self.no_squares else None

    @cached_property
    def no_squares(self) -> str:
        """Why a sum of squares that looks like one is none; empty where it is one, and where it does not."""
        if not self._falls or self._weights.negative is None:
            return ""
        assert self._found is not None and self._found.factor is not None
        factor = in_words(self._found.parts.graph)[self._found.factor]
        return f"the weight {factor} is negative in row {self._weights.negative + 1}"

    @cached_property
    def _falls(self) -> bool:
        """Whether the value that is climbed falls where the sum of squares rises; numbers of all rows may tell that."""
        if self._found is None:
            return False
        slope = self._answer(self._start).gradients[self._found.aggregate]
        return slope is not None and self._sign * self._found.sign * slope < 0.0

    @property
    def _weights(self) -> Weights:
        """The weights of the rows."""
        assert self._found is not None
        weighted = self._found.root is not None
        return self._whole("weights", self._start) if weighted else Weights(self.rows, 0, None)

    @property
    def counted(self) -> int:
        """The number of rows whose squares have a weight above 0."""
        return self.rows - self._weights.zeros

    @property
    def weighted(self) -> bool:
        """Whether the squares have weights."""
        return self.squares is not None and self.squares.root is not None

    @property
    def _start(self) -> Vector:
        return [self.given[name] for name in self.names]

    @property
    def likelihood(self) -> Likelihood:
        """The log-likelihood that it is, where it is taken for one."""
        return likelihood_of(self.plan.parts, self._wanted, self.rows)

    @property
    def options(self) -> dict[str, object]:
        """The options that it was made with."""
        return {}

    def both(self, x: Vector) -> tuple[float, Vector]:
        """The value and the derivatives. Where all residuals are 0 their root, too, is at its least: the slope is 0."""
        answer = self._answer(x)
        gradient = answer.gradient
        if answer.value == 0.0 and self.squares and not self.triangle(x)[0].any():
            return answer.value, [0.0] * len(x)
        return answer.value, [gradient[name] for name in self.names]

    exact = both

    def slopes_over(self, part: Any, x: Vector) -> Vector:
        """The derivatives over some rows, from the part that the pass `both` gives for them."""
        answer = self._gathered(part, x, True)
        if answer.value == 0.0 and self.squares:
            return [0.0] * len(x)
        gradient = answer.gradient
        return [gradient[name] for name in self.names]

    def beside(self, x: Vector) -> dict[str, float]:
        """The values of the named results beside the answer."""
        return {name: other.value(x) for name, other in self._others.items()}

    @cached_property
    def _others(self) -> dict[str, RowsObjective]:
        """Each named result beside the answer that is one number, as an objective."""
        found = {}
        for name in self.graph.others:
            if name == self.graph.answer:
                continue
            graph = self.graph.ending(self.graph.names[name])
            with suppress(UsageError):  # of what a single pass does not give: nothing asks for it
                plan = Plan(graph, self.plan.columns, self.plan.given, self.plan.wrt, True)
                if not plan.by_row:
                    found[name] = RowsObjective(plan, self.names, self._sign, self.source.over(plan))
        return found

    def told(self, x: Vector) -> Vector:
        """The derivatives, in float64."""
        return self.both(x)[1]

    def value(self, x: Vector) -> float:
        """The value alone."""
        return float(self._answer(x, slopes=False).value)

    def triangle(self, x: Vector) -> tuple[FloatArray, FloatArray]:
        """The residuals, and their derivatives by the moving inputs as an array of rows by inputs; both are multiplied
        by the orthogonal matrix that leaves one row more than there are inputs."""
        rows = self._whole("squares", x).rows
        return rows[:, -1], rows[:, :-1]

    def searched(self, start: Vector) -> tuple[Vector, float] | None:
        """The end of a search from a start that was made ahead, with those of other rows, and the gain that is still
        promised there."""
        ahead = self.source.ahead
        if ahead is None or start != ahead.start:
            return None
        return ahead.end, ahead.promise * abs(self._answer(ahead.end).value)

    def perfect(self, x: Vector) -> bool:
        """Whether the residuals are 0, up to their rounding and that of the numbers in the rows. Where these are all
        that there is, they hide the residuals: they are small beside the spread of the observations, too."""
        size = self._size(x)
        if not self.counted or size > math.sqrt(self._whole("floor", x).total[0]):
            return False
        spread = self.spread()
        return size <= HIDDEN * (self._size(self._start) if spread is None else math.sqrt(spread))

    def _size(self, x: Vector) -> float:
        """The root of the sum of squares, which need not be within the range of floats."""
        residuals = self.triangle(x)[0]
        largest = float(abs(residuals).max())
        shares = residuals / largest if 0.0 < largest < math.inf else residuals
        return largest * math.sqrt(shares @ shares)

    def spread(self) -> float | None:
        """The weighted sum of squared distances of the observations from their mean; None where the residuals do not
        compare with a single node, and where floats do not hold it."""
        if self.squares is None or self.squares.observed is None:
            return None
        total = float(self._whole("observed", self._start).total)
        return total if 0.0 < total < math.inf else None

    def noise(self, x: Vector) -> float:
        """The size of the rounding error of the value; the errors of rows count as independent."""
        answer = self._answer(x)
        gathered = [k for k in self.plan.parts.aggregates if self.graph.nodes[k].args]
        felt = [abs(answer.gradients[k] or 0.0) * share for k in gathered for share in answer.moved_by(k)]
        squares = self._whole("noise", x).total if gathered else []
        total = 4.0 * UNIT * abs(answer.value)
        for size, squared in zip(felt, squares, strict=True):
            total += size * math.sqrt(squared)
        return float(total)

    @cached_property
    def forked(self) -> Forked | None:
        """Its choices, in rows, too; None where there are none, and where the rows are many and what they are in is no
        sum over rows."""
        if not has_choices(self.graph, self._wanted):
            return None
        if self._sums is None:
            return self._written_out()
        from circuitcli.rows.row_forks import RowForks

        found = RowForks(self)
        return found if found.some else None

    def _written_out(self) -> Forked | None:
        from circuitcli.rows.written_out import WrittenOut, can_be_written

        table = self._whole("few", self._start).columns if can_be_written(self.plan.parts, self.rows) else None
        if table is None:
            return None
        columns = dict(zip(self.plan.used, table.tolist(), strict=True))
        return WrittenOut(self.plan.parts, columns, self.names, self.given)

    def fault(self, x: Vector) -> str:
        """A text about the row and the node that went wrong."""
        return self._whole("fault", x).message or fault(self._answer(x))

    @cached_property
    def stable(self) -> RowsObjective | None:
        """Its twin with stable gates; None where it has them already, or the rows cannot be had for another circuit."""
        if not has_edges(self.graph, self._wanted):
            return None
        from circuitcli.analysis.stable_forms import stable

        if (graph := stable(self.graph)) is None:
            return None
        plan = Plan(graph, self.plan.columns, self.plan.given, self.plan.wrt, True)
        return RowsObjective(plan, self.names, self._sign, self.source.over(plan))

    def kinked(self, x: Vector) -> bool:
        """Whether a node that is one number stands at a kink; rows are not looked at."""
        return any(self._answer(x).kinks)

    @cached_property
    def rough(self) -> bool:
        """Whether there are kinks or jumps anywhere, in rows, too."""
        return is_rough(self.graph, self._wanted)

    @cached_property
    def jumps(self) -> bool:
        """Whether there are jumps anywhere, in rows, too."""
        return has_jumps(self.graph, self._wanted)

    def edged(self, x: Vector) -> bool:
        """Whether a node that is one number stands at a kink or a jump; rows may, unless their choices are known."""
        return (self.rough and self.forked is None) or any(self._answer(x).kinks)

    def kink(self, x: Vector) -> str:
        """The expression of the first node that is one number and at a kink there; empty where none is."""
        return self._answer(x).first_kink()

    @cached_property
    def _sums(self) -> list[int] | None:
        from circuitcli.rows.row_curvature import summed

        return summed(self.plan.parts, self._wanted)

    @property
    def hessian(self) -> Callable[[Vector], list[Vector]] | None:
        """The second derivatives, where a pass over the rows has them; else None."""
        return self.curvature if self._sums is not None else None

    @property
    def curvature_error(self) -> float:
        """The relative error of the second derivatives."""
        return 1e-9 if self._sums is None else 1e-12

    def curvature(self, x: Vector) -> list[Vector]:
        """The second derivatives. Where they are no sums over rows, or too many: differences of the gradient at two
        distances, extrapolated to 0."""
        if self._sums is not None:
            from circuitcli.rows.row_curvature import curvature

            totals = self._whole("curvature", x).total if self._sums else []
            exact: list[Vector] = curvature(self._answer(x), self.names, self._sums, totals).tolist()
            return exact
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

    def _answer(self, x: Vector, slopes: bool = True) -> GatheredPoint:
        whole = self._whole("both" if slopes else "value", x)
        if self._answered is None or self._answered.gathered is not whole:
            self._answered = self._gathered(whole, x, slopes)
        return self._answered

    def _gathered(self, part: Any, x: Vector, slopes: bool) -> GatheredPoint:
        """The answer from the rows of a part."""
        names, wanted = (self.names, self._wanted) if slopes else (None, [])
        scalars = {**self.given, **dict(zip(self.names, x, strict=True))}
        return GatheredPoint(self.plan.parts, self.plan.programs(wanted).gathered, part, scalars, names, wanted)

    def _whole(self, what: str, x: Vector) -> Any:
        """The part of all rows at a point. The last one is kept, for it is often asked for again."""
        point = array("d", x).tobytes()
        if what not in self._seen or self._seen[what][0] != point:
            self._seen[what] = point, self.source.whole(what, x)
        return self._seen[what][1]
