"""Where rows go: CSV, TSV, JSON Lines, Parquet, Arrow; to a file that appears whole, or to standard output.

A row that came in the form it goes out in keeps its text and gains our fields; else it is written cell by cell.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from circuitcli.errors import FileError, UsageError
from circuitcli.tables.batch import Batch
from circuitcli.tables.cells import csv_cells, joined, json_cells, typed_cells
from circuitcli.tables.number_text import JSON_WORDS, texts, without_lead
from circuitcli.tables.output_layout import Layout, Table
from circuitcli.tables.storage import whole
from circuitcli.tables.streams import ARROW, CSV, JSONL, PARQUET, TSV, ending
from circuitcli.tables.text_rows import Rows

Array = Any  # numpy.ndarray


class Untyped:
    """What a sink of text has rendered travels as it is."""

    def packed(self, rendered: list[Any]) -> list[Any]:
        """What is rendered, to be sent elsewhere."""
        return rendered

    def unpacked(self, packed: list[Any]) -> list[Any]:
        """What was rendered elsewhere."""
        return packed


class TextSink(Untyped):
    """CSV or TSV."""

    def __init__(self, file: BinaryIO, form: str, table: Table, layout: Layout) -> None:
        self._file, self._form, self._layout = file, form, layout
        self._separator = "\t" if form == TSV else ","
        self.passes = layout.whole and table.form == form
        if self.passes and table.header:
            tail = "".join(self._separator + self._name(name) for name in layout.results)
            self._header = table.header + tail.encode() + table.line_end
        else:
            self._header = (self._separator.join(map(self._name, layout.order)) + "\n").encode()

    def _name(self, name: str) -> str:
        special = any(c in name for c in ('"', "\r", "\n", self._separator))
        return '"' + name.replace('"', '""') + '"' if special else name

    def render(self, batch: Batch, results: Mapping[str, Array]) -> list[Any]:
        separator = self._separator
        if self.passes:
            rows: Rows = batch.rows.rows
            return rows.followed_by([*_texts(self._layout.results, results, separator).values()])
        cells = {
            cell.name: csv_cells(cell, separator) for cell in batch.rows.cells(self._layout.columns, self._layout.whole)
        }
        numbers = _texts(self._layout.results, results, separator)
        pieces: list[Any] = []
        for name in self._layout.order:
            pieces += [numbers[name]] if name in numbers else [separator, cells[name]]
        first = without_lead(pieces[0]) if self._layout.order[0] in numbers else b""
        return [joined([first, *pieces[1:], b"\n"])]

    def write(self, rendered: list[Any]) -> None:
        for piece in (self._header, *rendered):
            self._file.write(piece)
        self._header = b""  # is written once, before the first rows or where there are none

    def close(self) -> None:
        self._file.write(self._header)

    def drop(self) -> None:
        """Nothing more is to come."""


class JsonSink(Untyped):
    """JSON Lines."""

    def __init__(self, file: BinaryIO, table: Table, layout: Layout) -> None:
        self._file, self._layout = file, layout
        self.passes = layout.whole and table.form == JSONL and not table.renamed

    def render(self, batch: Batch, results: Mapping[str, Array]) -> list[Any]:
        numbers = _texts(self._layout.results, results, ":", JSON_WORDS)
        if self.passes:
            rows: Rows = batch.rows.rows
            _refuse_taken(batch, self._layout.results)
            empty = [i for i in range(len(rows)) if not rows.row(i)[1:-1].strip()] if not rows.keys_known else []
            comma: Any = ","
            if empty:
                comma = pa.array(np.where(np.isin(np.arange(len(rows)), empty), "", ","))
            pieces: list[Any] = []
            for i, (name, column) in enumerate(numbers.items()):
                key = json.dumps(name, ensure_ascii=False)
                pieces += ["," + key, column] if i or not empty else [comma, key, column]
            return rows.followed_by(pieces, before=1)
        passed = batch.rows.cells(self._layout.columns, self._layout.whole)
        cells = {cell.name: json_cells(cell, batch.columns.get(cell.name)) for cell in passed}
        pieces = []
        for name in self._layout.order:
            key = ("," if pieces else "{") + json.dumps(name, ensure_ascii=False)
            pieces += [key, numbers[name]] if name in numbers else [key + ":", cells[name]]
        return [joined([*pieces, "}\n"])]

    def write(self, rendered: list[Any]) -> None:
        for piece in rendered:
            self._file.write(piece)

    def close(self) -> None:
        """All is written already."""

    def drop(self) -> None:
        """Nothing more is to come."""


def _texts(names: Sequence[str], results: Mapping[str, Array], lead: str, *words: Any) -> dict[str, Any]:
    """The numbers of each result as text behind a character; what is one array is written once."""
    written: dict[int, Any] = {}
    for name in names:
        column = results[name]
        if id(column) not in written:
            written[id(column)] = texts(column, lead, *words)
    return {name: written[id(results[name])] for name in names}


def _refuse_taken(batch: Batch, names: Sequence[str]) -> None:
    """Raise UsageError where a later row has a key that a result would repeat."""
    if not batch.rows.written(names):
        return
    for i in range(batch.size):
        row = json.loads(batch.rows.rows.row(i))
        for name in names:
            if name in row:
                raise UsageError(
                    f'{batch.where(i)} already has a key "{name}"', f"name the result, or --columns ...,{name}"
                )


class ArrowSink:
    """Parquet or Arrow IPC. What had a type keeps it; of a text form the columns that the circuit uses are float64, and
    the others text."""

    def __init__(self, file: BinaryIO, form: str, table: Table, layout: Layout, seekable: bool) -> None:
        self._file, self._layout, self.passes = file, layout, False
        schema = getattr(table, "schema", None)
        self._numbers = [] if schema else [name for name in layout.columns if name in layout.used]
        kinds = {name: schema.field(table.keys[name]).type if schema else pa.string() for name in layout.columns}
        kinds |= dict.fromkeys(self._numbers, pa.float64())
        kinds |= dict.fromkeys(layout.results, pa.float64())
        self._schema = pa.schema([(name, kinds[name]) for name in layout.order])
        if form == PARQUET:
            import pyarrow.parquet

            # Numbers of ours are hardly ever equal: a dictionary of them would only cost time.
            texts_only = [name for name in layout.columns if not pa.types.is_floating(kinds[name])]
            self._writer = pyarrow.parquet.ParquetWriter(file, self._schema, use_dictionary=texts_only)
        elif seekable:
            self._writer = pa.ipc.new_file(file, self._schema)
        else:
            self._writer = pa.ipc.new_stream(file, self._schema)
        self._form = form
        self._waiting: list[Any] = []

    def render(self, batch: Batch, results: Mapping[str, Array]) -> Any:
        passed = batch.rows.cells(self._layout.columns, self._layout.whole)
        cells = {cell.name: typed_cells(cell) for cell in passed if cell.name not in self._numbers}
        cells |= {name: pa.array(batch.columns[name]) for name in self._numbers}
        cells |= {name: pa.array(results[name]) for name in self._layout.results}
        try:
            return pa.RecordBatch.from_arrays([cells[name] for name in self._layout.order], schema=self._schema)
        except (pa.ArrowInvalid, TypeError) as error:
            raise FileError(f"{batch.shown}: its columns are not those of the first file: {error}") from None

    def packed(self, rendered: Any) -> Any:
        """What is rendered, to be sent elsewhere: without the rest of the columns that it may be a slice of."""
        return rendered.serialize()

    def unpacked(self, packed: Any) -> Any:
        """What was rendered elsewhere."""
        return pa.ipc.read_record_batch(packed, self._schema)

    def write(self, rendered: Any) -> None:
        if self._form != PARQUET:
            self._writer.write_batch(rendered)
            return
        self._waiting.append(rendered)
        if sum(batch.num_rows for batch in self._waiting) >= GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.Table.from_batches(self._waiting, self._schema), row_group_size=GROUP)
            self._waiting = []

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def drop(self) -> None:
        """End without an end, which would make a part look whole."""
        if isinstance(self._file, StandardOutput):
            self._file.deaf = True
        with suppress(Exception):
            self._writer.close()  # or it would complain when it is forgotten


GROUP = 2**20  # rows of a row group of Parquet
Sink = Any  # TextSink, JsonSink or ArrowSink


def form_out(to: str, out: str | None, table: Table) -> str:
    """The form to write: as asked, as the name of the file tells, or as it came in."""
    form = to or (ending(out)[0] if out else "")
    if form:
        return form
    if table.form in (PARQUET, ARROW):
        return table.form if out else CSV  # what people can read
    return str(table.form)


@contextmanager
def opened_sink(form: str, out: str | None, table: Table, layout: Layout) -> Iterator[Sink]:
    """What takes the rows, until all have come."""
    if not out and form in (PARQUET, ARROW) and sys.stdout.isatty():
        raise UsageError(f"{form} is nothing to look at", "send it to a file: --out FILE")
    with opened_file(out) if out else nullcontext(StandardOutput()) as file:
        sink = sink_on(file, form, table, layout, seekable=bool(out))
        try:
            yield sink
        except BaseException:
            sink.drop()
            raise
        sink.close()


@contextmanager
def opened_file(out: str) -> Iterator[Any]:
    """A file that appears when it is complete, packed as its ending says."""
    with ExitStack() as stack:
        file: Any = stack.enter_context(whole(out))
        packing = ending(out)[1]
        if packing == "gzip":
            from gzip import GzipFile

            file = stack.enter_context(GzipFile("", "wb", 6, file, mtime=0))
        elif packing == "zstd":
            file = stack.enter_context(pa.CompressedOutputStream(pa.PythonFile(file, "w"), "zstd"))
        yield file


def sink_on(file: Any, form: str, table: Table, layout: Layout, seekable: bool) -> Sink:
    """What writes rows into a file, in one of the forms."""
    if form in (CSV, TSV):
        return TextSink(file, form, table, layout)
    if form == JSONL:
        return JsonSink(file, table, layout)
    return ArrowSink(file, form, table, layout, seekable)


class StandardOutput:
    """Standard output, to which all of a piece goes at once."""

    closed = False
    deaf = False  # after an error, when nothing is to be written any more

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        size = len(view)
        if self.deaf:
            return size
        sys.stdout.flush()
        while len(view):
            view = view[os.write(sys.stdout.fileno(), view) :]
        return size

    def writable(self) -> bool:
        return True

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Others may still have to say something."""
