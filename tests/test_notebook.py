"""In notebooks: %circuit and %%circuit, and a whole notebook as Jupyter runs it."""

from __future__ import annotations

import fractions
import io
import math
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import numpy as np
import pytest

import circuitcli
from circuitcli.cli.notebook_answer import NotebookAnswer
from circuitcli.cli.notebook_magic import CellError, answered
from tests.support import circuit

PROGRAM = "q = x + y\nf = q*x  # a comment\n"


# ── the words ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_cell_is_a_command_with_its_program() -> None:
    found = answered({}, "grad -x 1 -y 2", PROGRAM)
    assert str(found) == circuit("grad", PROGRAM, "-x", "1", "-y", "2").stdout.rstrip("\n")
    assert (found.value, found.gradient, found.status, found.notes) == (3.0, {"x": 4.0, "y": 1.0}, 0, [])
    assert found.record["nodes"][2]["name"] == "q"
    assert answered({}, "-x 1 -y 2", PROGRAM).gradient == {"x": 4.0, "y": 1.0}  # grad, where no command stands
    assert answered({}, "eval -x 1 -y 2", PROGRAM).gradient is None


def test_a_line_is_a_command_line() -> None:
    assert answered({}, 'grad "x^2 * y" -x 3 -y 2').gradient == {"x": 12.0, "y": 9.0}
    assert answered({}, "2+3").value == 5.0
    assert "tanh" in str(answered({}, "gates tanh"))
    assert answered({}, "eval x^2 -x 3 --json").value == 9.0


def test_variables_are_values_of_inputs_that_have_none() -> None:
    variables: dict[str, Any] = {"x": 2, "y": np.float64(0.1), "W": [[1, 2], [3, 4]], "v": np.array([5.0, 6.0])}
    assert answered(variables, "", PROGRAM).gradient == pytest.approx({"x": 4.1, "y": 2.0}, rel=1e-15)
    assert answered(variables, "-x 7", PROGRAM).value == 7 * 7.1
    assert answered(variables, "", "k = 3; k*x").value == 6.0
    assert answered({**variables, "k": 9}, "", "k = 3; k*x").value == 6.0  # k is a name of the program
    layer = answered(variables, "", "sum(W[i,j]*v[j] for i in 1:2, j in 1:2)")
    assert layer.value == 56.0 and layer.gradient["v[2]"] == 6.0


@pytest.mark.parametrize(
    "x", [3, 3.0, True, np.float32(0.1), fractions.Fraction(1, 3), -math.inf, np.array(2.5), 10**300]
)
def test_any_number_is_a_value(x: Any) -> None:
    assert answered({"x": x}, "eval --allow-nonfinite", "x + 0").value == float(x)


@pytest.mark.parametrize("x", ["3", [1, 2], None, math.sin, 10**400, np.array([1.0]), 1j])
def test_what_is_no_number_is_no_value(x: Any) -> None:
    with pytest.raises(CellError, match=r"(?s)no value for x.*; or give Python a variable of that name"):
        answered({"x": x}, "", "x^2")


def test_values_of_another_shape_are_refused() -> None:
    with pytest.raises(CellError, match=r"W is given the shape \(3,\)"):
        answered({"W": [1, 2, 3]}, "", "W[1] + W[2]")


def test_a_check_that_fails_has_its_status() -> None:
    found = answered({"x": 3}, 'grad --claim "x = 7"', "x^2")
    assert found.status == circuit("grad", "x^2", "-x", "3", "--claim", "x = 7").returncode == 1
    assert found.record["check"]["verdict"] == "disagree"


def test_notes_stand_below() -> None:
    found = answered({}, "-x -1", "log(x)")
    assert found.notes == ["note: log(x) at x = -1: outside its domain"] and found.notes[0] in str(found)
    shown = found._repr_html_()
    assert shown is not None and shown.startswith("<table>") and "outside its domain" in shown


# ── what is shown ───────────────────────────────────────────────────────────────────────────────────────────


def test_answers_are_tables() -> None:
    shown = answered({}, "-a 1 -b 2", "c = a < b; c ? a : b")._repr_html_()
    assert shown is not None and "a &lt; b" in shown and "<td" in shown and "a < b" not in shown
    assert answered({}, "export --to c", "x")._repr_html_() is None
    assert answered({}, "-x 1 --json", "x")._repr_html_() is None


def test_pictures_are_pictures() -> None:
    drawing = answered({"x": 1, "y": 2}, "draw", "x*y")
    assert drawing._repr_svg_() == circuit("draw", "x*y", "--format", "svg").stdout.rstrip("\n")
    assert (drawing._repr_html_(), repr(drawing)) == (None, f"a picture of {len(str(drawing)):,} characters")
    page = answered({}, "draw --format html", "x*y")._repr_html_()
    assert page is not None and page.startswith('<iframe srcdoc="&lt;!DOCTYPE html&gt;')
    assert str(answered({}, "draw --format mermaid", "x*y")).startswith("flowchart")


def test_plots_are_pictures() -> None:
    pytest.importorskip("matplotlib")
    shown = answered({"y": 2}, "plot -a 3", "a*sin(x)")._repr_svg_()
    assert shown is not None and shown.startswith("<svg") and shown.endswith("</svg>")


# ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("line", "cell", "words"),
    [
        ("-x 1", "x +* 2", "circuit: unexpected *: expected a number, a name, ( or -\n  x +* 2\n     ^"),
        ("-x 1", "y = x\nx +* 2", "circuit: line 2: unexpected *: expected a number, a name, ( or -\n  x +* 2\n     ^"),
        ("--bogus", "x", "circuit: there is no option --bogus\n  circuit grad --help lists the options"),
        ("gates", "x", "circuit: gates takes no expression, and a cell is one\n  write it in one line: %circuit gates"),
        ("check -x 1", "x^2", "circuit: there is no command check\n  write %%circuit grad -x 1 --check"),
        ("fit -x 1", "x^2", "circuit: there is no command fit\n  write %%circuit descend -x 1"),
        ("-x 1", "x*z", "circuit: no value for z\n  add -z VALUE; or give Python a variable of that name"),
        ('-x "1', "x", 'circuit: a quotation mark is not closed\n  write for example %circuit grad "x^2" -x 3'),
    ],
)
def test_errors_are_in_our_words(line: str, cell: str, words: str) -> None:
    with pytest.raises(CellError) as caught:
        answered({}, line, cell)
    assert caught.value._render_traceback_() == [words]


def test_tables_of_python_are_told_from_files() -> None:
    pd = pytest.importorskip("pandas")
    df = pd.DataFrame({"u": [1.0, 2.0], "w": [3.0, 4.0]})
    for line, cell in (('grad "u*w" df', None), ("grad df", "u*w"), ('eval "u*w" df --json', None)):
        with pytest.raises(CellError, match=r"df is a table of Python, and a command reads files") as told:
            answered({"df": df}, line, cell)
        names: dict[str, Any] = {"df": df}
        *imports, call = told.value.hint.removeprefix("hand it to a circuit: ").split("; ")
        exec("; ".join(imports), names)
        assert eval(call, names)["u"].tolist() == [3.0, 4.0]


def test_a_session_needs_a_terminal() -> None:
    with pytest.raises(CellError, match=r"(?s)a session needs a terminal.*%circuit grad"):
        answered({}, "repl")


def test_standard_streams_are_put_back() -> None:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        assert isinstance(answered({}, "-x -1", "log(x)"), NotebookAnswer)
        assert (sys.stdout, sys.stderr) == (out, err)
    assert (out.getvalue(), err.getvalue()) == ("", "")


# ── in IPython ──────────────────────────────────────────────────────────────────────────────────────────────

SESSION = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
def run(cell):
    return shell.run_cell(cell)
assert run("%load_ext circuitcli").success
assert run("x = 3").success
assert run("%%circuit grad -y 2\\nx^2*y").result.gradient == {"x": 12.0, "y": 9.0}
assert run("r = %circuit eval 'x + 1'").success and run("r.value").result == 4.0
failed = run("%%circuit\\nx +* 2")
assert not failed.success
print("done")
"""


def test_ipython_has_the_words(tmp_path: Any) -> None:
    pytest.importorskip("IPython")
    command = [sys.executable, "-W", "ignore", "-c", SESSION]
    environment = {"IPYTHONDIR": str(tmp_path), "PYTHONPATH": ":".join(filter(None, sys.path)), "HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, cwd=tmp_path)
    assert (done.returncode, done.stdout.rstrip().endswith("done")) == (0, True), done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "circuit: unexpected *" in done.stdout + done.stderr and "     ^" in done.stdout + done.stderr


def test_the_extension_is_no_public_name() -> None:
    assert "load_ipython_extension" not in dir(circuitcli)
