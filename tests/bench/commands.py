"""Whole commands over files: circuit computing the value and all gradients, beside Miller and DuckDB's shell computing
the value alone; then Parquet, and the peak of memory. `python tests/bench/commands.py [ROWS]`

Peers are left out where they are not on the PATH. Each pair runs in turn; the medians are printed, and the ratio. The
output goes to a file, where ours is longer by the gradients, and to nobody. Python should find its bytecode, as after
an ordinary installation.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

RUNS = 5
CIRCUIT = [sys.executable, "-m", "circuitcli"]


def write(rows: int, folder: Path) -> None:
    """Five columns, three of them numbers, as CSV, JSON Lines and Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    numbers = np.random.default_rng(0).normal(size=(3, rows))
    with (folder / "in.csv").open("w") as csv, (folder / "in.jsonl").open("w") as jsonl:
        csv.write("id,when,x,y,z\n")
        for i, (x, y, z) in enumerate(numbers.T.tolist()):
            csv.write(f"{i:07d},2024-01-05,{x!r},{y!r},{z!r}\n")
            jsonl.write(f'{{"id":"{i:07d}","when":"2024-01-05","x":{x!r},"y":{y!r},"z":{z!r}}}\n')
    pq.write_table(pa.table(dict(zip("xyz", numbers, strict=True))), folder / "in.parquet")


def seconds(command: list[str] | str, folder: Path) -> float:
    for old in folder.glob("out.*"):  # to write over a file costs some systems more than to write a new one
        old.unlink()
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, shell=isinstance(command, str), stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def compare(name: str, ours: list[str], theirs: list[str] | str, folder: Path) -> None:
    pairs = [(seconds(ours, folder), seconds(theirs, folder)) for _ in range(RUNS)]
    own, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{name}: {own:.2f} s and {other:.2f} s, {other / own:.2f} times as fast")


def compare_form(form: str, folder: Path) -> None:
    """Rows of one form, into a file and into nothing."""
    theirs = form.removesuffix("l")
    read = f"read_{theirs}('in.{form}')"
    for target, where in ((f"out.{form}", "to a file"), ("/dev/null", "to nobody")):
        ours = [*CIRCUIT, "grad", "(x+y)*z", f"in.{form}", "--to", form, "--out", target]
        peer = target.replace("out.", "out.peer.")
        if shutil.which("mlr"):
            command = f"mlr --i{form} --o{form} put '$value = ($x + $y) * $z' in.{form} > {peer}"
            compare(f"{form} {where}, Miller", ours, command, folder)
        if shutil.which("duckdb"):
            for what, more in (("value", ""), ("value and gradients", ", z as gx, z as gy, x+y as gz")):
                sql = (
                    f"copy (select *, (x+y)*z as value{more} from {read}) to '{peer}' (format {form.removesuffix('l')})"
                )
                compare(f"{form} {where}, DuckDB's shell, {what}", ours, ["duckdb", "-c", sql], folder)


def peak(rows: int, folder: Path) -> str:
    """The most memory that a command over so many rows of CSV takes."""
    code = f"""
import resource, subprocess, sys
subprocess.run({[*CIRCUIT, "grad", "(x+y)*z", "in.csv", "--out", "out.csv"]!r}, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True, text=True)
    return f"{rows:,} rows of CSV: at most {int(done.stdout) / 1024:.0f} MB"


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(rows, folder)
        for form in ("csv", "jsonl"):
            compare_form(form, folder)
        wall = statistics.median(
            seconds([*CIRCUIT, "grad", "(x+y)*z", "in.parquet", "--out", "out.parquet"], folder) for _ in range(RUNS)
        )
        empty = statistics.median(seconds([*CIRCUIT, "eval", "count()", "in.parquet"], folder) for _ in range(RUNS))
        print(f"Parquet to Parquet: {wall:.2f} s, {rows / wall / 1e6:.1f} million rows/s; start alone {empty:.2f} s")
        print(peak(rows, folder))


if __name__ == "__main__":
    main(int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000)
