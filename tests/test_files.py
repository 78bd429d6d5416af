"""A trace and its file: when it may be written, and what stays of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import circuit

RUN = ("descend", "x^2", "-x", "3", "--step", "0.25", "--steps", "1", "--quiet", "--trace")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and links are POSIX's")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    link, target = tmp_path / "link", tmp_path / "target"
    target.write_text("old")
    link.symlink_to(target)
    assert circuit(*RUN, str(link)).returncode == 0
    assert link.is_symlink()
    assert len(target.read_text().splitlines()) == 2


def test_a_pipe_is_written_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True) as reader:
        assert circuit(*RUN, str(pipe)).returncode == 0
        out, _ = reader.communicate(timeout=300)
    assert len(out.splitlines()) == 2
    assert pipe.is_fifo()


def test_a_directory_is_refused(tmp_path: Path) -> None:
    done = circuit(*RUN, str(tmp_path))
    assert done.returncode == 2
    assert "it is a directory" in done.stderr


@pytest.mark.parametrize("words", [("--trace",), ("--step", "--quiet"), ("--to", "--", "x")])
def test_an_option_without_its_value(words: tuple[str, ...], tmp_path: Path) -> None:
    done = circuit("descend", "x^2", "-x", "3", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert f"{words[0]} needs a value" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("redirect", "status"),
    [("eval x -x 3 >&-", 2), ("eval '1<2' --test >&-", 0), ("eval x 2>&-", 2), ("eval - <&-", 2)],
)
def test_closed_streams(redirect: str, status: int) -> None:
    command = f'"{sys.executable}" -m circuitcli {redirect}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=300)
    assert done.returncode == status
    assert "Traceback" not in done.stderr


def test_no_column_overwrites_another() -> None:
    for to in ("csv", "tsv", "jsonl"):
        done = circuit("grad", "value*grad_x + x", "-value", "3", "-grad_x", "2", "-x", "1", "--to", to)
        assert (done.returncode, done.stdout) == (2, "")
        assert "two columns" in done.stderr


def test_a_check_of_nothing_is_refused() -> None:
    assert circuit("grad", "q = x*y; q^2", "-x", "3", "-y", "4", "--wrt", "q", "--check").returncode == 2


def test_texts_among_inputs_are_passed_over_where_nobody_wants_them() -> None:
    read = {"site": "A", "x": 3}
    assert circuit("eval", "2*x", "--inputs", "-", "--quiet", stdin=json.dumps(read)).stdout == "6.0\n"
    done = circuit("eval", "2*x", "--inputs", "-", stdin='{"x": "pi/4"}')
    assert done.returncode == 2 and "0.785, not pi/4" in done.stderr
