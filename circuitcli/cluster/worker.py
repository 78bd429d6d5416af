"""The work of the workers: look at the files, run the circuit over a partition, and send back the result."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from circuitcli.cluster.dataset import Part
from circuitcli.cluster.job import Job, compiled
from circuitcli.cluster.partition import File, Partition
from circuitcli.errors import CircuitError, ClusterError, FileError, UsageError
from circuitcli.rows.aggregate_parts import Leaf
from circuitcli.rows.block_passes import Passes, units
from circuitcli.rows.gather import by_unit, gatherer_of
from circuitcli.rows.in_memory import Loaded, assembled, checksums
from circuitcli.rows.plan import Plan
from circuitcli.rows.row_by_row import RowByRow
from circuitcli.rows.row_check import Judge, Tally
from circuitcli.rows.row_groups import GroupLeaf, group_leaves
from circuitcli.rows.told import Told
from circuitcli.tables.batch import Batch
from circuitcli.tables.file_table import Stretch, Table, UnreadRows
from circuitcli.tables.hive_paths import hive_cells
from circuitcli.tables.joined_files import Reading, refuse_bars, refuse_other, table_of
from circuitcli.tables.named_files import expand
from circuitcli.tables.output_files import writer_on
from circuitcli.tables.row_writer import Writer
from circuitcli.tables.storage import sizes
from circuitcli.tables.streams import Stream
from circuitcli.urls import shown_name
from circuitcli.wording import in_the_shell

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")
Columns = Mapping[str, "NDArray[np.float64]"]


class Surveyed(NamedTuple):
    """The files that a command line names, the first of them without its rows, and about how many rows there are."""

    files: list[File]
    first: Table
    rows: float


class Done(NamedTuple):
    """A partition, the notes on its rows, and the result of the work.

    Of a stretch of text also the places where it turned out to begin and end, and the number of the line behind it,
    counted from the line with which it begins. An error is told and not raised: only the receiver, who knows all rows
    before, can decide whether it is one.
    """

    partition: Partition
    told: Told = Told()
    found: Any = None  # by the kind of work: see _WORK
    begin: int | None = 0
    end: int = 0
    line: int = 0
    error: CircuitError | None = None


class OpenPartition(NamedTuple):
    """A partition whose file is open, and its rows."""

    partition: Partition
    pieces: Iterator[UnreadRows]

    def batches(self) -> Iterator[tuple[int, Batch]]:
        """The batches, each with its unit."""
        for piece in self.pieces:
            if (batch := piece.batch()) is not None:
                yield piece.unit, batch


Work = Callable[[Job, OpenPartition], "tuple[Told, object]"]


def answered(action: Callable[..., T], *arguments: object) -> T | CircuitError:
    """The result of an action, or its error."""
    try:
        with in_the_shell():  # whose command it works for
            return action(*arguments)
    except Exception as error:  # a traceback would only be seen where nobody looks
        return sentence(error)


def sentence(error: Exception) -> CircuitError:
    """An error of a worker as one of ours, in one sentence."""
    if isinstance(error, CircuitError):
        return error
    why = str(error).strip().partition("\n")[0]
    return ClusterError(f"a worker failed: {type(error).__name__}" + (f": {why}" if why else ""))


def survey(names: Sequence[tuple[str, str]], reading: Reading) -> Surveyed:
    """Look at the files with these names. Each comes as it is valid anywhere, and as messages call it."""
    found = [(file, shown) for name, shown in names for file in _files(name, shown)]
    cells = hive_cells([(file.shown, shown) for file, shown in found])
    files = [file._replace(number=number, cells=cells[number]) for number, (file, _) in enumerate(found)]
    stream = Stream(files[0].name, files[0].shown, reading.sheet)
    try:
        first = table_of(stream, reading, files[0].cells)
        return Surveyed(files, first, first.estimated_rows(sum(file.size for file in files), len(files)))
    finally:
        stream.close()


def _files(name: str, shown: str) -> list[File]:
    """The files for which a name, a pattern or a directory stands."""
    lead = name.removesuffix(shown)
    try:
        paths = expand([name])
    except FileError as error:
        raise FileError(error.message.replace(name, shown), error.hint.replace(name, shown)) from None
    found = []
    for path, size in zip(paths, sizes(paths), strict=True):
        called = shown_name(path).removeprefix(lead)
        if size is None:
            raise UsageError(f"{called} is no file", "name files on a disk that all workers see")
        found.append(File(0, path, called, size))
    return found


def work(job: Job, partitions: Sequence[Partition]) -> list[Done]:
    """Do a job with some partitions, one after the other, up to the first that fails."""
    found = []
    for partition in partitions:
        found.append(_worked(job, partition))
        if found[-1].error is not None:
            break
    return found


def _worked(job: Job, partition: Partition) -> Done:
    stretch = None
    if partition.units is not None:
        stretch = Stretch(partition.units, partition.begin, partition.line)
    try:
        with _opened(job, partition, stretch) as part:
            told, found = compiled(job, _WORK[job.doing])(job, part)
    except Exception as error:
        return Done(partition, begin=stretch.begin if stretch else 0, error=sentence(error))
    if stretch is None:
        return Done(partition, told, found)
    return Done(partition, told, found, stretch.begin, stretch.end, stretch.line or 0)


@contextmanager
def _opened(job: Job, partition: Partition, stretch: Stretch | None) -> Iterator[OpenPartition]:
    """A partition while it is read."""
    file = partition.file
    stream = Stream(file.name, file.shown, job.reading.sheet)
    try:
        table = table_of(stream, job.reading, file.cells)
        if file.number:
            refuse_other(table, job.first, job.columns, job.wanted.in_order)
            refuse_bars(table, job.first, job.wanted)
        else:
            table.assume(job.assumed)
        yield OpenPartition(partition, table.pieces(job.wanted, stretch))
    finally:
        stream.close()


def _rendered(circuit: RowByRow, part: OpenPartition, writer: Writer[T]) -> Iterator[tuple[Told, T | None]]:
    """The rows of each batch with their results, as they are to be written."""
    for _, batch in part.batches():
        told, results = circuit.results(batch)
        yield told, writer.render(batch, results) if batch.size else None


def _part(job: Job, plan: Plan, engine: str) -> Work:
    """Write a part of a dataset, and find its size in bytes."""
    assert job.output is not None
    columns, circuit = job.output, RowByRow(plan, job.output, job.rows, engine)

    def write(job: Job, part: OpenPartition) -> tuple[Told, int]:
        total = Told()
        with Part(job.folder, job.key, part.partition.number, columns.format) as file:
            writer = writer_on(file.file, job.first, columns)
            try:
                for told, rendered in _rendered(circuit, part, writer):
                    total = total.join(told)
                    if rendered is not None:
                        writer.write(rendered)
            except BaseException:
                writer.drop()
                raise
            writer.close()
        return total, file.size

    return write


def _rows(job: Job, plan: Plan, engine: str) -> Work:
    """Render rows, which are to be written elsewhere."""
    assert job.output is not None
    columns, circuit = job.output, RowByRow(plan, job.output, job.rows, engine)

    def render(job: Job, part: OpenPartition) -> tuple[Told, list[object]]:
        total, found = Told(), []
        writer = writer_on(io.BytesIO(), job.first, columns)
        for told, rendered in _rendered(circuit, part, writer):
            total = total.join(told)
            if rendered is not None:
                found.append(writer.packed(rendered))
        writer.drop()
        return total, found

    return render


def _gathered(job: Job, plan: Plan, engine: str) -> Work:
    """Gather the leaf of each unit."""
    gatherer = gatherer_of(plan, job.rows, engine)

    def gather(job: Job, part: OpenPartition) -> tuple[Told, list[Leaf]]:
        total = Told()

        def batches() -> Iterator[tuple[int, Columns, int]]:
            nonlocal total
            for unit, batch in part.batches():
                total = total.join(Told.of(batch))
                yield unit, batch.columns, batch.size

        found = list(by_unit(gatherer, batches(), 1))
        return total, found

    return gather


def _grouped(job: Job, plan: Plan, engine: str) -> Work:
    """Gather the leaf of each group within each unit."""
    gatherer = gatherer_of(plan, job.rows, engine)

    def gather(job: Job, part: OpenPartition) -> tuple[Told, list[GroupLeaf]]:
        total = Told()

        def batches() -> Iterator[tuple[int, Batch]]:
            nonlocal total
            for unit, batch in part.batches():
                total = total.join(Told.of(batch))
                yield unit, batch

        found = list(group_leaves(batches(), job.by, lambda parts: by_unit(gatherer, parts, 1)))
        return total, found

    return gather


def _judged(job: Job, plan: Plan, engine: str) -> Work:
    """Judge all rows, or a share of them. The notes on bad rows come with the first share alone."""
    judge = Judge(plan, job.claim)

    def tally(job: Job, part: OpenPartition) -> tuple[Told, Tally]:
        total, told = judge.nothing, Told()
        share, shares = part.partition.share
        seen = 0
        for k, (_, batch) in enumerate(part.batches()):
            own = range((share - seen) % shares, batch.size, shares)
            seen += batch.size
            rows = [i for i in judge.doubtful(batch) if i in own]
            total = total.join(judge.agreed(len(own) - len(rows)))
            total = total.join(judge.tally(batch, rows, (part.partition.number, k)))
            told = told if share else told.join(Told.of(batch))
        return told, total

    return tally


def _loaded(job: Job, plan: Plan, engine: str) -> Work:
    """Load the columns that are used."""

    def load(job: Job, part: OpenPartition) -> tuple[Told, Loaded]:
        found = assembled(list(part.batches()), plan.used)
        return found.told, found

    return load


_WORK = {"part": _part, "rows": _rows, "gathered": _gathered, "grouped": _grouped, "judged": _judged, "loaded": _loaded}


class Described(NamedTuple):
    """The rows of a partition without the rows: the number and the checksum of each unit, and their size in memory."""

    units: Sequence[int]
    checksums: Sequence[int]
    size: int


def described(loaded: Sequence[Done]) -> list[Done]:
    """Loaded partitions, described instead of sent."""
    return [done if done.error is not None else done._replace(found=_described(done.found)) for done in loaded]


def _described(data: Loaded) -> Described:
    size = sum(column.nbytes for column in data.columns.values())
    return Described(data.units, list(checksums(data.columns, data.units)), size)


Held = tuple["Sequence[Done]", int]  # loaded partitions that a worker has, and the number of one among them


def passed(
    job: Job, loading: Job, places: Sequence[Partition | Held], what: str, x: Sequence[float]
) -> list[list[Any]]:
    """The parts, by a pass over the units of some partitions, which are held or read again."""
    passes = compiled(job, lambda job, plan, engine: Passes(plan, plan.wrt or (), int(job.rows), engine))
    found = []
    for place in places:
        done = _worked(loading, place) if isinstance(place, Partition) else place[0][place[1]]
        if done.error is not None:
            raise done.error
        data: Loaded = done.found
        found.append(list(units(passes, what, passes.scalars(x), data.columns, data.units)))
    return found
