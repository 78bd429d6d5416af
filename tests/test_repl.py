"""`circuit repl`: scripts through a pipe, and a person at a terminal."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mpmath import mp, mpf

from circuitcli.cli.command_table import of_a_session
from circuitcli.cli.session.colon_commands import OWN
from tests.support import FILES, HERE, circuit, ended
from tests.terminal import CTRL_C, TAB, UP, Terminal

GUIDE = HERE / "golden" / "sessions" / "guide.txt"


# ── scripts ─────────────────────────────────────────────────────────────────────────────────────────────────


def script(*lines: str, files: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    return circuit("repl", *files, stdin="\n".join(lines))


def test_a_script_has_results_and_nothing_else() -> None:
    done = script("x = 3", "x^2", "", "# the slope", ":grad --quiet", "q = x*y", "y = 2", "q")
    assert (done.stdout, done.returncode) == ("9\nx 6.0\n6\n", 0)
    assert done.stderr == "note: q waits for y\n"


def test_a_script_ends_at_the_first_mistake() -> None:
    done = script("x = 3", "(x +", "", "2x)", "x")
    assert (done.stdout, done.returncode) == ("", 2)
    assert done.stderr.splitlines() == [
        "circuit: standard input, line 4: unexpected x: expected an operator or the end",
        "  2x)",
        "   ^",
        "  write 2*x",
    ]
    assert script("1", ":grad 1 --chek", "2").stdout == "1\n"


def test_the_largest_status_is_the_scripts() -> None:
    assert script("x = 0", ":grad relu(x) - relu(-x) --check", "1 + 1").returncode == 1  # the slope is 1, not 0
    done = script("1/0", ":eval 1 > 2 --test", "5")
    assert (done.stdout, done.returncode) == ("inf\n5\n", 3)
    assert script("1/0", ":quit", "2x").returncode == 3
    assert script().returncode == 0


def test_files_come_first() -> None:
    done = script("T = 2", "g", files=("pendulum.circuit",))
    assert done.stdout == "g = 9.810652192067229\n9.869604401089358\n"
    done = script("1", files=("broken.circuit",))
    assert (done.stdout, done.returncode) == ("", 2)
    assert done.stderr.splitlines() == [
        "note: q waits for x, y",
        "circuit: broken.circuit, line 3: the ( in line 2, column 7 is never closed",
        "  2",
        "   ^",
        "  write ) to close it",
    ]


def test_a_shell_completes_files() -> None:
    done = circuit("", _CIRCUIT_COMPLETE="bash_complete", COMP_WORDS="circuit repl les", COMP_CWORD="2")
    assert done.stdout == "file,les\n"


def test_a_script_may_have_rows() -> None:
    pytest.importorskip("pyarrow")
    done = script("w = 2", ":grad mean((y - w*x)^2) --json -- pts.csv", ":eval w*x --columns id,value pts.csv")
    assert '"value": 4.0,\n "gradient": {"w": -4.0}' in done.stdout
    assert done.stdout.endswith("id,value\n007,6.0\n9007199254740993,10.0\n")


@pytest.mark.slow
def test_a_script_needs_no_prompt_toolkit() -> None:
    code = """
import sys
sys.modules["prompt_toolkit"] = None
from circuitcli.cli import run
sys.exit(run(["repl"]))
"""
    done = subprocess.run([sys.executable, "-c", code], input=b"1+1\n", capture_output=True, timeout=300)
    assert (done.stdout, done.returncode, done.stderr) == (b"2\n", 0, b"")


def test_each_line_is_answered_when_it_comes() -> None:
    words, pipe = [sys.executable, "-m", "circuitcli", "repl"], subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True, bufsize=1) as process, ended(process):
        assert process.stdin is not None and process.stdout is not None
        for k in range(3):
            process.stdin.write(f"{k}*2\n")
            assert process.stdout.readline() == f"{2 * k}\n"
        process.stdin.close()
        assert process.wait(180) == 0


@pytest.mark.slow
@pytest.mark.parametrize("line", ["1+1", ":eval 1+1"])
def test_a_closed_pipe_is_silent(line: str) -> None:
    code = f'yes "{line}" | "$0" -m circuitcli repl | head -1; echo ${{PIPESTATUS[1]}}'
    done = subprocess.run(["bash", "-c", code, sys.executable], capture_output=True, text=True, timeout=300)
    assert done.stdout.splitlines()[-1] == "141"
    assert done.stderr == ""


def test_bytes_that_are_no_text() -> None:
    done = circuit("repl", stdin=b"\xef\xbb\xbfx = 3\r\nx\r\n\xff\n")
    assert (done.stdout, done.returncode) == ("3\n", 2)
    assert done.stderr == "circuit: standard input, line 3 is no text: it is not UTF-8\n"


# ── at a terminal ───────────────────────────────────────────────────────────────────────────────────────────


Begin = Callable[..., Terminal]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Begin]:
    """Start a session and wait for its first prompt; its history is in `home`."""
    opened: list[Terminal] = []

    def begin(*words: str, columns: int = 80, **env: str) -> Terminal:
        opened.append(Terminal("repl", *words, columns=columns, env={"XDG_STATE_HOME": str(tmp_path), **env}))
        opened[-1].wait(lambda: opened[-1].prompted)
        return opened[-1]

    yield begin
    for terminal in opened:
        terminal.close()


def test_the_guides_lesson_from_start_to_end(session: Begin) -> None:
    expected = GUIDE.read_text(encoding="utf-8").splitlines()
    terminal = session()
    for line in [line[2:] for line in expected if line.startswith("> ")]:
        terminal.type(line + "\r")
    assert terminal.leave() == 0
    assert terminal.lines == expected


def said(command: str, occurrence: int = 0) -> list[str]:
    """The answer of the golden lesson to a line."""
    lines = GUIDE.read_text(encoding="utf-8").splitlines()
    start = [i for i, line in enumerate(lines) if line == f"> {command}"][occurrence] + 1
    end = next(i for i in range(start, len(lines)) if lines[i].startswith(">"))
    return lines[start:end]


def numbers(line: str) -> list[float]:
    """The numbers of a row, behind its name."""
    return [float(word) for word in re.findall(r"(?<![\w.])-?\d[\d.]*(?:e[+-]?\d+)?(?!\w)", line)]


def test_the_golden_lesson_has_the_guides_numbers() -> None:
    h = 1e-4  # http://karpathy.github.io/neuralnets: -6, 3.00000000000189, -5.87, -12, -11.59, 0.8808, 0.8825
    assert said("x*y") == ["-6"]
    x, y = said(":grad --difference forward --h 1e-4")[2:]
    assert numbers(x)[:2] == [3.0, ((-2 + h) * 3 - -2 * 3) / h]
    assert numbers(y)[:2] == [-2.0, (-2 * (3 + h) - -2 * 3) / h]
    assert float(said("x*y", 1)[0]) == pytest.approx(-1.97 * 2.98, rel=1e-15)
    assert [said("(x+y)*z"), said("q = x + y"), said("f = q*z")] == [["-12"], ["q = 3"], ["f = -12"]]
    rows = said(":grad")[2:]
    assert [numbers(row.partition("  ")[2])[-2:] for row in rows] == [[-2, -4], [5, -4], [-4, 3], [3, -4], [-12, 1]]
    moved = [numbers(row)[-1] for row in said(":ascend --step 0.01 --steps 1 --quiet")]
    assert moved == [-2.04, 4.96, -3.97]
    assert float(said("f")[0]) == pytest.approx((-2.04 + 4.96) * -3.97, rel=1e-15)
    with mp.workdps(30):

        def sigmoid(z: mpf) -> mpf:
            return 1 / (1 + mp.exp(-z))

        a, b, c, x, y = map(mpf, (1, 2, -3, -1, 3))
        s = sigmoid(a * x + b * y + c)
        assert float(said("s = sigmoid(a*x + b*y + c)")[0][4:]) == pytest.approx(float(s), rel=3e-16)
        slopes = {"a": x, "x": a, "b": y, "y": b, "c": mpf(1)}
        for row in said(":grad", 1)[2:7]:
            assert numbers(row)[-1] == pytest.approx(float(slopes[row.split()[0]] * s * (1 - s)), rel=1e-9)
        step = mpf(1) / 100 * s * (1 - s)
        a, b, c, x, y = a + step * x, b + step * y, c + step, x + step * a, y + step * b
        assert float(said("s")[0]) == pytest.approx(float(sigmoid(a * x + b * y + c)), rel=3e-16)
        by_x, by_y = said(":derive x^2*y")
        assert numbers(by_x)[-1] == pytest.approx(float(2 * x * y), rel=1e-9)
        assert numbers(by_y)[-1] == pytest.approx(float(x**2), rel=1e-9)


@pytest.mark.slow
def test_a_caret_stands_under_the_mistake(session: Begin) -> None:
    terminal = session()
    for line, wrong in [("2x + 1", "x"), ("  1 +* 2", "*"), (":grad 日本 + 3y --check", "y"), ("sigmod(1)", "sigmod")]:
        top = len(terminal.lines)
        terminal.type(line + "\r")
        typed, caret = terminal.lines[top - 1 : top + 1]
        assert typed == "> " + line
        column = len(caret) - len(caret.lstrip())
        wide = sum(c in "日本" for c in line)  # of two columns each
        assert column == 2 + line.index(wrong) + (wide if line.index(wrong) > 6 else 0)
        assert caret.strip() == "^" * len(wrong)
        assert not terminal.lines[top + 1].startswith((" ", "circuit:"))
    assert terminal.leave() == 0


@pytest.mark.slow
def test_a_line_that_is_too_long_is_shown_again(session: Begin) -> None:
    terminal = session(columns=40)
    terminal.type("1 + " * 12 + "2x\r")
    typed, _ = (i for i, line in enumerate(terminal.lines) if "2x" in line)
    assert terminal.lines[typed + 1].startswith("unexpected x: expected an operator")
    assert terminal.leave() == 0


@pytest.mark.slow
def test_an_open_parenthesis_goes_on(session: Begin) -> None:
    terminal = session()
    terminal.type("q = (1 +\r", lambda: terminal.lines[-1] == "> q = (1 +" and terminal.column == 2)
    terminal.type("2)*3\r")
    assert terminal.lines[-4:] == ["> q = (1 +", "  2)*3", "q = 9", ">"]
    terminal.type("(2x\r")  # but not what is wrong already
    assert terminal.lines[-5:-2] == ["> (2x", "    ^", "unexpected x: expected an operator or the end"]
    assert terminal.leave() == 0


@pytest.mark.slow
def test_lines_that_are_pasted(session: Begin) -> None:
    terminal = session()
    terminal.type("\x1b[200~x = 3\ny = (x +\n 1)\n:grad x*y\x1b[201~", lambda: terminal.lines[-1] == "  :grad x*y")
    terminal.type("\r")
    assert "y = 4" in terminal.lines
    assert terminal.lines[-4].split() == ["x", "3", "7"]  # x * (x + 1)
    assert terminal.leave() == 0


def test_completion(session: Begin) -> None:
    terminal = session()
    terminal.type("learning_rate = 0.5\r")
    terminal.type("2*lear" + TAB, lambda: terminal.lines[-1] == "> 2*learning_rate")
    terminal.type("\r")
    assert terminal.lines[-2] == "1"
    terminal.type("sigm" + TAB, lambda: terminal.lines[-1] == "> sigmoid(")
    terminal.type("0)\r")
    assert terminal.lines[-2] == "0.5"
    terminal.type(":gra" + TAB, lambda: terminal.lines[-1] == "> :grad")
    terminal.type("x --che" + TAB, lambda: terminal.lines[-1] == "> :grad x --check")
    terminal.type(CTRL_C)
    terminal.type("log" + TAB, lambda: any("log10(" in line for line in terminal.lines))
    terminal.type(CTRL_C)
    assert not any("log10(" in line for line in terminal.lines)
    assert terminal.leave() == 0


def test_ctrl_c_cancels_a_line_and_a_computation(session: Begin) -> None:
    terminal = session()
    terminal.type("1 + 2" + CTRL_C)
    assert terminal.lines[-2:] == ["> 1 + 2", ">"]
    terminal.type("(1 +\r", lambda: terminal.lines[-1] == "> (1 +" and terminal.column == 2)
    terminal.type(CTRL_C)
    for line in ("f(a) = sin(a) + cos(a)", "g(a) = f(f(f(f(f(f(a))))))", "x = 1"):
        terminal.type(line + "\r")
    started = len(terminal.lines)
    line = "> :eval g(g(g(g(g(g(g(g(x)))))))) --digits 10000 --quiet"
    terminal.type(line[2:] + "\r", lambda: terminal.lines[-1] == line and terminal.column == 0 and terminal.cooked)
    pressed = time.monotonic()

    def stopped() -> bool:
        nonlocal pressed
        if time.monotonic() - pressed > 3.0:  # a session that was just leaving its prompt does not hear the first
            pressed = time.monotonic()
            terminal.press(CTRL_C)
        return len(terminal.lines) > started + 1 and terminal.lines[-1] == ">"

    terminal.type(CTRL_C, stopped)
    assert terminal.lines[started] == "^C" and len(terminal.lines) < started + 9  # and no result of 10,000 digits
    terminal.type("x\r")
    assert terminal.lines[-2:] == ["1", ">"]
    assert terminal.leave() == 0


@pytest.mark.slow
def test_an_ascent_that_is_interrupted_keeps_its_point(session: Begin) -> None:
    terminal = session()
    terminal.type("x = 0\r")
    climb = ":ascend -(x-1)^2 --step 1e-9 --steps 1000000000000\r"
    terminal.type(climb, lambda: "steps/s" in terminal.lines[-1])
    terminal.type(CTRL_C)
    assert any("interrupted" in line for line in terminal.lines)
    terminal.type("0 < x and x < 1\r")
    assert terminal.lines[-2] == "1"
    assert terminal.leave() == 0


@pytest.mark.slow
def test_history_across_sessions(session: Begin, tmp_path: Path) -> None:
    first = session()
    first.type("x = 41\r")
    first.type("2x\r")
    assert first.leave(":quit\r") == 0
    path = tmp_path / "circuit" / "history"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    second = session()
    second.type(UP + UP, lambda: second.lines[-1] == "> 2x")
    second.type(UP, lambda: second.lines[-1] == "> x = 41")
    second.type("+1\r")
    assert second.lines[-2:] == ["x = 42", ">"]
    assert second.leave() == 0


@pytest.mark.slow
def test_a_history_that_cannot_be_kept(session: Begin, tmp_path: Path) -> None:
    (tmp_path / "circuit").write_text("not a folder")
    terminal = session()
    terminal.type("1 + 1\r")
    assert terminal.lines[-2] == "2"
    assert terminal.leave() == 0


@pytest.mark.slow
def test_a_model_to_begin_with(session: Begin) -> None:
    terminal = session("pendulum.circuit")
    assert terminal.lines[0] == "g = 9.810652192067229"
    terminal.type("T = 2\r")
    terminal.type("g\r")
    assert terminal.lines[-2] == "9.869604401089358"
    assert terminal.leave() == 0


@pytest.mark.slow
def test_no_colour_where_none_is_wanted(session: Begin) -> None:
    terminal = session(NO_COLOR="1")
    terminal.type("x = 1\r")
    terminal.type(":grad x^2\r")
    terminal.type("si" + TAB, lambda: any("sinh(" in line for line in terminal.lines))
    terminal.type(CTRL_C)
    assert terminal.leave() == 0
    assert not re.search(rb"\x1b\[[0-9;]*(3[0-7]|38|4[0-7]|48|9[0-7])[;m]", terminal.bytes)


@pytest.fixture
def plain(session: Begin, tmp_path: Path) -> Callable[[], Terminal]:
    """Start sessions where prompt_toolkit cannot be imported."""
    lacking = tmp_path / "lacking"
    lacking.mkdir()
    (lacking / "prompt_toolkit.py").write_text("raise ImportError('not here')\n")
    return lambda: session(PYTHONPATH=os.pathsep.join([str(lacking), str(HERE.parent)]))


def test_a_prompt_of_python_alone(plain: Callable[[], Terminal]) -> None:
    terminal = plain()
    told = " ".join(terminal.lines)
    assert "note: without prompt_toolkit there is no completion" in told and "circuitcli[repl]" in told
    for line, answer in [
        ("x = 3", None),
        ("x^2", "9"),
        ("ans + 1", "10"),
        ("2x", "write 2*x"),
        ("grad x^2 --quiet", "x 6.0"),
    ]:
        terminal.type(line + "\r")
        assert answer is None or terminal.lines[-2].strip() == answer
    terminal.type("q = (1 +\r", lambda: terminal.lines[-1].strip() == "" or terminal.column == 2)
    terminal.type("2)*3\r")
    assert terminal.lines[-2:] == ["q = 9", ">"]
    terminal.type("1 + 2" + CTRL_C)
    terminal.type("x\r")
    assert terminal.lines[-2:] == ["3", ">"]
    assert terminal.leave("exit\r") == 0


@pytest.mark.slow
def test_both_prompts_have_one_history(session: Begin, plain: Callable[[], Terminal], tmp_path: Path) -> None:
    pytest.importorskip("readline")
    first = session()
    first.type("x = 41\r")
    assert first.leave() == 0
    second = plain()
    second.type(UP, lambda: second.lines[-1] == "> x = 41")
    second.type("+1\r")
    assert second.leave() == 0
    assert stat.S_IMODE((tmp_path / "circuit" / "history").stat().st_mode) == 0o600
    third = session()
    third.type(UP, lambda: third.lines[-1] == "> x = 41+1")
    third.type("\r")
    assert third.lines[-2] == "x = 42"
    assert third.leave() == 0


def test_the_help_names_the_commands_the_keys_and_the_history() -> None:
    shown = circuit("repl", "--help").stdout
    named = {*of_a_session(), *OWN}
    assert named <= set(re.findall(r":(\w+)", shown))
    for word in ("Tab", "Ctrl-C", "Ctrl-D", "circuit/history"):
        assert word in shown


@pytest.mark.slow
def test_the_examples_run() -> None:
    from circuitcli.cli.commands.repl import EXAMPLES

    for example in EXAMPLES[1:]:
        command = example.split("\n")[1].replace("circuit repl", f'"{sys.executable}" -m circuitcli repl')
        env = {**os.environ, "PYTHONPATH": str(HERE.parent)}
        assert subprocess.run(command, shell=True, cwd=FILES, env=env, capture_output=True, timeout=300).returncode == 0
