"""Families in a session: numbers that end ranges, lists as values, and where an ascent leaves them."""

from __future__ import annotations

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
