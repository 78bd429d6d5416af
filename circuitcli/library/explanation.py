"""The backward pass as a lesson, as Python has it."""

from __future__ import annotations

from circuitcli.analysis.explain import EdgeStep, PathSum, lesson
from circuitcli.analysis.point import Point
from circuitcli.render.number_format import DIGITS
from circuitcli.render.text_table import PrintedTable, plain_text


class Explanation:
    """The backward pass at a point, step by step: its text is the table of `circuit grad --explain`.

    `steps` go from the output down. Each is an edge, with the gradient `upstream` of node `k`, the derivative `local`
    of its gate with the formula `symbol`, and the product of both, which it `gives` to the node `to`; or a node `k`
    where paths meet, with the `parts` that arrive and the `gradient` that is their sum. Numbers of nodes are those of
    `Circuit.nodes`.
    """

    def __init__(self, point: Point) -> None:
        self._point = point
        self.steps: list[EdgeStep | PathSum] = lesson(point)

    @property
    def value(self) -> float:
        """The value of the output."""
        value: float = self._point.value
        return value

    @property
    def gradient(self) -> dict[str, float]:
        """The gradient to which the steps lead."""
        return dict(self._point.gradient)

    def __str__(self) -> str:
        return plain_text(self._table())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """The table for notebooks."""
        from circuitcli.render.html_table import html_table

        return html_table(self._table())

    def _table(self) -> PrintedTable:
        from circuitcli.render.lesson_table import lesson_table

        return lesson_table(self._point, self.steps, DIGITS)
