"""What several tests need: running the program, and reading the cases."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FILES = HERE / "golden" / "files"
SPECIAL = {
    "inf": math.inf,
    "-inf": -math.inf,
    "nan": math.nan,
    "Infinity": math.inf,
    "-Infinity": -math.inf,
    "NaN": math.nan,
}


def circuit(*words: str, stdin: str | bytes = b"", cwd: Path = FILES, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the real program in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "circuitcli", *words],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **env},
        timeout=300,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def shell(script: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a script in bash as a reader would, `circuit` being on PATH, in a copy of the files within `folder`."""
    here, bin_ = folder / "here", folder / "bin"
    shutil.copytree(FILES, here)
    on_path(bin_)
    env = {**os.environ, "PATH": f"{bin_}:{os.environ['PATH']}", "PYTHONPATH": str(HERE.parent)}
    return subprocess.run(["bash", "-c", script], cwd=here, capture_output=True, env=env, timeout=120)


def on_path(bin_: Path) -> None:
    """Make a folder that has the program as `circuit`."""
    bin_.mkdir()
    (bin_ / "circuit").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m circuitcli "$@"\n')
    (bin_ / "circuit").chmod(0o755)


def rows(name: str) -> list[dict[str, Any]]:
    """The cases of one file."""
    return [json.loads(line) for line in (HERE / "cases" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def number(x: Any) -> float:
    """A number of a case, in which inf and nan are strings."""
    return SPECIAL[x] if isinstance(x, str) else float(x)


def same(a: float, b: float) -> bool:
    """Whether two floats are the same bits, nan being one."""
    return (a != a and b != b) or (a == b and math.copysign(1.0, a) == math.copysign(1.0, b))
