"""Every console block of the README is run, and prints what it says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support import HERE, shell

README = (HERE.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)\n```", README, re.DOTALL)


def case(block: str) -> Any:
    """A parameter; for the whole run only where there are many commands, or rows, whose libraries take a while."""
    many = block.count("\n$ ") > 0 or ".csv" in block
    return pytest.param(block, id=block.splitlines()[0][2:40], marks=[pytest.mark.slow] if many else [])


@pytest.mark.parametrize("block", [case(block) for block in BLOCKS])
def test_block(block: str, tmp_path: Path) -> None:
    for program in ("jq", "node"):
        if re.search(rf"\| {program} |&& {program} ", block) and shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    script = "\n".join(f"echo {_quoted('$ ' + command)}\n{command}" for command in commands)
    done = shell(f"exec 2>&1\n{script}", tmp_path)
    assert done.stdout.decode().rstrip("\n") == block.rstrip("\n")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def test_the_set_up_is_two_lines() -> None:
    lines = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert len(lines) == 2
    assert lines[0].endswith('circuit grad "(x+y)*z" -x -2 -y 5 -z -4')
    assert lines[1].endswith("pytest")
    assert "python3-venv" in README
