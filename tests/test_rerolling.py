"""Loops folded back: what a text in loops says is what the circuit says."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuitcli import Circuit
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.passes import backward, forward
from circuitcli.export.array_boxes import boxes
from circuitcli.language import graph_of, parse
from circuitcli.nested_names import stem_of
from circuitcli.rerolling.progressions import nest
from circuitcli.rerolling.trees import number, turns
from tests.exported import LoopJob, exported, flat, module, run_loops
from tests.support import circuit, same
from tests.test_export import RUN

FOLDED = [  # a text in loops, and its circuit as text
    ("sum(a[k]*t^k for k in 0:5)", "sum(a[i] * t^i for i in 0:5)"),
    (
        "h[j] = tanh(sum(W[j,i]*x[i] for i in 1:2) + b[j]) for j in 1:3; sum(v[j]*h[j] for j in 1:3) + c",
        "h[i] = tanh(sum(W[i,j] * x[j] for j in 1:2) + b[i]) for i in 1:3\nsum(v[i] * h[i] for i in 1:3) + c",
    ),
    (
        "p[31] = 0; p[k] = p[k+1]*x + a[k] for k in 30:0:-1; p[0]",
        "p[31] = 0; p[i] = p[i + 1] * x + a[i] for i in 30:0:-1",
    ),
    ("max(2*a[i] for i in 1:5) - prod(a[2*i] for i in 1:4)", "max(2 * a[i] for i in 1:5) - prod(a[i] for i in 2:8:2)"),
    ("W[i,j] = 0.5 for i in 1:2, j in 1:3; sum(W[i,j]*x[j] for i in 1:2, j in 1:3)",) * 2,
    ("x[i,j] = a[i]*b[j] for i in 1:4, j in 1:i; sum(x[i,j]^2 for i in 1:4, j in 1:i)", ""),
    ("sum(x[n-i]*y[i+1] for i in 0:n-1); n = 4", "sum(x[i] * y[5 - i] for i in 4:1:-1); 4"),
]


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_a_circuit_is_written_in_the_loops_of_its_text(text: str, folded: str) -> None:
    found = Circuit(text)
    if folded:
        assert str(found).replace(" ", "") == folded.replace(" ", "")
    assert " for " in str(found)
    again = Circuit(str(found))
    assert [*again.inputs] == [*found.inputs]
    point = {name: 0.1 + 0.07 * k for k, name in enumerate(found.inputs)}
    assert again.gradient(point) == found.gradient(point)


@pytest.mark.parametrize("text", ["x[1] + x[2]", "a*x[1] + b*x[7] + c*x[2]", "h[1] = x^2; h[2] = sin(x); h[1]*h[2]"])
def test_unequal_things_stay_as_they_are(text: str) -> None:
    assert " for " not in str(Circuit(text))


# ── progressions ────────────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=12))
def test_loops_make_the_rows_that_they_were_found_in(rows: list[tuple[int, int]]) -> None:
    found = nest(rows, 1)
    if found is not None:
        loops, forms = found
        assert [tuple(number(form, at) for form in forms) for at in turns(loops)] == rows


@pytest.mark.parametrize(
    "rows", [[(i, j) for i in range(3) for j in range(5)], [(i, j) for i in range(5) for j in range(i)]]
)
def test_two_loops_are_found(rows: list[tuple[int, int]]) -> None:
    found = nest(rows, 1)
    assert found is not None and len(found[0]) == 2


# ── drawn programs ──────────────────────────────────────────────────────────────────────────────────────────

BODIES = [
    "W[{i},{j}]*x[{j}]",
    "tanh(x[{i}] + y/({j} + 1))",
    "x[{i}+1]^2 - W[{j},{i}]",
    "{i}*x[{j}]",
    "max(x[{i}], W[{i},{j}])",
]
RANGES = ["1:3", "0:2", "3:1:-1", "1:5:2", "{i}:4", "1:{i}"]


def grown(chance: random.Random) -> str:
    """A program of families, which use each other, and of sums in sums."""
    statements, families = [], ["b"]
    for stem in chance.sample(["g", "h", "k"], chance.randint(1, 3)):
        body, inner = chance.choice(BODIES), chance.choice(RANGES)
        gate = chance.choice(["sum", "prod", "max", "sum"])
        before = f"{chance.choice(families)}[i]"
        form = chance.choice(["tanh({0}) + {1}", "{0}*{1}", "({0})^2 - {1}", "where({0} > {1}, {1}, {0})"])
        gathered = f"{gate}({body} for j in {inner})"
        statements.append(f"{stem}[i] = {form.format(gathered, before)} for i in 1:{chance.randint(2, 4)}")
        statements[-1] = statements[-1].replace("{i}", "i").replace("{j}", "j")
        families = [stem] if statements[-1].endswith("4") else families
    last = [line.partition("[")[0] for line in statements]
    ends = [line.rpartition(":")[2] for line in statements]
    statements.append(" + ".join(f"sum({stem}[i]*v[i] for i in 1:{end})" for stem, end in zip(last, ends, strict=True)))
    return "; ".join(statements)


@settings(max_examples=150)
@given(st.integers(0, 10**9))
def test_a_circuit_reads_back_from_its_loops(seed: int) -> None:
    """Its value bit for bit; a sum of its gradient may be added in another order."""
    chance = random.Random(seed)
    found = Circuit(grown(chance))
    again = Circuit(str(found))
    assert {*again.inputs} == {*found.inputs}
    point = {name: chance.uniform(-2, 2) for name in found.inputs}
    assert same(again.value_and_gradient(point)[0], found.value_and_gradient(point)[0])
    ours, theirs = again.gradient(point), found.gradient(point)
    assert all(math.isclose(ours[name], theirs[name], rel_tol=1e-12, abs_tol=1e-13) for name in theirs)


ODD = [  # names, orders and shapes in which an answer, an index or a variable is easily lost
    "k[n]=b[n]*x for n in 1:3; z[n]=x^n for n in 1:3; k[3]",
    "m[n]=sum(b[q] for q in n:4)/(b[n]+b[n]) for n in 1:2; l[n]=sum(m[min(n,2)] for q in 0:2) for n in 1:4; l[1]",
    "y[i]=x[i] for i in 1:4; y[2]",
    "k[n]=z for n in 1:3; k[1]",
    "y[1]=x[1]; y[1]",
    "q=x[1]; q",
    "y[500]=x[1]; y[500]",
    "t[n]=where(b[n]<=y, W[n,n+1], W[n,1]) for n in 0:3; sum(t[n]^2 for n in 0:3)",
    "sum(x[k]*x for k in 1:3)*x_1",
    "W[1]=x^2; W[500]=x^3; W_1=sin(x); W[1]*W[500]*W_1^2+z[1]",
    "sum(i*j*k*l*m*n*p*q*r*s*t*x[a] for a in 1:3)",
    "sum(i1*x[a]^a for a in 1:3)+i*j*k*l*m*n*p*q*r*s*t",
    "+".join(f"a[{i}]+b[{i}]" for i in range(1, 700)),
    "*".join(f"x[{i * i}]*y" for i in range(1, 100)),
    "h[1]=sin(x[1]); h[t]=tanh(h[t-1]*w+x[t]) for t in 2:600; h[600]",
    "a[i,j]=x[i,j]^2 for i in 1:4, j in i:9:2; sum(a[i,j] for i in 1:4, j in i:9:2)",
    "d[i,j]=hypot(x[i]-x[j],y[i]-y[j]) for i in 1:4, j in 1:4; sum(d[i,j] for i in 1:4, j in 1:i-1)",
    "x[1] - x[2] - x[3] - x[4] + mean(y[i] for i in 1:5) - logsumexp(z[i]^2 for i in 1:4)",
    "lambda[i] = int[i]*θ[i] for i in 1:3; v1 = grad_x*sum(lambda[i] for i in 1:3); gradient[1]*v1",
]


@pytest.mark.parametrize("text", ODD, ids=lambda text: text[:40])
def test_odd_texts_keep_their_answer(text: str, tmp_path: Path) -> None:
    found = Circuit(text)
    point = {name: random.Random(name).uniform(0.1, 2.0) for name in found.inputs}
    value, slopes = found.value_and_gradient(point)
    assert Circuit(str(found)).value_and_gradient(point)[0] == value
    graph = graph_of(parse(text))
    ours, gradient = run_loops("python", LoopJob(graph, shaped([*graph.inputs], point)), tmp_path)
    assert ours == value
    for name, x in shaped([*graph.inputs], slopes).items():
        assert flat(gradient[name]) == pytest.approx(flat(x), rel=1e-12, abs=1e-300)
    for to in ("c", "javascript", "latex"):
        assert exported(graph, to, list(graph.inputs))


def test_a_family_of_which_some_are_constants() -> None:
    text = "h[0]=0; h[t]=tanh(h[t-1]+x[t]) for t in 1:3; h[3]"
    point = {"x[1]": 0.3, "x[2]": -0.2, "x[3]": 0.5}
    circuit_of = module(exported(graph_of(parse(text)), "python", [*point])).circuit
    value, slopes = Circuit(text).value_and_gradient(point)
    assert circuit_of([*point.values()]) == (value, {"x": [*slopes.values()]})
    assert circuit_of([*point.values()], h=[1.0])[0] == Circuit(text)({**point, "h[0]": 1.0})


@pytest.mark.parametrize("count", [8, 40, 80])
def test_a_recurrence_is_derived_in_a_text_of_its_length(count: int) -> None:
    text = f"h[1]=sin(x[1]); h[t]=tanh(h[t-1]*w+x[t]) for t in 2:{count}; h[{count}]"
    assert len(circuit("derive", text).stdout) < 150 * count


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_derivatives_in_loops_are_the_gradient(seed: int) -> None:
    """As expressions: the statements of `derive` are a program, whose results are the slopes."""
    chance = random.Random(seed)
    text = grown(chance)
    found = Circuit(text)
    point = {name: chance.uniform(0.1, 1) for name in found.inputs}
    lines = circuit("derive", text).stdout.strip().replace("\n", "; ")
    for name, slope in found.gradient(point).items():
        value = Circuit(f"{lines}; grad_{name}").value_and_gradient(point)[0]
        assert math.isclose(value, slope, rel_tol=1e-9, abs_tol=1e-12)


# ── code ────────────────────────────────────────────────────────────────────────────────────────────────────


def shaped(names: Sequence[str], numbers: Mapping[str, float]) -> dict[str, object]:
    """The numbers of families in nested lists, in which a place without an element holds 0."""
    found: dict[str, object] = {}
    arrays = boxes(names)
    for name in names:
        stem = stem_of(name)
        if stem not in arrays:
            found[name] = numbers[name]
        elif stem not in found:
            box = arrays[stem]
            places = product(*(range(a, a + n) for a, n in zip(box.first, box.shape, strict=True)))
            known = {place: numbers.get(f"{stem}[{','.join(map(str, place))}]", 0.0) for place in places}
            found[stem] = box.filled(known)
    return found


@pytest.mark.parametrize("to", RUN)
@settings(max_examples=12)
@given(seed=st.integers(0, 10**9))
def test_code_in_loops_answers_what_circuit_answers(
    to: str, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """In Python, and in C where the compiler fuses no operations, but for the libraries' own functions bit for bit."""
    chance = random.Random(seed)
    graph = graph_of(parse(grown(chance)))
    point = {name: chance.uniform(-2, 2) for name in graph.inputs}
    values = forward(graph, FLOATS, point)
    found = backward(graph, FLOATS, values, graph.depends_on(graph.inputs.values()))
    slopes = {name: found.get(k, 0.0) for name, k in graph.inputs.items()}
    job = LoopJob(graph, shaped([*graph.inputs], point))
    value, gradient = run_loops(to, job, tmp_path_factory.mktemp("code"))
    wanted = shaped([*graph.inputs], slopes)
    tolerance = 0.0 if to in ("python", "c") else 1e-10  # of sums, whose terms differ by units in the last place
    assert math.isclose(value, values[graph.output], rel_tol=tolerance, abs_tol=tolerance)
    for name, x in wanted.items():
        for mine, theirs in zip(flat(gradient[name]), flat(x), strict=True):
            assert math.isclose(mine, theirs, rel_tol=tolerance, abs_tol=tolerance)


def test_code_has_the_loops_of_the_text() -> None:
    """The layer of a net of 100 inputs is as long as that of 10."""
    for to in ("python", "numpy", "jax", "torch", "c", "javascript", "latex"):
        texts = []
        for width in (10, 90):
            layer = f"h[j] = tanh(sum(W[j,i]*x[i] for i in 1:{width}) + b[j]) for j in 1:{width}"
            text = f"{layer}; sum(h[j]^2 for j in 1:{width})"
            graph = graph_of(parse(text))
            texts.append(exported(graph, to, list(graph.inputs)))
        few, many = ([line for line in text.splitlines() if line.strip()] for text in texts)
        assert len(few) == len(many)


def test_elements_far_apart_are_variables() -> None:
    text = exported(graph_of(parse("x[1]*x[1000000] + y[2,3]")), "c", ["x[1]", "x[1000000]", "y[2,3]"])
    assert "double x_1, double x_1000000, const double y[2][3]" in " ".join(text.split())


def test_defaults_of_a_family() -> None:
    text = "W[i,j] = 0.5 for i in 1:2, j in 1:2; sum(W[i,j]*x[j] for i in 1:2, j in 1:2)"
    circuit = module(exported(graph_of(parse(text)), "python", ["x[1]", "x[2]"])).circuit
    assert circuit([1.0, 2.0]) == (3.0, {"x": [1.0, 1.0]})


@pytest.mark.parametrize("to", [each for each in RUN if each.values[0] not in ("c", "javascript")])
@pytest.mark.parametrize("by", [-1, 1])
def test_a_family_of_another_size_is_refused(to: str, by: int) -> None:
    graph = graph_of(parse("sum(w[i,j]*x[j] for i in 1:2, j in 1:3)"))
    code = module(exported(graph, to, [*graph.inputs]))
    kind = list if to == "python" else np.array
    with pytest.raises(ValueError, match=r"x has .*shape.*: expected \(3,\)"):
        code.circuit(kind([[1.0] * 3] * 2), kind([1.0] * (3 + by)))
    with pytest.raises(ValueError, match=r"w has .*shape.*: expected \(2, 3\)"):
        code.circuit(kind([[1.0] * (3 + by)] * 2), kind([1.0] * 3))
    with pytest.raises(ValueError, match=r"w has .*shape.*: expected \(2, 3\)"):
        code.circuit(kind([[1.0] * 3] * (2 + by)), kind([1.0] * 3))


def test_the_values_of_a_family_are_one_line_of_a_comment() -> None:
    graph = graph_of(parse("y = 2; v[1] = 3; sum(w[i,j]*x[j] for i in 1:2, j in 1:3) + y*v[1]"))
    few = {f"w[{i},{j}]": float(3 * i + j - 3) for i in (1, 2) for j in (1, 2, 3)}
    lines = exported(graph, "c", ["y"], {**few, **{f"x[{j}]": 1.0 for j in (1, 2, 3)}}).splitlines()
    told = [line for line in lines if line.startswith(" * The program gives")]
    assert [line.removeprefix(" * The program gives ") for line in told] == [
        "y the value 2.0.",
        "v[1] the value 3.0.",
        "w the values 1.0, 2.0, 3.0, 4.0, 5.0, 6.0.",
        "each of x the value 1.0.",
    ]
    many = graph_of(parse("sum(x[j] for j in 1:50) + z[1] + z[900] + z[901]"))
    text = exported(many, "c", ["x[1]"], {name: 0.5 + k for k, name in enumerate(many.inputs)})
    assert "gives x the values 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, ..., 49.5." in text
    assert "gives z[1], z[900], z[901] the values 50.5, 51.5, 52.5." in text
