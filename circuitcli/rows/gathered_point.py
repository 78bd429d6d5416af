"""One answer from all rows: both passes over the nodes that are one number, once the aggregates are known."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from circuitcli.analysis.point import Point
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.passes import backward, forward_among
from circuitcli.gate_facts import ORDER
from circuitcli.rows.aggregate_parts import CoMoments, Leaf, answer, facts_of, of_nothing, quietly
from circuitcli.rows.kernels import Gathered
from circuitcli.rows.plan import Plan
from circuitcli.rows.told import Told
from circuitcli.rows.varying import Varying

if TYPE_CHECKING:
    from circuitcli.analysis.uncertainty import Uncertainty


class GatheredPoint(Point):
    """The point of a circuit over rows. Values and gradients of nodes that vary by row are None.

    To the passes an aggregate is an input with the value that the rows brought; behind it the chain rule goes on with
    the slopes that they gathered. `outer` is that circuit, and `brought` what rows bring to its inputs.
    """

    def __init__(
        self,
        parts: Varying,
        gathered: Sequence[Gathered],
        whole: Leaf | None,
        scalars: Mapping[str, float],
        wrt: Sequence[str] | None,
        wanted: Sequence[int],
    ) -> None:
        graph = parts.graph
        self.graph, self.m, self.given, self.wrt, self.wanted = graph, FLOATS, scalars, wrt, wanted
        self.gathered = whole or Leaf(0, 0, 0, ())
        self._brought_by = gathered, whole
        self._parts, self.outer = parts, parts.outer
        outer = self.outer
        self.brought = brought = {
            f"#{k}": float(self.gathered.rows) for k in parts.aggregates
        }  # of count(); the others follow
        slopes: dict[int, list[tuple[int, float]]] = {}
        with quietly():
            for place, (k, own, by, _, _) in enumerate(gathered):
                gate, args, _ = graph.nodes[k]
                beside = args[len(own) :]
                by = [*by, *beside]
                if whole is None:
                    value, found = of_nothing(gate, len(by))
                else:
                    value, found = answer(gate, whole.parts[place], whole.rows, self.numbers(beside))
                brought[f"#{k}"] = value
                slopes[k] = list(zip(by, map(float, found), strict=True))
        values = self._outer_values = forward_among(outer, FLOATS, {**scalars, **brought}, parts.numbers, math.nan)
        self.needed = parts.above(wanted)
        gradients: dict[int, Any] = backward(outer, FLOATS, values, self.needed, brought=slopes) if wanted else {}
        self._slopes = slopes
        self.uncertainty: Uncertainty | None = None  # where inputs are uncertain, once a second pass has it
        self.statistics = {k: whole.parts[i] for i, (k, *_) in enumerate(gathered)} if whole is not None else {}
        self.values, self.gradients = [None] * len(values), [None] * len(values)
        for k in parts.numbers:
            self.values[k] = values[k]
            if wanted and self.needed[k]:
                self.gradients[k] = gradients.get(k, 0.0) + 0.0

    @cached_property
    def kinks(self) -> list[bool]:
        """Whether each node of one number that the output needs stands at a kink."""
        marks = self._marks(self.outer, self._outer_values)
        return self._below_output([mark and here for mark, here in zip(marks, self._parts.known, strict=True)])

    def ending(self, k: int) -> GatheredPoint:
        """The point of the circuit whose output is another node, and its only result."""
        return GatheredPoint(self._parts.ending(k), *self._brought_by, self.given, self.wrt, self.wanted)

    def without_gradient(self) -> GatheredPoint:
        """This point without a backward pass."""
        return GatheredPoint(self._parts, *self._brought_by, self.given, None, ())

    def gradient_of(self, k: int) -> dict[str, Any]:
        """The derivative of a node by each wanted input or node."""
        return self.gradient if k == self.graph.output else self.ending(k).gradient

    def numbers(self, nodes: Sequence[int]) -> list[float]:
        """The values of nodes that are one number, from the aggregates that are known so far."""
        if not nodes:
            return []
        unknown = {f"#{k}": math.nan for k in self._parts.aggregates}
        values = forward_among(
            self.outer, FLOATS, {**self.given, **unknown, **self.brought}, self._parts.numbers, math.nan
        )
        return [float(values[k]) for k in nodes]

    def slopes_of(self, k: int, needed: Sequence[bool]) -> dict[int, float]:
        """The derivatives of a node that is one number by others, and by the aggregates."""
        return backward(self.outer, FLOATS, self._outer_values, needed, k, brought=self._slopes)

    def handed_on(self, k: int) -> Iterator[tuple[int, Any]]:
        """Yield each node that a node hands something on to, and what; an aggregate to those of one number in it."""
        if k not in self._slopes:
            yield from super().handed_on(k)
        for i, c in self._slopes.get(k, ()):
            yield i, self.gradients[k] * c + 0.0

    def share(self, k: int) -> float:
        """The share that a row has in a sum, or in a mean."""
        return 1.0 / self.gathered.rows if facts_of(self.graph.nodes[k].gate).average else 1.0

    def moved_by(self, k: int) -> list[float]:
        """The distance by which a row moves an aggregate, by each argument, at most; a quantile by a typical one."""
        facts, (_, args, _) = facts_of(self.graph.nodes[k].gate), self.graph.nodes[k]
        if isinstance(part := self.statistics.get(k), CoMoments):
            return [FLOATS.div(1.0, FLOATS.sqrt(float(spread))) for spread in (part.with_x[0], part.with_y[1])]
        own = self.gathered.rows**-0.5 if facts.gathers == ORDER else self.share(k)
        return [own, *[0.0] * (len(args) - 1)]


def answer_of(plan: Plan, whole: Leaf | None, told: Told) -> tuple[GatheredPoint, Told]:
    """The answer from the leaf of all rows, and the notes on them."""
    answer = GatheredPoint(plan.parts, plan.programs(plan.moving).gathered, whole, plan.scalars, plan.wrt, plan.wanted)
    if whole is not None:
        lost = whole.lost.rows if whole.lost is not None and whole.lost.in_sum else 0
        told = told._replace(nonfinite=whole.nonfinite - whole.came_in, came_in=whole.came_in, lost=lost)
    return answer, told
