"""The Hessian of Rosenbrock's function of 100 inputs, once built, as a ratio to the value, in one run.

PYTHONPATH=. python tests/bench/hessian.py [INPUTS]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median

from circuitcli import Circuit
from circuitcli.analysis.derivatives import Hessian
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.passes import forward

HELD_TO = 20


def seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    source = Circuit(" + ".join(f"100*(x{i + 1} - x{i}^2)^2 + (1 - x{i})^2" for i in range(1, n)))
    point = {f"x{i}": 1 + 0.01 * i for i in range(1, n + 1)}
    at = source.at(point)
    began = time.perf_counter()
    second = Hessian(at.graph, source.inputs)
    built = time.perf_counter() - began
    ratios = []
    for _ in range(30):
        value = seconds(lambda: forward(at.graph, FLOATS, point))
        ratios.append(seconds(lambda: second.at(at)) / value)
    nodes = len(second.circuit.nodes) / len(at.graph.nodes)
    print(f"{n} inputs: built in {1e3 * built:.0f} ms, {nodes:.1f} times the nodes of the value")
    print(f"the Hessian costs {median(ratios):.1f} times the value (held to {HELD_TO})")


if __name__ == "__main__":
    main()
