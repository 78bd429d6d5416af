"""Claims proven all over a box: rational forms, the Taylor form, verdicts with witnesses, and what the commands say."""

from __future__ import annotations

import json
import math
import random
import re

import pytest
from mpmath import mp

from circuitcli.analysis.apart import Apart
from circuitcli.analysis.derivatives import Derivatives
from circuitcli.analysis.rational_form import RationalForms
from circuitcli.analysis.taylor_form import TaylorForm
from circuitcli.analysis.textbook import textbook_gates
from circuitcli.check.claim_proof import Proof, by_box
from circuitcli.engine.digits import Digits
from circuitcli.engine.interval import Interval
from circuitcli.engine.passes import forward
from circuitcli.graph import Graph
from circuitcli.language import graph_of, parse
from tests.random_circuits import grown
from tests.support import circuit

EXACT = Digits(60)


def same(one: str, other: str) -> bool:
    return RationalForms().is_zero(graph_of(parse(f"({one}) - ({other})")))


def number(graph: Graph, **point: float) -> object:
    with mp.workdps(60):
        return forward(graph, EXACT, {name: EXACT.number(x) for name, x in point.items()})[graph.output]


# ── formulas ────────────────────────────────────────────────────────────────────────────────────────────────

IDENTITIES = [
    ("(x + y)^3", "x^3 + 3*x^2*y + 3*x*y^2 + y^3"),
    ("(x^2 - 1)/(x - 1)", "x + 1"),
    ("1 - tanh(x)^2", "4/(exp(x) + exp(-x))^2"),
    ("sigmoid(x)*(1 - sigmoid(x))", "exp(-x)/(1 + exp(-x))^2"),
    ("1 + tan(x)^2", "1/cos(x)^2"),
    ("1/(2*sqrt(x))", "0.5*x^-0.5"),
    ("x/sqrt(x^2 + 1)", "x*(x^2 + 1)^-0.5"),
    ("x^y*x", "x^(y + 1)"),
    ("exp(2*x + y)", "exp(x)^2*exp(y)"),
    ("log(sqrt(x)*exp(y))", "log(x)/2 + y"),
    ("3*x*abs(x)", "3*abs(x)^3/x"),
    ("normpdf(x)", "exp(-x^2/2)/sqrt(tau)"),
    ("sin(-x)*cos(-x)", "-sin(x)*cos(x)"),
    ("0.1 + 0.2", "0.3"),
]
OTHERS = [  # the same at some points, or for some signs alone
    ("sqrt(x^2)", "x"),
    ("log(x^2)/2", "log(abs(x)) + 1e-30"),
    ("exp(log(x^2)/2)", "x"),
    ("x^(y/2)", "sqrt(x^y) + x"),
    ("sqrt(x*y)", "-sqrt(-x)*sqrt(-y)"),
    ("x^3", "x^3 + 1e-40"),
    ("where(x > 0, x, -x)", "x"),
    ("cbrt(x)^2", "cbrt(x)"),
    ("max(x, y)", "x"),
    ("sign(x)^2*x", "abs(x)"),
]


@pytest.mark.parametrize(("one", "other"), IDENTITIES)
def test_forms_of_one_function_are_one(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_forms_of_two_functions_are_two(one: str, other: str) -> None:
    assert not same(one, other)


def wrong_identities(seed: int, count: int) -> tuple[list[object], int]:
    """Pairs of formulas that are taken for one function, and have two values at a point; and the number of pairs that
    are taken for one."""
    chance, faults, taken = random.Random(seed), list[object](), 0
    for _ in range(count):
        text, _ = grown(chance, chance.randint(1, 3), ["x", "y"])
        graph = graph_of(parse(text))
        if "x" not in graph.inputs:
            continue
        found = Derivatives(graph, ["x"], gates=textbook_gates(), folds=True)
        claim = found.statements({"": found.gradient["x"]})[-1]
        if len(found.statements({"": found.gradient["x"]})) > 1:
            continue
        places = list(re.finditer(r"[+-](?= )|\b[0-9]+\b|\bsin\b|\bx\b", claim))
        if chance.random() < 0.7 and places:
            place = chance.choice(places)
            other = {"+": "-", "-": "+", "sin": "cos", "x": "abs(x)"}.get(place[0], "3")
            claim = claim[: place.start()] + other + claim[place.end() :]
        apart = Apart(graph, "x", graph_of(parse(claim)))
        if not apart.is_nothing():
            continue
        taken += 1
        for _ in range(4):
            difference = number(apart.circuit, x=chance.uniform(-3, 3), y=chance.uniform(-3, 3))
            if abs(difference) > 1e-30 * 10.0**12 and abs(difference) < math.inf:  # type: ignore[arg-type]
                faults.append((text, claim, difference))
    return faults, taken


def test_no_other_formula_is_taken_for_the_derivative() -> None:
    faults, taken = wrong_identities(1, 400)
    assert faults == [] and taken > 80


@pytest.mark.slow
def test_no_other_formula_is_taken_for_the_derivative_in_many_circuits() -> None:
    assert wrong_identities(2, 6_000)[0] == []


# ── bounds ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text", ["sin(x)*exp(y)", "1/(2 + x*y)", "tanh(x - y)^2", "sqrt(3 + x)*y", "x^3*y^2", "erf(x)*y"]
)
def test_the_taylor_form_holds_all_values(text: str) -> None:
    graph, chance = graph_of(parse(text)), random.Random(1)
    series = TaylorForm(graph, ["x", "y"])
    for _ in range(10):
        box = {name: Interval(x := chance.uniform(-1, 1), x + 10.0 ** chance.randint(-6, -1)) for name in "xy"}
        found = series.bounds(box)
        for _ in range(5):
            exact = number(graph, **{name: chance.uniform(x.lo, x.hi) for name, x in box.items()})
            assert all(bounds.lo <= exact <= bounds.hi for bounds in found)  # type: ignore[operator]
        widths = [bounds.hi - bounds.lo for bounds in found]
        assert widths[-1] <= 1.001 * widths[1]


def judged(text: str, claim: str, boxes: int = 100, **ends: tuple[float, float]) -> Proof:
    box = {name: Interval(*pair) for name, pair in ends.items()}
    return by_box(Apart(graph_of(parse(text)), "x", graph_of(parse(claim))), box, [*ends], boxes)


@pytest.mark.parametrize(
    ("text", "claim", "within"),
    [
        ("sin(x)^2", "sin(2*x)", 1e-14),
        ("x^2.7", "2.7*exp(1.7*log(x))", 1e-10),
        ("x^3", "3*x^2 + 1e-9", 4e-10),
        ("erf(x)", "1.128379167*exp(-x^2)", 1e-9),
        ("max(x, 0.5)", "1", 0.0),
        ("atan(x)", "cos(atan(x))^2", 1e-10),
    ],
)
def test_agreement_is_proven(text: str, claim: str, within: float) -> None:
    found = judged(text, claim, x=(1.0, 2.0))
    assert found.passed and found.within <= within
    assert found.bounds is not None
    derivative, claimed = graph_of(parse(claim)), Derivatives(graph_of(parse(text)), ["x"])
    slope = claimed.graph({"": claimed.gradient["x"]})
    for x in (1.0, 1.23, 1.999, 2.0):
        apart = number(slope, x=x) - number(derivative, x=x)  # type: ignore[operator]
        assert abs(apart) <= found.within * abs(number(slope, x=x)) * 1.5 + 1e-40  # type: ignore[arg-type]
        assert found.bounds.difference.lo <= apart <= found.bounds.difference.hi


@pytest.mark.parametrize(
    ("text", "claim", "ends"),
    [
        ("x^3", "3*x^2 + 1e-3*(x > 1.9)", (1.0, 2.0)),
        ("sin(x)", "cos(x) + exp(-(100*(x - 1.0625))^2)/1000", (0.0, 2.0)),
        ("x^3", "3*x^2 + 1e-9", (-1.0, 2.0)),
        ("abs(x)", "1", (-1.0, 2.0)),
        ("log(x)", "1/x + 1", (-1.0, 2.0)),
    ],
)
def test_disagreement_has_a_witness(text: str, claim: str, ends: tuple[float, float]) -> None:
    found = judged(text, claim, x=ends)
    assert found.verdict == "disagree" and ends[0] <= found.witness["x"] <= ends[1]
    graph, x = graph_of(parse(text)), EXACT.number(found.witness["x"])
    with mp.workdps(60):
        slope = mp.diff(lambda t: forward(graph, EXACT, {"x": t})[graph.output], x)
        claimed = forward(graph_of(parse(claim)), EXACT, {"x": x})[-1]
        assert abs(slope - claimed) > 1e-6 * max(abs(slope), abs(claimed))


@pytest.mark.parametrize(
    ("text", "claim", "ends"),
    [
        ("abs(x)", "x > 0 ? 1 : -1", (-1.0, 2.0)),  # the same off the kink, at which nobody is to blame
        ("abs(x)", "x >= 0 ? 1 : -1", (-1.0, 3.0)),
        ("max(x, 0)", "x > 0 ? 1 : 0", (-1.0, 1.0)),
        ("log(x)", "1/abs(x)", (-1.0, 2.0)),  # the same where there is a logarithm
        ("sqrt(x)", "1/(2*abs(sqrt(abs(x))))", (-1.0, 1.0)),
    ],
)
def test_no_witness_stands_at_a_kink_or_outside_the_domain(text: str, claim: str, ends: tuple[float, float]) -> None:
    assert judged(text, claim, x=ends).verdict != "disagree"


def test_random_claims_are_never_judged_wrongly() -> None:
    """The derivative itself in other words is never refuted; one with a part added is never proven."""
    chance = random.Random(3)
    for _ in range(60):
        text, _ = grown(chance, 2, ["x"])
        graph = graph_of(parse(text))
        if "x" not in graph.inputs:
            continue
        found = Derivatives(graph, ["x"])
        claim = "; ".join(found.statements({"c": found.gradient["x"]}))
        low = chance.uniform(-2, 2)
        assert judged(text, f"{claim}; c + 0*cos(x)", 10, x=(low, low + 0.5)).verdict != "disagree", text
        assert not judged(text, f"{claim}; c + 0.001*(1 + abs(c))", 10, x=(low, low + 0.5)).passed, text


# ── commands ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["grad", "x^2*y", "-x", "1..2", "-y", "3", "--claim", "x = 2*x*y; y = x^2"], 0, "agree exactly"),
        (["grad", "x^2*y", "-x", "1..2", "-y", "3", "--claim", "x = 2*x*y; y = x^2 + 1"], 1, "disagree at x = 1.5"),
        (["grad", "sin(x)^2", "-x", "0..1", "--claim", "x = sin(2*x)"], 0, "agree within 2."),
        (["grad", "abs(x)", "-x", "-1..2", "--claim", "x = x > 0 ? 1 : -1"], 1, "around a kink of abs(x)"),
        (["grad", "x^x", "-x", "1..20", "--claim", "x = exp(x*log(x))*(log(x) + 1)", "--boxes", "3"], 1, "--boxes 30 "),
        (["grad", "log(x)", "-x", "-1..2", "--claim", "x = 1/x"], 0, "may be no value for some inputs"),
        (["grad", "log(x)", "-x", "-2..-1", "--claim", "x = 2/x"], 1, "no value anywhere"),
        (["derive", "x^3", "--claim", "3*x^2"], 0, "agree exactly"),
        (["derive", "x^3", "--claim", "3*x^2 + 1e-3"], 1, "disagree at x = "),
        (["derive", "x^2*y", "--claim", "x = 2*x*y; y = x^2"], 0, "y       agree exactly"),
        (["derive", "x^2*y", "--wrt", "x", "--claim", "2*x*y"], 0, "agree exactly"),
        (["derive", "sin(x)^2", "--claim", "sin(2*x)"], 0, " random points"),
        (["derive", "sin(x)^2", "--claim", "sin(2*x)", "-x", "0..1"], 0, "agree within 2."),
        (["derive", "sin(x)^2", "--claim", "sin(2*x)", "-x", "1"], 0, "agree within "),
        (["derive", "x[1]*x[2]", "--claim", "x[1] = x[2]; x[2] = x[1]"], 0, "agree exactly"),
        (["derive", "x^2*y", "-x", "1..2", "-y", "3"], 0, "grad_x = y * (2 * x)  # [6, 12]"),
        (["derive", "x^2*y", "--claim", "2*x*y"], 2, "a claim is a name"),
        (["derive", "x^2", "--claim", ""], 2, "the claim is empty"),
        (["derive", "x^2", "--claim", "2*x", "--textbook"], 2, "leave out one of them"),
        (["derive", "x^2", "--claim", "2*q"], 2, "q is no input"),
        (["derive", "x^2", "--boxes", "3"], 2, "--boxes is about ranges"),
        (["grad", "x^2", "-x", "1..2", "--claim", "x = 2*x", "--digits", "30"], 2, "leave out --digits"),
    ],
)
def test_claims_on_the_command_line(words: list[str], status: int, said: str) -> None:
    done = circuit(*words)
    assert done.returncode == status, done.stderr
    assert said in (done.stderr if status == 2 else done.stdout + done.stderr)


def test_claims_in_pipes() -> None:
    words = ["grad", "x^2*y", "-x", "1..2", "-y", "3", "--claim", "x = 2*x*y; y = x^2 + 1"]
    found = json.loads(circuit(*words, "--json").stdout)
    assert found["gradient"] == {"x": [6, 12], "y": [1, 4]}
    check = found["check"]
    assert (check["method"], check["verdict"]) == ("proof", "disagree")
    assert check["inputs"]["x"] == {
        "gradient": [6, 12], "claim": [6, 12], "difference": [0, 0], "within": 0, "exact": True, "verdict": "agree"
    }  # fmt: skip
    assert check["inputs"]["y"]["witness"] == {"x": 1.5} and check["inputs"]["y"]["difference"] == [-1, -1]
    assert circuit(*words, "--quiet").stdout == "x agree\ny disagree\n"
    lines = circuit(*words, "--to", "csv").stdout.splitlines()
    head = "input,gradient_lo,gradient_hi,claim_lo,claim_hi,difference_lo,difference_hi,within,verdict"
    assert lines == [head, "x,6.0,12.0,6.0,12.0,0.0,0.0,0.0,agree", "y,2.25,2.25,3.25,3.25,-1.0,-1.0,,disagree"]
    check = json.loads(circuit("derive", "sin(x)^2", "--claim", "sin(2*x)", "--json").stdout)["check"]
    assert check["method"] == "formulas" and check["inputs"]["x"]["points"] > 150


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("x^2 + y^2 >= 2*x*y - 0.1", 0),  # the sides are a tenth apart along a whole line
        ("x^2 + y^2 + 0.001 > x + y - 0.5", 0),
        ("x^2 + y^2 >= 2*x*y + 0.001", 1),
        ("sin(x)*y < 5.0001", 0),
        ("sin(x)*y < 4.999", 1),
        ("x^2 + y^2 >= 2*x*y", 3),  # they touch along it
    ],
)
def test_inequalities_of_several_inputs(claim: str, status: int) -> None:
    done = circuit("eval", claim, "-x", "-5..5", "-y", "-5..5", "--test")
    assert done.returncode == status
    assert ("it is 0 at x = " in done.stderr) == (status == 1)


def test_boxes_limit_the_search_for_the_least_margin() -> None:
    words = ["eval", "x^2 + y^2 >= 2*x*y - 0.1", "-x", "-5..5", "-y", "-5..5", "--test"]
    assert circuit(*words, "--boxes", "10").returncode == 3


def test_a_range_of_one_point_leaves_nothing_to_search() -> None:
    done = circuit("eval", "sin(x)^2 + cos(x)^2 >= 1", "-x", "1..1", "--test")
    assert done.returncode == 3 and "not decided" in done.stderr
