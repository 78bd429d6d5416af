"""A circuit over all rows of some files, with results for every row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circuitcli.engine.tracer import straight
from circuitcli.rows.kernels import engine_name, kernel_of
from circuitcli.rows.pipeline import ordered
from circuitcli.rows.plan import Plan
from circuitcli.systems import cores
from circuitcli.tables.batch import ERROR, Batch
from circuitcli.tables.file_table import UnreadRows, Wanted
from circuitcli.tables.joined_files import Tables
from circuitcli.tables.output_columns import OutputColumns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circuitcli.rows.lost_rows import LostRows
    from circuitcli.tables.row_writer import Rendered, Writer

Progress = Callable[[int, int], None]  # rows so far, bytes so far


class Options(NamedTuple):
    """The settings of a run over rows: the policy for bad rows, the number of threads (`jobs`, 0 for all cores), an
    engine where one is wanted, and a function that is told of the progress."""

    policy: str = ERROR
    jobs: int = 0
    engine: str = ""
    progress: Progress = lambda rows, position: None

    @property
    def threads(self) -> int:
        return self.jobs or cores()


class Told(NamedTuple):
    """The notes on some rows: their number; how many bad ones were skipped or kept, and the first of them; how many got
    a result that is not finite from finite numbers, the first of them and its numbers; how many came in so; and how
    many lost something of a gradient below the range of floats, and the first of them."""

    rows: int = 0
    skipped: int = 0
    kept: int = 0
    first_bad: str = ""
    nonfinite: int = 0
    first_nonfinite: str = ""
    first_values: Mapping[str, float] = {}
    came_in: int = 0
    lost: int = 0
    first_lost: str = ""

    @classmethod
    def of(cls, batch: Batch) -> Told:
        """The notes on a batch before anything is computed."""
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
            self.lost + other.lost,
            self.first_lost or other.first_lost,
        )


def wanted_of(plan: Plan, columns: OutputColumns, policy: str) -> Wanted:
    """The columns that are read: those that the circuit uses, and those that go out."""
    return Wanted(plan.used, columns.columns, policy, in_order=columns.passes)


class RowByRow:
    """A circuit that gives each row the results that go out. `rows` is about how many there will be."""

    def __init__(self, plan: Plan, columns: OutputColumns, rows: float, engine: str = "") -> None:
        gradients = {f"grad_{name}": k for name, k in zip(plan.wrt or (), plan.wanted, strict=True)}
        names = [name for name in columns.results if name not in gradients]
        slopes = [name for name in columns.results if name in gradients]
        program = straight(plan.graph, plan.used, [plan.results[n] for n in names], [gradients[n] for n in slopes])
        self._plan, self._names = plan, [*names, *slopes]
        self._slopes = [gradients[name] for name in slopes]
        self._program, self._places = program.once()
        self.engine = engine_name(self._program, rows, engine)
        self._kernel = kernel_of(self._program, self.engine)

    def results(self, batch: Batch) -> tuple[Told, dict[str, NDArray[np.float64]]]:
        """The notes on a batch, and its results by their names."""
        results = np.empty((len(self._program.outputs), batch.size))
        columns = list(results)
        underflowed = self._kernel.rows(batch.columns, self._plan.scalars, columns)
        named = {name: columns[place] for name, place in zip(self._names, self._places, strict=True)}
        told = _told(batch, results)
        if underflowed and self._slopes:
            lost = self._lost_rows.among(batch.columns, self._plan.scalars, batch.size)
            if lost.rows:
                told = told._replace(lost=lost.rows, first_lost=batch.where(lost.first))
        return told, named

    @cached_property
    def _lost_rows(self) -> LostRows:
        from circuitcli.rows.lost_rows import LostRows  # which few rows need

        return LostRows(self._plan.graph, self._plan.used, [(self._plan.graph.output, self._slopes)])


def run_by_row(plan: Plan, tables: Tables, columns: OutputColumns, writer: Writer[Rendered], options: Options) -> Told:
    """Write every row with its results."""
    circuit = RowByRow(plan, columns, tables.estimated_rows, options.engine)

    def work(piece: tuple[int, UnreadRows]) -> tuple[Told, Rendered | None, int]:
        batch = piece[1].batch()
        if batch is None:
            return Told(), None, tables.position
        told, results = circuit.results(batch)
        return told, writer.render(batch, results) if batch.size else None, tables.position

    pieces = tables.pieces(wanted_of(plan, columns, options.policy))
    total = Told()
    for told, rendered, position in ordered(pieces, work, options.threads):
        if rendered is not None:
            writer.write(rendered)
        total = total.join(told)
        options.progress(total.rows, position)
    return total


def _told(batch: Batch, results: NDArray[np.float64]) -> Told:
    """The notes on a batch and its results."""
    told = Told.of(batch)
    fine = np.isfinite(results)
    if fine.all():
        return told
    bad = ~fine.all(axis=0)
    came: NDArray[np.bool_] = np.zeros(batch.size, bool)
    for column in batch.columns.values():
        came |= ~np.isfinite(column)
    ours = bad & ~came
    told = told._replace(nonfinite=int(np.count_nonzero(ours)), came_in=int(np.count_nonzero(bad & came)))
    if not ours.any():
        return told
    i = int(np.argmax(ours))
    values = {name: float(column[i]) for name, column in batch.columns.items()}
    return told._replace(first_nonfinite=batch.where(i), first_values=values)
