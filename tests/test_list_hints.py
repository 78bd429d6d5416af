"""A hint on lists, loops and indices of other languages can be typed, and then gives the number that was meant."""

from __future__ import annotations

import re
import shlex
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from circuitcli import Circuit
from tests.support import circuit

X, Y, W = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 7.0]), np.array([[1.0, 2.0, 0.5], [3.0, 4.0, -1.0]])
GIVEN = {"x": "1,2,3", "y": "4,5,7", "W": "1,2,0.5;3,4,-1"}
LISTS: dict[str, object] = {  # an expression of lists, and its values by NumPy
    "sum(x)": X.sum(),
    "sum(x^2)": (X**2).sum(),
    "mean(x)": X.mean(),
    "max(x) - min(x)": X.max() - X.min(),
    "sum((x - y)^2)": ((X - Y) ** 2).sum(),
    "x*y": X * Y,
    "x^2 + 1": X**2 + 1,
    "tanh(x)": np.tanh(X),
    "norm(x - y)": np.linalg.norm(X - Y),
    "np.linalg.norm(x)": np.linalg.norm(X),
    "dot(x, y)": X @ Y,
    "np.dot(x, y)": X @ Y,
    "x @ y": X @ Y,
    "x'*y": X @ Y,
    "x .* y": X * Y,
    "W @ x": W @ X,
    "W*x": W @ X,
    "W @ (x - y)": W @ (X - Y),
    "transpose(W)": W.T,
    "W @ W.T": W @ W.T,
    "x.sum()": X.sum(),
    "x.dot(y)": X @ Y,
    "sum(x)/len(x)": X.mean(),
    "std(x)": X.std(ddof=1),
    "softmax(x)": np.exp(X) / np.exp(X).sum(),
    "W.T @ W @ x": W.T @ W @ X,
    "x @ W.T @ W @ y": X @ W.T @ W @ Y,
    "x(1) + W(2,1)": X[0] + W[1, 0],
    "sum(x[0:3])": X.sum(),
    "x/norm(x)": X / np.linalg.norm(X),
    "h = tanh(W @ x); sum(h^2)": (np.tanh(W @ X) ** 2).sum(),
    "sum((W @ x)^2) + max(y)": ((W @ X) ** 2).sum() + Y.max(),
    "x[:]": X,
    "x[-1]": X[-1],
    "x[-1]*x[1]": X[-1] * X[0],
    "sum(x[1:3])": X.sum(),
    "x[1:3]": X,
    "x[i]^2": X**2,
    "sum(x[i]*y[i])": X @ Y,
    "sum(W[j,i]*x[i] for i in 1:3)": W @ X,
    "h[j] = x[j]^2": X**2,
    "h[j] = x[j]^2; sum(h[j] for j in 1:3)": (X**2).sum(),
    "h[j] = x[j]^2; sum(h)": (X**2).sum(),
    "h[j] = sum(W[j,i]*x[i]); max(h)": (W @ X).max(),
    "sum(v^2 for v in x)": (X**2).sum(),
    "sum(a*b for a, b in zip(x, y))": X @ Y,
    "[v^2 for v in x]": X**2,
    "sum(x[i] for i in range(len(x)))": X.sum(),
    "sum(x[i]*y[j] for i in 1:3 for j in 1:3)": X.sum() * Y.sum(),
    "sum(x[k] for k in 1:2:3)": X[::2].sum(),
    "sum(x[k] for k in 3:1)": X.sum(),
    "max(x[k] for k in 3:1)": X.max(),
    "h[k] = x[k] for k in 3:-1:1; h[1]*h[2]*h[3]": X.prod(),
    "∑ x_i": X.sum(),
    "Σ x[i]*y[i]": X @ Y,
    r"\sum_{i=1}^{3} x_i^2": (X**2).sum(),
    "∑_{i=1}^3 x_{i}": X.sum(),
    r"\prod_{i=1}^n x_i": X.prod(),
    "prod_{i} x_i": X.prod(),
    "sum_i x[i]": X.sum(),
    "sum(i, 1, 3, x[i])": X.sum(),
    "sum(x[i], i, 1, 3)": X.sum(),
    "Sum(x[i], (i, 1, 3))": X.sum(),
    "Sum[x[i]^2, {i, 1, 3}]": (X**2).sum(),
    "for (i=1; i<=3; i++) { s += x[i]; }": X.sum(),
    "s = 0; for (int i = 1; i < 4; i++) s += x[i]*y[i];": X @ Y,
    "for i in 1:3: s += x[i]": X.sum(),
    "p = 1\nfor i = 1:3\n p = p * x[i]\nend": X.prod(),
    "h[1:3] = x[1:3]": X,
    "argmax(x[i]*y[i] for i in 1:3)": np.argmax(X * Y) + 1,
    "argmin((x[i] - 2)^2 for i in 1:3)": np.argmin((X - 2) ** 2) + 1,
}


def hint_of(*words: str) -> str:
    done = circuit(*words)
    assert done.returncode == 2, done
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1].strip()


def typed(hint: str, command: str, given: list[str]) -> list[str]:
    """The words of a command that a hint says, or of the one with the expression that it says to write."""
    if found := re.search(r"\bcircuit (\w+ .*)", hint):
        return shlex.split(found[1])
    assert hint.startswith("write "), hint
    return [command, hint.removeprefix("write "), *given]


@pytest.mark.parametrize(("mistake", "values"), LISTS.items())
def test_an_expression_of_lists_has_its_loops(mistake: str, values: object) -> None:
    given = [word for name in GIVEN if re.search(rf"\b{name}(\b|_)", mistake) for word in (f"-{name}", GIVEN[name])]
    done = circuit(*typed(hint_of("eval", mistake, *given), "eval", given), "--quiet")
    assert done.returncode == 0, done.stderr
    found = [float(line.split()[-1]) for line in done.stdout.splitlines()]
    assert found == pytest.approx([*np.ravel(values)], rel=1e-12), done.stdout


@pytest.mark.parametrize("command", ["grad", "descend --steps 3"])
@pytest.mark.parametrize("mistake", ["W @ x", "x^2", "x[i]^2", "h = W @ x", "h[j] = x[j]^2", "norm(x)"])
def test_several_answers_are_summed_for_a_gradient(command: str, mistake: str) -> None:
    given = [word for name in ("x", "W") if name in mistake for word in (f"-{name}", GIVEN[name])]
    name, *options = command.split()
    words = typed(hint_of(name, mistake, *given, *options), name, given)
    assert "sum(" in words[1]
    assert circuit(*words, *options).returncode == 0


@pytest.mark.parametrize(
    "mistake",
    [
        "h[j] = x[j]^2; sum(h[j] for j in 1:3)",
        "h[j] = x[j]^2; sum(h[k] for k in 2:3)",
        "h[j] = x[j]^2; h[1] + h[2]",
        "sum(x[i]*y[j] for i in 1:2 for j in 1:3)",
        "sum(v^2 for v in x)",
        "x[:]",
        "x[2:3]",
        "sum(x[i] for i in range(n))",
        "sum(x[i] for i in n)",
        r"\sum_{k=0}^{n} a_k",
    ],
)
def test_without_values_a_length_is_supposed(mistake: str) -> None:
    hint = hint_of("eval", mistake)
    meant = hint.removeprefix("write ")
    given = [f"-{name}=1" for name in Circuit(meant).inputs]
    assert given and circuit("eval", meant, *given, "--quiet").returncode == 0


@pytest.mark.parametrize(
    ("text", "values", "meant"),
    [
        ("sum(x[i] for i in 1:3)", ["1", "2", "3"], 6.0),
        ("sum(x[i] for i in 1:3)", ["1", "-2", "3"], 2.0),
        ("sum(x)", ["1", "2", "4"], 7.0),
        ("sum(x[i] for i in 1:3)", ["1 2 3"], 6.0),
        ("sum(x[i] for i in 1:3)", ["(1, 2, 3)"], 6.0),
        ("sum(x[i] for i in 1:3)", ["1, 2, 3,"], 6.0),
        ("sum(x[i,j]*i for i in 1:2, j in 1:2)", ["1 2; 3 4"], 17.0),
        ("sum(x[i,j]*i for i in 1:2, j in 1:2)", ["((1, 2), (3, 4))"], 17.0),
        ("sum(x[i,j]*i for i in 1:2, j in 1:2)", ["np.array([[1, 2], [3, 4]])"], 17.0),
    ],
)
def test_values_of_a_family_in_other_forms(text: str, values: list[str], meant: float) -> None:
    hint = hint_of("eval", text, "-x", *values)
    if "circuit" in hint:
        words = shlex.split(hint.partition("circuit ")[2])
    else:
        words = ["eval", text, *shlex.split(re.search(r"-x .*", hint)[0])]  # type: ignore[index]
    assert circuit(*words, "--quiet").stdout == f"{meant}\n"


@pytest.mark.parametrize(
    ("mistake", "hint"), [("sum_x y", "write sum_x*y"), ("Σ y", "write Σ*y"), ("x.T*y", ""), ("prod_a b[1]", "prod_a*")]
)
def test_names_that_look_like_sums_are_names(mistake: str, hint: str) -> None:
    assert hint in hint_of("eval", mistake)


def test_the_range_of_python_up_to_one_more_ends_at_the_name() -> None:
    assert hint_of("eval", "sum(x[i] for i in range(1, n + 1))") == "write n = 3; sum(x[i] for i in 1:n)"


@pytest.mark.parametrize("mistake", ["sum(x[i] for i in 1:n)", "sum(x[i] for i in n)", r"\sum_{i=1}^n x_i"])
def test_a_number_that_is_typed_is_the_end_of_a_loop(mistake: str) -> None:
    hint = hint_of("eval", mistake, "-n", "4", "-x", "1,2,3,5")
    assert circuit(*shlex.split(hint.partition("circuit ")[2]), "--quiet").stdout == "11.0\n"


def test_rows_of_matlab_are_read() -> None:
    text = "sum(W[i,j]*i for i in 1:2, j in 1:2)"
    assert circuit("eval", text, "-W", "[1, 2; 3, 4]", "--quiet").stdout == "17.0\n"


def test_an_empty_range_of_numbers_is_noted() -> None:
    for text, meant in (("sum(k for k in 3:1)", "3:1:-1"), ("sum(k for k in 10:-1:1)", "10:1:-1")):
        done = circuit("eval", text)
        assert done.returncode == 0 and f"has no turn: a range is first:last:step, as in {meant}" in done.stderr
    for text in ("n = 0; sum(k for k in 1:n)", "sum(k for k in 1:0)", "sum(k for k in 1:3)", "sum(k for k in 1:2:9)"):
        assert circuit("eval", text).stderr == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["x + y", "-x", "1", "-y", "abc"], "the value of y is no number"),
        (["sum(x) + y", "-x", "1,2,3", "-y", "abc"], "several are for a family"),
        (["x + y", "-x", "1,2,3", "-y", "4,5"], "several are for a family"),  # which do not fit together
        (["dot(x, y)", "-x", "1,2,3", "-y", "4,5"], "write x*y"),
    ],
)
def test_other_values_keep_their_hints(words: list[str], message: str) -> None:
    done = circuit("eval", *words)
    assert done.returncode == 2 and message in done.stderr


@pytest.mark.parametrize(
    ("header", "vector", "meant"),
    [
        ("x1,x2,x3,y", "x=x1..x30", "x=x1..x3"),
        ("x1,x2,x3,y", "x=a,b", "x=x1..x3"),
        ("x1,x2,x3,y", "x=[x1,x2,x3]", "x=x1..x3"),
        ("x1,x2,x3,y", "x=x1:x3", "x=x1..x3"),
        ("age,height,weight,y", "x=Age,hight,weigth", "x=age,height,weight"),
    ],
)
def test_columns_of_a_family_that_are_not_there(header: str, vector: str, meant: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(f"{header}\n1,2,3,4\n")
    words = ["eval", "sum(x[i] for i in 1:3)", "t.csv", "--quiet", "--vector"]
    done = circuit(*words, vector, cwd=tmp_path)
    assert done.returncode == 2 and done.stderr.rstrip().endswith(f"write --vector {meant}"), done.stderr
    assert circuit(*words, meant, cwd=tmp_path).stdout == "6.0\n"


@pytest.mark.parametrize(
    ("word", "deviation"),
    [("W=he", sqrt(2 / 3)), ("W=xavier", sqrt(2 / 5)), ("W=randn(2)", 1.0), ("W=normal(0.1)", 0.1), ("N(0, 3)", 3.0)],
)
def test_starts_of_other_libraries(word: str, deviation: float) -> None:
    text = "sum(W[j,i]^2 for j in 1:2, i in 1:3)"
    hint = hint_of("descend", text, "--init", word)
    form = re.fullmatch(r'write --init "(W=normal\(0, (.*)\))"', hint)
    assert form is not None, hint
    assert circuit("descend", text, "--init", form[1]).returncode == 0
    assert float(circuit("eval", form[2], "--quiet").stdout) == pytest.approx(deviation)
