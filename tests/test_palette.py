"""The colours: told apart by everybody, legible on paper and in the dark, the same everywhere, red for errors."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from circuitcli.render.palette import (
    CURVES,
    DARK,
    GRADIENT_ON_SCREEN,
    LIGHT,
    VALUE_ON_SCREEN,
    Colours,
)
from tests.support import circuit
from tests.test_cli import at_a_terminal

Triple = tuple[float, float, float]

# What people without one kind of cone see, on linear sRGB (Machado, Oliveira, Fernandes 2009, severity 1).
SEEN = {
    "all": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def linear(colour: str) -> Triple:
    """The light of a colour #rrggbb, by IEC 61966-2-1."""
    parts = [int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.1)."""
    low, high = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in map(linear, (one, other)))
    return (high + 0.05) / (low + 0.05)


def lab(light: Triple) -> Triple:
    """CIE L*a*b* under D65."""
    r, g, b = (min(max(x, 0.0), 1.0) for x in light)
    x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def apart(one: str, other: str, eye: str) -> float:
    """The distance of two colours as an eye sees them, CIE76: 2.3 is just seen."""
    seen = [
        lab(tuple([sum(k * x for k, x in zip(row, linear(colour), strict=True)) for row in SEEN[eye]]))  # type: ignore[arg-type]
        for colour in (one, other)
    ]
    return float(sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5)


@pytest.mark.parametrize("eye", SEEN)
@pytest.mark.parametrize(
    ("value", "gradient"),
    [(LIGHT.value, LIGHT.gradient), (DARK.value, DARK.gradient), (VALUE_ON_SCREEN, GRADIENT_ON_SCREEN)],
    ids=["light", "dark", "terminal"],
)
def test_value_and_gradient_are_told_apart_by_every_eye(value: str, gradient: str, eye: str) -> None:
    assert apart(value, gradient, eye) > 20.0


@pytest.mark.parametrize("eye", SEEN)
def test_the_first_curves_are_told_apart_by_every_eye(eye: str) -> None:
    assert min(apart(one, other, eye) for one, other in combinations(CURVES[:4], 2)) > 10.0


def test_the_ratio_of_contrast() -> None:
    """Published values: black on white is 21, #767676 the lightest grey that passes."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_texts_are_legible(colours: Colours) -> None:
    for ink in (colours.ink, colours.value, colours.gradient, colours.kink):
        assert contrast(ink, colours.paper) >= 4.5, ink
    for box in (colours.gate, colours.input):
        assert contrast(colours.ink, box) >= 7.0
    assert contrast(colours.wire, colours.paper) >= 3.0


@pytest.mark.parametrize("paper", ["#000000", "#ffffff"])
def test_numbers_at_a_terminal_are_seen_on_black_and_on_white(paper: str) -> None:
    assert min(contrast(VALUE_ON_SCREEN, paper), contrast(GRADIENT_ON_SCREEN, paper)) >= 3.0


def shade(colour: str) -> str:
    """The number of a colour of 256, as Rich chooses it where a terminal says no more."""
    from rich.color import Color, ColorSystem

    return str(Color.parse(colour).downgrade(ColorSystem.EIGHT_BIT).number)


TABLES = [
    ["grad", "x^2", "-x", "3"],
    ["eval", "x^2", "-x", "3"],
    ["grad", "x^2", "-x", "3", "--hessian"],
    ["grad", "x^2", "-x", "3", "--check"],
    ["grad", "x^2", "-x", "3", "--claim", "x=6"],
    ["grad", "x^2", "-x", "3", "--explain"],
    ["descend", "x^2", "-x", "3"],
    ["descend", "x^2", "-x", "3", "--subject-to", "x >= 1"],
    ["solve", "x^2 = a", "-x", "3", "-a", "4"],
    ["draw", "x^2", "-x", "3"],
    ["plot", "x^2"],
]


@pytest.mark.parametrize("words", TABLES, ids=" ".join)
def test_tables_have_no_colours_but_those_of_the_palette(words: list[str]) -> None:
    text = at_a_terminal(*words)
    numbers = {VALUE_ON_SCREEN, GRADIENT_ON_SCREEN}
    found = set(re.findall(r"38;5;(\d+)", text))
    assert found and found <= {shade(colour) for colour in numbers}
    assert shade(GRADIENT_ON_SCREEN) in found or words[0] == "eval"
    assert not re.search(r"\x1b\[[\d;]*36m", text)  # cyan


def test_errors_are_red_at_a_terminal_alone() -> None:
    seen = at_a_terminal("eval", "2*(3")
    assert "\x1b[1;31mcircuit: " in seen
    assert "\x1b[1;31m" not in at_a_terminal("eval", "2*(3", NO_COLOR="1")
    assert "\x1b" not in circuit("eval", "2*(3").stderr
