"""Text of others, in names of columns and files, in cells and in words: no terminal obeys it, and no shell."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from circuitcli.visible_text import visible
from tests.support import circuit

CLEAR = "\x1b[2J"
RED = "\x9b31m"
TURNED = "\u202egnp.exe"
COMMANDS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]")
# Colours of tables, ends of lines as a terminal has them, and the line of progress on a slow machine.
OURS = re.compile(r"\x1b\[[0-9;]*[mK]|\r|\x1b\[\?25[lh]|\x1b\[1A")


def on_a_terminal(*words: str, cwd: Path) -> str:
    """Everything that a command writes to a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "circuitcli", *words], cwd=cwd, stdin=theirs, stdout=theirs, stderr=theirs
    ):
        os.close(theirs)
        found = b""
        try:
            while piece := os.read(ours, 65_536):
                found += piece
        except OSError:
            pass  # its other end is closed
    os.close(ours)
    return found.decode()


@pytest.mark.parametrize("hostile", [CLEAR, RED, TURNED, "\x07", "\x1b]0;title\x07"])
def test_no_terminal_obeys_what_others_wrote(hostile: str, tmp_path: Path) -> None:
    name = f"a{hostile}b"
    (tmp_path / "cell.csv").write_text(f"x,s\n1,{hostile}\n", encoding="utf-8")
    (tmp_path / "name.csv").write_text(f"x,{name}\n1,2\n", encoding="utf-8")
    (tmp_path / "key.jsonl").write_text(json.dumps({"x": 1, name: 2}, ensure_ascii=False) + "\n", encoding="utf-8")
    (tmp_path / f"file{hostile}.csv").write_text("x\none\n", encoding="utf-8")
    for words in (
        ["eval", "2*x", "cell.csv"],
        ["eval", "2*x", "cell.csv", "--to", "tsv"],
        ["eval", "2*x", "name.csv"],
        ["eval", "2*y", "name.csv"],
        ["eval", "2*x", "key.jsonl"],
        ["eval", "2*y", "key.jsonl"],
        ["eval", "2*x", f"file{hostile}.csv"],
        ["eval", "2*x", f"none{hostile}.csv"],
        ["eval", f"2*x+{hostile}", "-x", "1"],
        ["eval", "2*x", "-x", hostile],
        ["eval", "2*x", "-x", "1", f"--{hostile}"],
        [f"eval{hostile}"],
        ["eval", "2*x", "cell.csv", "--columns", name],
        ["ascend", "-x^2", "-x", "1", "--state", f"none{hostile}/s"],
    ):
        told = OURS.sub("", on_a_terminal(*words, cwd=tmp_path))
        assert told.strip() and not COMMANDS.search(told), (words, told)


def test_pipes_keep_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "cell.csv").write_text(f"x,s\n1,{CLEAR}\n")
    assert circuit("eval", "2*x", "cell.csv", cwd=tmp_path).stdout == f"x,s,value\n1,{CLEAR},2.0\n"
    assert (
        CLEAR not in circuit("eval", "2*y", "cell.csv", "--columns", CLEAR, cwd=tmp_path).stderr
    )  # a log is read later


@pytest.mark.parametrize("name", ["$(touch owned)", "a' && touch owned && '", "`touch owned`", '"$(touch owned)"'])
def test_hints_carry_no_code(name: str, tmp_path: Path) -> None:
    cell = name.replace('"', '""')
    (tmp_path / "t.csv").write_text(f'"{cell}"\n1\n')
    told = circuit("eval", "2*x", "t.csv", cwd=tmp_path).stderr
    found = re.search(r"--rename (.*) names a column", told)
    assert found is not None, told
    old, _, new = shlex.split(found[1])[0].rpartition("=")
    assert old == name
    line = f"{sys.executable} -m circuitcli eval '2*{new}' t.csv --rename {found[1]}"
    done = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, sorted(os.listdir(tmp_path))) == (0, ["t.csv"]), done.stderr


@pytest.mark.parametrize("name", ["a$(touch owned)", "a`touch owned`", '";touch owned;"', "$(touch owned)", "!!"])
@pytest.mark.parametrize(
    "words", [["eval", "x", "{}", "y", "-x", "1"], ["{}"], ["eval", "{}", "x*y"], ["derive", "x", "{}"]]
)
def test_words_in_hints_carry_no_code(words: list[str], name: str, tmp_path: Path) -> None:
    """Such as the names of files, where a `*` stands outside of quotes."""
    (tmp_path / name).touch()
    told = circuit(*(word.format(name) for word in words), cwd=tmp_path).stderr
    commands = re.findall(r"circuit (?:eval|derive) .*", told)
    for command in commands:
        subprocess.run(["sh", "-c", command.replace("circuit", "true", 1)], cwd=tmp_path, check=False)
    assert os.listdir(tmp_path) == [name], told
    assert commands or words[0] != "{}"


def test_what_is_plain_stays_as_it_is() -> None:
    for text in ("x\ty\n", "Größe 数 😀 α²", "a_b"):
        assert visible(text) == text
