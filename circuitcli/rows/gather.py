"""A circuit over all rows of some files, gathered into one answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from circuitcli.engine.sums import BLOCK
from circuitcli.rows.aggregate import Gatherer, Leaf, Tree
from circuitcli.rows.answer import Answer
from circuitcli.rows.batch import Batch
from circuitcli.rows.kernels import engine_for
from circuitcli.rows.pipeline import ordered
from circuitcli.rows.plan import Plan
from circuitcli.rows.run import Options, Told, estimated_rows
from circuitcli.rows.tables import Tables

Array = Any  # numpy.ndarray


def run_gathered(plan: Plan, tables: Tables, options: Options) -> tuple[Answer, Told]:
    """One answer from all rows."""
    programs = plan.programs(plan.wanted)
    rows = estimated_rows(tables)
    sums, others = (engine_for(program, rows, options.engine) for program in (programs.sums, programs.rows))
    gatherer = Gatherer(plan.parts, programs, sums, others, plan.scalars)
    tables.wanted, tables.by_name = plan.used, True
    total = Told()

    def batches() -> Iterator[tuple[tuple[int, int], Mapping[str, Array], int]]:
        """The columns of each piece, and the unit that they belong to."""
        nonlocal total

        def work(item: tuple[Any, int, Any]) -> tuple[tuple[int, int], Batch | None, int]:
            table, file, piece = item
            return (file, piece.unit), table.batch(piece, plan.used, options.policy), tables.position

        for unit, batch, position in ordered(tables.pieces(), work, options.threads):
            if batch is not None:
                total = total.join(Told.of(batch))
                yield unit, batch.columns, batch.size
            options.progress(total.rows, position)

    whole = gathered(gatherer, batches(), options.threads)
    answer = Answer(plan.parts, programs.gathered, whole, plan.scalars, plan.wrt, plan.wanted)
    if whole is not None:
        total = total._replace(nonfinite=whole.nonfinite - whole.came_in, came_in=whole.came_in)
    return answer, total


def gathered(gatherer: Gatherer, batches: Iterator[tuple[Any, Mapping[str, Array], int]], threads: int) -> Leaf | None:
    """The join of all rows: blocks of one length inside a unit, then units in order, whatever pieces they come in."""
    units, tree = Tree(), Tree()
    unit: Any = None
    waiting: list[Future[Leaf] | None] = []  # blocks that are being worked on; None ends a unit
    rest: list[tuple[Mapping[str, Array], int]] = []

    def settle(limit: int) -> None:
        nonlocal tree
        while len(waiting) > limit:
            future = waiting.pop(0)
            if future is not None:
                tree.add(future.result())
                continue
            whole = tree.joined()
            if whole is not None:
                units.add(whole)
            tree = Tree()

    def submit(least: int) -> None:
        """Work on whole blocks, and where `least` is 1 on what is left too."""
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
            settle(2 * threads)
        submit(1)
        waiting.append(None)
        settle(0)
    found: Leaf | None = units.joined()
    return found


def _joined(parts: Sequence[Array]) -> Array:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
