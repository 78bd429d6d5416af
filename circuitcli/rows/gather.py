"""The rows of some files, gathered block by block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from circuitcli.engine.block_sums import BLOCK
from circuitcli.rows.aggregate_parts import Leaf, Tree, joined
from circuitcli.rows.aggregates import Gatherer
from circuitcli.rows.kernels import engine_for
from circuitcli.rows.plan import Plan

if TYPE_CHECKING:
    from numpy.typing import NDArray

Unit = TypeVar("Unit")
Columns = Mapping[str, "NDArray[np.float64]"]


def gatherer_of(plan: Plan, rows: float, engine: str = "") -> Gatherer:
    """The gatherer of the parts of an answer, made for about so many rows."""
    programs = plan.programs(plan.moving)
    sums, others = (engine_for(program, rows, engine) for program in (programs.sums, programs.rows))
    return Gatherer(plan.parts, programs, sums, others, plan.scalars)


def gathered(gatherer: Gatherer, batches: Iterable[tuple[Unit, Columns, int]], threads: int) -> Leaf | None:
    """The leaf of all rows, joined from those of the units in order."""
    found: Leaf | None = joined(by_unit(gatherer, batches, threads))
    return found


def by_unit(gatherer: Gatherer, batches: Iterable[tuple[Unit, Columns, int]], threads: int) -> Iterator[Leaf]:
    """The leaf of each unit, joined from blocks of one length, whatever the length of the batches. A batch is its unit,
    its columns, and how many rows they have."""
    tree: Tree[Leaf] = Tree()
    unit: Unit | None = None
    waiting: list[Future[Leaf] | None] = []  # blocks at work; None ends a unit
    rest: list[tuple[Columns, int]] = []

    def settle(limit: int) -> Iterator[Leaf]:
        nonlocal tree
        while len(waiting) > limit:
            future = waiting.pop(0)
            if future is not None:
                tree.add(future.result())
                continue
            whole = tree.joined()
            if whole is not None:
                yield whole
            tree = Tree()

    def submit(least: int) -> None:
        """Begin work on all whole blocks; with `least` 1 also on a last shorter one."""
        count = sum(size for _, size in rest)
        if count < least:
            return
        columns = {name: _joined([part[name] for part, _ in rest]) for name in rest[0][0]}
        done = 0
        while count - done >= least:
            end = min(done + BLOCK, count)
            block = {name: column[done:end] for name, column in columns.items()}
            waiting.append(pool.submit(gatherer.leaf, block, end - done))
            done = end
        rest[:] = [({name: column[done:] for name, column in columns.items()}, count - done)] if done < count else []

    with ThreadPoolExecutor(threads) as pool:
        for at, columns, size in batches:
            if at != unit:
                submit(1)
                waiting.append(None)
                unit = at
            rest.append((columns, size))
            submit(BLOCK)
            yield from settle(2 * threads)
        submit(1)
        waiting.append(None)
        yield from settle(0)


def _joined(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
