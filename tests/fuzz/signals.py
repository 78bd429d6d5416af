"""Requests to end, and ends without a request, at any moment of a run that writes files.

No half file is left, a second run of the same line removes what the first left behind, and ends in the same bytes as
one that nobody disturbed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from circuitcli.cli.exit_status import INTERRUPTED
from tests.fuzz import verdict
from tests.fuzz.case import OUT, Case, Done, names
from tests.fuzz.program import Program

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGKILL")
ROWS = "x,y\n" + "".join(f"{i},{i * 0.5}\n" for i in range(60_000))
LINES = {
    "rows": ["eval", "exp(sin(x)) + y", "in.csv", "--out", f"{OUT}.csv", "--quiet"],
    "parquet": ["grad", "x*y", "in.csv", "--out", f"{OUT}.parquet", "--quiet"],
    "ascent": [
        *("ascend", "100-(x-y)^2", "-x", "3", "-y", "4", "--step", "0.0001", "--tol", "1e-9", "--max-steps", "400"),
        *("--state", f"{OUT}.state", "--trace", f"{OUT}.jsonl", "--quiet"),
    ],
    "starts": [
        *("descend", "(1-x)^2+100*(y-x^2)^2", "-x", "-1", "-y", "1", "--starts", "6", "--method", "lbfgs"),
        *("--state", f"{OUT}.state", "--trace", f"{OUT}.csv", "--quiet"),
    ],
}
LONGEST = 60  # seconds that a busy machine may need for a run


class End(NamedTuple):
    """The end of a run: its status, what it printed, and the files that it left, by name."""

    status: int
    out: bytes
    err: bytes
    files: dict[str, bytes]


def draw(chance: Random) -> Case:
    """A line, a signal, and the moment at which it comes, as a part of the time that a run takes."""
    line = chance.choice([*LINES])
    facts = {"line": line, "signal": chance.choice(SIGNALS), "moment": chance.random() * 1.1}
    return Case(LINES[line], files={"in.csv": ROWS.encode()} if "in.csv" in LINES[line] else {}, facts=facts)


def run(program: Program, case: Case, folder: Path) -> tuple[Done, str]:
    """Run a line, end it in its midst, run it again, and compare."""
    seconds, whole = _undisturbed(case.facts["line"])
    with _started(case, folder) as process:
        time.sleep(seconds * case.facts["moment"])
        process.send_signal(signal.Signals[case.facts["signal"]])
        first = _end(process, case, folder)
    second = End(0, b"", b"", {})
    found = _half(case, first, whole)
    if not found:
        with _started(case, folder) as process:
            second = _end(process, case, folder)
        found = _other(second, whole)
    done = Done(second.status, second.out, second.err, folder)
    return done, found or verdict.fault(case, done)


def _half(case: Case, first: End, whole: End) -> str:
    """The fault in what a disturbed run left; empty where there is none."""
    killed = -signal.Signals[case.facts["signal"]]
    early = first.status == killed  # also by what Python does before the program begins
    if first.status not in (whole.status, INTERRUPTED, killed) or (
        case.facts["signal"] != "SIGKILL" and b"Traceback" in first.err
    ):
        return "" if _before(first) else f"{case.facts['signal']}: status {first.status}, {first.err[-200:]!r}"
    parts = [name for name in first.files if name.endswith(".part")]
    if parts and not early:
        return f"litter behind {case.facts['signal']}: {parts[0]}"
    for name, content in first.files.items():
        if name in parts:
            continue
        if name.endswith(".state"):
            try:
                json.loads(content)
            except ValueError:
                return f"half a state behind {case.facts['signal']}"
        elif "--state" not in case.words and content != whole.files[name]:
            return f"half a file behind {case.facts['signal']}: {name}"
        elif reason := verdict.malformed(content, name.rpartition(".")[2]):
            return f"half a trace behind {case.facts['signal']}: {reason}"
    return ""


def _before(first: End) -> bool:
    """Whether Python itself was interrupted, before it came to the function that begins the program."""
    return first.status in (1, -signal.SIGINT) and b"/circuitcli/cli/" not in first.err and not first.files


def _other(second: End, whole: End) -> str:
    """The difference from an undisturbed run; empty where there is none."""
    if second.status != whole.status or second.out != whole.out:
        return f"the next run: status {second.status}, {second.out[:80]!r} {second.err[-120:]!r}"
    if second.files.keys() != whole.files.keys():
        return f"the next run leaves {sorted(second.files.keys() ^ whole.files.keys())}"
    for name, content in second.files.items():
        if content != whole.files[name] and not name.endswith(".state"):  # which knows the seconds
            return f"the next run writes another {name}"
    return ""


def _started(case: Case, folder: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "circuitcli", *case.words]
    return subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ))


def _end(process: subprocess.Popen[bytes], case: Case, folder: Path) -> End:
    out, err = process.communicate(timeout=LONGEST)
    files = {name: (folder / name).read_bytes() for name in names(folder) - case.files.keys()}
    return End(process.returncode, out, err, files)


@cache
def _undisturbed(line: str) -> tuple[float, End]:
    """The seconds and the end of a run that nobody disturbs."""
    case = Case(LINES[line], files={"in.csv": ROWS.encode()})
    with TemporaryDirectory() as name:
        case.lay(Path(name))
        begin = time.monotonic()
        with _started(case, Path(name)) as process:
            end = _end(process, case, Path(name))
        return time.monotonic() - begin, end
