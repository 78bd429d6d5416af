"""Small inputs that would grow without bound: an answer or a reason, soon, in bounded memory."""

from __future__ import annotations

import math
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from circuitcli.language import graph_of, parse
from circuitcli.language.free_names import input_names
from tests.support import PATIENCE, circuit
from tests.test_completion import offered

ROOM = 2**30  # bytes of addresses that a process may ask for


def bounded(*words: str, cwd: Path, room: float = ROOM, **files: object) -> subprocess.CompletedProcess[bytes]:
    """Run the program in a process of its own that gets no more memory than `room`."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (int(room), int(room)))

    command = [sys.executable, "-m", "circuitcli", *words]
    done = subprocess.run(command, cwd=cwd, capture_output=True, preexec_fn=limit, timeout=PATIENCE, **files)  # type: ignore[call-overload]
    assert b"Traceback" not in done.stderr, done.stderr
    return done  # type: ignore[no-any-return]


def doubling(levels: int, between: str = "\n") -> str:
    """A program in which every gate calls the one above twice."""
    gates = ["g0(a) = a*a + 1", *(f"g{i}(a) = g{i - 1}(g{i - 1}(a))" for i in range(1, levels))]
    return between.join([*gates, f"g{levels - 1}(x)"])


# ── nested gates ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("levels", [23, 40, 2000])
@pytest.mark.parametrize("command", ["eval", "grad", "derive", "draw", "export", "ascend", "plot"])
def test_gates_that_double_are_refused_where_they_pass_the_limit(tmp_path: Path, command: str, levels: int) -> None:
    (tmp_path / "bomb").write_text(doubling(levels))
    first = math.ceil(math.log2(5e6 / 2))  # a call of g0 is 2 nodes, so one of gK is 2^(K+1)
    words = [command, "--file", "bomb", *(["--to", "c"] if command == "export" else ["-x", "1"])]
    done = circuit(*words, cwd=tmp_path)
    assert done.returncode == 2 and not done.stdout
    message = f"circuit: bomb, line {first + 1}: g{first} expands to {2.0 ** (first + 1):.2g} nodes"
    assert done.stderr.startswith(f"{message}, and 5 million are the most\n  g{first}(a) = ")


def test_a_session_and_a_text_refuse_them_too(tmp_path: Path) -> None:
    (tmp_path / "bomb").write_text(doubling(40))
    for done in (
        circuit("repl", "bomb", cwd=tmp_path),
        circuit("repl", stdin=doubling(40)),
        circuit("eval", doubling(40, "; "), "-x", "1"),
        circuit("grad", "x", "-x", "1", "--claim", doubling(40).replace("\ng39(x)", "\nx = g39(x)")),
    ):
        assert done.returncode == 2 and "g22 expands to 8.4e+06 nodes" in done.stderr


def test_the_call_is_named_where_many_together_are_too_many() -> None:
    calls = "\n".join(f"y{i} = g18(x + {i})" for i in range(12))
    done = circuit("eval", "-", "-x", "1", stdin=doubling(19) + f"\n{calls}\nx")
    assert done.returncode == 2
    assert "this g18 brings the circuit to 5.2e+06 nodes" in done.stderr  # ten of 2^19
    assert "\n  y8 = g18(x + 8)\n       ^^^\n" in done.stderr  # the first call stands behind the definitions


def test_bombs_take_no_memory(tmp_path: Path) -> None:
    (tmp_path / "bomb").write_text(doubling(400))
    began = time.monotonic()
    assert bounded("eval", "--file", "bomb", "-x", "1", cwd=tmp_path, room=2**28).returncode == 2
    assert time.monotonic() - began < PATIENCE / 10


def test_recurrences_that_share_their_nodes_are_no_bombs() -> None:
    """Legendre's polynomials, each by the two before: without sharing P79 would be 10^16 nodes."""
    from scipy.special import eval_legendre

    rows = [f"P{n}(x) = ({2 * n - 1}*x*P{n - 1}(x) - {n - 1}*P{n - 2}(x))/{n}" for n in range(2, 80)]
    program = "\n".join(["P0(x) = 1", "P1(x) = x", *rows, "P79(x)"])
    graph = graph_of(parse(program))
    assert len(graph.nodes) < 1000
    done = circuit("eval", "-", "-x", "0.3", "--quiet", stdin=program)
    assert float(done.stdout) == pytest.approx(eval_legendre(79, 0.3), rel=1e-9)


def test_gates_that_nobody_calls_cost_nothing() -> None:
    program = doubling(60).rpartition("\n")[0] + "\nx + 1"
    assert circuit("eval", "-", "-x", "1", "--quiet", stdin=program).stdout == "2.0\n"


def test_many_constants_are_read_in_time_that_grows_with_their_number() -> None:
    program = "\n".join([*(f"a{i} = {i}" for i in range(20_000)), "a7 + x"])
    began = time.monotonic()
    assert circuit("eval", "-", "-x", "1", "--quiet", stdin=program).stdout == "8.0\n"
    assert time.monotonic() - began < 10  # it took 30 seconds, 100 times as long as now


# ── texts without an end ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", [["eval", "--file", "/dev/zero"], ["eval", "x", "--inputs", "/dev/zero"]])
def test_a_device_that_never_ends_is_refused(tmp_path: Path, words: list[str]) -> None:
    done = bounded(*words, cwd=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, b"circuit: /dev/zero is longer than 64 MB")


def test_a_text_of_too_many_nodes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    text = "y = x\n" + "+".join(["x"] * 3_000_000)
    (tmp_path / "long").write_text(text)
    done = bounded("eval", "--file", "long", "-x", "1", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(b"circuit: long, line 2: more than 5 million names, numbers and operators\n")


def test_blanks_and_comments_of_a_text_are_no_nodes() -> None:
    assert len(graph_of(parse("x + 1" + " " * 6_000_000 + "# a comment")).nodes) == 3


@pytest.mark.parametrize(
    "words", [["eval", "x", "--inputs"], ["descend", "x^2", "-x", "1", "--state"], ["eval", "--file"]]
)
def test_a_million_levels_of_json(tmp_path: Path, words: list[str]) -> None:
    for content in ("[" * 10**6, '{"kind": "circuit ascent 2", "a": ' + "[" * 10**6, '{"a":' * 10**6):
        (tmp_path / "deep").write_text(content)
        done = bounded(*words, "deep", cwd=tmp_path)
        assert done.returncode == 2 and b"deep" in done.stderr.splitlines()[0]


def test_a_number_of_a_million_digits_is_shown_in_short() -> None:
    done = circuit("eval", "-", "--to", "jsonl", stdin="9" * 10**6)
    assert done.returncode == 3 and '"inf"' in done.stdout.replace("Infinity", "inf")
    assert done.stderr.endswith("999… is beyond 1.8e308\n") and len(done.stderr) < 100


def test_a_file_of_any_size_is_no_state(tmp_path: Path) -> None:
    with open(tmp_path / "big", "wb") as file:
        file.truncate(2**40)
    done = bounded("descend", "x^2", "-x", "1", "--state", "big", cwd=tmp_path)
    assert done.returncode == 2 and b"is not the state of an ascent" in done.stderr


# ── completion ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "endless", "bomb"])
def test_completion_waits_for_nothing(tmp_path: Path, kind: str) -> None:
    place = tmp_path / kind
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "device":
        place = Path("/dev/zero")
    elif kind == "folder":
        place.mkdir()
    elif kind == "endless":
        with open(place, "wb") as file:
            file.truncate(2**40)
    else:
        place.write_text(doubling(40))
    began = time.monotonic()
    for option in ("--file", "--inputs"):
        found = offered("circuit", "grad", *["'y'"] * (option == "--inputs"), option, str(place), "-")
        assert "--json" in found
        assert ("-x" in found) == (kind == "bomb" and option == "--file")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "program",
    [
        "(x+y)*z",
        "x=2; y=x+a; p(q)=q*r+q; p(y)",
        "a = 2*pi; b = sin(a); c = 3",
        "f(a) = a*k + t; t = 4; f(t)",
        "unused(a) = a*w; x + e",
        "x = 3",
        "x = 3; y = 4",
        "q = x + y; f = q*z",
        "g(a) = h; h = 3; g(1) + h",
    ],
)
def test_inputs_are_found_without_the_circuit(program: str) -> None:
    if program.startswith(("f(a)", "g(a)")):  # a body is read where it is called: t is named by then
        program = program.replace("; t = 4", "").replace("; h = 3", "")
    assert set(input_names(parse(program))) == set(graph_of(parse(program)).inputs)
