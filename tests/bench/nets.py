"""Nets of two layers learnt over rows, beside the same by hand in NumPy: seconds of a processor until the first step,
and milliseconds a step. `python tests/bench/nets.py [ROWS]`
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from subprocess import DEVNULL, run

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command has it

import numpy as np

NETS = ((2, 16, 1), (10, 32, 1), (30, 64, 1), (64, 128, 10))  # inputs, the width of both layers, outputs
FEW, MANY = 0, 30  # steps
BLOCK = 1_024  # rows that stay in cache


def text_of(inputs: int, width: int, outputs: int) -> str:
    """The net, and the mean of its squared errors."""
    return f"""a[j] = tanh(sum(U[j,i]*x[i] for i in 1:{inputs}) + u[j]) for j in 1:{width}
b[j] = tanh(sum(V[j,i]*a[i] for i in 1:{width}) + v[j]) for j in 1:{width}
s[k] = sum(W[k,j]*b[j] for j in 1:{width}) + w[k] for k in 1:{outputs}
mean(sum((s[k] - y[k])^2 for k in 1:{outputs}))"""


def rows_of(folder: Path, inputs: int, outputs: int, count: int) -> None:
    """Write rows of a random net."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(count, inputs))
    y = np.tanh(x @ rng.normal(size=(inputs, outputs)))
    names = [f"x{i + 1}" for i in range(inputs)] + [f"y{k + 1}" for k in range(outputs)]
    np.savetxt(folder / "rows.csv", np.hstack([x, y]), "%.6g", ",", header=",".join(names), comments="")


def by_command(folder: Path, inputs: int, outputs: int, steps: int) -> float:
    """Seconds of a processor for a descent of so many steps."""
    vectors = ["--vector", f"x=x1..x{inputs}", "--vector", f"y=y1..y{outputs}"]
    start = [word for name in "UVW" for word in ("--init", f"{name}=normal(0, 0.1)")]
    words = ["descend", "--file", "net.circuit", "rows.csv", *vectors, *start, "-u", "0", "-v", "0", "-w", "0"]
    command = [sys.executable, "-m", "circuitcli", *words, "--method", "adam", "--steps", str(steps), "--quiet"]
    before = os.times()
    run(command, cwd=folder, check=True, stdout=DEVNULL, stderr=DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def by_hand(inputs: int, width: int, outputs: int, count: int) -> float:
    """Seconds of a processor for a step of Adam."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(inputs, count)), rng.normal(size=(outputs, count))
    shapes = [(width, inputs), (width, 1), (width, width), (width, 1), (outputs, width), (outputs, 1)]
    at = [0.1 * rng.normal(size=shape) for shape in shapes]
    means, squares = [[np.zeros(shape) for shape in shapes] for _ in range(2)]
    times = []
    for step in range(1, 12):
        start = time.process_time()
        slopes = [np.zeros(shape) for shape in shapes]
        for first in range(0, count, BLOCK):
            inside = x[:, first : first + BLOCK]
            a = np.tanh(at[0] @ inside + at[1])
            b = np.tanh(at[2] @ a + at[3])
            back = 2.0 * (at[4] @ b + at[5] - y[:, first : first + BLOCK]) / count
            of_b = (at[4].T @ back) * (1.0 - b * b)
            of_a = (at[2].T @ of_b) * (1.0 - a * a)
            for k, (slope, below) in enumerate(((of_a, inside), (of_b, a), (back, b))):
                slopes[2 * k] += slope @ below.T
                slopes[2 * k + 1] += slope.sum(axis=1, keepdims=True)
        for k, slope in enumerate(slopes):
            means[k] = 0.9 * means[k] + 0.1 * slope
            squares[k] = 0.999 * squares[k] + 0.001 * slope * slope
            size = np.sqrt(squares[k] / (1.0 - 0.999**step)) + 1e-8
            at[k] = at[k] - 0.01 * means[k] / (1.0 - 0.9**step) / size
        times.append(time.process_time() - start)
    return float(np.median(times))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(f"{'net':>14} {'parameters':>10} {'start s':>8} {'step ms':>8} {'NumPy ms':>8}")
    for inputs, width, outputs in NETS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "net.circuit").write_text(text_of(inputs, width, outputs))
            rows_of(folder, inputs, outputs, count)
            by_command(folder, inputs, outputs, FEW)  # machine code is kept from here on
            start, end = (min(by_command(folder, inputs, outputs, steps) for _ in range(2)) for steps in (FEW, MANY))
        parameters = (inputs + width + outputs + 2) * width + outputs
        net, step = f"{inputs}-{width}-{width}-{outputs}", 1e3 * (end - start) / (MANY - FEW)
        hand = 1e3 * by_hand(inputs, width, outputs, count)
        print(f"{net:>14} {parameters:>10,} {start:>8.2f} {step:>8.1f} {hand:>8.1f}")


if __name__ == "__main__":
    main()
