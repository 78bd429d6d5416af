"""The cache of the parse table: private, whole or ignored, and never needed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from zlib import crc32

import pytest

from circuitcli.language.parse_table import table_of, text_of
from circuitcli.systems import read_private, write_private
from tests.support import apart, some_slow

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes and owners are POSIX's")


def evaluate(cache: Path) -> None:
    done = apart("eval", "2+3*4", "--quiet", XDG_CACHE_HOME=str(cache))
    assert (done.stdout, done.stderr, done.returncode) == ("14.0\n", "", 0)


def table(cache: Path) -> Path:
    (found,) = (cache / "circuit").iterdir()
    return found


@pytest.mark.slow
def test_it_is_private_and_kept(tmp_path: Path) -> None:
    evaluate(tmp_path)
    path = table(tmp_path)
    assert stat.S_IMODE((tmp_path / "circuit").stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.stat().st_mtime_ns
    evaluate(tmp_path)
    assert table(tmp_path).stat().st_mtime_ns == before


@pytest.mark.parametrize("damage", some_slow(["torn", "empty", "foreign", "well-formed"], ["torn", "empty", "foreign"]))
def test_a_damaged_file_is_ignored_and_replaced(tmp_path: Path, damage: str) -> None:
    evaluate(tmp_path)
    path = table(tmp_path)
    good = path.read_bytes()
    other = "1 1\n\n"
    path.write_bytes(
        {
            "torn": good[:1000],
            "empty": b"",
            "foreign": b"x" * 5000,
            "well-formed": f"{crc32(other.encode()):08x}\n{other}".encode(),
        }[damage]
    )
    evaluate(tmp_path)
    assert len(path.read_bytes()) == len(good)


def plant(path: Path, way: str) -> None:
    """Give the table at a path to others, each in one way."""
    elsewhere = path.parent.parent / "elsewhere"
    if way == "everybody's file":
        path.chmod(0o606)
    elif way == "a group's file":
        path.chmod(0o620)
    elif way == "everybody's folder":
        path.parent.chmod(0o777)
    elif way == "a group's folder":
        path.parent.chmod(0o770)
    elif way == "a stranger's file":
        os.chown(path, 65534, -1)
    elif way == "a stranger's folder":
        os.chown(path.parent, 65534, -1)
    elif way == "a link":
        path.rename(elsewhere)
        path.symlink_to(elsewhere)
    elif way == "a second name":
        os.link(path, elsewhere)
    elif way == "a linked folder":
        path.parent.rename(elsewhere)
        path.parent.symlink_to(elsewhere)
    else:
        raise ValueError(way)


MODES = ["everybody's file", "a group's file", "everybody's folder", "a group's folder"]
LINKS = ["a link", "a second name", "a linked folder"]
STRANGERS = ["a stranger's file", "a stranger's folder"]


@pytest.mark.parametrize("way", MODES + LINKS + STRANGERS)
def test_what_others_can_write_is_never_read(tmp_path: Path, way: str) -> None:
    if way in STRANGERS and os.geteuid() != 0:
        pytest.skip("only root gives files away")
    path = tmp_path / "circuit" / "table.bin"
    write_private(str(path), b"ours")
    assert read_private(str(path)) == b"ours"
    plant(path, way)
    with pytest.raises(OSError):
        read_private(str(path))
    if "folder" in way:
        with pytest.raises(OSError):
            write_private(str(path), b"again")
    else:
        write_private(str(path), b"again")
        assert read_private(str(path)) == b"again"
    assert [entry.name for entry in (tmp_path / "circuit").iterdir()] == ["table.bin"]


def test_a_pipe_in_place_of_the_table_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "circuit").mkdir(mode=0o700)
    os.mkfifo(tmp_path / "circuit" / "table.bin", 0o600)
    with pytest.raises(PermissionError):
        read_private(str(tmp_path / "circuit" / "table.bin"))


@pytest.mark.parametrize("swapped", ["file", "folder"])
def test_what_is_checked_is_what_is_read(tmp_path: Path, swapped: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody puts another file, or another folder, in place just when the file has been opened."""
    path = tmp_path / "circuit" / "table.bin"
    write_private(str(path), b"ours")
    plain = os.fstat

    def swapping(held: int) -> os.stat_result:
        found = plain(held)
        if stat.S_ISDIR(found.st_mode) == (swapped == "folder"):
            old = path if swapped == "file" else path.parent
            old.rename(tmp_path / f"old {held}")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"theirs")
        return found

    monkeypatch.setattr(os, "fstat", swapping)
    assert read_private(str(path)) == b"ours"
    monkeypatch.undo()
    assert path.read_bytes() == b"theirs"


@pytest.mark.parametrize("way", some_slow(MODES + LINKS, ["a group's file", "a link", "a linked folder"]))
def test_what_others_can_write_is_never_taken(tmp_path: Path, way: str) -> None:
    evaluate(tmp_path)
    path = table(tmp_path)
    sound = table_of(path.read_text())
    swapped = {"add": "sub", "mul": "div"}
    rules = [rule._replace(callback=swapped.get(rule.callback, rule.callback)) for rule in sound.rules]
    path.write_text(text_of(sound._replace(rules=rules)))
    assert apart("eval", "2+3*4", "--quiet", XDG_CACHE_HOME=str(tmp_path)).stdout == "1.25\n"  # it would be felt
    plant(path, way)
    done = apart("eval", "2+3*4", "--quiet", XDG_CACHE_HOME=str(tmp_path), cwd=tmp_path)
    assert done.stdout == "14.0\n"


@pytest.mark.slow
def test_a_directory_that_cannot_be_written_is_tolerated(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a directory")
    evaluate(blocked)
    evaluate(Path("/proc/nowhere"))


@pytest.mark.slow
def test_many_starts_at_once(tmp_path: Path) -> None:
    code = "from circuitcli import Circuit; print(Circuit('2+3*4')())"
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(6)
    ]
    assert [run.communicate() for run in runs] == [("14.0\n", "")] * 6
    assert table(tmp_path).suffix == ".txt"
