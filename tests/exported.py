"""Running exported code in its own language: each program at several points, all values and gradients."""

from __future__ import annotations

import ctypes
import json
import math
import shutil
import subprocess
import types
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from circuitcli.export.languages import LANGUAGES
from circuitcli.graph import Graph
from circuitcli.language import graph_of, parse

Found = list[tuple[float, list[float]]]  # value and gradient, a point a row


class Job(NamedTuple):
    """A circuit and the points that its code is to be run at, in the order of its inputs."""

    graph: Graph
    points: Sequence[Sequence[float]]


def exported(graph: Graph, to: str, wrt: Sequence[str], given: Mapping[str, float] = {}) -> str:
    """The code of a circuit; inputs in `given` have those values by default."""
    return LANGUAGES[to].text(graph, wrt, {name: graph_of(parse(repr(x))) for name, x in given.items()})


def code_of(job: Job, to: str) -> str:
    return exported(job.graph, to, list(job.graph.inputs))


def module(text: str) -> types.ModuleType:
    made = types.ModuleType("exported")
    exec(compile(text, "<exported>", "exec"), made.__dict__)
    return made


def run(to: str, jobs: Sequence[Job], folder: Path) -> list[Found]:
    """The answers of each job's code at each of its points."""
    return {"c": _c, "javascript": _javascript}.get(to, _python)(to, jobs, folder)


def _python(to: str, jobs: Sequence[Job], folder: Path) -> list[Found]:
    found = []
    for job in jobs:
        circuit = module(code_of(job, to)).circuit
        if to == "python":
            answers = [circuit(*point) for point in job.points]
            found.append([(value, list(gradient.values())) for value, gradient in answers])
            continue
        import numpy as np

        kind: Any = np.array
        if to == "torch":
            import torch

            kind = lambda column: torch.tensor(column, dtype=torch.float64)  # noqa: E731
        value, gradient = circuit(*(kind(column) for column in zip(*job.points, strict=True)))
        rows = [np.asarray(x).tolist() for x in (value, *gradient.values())]
        found.append([(row[0], list(row[1:])) for row in zip(*rows, strict=True)])
    return found


def _c(to: str, jobs: Sequence[Job], folder: Path) -> list[Found]:
    found = []
    flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-pedantic", "-shared", "-fPIC"]
    for i, job in enumerate(jobs):
        source, library = folder / f"{i}.c", folder / f"{i}.so"
        source.write_text(code_of(job, to), encoding="utf-8")
        subprocess.run([shutil.which("gcc") or "cc", *flags, str(source), "-o", str(library), "-lm"], check=True)
        circuit = ctypes.CDLL(str(library)).circuit
        circuit.restype = ctypes.c_double
        count = len(job.graph.inputs)
        circuit.argtypes = [ctypes.c_double] * count + [ctypes.POINTER(ctypes.c_double)]
        answers = []
        for point in job.points:
            gradient = (ctypes.c_double * count)()
            answers.append((circuit(*point, gradient), list(gradient)))
        found.append(answers)
    return found


def _javascript(to: str, jobs: Sequence[Job], folder: Path) -> list[Found]:
    for i, job in enumerate(jobs):
        (folder / f"{i}.js").write_text(code_of(job, to), encoding="utf-8")
    points = [[[_shown(x) for x in point] for point in job.points] for job in jobs]
    (folder / "points.json").write_text(json.dumps(points))
    (folder / "main.js").write_text(
        """const points = require("./points.json");
const found = points.map((rows, i) => rows.map((row) => {
  const { value, gradient } = require(`./${i}.js`).circuit(...row.map(Number));
  return [value, ...Object.values(gradient)].map((x) => (Object.is(x, -0) ? "-0" : String(x)));
}));
console.log(JSON.stringify(found));
"""
    )
    done = subprocess.run(["node", str(folder / "main.js")], capture_output=True, text=True, check=True)
    rows = json.loads(done.stdout)
    return [[(_read(row[0]), [_read(x) for x in row[1:]]) for row in job] for job in rows]


def _shown(x: float) -> str:
    return repr(x) if math.isfinite(x) else "NaN" if x != x else "Infinity" if x > 0 else "-Infinity"


def _read(text: str) -> float:
    return {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}.get(text) or float(text)


def ulps(a: float, b: float) -> float:
    """The distance of two numbers in units in the last place of b; inf where one of them alone is finite."""
    if a == b or (a != a and b != b):
        return 0.0
    return abs(a - b) / math.ulp(b) if math.isfinite(a) and math.isfinite(b) else math.inf
