"""A circuit over all rows of some files, row by row into a sink."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from circuitcli.engine.tracer import straight
from circuitcli.rows.kernels import cores, engine_name, kernel_of
from circuitcli.rows.pipeline import ordered
from circuitcli.rows.plan import Plan
from circuitcli.tables.batch import Batch
from circuitcli.tables.joined_files import Tables
from circuitcli.tables.output_layout import Layout

if TYPE_CHECKING:
    from circuitcli.tables.writers import Sink  # which needs pyarrow; arrays in memory do not

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

    @classmethod
    def of(cls, batch: Batch) -> Told:
        """What is to be said of a batch before anything is computed."""
        return cls(batch.size, batch.skipped, batch.kept, batch.first_bad)

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


def estimated_rows(first: Any, size: int | None, files: int) -> float:
    """About how many rows there are in so many files of so many bytes, of which the first is open: 0 where nobody
    knows."""
    if size is None:
        return 0.0
    known = getattr(first, "rows", None)
    if known is not None:
        return float(known) * files
    start = first.stream.first[: 2**16]
    lines = start.count(b"\n")
    return float(size * (4.0 if first.stream.packing else 1.0) * lines / max(len(start), 1))


def wanted_of(plan: Plan, layout: Layout) -> list[str]:
    """The columns that are read."""
    return list(dict.fromkeys([*plan.used, *layout.columns]))


class RowByRow:
    """A circuit of which each row has results: those of a layout."""

    def __init__(self, plan: Plan, layout: Layout, rows: float, engine: str = "") -> None:
        gradients = {f"grad_{name}": k for name, k in zip(plan.wrt or (), plan.wanted, strict=True)}
        values = plan.results()
        names = [name for name in layout.results if name not in gradients]
        slopes = [name for name in layout.results if name in gradients]
        program = straight(plan.graph, plan.used, [values[n] for n in names], [gradients[n] for n in slopes])
        self._plan, self._names = plan, [*names, *slopes]
        self._program, self._places = program.once()
        self.engine = engine_name(self._program, rows, engine)
        self._kernel = kernel_of(self._program, self.engine)

    def results(self, batch: Batch) -> tuple[Told, dict[str, Array]]:
        """What is to be said of a batch, and its results by their names."""
        results = np.empty((len(self._program.outputs), batch.size))
        columns = list(results)
        self._kernel.rows(batch.columns, self._plan.scalars, columns)
        named = {name: columns[place] for name, place in zip(self._names, self._places, strict=True)}
        return _told(batch, results), named


def run_by_row(plan: Plan, tables: Tables, layout: Layout, sink: Sink, options: Options) -> Told:
    """Every row with its results into the sink."""
    circuit = RowByRow(plan, layout, estimated_rows(tables.first, tables.size, len(tables.names)), options.engine)
    tables.by_name, tables.wanted = not sink.passes, wanted_of(plan, layout)

    def work(item: tuple[Any, int, Any]) -> tuple[Told, Any, int]:
        table, _, piece = item
        batch = table.batch(piece, plan.used, options.policy)
        if batch is None:
            return Told(), None, tables.position
        told, results = circuit.results(batch)
        return told, sink.render(batch, results) if batch.size else None, tables.position

    total = Told()
    for told, rendered, position in ordered(tables.pieces(), work, options.threads):
        if rendered is not None:
            sink.write(rendered)
        total = total.join(told)
        options.progress(total.rows, position)
    return total


def _told(batch: Batch, results: Array) -> Told:
    told = Told.of(batch)
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
