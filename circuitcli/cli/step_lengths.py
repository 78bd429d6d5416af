"""The words of --step: a number, or an expression of the number of the step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circuitcli.errors import ExpressionError, UsageError

if TYPE_CHECKING:
    from circuitcli.ascent.schedule import Schedule

MOST = 1_000_000  # steps whose lengths are looked at ahead
SHAPE = 'write a number, or an expression of step and epoch, which begin at 0: "0.1*0.99^step"'


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
    _refuse(schedule, 0, 0)
    return schedule if graph.inputs else schedule.at(0, 0)


def refuse_no_length(schedule: Schedule, per_epoch: int, steps: int) -> None:
    """Raise UsageError where one of so many steps, which are asked for, has no length."""
    for step in range(min(steps, MOST)):
        _refuse(schedule, step, step // per_epoch)


def _refuse(schedule: Schedule, step: int, epoch: int) -> None:
    """Raise UsageError where a step has no length."""
    if fault := schedule.fault(step, epoch):
        from math import isfinite

        above = f'write --step "max({schedule.text}, 1e-6)", or end before'
        hint = above if isfinite(schedule.at(step, epoch)) else SHAPE
        raise UsageError(f"{fault}, and a step is a number above 0", hint)
