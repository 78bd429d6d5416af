"""The mistakes a newcomer makes: a file each, the command first, then every line it prints and its exit status."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from circuitcli.cli import run
from tests.support import FILES, HERE

GOLDEN = sorted((HERE / "golden" / "mistakes").glob("*.txt"))


def test_there_are_enough() -> None:
    assert len(GOLDEN) >= 40


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_mistake(path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    command, expected = path.read_text(encoding="utf-8").split("\n", 1)
    monkeypatch.chdir(FILES)
    status = run(shlex.split(command)[2:])
    out, err = capsys.readouterr()
    assert f"{out}{err}exit {status}\n" == expected
    assert status == 2
    assert not out
