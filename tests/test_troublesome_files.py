"""Troublesome files as people have them: the whole message for each, and what it says, typed.

A golden file has a command, all that it prints and its exit status; then, where the message says what to type, the
command that follows it, and what comes of that.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from circuitcli.visible_text import shell_word
from tests.support import HERE, circuit
from tests.troublesome_files import make

FOLDER = HERE / "golden" / "troublesome"
GOLDEN = sorted(FOLDER.glob("*.txt"))
WITHOUT = {"workbook-without-its-library": "python_calamine"}  # libraries that are not there
EXPRESSION = 2  # the place of the expression in a command line, which a hint may have us write otherwise


class Case(NamedTuple):
    """A golden file: the command and what it prints, and the command that follows the hint, if there is one."""

    command: str
    told: str
    typed: str
    answer: str


def case_of(path: Path) -> Case:
    """The case in a golden file."""
    first, _, then = path.read_text(encoding="utf-8").partition("\n$ ")
    command, told = first.removeprefix("$ ").split("\n", 1)
    typed, _, answer = then.partition("\n")
    return Case(command, told.rstrip("\n"), typed, answer.rstrip("\n"))


FOLLOWED = [path for path in GOLDEN if case_of(path).typed]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all of the files."""
    folder = tmp_path_factory.mktemp("troublesome") / "files"
    shutil.copytree(FOLDER / "files", folder)
    make(folder)
    return folder


def printed(command: str, files: Path) -> str:
    """All that a command prints, and its exit status; what stands before a pipe is done by a shell."""
    before, pipe, ours = command.rpartition(" | circuit ")
    words = shlex.split(ours)[0 if pipe else 1 :]
    given = piped(before, files) if pipe else b""
    done = circuit(*words, stdin=given, cwd=files)
    told = f"{done.stdout}{done.stderr}exit {done.returncode}"
    assert "Traceback" not in told
    return told.replace(shell_word(sys.executable), "python3")


def piped(command: str, files: Path) -> bytes:
    """The output of a program that a hint has us type."""
    tool = shlex.split(command)[0]
    if shutil.which(tool) is None:
        pytest.skip(f"there is no {tool} here")
    bin_ = files.parent / "bin"
    bin_.mkdir(exist_ok=True)
    (bin_ / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (bin_ / "python3").chmod(0o755)
    env = {**os.environ, "PATH": f"{bin_}:{os.environ['PATH']}"}
    return subprocess.run(["bash", "-c", command], cwd=files, capture_output=True, env=env, check=True).stdout


def test_there_are_enough() -> None:
    assert len(GOLDEN) >= 40
    assert len(FOLLOWED) >= 40


def test_every_file_is_used() -> None:
    used = " ".join(case_of(path).command for path in GOLDEN)
    assert [path.name for path in (FOLDER / "files").iterdir() if path.name not in used] == ["measurements.csv"]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_message(path: Path, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of(path)
    if absent := WITHOUT.get(path.stem):
        monkeypatch.setattr("circuitcli.extras.find_spec", lambda name: None if name == absent else find_spec(name))
    assert printed(case.command, files) == case.told
    assert case.told.endswith("exit 2")


@pytest.mark.parametrize("path", FOLLOWED, ids=lambda path: path.stem)
def test_what_it_says_works(path: Path, files: Path) -> None:
    case = case_of(path)
    assert printed(case.typed, files) == case.answer
    assert case.answer.endswith("exit 0")


@pytest.mark.parametrize("path", FOLLOWED, ids=lambda path: path.stem)
def test_it_is_in_the_message(path: Path) -> None:
    """Nothing is typed that the message does not tell; but for the table that is meant, and the expression."""
    case = case_of(path)
    before, pipe, ours = case.typed.rpartition(" | circuit ")
    said = re.sub("TABLE", "pts", case.told)
    assert before in said
    words = ["circuit", *shlex.split(ours)] if pipe else shlex.split(ours)
    known = shlex.split(case.command)
    for i, word in enumerate(words):
        assert i == EXPRESSION or word in known or word in said or shell_word(word) in said, word
