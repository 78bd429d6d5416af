"""LaTeX: mathematics, in which no two names look alike, and which TeX reads."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuitcli.export.latex import latex
from circuitcli.export.latex_names import LatexNames
from circuitcli.gates import GATES
from circuitcli.language import graph_of, parse
from tests.test_export import alone, feynman_jobs


def test_latex_is_mathematics() -> None:
    text = latex(graph_of(parse("f = sqrt(x_1)/theta + 1e-3")), ["x_1"])
    assert r"f &= \frac{" in text and r"\sqrt{x_{1}}" in text and r"{\theta} + 10^{-3}" in text
    assert r"\frac{\partial f}{\partial x_{1}} &= " in text


def test_two_names_never_look_alike_in_latex() -> None:
    text = latex(graph_of(parse("f = lambda*λ + θ*theta + x_1*x1 + (a % 3)*b")), ["λ", "lambda", "x1", "x_1"])
    slopes = [line.split(" &= ")[0] for line in text.splitlines() if line.startswith(r"\frac{\partial f}")]
    assert len(set(slopes)) == 4
    assert r"\left(a \bmod 3\right) \cdot b" in text
    text = latex(graph_of(parse("f = sigma*sigmoid(x) + Gamma*gamma(x)")), ["sigma", "Gamma"])
    assert r"\mathit{sigma} \cdot" in text and r"\mathit{Gamma} \cdot" in text


def test_a_node_may_be_called_like_a_slope() -> None:
    text = latex(graph_of(parse("grad_x = x^2 + sin(x); grad_x*x + exp(grad_x)")), ["x", "grad_x"])
    assert r"\mathit{grad\_x} &= x^{2}" in text and "#" not in text
    assert r"\frac{\partial f}{\partial \mathit{grad\_x}} &= " in text


STEMS = ["u", "u1", "u_1", "x12", "ab", "ab1", "ab_1", "a_b", "_", "lambda", "λ", "lambda1", "λ_1", "σ", "sigma", "ж1"]
NAMES = st.sampled_from([f"{stem}{ending}" for stem in STEMS for ending in ("", "[1]", "[12]", "[1,2]", "[i]")])


@given(st.lists(NAMES, unique=True), st.lists(NAMES, unique=True))
def test_distinct_names_have_distinct_latex(known: list[str], made: list[str]) -> None:
    """Names of a circuit, and those that its export makes."""
    named = LatexNames({r"\sigma"}, known)
    texts = {name: named(name) for name in [*made, *known]}
    turns = {
        f"{name[:-3]}[{k}]": texts[name].replace("i}", f"{k}}}") for name in texts for k in (1, 2) if "[i]" in name
    }
    texts |= turns
    assert len({*texts.values()}) == len(texts) and r"\sigma" not in texts.values()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("u1 + u[1]", r"f &= \mathit{u1} + u_{1} \\"),
        ("u1 + u_1", r"f &= u_{1} + \mathit{u\_1} \\"),
        ("λ[1] + lambda[1]*lambda[2]", r"f &= \lambda_{1} + \mathit{lambda}_{1} \cdot \mathit{lambda}_{2} \\"),
        ("u[1]*exp(x*y*z)^2 + cos(exp(x*y*z))*sin(x*y)^3*sin(x*y)", r"\mathit{u1} &= "),
    ],
)
def test_names_that_look_alike_are_spelled_out(text: str, expected: str) -> None:
    graph = graph_of(parse(text))
    assert expected in latex(graph, [*graph.inputs])


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no TeX")
def test_latex_compiles(tmp_path: Path) -> None:
    """Every gate, names that TeX would trip over, and the Feynman formulas, in one document."""
    gates = [gate for name, gate in GATES.items() if not GATES[name].only_over_rows]
    texts = [latex(alone(gate.name, 2 if gate.many else len(gate.rules)), ["x0"]) for gate in gates]
    odd = ("a_b % 2 + __x*not_1 + factorial(a_b)", "a_b > 1 ? -a_b^2 : x0 != a_b and 2 or e")
    texts += [latex(graph_of(parse(text)), ["a_b"]) for text in odd]
    texts += [latex(job.graph, list(job.graph.inputs)) for job in feynman_jobs()]
    document = [
        "\\documentclass{article}\\usepackage[paperwidth=200cm,paperheight=100cm]{geometry}\\usepackage{amsmath}"
    ]
    document += ["\\begin{document}", *texts, "\\end{document}"]
    (tmp_path / "all.tex").write_text("\n".join(document), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
