"""Damaged files of columns with types: a clear error or the rows as they are, and never a crash."""

from __future__ import annotations

import datetime
import io
import json
import random
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from tests.support import circuit

ROWS = 40
DAY = datetime.datetime(2020, 1, 1)
CHANGES = (0, 1, 255, 2**15, 2**31 - 1, 2**31, 2**32 - 1)  # that lengths and places do not survive


def table() -> pa.Table:
    """A column of every kind that a format treats in its own way."""
    count = range(ROWS)
    return pa.table(
        {
            "x": pa.array([0.5 * i for i in count]),
            "gaps": pa.array([None if i % 7 == 3 else i for i in count], pa.int32()),
            "text": pa.array([f"text {i} ü" for i in count]),
            "long": pa.array([f"long {i}" for i in count], pa.large_string()),
            "kind": pa.array([f"kind {i % 3}" for i in count]).dictionary_encode(),
            "time": pa.array([DAY + datetime.timedelta(hours=i) for i in count], pa.timestamp("us")),
            "price": pa.array([Decimal(i) for i in count], pa.decimal128(12, 2)),
            "yes": pa.array([i % 2 == 0 for i in count]),
        }
    )


def files() -> list[bytes]:
    """Sound files in the variants of both formats."""
    whole, found = table(), []
    for packing in (None, "lz4", "zstd"):
        for opened in (pa.ipc.new_file, pa.ipc.new_stream):
            file = io.BytesIO()
            with opened(file, whole.schema, options=pa.ipc.IpcWriteOptions(compression=packing)) as writer:
                writer.write_table(whole, max_chunksize=15)
            found.append(file.getvalue())
    for options in (
        {},
        {"compression": "none", "use_dictionary": False},
        {"row_group_size": 13, "compression": "gzip"},
    ):
        file = io.BytesIO()
        pa.parquet.write_table(whole, file, **options)
        found.append(file.getvalue())
    return found


def damaged(data: bytes, draw: random.Random) -> bytes:
    """A file of which some bytes are others, are missing, or stand elsewhere."""
    if draw.random() < 0.1:
        return data[: draw.randrange(len(data))]
    found = bytearray(data)
    for _ in range(draw.choice((1, 1, 1, 2, 5))):
        i, length = draw.randrange(len(found)), draw.randrange(1, 16)
        match draw.randrange(5):
            case 0:
                found[i] = draw.randrange(256)
            case 1:
                found[i] ^= 1 << draw.randrange(8)
            case 2:
                found[i : i + 4] = draw.choice(CHANGES).to_bytes(4, "little")
            case 3:
                j = draw.randrange(len(found))
                found[i : i + length] = found[j : j + length]
            case _:
                del found[i : i + length]
    return bytes(found)


# Many command lines in one process, which says with which it began: a crash would end it.
MANY = """
import io, sys
from contextlib import redirect_stderr
from pathlib import Path
from circuitcli.cli.running import run
for name in sorted(Path(".").glob("*.data")):
    for form in ("jsonl", "csv", "parquet", "arrow"):
        print(name, form, end=" ", flush=True)
        told = io.StringIO()
        with redirect_stderr(told):
            status = run(["eval", "2*x", str(name), "--out", f"{name}.{form}", "--quiet"])
        print(status, flush=True)
        assert (status == 2) == bool(told.getvalue()), told.getvalue()
"""


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 5))])
def test_damaged_files_are_told(seed: int, tmp_path: Path) -> None:
    draw, sound = random.Random(seed), files()
    for i, data in enumerate(sound):
        (tmp_path / f"sound{i}.data").write_bytes(data)
    for i in range(200):
        (tmp_path / f"{i:03}.data").write_bytes(damaged(draw.choice(sound), draw))
    done = subprocess.run(
        [sys.executable, "-c", MANY], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, (done.stdout.splitlines()[-1], done.stderr)
    said = [line.split() for line in done.stdout.splitlines()]
    assert {status for _, _, status in said} == {"0", "2"}
    assert all(status == "0" for name, _, status in said if name.startswith("sound"))
    for path in tmp_path.glob("*.data.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            json.loads(line)


UNWRITABLE = {
    "interval": pa.array([(1, 15, -30), None], pa.month_day_nano_interval()),
    "far": pa.array([2**62, 5], pa.timestamp("s")),
    "within": pa.array([[2**61], None], pa.list_(pa.timestamp("s"))),
    "union": pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["a", "b"])]),
}


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "arrow"])
@pytest.mark.parametrize("kind", UNWRITABLE)
def test_a_type_without_a_place_is_an_error(kind: str, form: str, tmp_path: Path) -> None:
    whole = pa.table({"x": [1.0, 2.0], "c": UNWRITABLE[kind]})
    with pa.ipc.new_file(tmp_path / "in.arrow", whole.schema) as writer:
        writer.write_table(whole)
    done = circuit("eval", "2*x", "in.arrow", "--out", f"out.{form}", cwd=tmp_path)
    assert "Traceback" not in done.stderr
    if done.returncode:
        assert "--columns" in done.stderr and not (tmp_path / f"out.{form}").exists()
    again = circuit("eval", "2*x", "in.arrow", "--columns", "x", "--out", f"out.{form}", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
