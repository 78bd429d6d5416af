"""FORMATS, the formats of rows: one row of the table is all that the rest of the house knows of a format."""

from __future__ import annotations

import os
from collections import ChainMap
from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from circuitcli.tables.streams import Stream


class NeedsLibraries(Exception):  # noqa: N818
    """Python alone cannot do it, or better leaves it to libraries."""


class Format(NamedTuple):
    """A format of rows. Its reader, a `Table`, and its writer, a `Writer`, are named by module and class: a row loads
    no library, and travels to the workers of a cluster as it is."""

    name: str  # for --from and --to
    title: str  # in messages
    endings: tuple[str, ...]  # of file names; we write the first
    reader: str
    writer: str
    plain_reader: str = ""  # the same in Python alone, without a library
    plain_writer: str = ""
    begins: tuple[bytes, ...] = ()  # the first bytes of a file; of a text, behind spaces
    separator: str = ""  # between the cells of a row
    decimal: str = "."  # before the digits behind a number's point
    quotes: bool = False  # a cell may stand in quotes, and a line may end inside of them
    headed: bool = False  # the first row names the columns, unless --names does
    keyed: bool = False  # every row names its columns, and may have more than the first
    typed: bool = False  # the file knows the types of its columns, and no terminal can show it
    in_folders: bool = False  # a directory stands for its files of this format
    rounds: bool = False  # numbers have as many digits as are asked for
    lines: str = ""  # of a document, which is for writing alone: the format of its rows, read and written a line each
    printed: str = ""  # the format that its rows have on standard output, where it is another
    aliases: tuple[str, ...] = ()  # other names for --from and --to


_SEPARATED = (
    "circuitcli.tables.separated_values:SeparatedTable",
    "circuitcli.tables.separated_values:SeparatedWriter",
    "circuitcli.tables.plain_separated:PlainSeparatedTable",
    "circuitcli.tables.plain_separated:PlainSeparatedWriter",
)
_JSON_LINES = (
    "circuitcli.tables.json_lines:JsonTable",
    "circuitcli.tables.json_lines:JsonWriter",
    "circuitcli.tables.plain_json:PlainJsonTable",
    "circuitcli.tables.plain_json:PlainJsonWriter",
)
_PARQUET = "circuitcli.tables.columnar:ParquetTable", "circuitcli.tables.columnar:ParquetWriter"
_ARROW = "circuitcli.tables.columnar:ArrowTable", "circuitcli.tables.columnar:ArrowWriter"
_ARROW_MARKS = b"ARROW1", b"\xff\xff\xff\xff"  # of a file, and of a stream

FORMATS = {
    row.name: row
    for row in (
        Format(
            "jsonl", "JSON Lines", (".jsonl", ".ndjson", ".json"), *_JSON_LINES,
            begins=(b"{", b"["), keyed=True, aliases=("jsonlines", "ldjson"),
        ),
        Format("csv", "CSV", (".csv",), *_SEPARATED, separator=",", quotes=True, headed=True),
        Format("tsv", "TSV", (".tsv", ".tab"), *_SEPARATED, separator="\t", headed=True),
        Format(
            "parquet", "Parquet", (".parquet", ".pq"), *_PARQUET,
            begins=(b"PAR1",), typed=True, in_folders=True, printed="csv",
        ),
        Format(
            "arrow", "Arrow", (".arrow", ".ipc", ".feather"), *_ARROW,
            begins=_ARROW_MARKS, typed=True, printed="csv",
        ),
    )
}  # fmt: skip

JSON = Format(
    "json", "JSON", (".json",), "", "circuitcli.tables.json_lines:JsonArrayWriter",
    plain_writer="circuitcli.tables.plain_json:PlainJsonArrayWriter", keyed=True, lines="jsonl",
)  # fmt: skip
_TABLE = "circuitcli.render.row_table:TableWriter"
TABLE = Format("table", "a table", (".txt",), "", _TABLE, plain_writer=_TABLE, headed=True, rounds=True)  # for people
ANY_TEXT = (".dat",)  # the endings of texts of rows that tell no format; `.txt` is one more
WRITTEN = ChainMap(FORMATS, {row.name: row for row in (JSON, TABLE)})  # all that --to may ask for; two are not read


def name_of(asked: str, among: Collection[str]) -> str:
    """The name of a format, of some, that is asked for by another name or by an ending: ndjson, JSON-Lines, pq; of
    none, what was asked for."""
    plain = "".join(filter(str.isalnum, asked.lower()))
    rows = (row.name for row in WRITTEN.values() if plain in row.aliases or f".{plain}" in row.endings)
    return next((name for name in (plain, *rows) if name in among), asked)


def format_of(stream: Stream, told: str = "") -> Format:
    """The format of a file: what an option says, else its ending, else its first bytes. Raises FileError for a file
    that has rows but is of another program."""
    from circuitcli.tables.foreign_files import refuse_foreign
    from circuitcli.tables.streams import BOM

    refuse_foreign(stream)
    if told:
        return FORMATS[told]
    start = stream.first
    text = start.removeprefix(BOM).lstrip()
    if named := format_named(stream.name):
        return named
    return next((row for row in FORMATS.values() if row.typed and start.startswith(row.begins)), format_of_text(text))


def format_of_text(text: bytes) -> Format:
    """The format of a text that begins so: told by its first bytes, else by the separator in its first line."""
    rows = [row for row in FORMATS.values() if not row.typed]
    if told := next((row for row in rows if text.startswith(row.begins)), None):
        return told
    line = text.partition(b"\n")[0]
    separated = [row for row in rows if row.separator]
    return next((row for row in separated if row.separator.encode() in line), separated[0])


def format_named(name: str) -> Format | None:
    """The format that the ending of a name tells."""
    ending = _ending(name)
    return next((row for row in FORMATS.values() if ending in row.endings), None)


def names_rows(name: str) -> bool:
    """Whether a name ends as those of files of rows do, packed or not."""
    from circuitcli.tables.packing import unpacked_name

    endings = {*ANY_TEXT, *(ending for row in WRITTEN.values() for ending in row.endings)}
    return bool(unpacked_name(name)[1]) or _ending(name) in endings


def form_named(name: str) -> str:
    """The form in which a file of this name is written, a document or rows; empty where its ending tells none."""
    if _ending(name) in JSON.endings:
        return JSON.name
    row = format_named(name)
    return row.name if row is not None else ""


def _ending(name: str) -> str:
    """The ending of a name in small letters, without that of its packing."""
    from circuitcli.tables.packing import unpacked_name

    return os.path.splitext(unpacked_name(name)[0])[1]


def format_to_write(told: str, out: str | None, came: Format) -> Format:
    """The format of the rows that go out: as an option says, as the name of the file tells, or as they came in."""
    if told:
        return WRITTEN[told]
    if out is None:
        return FORMATS[came.printed] if came.printed else came
    return WRITTEN.get(form_named(out), came)


def is_binary(start: bytes) -> bool:
    """Whether a file that begins so is of a typed format, and no text."""
    return any(start.startswith(row.begins) for row in FORMATS.values() if row.typed)
