"""Parquet and Arrow IPC: typed columns, read as they are."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from circuitcli.errors import CircuitError, FileError
from circuitcli.rows.batch import Bad, Batch, Cells, settled
from circuitcli.rows.files import ARROW, PARQUET, Stream
from circuitcli.rows.refusals import is_refusal, refusals
from circuitcli.rows.table import FileTable

ROWS = 65_536  # of a piece

Array = Any  # numpy.ndarray


class ArrowPiece(NamedTuple):
    """Rows of a file, and the number of the first of them; a unit is a row group, or a batch as it was written."""

    data: Any  # pyarrow.RecordBatch
    line: int
    unit: int


class ArrowTable(FileTable):
    """A Parquet or Arrow file. `wanted`, once it is known, are the columns that are read."""

    def __init__(self, stream: Stream, form: str) -> None:
        self.form = form
        self.shown = stream.shown
        self.stream = stream
        self.wanted: list[str] | None = None
        with _answers(stream, {PARQUET: "is no sound Parquet file", ARROW: "is no sound Arrow file"}[form]):
            if form == PARQUET:
                import pyarrow.parquet

                # Of a file far away, ranges that are near to each other come as one, and several at once.
                self._file = pyarrow.parquet.ParquetFile(_seekable(stream), pre_buffer=stream.far)
                self.schema = self._file.schema_arrow
                self.rows: int | None = self._file.metadata.num_rows
            else:
                source = _seekable(stream)
                file = stream.first.startswith(b"ARROW1")
                self._reader = pa.ipc.open_file(source) if file else pa.ipc.open_stream(source)
                self.schema = self._reader.schema
                self.rows = None
        self.columns = list(self.schema.names)
        self.keys = dict(zip(self.columns, self.columns, strict=True))  # as they are in the file
        if len(self.keys) < len(self.columns):
            raise FileError(f"{self.shown} has two columns of one name", "write it again with different names")

    def pieces(self, units: Sequence[int] | None = None, line: int = 1) -> Iterator[ArrowPiece]:
        """All rows, or those of some row groups, of which the first has the number `line`."""
        names = [name for name in self.columns if self.wanted is None or name in self.wanted]
        with _answers(self.stream, "is damaged"):
            for data, unit in self._batches([self.keys[name] for name in names], units):
                for start in range(0, data.num_rows, ROWS):
                    yield ArrowPiece(data.slice(start, ROWS).rename_columns(names), line + start, unit)
                line += data.num_rows

    def rename(self, old: str, new: str) -> None:
        """Call a column otherwise."""
        self.columns[self.columns.index(old)] = new
        self.keys[new] = self.keys.pop(old)

    def groups(self) -> list[tuple[int, int]]:
        """The rows and the bytes of each row group of Parquet."""
        every = map(self._file.metadata.row_group, range(self._file.metadata.num_row_groups))
        return [(group.num_rows, group.total_byte_size) for group in every]

    def _batches(self, keys: list[str], units: Sequence[int] | None) -> Iterator[tuple[Any, int]]:
        if self.form == PARQUET:
            for unit in range(self._file.metadata.num_row_groups) if units is None else units:
                for batch in self._file.iter_batches(ROWS, [unit], keys):
                    yield batch.select(keys), unit
            return
        if isinstance(self._reader, pa.ipc.RecordBatchStreamReader):
            batches: Iterator[Any] = iter(self._reader)
        else:
            batches = (self._reader.get_batch(i) for i in range(self._reader.num_record_batches))
        for unit, batch in enumerate(batches):
            yield batch.select(keys), unit

    def batch(self, piece: ArrowPiece, used: Sequence[str], policy: str) -> Batch | None:
        """The rows of a piece."""
        data = piece.data
        bad: list[Bad] = []
        columns = {}
        for name in used:
            columns[name], missing = numbers_of(data.column(data.schema.names.index(name)), name, self.shown)
            bad += [Bad(int(i), f"{name} is missing") for i in missing]
        first = {row.row: row for row in reversed(bad)}
        rows = ArrowRows(data)
        at = piece.line
        batch = Batch(self.shown, columns, rows, lambda i: f"row {at + i}", data.num_rows)
        return settled(batch, list(first.values()), policy)


def numbers_of(column: Any, name: str, shown: str) -> tuple[Array, Array]:
    """A column as float64, and where it has nothing. Raises FileError for one that float64 cannot hold."""
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.dictionary_decode(), kind.value_type
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    if not (number or pa.types.is_boolean(kind) or pa.types.is_null(kind)):
        raise FileError(f"{shown}: the column {name} is {kind}, no number", "choose another in the expression")
    try:
        numbers = column.cast(pa.float64())
    except pa.ArrowInvalid as error:
        raise FileError(
            f"{shown}: {name} has whole numbers beyond 2^53, which float64 would round: {_number_in(error)}",
            "use another column; columns that the expression does not use pass through whole",
        ) from None
    missing: Array = np.flatnonzero(numbers.is_null().to_numpy(zero_copy_only=False)) if numbers.null_count else []
    found = pc.fill_null(numbers, float("nan")).to_numpy(zero_copy_only=False)
    return np.ascontiguousarray(found), missing


def _number_in(error: Exception) -> str:
    words = [word for word in str(error).split() if word.lstrip("-").isdigit()]
    return words[0] if words else ""


def _seekable(stream: Stream) -> Any:
    """What pyarrow can read from any place of: the file itself, or what a pipe or a packed file holds, laid down in a
    file without a name."""
    if not stream.far and not stream.live and not stream.packing:
        return pa.OSFile(os.path.realpath(stream.name))
    if stream.far and (there := stream.seekable()):
        return there
    stream.laid = file = tempfile.TemporaryFile()  # noqa: SIM115  closed with the stream
    for piece in stream.pieces():
        file.write(piece)
    file.seek(0)
    return file


@contextmanager
def _answers(stream: Stream, wrong: str) -> Iterator[None]:
    """Raise FileError for what pyarrow cannot read, and for a place that cannot be reached."""
    with refusals(stream.shown) if stream.far else nullcontext():
        try:
            yield
        except CircuitError:
            raise
        except (pa.ArrowException, OSError, ValueError) as error:
            if stream.far and is_refusal(error):
                raise
            raise FileError(f"{stream.shown} {wrong}: {str(error).splitlines()[0]}") from None


class ArrowRows:
    """Typed rows that pass through."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def only(self, kept: Array) -> ArrowRows:
        return ArrowRows(self.data.filter(pa.array(kept)))

    def cells(self, names: Sequence[str], whole: bool = False) -> list[Cells]:
        return [Cells(name, "typed", self.data.column(self.data.schema.names.index(name))) for name in names]
