"""A case: all that the program is given. It travels as JSON, so that a fault can be run again."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from circuitcli.cli.exit_status import Status

OUT = "out"  # the names of files that a command is told to write begin so
CANARY = "owned"  # a file of this name is made by code of others, if any runs
HOSTILE = (  # texts that are code somewhere, of which none may run
    f"$(touch {CANARY})",
    f"`touch {CANARY}`",
    f"'; touch {CANARY}; '",
    f"__import__('os').system('touch {CANARY}')",
    f"=cmd|' /C touch {CANARY}'!A1",
    f"\\immediate\\write18{{touch {CANARY}}}",
)


@dataclass(frozen=True)
class Case:
    """The words of a command line, and what is in the folder in which it runs.

    `stdout` is the form that standard output must have, empty where it is for people. `facts` are what the kind knows
    of the case, and judges by.
    """

    words: list[str]
    files: dict[str, bytes] = field(default_factory=dict)
    stdin: bytes = b""
    env: dict[str, str] = field(default_factory=dict)
    stdout: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def lay(self, folder: Path) -> None:
        """Write the files into a folder."""
        for name, content in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)


@dataclass(frozen=True)
class Done:
    """The end of a case: its status, both outputs, and the folder as it was left. `error` is a traceback."""

    status: int | Status
    out: bytes
    err: bytes
    folder: Path
    error: str = ""

    @property
    def told(self) -> str:
        """Standard error as text."""
        return self.err.decode("utf-8", "replace")


def names(folder: Path) -> set[str]:
    """The files below a folder."""
    return {
        os.path.relpath(os.path.join(place, name), folder)
        for place, folders, files in os.walk(folder)
        for name in [*files, *(inner for inner in folders if os.path.islink(os.path.join(place, inner)))]
    }


def written(case: Case) -> dict[str, Any]:
    """A case as JSON has it: bytes as text where they are text."""
    found = asdict(case)
    found["files"] = {name: _text(content) for name, content in case.files.items()}
    found["stdin"] = _text(case.stdin)
    return {key: value for key, value in found.items() if value}


def read(found: dict[str, Any]) -> Case:
    """The case that `written` wrote."""
    files = {name: _bytes(content) for name, content in found.get("files", {}).items()}
    return Case(**{**found, "files": files, "stdin": _bytes(found.get("stdin", ""))})


def save(path: Path, kind: str, seed: int, fault: str, case: Case) -> None:
    """Write a fault to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"kind": kind, "seed": seed, "fault": fault, "case": written(case)}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="ascii")


def load(path: Path) -> tuple[str, Case]:
    """The kind and the case of a file that `save` wrote."""
    content = json.loads(path.read_text(encoding="ascii"))
    return content["kind"], read(content["case"])


def _text(content: bytes) -> str | list[str]:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return [base64.b64encode(content).decode()]


def _bytes(found: str | list[str]) -> bytes:
    return found.encode() if isinstance(found, str) else base64.b64decode(found[0])
