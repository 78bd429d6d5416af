"""Families in a session: numbers that end ranges, lists as values, and where an ascent leaves them."""

from __future__ import annotations

import re

import pytest

from tests.support import circuit


def session(*lines: str) -> list[str]:
    done = circuit("repl", stdin="\n".join(lines) + "\n")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def notes(*lines: str) -> list[str]:
    return circuit("repl", stdin="\n".join(lines) + "\n").stderr.splitlines()


USES = {
    "a range": ("sum(x[i]^2 for i in 1:n)", ["5", "14"]),
    "an index": ("x[n]*10", ["20", "30"]),
    "a gate": ("f(t) = sum(x[i]*t for i in 1:n); f(2)", ["6", "12"]),
    "a number beside": ("n*sum(x[i] for i in 1:n)", ["6", "18"]),
    "a node": ("s = sum(x[i] for i in 1:n); s + 1", ["4", "7"]),
    "an expression": ("sum(x[i] for i in 1:n*2//2)", ["3", "6"]),
}


@pytest.mark.parametrize(("text", "answers"), USES.values(), ids=USES)
def test_a_number_that_is_set_ends_ranges(text: str, answers: list[str]) -> None:
    for n, answer in zip((2, 3), answers, strict=True):
        assert session("x = 1, 2, 3", f"n = {n}", text)[-1] == answer
        values = ["-x", "1, 2, 3"[: 3 * n - 2]] if "for" in text else [f"-x[{n}]", str(n)]
        as_a_program = circuit("eval", f"n = {n}; {text}", *values, "--quiet")
        assert float(as_a_program.stdout.split()[-1]) == float(answer)
    assert session("x = 1, 2, 3", "n = 2", text, "n = n + 1", text)[-1] == answers[1]


def test_a_number_in_indices_is_no_input() -> None:
    found = session("x = 1, 2, 3", "n = 2", "n*sum(x[i] for i in 1:n)", ":grad --quiet")
    assert found[-2:] == ["x[1] 2.0", "x[2] 2.0"]
    assert "n 3.0" in session("x = 1, 2, 3", "n = 2", "n*sum(x[i] for i in 1:2)", ":grad --quiet")


def test_a_change_of_shape_is_told() -> None:
    lines = ["x = 1, 2, 3", "n = 2", "b = 2*n; s = sum(x[i] for i in 1:n)", "h[i] = x[i]*b for i in 1:n"]
    assert notes(*lines) == []
    assert notes(*lines, "n = 2") == []
    assert notes(*lines, "n = 3") == ["note: s, h have another shape now: n is in their indices"]
    assert notes(*lines, "n = n - 1") == ["note: s, h have another shape now: n is in their indices"]
    assert notes(*lines, "x = 3, 4, 5") == []


@pytest.mark.parametrize(
    ("lines", "message", "hint"),
    [
        (["n = 2.5", "sum(x[i] for i in 1:n)"], "n is 2.5, no whole number", "write n = 2; sum(x[i] for i in 1:n)"),
        (["n = 2±1", "sum(x[i] for i in 1:n)"], "n is no loop and no whole number", "write n = 3; sum(x[i]"),
        (["sum(x[i] for i in 1:n)"], "n is no loop and no whole number", "write n = 3; sum(x[i]"),
    ],
)
def test_what_is_no_whole_number_ends_nothing(lines: list[str], message: str, hint: str) -> None:
    done = circuit("repl", stdin="\n".join(["x = 1, 2, 3", *lines]))
    assert message in done.stderr and hint in done.stderr
    typed = done.stderr.splitlines()[-1].strip().removeprefix("write ")
    assert session("x = 1, 2, 3", *lines[:-1], typed)[-1] in ("3", "6")


def test_an_ascent_sets_a_family_as_a_list() -> None:
    climb = ["sum((x[i] - i)^2 for i in 1:n)", ":descend --quiet", ":vars"]
    assert session("x = 5, 5", "n = 2", *climb)[-2:] == ["x = 1, 2", "n = 2"]
    assert session("x = 5, 5, 5", "n = 2", *climb)[-4:] == ["x = 5, 5, 5", "n = 2", "x[1] = 1", "x[2] = 2"]
    assert session("x = 5", "n = 1", *climb)[-2:] == ["x = [1]", "n = 1"]
    climb = ["sum((W[i,j] - i)^2 for i in 1:2, j in 1:2)", ":descend --quiet", ":vars"]
    assert session("W = 0", *climb)[-1] == "W = [[1, 1], [2, 2]]"
    assert session("W = 1, 1; 2, 2", climb[0], "W = [1, 1], [2, 2]", climb[0])[-2:] == ["0", "0"]


def test_vars_can_be_read_again() -> None:
    lines = ["x = 3, 4, 5", "n = 2", "s = sum((x[i] - i)^2 for i in 1:n)", "x[2] = 9", "W = 1, 2; 3, 4", "n = 3"]
    shown = session(*lines, ":vars")[-5:]
    assert [line.partition(" ")[0] for line in shown] == ["x", "n", "x[2]", "W", "s"]
    assert session(*shown, ":vars")[-5:] == shown


FIBONACCI = {
    "a program": ["f[1] = 1; f[2] = x; f[n] = f[n-1] + f[n-2] for n in 3:9", "x = 1"],
    "the input before": ["x = 1", "f[1] = 1", "f[2] = x", "f[n] = f[n-1] + f[n-2] for n in 3:9"],
    "two inputs": ["x = 1", "f[1] = x; f[2] = x; f[n] = f[n-1] + f[n-2] for n in 3:9"],
    "two numbers": ["f = 1, 1", "f[n] = f[n-1] + f[n-2] for n in 3:9"],
    "one number for both": ["f[1] = 1", "f[2] = f[1]", "f[n] = f[n-1] + f[n-2] for n in 3:9"],
    "a start that changes": ["f[1] = 7; f[2] = 1; f[n] = f[n-1] + f[n-2] for n in 3:9", "f[1] = f[2]"],
    "written out behind": ["f[1] = 1; f[2] = 1; f[n] = f[n-1] + f[n-2] for n in 3:8", "f[9] = f[8] + f[7]"],
}


@pytest.mark.parametrize("lines", FIBONACCI.values(), ids=FIBONACCI)
def test_a_recurrence(lines: list[str]) -> None:
    known = [1, 1, 2, 3, 5, 8, 13, 21, 34]
    assert session(*lines, "f[9]", "f[4]")[-2:] == ["34", "3"]
    assert session(*lines, "sum(f[i] for i in 1:9)")[-1] == str(sum(known))
    shown = session(*lines, ":vars")
    again = [line for line in shown if re.match(r"[fx](\[\w\])? ?=", line)]
    assert session(*again, "f[9]")[-1] == "34"


def test_an_ascent_over_a_recurrence_sets_its_inputs_alone() -> None:
    lines = ["f[1] = 1; f[2] = 1; f[n] = f[n-1] + f[n-2] for n in 3:5", "(f[5] - 10)^2", ":descend --quiet"]
    one, other, fifth = (float(x) for x in session(*lines, "f[1]", "f[2]", "f[5]")[-3:])
    assert fifth == pytest.approx(10) and 2 * one + 3 * other == pytest.approx(10)


def test_an_element_is_named_once() -> None:
    lines = ["x = 1, 2, 3", "y[i] = x[i]^2 for i in 1:3", "W[i,j] = x[i]*x[j] for i in 1:2, j in 1:3"]
    for line, told in [("y[2] = 5", "y[2]"), ("y[3] = x[1]", "y[3]"), ("y[1] = 5±1", "y[1]"), ("W[2,3] = 5", "W[2,3]")]:
        done = circuit("repl", stdin="\n".join([*lines, line]))
        assert f"{told} is named by the statement of {told[0]}[] already" in done.stderr
        typed = done.stderr.splitlines()[-1].strip().removeprefix("write ")
        [value] = session(*lines, typed, told)[-1:]
        assert value == ("1" if "x[1]" in line else "5")
    assert session(*lines, "y[4] = 5", "sum(y[i] for i in 1:4)")[-1] == "19"
    assert session("y[2] = 5", *lines, "y[2]")[-1] == "4"  # a definition goes before what was set
    assert session(*lines, "y = 7, 8", "y[2]")[-1] == "8"


def test_an_element_of_others() -> None:
    assert session("x = 1, 2, 3", "x[2] = x[1] + 10", "sum(x[i] for i in 1:3)", "x")[-3:] == [
        "15",
        "x = 1, 2, 3",
        "x[2] = 11",
    ]
    assert session("x = 1", "x[2] = x[1] + 10", "x[2]*x[3]")[-1] == "11"
    done = circuit("repl", stdin="f[2] = f[1] + 1")
    assert "f[1] has no value yet" in done.stderr and "write for example f[1] = 1 before" in done.stderr
    assert session("f[1] = 1", "f[2] = f[1] + 1", "f[2]")[-1] == "2"


def test_a_family_shows_the_values_that_are_used() -> None:
    assert session("W = [[1,2],[3,4]]", "W[1,1] = 9", "W")[-1] == "W = [[9, 2], [3, 4]]"
    assert session("x = 1, 2, 3", "x[2] = 5±0.5", "x")[-1] == "x = 1, 5±0.5, 3"
    assert session("x = 1, 2", "x[5] = 9", "x") == ["x = 1, 2", "x[5] = 9"]
    assert session("w = 0", "(w[0] - 1)^2", ":descend --quiet", "w")[-2:] == ["w = 0", "w[0] = 1"]


LISTS = {  # a line: what its hint says to write
    "W = [1 2; 3 4]": "W = [[1, 2], [3, 4]]",
    'W = "1, 2; 3, 4"': "W = [[1, 2], [3, 4]]",
    "W = np.array([[1,2],[3,4]])": "W = [[1, 2], [3, 4]]",
    "x = 2:5": "x = 2, 3, 4, 5",
    "x = (1,2,3)": "x = 1, 2, 3",
    "x = {1, 2, 3}": "x = 1, 2, 3",
    "x = c(1, 2, 3)": "x = 1, 2, 3",
    "x = 1 2 3": "x = 1, 2, 3",
    "sum(v)": "sum(v[i] for i in 1:3)",
    "sum(v^2)": "sum(v[i]^2 for i in 1:3)",
    "A @ u": "y[i] = sum(A[i,j]*u[j] for j in 1:2) for i in 1:2",
    "h = tanh(v)": "h[i] = tanh(v[i]) for i in 1:3",
    "v": "",
}


@pytest.mark.parametrize("line", LISTS)
def test_a_list_in_another_notation(line: str) -> None:
    above = ["v = 1, 2, 3", "u = [1, 2]", "A = [[1, 2], [3, 4]]"]
    if not LISTS[line]:
        assert session(*above, line)
        return
    done = circuit("repl", stdin="\n".join([*above, line]))
    written = done.stderr.splitlines()[-1].strip()
    assert (done.returncode, written) == (2, f"write {LISTS[line]}")
    assert session(*above, LISTS[line], "0")[-1] == "0"


@pytest.mark.parametrize(("line", "hint"), [("x = 1 000 000", "write 1000000"), ("x = 2 3", "write 2*3")])
def test_what_need_not_be_a_list(line: str, hint: str) -> None:
    assert circuit("repl", stdin=line).stderr.splitlines()[-1].strip() == hint


def test_a_list_in_an_expression_is_for_the_command_line() -> None:
    done = circuit("eval", "x = [1,2,3]; sum(x[i] for i in 1:3)")
    assert done.stderr.splitlines()[-1].strip() == "a list is set on the command line: -x 1,2,3"
    assert circuit("eval", "sum(x[i] for i in 1:3)", "-x", "1,2,3", "--quiet").stdout == "6.0\n"
