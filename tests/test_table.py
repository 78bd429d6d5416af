"""The cache of the parse table: private, whole or ignored, and never needed."""

from __future__ import annotations

import os
import pickle
import stat
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

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
    other = pickle.dumps({"data": 1, "memo": 2})
    path.write_bytes(
        {"torn": good[:1000], "empty": b"", "foreign": b"x" * 5000, "well-formed": sha256(other).digest() + other}[
            damage
        ]
    )
    evaluate(tmp_path)
    assert len(path.read_bytes()) == len(good)


class Bomb:
    """Left by an attacker: code that runs when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch exploded",)


@pytest.mark.parametrize("way", some_slow(["file", "folder", "link"], ["folder", "link"]))
def test_what_others_can_write_is_never_unpickled(tmp_path: Path, way: str) -> None:
    evaluate(tmp_path)
    path = table(tmp_path)
    bomb = pickle.dumps(Bomb())
    path.write_bytes(sha256(bomb).digest() + bomb)
    if way == "file":
        path.chmod(0o666)
    elif way == "folder":
        path.parent.chmod(0o777)
    else:
        elsewhere = tmp_path / "elsewhere"
        path.rename(elsewhere)
        path.symlink_to(elsewhere)
    done = apart("eval", "2+3*4", "--quiet", XDG_CACHE_HOME=str(tmp_path), cwd=tmp_path)
    assert done.stdout == "14.0\n"
    assert not (tmp_path / "exploded").exists()


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
