"""Numerical gradients: honest about their error, about kinks, and about what is wrong."""

from __future__ import annotations

import json
import math
import random

import pytest

from circuitcli import Circuit, InputError
from circuitcli.check import Verdict, check, difference, worst
from circuitcli.read_circuit import ReadCircuit
from tests.bench import check as bench
from tests.bench.joints import joints
from tests.support import circuit, some_slow


def verdict(text: str, **point: float) -> Verdict:
    found = check(ReadCircuit(text).at(point))
    return found["x"]


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("x^2", 3.0),
        ("x^2", 0.0),
        ("sin(x)", 1e3),
        ("exp(x)", -70.0),
        ("log(x)", 1e-10),
        ("abs(x)", 1e-9),  # a kink next to the point
        ("x^100", 1.5),
        ("x*abs(x)", 0.0),  # a kink in a gate, and none in the circuit
        ("1e6*x", 1e-7),
        ("tanh(x)", 5.0),
    ],
)
def test_a_right_gradient_agrees(text: str, x: float) -> None:
    found = verdict(text, x=x)
    assert found == "agree"
    assert abs(found.numerical - found.gradient) <= 3 * found.error + 1e-6 * abs(found.gradient)


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("abs(x)", (-1.0, 1.0)),
        ("relu(x)", (0.0, 1.0)),
        ("max(x, 2*x)", (1.0, 2.0)),
        ("floor(x)", (0.0, math.inf)),
        ("sqrt(abs(x))", (-math.inf, math.inf)),
    ],
)
def test_a_kink_has_an_interval_of_slopes(text: str, interval: tuple[float, float]) -> None:
    found = verdict(text, x=0.0)
    assert found == "not_differentiable"
    assert found.interval == pytest.approx(interval, abs=1e-6)


def test_a_wrong_convention_is_told() -> None:
    assert verdict("relu(x) - relu(-x)", x=0.0) == "disagree"  # 0 by the rules, and the slope is 1
    assert verdict("log(x)", x=-1.0) == "not_finite"
    assert worst({}) == "agree"


@pytest.mark.parametrize("seed", some_slow(range(5), range(1, 5)))
def test_no_false_alarm_on_smooth_circuits_over_scales(seed: int) -> None:
    rng = random.Random(seed)
    forms = [
        "sin(a*x)*exp(-x/s)",
        "log(1 + square(x/s))",
        "x^3/s^2 + a*x",
        "sigmoid(x/s)*x",
        "sqrt(s^2 + x^2)",
        "atan(x/s) + a",
    ]
    for _ in range(60):
        text, scale = rng.choice(forms), 10 ** rng.uniform(-6, 6)
        point = {"x": rng.uniform(-2, 2) * scale, "a": rng.uniform(-2, 2) / scale, "s": scale}
        point = {k: v for k, v in point.items() if k in Circuit(text).inputs}
        for name, found in check(ReadCircuit(text).at(point)).items():
            assert found in ("agree", "cannot_tell"), (text, point, name, found)


def test_the_difference_is_the_beginners_formula() -> None:
    graph = ReadCircuit("x*y").at({"x": 3.0, "y": 4.0}).graph
    point = {"x": 3.0, "y": 4.0}
    h = 1e-4
    assert difference(graph, point, "x", "forward", h) == ((3.0 + h) * 4.0 - 12.0) / h
    assert difference(graph, point, "y", "central", h) == (3.0 * (4.0 + h) - 3.0 * (4.0 - h)) / (2 * h)


# ── claims, digits, and circuits that nobody chose ──────────────────────────────────────────────────────────


@pytest.mark.slow
def test_random_circuits_have_no_false_alarm_and_no_miss() -> None:
    rng, judged = random.Random(5), 0
    for case in bench.cases(120, 11):
        name = rng.choice(list(case.point))
        right = bench.slope(case, name)
        if right is None:
            continue
        judged += 1
        circuit = Circuit(case.text)
        assert circuit.check({name: right}, case.point)[name] in ("agree", "cannot_tell"), case
        for claim in bench.wrong(rng, right, list(case.point.values())):
            assert circuit.check({name: claim}, case.point)[name] in ("disagree", "cannot_tell"), (case, claim)
    assert judged > 100


def test_inputs_on_a_kink_are_named() -> None:
    verdicts = [bench.ours(case, "x", 0.5) for case in bench.on_kinks(100, 12)]
    assert verdicts.count("not_differentiable") >= 99


@pytest.mark.parametrize(
    ("text", "x", "slope"),
    [
        ("x*abs(x)", 0.0, 0.0),
        ("relu(x)^2", 0.0, 0.0),
        ("max(x, 0) + min(x, 0)", 0.0, 1.0),
        ("1e5 + max(x^2, x^3)", 0.0, 0.0),
        ("atan2(0, x)", -1.0, 0.0),  # constant on both sides
        ("round(x)*x", 2.0, 2.0),
        ("trunc(x) + x", 0.0, 1.0),
        ("cos(x)", 1e16, math.sin(-1e16)),  # the spacing of floats is 2: many digits tell
    ],
)
def test_what_is_smooth_after_all(text: str, x: float, slope: float) -> None:
    found = Circuit(text).check({"x": slope}, {"x": x})["x"]
    assert found == "agree"
    assert Circuit(text).check({"x": slope + 0.01}, {"x": x})["x"] == "disagree"


def test_a_jump_that_drowns_in_the_value_is_found() -> None:
    assert Circuit("3e-5*round(x - 0.5) + 4e9*x").check({"x": 4e9}, {"x": 7.0})["x"] == "not_differentiable"


def test_lost_digits_are_counted_and_the_rule_is_not_blamed() -> None:
    some = Circuit("(1e4 + x)^2 - 1e8").check(x=1e-4)["x"]
    assert some == "agree"
    assert some.digits_lost == 0
    lost = Circuit("((1 + x) - 1)/x").check(x=1e-9)["x"]
    assert lost == "cannot_tell"  # the slope is 0, and float64 says -82.7
    assert lost.digits_lost == 16
    part = Circuit("exp(x)/x^2 - 1/x^2 - 1/x").check(x=3e-4)["x"]
    assert part == "agree"
    assert 9 < part.digits_lost < 14
    assert part.numerical == pytest.approx(1 / 6 + 6e-4 / 24, rel=1e-6)  # of the series of (e^x - 1 - x)/x^2


def test_a_claim_is_on_inputs_and_keeps_its_number() -> None:
    circuit = Circuit("q = x*y; q^2")
    found = circuit.check({"x": 24.5}, {"x": 2, "y": 3})
    assert found == {"x": "disagree"}
    assert (found["x"].claim, found["x"].gradient) == (24.5, 36.0)
    assert found["x"].numerical == pytest.approx(36.0)
    with pytest.raises(InputError, match="q is not an input"):
        circuit.check({"q": 12.0}, {"x": 2, "y": 3})


CLAIMS = [
    ("x = 2*x*y; y = x^2", 0),
    ("x = 2*y*x", 0),
    ("x = 12; y = x", 1),  # x is the input, not the claim
    ("u = x*y; x = 2*u\ny = u^2/y^2", 0),
    ("d(a) = 2*a; x = d(x)*y", 0),
    ("grad_x = 2*x*y; grad_y = x^2", 0),
    ("u = x; x2 = u; grad_x = 2*x2*y", 0),
    ("x = 12.00000001", 0),
    ("x = 12.1", 1),
]


@pytest.mark.parametrize(("claim", "status"), CLAIMS)
def test_a_claim_in_statements(claim: str, status: int) -> None:
    done = circuit("grad", "x^2*y", "-x", "3", "-y", "2", "--claim", claim)
    assert (done.returncode, done.stderr) == (status, "")


def test_what_derive_prints_is_a_claim() -> None:
    expression = "q = a*x + b; where(q > 0, sigmoid(q)*log(1 + x^2), q)"
    claim = circuit("derive", expression).stdout
    words = ["grad", expression, "-a", "0.5", "-b", "-0.3", "-x", "2"]
    assert circuit(*words, "--claim", claim).returncode == 0
    assert circuit(*words, "--claim", claim.replace("grad_x = ", "grad_x = 1.01*")).returncode == 1


OF_FAMILIES = "h[j] = tanh(sum(W[j,i]*x[i] for i in 1:2) + b) for j in 1:2; f = h[1] + 2*h[2]"
SLOPES = "W = [[0.4199743416140, 0.8399486832281], [0.3010541516366, 0.6021083032731]]"
FAMILY_CLAIMS = [
    (SLOPES, "agree agree agree agree"),
    (SLOPES.replace("], [", "; ").replace("[[", "").replace("]]", "") + "; b = 1", "agree agree disagree agree agree"),
    ("u[i] = 0*b for i in 1:2; x = u[1], u[2]", "disagree disagree"),
    ("x = 0.1323136796524", "agree disagree"),
    ("grad_x = 0.1323136796524, 0.2044165289774", "agree agree"),
    ("x[i] = 0.1323136796524*x[i] for i in 1:2", "agree disagree"),
    ("x[2] = 0.1022082644887*x[2]", "agree"),
    ("x = [0.1323136796524*x[1], 0.1022082644887*x[2]]", "agree agree"),
]


@pytest.mark.parametrize(("claim", "verdicts"), FAMILY_CLAIMS)
def test_a_claim_on_families(claim: str, verdicts: str) -> None:
    words = ["grad", OF_FAMILIES, "-W", "0.1, 0.2; 0.3, 0.4", "-x", "1, 2", "-b", "0.5", "--quiet"]
    done = circuit(*words, "--claim", claim)
    assert (done.stdout.split()[1::2], done.stderr) == (verdicts.split(), "")


def test_what_derive_prints_of_families_is_a_claim() -> None:
    claim = circuit("derive", OF_FAMILIES).stdout
    words = ["grad", OF_FAMILIES, "-W", "0.1, 0.2; 0.3, 0.4", "-x", "1, 2", "-b", "0.5", "--quiet", "--claim"]
    assert "for i in" in claim and circuit(*words, claim).returncode == 0
    assert circuit(*words, claim.replace("grad_b = ", "grad_b = 1.01*")).returncode == 1
    for other, message, hint in [
        ("x = 1, 2, 3", "the claim on x has 3 values, and x has 2 elements, x[1] to x[2]", '--claim "x = 0, 0"'),
        ("x[i] = 2*b for i in 1:3", "x[3] is no input", "x has x[1], x[2]"),
        ("grad_x[i] = x[i] for i in 1:3", "x[3] is no input", "x has x[1], x[2]"),
        ("u[i] = i*b for i in 1:2; x = 1", "u is no input, and no claim uses it", "W[1,1] to W[2,2], x[1], x[2], b"),
    ]:
        refused = circuit(*words, other)
        assert refused.returncode == 2 and message in refused.stderr and hint in refused.stderr


def test_a_check_in_every_form() -> None:
    words = ["grad", "max(x, y)*y", "-x", "2", "-y", "2"]
    table = circuit(*words, "--check").stdout
    assert "2 .. 4" in table
    assert "not differentiable: within the slopes" in table
    assert circuit(*words, "--check", "--quiet").stdout == "x not_differentiable\ny not_differentiable\n"
    lines = circuit(*words, "--check", "--to", "csv").stdout.splitlines()
    assert lines[0] == "input,gradient,numerical,error,low,high,verdict"
    record = json.loads(circuit(*words, "--check", "--json").stdout)
    assert record["check"]["inputs"]["y"]["interval"] == pytest.approx([2.0, 4.0])
    rows = [
        json.loads(line) for line in circuit(*words, "--claim", "x = 5; y = 3", "--to", "jsonl").stdout.splitlines()
    ]
    assert [(row["input"], row["claim"], row["verdict"]) for row in rows] == [
        ("x", 5.0, "not_differentiable"),
        ("y", 3.0, "not_differentiable"),
    ]
    assert circuit(*words, "--claim", "x = 5; y = 3").returncode == 1  # 5 is outside [0, 2]
    assert circuit(*words, "--check").returncode == 0
    assert circuit(*words, "--difference", "forward", "--quiet").stdout.startswith("x 2.0000000000")


def test_a_check_that_fails_is_status_one_and_a_value_that_is_not_finite_three() -> None:
    assert circuit("grad", "relu(x) - relu(-x)", "-x", "0", "--check").returncode == 1
    done = circuit("grad", "((1 + x) - 1)/x", "-x", "1e-9", "--check")
    assert done.returncode == 1
    assert "float64 has lost all digits" in done.stderr
    assert circuit("grad", "1/x", "-x", "0", "--check").returncode == 3


# ── where two pieces meet ───────────────────────────────────────────────────────────────────────────────────

FEW_AND_MANY = [20, pytest.param(300, marks=pytest.mark.slow)]


@pytest.mark.parametrize("count", FEW_AND_MANY)
def test_smooth_joints_agree(count: int) -> None:
    for text, point in (joint[:2] for joint in joints(count, 21, smooth=True)):
        for name, found in Circuit(text).check(None, point).items():
            assert found == "agree", (text, point, name, found.interval, found.numerical)


@pytest.mark.parametrize("count", FEW_AND_MANY)
def test_corners_and_jumps_are_named(count: int) -> None:
    for joint in joints(count, 22, smooth=False):
        verdicts = Circuit(joint.text).check(None, joint.point)
        assert {str(verdicts[name]) for name in joint.names} == {"not_differentiable"}, joint


HUBER = "abs(r) <= d ? 0.5*r^2 : d*(abs(r) - 0.5*d)"
SINC = "x == 0 ? 1 : sin(x)/x"


@pytest.mark.parametrize(
    ("text", "point", "slopes"),
    [
        (HUBER, {"r": 1.0, "d": 1.0}, {"r": 1.0, "d": 0.0}),
        (HUBER, {"r": -1e-200, "d": 1e-200}, {"r": -1e-200, "d": 0.0}),
        (HUBER, {"r": 3e150, "d": 3e150}, {"r": 3e150, "d": 0.0}),
        (HUBER.replace("r", "(a*b)"), {"a": 0.1, "b": 3.0, "d": 0.1 * 3.0}, {"a": 0.9, "b": 0.03, "d": 0.0}),
        (SINC, {"x": 0.0}, {"x": 0.0}),
        ("x != 0 ? sin(x)/x : 1", {"x": 0.0}, {"x": 0.0}),
        ("x == a ? 1 : sin(x - a)/(x - a)", {"x": 0.3, "a": 0.3}, {"x": 0.0, "a": 0.0}),
        ("x == 0 ? 1 : (exp(x) - 1)/x", {"x": 0.0}, {"x": 0.5}),
        ("x > 0 ? x : exp(x) - 1", {"x": 0.0}, {"x": 1.0}),
        ("x <= 0.3 ? x^3 : 0.027 + 0.27*(x - 0.3)", {"x": 0.3}, {"x": 0.27}),  # decimals that floats only round
        ("x <= pi/6 ? sin(x) : 0.5 + sqrt(3)/2*(x - pi/6)", {"x": math.pi / 6}, {"x": math.sqrt(0.75)}),
        ("x <= 1e150 ? x^2*1e-150 : 2*x - 1e150", {"x": 1e150}, {"x": 2.0}),
        ("x <= 1e-200 ? x^2*1e200 : 2*x - 1e-200", {"x": 1e-200}, {"x": 2.0}),  # floats have x^2 as 0
        ("exp(a*b) - 1", {"a": 2.0, "b": 0.0}, {"a": 0.0, "b": 2.0}),
        ("exp(log(a)) - a + b", {"a": 3.0, "b": 1.0}, {"b": 1.0}),
        ("sin(a*b)^2 + cos(a*b)^2", {"a": 2.0, "b": 0.7}, {"a": 0.0, "b": 0.0}),
        ("1e200 + x", {"x": 1.0}, {"x": 1.0}),
        ("hypot(x, y)", {"x": 1e-88, "y": 1e-190}, {"x": 1.0, "y": 1e-102}),
        # series that are cut off where floats no longer tell
        ("abs(x) < 1e-4 ? 1 - x^2/6 : sin(x)/x", {"x": 1e-4}, {"x": -1e-4 / 3 + 1e-12 / 30}),
        ("abs(x) < 1e-5 ? 1 + x/2 + x^2/6 : expm1(x)/x", {"x": -1e-5}, {"x": 0.5 - 1e-5 / 3}),
        ("x < 1e-8 ? 1 - x/2 : log1p(x)/x", {"x": 1e-8}, {"x": -0.5 + 2e-8 / 3}),
    ],
)
def test_one_slope_on_both_sides(text: str, point: dict[str, float], slopes: dict[str, float]) -> None:
    assert Circuit(text).check(slopes, point) == dict.fromkeys(slopes, "agree")
    wrong = {name: slope * 1.01 or 0.01 * (abs(point[name]) or 1.0) for name, slope in slopes.items()}
    assert Circuit(text).check(wrong, point) == dict.fromkeys(slopes, "disagree")


def test_the_constant_branch_of_an_isolated_point_misses_the_slope() -> None:
    done = circuit("grad", "x == 0 ? 1 : (exp(x) - 1)/x", "-x", "0", "--check")
    assert done.returncode == 1
    assert "disagree" in done.stdout
    assert "the conventions miss them: 0.5 by x" in done.stderr
    jump = Circuit("x == 0 ? 5 : sin(x)/x").check(x=0)["x"]
    assert (jump, jump.interval) == ("not_differentiable", (-math.inf, math.inf))


@pytest.mark.parametrize(
    ("text", "x", "interval"),
    [
        ("x < 2000.3 ? 2*(x - 2000.1) : 0.4 + 3*(x - 2000.3)", 2000.3, (2.0, 3.0)),  # and a jump of rounding alone
        ("x <= 1e-200 ? x^2*1e200 : 5*x - 4e-200", 1e-200, (2.0, 5.0)),
        ("x <= 1 ? x : x + 1e-14", 1.0, (1.0, math.inf)),
        ("x < 0.3 ? 1 : 1 + sqrt(x - 0.3)", 0.3, (0.0, math.inf)),
    ],
)
def test_a_corner_is_told_from_rounding(text: str, x: float, interval: tuple[float, float]) -> None:
    found = verdict(text, x=x)
    assert found == "not_differentiable"
    assert found.interval == pytest.approx(interval)
    low, high = (f"{slope:.6g}" for slope in interval)
    assert f"the slopes of x run from {low} to {high}" in circuit("grad", text, f"-x={x!r}").stderr


@pytest.mark.parametrize("power", ["1.5", "2.5", "(4/3)"])
def test_a_slope_that_fades_is_0(power: str) -> None:
    found = verdict(f"x^{power}", x=0.0)
    assert (found, found.interval) == ("not_differentiable", (0.0, 0.0))
    assert "-0" not in circuit("grad", f"x^{power}", "-x", "0", "--check").stdout


def test_both_notes_on_a_kink_have_the_same_slopes() -> None:
    done = circuit("grad", "where(x > 0, x*log(x), 0)", "-x", "0", "--check")
    assert "-inf .. 0" in done.stdout and "run from -inf to 0" in done.stderr


def test_a_corner_below_a_millionth_is_no_loss_of_digits() -> None:
    assert verdict("x < 1 ? x^2 : 2.0000001*x - 1.0000001", x=1.0).digits_lost == 0


def test_a_sign_that_jumps_is_named() -> None:
    found = Circuit("copysign(x, y)").check(x=1.0, y=0.0)
    assert found == {"x": "agree", "y": "not_differentiable"}


@pytest.mark.parametrize("size", [1.7, 3e5, 3e50, 3e-50])
def test_the_slope_at_an_isolated_point_in_any_unit(size: float) -> None:
    circuit = Circuit("x == a ? x : (x^2 - a^2)/(2*(x - a))")  # which is (x + a)/2
    point = {"x": size, "a": size}
    assert circuit.check({"x": 0.5, "a": 0.5}, point) == {"x": "agree", "a": "agree"}
    for wrong in (0.0, 1.0, 1000.0, -1000.0):
        assert circuit.check({"x": wrong, "a": wrong}, point) == {"x": "disagree", "a": "disagree"}


@pytest.mark.parametrize(("text", "slope"), [("x/x + x*x", 2e-149), ("1 + x*x", 2e-149)])
def test_a_claim_that_differences_do_not_see_is_not_waved_through(text: str, slope: float) -> None:
    assert Circuit(text).check({"x": slope}, {"x": 1e-149})["x"] == "agree"
    for wrong in (1e-100, 3e-149, -7e-146, 3.0):
        assert Circuit(text).check({"x": wrong}, {"x": 1e-149})["x"] == "disagree"


@pytest.mark.parametrize("x", [5e-324, 1e-323])
def test_a_point_with_hardly_a_neighbour(x: float) -> None:
    assert verdict("x*3", x=x) == "agree"
    assert verdict("sqrt(x)", x=x) == "agree"


def test_rows_have_the_verdicts_of_points() -> None:
    done = circuit("grad", SINC, "-", "--check", "--json", stdin="x\n0\n1\n0.5\n")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["check"]["inputs"]["x"]["agree"] == 3


def test_an_underflow_is_no_kink() -> None:
    assert Circuit("x == 0 ? 1 : sin(x/1e-60)/(x/1e-60)").check(x=0)["x"] == "agree"
    assert Circuit("copysign(x*y, -1)").check(x=4e-298, y=-3e-167) == {"x": "agree", "y": "agree"}
    assert Circuit("exp(-x)*1e300").check(x=740.0)["x"] in ("agree", "cannot_tell")
    assert Circuit("1/(x*y*z)").check(x=5e-248, y=6e236, z=1e-111)["x"] == "agree"  # infinite, and so is the slope
