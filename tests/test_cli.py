"""The command line: the argument rule, the forms of the output, pipes, terminals, statuses."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from circuitcli.cli import run
from circuitcli.cli.argument_words import sort_words
from circuitcli.cli.options import Output
from tests.support import apart, circuit, ended, grown, some_slow, until


def quiet(*words: str) -> str:
    done = circuit(words[0], "--quiet", *words[1:])
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# ── one dash sets an input ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["x*2", "-x", "-2"], "-4.0"),
        (["x*2", "-x=-2"], "-4.0"),
        (["-x", "-1e-3", "x"], "-0.001"),
        (["w0*learning_rate", "-w0", "2", "-learning_rate", ".1"], "0.2"),
        (["θ + h + json", "-θ", "1", "-h", "2", "-json", "3"], "6.0"),
        (["-x*y", "-x", "2", "-y", "3"], "-6.0"),
        (["-(x+y)", "-x", "2", "-y", "3"], "-5.0"),
        (["-2*x", "-x", "2"], "-4.0"),
        (["-x==3", "-x", "3"], "0.0"),
        (["-x", "3", "--", "-x"], "-3.0"),
        (["x", "-x", "-inf"], "-inf"),
        (["x", "-x", "-pi"], "-3.141592653589793"),
        (["x", "-x", "pi/4"], "0.7853981633974483"),
        (["x", "-x", "1/3"], "0.3333333333333333"),
        (["e", "-e", "5"], "5.0"),
        (["x", "--quiet", "-x", "1"], "1.0"),
    ],
)
def test_words(words: list[str], value: str) -> None:
    assert quiet("eval", *words) == value


def test_h_alone_is_help() -> None:
    assert circuit("grad", "-h").stdout == circuit("grad", "--help").stdout
    assert circuit("-h").stdout == circuit("--help").stdout == circuit().stdout
    assert "Examples:" in circuit("grad", "h*x", "-h").stdout


def test_words_are_sorted_for_click() -> None:
    options = {"--wrt": True, "--json": False}
    assert sort_words(["f", "-x", "-1", "--wrt", "x", "--json"], options) == [
        "--set",
        "x=-1",
        "--wrt",
        "x",
        "--json",
        "--",
        "f",
    ]
    assert sort_words(["-x=1=2", "f"], options) == ["--set", "x=1=2", "--", "f"]


def test_inputs_come_from_files_and_pipes(tmp_path: Path) -> None:
    point = tmp_path / "point.json"
    point.write_text('{"x": 3, "y": "Infinity", "unused": 1}')
    assert quiet("eval", "x", "--inputs", str(point)) == "3.0"
    assert quiet("eval", "y", "--inputs", str(point)) == "inf"
    assert quiet("eval", "x", "--inputs", str(point), "-x", "4") == "4.0"
    result = circuit("ascend", "-(x-1)^2", "-x", "0", "--json").stdout
    assert circuit("eval", "2*x", "--inputs", "-", "--quiet", stdin=result).stdout == "2.0\n"
    done = circuit("eval", "-", "--inputs", "-", stdin="{}")
    assert done.returncode == 2
    assert "only once" in done.stderr


def test_programs_come_from_files_and_pipes(tmp_path: Path) -> None:
    gates, program = tmp_path / "gates", tmp_path / "program"
    gates.write_text("twice(a) = 2*a  # no newline at the end")
    program.write_text("twice(x)\n")
    assert quiet("eval", "--file", str(gates), "--file", str(program), "-x", "2") == "4.0"
    assert circuit("eval", "-", "-x", "2", "--quiet", stdin="x +\t2").stdout == "4.0\n"
    assert circuit("eval", "--file", "-", "-x", "2", "--quiet", stdin="x + 2").stdout == "4.0\n"
    done = circuit("eval", "--file", str(gates), "--file", str(tmp_path / "broken"))
    assert "no such file" in done.stderr
    program.write_text("twice(x)\ntwice(x\n")
    assert f"{program}, line 2: " in circuit("eval", "--file", str(gates), "--file", str(program)).stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs env -S")
def test_a_program_can_be_a_file_that_runs(tmp_path: Path) -> None:
    script = tmp_path / "double"
    script.write_text(f"#!/usr/bin/env -S {sys.executable} -m circuitcli eval --quiet --file\n2*x\n")
    script.chmod(0o755)
    done = subprocess.run([str(script), "-x", "4"], capture_output=True, text=True, timeout=300)
    assert done.stdout == "8.0\n"


# ── forms of the output ─────────────────────────────────────────────────────────────────────────────────────


def test_json_is_a_contract() -> None:
    result = json.loads(circuit("grad", "q = x + y; f = q * 2", "-x", "1", "-y", "2", "--json").stdout)
    assert list(result) == ["expression", "inputs", "value", "gradient", "nodes"]
    assert result["nodes"][-1] == {
        "id": 4, "name": "f", "gate": "mul", "args": [2, 3], "expression": "q * 2", "value": 6.0, "gradient": 1.0,
    }  # fmt: skip
    assert "gradient" not in result["nodes"][3]  # a constant
    assert "gradient" not in json.loads(circuit("eval", "x", "-x", "1", "--json").stdout)
    kink = json.loads(circuit("grad", "abs(x)", "-x", "0", "--json").stdout)
    assert kink["nodes"][-1]["kink"] is True


def test_json_is_strict_about_infinity() -> None:
    done = circuit("grad", "1/x", "-x", "0", "--json")
    result = json.loads(done.stdout, parse_constant=pytest.fail)
    assert (result["value"], result["gradient"]["x"], done.returncode) == ("Infinity", "-Infinity", 3)


def test_json_where_the_output_is_not_utf8() -> None:
    done = apart("eval", "θ", "-θ", "1", "--json", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert json.loads(done.stdout)["inputs"] == {"θ": 1.0}


@pytest.mark.parametrize(("to", "separator"), [("csv", ","), ("tsv", "\t")])
def test_one_point_is_one_row(to: str, separator: str) -> None:
    done = circuit("grad", "r = x*y", "-x", "3", "-y", "0.1", "--to", to)
    table = list(csv.reader(io.StringIO(done.stdout), delimiter=separator))
    assert table == [["x", "y", "r", "grad_x", "grad_y"], ["3.0", "0.1", "0.30000000000000004", "0.1", "3.0"]]
    assert json.loads(circuit("eval", "x*2", "-x", "3", "--to", "jsonl").stdout) == {"x": 3.0, "value": 6.0}


def test_a_pipe_has_every_row_and_no_colour() -> None:
    text = "; ".join(f"n{i} = x + {i}" for i in range(100)) + "; x"
    done = circuit("grad", text, "-x", "1")
    assert len(done.stdout.splitlines()) == 102
    assert "\x1b" not in done.stdout
    assert not done.stderr


def test_digits() -> None:
    assert "0.3333333333 " in circuit("eval", "x/3", "-x", "1").stdout.replace("\n", " \n")
    assert "0.33333333333333331" in circuit("eval", "x/3", "-x", "1", "--digits", "17").stdout


def test_the_exit_status_is_the_answer() -> None:
    assert circuit("eval", "1 < 2", "--test").returncode == 0
    assert circuit("eval", "1 > 2", "--test").returncode == 1
    assert circuit("eval", "0/0", "--test").returncode == 3
    assert circuit("grad", "x^2", "-x", "3", "--check").returncode == 0
    assert circuit("grad", "abs(x)", "-x", "0", "--check").returncode == 0  # one of the slopes
    assert circuit("grad", "relu(x) - relu(-x)", "-x", "0", "--check").returncode == 1  # the slope is 1, not 0
    assert circuit("grad", "log(x)", "-x", "-1").returncode == 3
    assert circuit("grad", "log(x)", "-x", "-1", "--allow-nonfinite").returncode == 0
    assert circuit("grad", "x", "-x", "nan").returncode == 0
    assert circuit("eval", "x").returncode == 2


@pytest.mark.parametrize(
    ("text", "culprit"),
    [
        ("9^9^9^9", "9^9"),
        ("1/0", "1 / 0"),
        ("0/0", "0 / 0"),
        ("log(-1)", "log(-1)"),
        ("(-8)^(1/3)", "(-8)^"),
        ("exp(1000)", "exp(1000)"),
    ],
)
def test_what_is_not_finite_is_named_at_once(text: str, culprit: str) -> None:
    began = time.process_time()
    done = circuit("eval", text, "--quiet")
    assert time.process_time() - began < 5
    assert done.returncode == 3
    assert done.stdout.strip() in ("inf", "nan")
    assert culprit in circuit("eval", text).stderr


def test_a_check_shows_value_error_and_verdict() -> None:
    result = json.loads(circuit("grad", "x*y", "-x", "3", "-y", "4", "--check", "--json").stdout)["check"]
    assert result["method"] == "ladder"
    assert result["verdict"] == "agree"
    assert abs(result["inputs"]["x"]["numerical"] - 4.0) <= result["inputs"]["x"]["error"] + 1e-12
    shown = json.loads(circuit("grad", "x*y", "-x", "3", "-y", "4", "--difference", "central", "--json").stdout)[
        "check"
    ]
    assert shown["h"] == 1e-4
    assert set(shown["inputs"]["x"]) == {"gradient", "numerical", "apart"}


def test_gates_as_table_and_json() -> None:
    table = circuit("gates", "--verbose").stdout
    assert "1 - tanh(x)^2" in table and "logisticpdf(2" not in table
    gates = {gate["name"]: gate for gate in json.loads(circuit("gates", "--json").stdout)}
    assert gates["mul"]["derivative"] == {"x": "y", "y": "x"}
    assert gates["tanh"]["derivative"] == {"x": "4 * logisticpdf(2 * x)"}  # as it is computed
    assert gates["max"] == gates["max"] | {"arity": "1 or more", "kinks": "x = y"}


# ── pipes, terminals, signals ───────────────────────────────────────────────────────────────────────────────


def test_a_closed_pipe_is_silent() -> None:
    script = 'echo "$0" | "$1" -m circuitcli grad - -x 1 | head -1; echo ${PIPESTATUS[1]}'
    text = "+".join(["x"] * 5_000)
    done = subprocess.run(["bash", "-c", script, text, sys.executable], capture_output=True, text=True, timeout=300)
    assert done.stdout.splitlines()[-1] == "141"
    assert done.stderr == ""


def at_a_terminal(*words: str, columns: int = 80, **env: str) -> str:
    """Run the program on a terminal of its own, and return the text that a person sees."""
    leader, follower = pty.openpty()
    import fcntl
    import struct
    import termios

    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    base = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "FORCE_COLOR")}
    command = subprocess.Popen(
        [sys.executable, "-m", "circuitcli", *words],
        stdin=follower, stdout=follower, stderr=follower, env={**base, "TERM": "xterm-256color", **env}, close_fds=True,
    )  # fmt: skip
    os.close(follower)
    output = b""
    while select.select([leader], [], [], 180)[0]:
        try:
            chunk = os.read(leader, 65536)
        except OSError:
            break
        if not chunk:
            break
        output += chunk
    command.wait(180)
    os.close(leader)
    return output.decode()


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r", "")


def test_a_terminal_gets_a_rule_and_colour() -> None:
    seen = at_a_terminal("grad", "(x+y)*z", "-x", "-2", "-y", "5", "-z", "-4")
    assert "\x1b[" in seen
    assert [line.rstrip() for line in plain(seen).splitlines()] == [
        " node          value   gradient",
        "────────────────────────────────",
        " x                -2         -4",
        " y                 5         -4",
        " z                -4          3",
        " x + y             3         -4",
        " (x + y) * z     -12          1",
    ]
    assert "\x1b[3" not in at_a_terminal("eval", "x", "-x", "1", NO_COLOR="1")


@pytest.mark.parametrize("columns", some_slow([20, 30, 40, 80, 200], [30, 40, 80, 200]))
def test_no_number_is_ever_cut(columns: int) -> None:
    words = (
        "grad",
        "sigmoid(alpha*x + beta*y + gamma_long_name)",
        "-alpha",
        "1/3",
        "-beta",
        "2/3",
        "-gamma_long_name",
        "-3.1",
        "-x",
        "-1e-9",
        "-y",
        "1e12/7",
    )
    numbers = re.findall(r"-?\d[\d.e+-]*", circuit(*words).stdout)
    seen = plain(at_a_terminal(*words, columns=columns))
    assert "…" not in seen
    for number in numbers:
        assert number in seen


@pytest.mark.slow
def test_a_long_table_says_what_it_leaves_out() -> None:
    text = "+".join(f"sin({i}*x)" for i in range(30))
    seen = plain(at_a_terminal("grad", text, "-x", "1"))
    assert "unnamed gates are not shown" in seen
    assert len(seen.splitlines()) < 10


def test_reading_from_a_terminal_does_not_hang() -> None:
    assert "standard input is a terminal" in plain(at_a_terminal("eval", "-"))


@pytest.mark.slow
def test_markup_in_a_name_is_text() -> None:
    seen = plain(at_a_terminal("eval", "max(x, 1)  # [bold]", "-x", "1"))
    assert "max(x, 1)" in seen


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_ctrl_c_keeps_the_best_point(tmp_path: Path) -> None:
    trace = tmp_path / "trace.csv"
    command = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "circuitcli",
            "ascend",
            "-(x-1)^2",
            "-x",
            "0",
            "--step",
            "1e-9",
            "--steps",
            "100000000",
            "--json",
            "--trace",
            str(trace),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with ended(command):
        until(partial(grown, tmp_path, ".trace.csv*"))
        command.send_signal(signal.SIGINT)
        out, err = command.communicate(timeout=300)
    result = json.loads(out)
    assert command.returncode == 130
    assert result["status"] == "interrupted"
    assert not result["success"]
    assert 0 < result["inputs"]["x"] < 1
    assert not err
    table = list(csv.reader(io.StringIO(trace.read_text())))
    assert all(len(row) == 4 for row in table)
    assert len(table) >= result["steps"] + 1


def test_no_traceback_reaches_a_user(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["eval", "x", "-x", "1", "--trace", "y"]) == 2
    assert run(["ascend", "x^2", "-x", "1", "--steps", "1", "--trace", "/nowhere/at/all"]) == 2
    assert "cannot write" in capsys.readouterr().err


def test_a_failed_trace_leaves_the_old_file(tmp_path: Path) -> None:
    trace = tmp_path / "run.jsonl"
    trace.write_text("precious\n")
    assert circuit("ascend", "x*y", "-x", "1", "--trace", str(trace)).returncode == 2
    assert trace.read_text() == "precious\n"
    assert [path.name for path in tmp_path.iterdir()] == ["run.jsonl"]


def test_a_group_of_options_has_no_others() -> None:
    assert Output(to="csv").but(asked_digits=3).digits == 3
    for make in (Output, Output().but):
        with pytest.raises(TypeError, match="Output has no tp"):
            make(tp=3)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["grad", "x*y", "-x", "1", "-y", "2", "--claim", "x = 3", "--claim=y = 1"], "joined by ;"),
        (["grad", "x*y", "-x", "1", "-y", "2", "--wrt", "x", "--wrt", "y"], "names joined by commas"),
        (["eval", "x", "-x", "1", "--to", "csv", "--to", "json"], "--to is given 2 times"),
        (["eval", "x", "-x", "1", "--digits", "5", "--digits", "6"], "write it once"),
    ],
)
def test_an_option_of_one_value_is_given_once(words: list[str], hint: str) -> None:
    done = circuit(*words)
    assert (done.returncode, done.stdout) == (2, "") and hint in done.stderr


def test_rows_that_wait_are_told_of() -> None:
    assert "add - where standard input has rows" in circuit("eval", "2*x", stdin="x\n1\n").stderr
    assert "standard input" not in circuit("eval", "2*x").stderr
