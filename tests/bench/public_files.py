"""Every number of files of others, read by circuit and by pandas: they must be equal, or circuit must refuse.

    PYTHONPATH=. python tests/bench/public_files.py DIR...

Read are the columns that pandas takes for numbers or booleans, and in Parquet and Arrow also decimals and times; those
of small files twice, by Python alone and by the libraries. The numbers of JSONTestSuite (files like y_number_0e1.json)
stand alone, in objects, and behind 64 kB of others; there Python's own json is the judge. Exit status 1 if any differ.
"""

from __future__ import annotations

import csv
import gzip
import json
import keyword
import math
import re
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from tests.support import circuit

JOBS, MOST, SMALL = 2, 64, 1 << 16  # processes, columns of one command, bytes that Python reads alone
CELLS = {".csv", ".tsv", ".txt", ".gz"}
COLUMNS = {".parquet": "read_parquet", ".feather": "read_feather", ".arrow": "read_feather"}
SUITE = re.compile(r"[yni]_number.*\.json")
BLANKS = r"\s+"
NOT_JSON = "no JSON"


def pandas() -> Any:
    """Imported late, and by its name, for it is no dependency."""
    return import_module("pandas")


class Found(NamedTuple):
    """A file and its end: alike, refused, differs, not read by pandas or nothing to read; with a word on it."""

    path: Path
    what: str
    why: str = ""
    columns: int = 0
    numbers: int = 0
    rounded: int = 0  # numbers that pandas reads as a neighbour of the nearest float, and circuit as the nearest


class Column(NamedTuple):
    """A column as pandas reads it, and the texts of its cells where there are any."""

    name: str
    numbers: list[float]
    texts: list[Any] | None = None


def number(cell: Any) -> float:
    """A cell of pandas as a float; a time as seconds since 1970."""
    if cell is None or cell is pandas().NaT or cell is pandas().NA:
        return math.nan
    if isinstance(cell, pandas().Timestamp):
        return int(cell.as_unit("ns").value) / 10**9
    return float(cell)


def header(path: Path, separator: str) -> list[str]:
    """The names in the first row that has any."""
    opening: Any = gzip.open if path.suffix == ".gz" else open
    with opening(path, "rt", encoding="utf-8-sig") as lines:
        if separator == BLANKS:
            return next((line.split() for line in lines if line.strip()), [])
        return next((row for row in csv.reader(lines, delimiter=separator) if row), [])


def of_cells(path: Path) -> Iterator[Column]:
    """By the separator with which pandas finds most numbers, blanks only if no other parts the cells.

    Left out are columns that pandas named itself; where all names are numbers there is no header.
    """
    best: Any = None
    for separator in ("\t",) if ".tsv" in path.name else (",", ";", "\t", "|", BLANKS):
        if separator == BLANKS and best is not None and len(best[2].columns) > 1:
            break
        try:
            table = pandas().read_csv(path, sep=separator, float_precision="round_trip", low_memory=False)
        except Exception:
            continue
        count = len(table.select_dtypes(["number", "bool"]).columns)
        if best is None or (count, len(table.columns)) > (best[0], len(best[2].columns)):
            best = count, separator, table
    if best is None:
        raise ValueError("pandas reads it by no separator")
    _, separator, table = best
    names = header(path, separator)
    how: dict[str, Any] = {"sep": separator}
    if not any(math.isnan(nearest(name)) for name in names):
        names = [f"c{i + 1}" for i in range(len(names))]
        how |= {"header": None, "names": names}
        table = pandas().read_csv(path, float_precision="round_trip", low_memory=False, **how)
    texts = pandas().read_csv(path, dtype=str, keep_default_na=False, engine="python", **how)
    for name in table.select_dtypes(["number", "bool"]):
        if names.count(name) == 1:
            yield Column(str(name).strip(), [number(u) for u in table[name].tolist()], texts[name].tolist())


def of_columns(path: Path) -> Iterator[Column]:
    table = getattr(pandas(), COLUMNS[path.suffix])(path).reset_index(drop=True)
    for name in table.columns:
        cells = table[name]
        decimals = cells.dtype == object and {type(u).__name__ for u in cells if u is not None} == {"Decimal"}
        if decimals or pandas().api.types.is_numeric_dtype(cells) or pandas().api.types.is_datetime64_any_dtype(cells):
            yield Column(str(name), [number(u) for u in cells.tolist()])


def of_json(path: Path) -> Iterator[Column]:
    lines = path.suffix in (".jsonl", ".ndjson")
    if not lines and not isinstance(json.loads(path.read_bytes()), list):
        return  # of which pandas makes columns, and circuit one row
    table = pandas().read_json(path, lines=lines, convert_dates=False, precise_float=True)
    for name in table.select_dtypes(["number", "bool"]):
        yield Column(str(name), [number(u) for u in table[name].tolist()])


def read(path: Path) -> list[Column]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        how: Callable[[Path], Iterator[Column]] = of_columns if path.suffix in COLUMNS else of_json
        return list(of_cells(path) if path.suffix in CELLS else how(path))


def equal(x: float, y: float) -> bool:
    """-0.0 counts as 0, for whole numbers of pandas and of Python's json have no sign at 0."""
    return x == y or (x != x and y != y)


def nearest(text: Any) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def compared(path: Path, columns: list[Column], more: str) -> Found:
    """Some columns by one command; `more` goes before what is asked."""
    names = {column.name: f"column_{i}" for i, column in enumerate(columns)}
    plain = {name for name in names if len(name) > 2 and re.fullmatch("[a-z]+_[a-z]+", name)}
    names |= {name: name for name in plain if not keyword.iskeyword(name)}
    asked = [f"v{i} = {names[column.name]}" for i, column in enumerate(columns)]
    words = ["eval", "; ".join([more.format(names[columns[0].name])] * bool(more) + asked), str(path)]
    words += [word for old, new in names.items() if old != new for word in ("--rename", f"{old}={new}")]
    words += ["--bad-rows", "nan", "--to", "jsonl", "--columns", ",".join(f"v{i}" for i in range(len(columns)))]
    words += ["--no-header"] * all(re.fullmatch(r"c\d+", name) for name in names)
    done = circuit(*words)
    status, out, said = done.returncode, done.stdout, done.stderr.strip()
    if status not in (0, 3) or "Traceback" in said:
        return Found(path, "refused", said.replace("\n", " | "))
    rows = [json.loads(line) for line in out.splitlines()]
    none = all(row["v0"] == "NaN" for row in rows) and not all(map(math.isnan, columns[0].numbers))
    if none and "without a number as nan" in said:
        return Found(path, "refused", said.replace("\n", " | "))  # told of each cell: another way of parting the cells
    rounded, wrong = 0, []
    for i, (name, numbers, texts) in enumerate(columns):
        if len(rows) != len(numbers):
            return Found(path, "differs", f"{len(rows)} rows, pandas has {len(numbers)} | {said[:300]}")
        for at, (row, theirs) in enumerate(zip(rows, numbers, strict=True)):
            ours = float(row[f"v{i}"])
            if not equal(ours, theirs):
                text = texts[at] if texts else None
                if texts is None or abs(ours - theirs) > math.ulp(ours) or not equal(ours, nearest(text)):
                    wrong.append(f"{name!r}, row {at + 1}: {ours!r}, pandas has {theirs!r} of {text!r}")
                    break
                rounded += 1
    right = len(columns) - len(wrong)
    why = "; ".join(wrong) + f" | {said[:300]}" * bool(wrong)
    return Found(path, "differs" if wrong else "alike", why.replace("\n", " | "), right, right * len(rows), rounded)


def sums(found: list[Found]) -> dict[str, int]:
    return {name: sum(getattr(result, name) for result in found) for name in ("columns", "numbers", "rounded")}


def look(path: Path) -> list[Found]:
    try:
        columns = read(path)
    except Exception as error:
        return [Found(path, "not read by pandas", f"{type(error).__name__}: {str(error)[:100]}")]
    if not columns or not columns[0].numbers:
        return [Found(path, "nothing to read")]
    ways = ["", "more = exp({})"] if path.stat().st_size <= SMALL and path.suffix not in COLUMNS else [""]
    found = []
    for way in ways:
        parts = [columns[i : i + MOST] for i in range(0, len(columns), MOST)]
        results = [compared(path, part, way) for part in parts]
        if any(result.what == "refused" for result in results) and len(columns) > 1:
            results = [compared(path, [column], way) for column in columns]
        worst = min(results, key=lambda result: ("differs", "refused", "alike").index(result.what))
        total = sums(results)
        found.append(Found(path, worst.what, worst.why, total["columns"], total["numbers"], total["rounded"]))
    return found


def suite(path: Path) -> list[Found]:
    """A bare array of one number, as a row alone and behind many rows, from lines and from an array of rows."""
    whole = re.fullmatch(rb"\s*\[(.*)\]\s*", path.read_bytes(), re.DOTALL)
    if whole is None:
        return [Found(path, "nothing to read")]
    row, good = b'{"x": ' + whole[1] + b"}", b'{"x": 1}'
    try:
        x = json.loads(row)["x"]
        want = float(x) if type(x) in (int, float) else NOT_JSON
    except (ValueError, UnicodeDecodeError):
        want = NOT_JSON
    except OverflowError:
        want = math.copysign(math.inf, x)
    found = []
    for before in (0, SMALL // 8):
        for text in (b"\n".join([good] * before + [row]) + b"\n", b"[" + b",\n".join([good] * before + [row]) + b"]"):
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "in.jsonl"
                file.write_bytes(text)
                done = circuit("eval", "v = x", str(file), "--columns", "v", "--to", "jsonl")
            rows, status, said = done.stdout.splitlines(), done.returncode, done.stderr.strip()
            if status not in (0, 3):
                got: Any = NOT_JSON
            else:
                got = float(json.loads(rows[-1])["v"]) if len(rows) == before + 1 else f"{len(rows)} rows"
            said = said.replace("\n", " | ")
            if got == want or (isinstance(got, float) and isinstance(want, float) and equal(got, want)):
                found.append(Found(path, "alike", "", 1, 1))
            elif got == NOT_JSON:
                found.append(Found(path, "refused", f"{row!r} after {before} rows: {said}, Python has {want}"))
            else:
                found.append(Found(path, "differs", f"{row!r} after {before} rows: {got}, Python has {want}"))
    return found


def main(folders: list[str]) -> int:
    paths = [path for folder in folders for path in sorted(Path(folder).rglob("*")) if path.is_file()]
    endings = CELLS | set(COLUMNS) | {".json", ".jsonl", ".ndjson"}
    numbers = [path for path in paths if SUITE.fullmatch(path.name)]
    files = [path for path in paths if path.suffix in endings and not re.match("[yni]_", path.name)]
    wrong = False
    with ProcessPoolExecutor(JOBS, get_context("spawn")) as pool:
        for title, group, way in (("files", files, look), ("numbers of JSONTestSuite", numbers, suite)):
            found = []
            for result in (result for results in pool.map(way, group) for result in results):
                found.append(result)
                if result.what not in ("alike", "nothing to read"):
                    print(f"{result.what}: {result.path}: {result.why}", flush=True)
            counts, total = Counter(result.what for result in found), sums(found)
            told = ", ".join(f"{n} {what}" for what, n in counts.items())
            print(f"{len(group)} {title}, {len(found)} readings: {told}")
            print(f"{total['columns']:,} columns, {total['numbers']:,} numbers alike")
            print(f"of these pandas rounds {total['rounded']:,} to a neighbour of the nearest")
            wrong = wrong or counts["differs"] > 0
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
