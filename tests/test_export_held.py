"""Gates that hold a circuit in exported code, run in its own language, beside mpmath."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from inspect import signature
from pathlib import Path
from typing import Any

import mpmath as mp
import pytest

from circuitcli.language import graph_of, parse
from tests.exported import Job, LoopJob, flat, run, run_loops
from tests.test_export import RUN, expected, missing

CASES: list[tuple[str, Callable[..., Any], Sequence[tuple[float, ...]]]] = [
    (
        "root(u: u - k*sin(u) - m, m)",
        lambda m, k: mp.findroot(lambda u: u - k * mp.sin(u) - m, m),
        [(0.9, 0.3), (2.5, 0.6), (1.0, 0.01)],
    ),
    (
        "root(v: (p + a/v^2)*(v - b) - k, k/p)",
        lambda k, p, a, b: mp.findroot(lambda v: (p + a / v**2) * (v - b) - k, k / p),
        [(24.8, 1.0, 3.6, 0.043), (30.0, 2.0, 1.4, 0.04)],
    ),
    ("root(w: w*exp(w) - x, 1)", mp.lambertw, [(0.1,), (1.0,), (50.0,)]),
    ("integral(t: 1/sqrt(1 - m*sin(t)^2), 0, pi/2)", mp.ellipk, [(0.1,), (0.5,), (0.9,), (-3.0,)]),
    ("integral(t: cos(x*sin(t)), 0, pi)/pi", lambda x: mp.besselj(0, x), [(0.5,), (2.0,), (7.0,)]),
    ("integral(t: exp(-a*t^2), 0, inf)", lambda a: mp.sqrt(mp.pi / a) / 2, [(1.0,), (0.01,), (300.0,)]),
    ("integral(t: exp(a*t), -inf, x)", lambda x, a: mp.exp(a * x) / a, [(0.5, 2.0), (-3.0, 0.7)]),
    ("integral(t: b/(t^2 + b^2), -inf, inf) + b", lambda b: mp.pi + b, [(1.0,), (0.2,)]),
    (
        "integral(t: root(u: u^3 + u - t - b, 1), 0, x)",
        lambda x, b: mp.quad(lambda t: mp.findroot(lambda u: u**3 + u - t - b, 1), [0, x]),
        [(1.0, 0.5), (2.0, 3.0)],
    ),
    (
        "root(x: integral(t: exp(-t^2), 0, x) - y, 0.5)",
        lambda y: mp.erfinv(2 * y / mp.sqrt(mp.pi)),
        [(0.3,), (0.7,)],
    ),
    ("integral(t: exp(-t^2), x, 0)", lambda x: -mp.sqrt(mp.pi) / 2 * mp.erf(x), [(1.0,), (-0.5,), (3.0,)]),
    ("integral(t: sigmoid(a*t), 0, 1)", lambda a: (mp.log1p(mp.exp(a)) - mp.log(2)) / a, [(0.5,), (-4.0,)]),
    ("integral(t: abs(t - a), 0, 1)", lambda a: a * a - a + mp.mpf(0.5), [(0.3,), (0.75,)]),
    ("root(x: x^2 - a, 1)", mp.sqrt, [(2.0,), (1e6,), (1e-4,)]),
    ("integral(t: gamma(t + a), 0, 1)", lambda a: mp.quad(lambda t: mp.gamma(t + a), [0, 1]), [(1.5,)]),
]
NONE = {"root(x: x^2 + a, 1)": 1.0, "root(x: exp(x) + a, 0)": 2.0, "integral(t: 1/(t - a), 0, 1)": 0.5}


def jobs() -> list[Job]:
    """Each circuit with its points, whose numbers stand in the order of the known function's arguments."""
    found = []
    for expr, known, points in CASES:
        graph = graph_of(parse(expr))
        order = arguments(known, len(graph.inputs), [*graph.inputs])
        found.append(Job(graph, [[point[order.index(name)] for name in graph.inputs] for point in points]))
    return found


def arguments(known: Callable[..., Any], count: int, inputs: list[str]) -> list[str]:
    return inputs if count == 1 else [*signature(known).parameters]


@pytest.mark.parametrize("to", RUN)
def test_roots_and_integrals_in_code(to: str, tmp_path: Path) -> None:
    for job, (expr, known, points), answers in zip(jobs(), CASES, run(to, jobs(), tmp_path), strict=True):
        names = [*job.graph.inputs]
        order = arguments(known, len(names), names)
        for point, (value, gradient) in zip(points, answers, strict=True):
            with mp.workdps(40):
                xs = tuple(map(mp.mpf, point))
                wanted = [mp.re(known(*xs))]
                for name in names:
                    wanted.append(mp.re(mp.diff(known, xs, tuple(int(x == name) for x in order))))
            assert [value, *gradient] == pytest.approx([*map(float, wanted)], rel=1e-12, abs=1e-13), (expr, point)


def test_python_finds_the_same_bits(tmp_path: Path) -> None:
    for job, answers in zip(jobs(), run("python", jobs(), tmp_path), strict=True):
        for point, (value, gradient) in zip(job.points, answers, strict=True):
            assert [value, *gradient] == expected(job, point)


@pytest.mark.parametrize("to", RUN)
def test_code_answers_nan_where_nothing_is_found(to: str, tmp_path: Path) -> None:
    some = [Job(graph_of(parse(expr)), [(x,)]) for expr, x in NONE.items()]
    for ((value, gradient),) in run(to, some, tmp_path):
        assert math.isnan(value)
        assert math.isnan(gradient[0])


@pytest.mark.parametrize("to", RUN)
def test_roots_of_a_family_are_one_function_in_a_loop(to: str, tmp_path: Path) -> None:
    job = LoopJob(
        graph_of(parse("sum(root(x: x^3 + x - a[i], 1)*b for i in 1:4)")), {"a": [2.0, 10.0, 30.0, 68.0], "b": 0.5}
    )
    value, gradient = run_loops(to, job, tmp_path)
    assert value == pytest.approx(5.0, rel=1e-14)
    slopes = [0.5 / (3 * x * x + 1) for x in (1, 2, 3, 4)]
    assert [*flat(gradient["a"]), *flat(gradient["b"])] == pytest.approx([*slopes, 10.0], rel=1e-14)


def test_names_of_the_circuit_inside_do_not_collide(tmp_path: Path) -> None:
    known = [to for to in ("python", "numpy", "c", "javascript") if not missing(to)]
    for name in ("of", "root", "start", "taken", "p1", "slope", "v1", "lambda", "root_1", "function", "double"):
        other = "root_1" if name != "root_1" else "root"
        job = Job(graph_of(parse(f"root({name}: {name}^3 + {name} - {other}, low) + other")), [(10.0, 1.0, 3.0)])
        (folder := tmp_path / name).mkdir()  # a library is loaded once from a path
        for to in known:
            (((value, _),),) = run(to, [job], folder)
            assert value == pytest.approx(5.0), name


def test_a_peak_beyond_floats_is_missed_as_the_page_says(tmp_path: Path) -> None:
    job = Job(graph_of(parse("integral(t: exp(-(t - a)^2), -inf, inf)")), [(100.0,), (1000.0,)])
    known = [to for to in ("python", "c", "javascript") if not missing(to)]
    for to in known:
        (((near, _), (far, _)),) = run(to, [job], tmp_path)
        assert near == pytest.approx(math.sqrt(math.pi), rel=1e-13)
        assert far == 0.0
