"""Three circuits over rows in memory, value and all gradients, beside C, and beside whatever peers are installed:
nanoseconds a row, and in brackets the ratio to `native`. `python tests/bench/rows.py [ROWS ...]`

The peers come with `pip install -e ".[peers]"`; one that is missing is left out. Buffers for results are allocated
before the clock starts where a peer allows it.
"""

from __future__ import annotations

import ctypes
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from circuitcli import Circuit
from circuitcli.engine.arrays import ArrayKernel
from circuitcli.engine.block_sums import pairwise
from circuitcli.engine.native import NativeKernel
from circuitcli.engine.tracer import straight
from circuitcli.read_circuit import ReadCircuit
from circuitcli.rows.kernels import run_rows

Array = Any
ROWS = (1_000, 1_000_000, 10_000_000)
SCALARS = {"a": 0.7, "b": -1.25, "c": 0.3}


class Case(NamedTuple):
    """A circuit, and its value and gradient written out by hand: statements that C, NumPy and numba understand."""

    name: str
    text: str
    columns: str
    statements: str
    outputs: tuple[str, ...]


CASES = (
    Case("(x+y)*z", "(x+y)*z", "xyz", "s = x + y; v = s*z", ("v", "z", "z", "s")),
    Case(
        "a neuron and its loss",
        "(t - sigmoid(a*x + b*y + c))^2",
        "xyt",
        "s = 1/(1 + exp(-(a*x + b*y + c))); e = t - s; v = e*e; dt = 2*e; dc = -dt*s*(1 - s); "
        "da = dc*x; dx = dc*a; db = dc*y; dy = dc*b",
        ("v", "dt", "da", "dx", "db", "dy", "dc"),
    ),
    Case(
        "24 gates",
        "0.5*(exp(-x*x)*log(1 + y*y) + sqrt(x*x + z*z)*tanh(y*z) + exp(z/(1 + x*x))*log(2 + tanh(x*y)))",
        "xyz",
        "xx = x*x; f1 = exp(-xx); y1 = 1 + y*y; l1 = log(y1); r = sqrt(xx + z*z); t1 = tanh(y*z); d = 1 + xx; "
        "f2 = exp(z/d); t2 = tanh(x*y); g2 = 2 + t2; l2 = log(g2); v = 0.5*(f1*l1 + r*t1 + f2*l2); "
        "h1 = r*(1 - t1*t1); h2 = f2*(1 - t2*t2)/g2; "
        "dx = 0.5*(-2*x*f1*l1 + x/r*t1 - f2*l2*2*x*z/(d*d) + h2*y); "
        "dy = 0.5*(f1*2*y/y1 + h1*z + h2*x); dz = 0.5*(z/r*t1 + h1*y + f2*l2/d)",
        ("v", "dx", "dy", "dz"),
    ),
)


def best(run: Callable[[], Any], budget: float = 1.0) -> float:
    """The least seconds of some runs."""
    run()
    found: list[float] = []
    end = time.perf_counter() + budget
    while len(found) < 3 or (time.perf_counter() < end and len(found) < 2_000):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return min(found)


# ── peers: each answers what is to be timed, or None where it is not installed ─────────────────────────────────


def in_c(case: Case, columns: dict[str, Array], count: int, summed: bool = False) -> Callable[[], Any] | None:
    """A loop in C as gcc compiles it with the vector functions of libmvec."""
    body = "; ".join(f"double {s.strip()}" for s in case.statements.split(";"))
    reads = "; ".join(f"double {n} = {n}_[i]" for n in case.columns)
    writes = "; ".join(f"o{i}[i] = {o}" if not summed else f"t{i} += {o}" for i, o in enumerate(case.outputs))
    outs = range(len(case.outputs))
    arguments = [f"const double* restrict {n}_" for n in case.columns] + [f"double* restrict o{i}" for i in outs]
    sums = "; ".join(f"double t{i} = 0" for i in outs) if summed else ""
    ends = "; ".join(f"o{i}[0] = t{i}" for i in outs) if summed else ""
    source = f"""#include <math.h>
void run(long n, double a, double b, double c, {", ".join(arguments)}) {{
  {sums};
  for (long i = 0; i < n; i++) {{ {reads}; {body}; {writes}; }}
  {ends};
}}"""
    folder = tempfile.mkdtemp()
    (Path(folder) / "run.c").write_text(source)
    command = [
        "gcc",
        "-O3",
        "-march=native",
        "-ffast-math",
        "-shared",
        "-fPIC",
        "run.c",
        "-o",
        "run.so",
        "-lmvec",
        "-lm",
    ]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    run = ctypes.CDLL(f"{folder}/run.so").run
    pointers = [ctypes.c_void_p(columns[n].ctypes.data) for n in case.columns]
    results = [np.zeros(1 if summed else count) for _ in outs]
    pointers += [ctypes.c_void_p(r.ctypes.data) for r in results]
    numbers = [ctypes.c_double(SCALARS[n]) for n in "abc"]
    rows = ctypes.c_long(count)
    return lambda: run(rows, *numbers, *pointers) if results else None


def by_numpy(case: Case, columns: dict[str, Array], count: int) -> Callable[[], Any]:
    """NumPy as people write it."""
    code = compile(case.statements.replace("; ", "\n"), "numpy", "exec")
    names = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt, "tanh": np.tanh, **SCALARS, **columns}

    def run() -> list[Array]:
        scope = dict(names)
        exec(code, scope)
        return [scope[o] for o in case.outputs]

    return run


def by_numba(case: Case, columns: dict[str, Array], count: int) -> Callable[[], Any] | None:
    try:
        from numba import njit
    except ImportError:
        return None
    lines = ["def run(n, a, b, c, " + ", ".join([f"{n}_" for n in case.columns]) + ", out):", "  for i in range(n):"]
    lines += [f"    {n} = {n}_[i]" for n in case.columns] + [f"    {s.strip()}" for s in case.statements.split(";")]
    lines += [f"    out[{i}, i] = {o}" for i, o in enumerate(case.outputs)]
    import math

    scope: dict[str, Any] = {name: getattr(math, name) for name in ("exp", "log", "sqrt", "tanh")}
    exec("\n".join(lines), scope)
    compiled, out = njit(fastmath=True)(scope["run"]), np.empty((len(case.outputs), count))
    return lambda: compiled(count, *SCALARS.values(), *[columns[n] for n in case.columns], out)


def by_numexpr(case: Case, columns: dict[str, Array], count: int) -> Callable[[], Any] | None:
    try:
        import numexpr
    except ImportError:
        return None
    numexpr.set_num_threads(1)
    expressions = written_out(case)
    out = np.empty(count)
    names = {**SCALARS, **columns}
    return lambda: [numexpr.evaluate(e, names, out=out) for e in expressions]


def by_duckdb(case: Case, columns: dict[str, Array], count: int) -> Callable[[], Any] | None:
    try:
        import duckdb
        import pyarrow as pa
    except ImportError:
        return None
    table = pa.table({f"{n}_": columns[n] for n in case.columns})
    connection = duckdb.connect(config={"threads": 1})
    connection.register("rows", table)
    for expression in list(SCALARS):
        connection.execute(f"create macro {expression}_() as {SCALARS[expression]}::double")
    sql = []
    for i, e in enumerate(written_out(case)):
        for name in sorted([*case.columns, *SCALARS], key=len):
            e = __import__("re").sub(rf"\b{name}\b", f"{name}_" if name in case.columns else f"{name}_()", e)
        sql.append(f"{e.replace('log(', 'ln(')} as o{i}")
    query = f"select {', '.join(sql)} from rows"
    return lambda: connection.execute(query).fetchnumpy()


def written_out(case: Case) -> list[str]:
    """The outputs as one expression each."""
    import re

    known: dict[str, str] = {}
    for statement in case.statements.split(";"):
        name, _, e = statement.strip().partition(" = ")
        known[name] = re.sub(r"\b\w+\b(?!\()", lambda m: f"({known[m[0]]})" if m[0] in known else m[0], e)
    return [known.get(o, o) for o in case.outputs]


def by_jax(case: Case, columns: dict[str, Array], count: int) -> Callable[[], Any] | None:
    try:
        import jax
        import jax.numpy as jnp
    except ImportError:
        return None
    jax.config.update("jax_enable_x64", True)
    given = [jnp.asarray(columns[n]) for n in case.columns]
    scalars = [jnp.full(count, SCALARS[n]) for n in "abc"] if case.columns == "xyt" else []

    def both(*xs: Any) -> Any:
        value, back = jax.vjp(lambda *v: _value(case, jnp, v), *xs)
        return value, back(jnp.ones(count))

    compiled = jax.jit(both)
    return lambda: jax.block_until_ready(compiled(*given, *scalars))


def _value(case: Case, m: Any, inputs: Any) -> Any:
    """The value in a library that differentiates for itself."""
    if case.columns == "xyt":
        x, y, t, a, b, c = inputs
        u = a * x + b * y + c
        s = 1 / (1 + m.exp(-u))
        return (t - s) ** 2
    x, y, z = inputs
    if case.name == "(x+y)*z":
        return (x + y) * z
    first = m.exp(-x * x) * m.log(1 + y * y) + m.sqrt(x * x + z * z) * m.tanh(y * z)
    return 0.5 * (first + m.exp(z / (1 + x * x)) * m.log(2 + m.tanh(x * y)))


def by_torch(case: Case, columns: dict[str, Array], count: int, compiled: bool = False) -> Callable[[], Any] | None:
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    given = [torch.from_numpy(columns[n]).requires_grad_() for n in case.columns]
    if case.columns == "xyt":
        given += [torch.full((count,), SCALARS[n], dtype=torch.float64, requires_grad=True) for n in "abc"]
    f: Any = lambda *xs: _value(case, torch, xs)  # noqa: E731
    if compiled:
        f = torch.compile(f)
    ones = torch.ones(count, dtype=torch.float64)
    return lambda: torch.autograd.grad(f(*given), given, ones)


def by_casadi(case: Case, columns: dict[str, Array], count: int) -> Callable[[], Any] | None:
    try:
        import casadi
    except ImportError:
        return None
    if count > 1_000_000:
        return None  # tens of seconds
    names = list(case.columns) + (list("abc") if case.columns == "xyt" else [])
    symbols = [casadi.SX.sym(n) for n in names]
    value = _value(case, casadi, symbols)
    f = casadi.Function("f", symbols, [value, casadi.gradient(value, casadi.vertcat(*symbols))]).map(count)
    given = [columns[n].reshape(1, -1) if n in columns else np.full((1, count), SCALARS[n]) for n in names]
    dm = [casadi.DM(g) for g in given]
    return lambda: f(*dm)


PEERS: dict[str, Callable[..., Callable[[], Any] | None]] = {
    "C, gcc with libmvec": in_c,
    "torch.compile": lambda case, columns, count: by_torch(case, columns, count, True),
    "numba": by_numba,
    "numexpr": by_numexpr,
    "NumPy as written": by_numpy,
    "PyTorch": by_torch,
    "JAX jit": by_jax,
    "DuckDB": by_duckdb,
    "CasADi": by_casadi,
}


def main(counts: list[int]) -> None:
    for case in CASES:
        graph = ReadCircuit(case.text).graph
        used = [name for name in graph.inputs if name in case.columns]
        scalars = {name: SCALARS[name] for name in graph.inputs if name not in used}
        inputs = list(graph.inputs.values())
        start = time.perf_counter()
        program = straight(graph, used, [graph.output], inputs)
        native = NativeKernel(program)
        native._function("rows")
        first = time.perf_counter() - start
        arrays = ArrayKernel(program)
        print(f"\n{case.name}: {len(program.rows)} instructions, {first * 1e3:.0f} ms to machine code")
        for count in counts:
            rng = np.random.default_rng(0)
            columns = {name: rng.normal(size=count) for name in case.columns}
            results = list(np.empty((len(program.outputs), count)))
            bound = native.bound(columns, results)
            own = best(lambda: bound(scalars))  # noqa: B023
            told = {"native": own, "arrays": best(lambda: arrays.rows(columns, scalars, results))}  # noqa: B023
            source = np.ones((len(used) + len(results)) * count // 2)
            target = np.empty_like(source)
            told["copying the same bytes"] = best(lambda: np.copyto(target, source))  # noqa: B023
            if count >= 1_000_000:
                told["native, 2 threads"] = best(
                    lambda: run_rows(native, columns, scalars, results, 2)  # noqa: B023
                )
            circuit = Circuit(case.text)
            given = {name: columns[name] for name in used}
            told["Circuit(...)"] = best(lambda: circuit.value_and_gradient(given, **scalars))  # noqa: B023
            for name, peer in PEERS.items():
                try:
                    run = peer(case, columns, count)
                    if run is not None:
                        told[name] = best(run)
                except Exception as error:  # a peer that fails is told, and the others go on
                    print(f"  {name}: {type(error).__name__} {str(error)[:80]}")
            print(
                f"  {count:,} rows, ns a row: "
                + ", ".join(
                    f"{name} {seconds / count * 1e9:.2f} ({seconds / own:.2f})" for name, seconds in told.items()
                )
            )
        summed(case, counts[-1], graph, used, scalars)


def summed(case: Case, count: int, graph: Any, used: list[str], scalars: dict[str, float]) -> None:
    """The mean and its gradient by all inputs, which are scalars or (one at a time) columns shifted by a scalar."""
    rng = np.random.default_rng(0)
    columns = {name: rng.normal(size=count) for name in case.columns}
    program = straight(graph, used, [graph.output], list(graph.inputs.values()))
    kernel, arrays = NativeKernel(program), ArrayKernel(program)
    own = best(lambda: pairwise(kernel.sums(columns, scalars, count)[0]))
    told = {"native": own, "arrays": best(lambda: pairwise(arrays.sums(columns, scalars, count)[0]))}
    run = in_c(case, columns, count, summed=True)
    if run is not None:
        told["C"] = best(run)
    parts = ", ".join(f"{name} {seconds / count * 1e9:.2f} ({seconds / own:.2f})" for name, seconds in told.items())
    print(f"  {count:,} rows, sums only: {parts}")


if __name__ == "__main__":
    main([int(float(word)) for word in sys.argv[1:]] or list(ROWS))
