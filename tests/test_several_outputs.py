"""Several results differentiated at once, and derivatives along a direction: `--of f,g`, `--along x=1,y=2`, and the
methods of Circuit."""

from __future__ import annotations

import doctest
import json
import math
import random
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

from circuitcli import Circuit, InputError, asked_columns, name_lists
from tests.random_circuits import grown
from tests.support import circuit

# A robot arm of two joints: where its hand is.
ARM = "x = k*cos(a) + l*cos(a + b); y = k*sin(a) + l*sin(a + b)"
AT = {"k": 2.0, "a": 0.5, "l": 1.0, "b": 1.25}
SET = [word for name, x in AT.items() for word in (f"-{name}", str(x))]
DIRECTION = {"a": 0.1, "b": -0.2}


def hand() -> dict[str, dict[str, float]]:
    """The Jacobian of the arm as textbooks on robots have it."""
    k, a, m, b = AT.values()
    return {
        "x": {
            "k": math.cos(a),
            "a": -k * math.sin(a) - m * math.sin(a + b),
            "l": math.cos(a + b),
            "b": -m * math.sin(a + b),
        },
        "y": {
            "k": math.sin(a),
            "a": k * math.cos(a) + m * math.cos(a + b),
            "l": math.sin(a + b),
            "b": m * math.cos(a + b),
        },
    }


def of(*words: str, **more: Any) -> Any:
    """The JSON of grad."""
    done = circuit("grad", *words, "--json", **more)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def bits(x: float) -> bytes:
    """The bits of a number; those of nan are one, for the processor chooses its sign."""
    return struct.pack("<d", x if x == x else math.nan)


# ── at a point ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_jacobian_of_an_arm() -> None:
    found = of(ARM, *SET, "--of", "x,y")
    for result, slopes in hand().items():
        assert found["jacobian"][result] == pytest.approx(slopes, rel=1e-14)
    assert "gradient" not in found and found["x"] == pytest.approx(2 * math.cos(0.5) + math.cos(1.75))
    assert found["value"] == found["y"]
    assert not any("gradient" in node for node in found["nodes"])


@pytest.mark.parametrize("digits", [10, 40])
def test_the_jacobian_agrees_with_differences(digits: int) -> None:
    """Those of mpmath, with many digits; at 40 the inputs are the decimals that they are written as."""
    found = of("f = exp(x*y)/(1 + x^2); g = log(x + y)*sqrt(y)", "-x", "0.7", "-y", "1.3", "--of", "f,g",
               "--digits", str(digits))  # fmt: skip
    with mp.workdps(60):
        at = [mp.mpf("0.7"), mp.mpf("1.3")] if digits > 17 else [mp.mpf(0.7), mp.mpf(1.3)]
        results = {
            "f": lambda x, y: mp.exp(x * y) / (1 + x**2),
            "g": lambda x, y: mp.log(x + y) * mp.sqrt(y),
        }
        for name, f in results.items():
            for which, by in enumerate(("x", "y")):
                slope = mp.diff(f, at, (1, 0) if which == 0 else (0, 1))
                near = abs(mp.mpf(found["jacobian"][name][by]) - slope) / abs(slope)
                assert near < mp.mpf(10) ** -min(digits - 1 if digits > 17 else 14, 35)


def test_one_result_is_as_if_it_were_the_last() -> None:
    words = ["-x", "1", "-y", "2"]
    found, last = of("f = x^2*y; g = sin(x)", *words, "--of", "f"), of("g = sin(x); f = x^2*y", *words)
    numbered = ("expression", "nodes")  # nodes in the order in which they are written
    assert {k: x for k, x in found.items() if k not in numbered} == {k: x for k, x in last.items() if k not in numbered}
    assert found["gradient"] == {"x": 4.0, "y": 1.0}
    csv = [circuit("grad", text, *words, *more, "--to", "csv").stdout
           for text, more in (("f = x^2*y; g = sin(x)", ["--of", "f"]), ("g = sin(x); f = x^2*y", []))]  # fmt: skip
    assert csv[0] == csv[1]


def test_a_named_node_and_an_answer_without_a_name() -> None:
    assert of("q = x + y; f = q*z", "-x", "1", "-y", "2", "-z", "5", "--of", "q")["gradient"] == {
        "x": 1.0, "y": 1.0, "z": 0.0,
    }  # fmt: skip
    found = of("q = x + y; s = 2*q; q*x", "-x", "1", "-y", "2", "--of", "q,value")
    assert found["jacobian"] == {"q": {"x": 1.0, "y": 1.0}, "value": {"x": 4.0, "y": 1.0}}
    assert (found["q"], found["value"], found["s"]) == (3.0, 3.0, 6.0)
    assert of("a = x + y; b = x + y", "-x", "1", "-y", "2", "--of", "a,b")["jacobian"] == {
        "a": {"x": 1.0, "y": 1.0}, "b": {"x": 1.0, "y": 1.0},
    }  # fmt: skip


def test_by_some_inputs_and_nodes() -> None:
    found = of("q = x + y; f = q^2; g = q*x", "-x", "1", "-y", "2", "--of", "f, g", "--wrt", "q,y")
    assert found["jacobian"] == {"f": {"q": 6.0, "y": 6.0}, "g": {"q": 1.0, "y": 1.0}}


def test_a_block_for_each_result() -> None:
    done = circuit("grad", "f = x^2*y; g = sin(x)", "-x", "1", "-y", "2", "--of", "f,g")
    first, second = done.stdout.split("\n\n")
    assert first.splitlines()[0] == " gradient of f" and second.splitlines()[0] == " gradient of g"
    assert "sin" not in first and "x^2" not in second  # each shows its own nodes
    assert done.stderr == ""


def test_lines_and_columns() -> None:
    words = ["f = x^2*y; g = 3*x", "-x", "1", "-y", "2", "--of", "f,g"]
    assert circuit("grad", *words, "--quiet").stdout == "f,x 4.0\nf,y 1.0\ng,x 3.0\ng,y 0.0\n"
    assert circuit("grad", *words, "--to", "csv").stdout == (
        "x,y,f,g,grad_f_x,grad_f_y,grad_g_x,grad_g_y\n1.0,2.0,2.0,3.0,4.0,1.0,3.0,0.0\n"
    )


def test_second_derivatives_of_each() -> None:
    words = ["f = x^2*y; g = x*y^3", "-x", "3", "-y", "2", "--of", "f,g", "--hessian"]
    found = of(*words)
    assert found["hessian"] == {
        "f": {"x": {"x": 4.0, "y": 6.0}, "y": {"x": 6.0, "y": 0.0}},
        "g": {"x": {"x": 0.0, "y": 12.0}, "y": {"x": 12.0, "y": 36.0}},
    }
    assert found["jacobian"] == {"f": {"x": 12.0, "y": 9.0}, "g": {"x": 8.0, "y": 36.0}}
    head = circuit("grad", *words, "--to", "csv").stdout.splitlines()[0]
    assert "grad_f_y,hess_f_x_x,hess_f_x_y,hess_f_y_y,grad_g_x" in head


def test_the_check_of_each() -> None:
    words = ["f = x^2*y; g = sin(x)", "-x", "1", "-y", "2", "--of", "f,g", "--check"]
    found = of(*words)["check"]
    assert {name: one["verdict"] for name, one in found.items()} == {"f": "agree", "g": "agree"}
    rows = [json.loads(line) for line in circuit("grad", *words, "--to", "jsonl").stdout.splitlines()]
    assert [(row["result"], row["input"], row["verdict"]) for row in rows] == [
        ("f", "x", "agree"), ("f", "y", "agree"), ("g", "x", "agree"), ("g", "y", "agree"),
    ]  # fmt: skip


def test_the_worst_status_of_all() -> None:
    assert circuit("grad", "f = x; g = sqrt(y)", "-x", "1", "-y", "0", "--of", "f,g").returncode == 3
    assert circuit("grad", "f = x; g = sqrt(y)", "-x", "1", "-y", "0", "--of", "f", "--quiet").returncode == 0
    done = circuit("grad", "f = x; g = x^0.5*0 + log(y)", "-x", "1", "-y", "-1", "--of", "g,f")
    assert done.returncode == 3 and "log(y)" in done.stderr


def test_a_note_says_of_which_result_it_is() -> None:
    done = circuit("grad", "f = x^2; g = relu(x)", "-x", "0", "--of", "f,g")
    assert done.stderr.startswith("note: g: relu(x) is at a kink") and done.returncode == 0
    assert of("f = x^2; g = relu(x)", "-x", "0", "--of", "f,g")["nodes"][-1]["kink"] is True


def test_uncertainties_of_each_go_on() -> None:
    words = ["f = 2*x; g = x*y", "-x", "3+/-0.1", "-y", "4", "--of", "f,g"]
    found = of(*words)
    assert found["uncertainty"]["f"]["value"] == pytest.approx(0.2)
    assert found["uncertainty"]["g"]["value"] == pytest.approx(0.4)
    again = json.loads(circuit("eval", "x + y", "--inputs", "-", "--json", stdin=json.dumps(found)).stdout)
    assert again["uncertainty"]["value"] == pytest.approx(0.1)
    head = circuit("grad", *words, "--to", "csv").stdout.splitlines()[0]
    assert head == ("x,y,f,g,grad_f_x,grad_f_y,sigma_f,contribution_f_x,grad_g_x,grad_g_y,sigma_g,contribution_g_x")


def test_a_difference_beside_each() -> None:
    found = of("f = x*y; g = x + y", "-x", "3", "-y", "4", "--of", "f,g", "--difference", "central")["check"]
    assert found["f"]["inputs"]["x"]["numerical"] == pytest.approx(4.0)
    assert found["g"]["inputs"]["x"]["numerical"] == pytest.approx(1.0)


def test_a_claim_is_of_the_result_that_is_named() -> None:
    words = ["f = x*y; g = x + y", "-x", "3", "-y", "4", "--claim", "x = y; y = x"]
    assert circuit("grad", *words, "--of", "f").returncode == 0
    assert circuit("grad", *words).returncode == 1


# ── along a direction ───────────────────────────────────────────────────────────────────────────────────────


def test_along_is_the_jacobian_times_the_direction() -> None:
    found = of(ARM, *SET, "--of", "x,y", "--along", "a=0.1,b=-0.2")
    for result, slopes in hand().items():
        assert found["along"][result] == pytest.approx(0.1 * slopes["a"] - 0.2 * slopes["b"], rel=1e-13)
    assert found["direction"] == DIRECTION


def test_along_agrees_with_a_step() -> None:
    """The limit of (f(x + h*d) - f(x - h*d))/(2*h), with many digits."""
    found = of("exp(x*y)/y", "-x", "0.5", "-y", "2", "--along", "x=1,y=-3")["along"]
    with mp.workdps(60):
        slope = mp.diff(lambda h: mp.exp((mp.mpf("0.5") + h) * (2 - 3 * h)) / (2 - 3 * h), 0)
        assert abs(found - slope) < 1e-13 * abs(slope)


def test_along_in_every_form() -> None:
    words = ["grad", "x^2*y", "-x", "3", "-y", "2"]
    for along in (["--along", "x=1,y=-2"], ["--along", "x=1", "--along", "y=-2"], ["--along", "x = 1, y = 4-6"]):
        assert circuit(*words, *along).stdout.splitlines()[-1] == " along x=1, y=-2: -6"
        assert circuit(*words, *along, "--quiet").stdout.splitlines()[-1] == "along -6.0"
        assert circuit(*words, *along, "--to", "csv").stdout.splitlines()[0].endswith("grad_y,along")
        found = json.loads(circuit(*words, *along, "--json").stdout)
        assert (found["along"], found["direction"]) == (-6.0, {"x": 1.0, "y": -2.0})
        assert found["gradient"] == {"x": 12.0, "y": 9.0}


def test_along_has_the_digits_that_are_asked_for() -> None:
    found = of("x^2", "-x", "1.5", "--along", "x=1/3", "--digits", "30")["along"]
    assert float(found) == 1.0
    text = circuit("grad", "sin(x)", "-x", "1", "--along", "x=1/3", "--digits", "30").stdout.splitlines()[-1]
    with mp.workdps(40):
        assert text.endswith(mp.nstr(mp.cos(1) / 3, 30))


def test_an_input_that_stays_has_no_part() -> None:
    assert of("sqrt(x) + y", "-x", "4", "-y", "1", "--along", "x=0,y=2")["along"] == 2.0
    done = circuit("grad", "sqrt(x) + y", "-x", "0", "-y", "1", "--along", "x=0,y=2", "--quiet")
    assert done.stdout.splitlines()[-1] == "along 2.0"  # though the slope by x is infinite


def test_an_input_with_a_default_may_move() -> None:
    assert of("k = 3; f = k*x", "-x", "2", "--along", "k=1")["along"] == 2.0


def test_along_beside_second_derivatives() -> None:
    found = of("x^2*y", "-x", "3", "-y", "2", "--along", "x=1", "--hessian")
    assert found["along"] == 12.0 and found["hessian"]["x"]["y"] == 6.0


# ── over rows ───────────────────────────────────────────────────────────────────────────────────────────────

ROWS = [(1.0, 2.0), (2.0, 5.0), (3.0, 7.0)]
TWO = "s = x + y; p = x^2*y"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rows.csv").write_text("x,y\n" + "".join(f"{x},{y}\n" for x, y in ROWS))
    return tmp_path


@pytest.mark.parametrize("engine", ["", "arrays", "native"])
def test_a_column_for_each_derivative(engine: str, folder: Path) -> None:
    more = ["--engine", engine] if engine else []
    done = circuit("grad", TWO, "rows.csv", "--of", "s,p", "--along", "x=1,y=-2", *more, cwd=folder)
    head, *lines = done.stdout.splitlines()
    assert head == "x,y,s,p,grad_s_x,grad_s_y,along_s,grad_p_x,grad_p_y,along_p"
    for (x, y), line in zip(ROWS, lines, strict=True):
        numbers = [float(cell) for cell in line.split(",")]
        assert numbers == [x, y, x + y, x * x * y, 1.0, 1.0, -1.0, 2 * x * y, x * x, 2 * x * y - 2 * x * x]


def test_one_of_them_over_rows(folder: Path) -> None:
    done = circuit("grad", TWO, "rows.csv", "--of", "s", "--along", "y=2", cwd=folder)
    assert done.stdout.splitlines()[:2] == ["x,y,p,s,grad_x,grad_y,along", "1.0,2.0,2.0,3.0,1.0,1.0,2.0"]


def test_the_forms_of_rows(folder: Path) -> None:
    words = ["grad", TWO, "rows.csv", "--of", "s,p", "--columns", "x,grad_p_y,along_p", "--along", "x=1"]
    lines = circuit(*words, "--to", "jsonl", cwd=folder).stdout.splitlines()
    assert json.loads(lines[1]) == {"x": 2.0, "grad_p_y": 4.0, "along_p": 20.0}
    assert circuit(*words, "--out", "r.parquet", cwd=folder).returncode == 0
    assert pq.read_table(folder / "r.parquet").to_pydict()["along_p"] == [4.0, 20.0, 42.0]
    assert circuit(*words, "--to", "table", cwd=folder).stdout.splitlines()[0].split() == ["x", "grad_p_y", "along_p"]


AGGREGATES = "m = mean(w*x^2); s = sum((y - w*x)^2)"


def test_one_answer_from_all_rows(folder: Path) -> None:
    found = of(AGGREGATES, "rows.csv", "-w", "2", "--of", "m,s", "--along", "w=3", cwd=folder)
    by_mean = math.fsum(x * x for x, _ in ROWS) / len(ROWS)
    by_sum = math.fsum(-2 * x * (y - 2 * x) for x, y in ROWS)
    assert found["jacobian"]["m"] == pytest.approx({"w": by_mean}, rel=1e-15)
    assert found["jacobian"]["s"] == {"w": by_sum}
    assert found["along"] == pytest.approx({"m": 3 * by_mean, "s": 3 * by_sum}, rel=1e-15)
    assert found["rows"]["count"] == 3 and found["m"] == pytest.approx(2 * by_mean)
    done = circuit("grad", AGGREGATES, "rows.csv", "-w", "2", "--of", "m,s", "--to", "csv", cwd=folder)
    assert done.stdout.splitlines()[0] == "file,rows,w,m,s,grad_m_w,grad_s_w"
    table = circuit("grad", AGGREGATES, "rows.csv", "-w", "2", "--of", "m,s", cwd=folder).stdout
    assert " gradient of m\n" in table and " gradient of s\n" in table and table.endswith(" 3 rows\n")


@pytest.mark.parametrize("name", ["m", "s"])
def test_a_row_of_the_jacobian_from_all_rows_is_the_gradient_of_one(name: str, folder: Path) -> None:
    both = of(AGGREGATES, "rows.csv", "-w", "2.1", "--of", "m,s", cwd=folder)["jacobian"][name]
    alone = AGGREGATES.split("; ")["ms".index(name)]
    assert both == of(alone, "rows.csv", "-w", "2.1", cwd=folder)["gradient"]


def test_groups(folder: Path) -> None:
    (folder / "groups.csv").write_text("kind,x,y\na,1,2\nb,2,5\na,3,7\n")
    done = circuit("grad", AGGREGATES, "groups.csv", "-w", "2", "--of", "m,s", "--along", "w=-1", "--by", "kind",
                   cwd=folder)  # fmt: skip
    head, *lines = done.stdout.splitlines()
    assert head == "kind,rows,m,s,grad_m_w,along_m,grad_s_w,along_s"
    assert lines == ["a,2,10.0,1.0,5.0,-5.0,-6.0,6.0", "b,1,8.0,1.0,4.0,-4.0,-4.0,4.0"]


def test_an_input_that_no_result_uses(folder: Path) -> None:
    words = ["grad", "k = 3; m = mean(w*x)", "rows.csv", "-w", "1", "--wrt", "k,w", "--along", "k=1,w=2"]
    assert circuit(*words, cwd=folder).stdout.splitlines()[-2:] == [" along k=1, w=2: 4", " 3 rows"]
    assert circuit(*words, "--by", "x", cwd=folder).stdout.splitlines()[1] == "1.0,1,1.0,0.0,1.0,2.0"


@pytest.mark.slow
def test_on_a_cluster(folder: Path) -> None:
    for text, more in ((TWO, []), (AGGREGATES, ["-w", "2"])):
        for names in ("s", text[0] + "," + text[text.index(";") + 2]):
            along = "x=1,y=2" if text == TWO else "w=3"
            words = ["grad", text, "rows.csv", *more, "--of", names, "--along", along, "--to", "csv"]
            there = circuit(*words, "--cluster", "local", cwd=folder)
            assert there.stdout == circuit(*words, cwd=folder).stdout and there.returncode == 0


def test_a_gradient_that_is_not_finite_is_told(folder: Path) -> None:
    (folder / "zero.csv").write_text("x\n1\n0\n")
    done = circuit("grad", "f = sqrt(x); g = 2*x", "zero.csv", "--of", "f,g", cwd=folder)
    assert done.returncode == 3 and "1 row is" in done.stderr.replace("of 1 row", "1 row") and "sqrt" in done.stderr
    done = circuit("grad", "m = mean(x)*sqrt(w); s = mean(x)*w", "zero.csv", "-w", "0", "--of", "m,s", cwd=folder)
    assert done.returncode == 3 and "sqrt(w)" in done.stderr


def test_eval_has_all_results(folder: Path) -> None:
    assert circuit("eval", TWO, "-x", "1", "-y", "2", "--quiet").stdout == "s 3.0\np 2.0\n"
    assert circuit("eval", TWO, "rows.csv", cwd=folder).stdout.splitlines()[1] == "1.0,2.0,3.0,2.0"


# ── mistakes ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--of", "z"], "z is no named node\n  the named nodes are: f, g"),
        (["--of", "F"], "F is no named node\n  did you mean --of f?"),
        (["--of", "f,x"], "x is an input, not a result\n  the results are: f, g"),
        (["--of", ","], "no result is named\n  the results are: f, g"),
        (["--of", "f,g", "--explain"], "--explain is of one result, and --of names several\n  write --of f"),
        (["--of", "f,g", "--rounding"], "--rounding is of one result, and --of names several\n  write --of f"),
        (["--of", "g,f", "--claim", "x = 1"], "--claim is of one result, and --of names several\n  write --of g"),
        (["--of", "f", "--of", "g"], "--of is given 2 times\n  write it once, joined by commas"),
        (["--along", "x"], "--along x gives no input a component\n  write for example --along x=1,y=1"),
        (["--along", "x="], "--along x= gives no input a component\n  write for example --along x=1,y=1"),
        (["--along", "q=1"], "--along q=1: q is no input\n  the inputs are: x, y"),
        (["--along", "f=1"], "--along f=1: f is no input\n  the inputs are: x, y"),
        (["--along", "x=1,x=2"], "--along has two components for x\n  keep one of them"),
        (["--along", "x=1", "--along", "x=2"], "--along has two components for x\n  keep one of them"),
        (["--along", "x=inf"], "--along x=inf: a direction is finite\n  write for example --along x=1,y=1"),
        (["--along", "x=1+/-0.1"], "--along x=1+/-0.1: a direction has no uncertainty\n  write x=1"),
        (["--along", "x=1", "--check"], "--check has no derivative along a direction\n  leave out --along, or --check"),
        (["--jacobian"], "there is no option --jacobian\n  did you mean --of?"),
        (["--jvp", "x=1"], "there is no option --jvp\n  did you mean --along x=1?"),
    ],
)
def test_a_mistake_is_told(more: list[str], said: str) -> None:
    done = circuit("grad", "f = x^2*y; g = sin(x)", "-x", "1", "-y", "2", *more)
    assert done.returncode == 2 and done.stderr == f"circuit: {said}\n"


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        (TWO, ["--of", "s,p", "--check"], "over rows --check is of one result"),
        (TWO, ["--of", "s,p", "--sigma-of", "x=0.1"], "the parts of inputs in an uncertainty are those of one result"),
        (TWO, ["--of", "s,p", "--hessian"], "--hessian is about one point"),
        ("s = mean(w*x); p = w*x", ["-w", "1", "--of", "s,p"], "those are two answers"),
        ("s = mean(w*x); p = mean(x)", ["-w", "1", "--of", "s,p", "--along", "x=1"], "x varies by row"),
        ("a = x*b_c*c; a_b = x*c*b_c", ["-b_c", "1", "-c", "2", "--of", "a,a_b"], "two columns grad_a_b_c"),
    ],
)
def test_a_mistake_over_rows_is_told(text: str, more: list[str], said: str, folder: Path) -> None:
    done = circuit("grad", text, "rows.csv", *more, cwd=folder)
    assert done.returncode == 2 and said in done.stderr and done.stdout == ""


def test_names_that_would_be_lost_are_refused(folder: Path) -> None:
    done = circuit("grad", "a = x*b_c*c; a_b = x*c*b_c", "-x", "1", "-b_c", "1", "-c", "2", "--of", "a,a_b", "--to",
                   "csv")  # fmt: skip
    assert done.returncode == 2 and "two columns grad_a_b_c" in done.stderr
    done = circuit("grad", "jacobian = 2*x; g = x", "-x", "1", "--of", "jacobian,g", "--json")
    assert done.returncode == 2 and "JSON has a key jacobian of its own" in done.stderr
    (folder / "along.csv").write_text("x,along\n1,2\n")
    done = circuit("grad", "2*x", "along.csv", "--along", "x=1", cwd=folder)
    assert done.returncode == 2 and "choose columns without it with --columns" in done.stderr
    assert circuit("grad", "2*x", "along.csv", "--along", "x=1", "--columns", "x,value", cwd=folder).returncode == 0


# ── in Python ───────────────────────────────────────────────────────────────────────────────────────────────


def test_docstrings() -> None:
    for module in (name_lists, asked_columns):
        assert doctest.testmod(module).failed == 0


def test_names_with_commas_in_brackets() -> None:
    assert name_lists.listed("W[1,2],b") == ["W[1,2]", "b"]
    assert name_lists.listed("x=atan2(1,2), y=-1") == ["x=atan2(1,2)", "y=-1"]
    assert name_lists.listed("") == [""]
    assert name_lists.listed("a],b") == ["a]", "b"]


def test_the_methods() -> None:
    arm = Circuit(ARM)
    jacobian = arm.jacobian(AT)
    for result, slopes in hand().items():
        assert jacobian[result] == pytest.approx(slopes, rel=1e-14)
        assert arm.jvp(DIRECTION, AT)[result] == pytest.approx(0.1 * slopes["a"] - 0.2 * slopes["b"], rel=1e-13)
    assert arm.jacobian(["y"], AT) == arm.jacobian("y", AT) == {"y": jacobian["y"]}
    assert arm.hessians("y", AT)["y"] == arm.hessian(AT)
    assert arm.gradient(AT) == jacobian["y"]


def test_the_methods_over_arrays() -> None:
    arm, a = Circuit(ARM), np.linspace(0, 1, 7)
    found = arm.jacobian({**AT, "a": a})
    along = arm.jvp(DIRECTION, {**AT, "a": a})
    for i, angle in enumerate(a):
        here = arm.jacobian({**AT, "a": float(angle)})
        for result, slopes in here.items():
            assert {name: float(x[i]) for name, x in found[result].items()} == pytest.approx(slopes, rel=1e-14)
            assert along[result][i] == pytest.approx(0.1 * slopes["a"] - 0.2 * slopes["b"], rel=1e-12)


def test_constants_and_defaults_as_inputs() -> None:
    circle = Circuit("k = 3; f = k*x; g = pi*x")
    assert circle.jacobian(x=2, pi=3) == {"f": {"x": 3.0, "pi": 0.0}, "g": {"x": 3.0, "pi": 2.0}}
    assert circle.jvp({"k": 1}, x=2) == {"f": 2.0, "g": 0.0}
    assert circle.jvp({"k": 1, "x": 1}, x=2, k=5) == {"f": 7.0, "g": math.pi}


def test_mistakes_in_python() -> None:
    pair, rows = Circuit("f = x*y; g = x + y"), Circuit("m = mean(w*x); s = std(w*x)")
    for call, said in (
        (lambda: pair.jacobian(["h"], x=1, y=2), "h is no named node"),
        (lambda: pair.jacobian(["x"], x=1, y=2), "x is an input"),
        (lambda: pair.jacobian([], x=1, y=2), "no result is named"),
        (lambda: pair.jacobian({"x": 1}, {"y": 2}), "results are chosen by a list of their names"),
        (lambda: pair.jacobian(3, {"y": 2}), "results are chosen by a list of their names"),
        (lambda: pair.jvp({"z": 1}, x=1, y=2), "z is not an input"),
        (lambda: pair.jvp(3, x=1, y=2), "a direction is no int"),  # type: ignore[arg-type]
        (lambda: pair.jvp({"x": "a"}, x=1, y=2), "the direction of x is no number"),
        (lambda: pair.jacobian(x=1), "no value for y"),
        (lambda: pair.hessians(x=np.ones(2), y=1), "over arrays there are"),
        (lambda: rows.jvp({"x": 1}, x=np.ones(2), w=1), "x varies by row"),
    ):
        with pytest.raises(InputError, match=said):
            call()


@settings(max_examples=150)
@given(st.integers(0, 10**9))
def test_each_row_is_the_gradient_of_the_program_that_ends_with_it(seed: int) -> None:
    """To the bit, also where a shared node lies below both and whatever the numbers are."""
    chance = random.Random(seed)
    names = [["x", "y"], ["x", "q"], ["q", "y"]]
    q, f, g = (grown(chance, depth, known)[0] for depth, known in zip((2, 3, 3), names, strict=True))
    text = f"q = {q}; f = {f}; g = {g}; h = q + x*y"
    point = {name: chance.choice([1.0, -1.0]) * 10 ** chance.uniform(-3, 3) for name in ("x", "y")}
    for name, slopes in Circuit(text).jacobian(["f", "g"], point).items():
        alone = Circuit(f"{text}; {name}").gradient(point)
        assert {by: bits(x) for by, x in slopes.items()} == {by: bits(x) for by, x in alone.items()}


@settings(max_examples=25)
@given(st.integers(0, 10**9))
def test_columns_are_those_of_the_program_that_ends_with_a_result(seed: int) -> None:
    chance = random.Random(seed)
    f, g = (grown(chance, 3, ["x", "y"])[0] for _ in range(2))
    rows = "x,y\n" + "".join(f"{chance.uniform(0.1, 3)!r},{chance.uniform(0.1, 3)!r}\n" for _ in range(5))
    text = f"f = {f} + x*y; g = {g} + x*y"

    def slopes(last: str, *more: str) -> list[list[str]]:
        done = circuit("grad", text + last, "-", *more, "--wrt", "x,y", "--quiet", stdin=rows)
        return [line.split(",")[2:] for line in done.stdout.splitlines()]

    apart = [[*a, *b] for a, b in zip(slopes("; f"), slopes("; g"), strict=True)]
    assert slopes("", "--of", "f,g") == apart and len(apart) == 5
