"""Damaged JSON: the state of an ascent, and inputs from an earlier result."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuitcli.tables.json_members import behind
from tests.support import circuit

JUNK = [None, True, -1, 0, 1e308, float("inf"), float("nan"), "x", [], {}, [None], {"a": 1}, 10**400, "1±x", [1, 2, 3]]
ASCENTS = {
    "fixed step": ["--step", "0.0001", "--method", "gradient"],
    "newton": [],
    "L-BFGS": ["--method", "lbfgs"],
    "adam": ["--method", "adam", "--step", "0.01"],
    "many starts": ["--starts", "3"],
}
RESULT = {
    "inputs": {"a": 1.5, "b": 2.5},
    "uncertainty": {"stderr": {"a": 0.1, "b": 0.2}, "covariance": [[0.01, 0.001], [0.001, 0.04]]},
    "fixed": {"c": 3.0},
}


def places(content: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to all parts of a JSON value but the whole."""
    parts = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, part in parts:
        yield (*place, key)
        yield from places(part, (*place, key))


def damaged(content: Any, place: tuple[Any, ...], junk: object) -> str:
    """A JSON text in which another value stands at a place."""
    whole = json.loads(json.dumps(content))
    part = whole
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = junk
    return json.dumps(whole)


@pytest.mark.parametrize("name", ASCENTS)
def test_a_damaged_state_is_told(name: str, tmp_path: Path) -> None:
    words = ["descend", "(1-x)^2+100*(y-x^2)^2", "-x", "-1", "-y", "1", "--max-steps", "4", *ASCENTS[name]]
    circuit(*words, "--state", "s.json", cwd=tmp_path)
    sound = (tmp_path / "s.json").read_text()
    content, draw = json.loads(sound), random.Random(name)
    ways = [*places(content)]
    for place in draw.sample(ways, min(40, len(ways))):
        junk = draw.choice(JUNK)
        text = damaged(content, place, junk)
        if json.dumps(json.loads(text)) == json.dumps(content):
            continue  # it stood there before
        (tmp_path / "s.json").write_text(text)
        done = circuit(*words, "--state", "s.json", cwd=tmp_path)
        assert done.returncode == 2 and "is not the state of an ascent" in done.stderr, (place, junk, done.stderr)
        assert (tmp_path / "s.json").read_text() == text
    for text in ("", sound[:100], sound.replace("1", "2"), "[" * 100_000):
        (tmp_path / "s.json").write_text(text)
        assert "is not the state of an ascent" in circuit(*words, "--state", "s.json", cwd=tmp_path).stderr


@pytest.mark.parametrize("command", [["grad", "a*b"], ["ascend", "-(a-1)^2-(b-2)^2"]], ids=lambda words: words[0])
def test_damaged_inputs_are_told_or_taken(command: list[str], tmp_path: Path) -> None:
    for place in places(RESULT):
        for junk in JUNK:
            (tmp_path / "in.json").write_text(damaged(RESULT, place, junk))
            done = circuit(*command, "--inputs", "in.json", cwd=tmp_path)
            assert done.returncode in (0, 1, 2, 3) and "Traceback" not in done.stderr, (place, junk)
            assert (done.returncode == 2) == ("circuit: " in done.stderr), (place, junk, done.stderr)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"fixed": [None]}, "fixed in in.json has no names of inputs"),
        ({"fixed": True}, "fixed in in.json has no names of inputs"),
        ({"uncertainty": {"stderr": {"a": -0.1}}}, "of a is -0.1, and it cannot be below 0"),
    ],
)
def test_what_is_wrong_is_named(part: dict[str, Any], said: str, tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text(json.dumps({**RESULT, **part}))
    done = circuit("grad", "a*b", "--inputs", "in.json", cwd=tmp_path)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("length", range(1, 20))
def test_keys_of_any_length_are_found_by_place(length: int) -> None:
    """Beside json of the standard library: the two bytes behind a key, wherever eight bytes begin."""
    key = "k" * length
    numbers = ["1", "-0.5", "10", "0", "-7", "0.25e3", "3"]
    rows = [f'{{"a":{number},"{key}":{number}}}\n' for number in numbers]
    data = "".join(rows).encode()
    starts = np.cumsum([0, *map(len, rows[:-1])])
    lead = b'{"a":'
    seconds = starts + len(lead) + [len(number) for number in numbers]
    for places, text in ((starts, lead), (seconds, f',"{key}":'.encode())):
        found = behind(data, places, text)
        assert found is not None
        wanted = [data[place + len(text) : place + len(text) + 2] for place in places]
        assert [int(pair).to_bytes(2, "little") for pair in found] == wanted
        assert behind(data, places, text[:-1] + b"=") is None
    assert [json.loads(row)[key] for row in rows] == pytest.approx([float(number) for number in numbers])
