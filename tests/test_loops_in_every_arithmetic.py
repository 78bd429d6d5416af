"""A program in loops answers as its expansion: in every arithmetic bit for bit, and in every exported language."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from circuitcli import Circuit
from circuitcli.engine.digits import Digits
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.passes import backward, forward
from circuitcli.export.languages import LANGUAGES
from circuitcli.graph import Graph
from circuitcli.language import graph_of, parse
from tests.exported import LoopJob, exported, flat, run_loops
from tests.programs_in_loops import grown
from tests.support import circuit
from tests.test_export import RUN
from tests.test_rerolling import shaped

Point = dict[str, float]
SEEDS = st.integers(0, 10**9)


def drawn(seed: int) -> tuple[str, str, Point]:
    """A program of loops, its expansion, and a point."""
    chance = random.Random(seed)
    loops, plain = grown(chance)
    graph = graph_of(parse(loops))
    return loops, plain, {name: chance.uniform(-2, 2) for name in graph.inputs if name not in graph.defaults}


@settings(max_examples=60)
@given(SEEDS)
def test_loops_make_the_circuit_of_their_expansion(seed: int) -> None:
    """Node by node."""

    def parts(graph: Graph) -> list[object]:
        return [graph.nodes, graph.inputs, graph.names, graph.results, [*graph.defaults]]

    loops, plain = grown(random.Random(seed))
    assert parts(graph_of(parse(loops))) == parts(graph_of(parse(plain)))


# ── arithmetics ─────────────────────────────────────────────────────────────────────────────────────────────


def passes(found: Circuit, point: Point) -> object:
    return found.value_and_gradient(point)


def written_code(found: Circuit, point: Point) -> object:
    """By the code that is written once there were a few points, and without slopes."""
    moved = [{name: x + 0.1 * k for name, x in point.items()} for k in range(7)]
    return [(found.value_and_gradient(there), found(there)) for there in moved]


def digits(found: Circuit, point: Point) -> object:
    graph, m = found._read.graph, Digits(50)
    values = forward(graph, m, {name: m.constant(repr(x)) for name, x in point.items()})
    slopes = backward(graph, m, values, graph.depends_on(graph.inputs.values()))
    return values[graph.output], {name: slopes.get(k) for name, k in graph.inputs.items()}


def kernels(found: Circuit, point: Point) -> object:
    """Of NumPy and of machine code, each over a few rows."""
    columns = {name: x + np.arange(5.0) for name, x in point.items()}
    answers = [found.compiled([*point], engine=engine)(columns) for engine in ("arrays", "native")]
    return [(value.tolist(), {name: np.asarray(x).tolist() for name, x in slopes.items()}) for value, slopes in answers]


def rows(found: Circuit, point: Point) -> object:
    name = next(iter(point))
    value, slopes = found.value_and_gradient({**point, name: point[name] + np.arange(3.0)})
    return np.asarray(value).tolist(), {other: np.asarray(slope).tolist() for other, slope in slopes.items()}


def second(found: Circuit, point: Point) -> object:
    return found.hessian(point), found.hessians(point)


def directions(found: Circuit, point: Point) -> object:
    return found.jvp({name: math.sin(k) for k, name in enumerate(point)}, point), found.jacobian(point)


def checked(found: Circuit, point: Point) -> object:
    return {name: (verdict, verdict.numerical, verdict.error) for name, verdict in found.check(None, point).items()}


def derived(found: Circuit, point: Point) -> object:
    """By each of the first inputs, as a circuit."""
    return {name: str(found.derivative(name)) for name in [*point][:2]}


QUICK = [passes, digits, rows, directions]
DEAR = [written_code, kernels, second, checked, derived]


@pytest.mark.parametrize("answer", [*QUICK, *(pytest.param(answer, marks=pytest.mark.slow) for answer in DEAR)])
@settings(max_examples=30)
@given(seed=SEEDS)
def test_every_arithmetic_answers_as_for_the_expansion(answer: Callable[[Circuit, Point], object], seed: int) -> None:
    loops, plain, point = drawn(seed)
    assert repr(answer(Circuit(loops), point)) == repr(answer(Circuit(plain), point))


@pytest.mark.slow
@pytest.mark.parametrize("option", ["--digits=50", "--rounding", "--check", "--uncertainty", "--hessian"])
@settings(max_examples=3)
@given(seed=SEEDS)
def test_the_command_answers_as_for_the_expansion(option: str, seed: int) -> None:
    loops, plain, point = drawn(seed)
    words = [f"-{name}={x!r}" + "+-0.01" * (option == "--uncertainty") for name, x in point.items()]
    command = "eval" if option == "--uncertainty" else "grad"
    options = [] if option == "--uncertainty" else [option]
    found = []
    for text in (loops, plain):
        done = circuit(command, text, *words, *options, "--json")
        assert done.returncode in (0, 1) and done.stdout, done.stderr
        answer = json.loads(done.stdout)
        found.append({name: x for name, x in answer.items() if name not in ("nodes", "expression", "circuit")})
    assert found[0] == found[1]


# ── as a text, and as code ──────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=40)
@given(SEEDS)
def test_the_circuit_reads_back(seed: int) -> None:
    """Its value bit for bit; a sum of its gradient may be added in another order."""
    loops, _, point = drawn(seed)
    one = Circuit(loops)
    again = Circuit(str(one))
    value, slopes = one.value_and_gradient(point)
    ours, theirs = again.value_and_gradient(point)
    assert repr(ours) == repr(value)
    for name, slope in slopes.items():
        assert theirs[name] == pytest.approx(slope, rel=1e-12, abs=1e-13, nan_ok=True), name


@settings(max_examples=12)
@given(SEEDS)
def test_loops_and_their_expansion_are_exported_as_one_text(seed: int) -> None:
    loops, plain, point = drawn(seed)
    for to in (name for name, language in LANGUAGES.items() if not language.binary):
        one, other = (exported(graph_of(parse(text)), to, [*point]) for text in (loops, plain))
        assert one == other


@pytest.mark.parametrize("to", RUN)
@settings(max_examples=10)
@given(seed=SEEDS)
def test_exported_loops_answer_as_the_expansion(to: str, seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """In Python bit for bit; elsewhere functions are those of the language's own library."""
    _, plain, point = drawn(seed)
    loops, graph = graph_of(parse(grown(random.Random(seed))[0])), graph_of(parse(plain))
    assume(not graph.defaults)  # whose parameters come last
    values = forward(graph, FLOATS, point)
    found = backward(graph, FLOATS, values, graph.depends_on(graph.inputs.values()))
    slopes = {name: found.get(graph.inputs[name], 0.0) for name in point}
    value, gradient = run_loops(to, LoopJob(loops, shaped([*point], point)), tmp_path_factory.mktemp("code"))
    limit = 0.0 if to == "python" else 1e-10
    assert value == pytest.approx(values[graph.output], rel=limit, abs=limit, nan_ok=True)
    for name, x in shaped([*point], slopes).items():
        assert flat(gradient[name]) == pytest.approx(flat(x), rel=limit, abs=limit, nan_ok=True)
