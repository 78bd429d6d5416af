"""Small inputs that would grow without bound: an answer or a reason, soon, in bounded memory."""

from __future__ import annotations

import gzip
import json
import math
import os
import random
import resource
import subprocess
import sys
import time
import zlib
from contextlib import closing
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from circuitcli.engine.digits import Digits
from circuitcli.errors import FileError
from circuitcli.language import graph_of, parse
from circuitcli.language.free_names import input_names
from circuitcli.tables.pieces import cut
from circuitcli.tables.streams import Stream
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
    message = f"circuit: bomb, line {first + 1}: g{first} expands to up to {2.0 ** (first + 1):.2g} nodes"
    assert done.stderr.startswith(f"{message}, and 5 million are the most\n  g{first}(a) = ")


def test_a_session_and_a_text_refuse_them_too(tmp_path: Path) -> None:
    (tmp_path / "bomb").write_text(doubling(40))
    for done in (
        circuit("repl", "bomb", cwd=tmp_path),
        circuit("repl", stdin=doubling(40)),
        circuit("eval", doubling(40, "; "), "-x", "1"),
        circuit("grad", "x", "-x", "1", "--claim", doubling(40).replace("\ng39(x)", "\nx = g39(x)")),
    ):
        assert done.returncode == 2 and "g22 expands to up to 8.4e+06 nodes" in done.stderr


def test_the_call_is_named_where_many_together_are_too_many() -> None:
    calls = "\n".join(f"y{i} = g18(x + {i})" for i in range(12))
    done = circuit("eval", "-", "-x", "1", stdin=doubling(19) + f"\n{calls}\nx")
    assert done.returncode == 2
    assert "this g18 brings the circuit to up to 5.2e+06 nodes" in done.stderr  # ten of 2^19
    assert "\n  y8 = g18(x + 8)\n       ^^^\n" in done.stderr  # the first call stands behind the definitions


def test_bombs_take_no_memory(tmp_path: Path) -> None:
    (tmp_path / "bomb").write_text(doubling(400))
    began = time.monotonic()
    assert bounded("eval", "--file", "bomb", "-x", "1", cwd=tmp_path, room=2**29).returncode == 2
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


def test_a_table_of_values_that_share_their_nodes_is_no_bomb() -> None:
    """A gate at level n calls the one below at (a + 1, b) and at (a, b + 1): 2^300 calls, and 45,000 different ones."""
    gates = [f"g{n}(a, b) = g{n - 1}(a + 1, b) + g{n - 1}(a, b + 1)" for n in range(1, 300)]
    program = "\n".join(["g0(a, b) = a + b", *gates, "g299(x, 0)"])
    done = circuit("eval", "-", "-x", "0", "--quiet", stdin=program)
    assert float(done.stdout) == 299 * 2.0**299


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


# ── files of rows ───────────────────────────────────────────────────────────────────────────────────────────

PEAK = 400_000  # kB that are really used, of which Python with pyarrow takes 70,000


def packed(place: Path, head: bytes, unit: bytes, size: int) -> None:
    """Write a gzip file that unpacks to a head and so many bytes of a unit."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    with open(place, "wb") as file:
        file.write(packer.compress(head))
        for _ in range(size // len(unit)):
            file.write(packer.compress(unit))
        file.write(packer.flush())


def peak(*words: str, cwd: Path) -> tuple[subprocess.CompletedProcess[bytes], int]:
    """Run the program, and return the most memory that it used, in kB."""
    code = "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:]); "
    code += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr); sys.exit(done.returncode)"
    command = [sys.executable, "-c", code, sys.executable, "-m", "circuitcli", *words]
    done = subprocess.run(command, cwd=cwd, capture_output=True, timeout=PATIENCE)
    *lines, used = done.stderr.splitlines(keepends=True)
    done.stderr = b"".join(lines)
    assert b"Traceback" not in done.stderr
    return done, int(used)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "head", "unit", "line"),
    [
        ("line.csv.gz", b"x,y\n1,", b"0", 2),
        ("header.csv.gz", b"", b"a", 1),
        ("names.csv.gz", b"x", b",a", 1),
        ("quotes.csv.gz", b'x,y\n1,"', b"\n", 2),
        ("text.jsonl.gz", b'{"x":1}\n{"x":"', b"a", 2),
    ],
)
def test_a_line_of_a_gigabyte_in_a_packed_file(tmp_path: Path, name: str, head: bytes, unit: bytes, line: int) -> None:
    packed(tmp_path / name, head, unit * 2**19, 2**30)
    assert (tmp_path / name).stat().st_size < 3 * 2**20
    done, used = peak("eval", "sum(x)", name, cwd=tmp_path)
    assert done.returncode == 2 and used < PEAK
    assert done.stderr.startswith(f"circuit: {name}:{line}: this row does not end within 64 MB".encode())


def test_packed_rows_take_no_more_memory_than_others(tmp_path: Path) -> None:
    packed(tmp_path / "rows.csv.gz", b"x\n", b"1\n" * 2**18, 2**25)
    done, used = peak("eval", "sum(x)", "rows.csv.gz", "--quiet", cwd=tmp_path)
    assert (done.stdout, used < PEAK) == (b"16777216.0\n", True)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_several_packed_files_behind_one_another_come_out_whole(tmp_path: Path, count: int) -> None:
    """Also where a member ends at the end of a piece, or unpacks to nothing."""
    rng = random.Random(count)
    parts = [bytes(rng.choices(b"01234567\n", k=rng.randrange(3 * 2**20))) for _ in range(count)] + [b"", b"1" * 2**22]
    content = b"".join(gzip.compress(part, 1) for part in parts) + b"\0" * 10
    (tmp_path / "many.gz").write_bytes(content)
    with closing(Stream(str(tmp_path / "many.gz"))) as stream:
        assert b"".join(stream.pieces()) == b"".join(parts)


def test_a_quote_that_is_left_open_is_told_soon() -> None:
    """The rows behind it are looked through once, and not line by line for every piece."""
    began = time.monotonic()
    pieces = iter([b'x\n1\n"', *[b"\n" * 2**20] * 63])
    with pytest.raises(FileError, match=r"f:3: this row does not end within 64 MB"):
        list(cut(chain(pieces, [b"\n" * 2**21]), "f", quotes=True))
    assert time.monotonic() - began < PATIENCE / 4


def test_rows_are_cut_at_the_same_places_however_the_bytes_come() -> None:
    rng = random.Random(5)
    for quotes in (False, True):
        for _ in range(300):
            data = bytes(rng.choices(b'a"\n,', [4, 1, 2, 1], k=rng.randrange(1, 80)))
            ends = sorted(rng.sample(range(len(data) + 1), rng.randrange(min(9, len(data)))))
            parts = [data[a:b] for a, b in zip([0, *ends], [*ends, len(data)], strict=True)]
            found = [*cut(iter(parts), "f", quotes)]
            assert b"".join(piece.data for piece in found) == data
            places = [sum(len(piece.data) for piece in found[:k]) for k in range(len(found))]
            assert [piece.at for piece in found] == places
            assert [piece.line for piece in found] == [1 + data.count(b"\n", 0, place) for place in places]
            for place in places[1:]:  # a row ends before each
                assert data[place - 1 : place] == b"\n" and not (quotes and data.count(b'"', 0, place) % 2)


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl"])
def test_many_columns_take_time_that_grows_with_their_number(tmp_path: Path, ending: str) -> None:
    names = [f"c{i}" for i in range(300_000)]
    if ending == "jsonl":
        text = (json.dumps(dict.fromkeys(names, 1.5)) + "\n") * 2
    else:
        separator = {"csv": ",", "tsv": "\t"}[ending]
        text = "\n".join([separator.join(names), *[separator.join(["1.5"] * len(names))] * 2, ""])
    (tmp_path / f"wide.{ending}").write_text(text)
    began = time.monotonic()
    done, used = peak("eval", "r = c7*2", f"wide.{ending}", cwd=tmp_path)
    assert done.returncode == 0 and done.stdout.count(b"3.0") == 2
    assert used < 2 * PEAK and time.monotonic() - began < PATIENCE / 4  # it took hours


def test_a_million_levels_in_a_row(tmp_path: Path) -> None:
    deep = "[" * 10**6 + "]" * 10**6
    (tmp_path / "first.jsonl").write_text(f'{{"y":{deep},"x":1}}\n')
    (tmp_path / "later.jsonl").write_text(f'{{"x":1}}\n{{"x":2,"y":{deep}}}\n')
    done, _ = peak("eval", "sum(x)", "first.jsonl", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, b"circuit: first.jsonl:1: nested too deep\n")
    for words in (["sum(x)"], ["x*2"], ["x*2", "--to", "csv"], ["x*2", "--bad-rows", "skip", "--to", "parquet"]):
        done, _ = peak("eval", words[0], "later.jsonl", *words[1:], cwd=tmp_path)
        assert done.returncode in (0, 2)


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 7, 20])
@pytest.mark.parametrize("x", ["-1000.3", "-1001.5", "-1500.999", "-1200.25"])
def test_polygamma_far_below_0_is_reflected(n: int, x: str) -> None:
    """mpmath itself climbs up from there in steps of 1, which takes it hours from -1e9."""
    import mpmath

    m = Digits(40)
    found = m.polygamma(m.mp.mpf(n), m.mp.mpf(x))
    with mpmath.workdps(150):  # climbing, mpmath loses up to 70 digits
        exact = mpmath.polygamma(n, mpmath.mpf(m.mp.mpf(x)))
        assert abs(found - exact) <= abs(exact) * mpmath.mpf(10) ** -36


@pytest.mark.parametrize(
    "expression",
    [
        "factorial(1e300)",
        "polygamma(1e9, x)",
        "polygamma(3, -1e9 - 0.5)*x",
        "polygamma(900, -1e15 - 0.5)*x",
        "gamma(1e300)",
        "10^10^10",
        "9^9^9^9",
        "sin(10^10000)*x",
        "1e99999999999999999999",
        "1e-1000000000",
        f"1{'0' * 5000}.{'3' * 5000}*x",
        f"12345678901234567890.{'3' * 5000}",
        "9" * 10**6,
        "0." + "3" * 10**6,
    ],
    ids=lambda expression: expression[:30],
)
@pytest.mark.parametrize("options", [[], ["--digits", "50"], ["--rounding"], ["--check"]])
def test_numbers_that_are_too_large_are_answered_at_once(expression: str, options: list[str]) -> None:
    began = time.monotonic()
    done = circuit("grad", "-", "-x", "0.5", "--allow-nonfinite", *options, stdin=expression)
    assert done.returncode in (0, 1, 2) and "Traceback" not in done.stderr and len(done.stderr) < 4000
    assert time.monotonic() - began < PATIENCE / 10


def test_long_numbers_are_read_to_the_last_digit_that_is_kept() -> None:
    rng = random.Random(3)
    for digits in (20, 50, 300):
        m: Any = Digits(digits)
        for _ in range(300):
            places = "".join(rng.choices("0123456789", k=rng.randrange(digits, 1200)))
            point = rng.randrange(1, len(places))
            text = f"{places[:point]}.{places[point:]}e{rng.randrange(-99, 99)}"
            sign, mantissa, exponent, _ = m.constant(text)._mpf_
            exact, found = Fraction(text), Fraction(int(mantissa)) * Fraction(2) ** exponent
            assert not sign and abs(found - exact) <= exact / 2**m.mp.prec


@pytest.mark.parametrize(
    "value",
    ["9" * 90_000 + "±1", "9" * 90_000 + "m", "a" * 90_000, "1±" * 40_000, "5 " + "a" * 60 + "!", "9 " * 40_000],
)
def test_a_value_of_any_length_is_read_at_once(value: str) -> None:
    """The patterns of notations with units took time that doubled with every letter."""
    began = time.monotonic()
    done = circuit("eval", "x", "-x", value)
    assert done.returncode == 2 and len(done.stderr) < 4000
    assert time.monotonic() - began < PATIENCE / 10


@pytest.mark.parametrize("text", ["9" * 10**6 + " 9", "a" * 10**6 + " b", "x\n" + "#\n" * 10**5 + "= =", "(\n" * 10**4])
def test_mistakes_in_long_texts_are_told_at_once(text: str) -> None:
    began = time.monotonic()
    for done in (circuit("eval", "-", stdin=text), circuit("repl", stdin=text)):
        assert done.returncode == 2 and len(done.stderr) < 4000
    assert time.monotonic() - began < PATIENCE / 4


def test_long_parentheses_of_a_session_are_read_in_time_that_grows_with_their_length() -> None:
    began = time.monotonic()
    assert circuit("repl", stdin="(\n" + "1+\n" * 5_000 + "1)\n").stdout == "5001\n"
    assert time.monotonic() - began < PATIENCE / 4


# ── ascents ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("option", [["--starts", "1000000000"], ["--step", "1e-3", "--steps", "1000000000000000000"]])
def test_ascents_without_an_end_are_refused(option: list[str]) -> None:
    done = circuit("descend", "(x-1)^2", "-x", "3", *option)
    assert done.returncode == 2 and "is not in the range" in done.stderr


def test_many_starts_take_time_that_grows_with_their_number() -> None:
    """Also where every start finds a plateau, and the next is sought ever wider: 2^1100 is no float."""
    began = time.monotonic()
    assert circuit("descend", "(x-1)^2", "-x", "3", "--starts", "1500", "--quiet").stdout == "x 1.0\n"
    assert circuit("descend", "floor(x)*0", "-x", "3", "--starts", "1100", "--quiet").stdout == "x 3.0\n"
    assert time.monotonic() - began < PATIENCE / 4
