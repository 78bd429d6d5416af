"""Saved states and files of inputs, in which something else stands at a place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from tests.fuzz.case import HOSTILE, OUT, Case
from tests.fuzz.texts import ODD
from tests.support import apart

VALLEY = "(1-x)^2+100*(y-x^2)^2"
ASCENTS = {
    "fixed": ["ascend", "100-(x-y)^2", "-x", "3", "-y", "4", "--step", "0.001", "--max-steps", "20"],
    "newton": ["descend", VALLEY, "-x", "-1", "-y", "1", "--max-steps", "5"],
    "lbfgs": ["descend", VALLEY, "-x", "-1", "-y", "1", "--method", "lbfgs", "--max-steps", "5"],
    "starts": ["descend", "abs(x)+abs(y-x)+0.1*y^2", "-x", "-1", "-y", "1", "--starts", "3"],
    "adam": ["descend", VALLEY, "-x", "-1", "-y", "1", "--method", "adam", "--step", "0.01", "--max-steps", "9"],
}
COMMANDS = (
    ["eval", "a*b"],
    ["grad", "a*b"],
    ["grad", "a*b+c", "-c", "1"],
    ["ascend", "-(a-1)^2-(b-2)^2"],
    ["grad", "a*b", "--check"],
    ["eval", "a*b", "--digits", "30"],
)
RESULTS: tuple[dict[str, Any], ...] = (
    {
        "inputs": {"a": 1.5, "b": 2.5},
        "uncertainty": {"stderr": {"a": 0.1, "b": 0.2}, "covariance": [[0.01, 0.001], [0.001, 0.04]]},
        "fixed": {"c": 3.0},
    },
    {"a": 1, "b": 2},
    {"a": "1±0.1", "b": "2"},
    {"inputs": {"a": 1, "b": {"value": 2, "stderr": 0.1}}, "value": 3, "gradient": {"a": 1}},
)
JUNK: tuple[Any, ...] = (
    *(None, True, -1, 0, 1e308, float("inf"), float("nan"), "x", [], {}, [None], {"a": 1}, 10**400, -5, 2.5, "1", [[]]),
    *([1, 2, 3], "1e999", "1±x", "", "\0", "±", "12(5)", "NaN", "\ud800", [[1e308] * 2] * 2, *HOSTILE),
)
DEEP = 3_000  # levels


def draw(chance: Random) -> Case:
    """A command that reads a damaged state or damaged inputs."""
    if chance.random() < 0.5:
        name = chance.choice([*ASCENTS])
        content = damaged(chance, json.loads(_state(name)))
        words = [*ASCENTS[name], "--state", f"{OUT}.state"]
        return Case([*words, "--json"], files={f"{OUT}.state": content}, stdout="json")
    content = damaged(chance, json.loads(json.dumps(chance.choice(RESULTS))))
    form = chance.choice((["--json"], ["--quiet"], ["--to", "csv"]))
    words = [*chance.choice(COMMANDS), "--inputs", "in.json", *form]
    return Case(words, files={"in.json": content}, stdout={"--json": "json", "--to": "csv"}.get(form[0], ""))


@cache
def _state(name: str) -> str:
    """The state that an ascent leaves."""
    from pathlib import Path

    with TemporaryDirectory() as folder:
        apart(*ASCENTS[name], "--state", "s", cwd=Path(folder))
        return Path(folder, "s").read_text(encoding="utf-8")


def places(content: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to all parts of a JSON value but the whole."""
    parts = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, part in parts:
        yield (*place, key)
        yield from places(part, (*place, key))


def damaged(chance: Random, content: Any) -> bytes:
    """A JSON text in which something else stands at some places, or which is none any more."""
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
        ways = [*places(content)]
        if not ways:
            break
        *way, last = chance.choice(ways)
        part = content
        for key in way:
            part = part[key]
        match chance.randrange(8):
            case 0:
                del part[last]
            case 1 if isinstance(part, dict):
                part[chance.choice(("zzz", "", "a b", "x" * 300, *HOSTILE))] = chance.choice(JUNK)
            case 1:
                part.append(chance.choice(JUNK))
            case _:
                part[last] = chance.choice(JUNK)
        content = json.loads(json.dumps(content))  # no part stands at two places
    text = json.dumps(content)
    if chance.random() < 0.2:
        at = chance.randrange(len(text) + 1)
        text = (
            text[:at]
            + chance.choice(("", "9", '"', "}", "e", ",", "[" * DEEP, *ODD))
            + text[at + chance.randrange(3) :]
        )
    found = text.encode("utf-8", "surrogatepass")
    return found if chance.random() < 0.95 else found.replace(b"1", bytes([chance.randrange(256)]), 1)
