"""The speed of whole answers, each as a ratio to a peer in the same run.

    PYTHONPATH=. python tests/bench/speed.py [LINE]...

Lines: point, wide, nodes, ascent, groups, check, rows, start, code. Peers that are not installed are left out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from circuitcli import Circuit

CIRCUIT = [sys.executable, "-m", "circuitcli"]


def best(run: Callable[[], Any], count: int = 1, turns: int = 5) -> float:
    """The least seconds of a call, of some turns of so many calls."""
    run()
    found = []
    for _ in range(turns):
        began = time.perf_counter()
        for _ in range(count):
            run()
        found.append((time.perf_counter() - began) / count)
    return min(found)


def say(what: str, own: float, peer: float, name: str, goal: str) -> None:
    print(f"{what:44} {own * 1e3:10.4g} ms {own / peer:8.3g} x {name} ({peer * 1e3:.4g} ms; goal {goal})", flush=True)


def seconds(*words: str, cwd: Path) -> float:
    """The seconds of a whole command, the least of three."""
    found = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([*CIRCUIT, *words], cwd=cwd, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        found.append(time.perf_counter() - began)
    return min(found)


def rosenbrock(count: int) -> str:
    return " + ".join(f"100*(x{i + 1} - x{i}^2)^2 + (1 - x{i})^2" for i in range(count - 1))


def point() -> None:
    """A small circuit and one of 100 inputs at a point, beside the formulas written by hand in Python."""

    def neuron(v: list[float]) -> tuple[float, list[float]]:
        x, y, z = v
        s = x + y
        return s * z, [z, z, s]

    small = Circuit("(x+y)*z")
    by_vector = small.objective(["x", "y", "z"])
    hand = best(lambda: neuron([-2.0, 5.0, -4.0]), 20_000)
    say("objective, 3 inputs", best(lambda: by_vector([-2.0, 5.0, -4.0]), 20_000), hand, "by hand", "<= 6")
    by_name = {"x": -2.0, "y": 5.0, "z": -4.0}
    say(
        "value_and_gradient, 3 inputs", best(lambda: small.value_and_gradient(by_name), 20_000), hand, "by hand", "<= 6"
    )
    count = 100
    x = [0.505 + 0.01 * i for i in range(count)]

    def valley(v: list[float]) -> tuple[float, list[float]]:
        value, slopes = 0.0, [0.0] * count
        for i in range(count - 1):
            a, b = v[i + 1] - v[i] * v[i], 1.0 - v[i]
            value += 100.0 * a * a + b * b
            slopes[i + 1] += 200.0 * a
            slopes[i] -= 400.0 * a * v[i] + 2.0 * b
        return value, slopes

    run = Circuit(rosenbrock(count)).objective([f"x{i}" for i in range(count)])
    say("objective, Rosenbrock's of 100", best(lambda: run(x), 200), best(lambda: valley(x), 200), "by hand", "<= 6")


def wide() -> None:
    """Gates of 16,000 arguments, value and gradient, beside NumPy."""
    count = 16_000
    draw = np.random.default_rng(0).normal(size=count)
    given = {f"x{i}": float(x) for i, x in enumerate(draw)}
    for gate in ("max", "min", "logsumexp"):
        circuit = Circuit(f"{gate}({', '.join(given)})")
        peer = best(lambda: np.exp(draw - draw.max()) / np.exp(draw - draw.max()).sum(), 20)
        say(f"{gate} of 16,000", best(lambda: circuit._read.at(given).gradient), peer, "NumPy", "<= 50 ms")  # noqa: B023


def nodes() -> None:
    """A circuit of 1e6 nodes, value and gradient after parsing, beside a loop over a list of as many floats."""
    terms = 330_000
    circuit = Circuit(" + ".join(f"{i % 97 + 1}*x{i % 100}*1.{i}" for i in range(terms)))
    given = dict.fromkeys(circuit.inputs, 0.5)
    count = len(circuit._read.graph.nodes)
    numbers = [0.5] * count

    def loop() -> list[float]:
        return [x * 2.0 for x in numbers]

    own = best(lambda: circuit._read.at(given).gradient, 1, 3)
    say(f"{count:,} nodes", own, best(loop), "a loop in Python", "<= 2.5 s")


def ascent() -> None:
    """Rosenbrock's function of 1,000 inputs, the whole command, beside SciPy's L-BFGS-B with the gradient by hand."""
    from scipy.optimize import minimize

    count = 1_000
    start = np.where(np.arange(count) % 2 == 0, -1.2, 1.0)

    def valley(x: Any) -> tuple[float, Any]:
        a, b = x[1:] - x[:-1] ** 2, 1.0 - x[:-1]
        slopes = np.zeros(count)
        slopes[1:] += 200.0 * a
        slopes[:-1] -= 400.0 * a * x[:-1] + 2.0 * b
        return float((100.0 * a**2 + b**2).sum()), slopes

    settings = {"maxiter": 20_000, "maxfun": 40_000, "ftol": 0.0, "gtol": 1e-10, "maxcor": 40}
    peer = best(lambda: minimize(valley, start, jac=True, method="L-BFGS-B", options=settings), 1, 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "f").write_text(rosenbrock(count))
        (folder / "x.json").write_text(json.dumps({f"x{i}": u for i, u in enumerate(start.tolist())}))
        own = seconds("descend", "--file", "f", "--inputs", "x.json", "--json", cwd=folder)
    say("descend Rosenbrock's of 1,000", own, peer, "SciPy, vectors by hand", "<= 8 s")


BY_PANDAS = """
import numpy as np, pandas as pd
from scipy.optimize import curve_fit

def fit(group):
    found, spread = curve_fit(lambda x, a, b: a * np.exp(-b * x), group.x.to_numpy(), group.y.to_numpy(), (1.0, 1.0))
    return pd.Series([*found, *np.sqrt(np.diag(spread))])

pd.read_csv("by.csv").groupby("g", sort=False)[["x", "y"]].apply(fit).to_csv("found.csv")
"""


def groups() -> None:
    """1,000 groups of 50 rows as whole processes, beside pandas with SciPy's curve_fit and a bare loop of it."""
    from scipy.optimize import curve_fit

    draw = np.random.default_rng(1)
    x = np.arange(50) / 10.0
    tables = [a * np.exp(-b * x) + draw.normal(size=50) * 0.05 for a, b in draw.uniform(0.5, 3.0, (1_000, 2))]

    def loop() -> list[Any]:
        return [curve_fit(lambda t, a, b: a * np.exp(-b * t), x, y, (1.0, 1.0)) for y in tables]

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [f"g{g},{u!r},{v!r}" for g, y in enumerate(tables) for u, v in zip(x.tolist(), y.tolist(), strict=True)]
        (folder / "by.csv").write_text("\n".join(["g,x,y", *lines]))
        words = ["descend", "sum((y - a*exp(-b*x))^2)", "by.csv", "-a", "1", "-b", "1", "--by", "g", "--to", "csv"]
        own = seconds(*words, cwd=folder)
        say("descend --by, 1,000 groups", own, best(loop, 1, 2), "a bare loop of curve_fit", "none")
        if find_spec("pandas"):
            whole = [sys.executable, "-c", BY_PANDAS]
            peer = best(lambda: subprocess.run(whole, cwd=folder, check=True), 1, 3)
            say("descend --by, 1,000 groups", own, peer, "pandas with curve_fit", "<= 1")


def table(folder: Path, rows: int) -> Path:
    """Five columns as CSV and Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    numbers = np.random.default_rng(0).normal(size=(3, rows))
    texts = (f"{i:07d},2024-01-05,{x!r},{y!r},{z!r}" for i, (x, y, z) in enumerate(numbers.T.tolist()))
    (folder / "in.csv").write_text("\n".join(["id,when,x,y,z", *texts, ""]))
    pq.write_table(pa.table(dict(zip("xyz", numbers, strict=True))), folder / "in.parquet")
    return folder


def check() -> None:
    """The check of 100,000 rows, beside the command without it."""
    with tempfile.TemporaryDirectory() as name:
        folder = table(Path(name), 100_000)
        for text in ("(x+y)*z", "(sigmoid(x*y) - z)^2", "max(x, y)*z"):
            own = seconds("grad", text, "in.csv", "--check", cwd=folder)
            peer = seconds("grad", text, "in.csv", "--out", "out.csv", cwd=folder)
            say(f"grad --check, 1e5 rows, {text}", own, peer, "grad", "<= 0.05 ms a row")


def rows() -> None:
    """Whole commands over 5e6 rows, beside polars, and with --columns beside without."""
    with tempfile.TemporaryDirectory() as name:
        folder = table(Path(name), 5_000_000)
        plain = seconds("grad", "(x+y)*z", "in.csv", "--out", "out.csv", cwd=folder)
        chosen = ["--columns", "id,value,grad_x,grad_y,grad_z", "--out", "out.csv"]
        say("grad --columns", seconds("grad", "(x+y)*z", "in.csv", *chosen, cwd=folder), plain, "without", "< 1")
        one = seconds("eval", "mean((x+y)*z)", "in.csv", "--jobs", "1", cwd=folder)
        two = seconds("eval", "mean((x+y)*z)", "in.csv", "--jobs", "2", cwd=folder)
        say("mean, two threads", two, one, "one thread", "<= 0.63")
        for form in ("csv", "parquet"):
            asked = "((p.col('x') + p.col('y'))*p.col('z')).mean()"
            code = f"import polars as p; print(p.scan_{form}('in.{form}').select({asked}).collect())"
            if find_spec("polars"):
                own = seconds("eval", "mean((x+y)*z)", f"in.{form}", cwd=folder)
                theirs = [sys.executable, "-c", code]
                peer = best(partial(subprocess.run, theirs, cwd=folder, check=True, capture_output=True), 1, 3)
                say(f"mean of {form}", own, peer, "polars", "<= 1.1")


def start() -> None:
    """A row command over a file of two rows, beside importing what it stands on."""
    with tempfile.TemporaryDirectory() as name:
        folder = table(Path(name), 2)
        own = seconds("eval", "x+y", "in.csv", cwd=folder)
        code = [sys.executable, "-c", "import click, numpy, pyarrow"]
        peer = best(lambda: subprocess.run(code, check=True), 1, 3)
        say("eval over two rows", own, peer, "its imports", "<= 120 ms")


def code() -> None:
    """Machine code that the last process kept, beside making it."""
    from circuitcli.engine import kept_code, native
    from circuitcli.engine.machine_code import machine_code

    with tempfile.TemporaryDirectory() as name, mock.patch.dict(os.environ, XDG_CACHE_HOME=name):
        made_of: list[tuple[str, Mapping[str, int]]] = []

        def noted(text: str, symbols: Mapping[str, int], opt: int) -> Any:
            made_of.append((text, symbols))
            return machine_code(text, symbols, opt)

        with mock.patch.object(native, "machine_code", noted):
            Circuit("tanh(a*x + b*y)*exp(-x^2) + sin(y)").compiled(["x", "y"], wrt=["a", "b"], engine="native")(
                x=np.ones(100), y=np.ones(100), a=0.5, b=2.0
            )
        kept = best(lambda: machine_code(*made_of[0], opt=1), 1, 9)
        with mock.patch.object(kept_code, "read", lambda key: None):
            made = best(lambda: machine_code(*made_of[0], opt=1), 1, 5)
    say("machine code from the disk", kept, made, "making it", "<= 1 ms")


LINES = {run.__name__: run for run in (point, wide, nodes, ascent, groups, check, rows, start, code)}

if __name__ == "__main__":
    for line in sys.argv[1:] or LINES:
        LINES[line]()
