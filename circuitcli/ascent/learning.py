"""Learning: the steps of a rule whose length follows a schedule, or whose gradients come from batches of rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from circuitcli.ascent.method_row import Method, Options, Run
from circuitcli.ascent.move import Memory, Move, Visit
from circuitcli.ascent.problem import Position, Problem, Vector

if TYPE_CHECKING:
    from circuitcli.ascent.schedule import Schedule


class Batches(Protocol):
    """The rows of each step: all of them once in an epoch."""

    size: int  # rows of a step
    per_epoch: int  # steps
    told: Callable[[int], None]  # of the number of steps so far, after each

    def gradient(self, x: Vector, step: int, /) -> Vector:
        """The derivatives over the rows of a step."""


class Learned(NamedTuple):
    """The number of steps so far, and what the rule remembers by its names; nothing where it begins anew."""

    count: int  # type: ignore[assignment]  # hides tuple.count, but so it is called in state files
    past: dict[str, Any]


def learned(row: Method, schedule: Schedule | None, batches: Batches | None = None, last: int | None = None) -> Method:
    """A method whose steps follow a schedule, or are taken over batches. Then it visits a point after each epoch, and
    after the step `last`, and judges it by all rows."""
    if row.rule is None:
        raise TypeError(f"{row.name} has no rule")
    noisy = batches is not None
    return row._replace(
        run=_run(row, schedule, batches, last),
        memory=Learned,
        begun=lambda steps: Learned(steps, {}),
        fixed=row.fixed and not noisy,
        wanders=row.wanders or noisy,
    )


def _run(row: Method, schedule: Schedule | None, batches: Batches | None, last: int | None) -> Run:
    rule, per_epoch = row.rule, batches.per_epoch if batches is not None else 1
    assert rule is not None

    def run(problem: Problem, here: Position, memory: Memory | None, options: Options, visit: Visit) -> float:
        count, known = memory if isinstance(memory, Learned) else Learned(0, {})
        past = rule.init(len(here.x), options)
        past = type(past)(**known) if known else past
        while True:
            x, first = here.x, count
            while True:
                gradient = here.gradient
                if batches is not None:
                    gradient = [problem.sign * g for g in batches.gradient(x, count)]
                    problem.evaluations["gradient"] += 1
                if schedule is not None:
                    options = {**options, "step": schedule.at(count, count // per_epoch)}
                change, past = rule.update(gradient, past, **options)
                x = problem.inside([u + d for u, d in zip(x, change, strict=True)])
                count += 1
                if batches is None or count % per_epoch == 0 or count == last:
                    break
                if schedule is not None and schedule.fault(count, count // per_epoch):
                    break
                batches.told(count)
            there = rule.accept(problem, here, x)
            here = visit(Move(there, Learned(count, past._asdict()), steps=count - first))

    return run
