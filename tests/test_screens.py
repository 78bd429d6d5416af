"""Tables at terminals of 40, 80 and 200 columns: no line is too long, no number is cut or wrapped, and who reads a
number of a node finds the node."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from circuitcli.engine.floats import DENSE
from circuitcli.render.aligned_column import of_similar_size
from circuitcli.render.number_format import shown
from circuitcli.render.screen_table import in_the_middle
from tests.support import circuit
from tests.test_cli import at_a_terminal, plain

RATIO = "sqrt((rho*velocity*diameter/mu)^2 + (a*b-c)^2)/(rho*velocity*diameter/mu + c*exp(-a*b))"
AT = ["-rho", "998.2", "-velocity", "1.7", "-diameter", "0.05", "-mu", "0.001002", "-a", "2", "-b", "3", "-c", "5"]
NAMED = "q = rho*v*d/mu; k = a*b - c; n = sqrt(q^2 + k^2); n / (q + c*exp(-a*b))"
AT_NAMED = ["-rho", "998.2", "-v", "1.7", "-d", "0.05", "-mu", "0.001002", "-a", "2", "-b", "3", "-c", "5"]
SIGMOID = ["sigmoid(a*x+b*y+c)", *["-a", "1", "-b", "2", "-c", "-3", "-x", "-1", "-y", "3"]]
PENDULUM = ["g = 4*pi^2*L/T^2", "-L", "1±0.002", "-T", "2.006±0.004"]
POLY = ["poly(x) = (x^3 - 2*x + 1)/(x^2 + 7); poly(x)*poly(y)", "-x", "1/3", "-y", "1e7/3"]
COMMANDS: list[list[str]] = [
    ["eval", RATIO, *AT],
    ["eval", NAMED, *AT_NAMED],
    ["eval", "x*y", "-x", "1234567890123", "-y", "1e-300"],
    ["eval", "(1-cos(x))/x^2", "-x", "1e-8", "--digits", "25"],
    ["eval", *PENDULUM],
    ["eval", *POLY],
    ["grad", RATIO, *AT],
    ["grad", NAMED, *AT_NAMED],
    ["grad", *SIGMOID],
    ["grad", "max(x, y)*1e-7", "-x", "2", "-y", "2"],
    ["grad", *PENDULUM],
    ["grad", *POLY],
    ["grad", "log(x) + 123456789012*y", "-x", "1e-12", "-y", "1/3"],
    *(["grad", RATIO, *AT, option] for option in ("--check", "--hessian", "--rounding", "--difference=central")),
    *(["grad", *SIGMOID, option] for option in ("--check", "--hessian", "--rounding", "--difference=forward")),
    ["grad", *PENDULUM, "--rounding"],
    ["grad", *SIGMOID, "--claim", "a = 1.123456789; b = 2"],
    ["ascend", "100-(x-y)^2", "-x", "3", "-y", "4", "--step", "0.001", "--steps", "20"],
    ["descend", "(x-1/3)^4 + (y*x-1e-5)^2", "-x", "3", "-y", "1e5"],
    ["ascend", "-sum((y - w*x - b)^2)", "pts.csv", "-w", "1/3", "-b", "0"],
    ["derive", "tanh(w*x)*x^3"],
    ["eval", "x +", "-x", "1"],
    ["grad", "log(u)", "-u", "0.0"],
]  # fmt: skip
NUMBER = re.compile(r"(?<![\w.#])-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")


def seen(words: list[str], columns: int) -> list[str]:
    """The lines of an answer at a terminal of so many columns, without the rules below the heads of tables."""
    text = circuit(*words, *(["--color", "always"] if words[0] != "derive" else []), COLUMNS=str(columns)).stdout
    return [line.rstrip() for line in plain(text).splitlines() if not set(line) <= {"─", " "}]


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words)[:60])
def test_every_number_is_whole_and_no_line_too_long(words: list[str], columns: int) -> None:
    lines, wide = seen(words, columns), seen(words, 400)
    tables = [line for line in lines if not re.match(r" ?(value|stopped|path|including|rounding|grad_|u|v) ", line)]
    assert [line for line in tables if len(line) > columns and words[0] != "derive"] == []
    known = set(NUMBER.findall("\n".join(wide)))
    shorter = [re.sub(r"^ *\d+  ", "", line) for line in lines]  # without the number of a node
    assert set(NUMBER.findall("\n".join(shorter))) <= known
    results = {number for number in known if len(number) > 6}  # a short one may be a part of an expression
    assert {number for number in results if number not in "\n".join(lines)} == set()


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 300])
@pytest.mark.parametrize(
    "words", [["grad", RATIO, *AT], ["grad", NAMED, *AT_NAMED], ["grad", *SIGMOID], ["eval", *POLY], ["grad", *POLY]]
)
@pytest.mark.parametrize("option", ["", "--explain"])
def test_a_number_of_a_node_leads_to_its_row(words: list[str], columns: int, option: str) -> None:
    if option and words[0] == "eval":
        return
    lines = seen([*words, *([option] if option else [])], columns)
    told = {int(number) for line in lines for number in re.findall(r"#(\d+)", re.sub(r"^ #\d+  ", "", line))}
    rows = {int(found[1]) for line in lines if (found := re.match(r" *#?(\d+)(?:  |…)", line))}
    assert told <= rows


@pytest.mark.parametrize("columns", [40, 80, 130])
@pytest.mark.parametrize("words", [[RATIO, *AT], [NAMED, *AT_NAMED], SIGMOID])
def test_a_lesson_has_a_line_a_path(words: list[str], columns: int) -> None:
    lines = seen(["grad", *words, "--explain"], columns)
    assert max(map(len, lines)) <= columns
    paths = len(seen(["grad", *words, "--explain"], 400)) - 1  # without the head
    gates = len([line for line in lines if not line.startswith("   ")]) - 1
    sums = len([line for line in lines if line.startswith((" sum at ", "      sum at "))])
    assert len(lines) - 1 in (paths, paths + gates + sums)  # the parts of a sum have lines, too


def test_the_numbers_of_a_lesson_are_rounded_at_worst() -> None:
    exact = [float(x) for x in NUMBER.findall("\n".join(seen(["grad", NAMED, *AT_NAMED, "--explain"], 400)))]
    for text in NUMBER.findall("\n".join(seen(["grad", NAMED, *AT_NAMED, "--explain"], 40))):
        assert any(abs(float(text) - x) <= 0.5001 * 10.0 ** place(text) for x in exact), text


def place(text: str) -> int:
    """The power of ten of the last digit of a number."""
    mantissa, _, exponent = text.partition("e")
    return int(exponent or 0) - len(mantissa.partition(".")[2])


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(123456789012345.6)
@example(12345678901.5)
@example(1234567890123.0)
@example(2.0**53)
@example(-0.0)
def test_a_shown_number_is_right_to_its_last_digit(x: float) -> None:
    from fractions import Fraction

    text = shown(x)
    assert abs(Fraction(text) - Fraction(x)) <= Fraction(10) ** place(text) / 2
    if x == int(x) and abs(x) < DENSE:
        assert float(text) == x and "e" not in text


@given(st.integers(-(2**53) + 1, 2**53 - 1))
def test_a_whole_number_is_shown_whole(number: int) -> None:
    assert int(shown(float(number))) == number
    assert circuit("eval", "x + 0*y", "-x", str(number), "-y", "1").stdout.split()[-1] == str(number)


def test_the_output_and_what_has_a_name_stand_out() -> None:
    text = at_a_terminal("grad", "q = x + y; f = q * z", "-x", "-2", "-y", "5", "-z", "-4")
    bold = [plain(line).split("  ")[0].strip() for line in text.splitlines() if line.startswith("\x1b[1m")]
    assert bold == ["node", "q = x + y", "f = q * z"]
    assert "\x1b[1" not in at_a_terminal(
        "grad", "q = x + y; f = q * z", *["-x", "1", "-y", "1", "-z", "1"], NO_COLOR="1"
    )


def test_points_stand_below_each_other_where_numbers_are_alike_in_size() -> None:
    lines = plain(at_a_terminal("eval", "x*y", "-x", "2.5", "-y", "12.125")).splitlines()[2:]
    assert {line.index(".") for line in lines} == {lines[0].index(".")}
    assert of_similar_size(["1", "0.880797078", ""]) and of_similar_size(["-12.5", "3.25"])
    assert not of_similar_size(["84677.64471", "0.002478752177"])  # they would be 18 columns wide
    assert (
        not of_similar_size(["1e-9", "0.5"]) and not of_similar_size(["1", "2"]) and not of_similar_size(["nan", "0.5"])
    )


@given(st.text("ab #12.5e+-*( ", min_size=1, max_size=40), st.integers(1, 50))
def test_a_text_is_shortened_in_its_middle_and_its_numbers_are_not(text: str, width: int) -> None:
    short = in_the_middle(text, width)
    assert len(short) <= max(width, 2)


def test_numbers_in_a_shortened_text_are_whole() -> None:
    assert in_the_middle("alpha + 12345.678 * beta - gamma", 20) == "alpha +…- gamma"
    assert in_the_middle("#11 + (#12 - 0.125)^2", 12) == "#11…)^2"
    assert in_the_middle("a_very_long_name_of_an_input", 12).startswith("a_ve")


@pytest.mark.parametrize("columns", [40, 80])
def test_the_gates_in_groups(columns: int) -> None:
    lines = plain(at_a_terminal("gates", columns=columns)).splitlines()
    assert max(map(len, lines)) <= columns
    assert set(circuit("gates", "--quiet").stdout.split()) <= set(" ".join(lines).split())
    assert len(lines) < (20 if columns == 80 else 40)
    page = plain(at_a_terminal("gates", "sigmoid", columns=columns)).splitlines()
    assert max(map(len, page)) <= columns
    table = plain(at_a_terminal("gates", "--verbose", columns=columns)).splitlines()
    assert max(map(len, table)) <= columns
