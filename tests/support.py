"""Shared by many tests: running the program, and reading the cases."""

from __future__ import annotations

import atexit
import contextlib
import io
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from circuitcli.cli import run

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent / "circuitcli" / "docs"
FILES = Path(tempfile.mkdtemp(prefix="circuit-files-"))  # those of the pages, and those that only tests need
for folder in (DOCS / "examples", HERE / "golden" / "files"):
    shutil.copytree(folder, FILES, dirs_exist_ok=True)
atexit.register(shutil.rmtree, FILES, ignore_errors=True)
DATA = Path(tempfile.mkdtemp(prefix="circuit-data-"))  # manual pages: no test writes among those of a user
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
os.environ["XDG_DATA_HOME"] = str(DATA)
PATIENCE = 120  # seconds that a slow and busy machine may need for a start
SPECIAL = {
    "inf": math.inf,
    "-inf": -math.inf,
    "nan": math.nan,
    "Infinity": math.inf,
    "-Infinity": -math.inf,
    "NaN": math.nan,
}


def circuit(*words: str, stdin: str | bytes = b"", cwd: Path = FILES, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the program within this process, on pipes as in a process of its own, and put back what it changes."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    with _kept(cwd, env), _pipes(given) as written:
        try:
            status = run(list(words))
        except SystemExit as left:  # click's way out when a shell asks for completions
            status = int(left.code or 0)
            sys.stdout.flush()
        sys.stderr.flush()
    out, err = (content.decode() for content in written)
    return subprocess.CompletedProcess(["circuit", *words], status, out, err)


def apart(*words: str, stdin: str | bytes = b"", cwd: Path = FILES, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own, as a shell does."""
    done = subprocess.run(
        [sys.executable, "-m", "circuitcli", *words],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **env},
        timeout=300,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@contextlib.contextmanager
def _kept(cwd: Path, env: dict[str, str]) -> Iterator[None]:
    """Go elsewhere. What a command leaves changed in its process is an error."""
    before = _state()
    with elsewhere(cwd, env):
        yield
    assert _state() == before


@contextlib.contextmanager
def elsewhere(cwd: Path, env: dict[str, str]) -> Iterator[None]:
    """Go to a folder, with other variables, for a while."""
    place, variables = os.getcwd(), dict(os.environ)
    os.chdir(cwd)
    os.environ.update(env)
    try:
        yield
    finally:
        os.chdir(place)
        os.environ.clear()
        os.environ.update(variables)


def _state() -> list[Any]:
    """The state of the process that every command must leave as it was."""
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE)]
    return [*handlers, sys.getrecursionlimit(), signal.pthread_sigmask(signal.SIG_BLOCK, [])]


class _Descriptor(io.FileIO):
    """A descriptor that takes nothing more when the program is over: what it did not flush then is lost."""

    over = False

    def write(self, data: Any) -> int:
        return len(data) if self.over else super().write(data)


@contextlib.contextmanager
def _pipes(given: bytes) -> Iterator[list[bytearray]]:
    """Make the three standard streams pipes for a while, and answer what is written to two of them."""
    written = [bytearray(), bytearray()]
    saved, streams = [os.dup(number) for number in range(3)], (sys.stdin, sys.stdout, sys.stderr)
    threads, outputs = [], []
    for number in range(3):
        read, write = os.pipe()
        ours, theirs = (read, write) if number else (write, read)
        os.dup2(theirs, number)
        os.close(theirs)
        work, about = (_read, written[number - 1]) if number else (_write, given)
        threads.append(threading.Thread(target=work, args=(ours, about), daemon=True))
        threads[-1].start()
    try:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), "utf-8")
        for number, errors in ((1, "strict"), (2, "backslashreplace")):
            raw = _Descriptor(number, "w", closefd=False)
            outputs.append(raw)
            text = io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", errors, line_buffering=number == 2)
            setattr(sys, ("stdout", "stderr")[number - 1], text)
        yield written
    finally:
        for raw in outputs:
            raw.over = True
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            stream.close()
        sys.stdin, sys.stdout, sys.stderr = streams
        for number, descriptor in enumerate(saved):
            os.dup2(descriptor, number)
            os.close(descriptor)
        for thread in threads:
            thread.join(60)


def _read(descriptor: int, into: bytearray) -> None:
    with open(descriptor, "rb", buffering=0) as file:
        while piece := file.read(1 << 16):
            into += piece


def _write(descriptor: int, content: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), open(descriptor, "wb", buffering=0) as file:
        left = memoryview(content)
        while left:
            left = left[file.write(left) :]


def shell(script: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a script in bash as a reader would, `circuit` being on PATH, in a copy of the files within `folder`."""
    here, bin_ = folder / "here", folder / "bin"
    shutil.copytree(FILES, here)
    on_path(bin_)
    env = {**os.environ, "PATH": f"{bin_}:{os.environ['PATH']}", "PYTHONPATH": str(HERE.parent)}
    return subprocess.run(["bash", "-c", script], cwd=here, capture_output=True, env=env, timeout=300)


def on_path(bin_: Path) -> None:
    """Make a folder that has the program as `circuit`."""
    bin_.mkdir()
    (bin_ / "circuit").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m circuitcli "$@"\n')
    (bin_ / "circuit").chmod(0o755)


def until(there: Callable[[], Any]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.02)


@contextlib.contextmanager
def ended(process: subprocess.Popen[Any]) -> Iterator[None]:
    """End a process at the latest with the block, whatever became of the test."""
    try:
        yield
    finally:
        process.kill()
        process.wait()


def grown(folder: Path, name: str = "*") -> bool:
    """Whether a file of the name is in a folder, or on its way, and has some lines."""
    return any(path.read_bytes().count(b"\n") > 3 for path in folder.glob(name))


def rows(name: str) -> list[dict[str, Any]]:
    """The cases of one file."""
    return [json.loads(line) for line in (HERE / "cases" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def some_slow(values: Iterable[Any], slow: Collection[Any]) -> list[Any]:
    """Parameters of a test; some are only for the whole run."""
    return [pytest.param(value, marks=pytest.mark.slow) if value in slow else value for value in values]


def number(x: Any) -> float:
    """A number of a case, in which inf and nan are strings."""
    return SPECIAL[x] if isinstance(x, str) else float(x)


def same(a: float, b: float) -> bool:
    """Whether two floats are the same bits, nan being one."""
    return (a != a and b != b) or (a == b and math.copysign(1.0, a) == math.copysign(1.0, b))
