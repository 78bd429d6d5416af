"""A circuit over all rows of some files: row by row into a sink, or gathered into one answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from circuitcli.engine.sums import BLOCK
from circuitcli.rows.aggregate import Gatherer, Leaf, Tree
from circuitcli.rows.answer import Answer
from circuitcli.rows.batch import Batch
from circuitcli.rows.kernels import cores, engine_for, gather_programs, row_program
from circuitcli.rows.layout import Layout
from circuitcli.rows.pipeline import ordered
from circuitcli.rows.plan import Plan
from circuitcli.rows.sinks import Sink
from circuitcli.rows.tables import Tables

Array = Any  # numpy.ndarray
Progress = Callable[[int, int], None]  # rows so far, bytes so far


class Options(NamedTuple):
    """How rows are run: `policy` is what becomes of a bad row, `jobs` how many threads work, 0 being all cores."""

    policy: str = "error"
    jobs: int = 0
    engine: str = ""
    progress: Progress = lambda rows, position: None

    @property
    def threads(self) -> int:
        return self.jobs or cores()


class Told(NamedTuple):
    """What is to be said of some rows: how many there are; how many bad ones were skipped, or kept, and the first of
    them; in how many finite numbers gave one that is not, where first and from what; in how many it came in so."""

    rows: int = 0
    skipped: int = 0
    kept: int = 0
    first_bad: str = ""
    nonfinite: int = 0
    first_nonfinite: str = ""
    first_values: Mapping[str, float] = {}
    came_in: int = 0

    def join(self, other: Told) -> Told:
        return Told(
            self.rows + other.rows,
            self.skipped + other.skipped,
            self.kept + other.kept,
            self.first_bad or other.first_bad,
            self.nonfinite + other.nonfinite,
            self.first_nonfinite or other.first_nonfinite,
            self.first_values if self.first_nonfinite else other.first_values,
            self.came_in + other.came_in,
        )


def estimated_rows(tables: Tables) -> float:
    """About how many rows there are: 0 where nobody knows."""
    first, size = tables.first, tables.size
    if tables.live or size is None:
        return 0.0
    known = getattr(first, "rows", None)
    if known is not None:
        return float(known) * len(tables.names)
    start = first.stream.first[: 2**16]
    lines = start.count(b"\n")
    return float(size * (4.0 if first.stream.packing else 1.0) * lines / max(len(start), 1))


def run_by_row(plan: Plan, tables: Tables, layout: Layout, sink: Sink, options: Options) -> Told:
    """Every row with its results into the sink."""
    gradients = {f"grad_{name}": k for name, k in zip(plan.wrt or (), plan.wanted, strict=True)}
    values = plan.results()
    names = [name for name in layout.results if name not in gradients]
    slopes = [name for name in layout.results if name in gradients]
    program = row_program(plan.graph, plan.used, [values[n] for n in names], [gradients[n] for n in slopes])
    program, places = program.once()
    kernel = engine_for(program, estimated_rows(tables), options.engine)
    tables.by_name = not sink.passes
    tables.wanted = list(dict.fromkeys([*plan.used, *layout.columns]))

    def work(item: tuple[Any, int, Any]) -> tuple[Told, Any, int]:
        table, _, piece = item
        batch = table.batch(piece, plan.used, options.policy)
        if batch is None:
            return Told(), None, tables.position
        results = np.empty((len(program.outputs), batch.size))
        columns = list(results)
        kernel.rows(batch.columns, plan.scalars, columns)
        told = _told(batch, results)
        named = {name: columns[place] for name, place in zip([*names, *slopes], places, strict=True)}
        return told, sink.render(batch, named) if batch.size else None, tables.position

    total = Told()
    for told, rendered, position in ordered(tables.pieces(), work, options.threads):
        if rendered is not None:
            sink.write(rendered)
        total = total.join(told)
        options.progress(total.rows, position)
    return total


def _told(batch: Batch, results: Array) -> Told:
    told = Told(batch.size, batch.skipped, batch.kept, batch.first_bad)
    fine = np.isfinite(results)
    if fine.all():
        return told
    bad = ~fine.all(axis=0)
    came: Array = np.zeros(batch.size, bool)
    for column in batch.columns.values():
        came |= ~np.isfinite(column)
    ours = bad & ~came
    told = told._replace(nonfinite=int(np.count_nonzero(ours)), came_in=int(np.count_nonzero(bad & came)))
    if not ours.any():
        return told
    i = int(np.argmax(ours))
    values = {name: float(column[i]) for name, column in batch.columns.items()}
    return told._replace(first_nonfinite=batch.where(i), first_values=values)


def run_gathered(plan: Plan, tables: Tables, options: Options) -> tuple[Answer, Told]:
    """One answer from all rows."""
    programs = gather_programs(plan.parts, plan.used, plan.wanted)
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
                total = total.join(Told(batch.size, batch.skipped, batch.kept, batch.first_bad))
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
