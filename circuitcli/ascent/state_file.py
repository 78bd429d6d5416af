"""Where an ascent stands, in a file: written after every step, so that the same command goes on from there."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from circuitcli.ascent.climb import Ascent
from circuitcli.ascent.methods import Choice, along_kinks
from circuitcli.ascent.move import Kept, State
from circuitcli.ascent.multistart import Progress
from circuitcli.ascent.problem import Position, Problem
from circuitcli.ascent.stopping import Limits
from circuitcli.atomic_files import whole_text
from circuitcli.errors import FileError, UsageError, reason

KIND = "circuit ascent 2"
HEAD = json.dumps({"kind": KIND})[:-1]  # with which a state begins

Record = dict[str, Any]  # as JSON has it


class StateFile:
    """The file of one command line. `key` is all that its numbers depend on, each part under its name in messages."""

    def __init__(self, path: str, key: Mapping[str, object]) -> None:
        self.path, self.key = path, json.loads(json.dumps(key))
        self.traced = 0

    def write(self, progress: Progress, traced: int) -> None:
        """Save, so that the file is always a whole one; `traced` is the length of the trace in bytes."""
        content = {
            "kind": KIND,
            "key": self.key,
            "traced": traced,
            "ended": [_ended(run) for run in progress.ended],
            "over": progress.over,
            "state": None if progress.state is None else _state(progress.state),
        }
        with whole_text(self.path) as file:
            file.write(json.dumps({**content, "sum": _sum(content)}) + "\n")

    def read(self, problem: Problem, choice: Choice, limits: Limits) -> Progress | None:
        """Read what was saved; None where there is no file yet. Raises FileError for a file of another kind, UsageError
        for that of another command."""
        if self.path != "-" and not os.path.exists(self.path):
            return None
        if not os.path.isfile(self.path):
            raise FileError(f"{self.path} is no file, and a state is one", "name a file for --state alone")
        try:
            with open(self.path, encoding="utf-8") as file:
                if file.read(len(HEAD)) != HEAD:  # before the rest, which may be a file of any size
                    raise KeyError("kind")
                content = json.loads(HEAD + file.read())
            if content.pop("sum") != _sum(content):
                raise KeyError("kind")
            other = self._other(content["key"])
            ended = [_run(record, problem, choice, limits) for record in content["ended"]]
            state = None if other else _state_of(content["state"], choice)
            self.traced, over = int(content["traced"]), bool(content["over"])
        except OSError as error:
            raise FileError(f"cannot read {self.path}: {reason(error)}") from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise FileError(
                f"{self.path} is not the state of an ascent",
                "name a file for --state alone; it is created where there is none",
            ) from None
        if other:
            raise UsageError(
                f"{self.path} is the state of an ascent with {_article(other[0])}",
                "repeat the command as it began, or name another file",
            )
        if state is not None or ended:
            problem.evaluations.update(state.evaluations if state is not None else ended[-1].evaluations)
        if over and state is not None:  # it had come to a limit, which may be another now
            ended.pop()
        return Progress(ended, state)

    def _other(self, key: Record) -> list[str]:
        """The parts of a key that differ from ours."""
        return [name for name in {**self.key, **key} if self.key.get(name) != key.get(name)]


def _sum(content: Record) -> int:
    """A checksum: whatever is damaged is told before an ascent goes on from it."""
    from zlib import crc32

    return crc32(json.dumps(content).encode())


def _article(what: str) -> str:
    """A part of a key, with its article."""
    return f"other {what}" if what.endswith("s") or what == "data" else f"another {what}"


def _state(state: State) -> Record:
    memory = {} if state.memory is None else state.memory._asdict()
    return {**state._asdict(), "memory": memory}


def _state_of(record: Record | None, choice: Choice) -> State | None:
    if record is None:
        return None
    method = along_kinks().method if record["at_kinks"] else choice.method
    memory = method.memory(**record["memory"]) if record["memory"] else None
    positions = {name: Position(*record[name]) for name in ("start", "here", "best")}
    return State(**{**record, **positions, "memory": memory, "kept": _kept_of(record.get("kept"))})


def _kept_of(record: Sequence[Any] | None) -> Kept | None:
    if record is None:
        return None
    steps, there, validation = record
    return Kept(steps, Position(*there), validation)


def _ended(run: Ascent) -> Record:
    names = ("status", "message", "start", "found", "steps", "evaluations", "measures", "kinks", "kept")
    return {name: getattr(run, name) for name in names}


def _run(record: Record, problem: Problem, choice: Choice, limits: Limits) -> Ascent:
    found, start = Position(*record["found"]), Position(*record["start"])
    more = {name: record[name] for name in ("status", "message", "steps", "evaluations", "measures", "kinks")}
    kept = _kept_of(record.get("kept"))
    return Ascent(problem, choice, limits, start=start, found=found, seconds=0.0, kept=kept, **more)
