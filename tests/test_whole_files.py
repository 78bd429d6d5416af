"""Files that appear whole or not at all, whoever else writes there, and whatever stands in the way."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from circuitcli import atomic_files
from circuitcli.atomic_files import whole_file, whole_text
from circuitcli.errors import FileError
from tests.support import circuit

TEXT = "a row\n"


@pytest.fixture(autouse=True)
def unswept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_files, "_swept", set())


def written(path: Path, text: str = TEXT) -> None:
    with whole_text(str(path)) as file:
        file.write(text)


def test_no_name_of_a_part_can_be_planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link stands where the part would, as somebody who guesses names would lay it."""
    victim = tmp_path / "victim"
    victim.write_text("precious")
    drawn = iter([bytes(8), bytes(8), b"12345678"])
    monkeypatch.setattr(os, "urandom", lambda count: next(drawn))
    (tmp_path / f".out.csv.{'00' * 8}.part").symlink_to(victim)
    written(tmp_path / "out.csv")
    assert victim.read_text() == "precious"
    assert (tmp_path / "out.csv").read_text() == TEXT


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444, 0o666])
@pytest.mark.parametrize(
    "write",
    [
        lambda path: written(path),
        lambda path: circuit("export", "x^2", "--to", "c", "--out", path.name, cwd=path.parent),
        lambda path: circuit("descend", "x^2", "-x", "3", "--trace", path.name, cwd=path.parent),
        lambda path: circuit("eval", "x^2", "-", "--out", path.name, stdin="x\n1\n", cwd=path.parent),
    ],
    ids=["library", "export", "trace", "rows"],
)
def test_a_file_keeps_its_permissions(write: Callable[[Path], object], mode: int, tmp_path: Path) -> None:
    path = tmp_path / "kept.csv"
    path.write_text("old")
    path.chmod(mode)
    write(path)
    assert path.read_text() != "old"
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_new_file_has_the_usual_ones(mask: int, tmp_path: Path) -> None:
    before = os.umask(mask)
    try:
        written(tmp_path / "new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o666 & ~mask


@pytest.mark.parametrize("name", ["n" * 255, "ü" * 127, "\udcff" * 250])
def test_a_name_may_be_as_long_as_names_are(name: str, tmp_path: Path) -> None:
    written(tmp_path / name)
    assert os.listdir(tmp_path) == [name]


def test_two_writers_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with whole_file(str(path)) as one, whole_file(str(path)) as two:
        for _ in range(1_000):
            one.write(b"one\n")
            two.write(b"two\n")
    assert path.read_bytes() == b"one\n" * 1_000  # which came last
    assert os.listdir(tmp_path) == ["out"]


WRITER = """
import sys, time
from circuitcli.atomic_files import whole_text
with whole_text(sys.argv[1]) as file:
    file.write("half a row")
    print("begun", flush=True)
    time.sleep(60)
"""


def begun(path: Path) -> subprocess.Popen[str]:
    """A process in the midst of writing a file."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "begun\n"
    return process


def test_the_part_of_a_killed_process_is_removed_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with begun(path) as killed, begun(path) as running:
        killed.kill()
        killed.wait()
        assert len(os.listdir(tmp_path)) == 2
        (tmp_path / ".out.notes.part").write_text("of somebody else")
        written(path)
        parts = sorted(os.listdir(tmp_path))  # that of the process that runs is locked
        assert len(parts) == 3 and parts[-1] == "out"
        assert ".out.notes.part" in parts
        running.kill()


@pytest.mark.parametrize("word", ["--trace", "--state"])
def test_a_full_disk_does_not_lose_the_point(word: str, tmp_path: Path) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("no device that is always full")
    name = "/dev/full"
    if word == "--state":  # whose directory takes no file
        (tmp_path / "closed").mkdir()
        name = str(tmp_path / "closed" / "none" / "s.json")
    done = circuit("ascend", "100-(x-y)^2", "-x", "3", "-y", "4", word, name, cwd=tmp_path)
    assert done.returncode == 130
    assert f"interrupted: cannot write {name}: " in done.stdout and "the best point is kept" in done.stdout


def test_what_is_no_file_is_no_state() -> None:
    done = circuit("ascend", "-x^2", "-x", "3", "--state", "/dev/zero")
    assert (done.returncode, done.stdout) == (2, "")
    assert "/dev/zero is no file, and a state is one" in done.stderr


def test_a_reason_is_never_none(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"cannot write .*: no room in the cloud$"), whole_file(str(tmp_path / "f")):
        raise OSError("no room in the cloud\nand more")
    assert os.listdir(tmp_path) == []


def test_nohup_is_obeyed(tmp_path: Path) -> None:
    program = (
        "import os, signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from circuitcli.systems import on_request_to_end\n"
        "with on_request_to_end(lambda: print('asked')):\n"
        "    os.kill(os.getpid(), signal.SIGHUP)\n"
        "print('over')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "over\n"


@pytest.mark.parametrize("words", [["eval", "r = 2*x", "rows.csv", "--out"], ["export", "2*x", "--to", "c", "--out"]])
def test_a_link_that_leads_to_itself_is_an_error(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("x\n1\n")
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    done = circuit(*words, "a", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, f"circuit: cannot write a: {os.strerror(errno.ELOOP)}\n")
    assert (tmp_path / "a").is_symlink()


def test_a_full_disk_behind_a_trace_on_standard_output(tmp_path: Path) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("no device that is always full")
    with open("/dev/full", "wb") as full:
        words = ["descend", "x^2", "-x", "3", "--step", "0.25", "--steps", "3", "--trace", "-"]
        done = subprocess.run(
            [sys.executable, "-m", "circuitcli", *words], stdout=full, stderr=-1, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr == f"circuit: cannot write: {os.strerror(errno.ENOSPC)}\n  the best point so far: -x 3.0\n"


def test_a_folder_that_is_not_there_is_to_be_made_first(tmp_path: Path) -> None:
    done = circuit("draw", "x", "--out", "new folder/x.svg", cwd=tmp_path)
    assert done.returncode == 2 and done.stderr.endswith("there is no folder new folder: make it, or name another\n")
    (tmp_path / "new folder").mkdir()
    assert circuit("draw", "x", "--out", "new folder/x.svg", cwd=tmp_path).returncode == 0
