"""The words of --step: a number, or an expression of the number of the step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from circuitcli.errors import ExpressionError, UsageError

if TYPE_CHECKING:
    from circuitcli.ascent.schedule import Schedule

MOST = 1_000_000  # steps whose lengths are looked at ahead
SHAPE = 'write a number, or an expression of step and epoch: "0.1*0.99^step"'


def length_of(text: str) -> float | Schedule:
    """The length of every step, or the schedule of their lengths. Raises UsageError for what is neither."""
    try:
        length = float(text)
    except ValueError:
        return _schedule(text)
    if not 0.0 < length < float("inf"):
        raise UsageError(
            f"--step must be a number above 0, not {length:g}", "circuit ascend climbs, circuit descend goes down"
        )
    return length


def _schedule(text: str) -> float | Schedule:
    from circuitcli.ascent.schedule import NAMES, Schedule
    from circuitcli.language import graph_of, parse

    try:
        graph = graph_of(parse(text))
    except ExpressionError as error:
        raise error.within("--step", text, 0) from None
    for name in graph.inputs:
        if name not in NAMES:
            raise UsageError(f"--step {text}: {name} is not known there", SHAPE)
    schedule = Schedule(text, graph)
    if fault := schedule.fault(0, 0):
        raise UsageError(f"{fault}, and a step is a number above 0", SHAPE)
    return schedule if graph.inputs else schedule.at(0, 0)


def refuse_no_length(fault: Callable[[int], str], steps: int | None) -> None:
    """Raise UsageError where one of the steps that are asked for has no length."""
    for step in range(min(steps or 0, MOST)):
        if text := fault(step):
            most = f"--steps {step:,} ends before".replace(",", "")
            raise UsageError(f"{text}, and a step is a number above 0", f"{most}; max(..., 1e-6) keeps a length")
