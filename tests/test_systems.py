"""Linux, macOS and Windows: what differs is behind one module, and a Windows is made of what is there."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from circuitcli import systems
from circuitcli.atomic_files import whole_text
from circuitcli.errors import FileError
from circuitcli.tables.storage import real
from circuitcli.urls import is_far
from tests.support import FILES, circuit
from tests.test_imports import FILES_OF_OURS, imports

# Modules and names of the standard library that one system lacks, or that differ.
MODULES = {"fcntl", "grp", "msvcrt", "platform", "pwd", "resource", "select", "signal", "termios", "tty", "winreg"}
NAMES = {
    "os": r"name|uname|(get|set)e?[ug]id\w*|getlogin|f?chmod|f?chown|umask|O_(NO|BINARY|CLOEXEC|DIRECTORY|TEMPORARY)\w*"
    r"|replace|renames?|link|symlink|fork\w*|kill\w*|wait\w*|(get|set)(pg|s)\w*|mkfifo|sched_\w+|startfile",
    "sys": r"platform|getwindowsversion",
    "time": r"tzset|localtime|timezone",
    "ctypes": r"windll|WinDLL",
}

# Python as it is on Windows: what is missing there goes before the program is imported, and a file that somebody has
# open can be neither replaced nor removed.
WINDOWS = """
import os, signal, sys
PLAIN = {"replace": os.replace, "unlink": os.unlink}
def is_open(path):
    held = [f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd")]
    return os.path.abspath(path) in [os.readlink(link) for link in held if os.path.lexists(link)]
def refusing(name):
    def act(*paths, dir_fd=None, src_dir_fd=None, dst_dir_fd=None):
        assert dir_fd is src_dir_fd is dst_dir_fd is None
        if any(map(is_open, paths)):
            raise PermissionError(13, "The process cannot access the file because it is being used by another process")
        return PLAIN[name](*paths)
    return act
import circuitcli.cli.running, click, subprocess, tempfile, threading  # the standard library knows its system
for name in ("geteuid", "getuid", "fchmod", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_DIRECTORY", "fork"):
    delattr(os, name)
for name in ("SIGHUP", "pthread_sigmask", "SIG_BLOCK", "SIG_SETMASK"):
    delattr(signal, name)
sys.modules["fcntl"] = sys.modules["select"] = None
os.replace, os.unlink = refusing("replace"), refusing("unlink")
sys.platform = "win32"
for module in [name for name in sys.modules if name.startswith("circuitcli")]:
    del sys.modules[module]
from circuitcli.cli import run
"""
linux = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="asks /proc which files are open")


def on_windows(code: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a program as if this were Windows."""
    local = {"LOCALAPPDATA": str(cwd / "local"), "XDG_CACHE_HOME": "", "XDG_STATE_HOME": ""}
    return subprocess.run(
        [sys.executable, "-c", WINDOWS + code],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **local, **env},
        timeout=120,
    )


def commands(*lines: list[str]) -> str:
    return "".join(f"print(run({words!r}), flush=True)\n" for words in lines)


@pytest.mark.parametrize(
    "path", [path for path in FILES_OF_OURS if path.name != "systems.py"], ids=lambda path: path.name
)
def test_no_other_file_knows_its_system(path: Path) -> None:
    assert not imports(path) & MODULES
    assert "CDLL(None)" not in path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in NAMES:
            assert not re.fullmatch(NAMES[node.value.id], node.attr), ast.unparse(node)
        if isinstance(node, ast.ImportFrom) and node.module in NAMES:
            assert not [alias for alias in node.names if re.fullmatch(NAMES[node.module], alias.name)]
        assert not (isinstance(node, ast.Constant) and node.value in ("win32", "darwin", "posix", "nt", "O_NOFOLLOW"))


@linux
def test_windows_keeps_files_whole(tmp_path: Path) -> None:
    (tmp_path / "pts.csv").write_bytes((FILES / "pts.csv").read_bytes())
    (tmp_path / ".out.csv.0123456789abcdef.part").write_text("left behind")
    lines = (
        ["eval", "r = x + y", "pts.csv", "--out", "out.csv"],
        ["eval", "r = x * y", "pts.csv", "--out", "out.csv"],
        ["ascend", "100-(x-y)^2", "-x", "3", "-y", "4", "--state", "s.json", "--trace", "t.csv", "--quiet"],
        ["ascend", "100-(x-y)^2", "-x", "3", "-y", "4", "--state", "s.json", "--trace", "t.csv", "--quiet"],
        ["export", "x*y", "--to", "python", "--out", "f.py"],
        ["draw", "x*y", "-x", "1", "-y", "2", "--out", "f.svg"],
    )
    done = on_windows(commands(*lines), tmp_path)
    assert done.stderr.replace("note: ", "").count("Traceback") == 0, done.stderr
    statuses = [line for line in done.stdout.splitlines() if line.isdigit()]
    assert (statuses, done.returncode) == (["0"] * 6, 0), done.stderr
    here = circuit("eval", "r = x * y", "pts.csv").stdout
    assert (tmp_path / "out.csv").read_text() == here
    assert json.loads((tmp_path / "s.json").read_text())
    found = {path.name for path in tmp_path.iterdir()}
    assert found == {"pts.csv", "out.csv", "s.json", "t.csv", "f.py", "f.svg", "local"}
    (kept,) = (tmp_path / "local" / "circuit").iterdir()
    assert kept.name.startswith("parse-table-")
    kept_at = kept.stat().st_mtime_ns
    assert on_windows(commands(["eval", "2+3*4", "--quiet"]), tmp_path).stdout == "14.0\n0\n"
    assert kept.stat().st_mtime_ns == kept_at


@linux
def test_windows_waits_for_who_has_the_file_open(tmp_path: Path) -> None:
    waiting = """
import threading
held = open("out.csv")
threading.Timer(0.4, held.close).start()
with whole_text("out.csv") as stream:
    stream.write("new")
print(open("out.csv").read())
held = open("out.csv")
try:
    with whole_text("out.csv") as stream:
        stream.write("newer")
except FileError as error:
    print(error)
print(sorted(os.listdir()), held.read())
"""
    (tmp_path / "out.csv").write_text("old")
    modules = "from circuitcli.atomic_files import whole_text\nfrom circuitcli.errors import FileError\n"
    done = on_windows(modules + waiting, tmp_path)
    refused = "cannot write out.csv: The process cannot access the file because it is being used by another process"
    assert (done.stdout, done.stderr) == (f"new\n{refused}\n['out.csv'] new\n", "")


@linux
def test_windows_reads_a_pipe_and_ends_by_signals(tmp_path: Path) -> None:
    code = """
import signal, _thread, threading
from circuitcli.systems import deaf, on_request_to_end
read, write = os.pipe()
os.write(write, b"x\\n1\\n2\\n"); os.close(write); os.dup2(read, 0)
print(run(["eval", "r = 2*x", "-", "--to", "csv"]), flush=True)
seen = []
with deaf(), on_request_to_end(lambda: seen.append("asked")):
    signal.raise_signal(signal.SIGTERM)
print(seen)
"""
    done = on_windows(code, tmp_path)
    assert (done.stdout, done.stderr) == ("x,r\n1,2.0\n2,4.0\n0\n['asked']\n", "")


@pytest.mark.parametrize("name", [r"C:\x.csv", "C:/x.csv", "C://x.csv", r"\\server\share\x.csv"])
def test_a_drive_is_no_scheme(name: str, tmp_path: Path) -> None:
    assert not is_far(name)
    done = circuit("eval", "x", name, cwd=tmp_path)
    assert (done.returncode, done.stderr.partition("\n")[0]) == (2, f"circuit: no such file: {name}")
    if "/" in name:
        return
    (tmp_path / name).write_text("x\n1\n")  # a name like others, here
    assert circuit("eval", "x", name, "--quiet", cwd=tmp_path).stdout == "1.0\n"


def test_a_url_of_a_drive(monkeypatch: pytest.MonkeyPatch) -> None:
    assert systems.path_of_url("/C:/x.csv") == real("file:///C:/x.csv") == "/C:/x.csv"
    monkeypatch.setattr(systems, "WINDOWS", True)
    assert systems.path_of_url("/C:/x.csv") == "C:/x.csv"
    assert systems.path_of_url("/home/x.csv") == "/home/x.csv"


def test_a_file_without_locks_is_still_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with whole_text(str(tmp_path / "a")) as stream:
        stream.write("whole")
    with pytest.raises(FileError), whole_text(str(tmp_path)):
        pass
    assert [path.read_text() for path in tmp_path.iterdir()] == ["whole"]
