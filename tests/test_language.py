"""The language: statements, names, gates of the user's own, and texts of any depth."""

from __future__ import annotations

import math

import pytest

from circuitcli import Circuit, CircuitError, ExpressionError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-2^2", -4.0),
        ("2^3^2", 512.0),
        ("2^-1", 0.5),
        ("2**-2**2", 0.0625),
        ("7//2", 3.0),
        ("-7//2", -4.0),
        ("-7%3", 2.0),
        ("not 1 < 2", 0.0),
        ("1 or 0 and 0", 1.0),
        ("1 < 2 ? 3 : 4", 3.0),
        ("0 ? 1 : 0 ? 2 : 3", 3.0),
        ("1_000 + .5 + 5. + 1e-3", 1005.501),
        ("6 × 2 ÷ 3 · 2 − 1", 7.0),
        ("2*π - τ", 0.0),
        ("(1 +\n 2) * 3  # inside parentheses a newline is white space", 9.0),
        ("(1 + # a comment with a ( in it\n 2)", 3.0),
        ("a = 1;; b = 2\n\n a + b;", 3.0),
        ("\ufeffa = 1\r\na + 1\r\n", 2.0),
        ("log(8, 2)", 3.0),
        ("arctan2(1, 1) * 4 - pi", 0.0),
        ("9^9^9^9", math.inf),
        ("half() = 1/2; half() + half()", 1.0),
        ("f(a, b) = a - b; f(f(5, 1), 1)", 3.0),
        ("f(a) = a*k; k = 3; f(2)", 6.0),
        ("f(e) = e; f(2)", 2.0),
    ],
)
def test_values(text: str, value: float) -> None:
    assert Circuit(text)() == value


def test_a_parameter_hides_a_name_only_in_its_own_gate() -> None:
    circuit = Circuit("f(a) = a*k; g(k) = f(k + 1); g(x)")
    assert circuit.inputs == ["x", "k"]
    assert circuit(x=2, k=10) == 30.0


def test_names_are_compared_in_one_form() -> None:
    assert Circuit("é + é").inputs == ["é"]  # composed and decomposed
    assert Circuit("θ*2")(θ=3) == 6.0
    assert Circuit("किमत + 1").inputs == ["किमत"]  # vowel signs are part of a name


def test_gate_names_can_be_inputs() -> None:
    assert Circuit("gamma + beta*sin")(gamma=1, beta=2, sin=3) == 7.0


def test_an_input_of_the_users_wins_over_a_constant() -> None:
    assert Circuit("e + pi")(e=1, pi=2) == 3.0
    assert Circuit("e")() == math.e
    assert Circuit("e*x").gradient(e=1, x=2) == {"e": 2.0, "x": 1.0}


def test_a_named_constant_is_an_input_with_a_default() -> None:
    circuit = Circuit("k = 1/3; x*k + 1/3")
    assert circuit.inputs == ["k", "x"]
    assert circuit.gradient(x=3) == {"x": 1 / 3}  # k has a default and was not given
    assert circuit.gradient(x=3, k=1) == {"k": 3.0, "x": 1.0}  # and is not the other 1/3


def test_a_default_may_stand_on_gates() -> None:
    assert Circuit("g(a) = a*a; k = g(g(2)) + g(g(2)); x*k")(x=2) == 64.0


def test_equal_subexpressions_are_one_node() -> None:
    nodes = Circuit("q = x + y; r = x + y; (x + y)*q*r").nodes
    assert [node.expression for node in nodes] == ["x", "y", "x + y", "q * q", "q * q * q"]
    assert len(Circuit("2*x + 2.0*x + 2e0*x").nodes) == 5
    assert Circuit("1/0.0 + 0*(1/-0.0)").nodes[-1].expression == "1 / 0.0 + 0.0 * (1 / -0.0)"


def test_the_nodes_are_in_forward_order_with_the_inputs_first() -> None:
    nodes = Circuit("(x+y)*z").nodes
    assert [(n.id, n.name, n.gate, n.args) for n in nodes] == [
        (0, "x", "input", ()),
        (1, "y", "input", ()),
        (2, "z", "input", ()),
        (3, None, "add", (0, 1)),
        (4, None, "mul", (3, 2)),
    ]


@pytest.mark.parametrize(
    ("text", "span", "message"),
    [
        ("x + sigmod(y)", (4, 10), "no gate sigmod"),
        ("q = 1 + x\nr = q *\nr", (17, 18), "line 2: the line ends"),
        ("max()", (0, 5), "takes 1 or more"),
        ("q = q + 1; q", (4, 5), "q is named by itself"),
        ("g(a) = h(a); h(a) = a; g(1)", (7, 8), "used before it is defined"),
        ("f(a) = a", (0, 1), "nothing to evaluate"),
        ("f(a, a) = a; f(1, 2)", (0, 7), "two parameters"),
        ("f(2) = 3; f(2)", (5, 6), "only a name"),
        ("and + 1", (0, 3), "unexpected and: expected a number"),
        ("x ≤ 1", (2, 3), "unexpected ≤"),
    ],
)
def test_errors_have_spans(text: str, span: tuple[int, int], message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        Circuit(text)
    assert (caught.value.start, caught.value.end) == span
    assert message in str(caught.value)


def test_no_message_names_a_terminal_of_the_grammar() -> None:
    for text in ("1 +", "(1", "x)", "1 2", "x = ", "a ? b", ", 1", "max(1,", "* 2", "x == ", "not", "f(", "1;*"):
        with pytest.raises(CircuitError) as caught:
            Circuit(text)
        lines = str(caught.value).splitlines()
        words = {*lines[0].split(), *lines[-1].split()}
        assert not any(len(word) > 2 and word.isupper() for word in words), str(caught.value)


def test_a_long_line_is_cut_round_its_caret() -> None:
    with pytest.raises(ExpressionError) as caught:
        Circuit("x+" * 50_000 + "y z")
    _, line, caret, hint = str(caught.value).splitlines()
    assert len(line) < 80
    assert line[caret.index("^")] == "z"
    assert hint == "  write y*z"


@pytest.mark.parametrize(
    ("text", "gradient"),
    [
        ("(" * 20_000 + "x" + ")" * 20_000, 1.0),
        pytest.param("(" * 100_000 + "x" + ")" * 100_000, 1.0, marks=pytest.mark.slow),
        pytest.param("-" * 100_000 + "x", 1.0, marks=pytest.mark.slow),
        pytest.param("abs(" * 100_000 + "x" + ")" * 100_000, 1.0, marks=pytest.mark.slow),
        pytest.param("+".join(["x"] * 200_000), 200_000.0, marks=pytest.mark.slow),
        pytest.param("x ? 1 : " * 20_000 + "x", 0.0, marks=pytest.mark.slow),
        pytest.param("not " * 50_000 + "x", 0.0, marks=pytest.mark.slow),
        pytest.param("f(a) = a + 0; " + "f(" * 20_000 + "x" + ")" * 20_000, 1.0, marks=pytest.mark.slow),
        ("f0(a) = a; " + "".join(f"f{i + 1}(a) = f{i}(a); " for i in range(5_000)) + "f5000(x)", 1.0),
    ],
    ids=[
        "some parentheses",
        "parentheses",
        "minuses",
        "abs",
        "sum",
        "conditionals",
        "nots",
        "calls",
        "gates calling gates",
    ],
)
def test_depth_and_length(text: str, gradient: float) -> None:
    circuit = Circuit(text)
    assert circuit.gradient(x=0.5) == {"x": gradient}
    again = Circuit(str(circuit))
    assert again.gradient(x=0.5) == {"x": gradient}


@pytest.mark.parametrize("start", ["x", "2"])
def test_what_is_shared_stays_shared(start: str) -> None:
    circuit = Circuit("f(a) = a*a + 1; " + "f(" * 40 + start + ")" * 40)
    assert len(circuit.nodes) == 82
    again = Circuit(str(circuit))
    assert len(again.nodes) == 82
    assert again.inputs == circuit.inputs
    assert len(str(circuit)) < 2_000


@pytest.mark.parametrize(
    "text",
    [
        "x = -2; y = 5; q = x + y; f = q * y",
        "k = (2 + 3)*(2 + 3); x*k + (2 + 3)*(2 + 3)",
        "q = x; q + 1",
        "x + 1; y; x*2",
        "a = x + y; b = a*2; a",
        "f = x + y; g = x + y",
        "t1 = x*x; t1 + x*x*y + x*x*y",
        "2*(x - (y - z))/(x/(y/z))^-(x^2)",
        "not (x < y) and (x or y) == 1",
        "-(-x)^2 - -x",
        "x > 0 ? sqrt(x) : log(x, 2) % 3 // 2",
        "f = 2 + 3",
        "x*2 + sin(2 + 3); r = 2",
        "x*(2 + 3); r = 2 + 3",
    ],
)
def test_a_circuit_prints_as_a_program_that_reads_back(text: str) -> None:
    circuit = Circuit(text)
    again = Circuit(str(circuit))
    point = {"x": 1.25, "y": 2.5, "z": 0.75}
    given = {name: point[name] for name in circuit.inputs if name in point}
    assert again(given) == circuit(given)
    assert sorted(again.inputs) == sorted(circuit.inputs)
    assert sorted(n.gate for n in again.nodes) == sorted(n.gate for n in circuit.nodes)
    assert {n.name for n in again.nodes} >= {n.name for n in circuit.nodes}
    assert str(again) == str(circuit)
