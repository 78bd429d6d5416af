"""The arithmetics over rows: every gate on NumPy blocks and in machine code, beside floats."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from circuitcli.engine import mathlib
from circuitcli.engine.arrays import ArrayKernel
from circuitcli.engine.block_sums import BLOCK, pairwise
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.native import NativeKernel
from circuitcli.engine.native_loops import LoopsKernel
from circuitcli.engine.passes import backward, forward
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.engine.tracer import Recorder
from circuitcli.gates import GATES
from circuitcli.graph import Builder, Graph
from circuitcli.language import graph_of, parse
from tests.test_accuracy import points

KERNELS = (ArrayKernel, NativeKernel, LoopsKernel)
SPECIAL = (0.0, math.inf, math.nan, 1.0, 0.5, 2.0, 1e308, 5e-324, 1e-310, 1e5, 3.0, 2.5)
SIGNED = [sign * x for x in SPECIAL for sign in (1.0, -1.0)]


def recorded(graph: Graph, scalars: Sequence[str] = ()) -> TracedProgram:
    """The value and the gradient by every input, those not in `scalars` being columns."""
    m = Recorder()
    given = {name: m.scalar(name) if name in scalars else m.column(name) for name in graph.inputs}
    values = forward(graph, m, given)
    found = backward(graph, m, values, graph.depends_on(graph.inputs.values()))
    return m.program([values[graph.output], *(found.get(k, 0.0) for k in graph.inputs.values())])


def by_floats(graph: Graph, given: dict[str, float]) -> list[float]:
    values = forward(graph, FLOATS, given)
    found = backward(graph, FLOATS, values, graph.depends_on(graph.inputs.values()))
    return [values[graph.output], *(found.get(k, 0.0) for k in graph.inputs.values())]


def run(kernel: Any, columns: dict[str, Any], scalars: dict[str, float], count: int) -> Any:
    results = np.empty((len(kernel.program.outputs), count))
    kernel.rows(columns, scalars, list(results))
    results[np.isnan(results)] = np.nan  # whose sign says nothing
    return results


def gate_points(name: str) -> list[tuple[float, ...]]:
    gate = GATES[name]
    arity = 3 if gate.many else len(gate.rules)
    rng = random.Random(name)
    if arity < 3:
        special = list(itertools.product(SIGNED, repeat=arity))
    else:
        special = [tuple(rng.choice(SIGNED) for _ in range(arity)) for _ in range(1000)]
    found = [*points(name, 200), *special]
    return [xs for xs in found if abs(xs[0]) < 200.0] if name == "polygamma" else found


@pytest.mark.parametrize("kind", KERNELS)
@pytest.mark.parametrize("name", [name for name in GATES if name != "count"])
def test_every_gate_agrees_with_floats_to_4_ulp(name: str, kind: Any) -> None:
    at = gate_points(name)
    b = Builder()
    inputs = [f"x{i}" for i in range(len(at[0]))]
    graph = b.graph(b.add(name, tuple([b.input(x) for x in inputs])))
    found = run(kind(recorded(graph)), {x: np.array([xs[i] for xs in at]) for i, x in enumerate(inputs)}, {}, len(at))
    wanted = np.array([by_floats(graph, dict(zip(inputs, xs, strict=True))) for xs in at]).T
    # A gate with a reason in its row loses digits where parts cancel, here too: 4 ulp of the parts.
    parts = np.fmax(np.abs(wanted), 1.0 if GATES[name].accuracy else 0.0)
    with np.errstate(all="ignore"):
        apart = np.abs(found - wanted) / np.spacing(parts)
    apart[(found == wanted) | (np.isnan(found) & np.isnan(wanted))] = 0.0
    apart[np.isnan(apart)] = np.inf
    j, i = np.unravel_index(int(np.argmax(apart)), apart.shape)
    assert apart[j, i] <= 4.0, (at[i], float(found[j, i]), float(wanted[j, i]))
    both = (found == 0.0) & (wanted == 0.0)
    assert (np.signbit(found) == np.signbit(wanted))[both].all()


CIRCUITS = [
    "(x+y)*z",
    "(z - sigmoid(w*x + 0.3*y + b))^2",
    "exp(-x*x)*log(1+y*y) + sqrt(x*x+z*z)*tanh(y*z) + w^x",
    "where(x > 0, sqrt(x), 0) + max(x, y, z) + min(x, w)*abs(y) + x^3 + z^b",
    "(x > y and not (z < b)) * hypot(x, w) + (y != 0 ? atan2(x, y) : erf(z))",
]


@pytest.mark.parametrize("kind", KERNELS)
@pytest.mark.parametrize("text", CIRCUITS)
def test_a_row_has_the_same_bits_wherever_it_stands(text: str, kind: Any) -> None:
    rng = np.random.default_rng(1)
    columns = {name: rng.normal(size=20_000) for name in "xyz"}
    kernel = kind(recorded(graph_of(parse(text)), "wb"))
    scalars = {"w": 0.7, "b": -1.25}
    whole = run(kernel, columns, scalars, 20_000)
    for start, count in ((0, 1), (1, 2), (3, 7), (8191, 3), (16_383, 3_617), (5, 8_193)):
        part = {name: column[start : start + count].copy() for name, column in columns.items()}
        assert run(kernel, part, scalars, count).tobytes() == whole[:, start : start + count].tobytes()


@pytest.mark.parametrize("text", CIRCUITS)
def test_kernels_and_floats_agree_on_circuits(text: str) -> None:
    rng = np.random.default_rng(2)
    graph, scalars = graph_of(parse(text)), {"w": 0.7, "b": -1.25}
    scalars = {name: x for name, x in scalars.items() if name in graph.inputs}
    columns = {name: rng.normal(size=1_000) for name in "xyz"}
    program = recorded(graph, tuple(scalars))
    rows = [{**scalars, **{n: float(c[i]) for n, c in columns.items() if n in graph.inputs}} for i in range(1_000)]
    wanted = np.array([by_floats(graph, row) for row in rows]).T
    for kind in KERNELS:
        np.testing.assert_allclose(run(kind(program), columns, scalars, 1_000), wanted, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("kind", KERNELS)
@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 8_192, 8_200, BLOCK, BLOCK + 1, 3 * BLOCK + 12_345])
def test_sums_are_those_of_the_rows(count: int, kind: Any) -> None:
    rng = np.random.default_rng(3)
    columns = {name: rng.normal(size=count) for name in "xyz"}
    kernel = kind(recorded(graph_of(parse("x*y + exp(z)"))))
    sums = kernel.sums(columns, {}, count)[0]
    assert sums.shape == (-(-count // BLOCK), 4)
    rows = run(kernel, columns, {}, count)
    for j, row in enumerate(rows):
        total = float(pairwise(sums)[j]) if count else 0.0
        assert total == pytest.approx(math.fsum(row), rel=1e-12, abs=1e-9)


@pytest.mark.parametrize("kind", KERNELS)
def test_sums_of_blocks_are_the_same_bits_in_pieces(kind: Any) -> None:
    rng = np.random.default_rng(4)
    columns = {name: rng.normal(size=2 * BLOCK + 999) for name in "xyz"}
    kernel = kind(recorded(graph_of(parse("x*y + exp(z)"))))
    whole = kernel.sums(columns, {}, 2 * BLOCK + 999)[0]
    for i in range(3):
        part = {name: c[i * BLOCK : (i + 1) * BLOCK].copy() for name, c in columns.items()}
        assert kernel.sums(part, {}, len(part["x"]))[0].tobytes() == whole[i : i + 1].tobytes()


def test_a_scalar_part_is_computed_once_and_constants_at_once() -> None:
    program = recorded(graph_of(parse("x * (exp(w) + 2*pi)")), "w")
    assert [program.lines[k].op for k in program.rows] == ["mul", "mul"]  # of the value, and of the gradient by w


def test_equal_work_is_done_once() -> None:
    ops = [line.op for line in recorded(graph_of(parse("tanh(x) + sigmoid(2*x)"))).lines]
    assert ops.count("exp") == 1 and ops.count("tanh") == 1


@pytest.fixture
def no_vector_library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(mathlib, "_vector_library", lambda: None)
    mathlib.host.cache_clear()
    yield
    mathlib.host.cache_clear()


@pytest.mark.usefixtures("no_vector_library")
@pytest.mark.parametrize("text", CIRCUITS)
def test_without_vector_functions_the_c_library_computes_one_number_at_a_time(text: str) -> None:
    assert mathlib.host().told.endswith("one at a time by the C library")
    rng = np.random.default_rng(2)
    graph, scalars = graph_of(parse(text)), {"w": 0.7, "b": -1.25}
    columns = {name: rng.normal(size=100) for name in "xyz"}
    program = recorded(graph, tuple(name for name in scalars if name in graph.inputs))
    found = run(NativeKernel(program), columns, scalars, 100)
    np.testing.assert_allclose(found, run(ArrayKernel(program), columns, scalars, 100), rtol=1e-14, atol=1e-15)
