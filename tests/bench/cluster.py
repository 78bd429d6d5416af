"""One command on this machine and on a scheduler with one and two workers, real processes on loopback, over 20 files of
Parquet; and a fit beside the same one written by hand with dask.array. `python tests/bench/cluster.py [ROWS a file]`

Each pair runs in turn. The medians are printed, from which the time of the same command over hardly any rows is taken
off where it says so: the start of Python, of Dask and of the connection. Python should find its bytecode.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.workers import Workers

RUNS, FILES = 3, 20
HEAVY = " + ".join(f"tanh(w*x + {k}/8)*exp(-t*{k}/16) + log1p(x^2*{k + 1})" for k in range(36))
LIGHT = "(y - w*x)^2"
FIT, STARTS = "mean((y - (a*exp(-b*t) + c*x))^2)", ["-a", "1", "-b", "1", "-c", "0"]
STEPS = ["--method", "adam", "--steps", "40"]
BY_HAND = """
import sys, time
import dask, dask.array as da, numpy as np, pyarrow.parquet as pq
from distributed import Client

address, *files = sys.argv[1:]
with Client(address) as client:
    rows = [pq.read_metadata(f).num_rows for f in files]
    read = dask.delayed(lambda f: np.stack([pq.read_table(f, columns=[c])[c].to_numpy() for c in "txy"]))
    data = da.concatenate([da.from_delayed(read(f), (3, n), float) for f, n in zip(files, rows)], axis=1).persist()
    t, x, y = data
    p, m, v, start = np.array([1.0, 1.0, 0.0]), 0.0, 0.0, None
    for k in range(41):
        a, b, c = p
        e = da.exp(-b * t)
        r = y - (a * e + c * x)
        value, *g = dask.compute((r * r).mean(), (-2 * r * e).mean(), (2 * r * a * t * e).mean(), (-2 * r * x).mean())
        start = start or time.perf_counter()  # the first pass waits for the data
        g = np.array(g)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        p = p - 0.001 * (m / (1 - 0.9 ** (k + 1))) / (np.sqrt(v / (1 - 0.999 ** (k + 1))) + 1e-8)
    print(time.perf_counter() - start)
"""


def write(rows: int, folder: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(2)
    for i in range(FILES):
        x, t = rng.uniform(-2, 2, rows), rng.uniform(0, 1, rows)
        y = 1.5 * np.exp(-0.7 * t) + 0.3 * x + rng.normal(size=rows) / 10
        table = pa.table({"t": t, "x": x, "y": y})
        pq.write_table(table, folder / f"{i:02d}.parquet", use_dictionary=False)
        if i == 0:
            pq.write_table(table.slice(0, 100), folder / "few.parquet")


def seconds(words: list[str], folder: Path) -> float:
    start = time.perf_counter()
    command = [sys.executable, "-m", "circuitcli", *words]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, env=environment())
    return time.perf_counter() - start


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.environ.get("PYTHONPATH", str(Path(__file__).parent.parent.parent))}


def steps(words: list[str], folder: Path) -> float:
    """The seconds that an ascent says it took, without what went before."""
    command = [sys.executable, "-m", "circuitcli", *words, "--json", "--allow-nonfinite"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment())
    return float(json.loads(done.stdout)["seconds"])


def medians(commands: list[list[str]], folder: Path) -> list[float]:
    """Of commands that run in turn."""
    for command in commands:
        seconds(command, folder)  # once to warm all up
    runs = [[seconds(command, folder) for command in commands] for _ in range(RUNS)]
    return [statistics.median(column) for column in zip(*runs, strict=True)]


def compare(name: str, expression: str, folder: Path, one: Workers, two: Workers) -> None:
    words = ["grad", expression, "-w", "1.1", "--quiet"]
    rows, few = [*words, "[0-9]*.parquet"], [*words, "few.parquet"]
    places: list[list[str]] = [[], ["--cluster", one.address], ["--cluster", two.address]]
    commands = [[*which, *place] for place in places for which in (rows, few)]
    alone, start, on_one, start_one, on_two, start_two = medians(commands, folder)
    print(f"{name}: this machine {alone:.2f} s, one worker {on_one:.2f} s, two workers {on_two:.2f} s")
    print(f"  of which start-up {start:.2f} s, {start_one:.2f} s and {start_two:.2f} s")
    ratio = (on_one - start_one) / (on_two - start_two)
    print(f"  two workers are {on_one / on_two:.2f} times as fast as one; beyond start-up {ratio:.2f} times")
    over = (on_two - start_two) / (alone - start)
    print(f"  two workers take {over:.2f} times as long as all threads of one process, beyond start-up")


def fit(folder: Path, two: Workers) -> None:
    files = sorted(str(path) for path in folder.glob("[0-9]*.parquet"))
    words = ["descend", FIT, "[0-9]*.parquet", *STARTS, *STEPS]
    runs = []
    for _ in range(RUNS):
        by_hand = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", BY_HAND, two.address, *files],
            check=True,
            capture_output=True,
            text=True,
        )
        runs.append([steps(words, folder), steps([*words, "--cluster", two.address], folder), float(by_hand.stdout)])
    alone, there, other = (statistics.median(column) for column in zip(*runs, strict=True))
    print(f"40 steps of Adam, three parameters: this machine {alone:.2f} s, two workers {there:.2f} s")
    print(
        f"  dask.array by hand, its data held by the same two workers: {other:.2f} s, {other / there:.2f} times as long"
    )


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "one").mkdir()
        (folder / "two").mkdir()
        write(rows, folder)
        one, two = Workers(folder / "one", 1), Workers(folder / "two", 2)
        try:
            print(f"{FILES} files of {rows:,} rows")
            compare("a sum of 72 terms of exp, log1p and tanh", f"mean({HEAVY})", folder, one, two)
            compare("a residual and its square", f"mean({LIGHT})", folder, one, two)
            fit(folder, two)
        finally:
            one.close()
            two.close()


if __name__ == "__main__":
    main()
