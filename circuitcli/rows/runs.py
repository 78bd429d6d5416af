"""The two runs of a circuit over the rows of some files: results for every row, or one answer from all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from circuitcli.rows.aggregate_parts import Leaf
from circuitcli.rows.gathered_point import GatheredPoint, answer_of
from circuitcli.rows.pipeline import ordered
from circuitcli.rows.plan import Plan
from circuitcli.rows.row_groups import Gathering, Group, Groups, Part, group_leaves
from circuitcli.rows.row_program import wanted_of
from circuitcli.rows.told import Options, Told
from circuitcli.tables.batch import Batch
from circuitcli.tables.file_table import UnreadRows
from circuitcli.tables.joined_files import Tables
from circuitcli.tables.output_columns import OutputColumns
from circuitcli.tables.row_writer import Rendered, Writer

Unit = tuple[int, int]  # the number of a file, and of a unit of it
Columns = Mapping[str, Any]


class CircuitOverRows(Protocol):
    """A circuit that gives each row results."""

    def results(self, batch: Batch) -> tuple[Told, Mapping[str, Any]]:
        """The notes on a batch, and its results by their names."""


class _Head:
    """Reading of at most so many rows, or of all where the number is 0."""

    def __init__(self, most: int) -> None:
        self._most, self._taken = most, 0

    def __call__(self, rows: UnreadRows) -> Batch | None:
        """The next rows; None where there are only empty lines, and behind the last."""
        if not self._most:
            return rows.batch()
        left = self._most - self._taken
        batch = rows.batch(head=left) if left else None
        self._taken += 0 if batch is None else batch.size
        return batch

    def threads(self, threads: int) -> int:
        """As many of some threads as may read: one that knows how many rows there were before."""
        return min(threads, 1) if self._most else threads


def run_by_row(
    circuit: CircuitOverRows,
    plan: Plan,
    tables: Tables,
    columns: OutputColumns,
    writer: Writer[Rendered],
    options: Options,
    threads: int,
) -> Told:
    """Write every row with its results."""

    read = _Head(options.head)

    def work(piece: tuple[int, UnreadRows]) -> tuple[Told, Rendered | None, int]:
        batch = read(piece[1])
        if batch is None:
            return Told(), None, tables.position
        told, results = circuit.results(batch)
        return told, writer.render(batch, results) if batch.size else None, tables.position

    pieces = tables.pieces(wanted_of(plan, columns, options))
    total = Told()
    for told, rendered, position in ordered(pieces, work, read.threads(threads)):
        if rendered is not None:
            writer.write(rendered)
        total = total.join(told)
        options.progress(total.rows, position)
        if total.rows >= options.head > 0:
            break
    return total


class Batches:
    """The batches of all files in order, each with its unit; and the notes on those so far."""

    def __init__(self, plan: Plan, tables: Tables, options: Options, threads: int, others: Sequence[str] = ()) -> None:
        self._tables, self._options, self._threads = tables, options, threads
        self._pieces = tables.pieces(options.wanted(plan.read, others, sizes=plan.sizes, ends=plan.ends))
        self.told = Told()

    def __iter__(self) -> Iterator[tuple[Unit, Batch]]:
        read, head = _Head(self._options.head), self._options.head

        def work(piece: tuple[int, UnreadRows]) -> tuple[Unit, Batch | None, int]:
            file, rows = piece
            return (file, rows.unit), read(rows), self._tables.position

        for unit, batch, position in ordered(self._pieces, work, read.threads(self._threads)):
            if batch is not None:
                self.told = self.told.join(Told.of(batch))
                yield unit, batch
            self._options.progress(self.told.rows, position)
            if self.told.rows >= head > 0:
                break


def run_grouped(
    plan: Plan, tables: Tables, by: str, options: Options, threads: int, gathering: Gathering
) -> tuple[list[Group], Told]:
    """One answer from the rows of each group."""
    batches, found = Batches(plan, tables, options, threads, [by]), Groups()
    kept: dict[str, _Kept] = defaultdict(partial(_Kept, plan))

    def gathering_kept(parts: Iterator[Part]) -> Iterator[Leaf]:
        return gathering((unit, kept[unit[1]].columns(columns, count), count) for unit, columns, count in parts)

    for leaf in group_leaves(batches, by, gathering_kept):
        found.add(leaf)
    groups = [*found.answers(plan)]
    for group in groups:
        kept[group.name].look_again(group.point)
    return groups, batches.told


def run_gathered(
    plan: Plan,
    tables: Tables,
    options: Options,
    threads: int,
    gathered: Callable[[Iterator[tuple[Unit, Columns, int]]], Leaf | None],
) -> tuple[GatheredPoint, Told]:
    """One answer from all rows, by a function that gathers batches: the unit of each, its columns, and how many rows
    they have."""
    batches, kept = Batches(plan, tables, options, threads), _Kept(plan)
    whole = gathered((unit, kept.columns(batch.columns, batch.size), batch.size) for unit, batch in batches)
    point, told = answer_of(plan, whole, batches.told)
    kept.look_again(point)
    return point, told


class _Kept:
    """The rows that a second pass needs, where inputs are uncertain."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self._rows = plan, list[tuple[Columns, int]]()

    def columns(self, columns: Columns, count: int) -> Columns:
        """The columns of some rows, which are kept where they will be needed again."""
        if self._plan.uncertain is not None:
            self._rows.append((columns, count))
        return columns

    def look_again(self, point: GatheredPoint) -> None:
        """Give an answer its uncertainty, where inputs have one."""
        if self._plan.uncertain is not None:
            from circuitcli.rows.gathered_uncertainty import uncertainty_of

            point.uncertainty = uncertainty_of(self._plan, self._plan.uncertain, point, self._rows)
