"""What the workers do: look at the files, run the circuit over a partition, and answer with what came of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from circuitcli.cluster.dataset import Part
from circuitcli.cluster.job import Compiled, Job, compiled
from circuitcli.cluster.partition import File, Partition, Reading
from circuitcli.errors import CircuitError, ClusterError, FileError, UsageError
from circuitcli.rows.block_passes import Passes, units
from circuitcli.rows.gather import by_unit
from circuitcli.rows.in_memory import Loaded, assembled, checksums
from circuitcli.rows.row_by_row import Told, estimated_rows
from circuitcli.rows.row_check import Tally
from circuitcli.tables.batch import Batch
from circuitcli.tables.joined_files import refuse_other, table_of
from circuitcli.tables.storage import bare, sizes
from circuitcli.tables.streams import PARQUET, Stream, expand
from circuitcli.tables.text_range import Stretch
from circuitcli.tables.writers import sink_on


class Surveyed(NamedTuple):
    """What a worker sees of the files that a command line names: each as it is called, what is known of the first,
    and about how many rows there are."""

    files: list[File]
    first: Any
    rows: float


class Done(NamedTuple):
    """What came of a partition. Of a stretch of text also where it turned out to begin and end, and the number of the
    line behind it, counted from the line with which it begins. What went wrong is told and not raised: only who has
    seen all before it knows whether it is so."""

    partition: Partition
    told: Told = Told()
    found: Any = None
    begin: int | None = 0
    end: int = 0
    line: int = 0
    error: CircuitError | None = None


class _Reading(NamedTuple):
    """A partition that is read: the table, its pieces, and the stretch of text that it may be."""

    table: Any
    pieces: Iterator[Any]
    stretch: Stretch | None


def answered(action: Callable[..., Any], *arguments: Any) -> Any:
    """What an action answers, or what is wrong."""
    try:
        return action(*arguments)
    except Exception as error:  # a traceback would only be seen where nobody looks
        return sentence(error)


def sentence(error: Exception) -> CircuitError:
    """What went wrong with a worker, in one sentence."""
    if isinstance(error, CircuitError):
        return error
    why = str(error).strip().partition("\n")[0]
    return ClusterError(f"a worker failed: {type(error).__name__}" + (f": {why}" if why else ""))


def survey(names: Sequence[tuple[str, str]], reading: Reading) -> Surveyed:
    """What there is, of names as they are good anywhere and what they are called in messages."""
    files = [file for name, shown in names for file in _files(name, shown)]
    files = [file._replace(number=number) for number, file in enumerate(files)]
    stream = Stream(files[0].name, files[0].shown)
    try:
        first = table_of(stream, *reading)
        return Surveyed(files, first, estimated_rows(first, sum(file.size for file in files), len(files)))
    finally:
        stream.close()


def _files(name: str, shown: str) -> list[File]:
    """The files that a name, a pattern or a directory stands for."""
    lead = name.removesuffix(shown)
    try:
        paths = expand([name])
    except FileError as error:
        raise FileError(error.message.replace(name, shown), error.hint.replace(name, shown)) from None
    found = []
    for path, size in zip(paths, sizes(paths), strict=True):
        called = bare(path).removeprefix(lead)
        if size is None:
            raise UsageError(f"{called} is no file", "name files on a disk that all workers see")
        found.append(File(0, path, called, size))
    return found


def work(job: Job, partitions: Sequence[Partition]) -> list[Done]:
    """Do a job with some partitions, one after the other up to the first with which something is wrong."""
    found = []
    for partition in partitions:
        found.append(_worked(job, partition))
        if found[-1].error is not None:
            break
    return found


def _worked(job: Job, partition: Partition) -> Done:
    stretch = None
    try:
        with _opened(job, partition) as reading:
            stretch = reading.stretch
            told, found = _DOING[job.doing](compiled(job), reading, partition)
    except Exception as error:
        return Done(partition, begin=stretch.begin if stretch else 0, error=sentence(error))
    if stretch is None:
        return Done(partition, told, found)
    return Done(partition, told, found, stretch.begin, stretch.end, stretch.line)


@contextmanager
def _opened(job: Job, partition: Partition) -> Iterator[_Reading]:
    """A partition, to be read."""
    file, chosen = partition.file, partition.units
    stream = Stream(file.name, file.shown)
    try:
        table = table_of(stream, *job.reading)
        if file.number:
            refuse_other(table, job.first, job.columns, job.by_name)
        elif job.assumed:
            table.assume(job.assumed)
        table.wanted = job.wanted
        if chosen is None:
            yield _Reading(table, table.pieces(), None)
        elif table.form == PARQUET:
            yield _Reading(table, table.pieces(chosen, partition.line), None)
        else:
            stretch = Stretch(table, chosen, partition.begin, partition.line or 1)
            yield _Reading(table, iter(stretch), stretch)
    finally:
        stream.close()


def _batches(circuit: Compiled, reading: _Reading) -> Iterator[tuple[int, Batch]]:
    """The rows of each piece, and the unit that they belong to."""
    for piece in reading.pieces:
        batch = reading.table.batch(piece, circuit.plan.used, circuit.job.policy)
        if batch is not None:
            yield piece.unit, batch


def _rendered(circuit: Compiled, reading: _Reading, sink: Any) -> Iterator[tuple[Told, Any]]:
    """The rows of each piece with their results, as the sink has them."""
    for _, batch in _batches(circuit, reading):
        told, results = circuit.made.results(batch)
        yield told, sink.render(batch, results) if batch.size else None


def _part(circuit: Compiled, reading: _Reading, partition: Partition) -> tuple[Told, int]:
    """Write a part of a dataset; the answer is its bytes."""
    job, total = circuit.job, Told()
    assert job.layout is not None
    with Part(job.folder, job.key, partition.number, job.form) as part:
        sink = sink_on(part.file, job.form, job.first, job.layout, seekable=True)
        try:
            for told, rendered in _rendered(circuit, reading, sink):
                total = total.join(told)
                if rendered is not None:
                    sink.write(rendered)
        except BaseException:
            sink.drop()
            raise
        sink.close()
    return total, part.size


def _rows(circuit: Compiled, reading: _Reading, partition: Partition) -> tuple[Told, list[Any]]:
    """The rows as they are to be written by whoever asked."""
    job, total, found = circuit.job, Told(), []
    assert job.layout is not None
    sink = sink_on(io.BytesIO(), job.form, job.first, job.layout, seekable=True)
    for told, rendered in _rendered(circuit, reading, sink):
        total = total.join(told)
        if rendered is not None:
            found.append(sink.packed(rendered))
    sink.drop()
    return total, found


def _gathered(circuit: Compiled, reading: _Reading, partition: Partition) -> tuple[Told, list[Any]]:
    """What each unit says."""
    total = Told()

    def batches() -> Iterator[tuple[Any, Any, int]]:
        nonlocal total
        for unit, batch in _batches(circuit, reading):
            total = total.join(Told.of(batch))
            yield unit, batch.columns, batch.size

    found = list(by_unit(circuit.made, batches(), 1))
    return total, found


def _judged(circuit: Compiled, reading: _Reading, partition: Partition) -> tuple[Told, Tally]:
    """The verdicts on all rows, or on a share of them; of the rows themselves the first of those who share tells."""
    total, told = circuit.made.nothing, Told()
    share, shares = partition.share
    seen = 0
    for k, (_, batch) in enumerate(_batches(circuit, reading)):
        rows = range((share - seen) % shares, batch.size, shares)
        seen += batch.size
        total = total.join(circuit.made.tally(batch, rows, (partition.number, k)))
        told = told if share else told.join(Told.of(batch))
    return told, total


def _loaded(circuit: Compiled, reading: _Reading, partition: Partition) -> tuple[Told, Loaded]:
    """The columns that are used."""
    found = assembled(list(_batches(circuit, reading)), circuit.plan.used)
    return found.told, found


_DOING: dict[str, Callable[[Compiled, _Reading, Partition], tuple[Told, Any]]] = {
    "part": _part,
    "rows": _rows,
    "gathered": _gathered,
    "judged": _judged,
    "loaded": _loaded,
}


class Described(NamedTuple):
    """What is known of the rows of a partition: how many each unit has, their checksums, and the bytes in memory."""

    units: Sequence[int]
    checksums: Sequence[int]
    size: int


def described(loaded: Sequence[Done]) -> list[Done]:
    """The same without the columns: of these the rows of each unit, their checksums and the bytes."""
    return [done if done.error is not None else done._replace(found=_described(done.found)) for done in loaded]


def _described(data: Loaded) -> Described:
    size = sum(column.nbytes for column in data.columns.values())
    return Described(data.units, list(checksums(data.columns, data.units)), size)


Place = Any  # a Partition that is read, or what is held of several and the number among them


def passed(job: Job, loading: Job, places: Sequence[Place], what: str, x: Sequence[float]) -> list[list[Any]]:
    """What each unit of each partition says."""
    passes: Passes = compiled(job).made
    found = []
    for place in places:
        done = _worked(loading, place) if isinstance(place, Partition) else place[0][place[1]]
        if done.error is not None:
            raise done.error
        data: Loaded = done.found
        found.append(list(units(passes, what, passes.scalars(x), data.columns, data.units)))
    return found
