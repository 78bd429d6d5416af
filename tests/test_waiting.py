"""A person who waits is told so; a pipe, and who asked for quiet, are not."""

from __future__ import annotations

import pytest

from tests.support import circuit
from tests.terminal import CTRL_C, Terminal

LONG = ["eval", "gamma(0.3) + digamma(0.7)", "--digits", "5000"]


@pytest.mark.slow
def test_a_terminal_is_told_that_there_is_still_work() -> None:
    screen = Terminal(*LONG)
    screen.wait(lambda: b"computing, for" in screen.bytes)
    assert screen.leave(CTRL_C) == 130


def test_what_is_quick_says_nothing() -> None:
    screen = Terminal("eval", "1/3", "--digits", "30")
    assert screen.leave() == 0
    assert b"computing" not in screen.bytes


def test_too_many_second_derivatives_are_refused() -> None:
    product = "*".join(f"x{i}" for i in range(1_001))
    words = [word for i in range(1_001) for word in (f"-x{i}", "1")]
    done = circuit("grad", product, *words, "--hessian")
    assert done.returncode == 2 and "--wrt x,y" in done.stderr
    done = circuit("grad", product, *words, "--hessian", "--wrt", "x0,x1", "--json")
    assert done.returncode == 0
