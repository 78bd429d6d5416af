"""The troublesome files that are no text, made anew: of other programs, packed, cut off, or in another encoding."""

from __future__ import annotations

import gzip
import io
import pickle
import sqlite3
import zipfile
from pathlib import Path

import numpy as np
import pytest

openpyxl = pytest.importorskip("openpyxl")

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde"
MATLAB = b"MATLAB 5.0 MAT-file, Platform: GLNXA64, Created on: Mon Jan  1 00:00:00 2024".ljust(124) + b"\0\1IM"
MANY = "".join([f"{i},{i * i}\n" for i in range(2_000)])


def make(folder: Path) -> None:
    """Write all of them into a folder."""
    for name, content in {
        "archive.zip": zipped({"january.csv": b"x,y\n3,4\n", "february.csv": b"x,y\n5,12\n"}),
        "arrays.npz": zipped({"x.npy": array(), "y.npy": array()}),
        "cut-off.csv.gz": gzip.compress(f"x,y\n{MANY}".encode(), mtime=0)[:-1_000],
        "damaged.xlsx": workbook("Sheet")[:-300],
        "figure.csv": PNG,
        "frame.duckdb": bytes(8) + b"DUCK" + bytes(40),
        "frame.pkl": pickle.dumps({"x": [3, 5]}),
        "frame.rds": gzip.compress(b"X\n\0\0\0\3\0\4\3\1\0\3\5\0", mtime=0),
        "frame.sav": b"$FL2@(#) SPSS DATA FILE",
        "laender.csv": "Länge,Zeit\n3,4\n".encode("latin-1"),
        "measured.h5": b"\x89HDF\r\n\x1a\n\0\0\0\0\0\x08\x08\0",
        "measured.mat": MATLAB,
        "measured.npy": array(),
        "old-mac.csv": b"x,y\r3,4\r5,12\r",
        "program.csv": b"\x7fELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0>\0\1\0\0\0",
        "report.csv": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        "sheet.xlsx": workbook("Sheet"),
        "sheets.xlsx": workbook("2023", "2024"),
        "torn.parquet": b"PAR1" + bytes(100),
    }.items():
        (folder / name).write_bytes(content)
    (folder / "days").mkdir()
    (folder / "days" / "monday.csv").write_text("x,y\n3,4\n")
    (folder / "days" / "tuesday.jsonl").write_text('{"x": 5, "y": 6}\n')
    with sqlite3.connect(folder / "frame.sqlite") as base:
        base.execute("create table pts(x, y)")
        base.execute("insert into pts values(3, 4)")
    base.close()


def array() -> bytes:
    """An array of NumPy, as it saves one."""
    file = io.BytesIO()
    np.save(file, np.array([[3.0, 4.0], [5.0, 12.0]]))
    return file.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    """An archive of some files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def workbook(*names: str) -> bytes:
    """A workbook with rows in each of its sheets."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name in names:
        sheet = book.create_sheet(name)
        sheet.append(["x", "y"])
        sheet.append([3, 4])
    book.save(file)
    return file.getvalue()
