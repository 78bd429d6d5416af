"""Recurrences in exported code: both passes stay loops, and answer bit for bit as the statements one by one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuitcli.engine.floats import FLOATS
from circuitcli.engine.passes import backward, forward
from circuitcli.graph import Graph
from circuitcli.language import graph_of, parse
from circuitcli.nested_names import stem_of
from tests.exported import LoopJob, exported, flat, run_loops
from tests.test_export import RUN
from tests.test_rerolling import shaped

RECURRENCES = {  # a text for each number of steps
    "horner": "s[0] = x; s[k] = s[k-1]*y + c[k] for k in 1:{n}; s[{n}]",
    "horner down": "p[{n}] = a[{n}]; p[k] = p[k+1]*x + a[k] for k in {n}-1:0:-1; p[0]",
    "nonlinear": "s[0] = x; s[k] = tanh(s[k-1]*y + c[k]) for k in 1:{n}; s[{n}]^2",
    "two terms": "f[0] = a; f[1] = b; f[k] = f[k-1] + f[k-2] for k in 2:{n}; f[{n}]^2",
    "two terms and factors": "f[0] = a; f[1] = b; f[k] = p*f[k-1] - q[k]*f[k-2] for k in 2:{n}; f[{n}]*f[{n}-1]",
    "all are used": "s[0] = x; s[k] = sin(s[k-1]) + c[k]*y for k in 1:{n}; sum(s[k]^2 for k in 1:{n})",
    "layers": "h[0,j] = x[j] for j in 1:3;"
    "h[l,j] = tanh(sum(w[l,j,i]*h[l-1,i] for i in 1:3) + b[l,j]) for l in 1:{n}, j in 1:3; sum(h[{n},j] for j in 1:3)",
    "softplus layers": "h[0,j] = x[j] for j in 1:2;"
    "h[l,j] = softplus(sum(w[l,j,i]*h[l-1,i] for i in 1:2)) for l in 1:{n}, j in 1:2; sum(h[{n},j]^2 for j in 1:2)",
    "a net in time": "h[0,j] = 0.1*x[1] for j in 1:2;"
    "h[t,j] = tanh(sum(w[j,i]*h[t-1,i] for i in 1:2) + a[j]*x[t]) for t in 1:{n}, j in 1:2; h[{n},1]*h[{n},2]",
    "rows apart": "s[0,j] = x[j] for j in 1:3; s[k,j] = s[k-1,j]*y[j] + c[k] for k in 1:{n}, j in 1:3;"
    "sum(s[{n},j]^2 for j in 1:3)",
    "an input twice": "s[0] = x; s[k] = tanh(s[k-1]*y + c[k]*y) for k in 1:{n}; s[{n}]",
    "a step of Euler": "z[0] = a; z[k] = z[k-1] + h*(z[k-1] - z[k-1]^3 + u[k]) for k in 1:{n}; (z[{n}] - target)^2",
}


def text_of(name: str, steps: int) -> str:
    """A recurrence of some steps."""
    if name == "two families":
        turns = "".join(
            f"v[{k}] = v[{k - 1}] - d*sin(u[{k - 1}]); u[{k}] = u[{k - 1}] + d*v[{k}]; " for k in range(1, steps + 1)
        )
        return f"u[0] = x; v[0] = y; {turns}u[{steps}]*v[{steps}]"
    return RECURRENCES[name].replace("{n}", str(steps))


def assert_answers(to: str, graph: Graph, seed: int, folder: Path) -> None:
    """Against the passes over the circuit, to the bit in Python, and in C where no function is the library's own."""
    point = {name: random.Random(f"{seed}{name}").uniform(-0.9, 0.9) for name in graph.inputs}
    values = forward(graph, FLOATS, point)
    found = backward(graph, FLOATS, values, graph.depends_on(graph.inputs.values()))
    slopes = {name: found.get(k, 0.0) for name, k in graph.inputs.items()}
    value, gradient = run_loops(to, LoopJob(graph, shaped([*graph.inputs], point)), folder)
    limit = 0.0 if to == "python" else 1e-10
    assert value == pytest.approx(values[graph.output], rel=limit, abs=limit, nan_ok=True)
    for name, x in shaped([*graph.inputs], slopes).items():
        assert flat(gradient[name]) == pytest.approx(flat(x), rel=limit, abs=limit, nan_ok=True), name


@pytest.mark.parametrize("to", RUN)
@pytest.mark.parametrize("name", [*RECURRENCES, "two families"])
def test_code_of_a_recurrence_is_as_long_for_few_steps_as_for_many(to: str, name: str, tmp_path: Path) -> None:
    graphs = [graph_of(parse(text_of(name, n))) for n in (8, 29)]
    texts = [exported(graph, to, [*graph.inputs]) for graph in graphs]
    few, many = (text.partition("forward pass")[2].splitlines() for text in texts)
    assert len(many) == len(few)
    assert max(map(len, many)) < 200
    assert_answers(to, graphs[0], 1, tmp_path)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 7, 70])
@pytest.mark.parametrize("name", [*RECURRENCES, "two families"])
def test_a_recurrence_of_any_length_answers_as_the_circuit(name: str, n: int, tmp_path: Path) -> None:
    assert_answers("python", graph_of(parse(text_of(name, n))), n, tmp_path)


TERMS = [
    "{0}",
    "y*{0}",
    "tanh({0})",
    "{0}*{1}",
    "sin({0})*y",
    "{0}^2",
    "({0} - {1})/(1 + {1}^2)",
    "c[{k}]*{0}",
    "c[{k}]",
]


def drawn(chance: random.Random) -> str:
    """Families of one or two indices, whose elements need those of steps before, also of each other."""
    steps, stems = chance.randint(3, 9), chance.sample("pqrs", chance.randint(1, 3))
    width = chance.choice([0, 0, 2, 3])
    columns = range(1, width + 1) if width else range(1)

    def element(stem: str, k: int, j: int) -> str:
        return f"{stem}[{k},{j % width + 1}]" if width else f"{stem}[{k}]"

    def source() -> tuple[str, int, int]:
        return chance.choice(stems), chance.choice([1, 1, 1, 2]), chance.randint(0, 1)

    forms = {stem: [(chance.choice(TERMS), source(), source()) for _ in range(chance.randint(1, 3))] for stem in stems}
    lines = [f"{element(stem, k, j)} = x[{k + 1}]*{0.5 + j}" for stem in stems for k in (0, 1) for j in columns]
    for k in range(2, steps + 2):
        for j in columns:
            for stem in stems:
                terms = []
                for form, *sources in forms[stem]:
                    others = [element(name, k - lag, j + turned) for name, lag, turned in sources]
                    terms.append(form.format(*others, k=k))
                lines.append(f"{element(stem, k, j)} = {' + '.join(terms)}")
    ends = [element(stem, k, 1) for stem in stems for k in chance.choice([(steps + 1,), range(steps - 1, steps + 2)])]
    return "; ".join([*lines, " + ".join(f"{end}^2" for end in ends)])


@settings(max_examples=60)
@given(seed=st.integers(0, 10**9))
def test_drawn_recurrences_answer_bit_for_bit(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert_answers("python", graph_of(parse(drawn(random.Random(seed)))), seed, tmp_path_factory.mktemp("code"))


@pytest.mark.parametrize("name", RECURRENCES)
def test_code_of_a_derivative_by_one_family_is_in_loops_too(name: str) -> None:
    graphs = [graph_of(parse(text_of(name, n))) for n in (15, 29)]
    for stem in {*map(stem_of, graphs[0].inputs)}:
        texts = [exported(graph, "c", [x for x in graph.inputs if stem_of(x) == stem]) for graph in graphs]
        few, many = (text.partition("forward pass")[2].splitlines() for text in texts)
        assert len(many) == len(few) and max(map(len, many)) < 200, stem
