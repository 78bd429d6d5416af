"""`circuit eval` and `circuit grad` over files: nothing is lost or invented, and a live row is answered at once."""

from __future__ import annotations

import bz2
import decimal
import gzip
import io
import json
import lzma
import math
import os
import random
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuitcli import Circuit
from circuitcli.rows.pipeline import in_order
from circuitcli.tables.batch import Wanted
from circuitcli.tables.joined_files import Tables
from circuitcli.tables.json_lines import JsonRows
from circuitcli.tables.number_text import JSON_WORDS, bare, texts
from tests.support import apart, circuit, ended, same

FORMS = ("csv", "tsv", "jsonl", "parquet", "arrow")
COUNT = 3_000


def sample() -> dict[str, list[Any]]:
    """Columns with what readers like to spoil: leading zeros, large whole numbers, quotes, all sorts of floats."""
    rng = random.Random(5)
    xs = [rng.choice((rng.gauss(0, 1), rng.uniform(-1, 1) * 10.0 ** rng.randint(-9, 18), 0.1)) for _ in range(COUNT)]
    return {
        "id": [f"{i:07d}" for i in range(COUNT)],
        "n": [2**53 + 1 + i for i in range(COUNT)],
        "note": [
            ("plain", 'a "quoted" word', "a, comma", "größe", "two\tcells"[: 3 + i % 2])[i % 5] for i in range(COUNT)
        ],
        "x": xs,
        "y": [rng.gauss(0, 1) for _ in range(COUNT)],
    }


def write(columns: dict[str, list[Any]], form: str, path: Path) -> None:
    rows = list(zip(*columns.values(), strict=True))
    if form == "tsv":
        lines = [columns, *([repr(c) if isinstance(c, float) else str(c) for c in row] for row in rows)]
        text = ["\t".join(c.replace("\\", "\\\\").replace("\t", "\\t") for c in line) + "\n" for line in lines]
        path.write_text("".join(text), encoding="utf-8")
    elif form == "csv":
        import csv

        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([[repr(c) if isinstance(c, float) else c for c in row] for row in rows])
    elif form == "jsonl":
        path.write_text(
            "".join(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) + "\n" for row in rows),
            encoding="utf-8",
        )
    elif form == "parquet":
        pq.write_table(pa.table(columns), path, row_group_size=1_000)
    else:
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, pa.table(columns).schema) as writer:
            writer.write_table(pa.table(columns), max_chunksize=1_000)


def read(form: str, path: Path) -> dict[str, list[Any]]:
    """Columns again, text forms as text."""
    if form == "tsv":
        lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        header, *rows = [[c.replace("\\t", "\t").replace("\\\\", "\\") for c in line] for line in lines]
        return dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))
    if form == "csv":
        import csv

        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        return dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))
    if form == "jsonl":
        objects = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return {name: [row[name] for row in objects] for name in objects[0]}
    if form == "parquet":
        columns: dict[str, list[Any]] = pq.read_table(path).to_pydict()
        return columns
    with pa.OSFile(str(path)) as file:
        found: dict[str, list[Any]] = pa.ipc.open_file(file).read_all().to_pydict()
        return found


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rows")
    for form in FORMS:
        write(sample(), form, folder / f"in.{form}")
    return folder


@pytest.mark.parametrize("to", FORMS)
@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_lost_between_any_two_forms(form: str, to: str, files: Path) -> None:
    out = files / f"{form}.{to}"
    done = circuit("grad", "r = x*y + 1", f"in.{form}", "--out", str(out), cwd=files)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    columns, found = sample(), read(to, out)
    assert list(found) == ["id", "n", "note", "x", "y", "r", "grad_x", "grad_y"]
    for name in ("id", "note"):
        assert found[name] == columns[name]
    assert [str(n) for n in found["n"]] == [str(n) for n in columns["n"]]
    r = Circuit("x*y + 1")
    for i in range(0, COUNT, 7):
        x, y = columns["x"][i], columns["y"][i]
        assert same(float(found["x"][i]), x) and same(float(found["y"][i]), y)
        value, gradient = r.value_and_gradient(x=x, y=y)
        assert same(float(found["r"][i]), value)
        assert same(float(found["grad_x"][i]), gradient["x"]) and same(float(found["grad_y"][i]), gradient["y"])
    assert math.fsum(map(float, found["x"])) == math.fsum(columns["x"])


def test_text_keeps_its_own_bytes(tmp_path: Path) -> None:
    text = 'id,x ,note\r\n007, 1.50,"a\r\nb"\r\n 1 ,2e0,\'\r\n\r\n3,+3,x\r\n'
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    done = circuit("eval", "v = x*2", "a.csv", cwd=tmp_path)
    assert done.returncode == 0
    want = 'id,x ,note,v\r\n007, 1.50,"a\r\nb",3.0\r\n 1 ,2e0,\',4.0\r\n3,+3,x,6.0\r\n'
    assert done.stdout == want
    (tmp_path / "a.jsonl").write_text(
        '{"x": 1.50, "s": "a\\u00e4:,{"}\n\n  {"s":null,"x":1e0 , "more":[1,2]}  \n{"x":-0.0}'
    )
    done = circuit("eval", "v = x*2", "a.jsonl", cwd=tmp_path)
    assert done.stdout == (
        '{"x": 1.50, "s": "a\\u00e4:,{","v":3.0}\n  {"s":null,"x":1e0 , "more":[1,2],"v":2.0}  \n{"x":-0.0,"v":-0.0}\n'
    )


def test_numbers_that_are_not_finite(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\nnan\ninf\n-inf\n-1\n")
    done = circuit("eval", "log(x)", "a.csv", cwd=tmp_path)
    assert done.stdout.split() == ["x,value", "nan,nan", "inf,inf", "-inf,nan", "-1,nan"]
    assert done.returncode == 3
    assert "3 rows came in infinite or not a number" in done.stderr
    assert "1 row is infinite or not a number (first: a.csv:5, log(x) at x = -1: outside its domain)" in done.stderr
    assert circuit("eval", "log(x)", "a.csv", "--allow-nonfinite", cwd=tmp_path).returncode == 0
    done = circuit("eval", "log(x)", "a.csv", "--to", "jsonl", "--columns", "value", cwd=tmp_path)
    values = [json.loads(line)["value"] for line in done.stdout.splitlines()]
    assert values == ["NaN", "Infinity", "NaN", "NaN"]
    again = circuit("eval", "w = value + 1", "-", stdin=done.stdout, cwd=tmp_path)
    assert [json.loads(line)["w"] for line in again.stdout.splitlines()] == values
    assert again.returncode == 0


@given(st.lists(st.floats(), min_size=1, max_size=40))
def test_floats_are_written_as_repr(numbers: list[float]) -> None:
    column = np.array(numbers)
    assert [text.decode() for text in texts(column, ";").to_pylist()] == [f";{x!r}" for x in numbers]
    words = dict(zip(("nan", "inf", "-inf"), JSON_WORDS, strict=True))
    assert bare(column, JSON_WORDS).to_pylist() == [words.get(repr(x), repr(x)) for x in numbers]


KEYS = ("x", "y", "größe", "a:b", 'q"', "a key of more than sixteen")
OBJECTS = st.fixed_dictionaries(
    {"x": st.floats(allow_nan=False, allow_infinity=False)},
    optional=dict.fromkeys(KEYS[1:], st.none() | st.integers() | st.text() | st.lists(st.floats(allow_nan=False))),
)


@given(st.lists(OBJECTS, min_size=1, max_size=5), st.sampled_from((", ", ",")), st.sampled_from((": ", ":")))
def test_objects_are_read_as_json_reads_them(objects: list[dict[str, Any]], comma: str, colon: str) -> None:
    text = "".join(json.dumps(o, ensure_ascii=False, separators=(comma, colon)) + "\n" for o in objects)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "a.jsonl"
        file.write_text(text, encoding="utf-8")
        with Tables([str(file)]) as tables:
            batches = [batch for _, rows in tables.pieces(Wanted(["x"])) if (batch := rows.batch())]
    found = [float(x) for batch in batches for x in batch.columns["x"]]
    assert list(map(repr, found)) == [repr(o["x"]) for o in objects]
    passed = [batch.rows.rows.data for batch in batches if isinstance(batch.rows, JsonRows)]
    assert b"".join(passed) == text.encode()


def test_floats_of_every_size_are_written_as_repr() -> None:
    rng = np.random.default_rng(0)
    some = rng.integers(0, 2**63, 20_000, dtype=np.int64).view(np.float64)
    decimal = np.round(rng.normal(size=20_000), 3) * 10.0 ** rng.integers(-8, 18, 20_000)
    column = np.concatenate([some, -some, decimal, np.rint(decimal)])
    assert [t.decode()[1:] for t in texts(column, ",").to_pylist()] == list(map(repr, column.tolist()))


BAD = "x,y\n1,2\n3,\n5,six\n7,8,9\n10\n11,12\n"


@pytest.mark.parametrize(
    ("policy", "rows", "status", "said"),
    [
        ("error", "", 2, "bad.csv:3: y is empty"),
        ("skip", "1,2,3.0\n11,12,23.0\n", 0, "skipped 4 of 6 rows (first: bad.csv:3, y is empty)"),
        ("nan", "", 2, "bad.csv:5: 3 cells, and 2 columns"),
    ],
)
def test_bad_rows(policy: str, rows: str, status: int, said: str, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(BAD)
    done = circuit("eval", "v = x + y", "bad.csv", "--bad-rows", policy, cwd=tmp_path)
    assert done.returncode == status
    assert said in done.stderr
    assert done.stdout == (f"x,y,v\n{rows}" if rows else "")
    quiet = circuit("eval", "v = x + y", "bad.csv", "--bad-rows", policy, "--quiet", cwd=tmp_path)
    assert said in quiet.stderr  # no row vanishes unmentioned


def test_a_row_that_is_kept_has_its_results_in_their_columns(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(BAD.replace("7,8,9\n", ""))
    done = circuit("eval", "v = x + y", "bad.csv", "--bad-rows", "nan", cwd=tmp_path)
    assert done.stdout == "x,y,v\n1,2,3.0\n3,,nan\n5,six,nan\n10,,nan\n11,12,23.0\n"


def test_bad_json_rows(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"x":1}\n{"x":null}\n{"x":"2"}\n{"y":1}\n{"x":true}\n{"x":1e999}\n{"x":2}\n')
    done = circuit("eval", "x", "a.jsonl", "--bad-rows", "skip", cwd=tmp_path)
    assert [json.loads(line)["value"] for line in done.stdout.splitlines()] == [1.0, 2.0, 1.0, "Infinity", 2.0]
    assert "skipped 2 of 7 rows (first: a.jsonl:2, x is null)" in done.stderr
    for line, why in (("{", "no JSON"), ("[1]", "no JSON object"), ('{"x":1', "no JSON"), ('{"x":"a"}', 'x is "a"')):
        (tmp_path / "b.jsonl").write_text('{"x":1}\n' + line + "\n")
        done = circuit("eval", "x", "b.jsonl", cwd=tmp_path)
        assert done.returncode == 2 and done.stderr.startswith("circuit: b.jsonl:2: ") and why in done.stderr


def test_the_line_of_a_bad_row_far_behind(tmp_path: Path) -> None:
    lines = [f'{i},"a\nb"' for i in range(200_000)]
    lines[150_000] = 'x,"a\nb"'
    (tmp_path / "a.csv").write_text("x,s\n" + "\n".join(lines) + "\n")
    done = circuit("eval", "mean(x)", "a.csv", cwd=tmp_path)
    assert done.stderr.startswith('circuit: a.csv:300002: x is "x", no number')


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_damaged_files(tmp_path: Path) -> None:
    whole = gzip.compress(b"x\n" + b"1\n2\n3\n" * 5_000)
    (tmp_path / "cut.csv.gz").write_bytes(whole[:-20])
    (tmp_path / "bent.csv.gz").write_bytes(whole[:30] + b"spoiled" + whole[37:])
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 and no more")
    (tmp_path / "cut.arrow").write_bytes(b"ARROW1\0\0")
    (tmp_path / "cut.csv.zst").write_bytes(b"\x28\xb5\x2f\xfd and no more")
    plain = b"x\n" + b"".join(b"%d\n" % (i * i) for i in range(5_000))
    for name, made in (("bz2", bz2.compress(plain)), ("xz", lzma.compress(plain)), ("zip", zipped({"x.csv": plain}))):
        (tmp_path / f"cut.csv.{name}").write_bytes(made[:-20])
        (tmp_path / f"bent.csv.{name}").write_bytes(made[:200] + b"spoiled" + made[207:])
    (tmp_path / "cut16.csv").write_bytes("x\n1\n2\n".encode("utf-16")[:-1])
    for name in ("cut.csv.gz", "bent.csv.gz", "cut.parquet", "cut.arrow", "cut.csv.zst", "cut16.csv", *[
        f"{how}.csv.{packing}" for how in ("cut", "bent") for packing in ("bz2", "xz", "zip")
    ]):  # fmt: skip
        done = circuit("eval", "sum(x)", name, cwd=tmp_path)
        assert done.returncode == 2, name
        assert done.stderr.startswith(f"circuit: {name} is ") and "Traceback" not in done.stderr


@pytest.mark.parametrize("packing", ["gz", "zst", "bz2", "xz"])
def test_packed_files(packing: str, tmp_path: Path) -> None:
    rows = "x\n" + "".join(f"{i}\n" for i in range(10_000))
    (tmp_path / "a.csv").write_text(rows)
    done = circuit("eval", "x^2", "a.csv", "--out", f"b.csv.{packing}", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = circuit("eval", "sum(value)", f"b.csv.{packing}", "--quiet", cwd=tmp_path)
    assert float(done.stdout) == sum(i * i for i in range(10_000))
    piped = circuit("eval", "sum(value)", "-", "--quiet", stdin=(tmp_path / f"b.csv.{packing}").read_bytes())
    assert piped.stdout == done.stdout


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "packing", [None, gzip.compress, bz2.compress, lzma.compress, lambda data: zipped({"d": data})]
)
@pytest.mark.parametrize("text", ["name,x\nJosé,1.5\n😀,2.5\n", '{"name": "é", "x": 1.5}\n{"name": "😀", "x": 2.5}\n'])
def test_utf16(encoding: str, packing: Callable[[bytes], bytes] | None, text: str, tmp_path: Path) -> None:
    """Spreadsheets and other systems write it, with and without a mark, packed or not, in a file and in a pipe."""
    data = text.encode(encoding)
    (tmp_path / "a").write_bytes(data if packing is None else packing(data))
    for file, stdin in (("a", ""), ("-", (tmp_path / "a").read_bytes())):
        done = circuit("eval", "v = 2*x", file, "--columns", "name,v", "--to", "csv", stdin=stdin, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert [line.split(",")[1] for line in done.stdout.splitlines()] == ["v", "3.0", "5.0"]
        assert "😀,5.0" in done.stdout


def test_files_of_other_programs(tmp_path: Path) -> None:
    """Each is told by its first bytes, whatever it is called, with the way to rows."""
    workbook = zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""})
    for content, what, way in (
        (b"SQLite format 3\0" + bytes(100), "an SQLite database", "sqlite3 -csv -header"),
        (bytes(8) + b"DUCK" + bytes(100), "a DuckDB database", "duckdb -csv"),
        (workbook, "no sound workbook", "save its sheet as CSV"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "no sound workbook", "save its sheet as CSV"),
        (zipped({"a.csv": b"x\n1\n", "b.csv": b"x\n"}), "holds 2 files, a.csv, b.csv", "unpack it"),
        (zipped({"d/": b""}), "holds no file", "unpack it"),
    ):
        for name in ("a.csv", "a.xlsx", "a"):
            (tmp_path / name).write_bytes(content)
            done = circuit("eval", "x", name, cwd=tmp_path)
            assert done.returncode == 2 and what in done.stderr and way in done.stderr, done.stderr


def test_several_files_and_patterns(tmp_path: Path) -> None:
    for i in range(3):
        (tmp_path / f"day-{i}.csv").write_text(f"x,s\n{i},a\n{10 * i},b\n")
    done = circuit("eval", "x^2", "day-*.csv", cwd=tmp_path)
    assert done.stdout.split() == ["x,s,value", "0,a,0.0", "0,b,0.0", "1,a,1.0", "10,b,100.0", "2,a,4.0", "20,b,400.0"]
    assert circuit("eval", "sum(x)", "day-1.csv", "day-2.csv", "--quiet", cwd=tmp_path).stdout == "33.0\n"
    (tmp_path / "day-3.csv").write_text("s,x\na,1\n")
    done = circuit("eval", "x", "day-*.csv", cwd=tmp_path)
    assert "day-3.csv has not the columns of day-0.csv: it has them in another order" in done.stderr
    assert circuit("eval", "sum(x)", "day-*.csv", "--quiet", cwd=tmp_path).stdout == "34.0\n"
    done = circuit("eval", "x^2", "day-2.csv", "day-3.csv", "--columns", "s,value", cwd=tmp_path)
    assert done.stdout.split() == ["s,value", "a,4.0", "b,400.0", "a,1.0"]
    (tmp_path / "day-3.csv").write_text("s,y\na,1\n")
    assert "it lacks x" in circuit("eval", "sum(x)", "day-*.csv", cwd=tmp_path).stderr
    folder = tmp_path / "set" / "part=1"
    folder.mkdir(parents=True)
    pq.write_table(pa.table({"x": [1.0, 2.0]}), folder / "a.parquet")
    assert circuit("eval", "sum(x)", "set", "--quiet", cwd=tmp_path).stdout == "3.0\n"


def test_parquet_on_standard_output_is_csv_unless_asked(files: Path) -> None:
    done = circuit("eval", "r = x*0", "in.parquet", "--columns", "id,r", cwd=files)
    assert done.stdout.splitlines()[:2] == ["id,r", "0000000,0.0"] or done.stdout.startswith("id,r\n0000000,-0.0")
    raw = subprocess.run(
        [sys.executable, "-m", "circuitcli", "eval", "r = x*0", "in.parquet", "--to", "parquet"],
        cwd=files,
        capture_output=True,
        check=True,
    ).stdout
    assert pq.read_table(pa.BufferReader(raw)).num_rows == COUNT
    piped = circuit("eval", "count()", "-", "--quiet", stdin=raw)
    assert float(piped.stdout) == COUNT


def test_whole_numbers_that_float64_would_round_are_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [1, 2**53 + 1], "x": [1.0, 2.0]}), tmp_path / "a.parquet")
    done = circuit("eval", "n*2", "a.parquet", cwd=tmp_path)
    assert done.returncode == 2 and "beyond 2^53" in done.stderr
    done = circuit("eval", "x*2", "a.parquet", cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "9007199254740993,2.0,4.0"


@pytest.mark.parametrize(("digits", "scale"), [(7, 2), (9, 2), (15, 6), (18, 6), (38, 10), (76, 30)])
def test_decimals_are_the_nearest_floats(digits: int, scale: int, tmp_path: Path) -> None:
    draw = random.Random(digits)
    texts = [
        f"{draw.randrange(10 ** min(digits - scale, 12))}.{draw.randrange(10**scale):0{scale}}" for _ in range(500)
    ]
    kind = pa.decimal128(digits, scale) if digits <= 38 else pa.decimal256(digits, scale)
    table = pa.table({"x": pa.array([None, *(decimal.Decimal(t) for t in texts)], kind)}).slice(1)
    pq.write_table(table, tmp_path / "a.parquet")
    done = circuit("eval", "v = x", "a.parquet", "--columns", "v", "--to", "csv", cwd=tmp_path)
    assert [float(line) for line in done.stdout.split()[1:]] == [float(text) for text in texts]


def test_typed_columns_that_are_no_numbers(tmp_path: Path) -> None:
    table = pa.table(
        {"s": ["a", "b"], "x": pa.array([1, None]), "d": pa.array([[1], [2]]), "f": pa.array([1.5, 2], pa.float32())}
    )
    pq.write_table(table, tmp_path / "a.parquet")
    assert 'a.parquet:row 1: s is "a", no number' in circuit("eval", "s", "a.parquet", cwd=tmp_path).stderr
    assert "a.parquet:row 2: x is missing" in circuit("eval", "x", "a.parquet", cwd=tmp_path).stderr
    assert circuit("eval", "f", "a.parquet", cwd=tmp_path).stdout.splitlines()[1:] == [
        "a,1,[1],1.5,1.5",
        "b,,[2],2.0,2.0",
    ]
    assert (
        circuit("eval", "f", "a.parquet", "--columns", "s,f,value", cwd=tmp_path).stdout
        == "s,f,value\na,1.5,1.5\nb,2.0,2.0\n"
    )
    done = circuit("eval", "f", "a.parquet", "--to", "jsonl", "--columns", "x,value", cwd=tmp_path)
    assert done.stdout.splitlines() == ['{"x":1,"value":1.5}', '{"x":null,"value":2.0}']


def test_a_later_key_that_a_result_would_repeat(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"x":1}\n{"x":2,"value":3}\n')
    done = circuit("eval", "x", "a.jsonl", cwd=tmp_path)
    assert done.returncode == 2 and 'a.jsonl:2 already has a key "value"' in done.stderr


def test_keys_in_any_order_and_inside_others(tmp_path: Path) -> None:
    rows = ['{"x":1,"y":2}', '{"y":4,"x":3}', '{"s":{"x":9},"x":5,"y":6}', '{"y":8,"s":"\\",\\"x\\":0","x":7}']
    (tmp_path / "a.jsonl").write_text("\n".join(rows))
    done = circuit("eval", "x*10 + y", "a.jsonl", "--columns", "value", cwd=tmp_path)
    assert [json.loads(line)["value"] for line in done.stdout.splitlines()] == [12.0, 34.0, 56.0, 78.0]


# ── live ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("first", "rows", "wanted"),
    [
        ("x,y\n", ["1,2\n", "3,4\n", "5,6\n"], ["x,y,value", "1,2,2.0", "3,4,12.0", "5,6,30.0"]),
        ("", ['{"x":1,"y":2}\n', '{"x":3,"y":4}\n'], ['{"x":1,"y":2,"value":2.0}', '{"x":3,"y":4,"value":12.0}']),
    ],
)
def test_a_row_is_answered_before_the_next_is_written(first: str, rows: list[str], wanted: list[str]) -> None:
    with (
        subprocess.Popen(
            [sys.executable, "-m", "circuitcli", "eval", "x*y", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process,
        ended(process),
    ):
        assert process.stdin and process.stdout
        process.stdin.write(first.encode())
        lines = []
        for i, row in enumerate(rows):
            process.stdin.write(row.encode())
            process.stdin.flush()
            lines += [process.stdout.readline().decode().strip() for _ in range(2 if first and not i else 1)]
        assert lines == wanted
        process.stdin.close()
        assert process.wait(timeout=300) == 0


@pytest.mark.slow
def test_interrupted_between_two_rows() -> None:
    with (
        subprocess.Popen(
            [sys.executable, "-m", "circuitcli", "eval", "x*2", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process,
        ended(process),
    ):
        assert process.stdin and process.stdout
        process.stdin.write(b"x\n1\n2\n")
        process.stdin.flush()
        assert [process.stdout.readline() for _ in range(3)] == [b"x,value\n", b"1,2.0\n", b"2,4.0\n"]
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=300) == 130
        assert process.stdout.read() == b""


@pytest.mark.slow
def test_nobody_reads_the_output(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n" + "1\n" * 400_000)
    with (
        subprocess.Popen(
            [sys.executable, "-m", "circuitcli", "eval", "x*2", "a.csv"], cwd=tmp_path, stdout=subprocess.PIPE
        ) as process,
        ended(process),
    ):
        assert process.stdout
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=300) == 141


# ── files that appear whole ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_a_run_that_is_killed_leaves_no_file_or_a_whole_one(tmp_path: Path) -> None:
    rows = 60_000
    (tmp_path / "a.csv").write_text("x\n" + "".join(f"{i}\n" for i in range(rows)))
    rng, out = random.Random(1), tmp_path / "out.csv"
    start = time.monotonic()
    assert apart("eval", "exp(-x)", "a.csv", "--out", "out.csv", cwd=tmp_path).returncode == 0
    seconds, whole = time.monotonic() - start, out.read_bytes()
    for _ in range(20):
        out.unlink(missing_ok=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "circuitcli", "eval", "exp(-x)", "a.csv", "--out", "out.csv"], cwd=tmp_path
        )
        time.sleep(seconds * rng.uniform(0.3, 1.05))
        process.kill()
        process.wait()
        assert not out.exists() or out.read_bytes() == whole


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\ntwo\n")
    (tmp_path / "out.csv").write_text("precious")
    assert circuit("eval", "x", "a.csv", "--out", "out.csv", cwd=tmp_path).returncode == 2
    assert (tmp_path / "out.csv").read_text() == "precious"
    assert sorted(os.listdir(tmp_path)) == ["a.csv", "out.csv"]


def test_only_what_is_needed_is_read_from_parquet(tmp_path: Path) -> None:
    table = pa.table({"x": [1.0, 2.0], "odd": pa.array([[1], [2]])})  # which no text form has a cell for
    pq.write_table(table, tmp_path / "a.parquet")
    assert circuit("eval", "sum(x)", "a.parquet", "--quiet", cwd=tmp_path).stdout == "3.0\n"


@pytest.mark.slow
def test_progress_is_told_at_a_terminal(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    (tmp_path / "a.csv").write_text("x\n" + "0.5\n" * 3_000_000)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "circuitcli", "eval", "sum(gamma(x))", "a.csv", "--quiet"]
    with subprocess.Popen(command[:-1], cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs) as process, ended(process):
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 65_536):
                said += piece
        except OSError:  # the other end is closed
            pass
        os.close(ours)
        assert process.wait(timeout=300) == 0
    assert b" rows/s" in said and b"%" in said


# ── the check ───────────────────────────────────────────────────────────────────────────────────────────────


def test_every_row_is_checked(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n1\n3\n")
    assert circuit("grad", "x^3/3", "a.csv", "--check", cwd=tmp_path).returncode == 0
    done = circuit("grad", "x^3/3", "a.csv", "--claim", "x = x", cwd=tmp_path)  # right at 1
    assert done.returncode == 1
    assert done.stdout.splitlines()[1].split() == ["x", "2", "1"]
    assert "1 of 3 rows do not agree, the first at a.csv:4 (x: claimed 3, slope 9)" in done.stderr
    record = json.loads(circuit("grad", "abs(x)", "a.csv", "--check", "--json", cwd=tmp_path).stdout)["check"]
    assert record["failed"] == 0 and record["inputs"]["x"]["agree"] == 3


# ── what a first reader tripped over ────────────────────────────────────────────────────────────────────────


def rows_of(text: str, name: str, tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / name).write_bytes(text.encode())
    return circuit("eval", words[0], name, *words[1:], cwd=tmp_path)


def test_only_bad_rows_are_no_crash(tmp_path: Path) -> None:
    done = rows_of("k,x\na,1\nb,2\n", "a.csv", tmp_path, "k*2", "--bad-rows", "skip")
    assert (done.returncode, done.stdout) == (2, "")
    assert 'all 2 rows were skipped, the first for a.csv:2, k is "a", no number' in done.stderr


@pytest.mark.parametrize("engine", [[], ["--engine", "arrays"]])
@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.parquet", "out.arrow"])
def test_only_bad_rows_leave_the_file_that_was_there(name: str, engine: list[str], tmp_path: Path) -> None:
    """As `circuit eval ... --out` promises: a file comes into its place only when it is whole."""
    (tmp_path / name).write_bytes(b"of yesterday")
    words = ["--bad-rows", "skip", "--out", name, *engine]
    done = rows_of("k,x\na,1\nb,2\n", "a.csv", tmp_path, "k*2", *words)
    assert done.returncode == 2 and "all 2 rows were skipped" in done.stderr
    assert (tmp_path / name).read_bytes() == b"of yesterday"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", name]


@pytest.mark.parametrize(
    "text", ['x,s\n1,"ab"\n3,"cd\n', 'x,s\n1,2\n3,"cd', 'x,s\n3,"c""d\n4,5\n', 'x,s\n3,"c\nd,""\n']
)
def test_a_quote_that_is_left_open_at_the_end(text: str, tmp_path: Path) -> None:
    done = rows_of(text, "a.csv", tmp_path, "2*x")
    assert done.returncode == 2 and "a quote is left open" in done.stderr


def test_a_quote_inside_a_cell_is_a_character(tmp_path: Path) -> None:
    done = rows_of('x,s\n1,5" pipe\n2,6" pipe\n3,7"\n4,8\n', "a.csv", tmp_path, "x*2")
    assert done.stdout.splitlines()[1:] == ['1,5" pipe,2.0', '2,6" pipe,4.0', '3,7",6.0', "4,8,8.0"]
    done = rows_of('x\ty\n1\t"a\n2\tb\\tc\n3\td"\n', "q.tsv", tmp_path, "x*2")
    assert done.stdout.splitlines()[1:] == ['1\t"a\t2.0', "2\tb\\tc\t4.0", '3\td"\t6.0']
    again = rows_of("x\ty\n2\tb\\tc\n", "r.tsv", tmp_path, "x*2", "--to", "jsonl")
    assert json.loads(again.stdout) == {"x": 2, "y": "b\tc", "value": 4.0}


def test_values_of_json_keep_their_text(tmp_path: Path) -> None:
    row = '{"x":1,"y":{"a":1.50,"b":[1,true,null,"s",12345678901234567890123,1e5]},"u":"\\u00e9"}'
    done = rows_of(row, "a.jsonl", tmp_path, "x*2", "--columns", "y,u,value")
    assert done.stdout == row.replace('"x":1,', "")[:-1] + ',"value":2.0}\n'


def test_two_columns_of_one_name_are_not_mixed_up(tmp_path: Path) -> None:
    text = "x,x,y\n1,2,3\n"
    assert rows_of(text, "a.csv", tmp_path, "y*2").stdout.splitlines()[1] == "1,2,3,6.0"
    for words in (["--to", "jsonl"], ["--columns", "x,y"], ["--out", "a.parquet"]):
        done = rows_of(text, "a.csv", tmp_path, "y*2", *words)
        assert done.returncode == 2 and "two columns x" in done.stderr


def test_an_answer_goes_out_as_the_file_is_called(tmp_path: Path) -> None:
    for name, start in (
        ("m.csv", "file,rows,value\n"),
        ("m.json", '{"expression"'),
        ("m.jsonl", '{"file"'),
        ("m", " node"),
    ):
        done = rows_of("x\n1\n3\n", "a.csv", tmp_path, "mean(x)", "--out", name)
        assert done.returncode == 0 and (tmp_path / name).read_text().startswith(start)
    assert rows_of("x\n1\n", "a.csv", tmp_path, "mean(x)", "--out", "m.parquet").returncode == 2


def test_what_a_check_says_goes_out_too(tmp_path: Path) -> None:
    def checked(*words: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "a.csv").write_text("x,y\n1,2\n3,4\n")
        return circuit("grad", "x*y", "a.csv", "--check", *words, cwd=tmp_path)

    assert (checked("--out", "c.csv").stdout, checked("--out", "c.json").stdout) == ("", "")
    assert (tmp_path / "c.csv").read_text() == checked("--to", "csv").stdout
    assert json.loads((tmp_path / "c.json").read_text())["check"]["rows"] == 2
    assert checked("--out", "c.csv.gz").returncode == 0
    assert gzip.decompress((tmp_path / "c.csv.gz").read_bytes()) == (tmp_path / "c.csv").read_bytes()
    for words, message in ((["--columns", "x"], "this is one answer"), (["--to", "parquet"], "this is one answer")):
        assert checked(*words).returncode == 2 and message in checked(*words).stderr


def test_ctrl_c_is_heard_while_results_stand_ready() -> None:
    late: Future[int] = Future()
    ready: Future[int] = Future()
    ready.set_result(1)
    results = in_order(range(1000), lambda piece: ready if piece else late, 1000)
    threading.Timer(0.3, late.set_result, [0]).start()  # when the others have gathered behind it
    assert [next(results), next(results)] == [0, 1]
    signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        next(results)


@pytest.mark.parametrize("expression", ["x*2", "mean(x)"])
def test_a_dash_is_standard_output(expression: str, tmp_path: Path) -> None:
    there = rows_of("x\n1\n3\n", "a.csv", tmp_path, expression)
    assert rows_of("x\n1\n3\n", "a.csv", tmp_path, expression, "--out", "-").stdout == there.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_numbers_of_csv_are_numbers_of_json(tmp_path: Path) -> None:
    done = rows_of("id,x\n007,nan\n1,inf\n2,+5\n3,.5\n4,-1.50\n", "a.csv", tmp_path, "v = x", "--to", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["x"] for row in rows] == ["NaN", "Infinity", 5.0, 0.5, -1.5] and rows[0]["id"] == "007"
    again = circuit("eval", "w = x - v", "-", stdin=done.stdout)
    assert again.returncode == 0 and len(again.stdout.splitlines()) == 5


@pytest.mark.slow
def test_the_recipe_for_two_passes_runs(tmp_path: Path) -> None:
    done = rows_of("x\n1\n2\n3\n", "a.csv", tmp_path, "m = mean(x); sqrt(mean((x - m)^2))")
    recipe = done.stderr.splitlines()[-1].replace("circuit eval", f"{sys.executable} -m circuitcli eval")
    shell = subprocess.run(
        ["bash", "-c", recipe + " --quiet"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert float(shell.stdout) == pytest.approx(math.sqrt(2 / 3))


def test_rows_of_json_need_not_begin_with_a_whole_one(tmp_path: Path) -> None:
    done = rows_of('{"y":1}\n{"x":2}\n', "a.jsonl", tmp_path, "x*2", "--bad-rows", "skip")
    assert done.stdout == '{"x":2,"value":4.0}\n'
    assert rows_of("", "none.jsonl", tmp_path, "x*2").returncode == 0
    assert rows_of("", "none.jsonl", tmp_path, "sum(x)", "--quiet").stdout == "0.0\n"


def test_rows_that_are_kept_are_told_apart_from_nan(tmp_path: Path) -> None:
    done = rows_of("x\n1\nabc\nnan\n", "a.csv", tmp_path, "x", "--bad-rows", "nan")
    assert "kept 1 row without a number as nan (first: a.csv:3, x is " in done.stderr
    assert "1 row came in infinite or not a number" in done.stderr


def test_a_check_of_nothing_in_every_row_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    done = circuit("grad", "q=x*y; sin(q)", "a.csv", "--wrt", "q", "--check", cwd=tmp_path)
    assert done.returncode == 2 and "there is nothing to check" in done.stderr


def test_a_check_of_many_rows_hears_ctrl_c(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    (tmp_path / "a.csv").write_text("x\n" + "0\n" * 100_000)  # at a kink each row is looked at alone
    ours, theirs = pty.openpty()  # where it tells its progress
    command = [sys.executable, "-m", "circuitcli", "grad", "abs(x)*exp(x)", "a.csv", "--check"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs) as process, ended(process):
        os.close(theirs)
        assert os.read(ours, 65_536)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=300) == 130
    os.close(ours)


def test_a_second_file_of_json_with_other_keys(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"x":1,"s":"a"}\n')
    (tmp_path / "b.jsonl").write_text('{"x":2,"t":"b"}\n')
    assert circuit("eval", "x*2", "a.jsonl", "b.jsonl", cwd=tmp_path).stdout.count("\n") == 2
    done = circuit("eval", "x*2", "a.jsonl", "b.jsonl", "--to", "csv", cwd=tmp_path)
    assert done.returncode == 2 and "the key t is not in the first row" in done.stderr
    done = circuit("eval", "x*2", "a.jsonl", "b.jsonl", "--to", "csv", "--columns", "s,value", cwd=tmp_path)
    assert done.stdout.split() == ["s,value", "a,2.0", ",4.0"]


@pytest.mark.parametrize("engine", [[], ["--engine", "arrays"]])
@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "parquet"])
def test_some_rows_and_some_columns(form: str, engine: list[str], tmp_path: Path) -> None:
    """--head, '*' among the columns, and --quiet, which leaves the bare results."""
    table = pa.table({"id": [f"n{i}" for i in range(1, 2001)], "x": [float(i) for i in range(1, 2001)]})
    pq.write_table(table, tmp_path / "a.parquet")
    name = f"b.{form}"
    assert circuit("eval", "y = x/2", "a.parquet", "--columns", "*,y", "--out", name, cwd=tmp_path).returncode == 0

    def printed(*words: str) -> list[str]:
        done = circuit(*words, *engine, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()

    assert printed("eval", "z = x*y", name, "--columns", "z,*", "--to", "csv", "--head", "2") == [
        "z,id,x,y", "0.5,n1,1.0,0.5", "2.0,n2,2.0,1.0",
    ]  # fmt: skip
    assert printed("eval", "z = x*y", name, "--columns", "*,z", "--to", "csv", "--head", "1")[0] == "id,x,y,z"
    assert printed("eval", "x*y", name, "--quiet", "--head", "3") == ["0.5", "2.0", "4.5"]
    assert printed("grad", "x*y", name, "--quiet", "--head", "1") == ["0.5,0.5,1.0"]
    assert len(printed("eval", "z = x*y", name, "--quiet")) == 2000
    for head, mean in ((1, 1.0), (10, 5.5), (1999, 1000.0), (5000, 1000.5)):
        found = printed("eval", "mean(x)", name, "--head", str(head), "--json")
        found_mean = json.loads("".join(found))
        assert (found_mean["value"], found_mean["rows"]["count"]) == (mean, min(head, 2000))
    refused = circuit("grad", "x*y", name, "--check", "--head", "1", cwd=tmp_path)
    assert refused.returncode == 2 and "--head" in refused.stderr


def test_head_ends_a_pipe_that_does_not(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "circuitcli", "eval", "c1*2", "-", "--no-header", "--head", "2", "--quiet"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write("1\n2\n3\n")
        process.stdin.flush()
        assert (process.stdout.read(), process.wait(timeout=60)) == ("2.0\n4.0\n", 0)
        process.stdin.close()
