"""Many at once, and a system that is odd or short of something: the same bytes, or a clear error."""

from __future__ import annotations

import asyncio
import locale
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from circuitcli import Circuit
from circuitcli.language import parse
from tests.support import apart, circuit

resource = pytest.importorskip("resource", reason="limits are those of POSIX")
COMMANDS = (
    ["grad", "(x+y)*z", "-x", "-2", "-y", "5", "-z", "-4"],
    ["grad", "θ*sin(Größe)", "-θ", "1.5", "-Größe", "0.25", "--json"],
    ["export", "sigmoid(w*x + b)^2", "--to", "c"],
    ["draw", "q = x + y; q*z", "--format", "svg"],
    ["gates", "sigmoid"],
    ["descend", "(1-x)^2 + 100*(y-x^2)^2", "-x", "-1.2", "-y", "1"],
    ["grad", "θ*x", "in.csv", "-θ", "2"],
)
ROWS = "x,Größe\n1.5,Ärger 数\n2,\n"
THREADS, STARTS = 8, 16
TEXT = "q = x*y + sin(z); f = q^2/(1 + exp(-x)) + max(x, y) + gamma(abs(z) + 1)"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


# ── many at once ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_sixteen_first_starts(tmp_path: Path) -> None:
    """All find no parse table, and all want to leave one."""
    words = [sys.executable, "-m", "circuitcli", *COMMANDS[0]]
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    started = [subprocess.Popen(words, stdout=-1, stderr=-1, env=env, text=True) for _ in range(STARTS)]
    ends = {(*process.communicate(timeout=300), process.returncode) for process in started}
    assert ends == {(circuit(*COMMANDS[0]).stdout, "", 0)}
    left = [path.name for path in (tmp_path / "circuit").iterdir()]
    assert len(left) == 1 and left[0].endswith(".txt")


def everything(circuit: Circuit, point: dict[str, float]) -> str:
    """All that a circuit answers at a point."""
    gradient = circuit.gradient(**point)
    check = {name: (str(found), found.numerical) for name, found in circuit.check(gradient, point).items()}
    own = Circuit(f"{TEXT} + {point['x']!r}")(**point)
    return repr((circuit(**point), gradient, sorted(circuit.hessian(**point).items()), check, own))


def points(count: int) -> list[dict[str, float]]:
    draw = random.Random(0)
    return [{name: draw.uniform(-3, 3) for name in "xyz"} for _ in range(count)]


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that take turns as often as Python lets them."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_eight_threads_on_one_circuit(hasty: None) -> None:
    shared, places = Circuit(TEXT), points(6)
    wanted = [everything(Circuit(TEXT), point) for point in places]
    found: list[list[str]] = [[] for _ in range(THREADS)]

    def work(mine: list[str]) -> None:
        mine += [everything(shared, point) for point in places]

    threads = [threading.Thread(target=work, args=(mine,)) for mine in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * THREADS


def test_tasks_of_asyncio(hasty: None) -> None:
    shared, places = Circuit(TEXT), points(6)

    async def main() -> list[str]:
        return await asyncio.gather(*(asyncio.to_thread(everything, shared, point) for point in places))

    assert asyncio.run(main()) == [everything(Circuit(TEXT), point) for point in places]


FORKS = """
import os, signal, threading
from circuitcli import Circuit

text = " + ".join(f"x*{i}" for i in range(400))
over = False
def work():
    while not over:
        Circuit(text)
threads = [threading.Thread(target=work, daemon=True) for _ in range(2)]
for thread in threads:
    thread.start()
for _ in range(20):
    child = os.fork()
    if not child:
        signal.alarm(60)
        os._exit(0 if Circuit("(x+y)*z").gradient(x=-2, y=5, z=-4) == {"x": -4.0, "y": -4.0, "z": 3.0} else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
over = True
print("over")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system makes no copies of processes")
def test_a_copy_of_a_process_in_use() -> None:
    """Threads read expressions while the process is copied: the copy has their lock, and not them."""
    words = [sys.executable, "-W", "ignore", "-c", FORKS]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    assert (done.stdout, done.stderr) == ("over\n", "")


def test_a_lock_that_is_held_at_the_fork_is_open_in_the_copy() -> None:
    if not hasattr(os, "fork"):
        pytest.skip("this system makes no copies of processes")
    from circuitcli.language import syntax

    with syntax._lock:
        child = os.fork()
        if not child:
            signal.alarm(20)
            os._exit(len(parse("x").statements))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1


# ── systems ─────────────────────────────────────────────────────────────────────────────────────────────────

SYSTEMS = (
    *({"PYTHONHASHSEED": seed} for seed in ("0", "1", "4294967295")),
    *({"LC_ALL": name} for name in ("C", "POSIX", "C.UTF-8", "de_DE.UTF-8", "de_DE")),
    *({"TZ": zone} for zone in ("Asia/Kathmandu", "America/St_Johns", "nowhere")),
    {"LANG": "tr_TR.UTF-8", "LC_NUMERIC": "de_DE.UTF-8"},
    {"PYTHONOPTIMIZE": "2"},
)


@pytest.mark.slow
@pytest.mark.parametrize("env", SYSTEMS, ids=lambda env: " ".join(map("=".join, env.items())))
def test_the_same_bytes_on_every_system(env: dict[str, str], folder: Path) -> None:
    for words in COMMANDS:
        done = apart(*words, cwd=folder, **env)
        assert (done.returncode, done.stdout) == (0, circuit(*words, cwd=folder).stdout), done.stderr


def test_a_decimal_comma_of_the_locale_changes_nothing(folder: Path) -> None:
    wanted = [circuit(*words, cwd=folder).stdout for words in COMMANDS]
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
    except locale.Error:
        pytest.skip("this system has no German locale")
    try:
        assert [circuit(*words, cwd=folder).stdout for words in COMMANDS] == wanted
    finally:
        locale.setlocale(locale.LC_ALL, before)


@pytest.mark.parametrize("jump", [-1e9, 1e9, -3600.0])
def test_a_clock_that_is_set_changes_nothing(jump: float, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["descend", "(1-x)^2 + 100*(y-x^2)^2", "-x", "-1.2", "-y", "1", "--max-time", "60", "--trace", "-"]
    wanted = circuit(*words, cwd=folder)
    clock, calls = time.time, iter(range(10**9))
    monkeypatch.setattr(time, "time", lambda: clock() + jump * (next(calls) % 2))
    monkeypatch.setattr(time, "time_ns", lambda: int(time.time() * 1e9))
    done = circuit(*words, cwd=folder)
    assert (done.returncode, done.stdout) == (wanted.returncode, wanted.stdout)


# ── what a system has not enough of ─────────────────────────────────────────────────────────────────────────

MIB = 2**20
LIMITS = [
    *((resource.RLIMIT_AS, amount * MIB) for amount in (60, 120, 180, 240, 280, 320, 340, 360, 450, 500, 900)),
    *((resource.RLIMIT_NOFILE, amount) for amount in (5, 6, 7, 8, 10, 14, 24)),
    *((resource.RLIMIT_FSIZE, amount) for amount in (0, 1, 100, 10_000)),
]
SHORT = (
    ["grad", "(x+y)*z", "-x", "-2", "-y", "5", "-z", "-4"],
    ["eval", "r = 2*x", "many.csv", "--out", "out.csv"],
    ["grad", "mean(w*x)", "many.csv", "-w", "1", "--json"],
    ["descend", "(x-1)^2", "-x", "3", "--trace", "out.jsonl", "--state", "out.state"],
)
THEIRS = "OpenBLAS"  # which ends a process by itself, with a word of its own, where memory is short while it is loaded


def limited(kind: int, amount: int) -> Callable[[], None]:
    """A function that limits the process in which it is called."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(kind, (amount, amount))

    return limit


@pytest.mark.slow
@pytest.mark.parametrize("words", SHORT, ids=lambda words: words[0])
def test_too_little_is_a_clear_error(words: list[str], tmp_path: Path) -> None:
    rows = "x\n" + "".join(f"{i}\n" for i in range(30_000))
    (tmp_path / "many.csv").write_text(rows)
    wanted: Any = circuit(*words, cwd=tmp_path)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix != ".state"}
    for kind, amount in LIMITS:
        for path in tmp_path.glob("out*"):
            path.unlink()
        done = subprocess.run(
            [sys.executable, "-m", "circuitcli", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            preexec_fn=limited(kind, amount),
            timeout=300,
            check=False,
        )
        case = (kind, amount, done.returncode, done.stderr[-500:])
        left = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix != ".state"}
        if done.returncode == wanted.returncode:
            assert (done.stdout, left) == (wanted.stdout, files), case
            continue
        assert "Traceback" not in done.stderr, case
        told = ("circuit: ", THEIRS, "interrupted: cannot write")
        assert any(word in line for line in (done.stderr + done.stdout).splitlines() for word in told), case
        assert left.keys() <= files.keys() and all(files[name].startswith(content) for name, content in left.items()), (
            case
        )


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("words", [*COMMANDS, ["--help"], ["completion", "bash"], ["repl"]], ids=lambda words: words[0])
def test_a_full_disk_is_an_error(words: list[str], folder: Path) -> None:
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "circuitcli", *words]
        done = subprocess.run(command, cwd=folder, stdout=full, stderr=-1, input=b"2+3\n", check=False)
        assert (done.returncode, done.stderr) == (2, b"circuit: cannot write: No space left on device\n")
        both = subprocess.run(command, cwd=folder, stdout=full, stderr=full, input=b"2+3\n", check=False)
        assert both.returncode == 2
