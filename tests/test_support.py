"""The helpers of the tests: a command within this process does what it does in a process of its own."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support import FILES, apart, circuit


def slow(*values: Any) -> Any:
    """A parameter for the whole run only."""
    return pytest.param(*values, marks=pytest.mark.slow)


@pytest.mark.parametrize(
    ("words", "stdin"),
    [
        slow([], ""),
        slow(["--version"], ""),
        slow(["grad", "-h"], ""),
        (["grad", "(x+y)*z", "-x", "-2", "-y", "5", "-z", "-4"], ""),
        slow(["grad", "q = x + y; f = q*2", "-x", "1", "-y", "θ", "--json"], ""),
        slow(["eval", "θ*x", "-θ", "1/3", "-x", "3", "--color", "always"], ""),
        slow(["eval", "1 > 2", "--test"], ""),
        slow(["eval", "log(-1)"], ""),
        slow(["eval", "x +"], ""),
        slow(["grad", "x", "--no-such"], ""),
        slow(["eval", "\udcff"], ""),
        slow(["gates", "tanh"], ""),
        slow(["draw", "x*y", "--format", "svg"], ""),
        slow(["plot", "sin(x)"], ""),
        slow(["export", "x*y", "--to", "c"], ""),
        (["ascend", "100-(x-y)^2", "-x", "3", "-y", "4", "--trace", "-"], ""),
        slow(["eval", "x*2", "-"], "x\n1\n2\n"),
        (["eval", "x*2", "-"], "x\n1\ntwo\n"),
        slow(["grad", "mean(w*x)", "pts.csv", "-w", "2"], ""),
        slow(["eval", "r = x", "pts.csv", "--to", "jsonl"], ""),
        slow(["eval", "x", "gaps.csv", "--bad-rows", "skip"], ""),
        (["repl"], "x = 3\nx^2\n:grad --quiet\n2x\n5\n"),
    ],
    ids=lambda value: " ".join(value).encode("ascii", "replace").decode() if isinstance(value, list) else "",
)
def test_both_ways(words: list[str], stdin: str) -> None:
    here, there = circuit(*words, stdin=stdin), apart(*words, stdin=stdin)
    assert (here.stdout, here.stderr, here.returncode) == (there.stdout, there.stderr, there.returncode)


@pytest.mark.slow
def test_more_than_a_pipe_holds() -> None:
    rows = "x\n" + "0.1\n" * 100_000
    done = circuit("eval", "x*2", "-", stdin=rows)
    assert done.stdout == "x,value\n" + "0.1,0.2\n" * 100_000
    assert circuit("eval", "+".join(["x"] * 50_000), "-x", "1", "-", stdin=rows).returncode == 2  # and reads none


def test_a_completion_of_a_shell() -> None:
    here, there = (
        run(_CIRCUIT_COMPLETE="bash_complete", COMP_WORDS="circuit gr", COMP_CWORD="1") for run in (circuit, apart)
    )
    assert (here.stdout, here.stderr, here.returncode) == (there.stdout, there.stderr, there.returncode)
    assert here.stdout == "plain,grad\n"


def test_all_is_put_back(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = os.getcwd(), dict(os.environ), sys.stdin, sys.stdout, sys.stderr, signal.getsignal(signal.SIGTERM)
    descriptors = len(os.listdir("/dev/fd"))
    assert circuit("ascend", "-(x-1)^2", "-x", "0", cwd=tmp_path, COLUMNS="40").returncode == 0
    assert circuit("eval", "x", cwd=tmp_path).returncode == 2
    assert circuit("eval", "x", str(FILES / "pts.csv")).stdout
    assert before == (
        os.getcwd(),
        dict(os.environ),
        sys.stdin,
        sys.stdout,
        sys.stderr,
        signal.getsignal(signal.SIGTERM),
    )
    assert len(os.listdir("/dev/fd")) == descriptors
    assert capfd.readouterr() == ("", "")
