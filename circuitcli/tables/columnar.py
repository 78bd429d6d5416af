"""Parquet and Arrow IPC: columns with types, read and written as they are."""

from __future__ import annotations

import os
import tempfile
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from circuitcli.asked_columns import column_of
from circuitcli.errors import CircuitError, FileError
from circuitcli.tables.arrow_columns import arrow_array, column_named, has_error_bars, input_of, is_text
from circuitcli.tables.batch import Bad, Batch, Wanted, first_of_each_row, settled
from circuitcli.tables.cells import TypedCells
from circuitcli.tables.file_table import Stretch, Table, UnreadRows
from circuitcli.tables.formats import Format, format_of_text
from circuitcli.tables.json_paths import root_of, steps_of
from circuitcli.tables.output_columns import OutputColumns
from circuitcli.tables.row_writer import BytesFile, Results, Writer
from circuitcli.tables.storage_errors import is_refusal, refusals
from circuitcli.tables.streams import Stream

if TYPE_CHECKING:
    from typing import BinaryIO


ROWS = 65_536  # of a piece
FIRST = 1_000  # rows that tell whether a column of texts has error bars
START = 1_000  # bytes in which a text has no 0
GROUP = 2**20  # rows of a row group of Parquet that we write


class ColumnarTable(Table):
    """A file of columns with types. Its units are groups of rows."""

    open_parts = ("stream", "_file")

    def __init__(self, stream: Stream, form: Format, names: Sequence[str] = ()) -> None:
        super().__init__(stream, form)
        with _told(stream, f"is no sound {form.title} file", form):
            self._schema = self._opened(_seekable(stream))
            self.columns = list(self._schema.names)
        self._uncertain: dict[str, bool] = {}  # whether columns, by their names, have error bars, once somebody asks
        self._keys = dict(zip(self.columns, self.columns, strict=True))  # as they are in the file
        if len(self._keys) < len(self.columns):
            raise FileError(f"{self.shown} has two columns of one name", "write it again with different names")

    @abstractmethod
    def _opened(self, file: BinaryIO | pa.NativeFile) -> pa.Schema:
        """Open the file for reading, and tell its columns and their types."""

    @abstractmethod
    def _batches(self, keys: list[str], units: Sequence[int] | None) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Some columns of all units, or of some; each batch with the number of its unit."""

    @abstractmethod
    def _first_rows(self, key: str) -> pa.RecordBatch | None:
        """A column of the first rows; None where there are none."""

    def type_of(self, name: str) -> pa.DataType:
        return self._schema.field(self._keys[name]).type if name in self._keys else self._kind_inside(name)

    def is_time(self, name: str) -> bool:
        kind = self.type_of(name) if name in self._keys or self.has_inside(name) else pa.null()
        return bool(pa.types.is_timestamp(kind) or pa.types.is_date(kind))

    def is_label(self, name: str) -> bool:
        return name in self._keys and is_text(self.type_of(name)) and not self.is_uncertain(name)

    def is_uncertain(self, name: str) -> bool:
        if name not in self._uncertain:
            is_there = name in self._keys or self.has_inside(name)
            self._uncertain[name] = is_there and is_text(self.type_of(name)) and self._has_error_bars(name)
        return self._uncertain[name]

    def _has_error_bars(self, name: str) -> bool:
        """Whether some of the first texts of a column is a number with its uncertainty."""
        root = name if name in self._keys else root_of(name)
        with _told(self.stream, "is damaged"):
            first = self._first_rows(self._keys[root])
            return first is not None and has_error_bars(column_named({root: first.column(0)}, name))

    def has_inside(self, name: str) -> bool:
        return name not in self._keys and root_of(name) in self._keys and self._kind_inside(name) is not None

    def _kind_inside(self, name: str) -> pa.DataType | None:
        """The type of a part of a column's values; None where they have none of that name."""
        root = root_of(name)
        kind = self._schema.field(self._keys[root]).type
        for key, place in steps_of(name[len(root) :]):
            if pa.types.is_struct(kind) and key and kind.get_field_index(key) >= 0:
                kind = kind.field(key).type
            elif (pa.types.is_list(kind) or pa.types.is_large_list(kind)) and int(place or 0) > 0:
                kind = kind.value_type
            else:
                return None
        return kind

    def rename(self, old: str, new: str) -> None:
        self.columns[self.columns.index(old)] = new
        self._keys[new] = self._keys.pop(old)
        self.renamed = True

    def pieces(self, wanted: Wanted, stretch: Stretch | None = None) -> Iterator[UnreadRows]:
        read = {name if name in self._keys else root_of(name) for name in wanted.columns}
        names = [name for name in self.columns if name in read]
        units, line = (None, 1) if stretch is None else (stretch.units, stretch.line or 1)
        with _told(self.stream, "is damaged"):
            for unit, data in self._batches([self._keys[name] for name in names], units):
                for start in range(0, data.num_rows, ROWS):
                    piece = data.slice(start, ROWS).rename_columns(names)
                    yield UnreadRows(unit, partial(self._batch, piece, line + start, wanted))
                line += data.num_rows

    def _batch(self, data: pa.RecordBatch, first: int, wanted: Wanted, head: int = 0) -> Batch:
        with _told(self.stream, "is damaged"):
            data.validate(full=True)  # lengths and places that a file tells are believed from here on
        bad: list[Bad] = []
        columns = {}
        of_name = dict(zip(data.schema.names, data.columns, strict=True))
        uncertain = [name for name, found in self._uncertain.items() if found]
        for name in wanted.read:
            columns[name], faults = input_of(partial(column_named, of_name), name, self.shown, uncertain)
            bad += [Bad(i, f"{column_of(name)} {why}") for i, why in faults]
        batch = Batch(self.shown, columns, ColumnarRows(data), lambda i: f"row {first + i}", data.num_rows)
        return settled(batch, first_of_each_row(bad), wanted, head)


class ParquetTable(ColumnarTable):
    """A Parquet file. Its units are its row groups."""

    def _opened(self, file: BinaryIO | pa.NativeFile) -> pa.Schema:
        import pyarrow.parquet

        # Of a file far away, ranges that are near to each other come as one, and several at once.
        self._file = pyarrow.parquet.ParquetFile(file, pre_buffer=self.stream.far)
        return self._file.schema_arrow

    def _first_rows(self, key: str) -> pa.RecordBatch | None:
        return next(self._file.iter_batches(FIRST, columns=[key]), None)

    def _batches(self, keys: list[str], units: Sequence[int] | None) -> Iterator[tuple[int, pa.RecordBatch]]:
        for unit in range(self._file.num_row_groups) if units is None else units:
            count = 0
            for batch in self._file.iter_batches(ROWS, [unit], keys):
                count += batch.num_rows
                yield unit, batch.select(keys)
            told = self._file.metadata.row_group(unit).num_rows
            if count != told:  # pyarrow ends where a damaged column does
                raise ValueError(f"row group {unit} has {count} of its {told} rows")

    def estimated_rows(self, size: int, files: int) -> float:
        """Take all files to have as many rows as this one."""
        return float(self._file.metadata.num_rows * files)

    def stretches(self, size: int, least: int) -> list[Stretch]:
        """Neighbouring row groups."""
        groups = [self._file.metadata.row_group(unit) for unit in range(self._file.num_row_groups)]
        total = sum(group.total_byte_size for group in groups)
        found: list[Stretch] = []
        units: list[int] = []
        row, first, weight = 1, 1, 0
        for unit, group in enumerate(groups):
            units.append(unit)
            row, weight = row + group.num_rows, weight + group.total_byte_size
            if weight >= least or unit == len(groups) - 1:
                found.append(Stretch(units, 0, first, size * weight // max(total, 1)))
                units, first, weight = [], row, 0
        return found


class ArrowTable(ColumnarTable):
    """An Arrow IPC file or stream. Its units are its batches, as they were written."""

    def _opened(self, file: BinaryIO | pa.NativeFile) -> pa.Schema:
        self._random = self.stream.first.startswith(b"ARROW1")  # else a stream, which is read from its start
        self._file = pa.ipc.open_file(file) if self._random else pa.ipc.open_stream(file)
        self._begun: list[pa.RecordBatch] = []  # the first batch of a stream, where it was needed early
        return self._file.schema

    def _first_rows(self, key: str) -> pa.RecordBatch | None:
        if self._random:
            first = self._file.get_batch(0) if self._file.num_record_batches else None
        else:
            self._begun = self._begun or [*islice(self._file, 1)]
            first = self._begun[0] if self._begun else None
        return first and first.slice(0, FIRST).select([key])

    def _batches(self, keys: list[str], units: Sequence[int] | None) -> Iterator[tuple[int, pa.RecordBatch]]:
        file = self._file
        batches = map(file.get_batch, range(file.num_record_batches)) if self._random else chain(self._begun, file)
        for unit, batch in enumerate(batches):
            yield unit, batch.select(keys)

    def estimated_rows(self, size: int, files: int) -> float:
        """Take every cell for a number of eight bytes."""
        return size / (8.0 * max(len(self.columns), 1))


def _seekable(stream: Stream) -> BinaryIO | pa.NativeFile:
    """A file that pyarrow can read from any place: the file itself, or a nameless one that holds the bytes of a pipe or
    of a packed file."""
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
def _told(stream: Stream, wrong: str, form: Format | None = None) -> Iterator[None]:
    """Raise FileError for a file that pyarrow cannot read, or that is of another form than it is read as, and for a
    place that cannot be reached."""
    with refusals(stream.shown) if stream.far else nullcontext():
        try:
            yield
        except CircuitError:
            raise
        except (pa.ArrowException, OSError, ValueError) as error:
            if stream.far and is_refusal(error):
                raise
            if form is not None and not stream.first.startswith(form.begins) and b"\0" not in stream.first[:START]:
                other = format_of_text(stream.first)
                raise FileError(
                    f"{stream.shown} is text, and no {form.title} file", f"say --from {other.name}"
                ) from None
            raise FileError(f"{stream.shown} {wrong}: {str(error).splitlines()[0]}", "get it again, whole") from None


class ColumnarRows:
    """Rows with types that pass through."""

    def __init__(self, data: pa.RecordBatch) -> None:
        self.data = data

    def only(self, kept: Sequence[int]) -> ColumnarRows:
        mask = np.isin(np.arange(len(self.data)), kept)
        return ColumnarRows(self.data.filter(arrow_array(mask)))

    def cells(self, names: Sequence[str], whole: bool = False) -> Sequence[TypedCells]:
        of_name = dict(zip(self.data.schema.names, self.data.columns, strict=True))
        return [TypedCells(name, column_named(of_name, name)) for name in names]


class ColumnarWriter(Writer["pa.RecordBatch"]):
    """Rows with types. A column keeps the type that the file gives it; of a text, the columns that the circuit uses
    are float64, and the others text."""

    def __init__(self, file: BytesFile, table: Table, columns: OutputColumns, seekable: bool) -> None:
        super().__init__(file, table, columns, seekable)
        kinds = {name: table.type_of(name) for name in columns.columns}
        used = set(columns.used)
        numbers = [name for name, kind in kinds.items() if kind is None and name in used]
        self._numbers = [name for name in numbers if not table.is_uncertain(name)]
        kinds = {name: kind or pa.string() for name, kind in kinds.items()}
        kinds |= dict.fromkeys([*self._numbers, *columns.results], pa.float64())
        self._schema = pa.schema([(name, kinds[name]) for name in columns.order])
        with self._refusals():
            self._writer = self._opened(seekable)

    @abstractmethod
    def _opened(self, seekable: bool) -> pa.ipc.RecordBatchFileWriter:
        """pyarrow's writer of the format, or another with the same methods."""

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Raise FileError for a column that the format has no place for."""
        try:
            yield
        except pa.ArrowException as error:
            form = self.columns.format.title
            raise FileError(
                f"{form} cannot hold these rows: {str(error).splitlines()[0]}",
                "choose columns with --columns, or another format with --to",
            ) from None

    def render(self, batch: Batch, results: Results) -> pa.RecordBatch:
        columns = self.columns
        passed = batch.rows.cells(columns.columns, columns.whole)
        cells = {cell.name: cell.as_typed() for cell in passed if cell.name not in self._numbers}
        cells |= {name: arrow_array(batch.columns[name]) for name in self._numbers}
        cells |= {name: arrow_array(results[name]) for name in columns.results}
        try:
            return pa.RecordBatch.from_arrays([cells[name] for name in columns.order], schema=self._schema)
        except (pa.ArrowInvalid, TypeError) as error:
            raise FileError(f"{batch.shown}: its columns are not those of the first file: {error}") from None

    def packed(self, rendered: pa.RecordBatch) -> object:
        """The rows alone: they may be a slice of longer columns, whose rest stays here."""
        return rendered.serialize()

    def unpacked(self, packed: object) -> pa.RecordBatch:
        return pa.ipc.read_record_batch(packed, self._schema)

    def write(self, rendered: pa.RecordBatch) -> None:
        with self._refusals():
            self._writer.write_batch(rendered)

    def close(self) -> None:
        with self._refusals():
            self._writer.close()

    def drop(self) -> None:
        with suppress(Exception):
            self._writer.close()  # or it would complain when it is forgotten


class ParquetWriter(ColumnarWriter):
    """A Parquet file in large row groups."""

    def _opened(self, seekable: bool) -> pa.parquet.ParquetWriter:
        import pyarrow.parquet

        self._waiting: list[pa.RecordBatch] = []
        # Numbers of ours are hardly ever equal: a dictionary of them would only cost time.
        mixed = [name for name in self.columns.columns if not pa.types.is_floating(self._schema.field(name).type)]
        return pyarrow.parquet.ParquetWriter(self.file, self._schema, use_dictionary=mixed)

    def write(self, rendered: pa.RecordBatch) -> None:
        self._waiting.append(rendered)
        if sum(batch.num_rows for batch in self._waiting) >= GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        super().close()

    def _flush(self) -> None:
        if not self._waiting:
            return
        with self._refusals():
            self._writer.write_table(pa.Table.from_batches(self._waiting, self._schema), row_group_size=GROUP)
        self._waiting = []


class ArrowWriter(ColumnarWriter):
    """An Arrow IPC file; a stream where the output cannot be sought."""

    def _opened(self, seekable: bool) -> pa.ipc.RecordBatchFileWriter:
        return (pa.ipc.new_file if seekable else pa.ipc.new_stream)(self.file, self._schema)
