"""The notes on kinks."""

from __future__ import annotations

import pytest

from circuitcli.cli.answers.point_outcome import kink_notes
from circuitcli.read_circuit import ReadCircuit

SEVERAL = "this gradient is one of several; the slopes of x run from"


@pytest.mark.parametrize(
    ("text", "point", "note"),
    [
        ("abs(x)", {"x": 0}, f"abs(x) is at a kink (x = 0): {SEVERAL} -1 to 1"),
        ("sqrt(x)", {"x": 0}, "sqrt(x) is at a kink (x = 0): on one side of x there is no value"),
        (
            "cbrt(x)",
            {"x": 0},
            "cbrt(x) is at a kink (x = 0): the slope of x there is infinite, as at a jump or at an edge",
        ),
        ("x*abs(x)", {"x": 0}, "abs(x) is at a kink (x = 0): yet the slopes on both sides of it are the same"),
        ("floor(x)", {"x": 2}, f"floor(x) is at a kink (x = floor(x)): {SEVERAL} 0 to inf"),
    ],
)
def test_one_kink(text: str, point: dict[str, float], note: str) -> None:
    assert kink_notes(ReadCircuit(text).at(point)) == [note]


def test_a_slope_that_the_conventions_miss_is_told() -> None:
    notes = kink_notes(ReadCircuit("relu(x) - relu(-x)").at({"x": 0.0}))  # this is x, whose slope is 1
    assert notes[-1].endswith("the conventions miss them: 1 by x")


def test_many_kinks_are_counted() -> None:
    notes = kink_notes(ReadCircuit("+".join(f"abs({i}*x)" for i in range(1, 9))).at({"x": 0.0}))
    assert len(notes) == 4
    assert notes[-1].startswith(f"5 more nodes are at kinks: {SEVERAL} -36")


def test_away_from_kinks_there_is_nothing_to_say() -> None:
    assert kink_notes(ReadCircuit("abs(x) + x^2").at({"x": 0.5})) == []
    assert kink_notes(ReadCircuit("x^2").at({"x": 0.0})) == []
