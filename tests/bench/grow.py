"""The growth of time and memory with the expression, and what parsing costs beside lark's own parser.

    python tests/bench/grow.py

Prints seconds per 10,000 terms for each stage, which a linear program keeps constant; the ratio of parsing to lark's
LALR parser on the same text, which builds a tree; and whole commands from standard input.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from lark import Lark

from circuitcli import Circuit
from circuitcli.language import graph_of, parse
from circuitcli.language.parse_table import grammar_file

TEXTS: dict[str, Callable[[int], str]] = {
    "sum": lambda n: "+".join(["x"] * n),
    "polynomial": lambda n: "+".join(f"{i}*x{i % 100}" for i in range(n // 2)),
    "parentheses": lambda n: "(" * n + "x" + ")" * n,
    "minuses": lambda n: "-" * n + "x",
    "abs(": lambda n: "abs(" * n + "x" + ")" * n,
}


def seconds(run: Callable[[], Any]) -> float:
    times = []
    for _ in range(3):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return min(times)


def in_process() -> None:
    grammar = Path(grammar_file()).read_text(encoding="utf-8")
    peer = Lark(grammar, start="program", parser="lalr", lexer="basic", maybe_placeholders=False)
    header = ["lark", "parse", "graph", "passes", "print"]
    print("seconds per 10,000 terms".ljust(28), *(f"{h:>8}" for h in header), "  parse/lark  (parse+graph)/lark")
    for name, make in TEXTS.items():
        for n in (10_000, 50_000, 200_000):
            text = make(n)
            program = parse(text)
            circuit = Circuit(text)
            point = dict.fromkeys(circuit.inputs, 0.5)
            stages = (
                partial(peer.parse, text),
                partial(parse, text),
                partial(graph_of, program),
                partial(circuit.value_and_gradient, point),
                partial(str, circuit),
            )
            times = [seconds(stage) for stage in stages]
            shown = " ".join(f"{t / n * 1e4:8.3f}" for t in times)
            print(f"{name:16} {n:>11,} {shown}    {times[1] / times[0]:8.2f}  {sum(times[1:3]) / times[0]:8.2f}")


def commands() -> None:
    print("\ncircuit grad - -x 1 --json, from standard input")
    for name, make in TEXTS.items():
        if name == "polynomial":
            continue
        for n in (10_000, 50_000, 200_000 if name == "sum" else 100_000):
            began = time.perf_counter()
            command = [sys.executable, "-m", "circuitcli", "grad", "-", "-x", "1", "--json"]
            subprocess.run(command, input=make(n).encode(), stdout=subprocess.DEVNULL, check=True)
            took = time.perf_counter() - began
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(f"{name:16} {n:>11,} {took:8.2f} s   {took / n * 1e4:6.3f} s per 10,000   peak so far {peak:5.0f} MB")


if __name__ == "__main__":
    commands()  # first: a child starts as large as its parent
    in_process()
