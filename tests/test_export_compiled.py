"""Exported code in Rust, Fortran and Julia, compiled and run: each program at several points."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from circuitcli.language import graph_of, parse
from tests.exported import Found, Job, code_of, exported, ulps
from tests.julia_text import circuit_of
from tests.test_export import OWN, expected, feynman_jobs, gate_jobs

NEEDED = {"rust": "rustc", "fortran": "gfortran"}
RUN = [
    pytest.param(
        to, marks=[pytest.mark.slow, pytest.mark.skipif(shutil.which(tool) is None, reason=f"nothing here runs {to}")]
    )
    for to, tool in NEEDED.items()
] + ["julia"]  # which is read as Python, for no registry that we have brings Julia


def run(to: str, jobs: Sequence[Job], folder: Path) -> list[Found]:
    """The answers of each job's code at each of its points, which go and come as bytes of floats."""
    if to == "julia":
        return _julia(jobs)
    program = {"rust": _rust, "fortran": _fortran}[to](jobs, folder)
    numbers = [x for job in jobs for point in job.points for x in point]
    done = subprocess.run([program], input=struct.pack(f"<{len(numbers)}d", *numbers), capture_output=True, check=True)
    found = iter(struct.unpack(f"<{len(done.stdout) // 8}d", done.stdout))
    return [[(next(found), [next(found) for _ in job.graph.inputs]) for _ in job.points] for job in jobs]


def _julia(jobs: Sequence[Job]) -> list[Found]:
    np = pytest.importorskip("numpy")
    found = []
    for job in jobs:
        call = circuit_of(code_of(job, "julia"))
        with np.errstate(all="ignore"):
            answers = [call(*point) for point in job.points]
        found.append([(float(value), [float(x) for x in slopes]) for value, slopes in answers])
    return found


def _rust(jobs: Sequence[Job], folder: Path) -> Path:
    """One program with a module for each job, in which the compiler finds nothing to warn of."""
    lines = ["use std::io::{Read, Write};", ""]
    for i, job in enumerate(jobs):
        (folder / f"m{i}.rs").write_text(code_of(job, "rust"), encoding="utf-8")
        lines.append(f"mod m{i};")
    lines += [
        "fn main() {",
        "let mut bytes = Vec::new();",
        "std::io::stdin().read_to_end(&mut bytes).unwrap();",
        "let numbers: Vec<f64> = bytes.chunks(8).map(|c| f64::from_le_bytes(c.try_into().unwrap())).collect();",
        "let (mut at, mut out) = (0, Vec::new());",
        "let mut tell = |value: f64, slopes: &[f64]| {",
        "out.extend(value.to_le_bytes()); for x in slopes { out.extend(x.to_le_bytes()); } };",
    ]
    for i, job in enumerate(jobs):
        count = len(job.graph.inputs)
        given = ", ".join(f"x[{k}]" for k in range(count))
        lines.append(f"for _ in 0..{len(job.points)} {{ let x = &numbers[at..at + {count}]; at += {count};")
        lines.append(f"let _ = x; let (value, slopes) = m{i}::circuit({given}); tell(value, &slopes); }}")
    lines += ["std::io::stdout().write_all(&out).unwrap();", "}"]
    (folder / "main.rs").write_text("\n".join(lines))
    flags = ["--edition", "2021", "-D", "warnings", "-C", "opt-level=1"]
    subprocess.run(["rustc", *flags, "main.rs", "-o", "main"], cwd=folder, check=True)
    return folder / "main"


def _fortran(jobs: Sequence[Job], folder: Path) -> Path:
    """One program, which reads and writes bytes, and a module for each job, of which the compiler does not warn."""
    lines = ["program main", "use, intrinsic :: iso_fortran_env, only: real64"]
    lines += [f"use m{i}, only: c{i} => circuit" for i in range(len(jobs))]
    widest = max(len(job.graph.inputs) for job in jobs)
    lines += ["implicit none", f"real(real64) :: x({widest}), v, g({widest})", "integer :: k"]
    lines += [f"open(unit=1{i}, file='/dev/std{way}', access='stream', form='unformatted')" for i, way in _WAYS]
    files = []
    for i, job in enumerate(jobs):
        text = code_of(job, "fortran").replace("circuit_module", f"m{i}")
        files.append(f"m{i}.f90")
        (folder / files[-1]).write_text(text)
        count = len(job.graph.inputs)
        given = ", ".join(f"x({k + 1})" for k in range(count))
        call = f"c{i}({given}, v, g(:{count}))" if count else f"c{i}(v)"
        lines += [f"do k = 1, {len(job.points)}", f"read(10) x(:{count})", f"call {call}".replace(", ", ", &\n")]
        lines += [f"write(11) v, g(:{count})", "end do"]
    (folder / "main.f90").write_text("\n".join([*lines, "end program main"]))
    flags = ["-std=f2008", "-Wall", "-Werror", "-O1", "-ffp-contract=off"]
    subprocess.run(["gfortran", *flags, *files, "main.f90", "-o", "main"], cwd=folder, check=True)
    return folder / "main"


_WAYS = ((0, "in"), (1, "out"))


@pytest.mark.parametrize("to", RUN)
@pytest.mark.parametrize("jobs", [gate_jobs, feynman_jobs], ids=["gates", "feynman"])
def test_the_code_answers_what_circuit_answers(to: str, jobs: Callable[[], list[Job]], tmp_path: Path) -> None:
    done = list(jobs())
    assert len(done) > 70
    for job, answers in zip(done, run(to, done, tmp_path), strict=True):
        for point, (value, gradient) in zip(job.points, answers, strict=True):
            wanted = expected(job, point)
            for mine, theirs in zip([value, *gradient], wanted, strict=True):
                if 0.0 < abs(theirs) < sys.float_info.min:  # which code may lose on the way
                    assert abs(mine) < sys.float_info.min
                else:
                    assert ulps(mine, theirs) <= OWN, (job.graph.nodes, point, wanted, [value, *gradient])


@pytest.mark.parametrize("to", RUN)
def test_names_neither_collide_nor_inject(to: str, tmp_path: Path) -> None:
    names = "fn self match f64 std gen end do program real exp module v1 value grad_v1 θ Case CASE x X x_ W v_1 µ"
    names += " circuit_max circuit_high circuit_sigmoid circuit_log a__b A__b V1 sign merge log1p ifelse circuit_sum"
    names += " None Some Ok Err Self Box ieee_arithmetic ieee_is_nan ieee_value ieee_foo iso_fortran_env"
    names += " function result implicit none circuit main in using Base local lambda interface sigmoid use begin"
    words = dict.fromkeys(names.split())
    text = " + ".join(f"{i + 2}*{name}*sigmoid({name})" for i, name in enumerate(words))
    text += " + exp(v1)*v1^θ + q*q^2 + gelu(x)*max(x, X)*erf(x)*digamma(x)"
    job = Job(graph_of(parse(f"q = x*X; {text}")), [[0.1 * i - 0.7 for i in range(len(words))]])
    assert list(job.graph.inputs) == ["x", "X", *(name for name in words if name not in ("x", "X"))]
    ((value, gradient),) = run(to, [job], tmp_path)[0]
    assert [value, *gradient] == pytest.approx(expected(job, job.points[0]), rel=1e-13)


def test_what_julia_would_spell_otherwise_stands_in_quotes() -> None:
    text = exported(graph_of(parse("µ + 2*μ + end + x")), "julia", ["µ", "μ", "end", "x"])
    assert 'gradient = (var"µ" = 1.0, μ = 2.0, var"end" = 1.0, x = 1.0)' in text


def test_inputs_with_a_value() -> None:
    graph = graph_of(parse("x/y"))
    assert "function circuit(y; x = 3.0)" in exported(graph, "julia", ["x"], {"x": 3.0})
    assert "function circuit(x, y = 3.0)" in exported(graph, "julia", ["x"], {"y": 3.0})
    assert "/// The program gives x the value 3.0." in exported(graph, "rust", ["x"], {"x": 3.0})
    assert "! The program gives x the value 3.0." in exported(graph, "fortran", ["x"], {"x": 3.0})


@pytest.mark.parametrize("to", RUN)
def test_long_programs_and_many_inputs(to: str, tmp_path: Path) -> None:
    """Lines are folded where a language limits them, and nothing is nested without end."""
    many = " + ".join(f"x[{i}]*tanh(y{i} + 0.123456789012345*x[{i}])" for i in range(60))
    deep = "x" + "*1.0001 + y" * 400
    idle = "x + 0*1; x"
    jobs = [Job(graph_of(parse(text)), []) for text in (many, deep, idle, "3 + 4")]
    jobs = [Job(job.graph, [[0.01 * i + 0.5 for i in range(len(job.graph.inputs))]]) for job in jobs]
    for job, answers in zip(jobs, run(to, jobs, tmp_path), strict=True):
        assert [answers[0][0], *answers[0][1]] == pytest.approx(expected(job, job.points[0]), rel=1e-12)
