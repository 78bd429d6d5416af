"""Where an ascent stands, in a file: written after every step, so that the same command goes on from there."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from circuitcli.ascent.climb import Ascent, State
from circuitcli.ascent.methods import Choice
from circuitcli.ascent.multistart import Progress
from circuitcli.ascent.problem import Position, Problem
from circuitcli.ascent.stopping import Limits
from circuitcli.atomic_files import whole_text
from circuitcli.errors import FileError, UsageError

KIND = "circuit ascent 1"


class StateFile:
    """The file of one command line. `key` is all that its numbers depend on, by what messages call it."""

    def __init__(self, path: str, key: Mapping[str, Any]) -> None:
        self.path, self.key = path, json.loads(json.dumps(key))
        self.traced = 0

    def write(self, progress: Progress, traced: int) -> None:
        """Save, so that the file is always a whole one; `traced` is how many bytes of a trace there are."""
        content = {
            "kind": KIND,
            "key": self.key,
            "traced": traced,
            "ended": [_ended(run) for run in progress.ended],
            "over": progress.over,
            "state": None if progress.state is None else _state(progress.state),
        }
        with whole_text(self.path) as file:
            file.write(json.dumps(content) + "\n")

    def read(self, problem: Problem, choice: Choice, limits: Limits) -> Progress | None:
        """What was saved; None where there is no file yet. Raises FileError for one that is none of ours, UsageError
        for one of another command."""
        if not os.path.exists(self.path):
            return None
        try:
            with open(self.path, encoding="utf-8") as file:
                content = json.load(file)
            if content["kind"] != KIND:
                raise KeyError("kind")
            key = content["key"]
            ended = [_run(record, problem, choice, limits) for record in content["ended"]]
            state = _state_of(content["state"])
            self.traced, over = int(content["traced"]), bool(content["over"])
        except OSError as error:
            raise FileError(f"cannot read {self.path}: {error.strerror}") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise FileError(
                f"{self.path} is no state of an ascent",
                "--state names a file of its own; it is made where there is none",
            ) from None
        self._refuse_other(key)
        if state is not None or ended:
            problem.evaluations.update(state.evaluations if state is not None else ended[-1].evaluations)
        if over and state is not None:  # it had come to a limit, which may be another now
            ended.pop()
        return Progress(ended, state)

    def _refuse_other(self, key: Mapping[str, Any]) -> None:
        other = [name for name in {**self.key, **key} if self.key.get(name) != key.get(name)]
        if other:
            raise UsageError(
                f"{self.path} is the state of an ascent with {_article(other[0])}",
                "say the same as when it began, or name another file",
            )


def _article(what: str) -> str:
    return f"other {what}" if what.endswith("s") or what == "data" else f"another {what}"


def _position(position: Position) -> list[Any]:
    return [position.x, position.value, position.gradient]


def _state(state: State) -> dict[str, Any]:
    return {
        **state._asdict(),
        "start": _position(state.start),
        "here": _position(state.here),
        "best": _position(state.best),
    }


def _state_of(record: Mapping[str, Any] | None) -> State | None:
    if record is None:
        return None
    positions = {name: Position(*record[name]) for name in ("start", "here", "best")}
    return State(**{**record, **positions})


def _ended(run: Ascent) -> dict[str, Any]:
    return {
        "status": run.status,
        "message": run.message,
        "start": _position(run.start),
        "found": _position(run.found),
        "steps": run.steps,
        "evaluations": run.evaluations,
        "measures": run.measures,
    }


def _run(record: Mapping[str, Any], problem: Problem, choice: Choice, limits: Limits) -> Ascent:
    found, start = Position(*record["found"]), Position(*record["start"])
    more = {name: record[name] for name in ("status", "message", "steps", "evaluations", "measures")}
    return Ascent(problem, choice, limits, start=start, found=found, seconds=0.0, **more)
