"""Notes and messages on many elements of a family: one for all, which names the first and the last."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.support import circuit

NET = "h[j] = tanh(W[j,1]*x + b[j]) for j in 1:9; mean((y - sum(v[j]*h[j] for j in 1:9) - c)^2)"


def test_starts_beyond_bounds_are_one_note() -> None:
    done = circuit("descend", "sum((W[i]-1)^2 for i in 1:100)", "-W", "5", "--bounds", "W=-1:1")
    assert done.stderr == "note: W[1] to W[100] start beyond their bounds, and are moved to the nearest\n"
    some = circuit("descend", "sum((W[i]-1)^2 for i in 1:9) + x^2", "-W", "5", "-x", "9", "--bounds", "W[2]=-1:1,x=0:1")
    assert some.stderr == "note: W[2], x start beyond their bounds, and are moved to the nearest\n"


def test_inputs_that_did_not_move_are_one_note(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("x,y\n" + "".join(f"{k},{k % 7}\n" for k in range(50)))
    text = "mean((y - a*x - 0*sum(u[i] for i in 1:5) - 0*b)^2)"
    done = circuit("descend", text, "d.csv", "-a", "1", "-u", "0", "-b", "3", cwd=tmp_path)
    assert "note: u[1] to u[5], b did not move: still where they started\n" in done.stderr
    assert "note: no standard errors: the rows do not tell anything of u[1] to u[5], b\n" in done.stderr
    done = circuit("descend", "sum((y - sum(a[i] for i in 1:5))^2)", "d.csv", "-a", "1", cwd=tmp_path)
    assert "the rows do not tell a[1] to a[4] from a[5]\n" in done.stderr


@pytest.mark.parametrize("given", [[], ["-W", "1"], ["-W[1,1]", "1"], ["-b[9]", "1", "-v", "0"]])
def test_missing_values_have_a_hint_that_can_be_typed(given: list[str], tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("x,y\n1,2\n2,3\n3,5\n")
    for data in (["d.csv"], ["-x", "1", "-y", "2"]):
        text = NET if data == ["d.csv"] else NET.replace("mean", "")
        refused = circuit("descend", text, *data, *given, "--steps", "1", cwd=tmp_path)
        assert refused.returncode == 2 and "no value" in refused.stderr
        hint = refused.stderr.splitlines()[1].strip().removeprefix("add ").partition(";")[0]
        typed = shlex.split(hint.replace("VALUE", "0.5"))
        assert circuit("descend", text, *data, *given, *typed, "--steps", "1", cwd=tmp_path).returncode == 0


def test_uncertain_families_are_named_in_short() -> None:
    done = circuit("eval", "sum((s[i]-1)^2 for i in 1:9)", "-s", "1±0.1")
    assert "the uncertainty of s[1] to s[9] does not reach the result" in done.stderr
    refused = circuit("plot", "sum(x[i]^2 for i in 1:9)")
    assert "a plot sweeps one input or two, not 9: x[1] to x[9]" in refused.stderr


def test_a_start_without_a_slope_names_a_draw() -> None:
    program = "(sum(v[j]*w[j] for j in 1:3) - 1)^2"
    done = circuit("descend", program, "-v", "0", "-w", "0")
    draws = '--init "v=normal(0, 0.5)" --init "w=normal(0, 0.5)"'
    assert done.returncode == 1
    told = f"note: the elements of v, w start at one number: {draws} starts them apart\n"
    assert told in done.stderr
    assert circuit("descend", program, *shlex.split(draws)).returncode == 0
    assert "--init" not in circuit("descend", "x^2 - y^2", "-x", "0", "-y", "0").stderr
    assert "--init" not in circuit("descend", program, "-v", "0.1,0.2,0.3", "-w", "1").stderr
