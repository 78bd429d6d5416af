"""Every console block of the README is run, and prints what it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import FILES, HERE

README = (HERE.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)\n```", README, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=[block.splitlines()[0][2:40] for block in BLOCKS])
def test_block(block: str, tmp_path: Path) -> None:
    if "jq" in block and shutil.which("jq") is None:
        pytest.skip("jq is not installed")
    here = tmp_path / "here"
    shutil.copytree(FILES, here)
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "circuit").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m circuitcli "$@"\n')
    (bin_ / "circuit").chmod(0o755)
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    script = "\n".join(f"echo {_quoted('$ ' + command)}\n{command}" for command in commands)
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=here,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PATH": f"{bin_}:{os.environ['PATH']}", "PYTHONPATH": str(HERE.parent)},
        timeout=120,
    )
    assert done.stdout.decode().rstrip("\n") == block.rstrip("\n")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def test_the_set_up_is_two_lines() -> None:
    lines = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert len(lines) == 2
    assert lines[0].endswith('circuit grad "(x+y)*z" -x -2 -y 5 -z -4')
    assert lines[1].endswith("pytest")
    assert "python3-venv" in README
