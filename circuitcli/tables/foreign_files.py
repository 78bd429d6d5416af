"""Files of other programs: what they are, by their first bytes, and the way out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from circuitcli.errors import FileError
from circuitcli.tables.shell_hints import STDIN
from circuitcli.tables.streams import BOM
from circuitcli.visible_text import shell_word

if TYPE_CHECKING:
    from circuitcli.tables.streams import Stream


class Foreign(NamedTuple):
    """A kind of files: what one is called, its first bytes, which of text are in small letters and stand behind spaces,
    where they stand, and what is to be done, in which FILE stands for its name."""

    what: str
    begins: tuple[bytes, ...]
    way_out: str
    at: int = 0
    is_text: bool = False


READABLE = "rows are read from CSV, TSV, JSON, Parquet, Arrow IPC and workbooks"
_SELECT = "'SELECT * FROM TABLE' | circuit ... -"
_EXPORT = "export a table of it as CSV or Parquet"
_DOWNLOAD = (
    "a server sent it in place of the rows, or they are a table in it: download the file itself, or copy the table"
)
_AS_ARRAY = "python3 -c \"import numpy, sys; numpy.savetxt(sys.stdout, numpy.load(sys.argv[1]), delimiter=',')\""
FOREIGN = (
    Foreign("an SQLite database", (b"SQLite format 3\0",), f"export a table: sqlite3 -csv -header FILE {_SELECT}"),
    Foreign("a DuckDB database", (b"DUCK",), f"export a table: duckdb -csv FILE {_SELECT}", at=8),
    Foreign("an HDF5 file", (b"\x89HDF",), _EXPORT),
    Foreign("a NetCDF file", (b"CDF\1", b"CDF\2", b"CDF\5"), _EXPORT),
    Foreign("a NumPy array", (b"\x93NUMPY",), f"write it as CSV: {_AS_ARRAY} FILE | circuit ... - --no-header"),
    Foreign("a MATLAB file", (b"MATLAB ",), "in MATLAB, writetable or writematrix writes a variable of it as CSV"),
    Foreign(
        "a pickle of Python",
        tuple(bytes((0x80, protocol)) for protocol in range(2, 6)),
        "it may run a program when it is read: where it comes from, write CSV or Parquet",
    ),
    Foreign("a file of R", (b"RDX2\n", b"RDX3\n", b"X\n\0\0", b"RDA3\n"), "in R, write.csv(x, 'x.csv') writes a table"),
    Foreign("a file of Stata", (b"<stata_dta>",), "in Stata, export delimited writes it as CSV"),
    Foreign("a file of SPSS", (b"$FL2", b"$FL3"), "in SPSS, SAVE TRANSLATE writes it as CSV"),
    Foreign("a file of SAS", (b"HEADER RECORD*******",), "in SAS, PROC EXPORT writes it as CSV"),
    Foreign("a FITS file", (b"SIMPLE  =",), _EXPORT),
    Foreign("an ORC file", (b"ORC\x08", b"ORC\x0a\x03"), "write it again as Parquet"),
    Foreign("an Avro file", (b"Obj\1",), "write it again as Parquet"),
    Foreign("a ROOT file", (b"root\0",), _EXPORT),
    Foreign("a PDF document", (b"%PDF-",), "ask who made it for the rows, or copy its table into a CSV file"),
    Foreign("a picture", (b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), "a picture has no rows: give the file it was made of"),
    Foreign("a stand-in of Git LFS", (b"version https://git-lfs",), "git lfs pull gets the file itself"),
    Foreign("an HTML page", (b"<!doctype html", b"<html", b"<head", b"<table"), _DOWNLOAD, is_text=True),
    Foreign("an XML document", (b"<?xml",), _EXPORT, is_text=True),
)


def refuse_foreign(stream: Stream) -> None:
    """Raise FileError for a file that may have rows, but is of another program."""
    start = stream.first
    text = start[:64].removeprefix(BOM).lstrip().lower()
    for row in FOREIGN:
        if text.startswith(row.begins) if row.is_text else start.startswith(row.begins, row.at):
            name = "FILE" if stream.shown == STDIN else shell_word(stream.shown)
            raise FileError(f"{stream.shown} is {row.what}", row.way_out.replace("FILE", name))
