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


class LoopJob(NamedTuple):
    """A circuit of families, and the numbers of each in nested lists, by name in the order of its parameters."""

    graph: Graph
    values: Mapping[str, object]


def run_loops(to: str, job: LoopJob, folder: Path) -> tuple[float, dict[str, object]]:
    """The value and the gradient of a circuit of families, in nested lists."""
    code = exported(job.graph, to, list(job.graph.inputs))
    if to == "c":
        return _c_loops(code, job, folder)
    if to == "javascript":
        (folder / "loops.js").write_text(code, encoding="utf-8")
        call = f"require('./loops.js').circuit(...{json.dumps([*job.values.values()])})"
        done = subprocess.run(
            ["node", "-p", f"JSON.stringify({call})"], capture_output=True, text=True, check=True, cwd=folder
        )
        answer = json.loads(done.stdout)
        return answer["value"], answer["gradient"]
    kind: Any = lambda x: x  # noqa: E731
    if to == "torch":
        import torch

        kind = lambda x: torch.tensor(x, dtype=torch.float64)  # noqa: E731
    elif to != "python":
        import numpy as np

        kind = np.array
    value, gradient = module(code).circuit(*map(kind, job.values.values()))
    if to == "python":
        return value, gradient
    return float(value), {name: np_list(x) for name, x in gradient.items()}


def np_list(x: Any) -> object:
    import numpy as np

    return np.asarray(x).tolist()


def _c_loops(code: str, job: LoopJob, folder: Path) -> tuple[float, dict[str, object]]:
    """The parameters are the inputs, then the derivatives by each family, then those by all others."""
    source, library = folder / "loops.c", folder / f"loops{len([*folder.iterdir()])}.so"
    source.write_text(code, encoding="utf-8")
    flags = ["-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-pedantic", "-shared", "-fPIC", "-ffp-contract=off"]
    subprocess.run([shutil.which("gcc") or "cc", *flags, str(source), "-o", str(library), "-lm"], check=True)
    circuit = ctypes.CDLL(str(library)).circuit
    circuit.restype = ctypes.c_double
    numbers = {name: flat(x) for name, x in job.values.items()}
    arrays = [name for name, x in job.values.items() if isinstance(x, list)]
    given = [
        (ctypes.c_double * len(numbers[name]))(*numbers[name]) if name in arrays else ctypes.c_double(numbers[name][0])
        for name in job.values
    ]
    slopes = {name: (ctypes.c_double * len(numbers[name]))() for name in arrays}
    single = [name for name in job.values if name not in arrays]
    others = (ctypes.c_double * len(single))()
    value = circuit(*given, *slopes.values(), *([others] if single else []))
    found: dict[str, object] = {name: list(x) for name, x in slopes.items()}
    return value, {**found, **dict(zip(single, others, strict=True))}


def flat(x: object) -> list[float]:
    """The numbers of nested lists in a row."""
    return [y for inner in x for y in flat(inner)] if isinstance(x, list) else [float(str(x))]


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
