"""Standard streams that whoever starts the program has closed, or whose disk is full: what is not written is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PRINTING = (
    ["eval", "1+1"],
    ["eval", "1+1", "--json"],
    ["--help"],
    ["--version"],
    ["gates", "exp"],
    ["draw", "x*y"],
    ["export", "x^2", "--to", "c"],
    ["ascend", "100-(x-y)^2", "-x", "3", "-y", "4", "--trace", "-"],
)
pytestmark = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a shell and /dev/full are POSIX's")


def shell(words: list[str], behind: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the program in a shell that redirects its streams."""
    line = ["sh", "-c", f'exec "$@" {behind}', "sh", sys.executable, "-m", "circuitcli", *words]
    return subprocess.run(line, capture_output=True, text=True, cwd=cwd, stdin=subprocess.DEVNULL, timeout=120)


@pytest.mark.parametrize("words", PRINTING[:2])
def test_nothing_written_is_no_success(words: list[str], tmp_path: Path) -> None:
    done = shell(words, ">&-", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "circuit: cannot write: the stream is closed\n")


@pytest.mark.slow
@pytest.mark.parametrize("words", PRINTING, ids=lambda words: words[0])
@pytest.mark.parametrize("behind", [">&-", ">&- 2>&-", ">&- 2>&- <&-", "</dev/null >&- 2>/dev/full", ">/dev/full"])
def test_no_command_loses_its_output_in_silence(words: list[str], behind: str, tmp_path: Path) -> None:
    done = shell(words, behind, tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    told = [line for line in done.stderr.splitlines() if line.startswith("circuit: ")]
    assert len(told) == (0 if "2>" in behind else 1) and bool(done.stderr) == bool(told)


@pytest.mark.slow
@pytest.mark.parametrize("behind", ["2>&-", "2>/dev/full"])
def test_a_message_to_nobody_changes_no_status(behind: str, tmp_path: Path) -> None:
    for words, status, written in (
        (["eval", "1+"], 2, ""),
        (["eval", "1/0", "--quiet"], 3, "inf\n"),
        (["--foo"], 2, ""),
    ):
        done = shell(words, behind, tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (status, written, "")


@pytest.mark.slow
def test_files_need_no_streams(tmp_path: Path) -> None:
    (tmp_path / "pts.csv").write_text("x\n1\n")
    done = shell(["eval", "r = 2*x", "pts.csv", "--out", "out.csv"], "<&- >&- 2>&-", tmp_path)
    assert (done.returncode, (tmp_path / "out.csv").read_text()) == (0, "x,r\n1,2.0\n")
    for words in (["eval", "-"], ["eval", "x", "-"], ["eval", "x", "--inputs", "-"]):
        done = shell(words, "<&-", tmp_path)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "the stream is closed" in done.stderr
