"""The derivative along a direction, which `grad --along` adds to its answer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from circuitcli.analysis.directional import directional
from circuitcli.analysis.point import Point
from circuitcli.cli.answers.answer import Answer, Outcome, Record
from circuitcli.cli.answers.point_answer import bare_number, columns_of, plain_numbers, with_columns, with_keys
from circuitcli.cli.input_values import Value
from circuitcli.cli.options import Output
from circuitcli.engine.passes import forward

DIRECTION = "direction"  # the key of the record


def with_along(answer: Answer, point: Point, direction: Mapping[str, Value], output: Output) -> Answer:
    """An answer with the gradient that it has, and the derivative along a direction."""
    m, way = point.m, {name: forward(v.graph, point.m, {})[v.graph.output] for name, v in direction.items()}
    shown = f"along {', '.join(f'{name}={m.text(x, output.digits)}' for name, x in way.items())}"

    @cache
    def slope() -> Any:
        return directional(point.gradient, way)

    def outcome() -> Outcome:
        plain = answer.outcome()
        if m.isfinite(slope()) or plain.status:
            return plain
        return Outcome([*plain.notes, f"the derivative {shown} is not finite"], output.nonfinite, plain.loud)

    def record() -> Record:
        found = answer.record()
        assert isinstance(found, Mapping)
        return with_keys(found, {DIRECTION: plain_numbers(point, way), "along": m.plain(slope())})

    return Answer(
        record,
        lambda: [with_columns(row, columns_of(point, {"along": slope()})) for row in answer.rows()],
        lambda: [*answer.table(), f" {shown}: {m.text(slope(), output.digits)}"],
        lambda: [*answer.bare(), f"along {bare_number(point, slope(), None)}"],
        outcome,
    )
