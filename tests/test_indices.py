"""Indexed names, loops and families: what they expand to, their values, and what is said of mistakes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuitcli import Circuit, ExpressionError
from circuitcli.language import graph_of, parse
from tests.support import circuit

SAME = [  # a text with loops, and how it is written out
    ("sum(x[i]^2 for i in 1:3)", "x[1]^2 + x[2]^2 + x[3]^2"),
    ("sum(x[i] for i in 1:3, j in 1:i)", "x[1] + x[2] + x[2] + x[3] + x[3] + x[3]"),
    ("sum(sum(A[i,j] for j in 1:2) for i in 1:2)", "A[1,1] + A[1,2] + (A[2,1] + A[2,2])"),
    ("prod(x[i] - i for i in 5:1:-2)", "(x[5] - 5)*(x[3] - 3)*(x[1] - 1)"),
    ("mean(x[i] for i in 1:3)", "(x[1] + x[2] + x[3])/3"),
    ("max(x[i] for i in 1:3) - min(x[i] for i in 1:2)", "max(x[1], x[2], x[3]) - min(x[1], x[2])"),
    ("logsumexp(x[i] for i in 1:2)", "logsumexp(x[1], x[2])"),
    ("max(x[i] for i in 2:2)", "x[2]"),
    ("y + sum(x[i] for i in 1:0) * prod(x[i] for i in 1:0)", "y + 0*1"),
    (
        "p(t) = sum(a[k]*t^k for k in 0:2); p(x) + p(y)",
        "a[0]*x^0 + a[1]*x^1 + a[2]*x^2 + (a[0]*y^0 + a[1]*y^1 + a[2]*y^2)",
    ),
    ("n = 2; sum(x[2*i-1]*n for i in 1:n)", "x[1]*2 + x[3]*2"),
    ("sum(k*x for k in -1:1)", "-1*x + 0*x + 1*x"),
    ("h[j] = x[j]*y for j in 1:2; h[2]/h[1]", "a = x[1]*y; b = x[2]*y; b/a"),
    ("f[1] = x; f[2] = y; f[n] = f[n-1] + f[n-2] for n in 3:5; f[5]", "y + x + y + (y + x)"),
    ("sum(x[min(i, 2)] for i in 1:3) + x[7//2] + x[2^2]", "x[1] + x[2] + x[2] + x[3] + x[4]"),
    ("x[ 01 ] + W[1][2]", "x[1] + W[1,2]"),
    ("sum(\n  x[i]  # one\n  for i in 1:2\n)", "x[1] + x[2]"),
]


@pytest.mark.parametrize(("loops", "plain"), SAME)
def test_a_loop_is_what_it_would_be_written_out(loops: str, plain: str) -> None:
    ours, theirs = graph_of(parse(loops)), graph_of(parse(plain))
    assert {*ours.inputs} == {*theirs.inputs}
    point = {name: 0.3 + 0.7 * k for k, name in enumerate(sorted(ours.inputs))}
    one, other = Circuit(loops), Circuit(plain)
    assert one(point) == other(point)
    assert one.gradient(point) == other.gradient(point)


def test_a_program_of_loops_reads_back() -> None:
    text = "h[j] = tanh(sum(W[j,i]*x[i] for i in 1:2) + b[j]) for j in 1:3; sum(v[j]*h[j] for j in 1:3)"
    one = Circuit(text)
    again = Circuit(str(one))
    point = {name: 0.1 * k - 0.5 for k, name in enumerate(one.inputs)}
    assert again.value_and_gradient(point) == one.value_and_gradient(point)


def test_for_and_in_are_names_elsewhere() -> None:
    assert Circuit("for + in*2")({"for": 1, "in": 3}) == 7.0
    assert Circuit("sum(for[i] for i in 1:2)")({"for[1]": 1, "for[2]": 3}) == 4.0


def test_a_layer_is_a_product_of_matrices() -> None:
    rng = np.random.default_rng(3)
    weights, bias, x = rng.normal(size=(5, 4)), rng.normal(size=5), rng.normal(size=4)
    layer = Circuit("h[j] = sum(W[j,i]*x[i] for i in 1:4) + b[j] for j in 1:5; sum(h[j]^2 for j in 1:5)/2")
    point = {f"W[{j + 1},{i + 1}]": weights[j, i] for j in range(5) for i in range(4)}
    point |= {f"b[{j + 1}]": bias[j] for j in range(5)} | {f"x[{i + 1}]": x[i] for i in range(4)}
    gradient, hidden = layer.gradient(point), weights @ x + bias
    assert layer(point) == pytest.approx(hidden @ hidden / 2, rel=1e-14)
    for j in range(5):
        for i in range(4):
            assert gradient[f"W[{j + 1},{i + 1}]"] == pytest.approx(hidden[j] * x[i], rel=1e-13)


@st.composite
def programs(draw: st.DrawFn) -> tuple[str, str]:
    """A text with nested loops, and the same written out."""
    low, high = draw(st.integers(0, 2)), draw(st.integers(2, 4))
    gate = draw(st.sampled_from(["sum", "prod", "max"]))
    body = draw(
        st.sampled_from(["x[{i}]*W[{i},{j}]", "tanh(x[{i}] + y/({j} + 1))", "x[{i}+1]^{j} - {i}", "W[{j},{i}]"])
    )
    inner, outer = draw(st.sampled_from(["1:2", "0:{i}", "{i}:3"])), f"{low}:{high}"
    text = f"{gate}(sum({body} for j in {inner}) for i in {outer})".replace("{i}", "i").replace("{j}", "j")
    terms = []
    for i in range(low, high + 1):
        first, last = (int(end.format(i=i)) for end in inner.split(":"))
        parts = [f"({body.format(i=i, j=j)})" for j in range(first, last + 1)]
        terms.append(f"({' + '.join(parts) or '0'})")
    sign = {"sum": " + ", "prod": " * "}.get(gate, ", ")
    return text, f"max({sign.join(terms)})" if gate == "max" else sign.join(terms)


@given(programs(), st.lists(st.floats(-2, 2), min_size=20, max_size=20))
def test_random_loops_equal_their_expansion(texts: tuple[str, str], numbers: list[float]) -> None:
    loops, plain = map(Circuit, texts)
    point = dict(zip(sorted(loops.inputs), numbers, strict=False))
    assert {*plain.inputs} == {*loops.inputs}
    assert repr(loops.value_and_gradient(point)[0]) == repr(plain.value_and_gradient(point)[0])
    ours, theirs = loops.gradient(point), plain.gradient(point)
    assert {name: repr(slope) for name, slope in ours.items()} == {name: repr(theirs[name]) for name in ours}


MISTAKES = [  # a text, a part of what is said, and of the hint
    ("x[-1]", "the index of x[-1] is negative", "indices are 0 and more"),
    ("x[1/2]", "1/2 is 0.5, no whole number", ""),
    ("sum(x[i/2] for i in 1:3)", "i/2 is 0.5 at i = 1, no whole number", ""),
    ("sum(x[i] for i in 1:n)", "n is no loop and no whole number", "write n = 3; sum(x[i] for i in 1:n)"),
    ("x[i]", "i is no loop", "write i = 3; x[i]"),
    ("h[j] = x[j] for j in 1:3; h[4]", "h[4] is no element of h, which has h[1] to h[3]", "mend the index"),
    ("h[j] = x[j] for j in 1:3; h", "h is a family, h[1] to h[3], and no number", "sum(h[i] for i in 1:3)"),
    ("h[1]*2; h[j] = x[j] for j in 1:3", "h[1] is used before h is named", "write h[j] = x[j] for j in 1:3; h[1]*2"),
    ("W[1] + W[1,2]", "W[1,2] has 2 indices, and elsewhere W has one index", "as many"),
    ("h = x[i] for i in 1:3; h", "h is one name, and a loop names many", "write h[i] = x[i] for i in 1:3"),
    ("f(a) = a*i for i in 1:3; f(2)", "f is a gate", "f(a) = sum("),
    ("f(a) = a*i for i in 3:1; f(2)", "f is a gate", "f(a) = sum("),
    ("h[j] = x[j] for j in 1:0; h[1]", "the loop behind h has no turn", "widen"),
    ("h[j] = y for j in 1:3; h[j] = 2*y for j in 2:4; h[1]", "h[2] is named twice", "another name"),
    ("sin(x[i] for i in 1:3)", "sin gathers no loop", "write sum(sin(x[i]) for i in 1:3)"),
    ("max(x[i] for i in 1:0)", "the max of nothing is no number", ""),
    ("sum(x[i] for i in 1:3, i in 1:2)", "i is a loop already", "another name"),
    ("sum(x[i] for i in 1:10^12)", "expands to more than 5 million nodes", "smaller"),
    ("sum(x for i in 1:3:0)", "the loop i has the step 0", ""),
    ("x[i] for i in 1:3", "unexpected for", "write y[i] = x[i] for i in 1:3"),
    ("sum(x[i] for i=1:3)", "unexpected =", "write sum(x[i] for i in 1:3)"),
    ("sum(x[i] for i in range(3))", "", "write sum(x[i] for i in 0:2)"),
    ("sum(x[i] for i in 1..3)", "", "write sum(x[i] for i in 1:3)"),
    ("sum(i=1:3, x[i])", "", "write sum(x[i] for i in 1:3)"),
    ("sum(x[1:3])", "", "write sum(x[i] for i in 1:3)"),
    ("[x[i]^2 for i in 1:3]", "", "write y[i] = x[i]^2 for i in 1:3"),
    ("x[i][j]", "", "write x[i,j]"),
    ("x[1", "", "write x[1]"),
    ("sin[x]", "sin is a gate", "write sin(x)"),
    ("max[1,2]", "max is a gate", "write max(1,2)"),
    ("x[y[1]]", "y[1] cannot be in an index", "a whole number"),
    ("x[9^9^9]", "no whole number below 2^53", ""),
    ("x[1/0]", "divides by 0", ""),
    ("f(x) = x[1 + 0]; f(y)", "x is a parameter, one number", ""),
    ("k = 3; f(k)=x[k]; f(2)", "k is a parameter, a number that only a call knows", "write k = 3; x[2]"),
    ("f(k)=sum(x[i] for i in 1:k); f(2)", "k is a parameter", "write sum(x[i] for i in 1:2)"),
    ("f(k, y)=x[k]*y+1; 2*f(2, 3)", "k is a parameter", "write 2*(x[2]*3+1)"),
    ("f(k)=x[k]; g(m)=f(m); g(2)", "k is a parameter", "an index has numbers, loops"),
    ("n=2.5; sum(x[i] for i in 1:n)", "n is 2.5, no whole number", "write n=2; sum(x[i] for i in 1:n)"),
    ("n=x; sum(x[i] for i in 1:n)", "n is x, no whole number", "write n=3; sum(x[i] for i in 1:n)"),
    ("sum(x[i,j] for j in 1:i, i in 1:3)", "needs the loop i", "write sum(x[i,j] for i in 1:3, j in 1:i)"),
    ("h[i]=x[i] for j in 1:3; h[1]", "i is no loop", "write h[i]=x[i] for i in 1:3; h[1]"),
    ("SUM(x[i] for i in 1:3)", "SUM gathers no loop", "write sum(x[i] for i in 1:3)"),
    ("average(x[i] for i in 1:3)", "average gathers no loop", "write mean(x[i] for i in 1:3)"),
    ("median(x[i] for i in 1:3)", "median gathers no loop", "median is over rows of data"),
    ("h[j]=h[j-1]*x for j in 2:3; h[3]", "h[1] is used before", "write h[1] = 1; h[j]=h[j-1]*x for j in 2:3; h[3]"),
    ("h[j]=h[j+1]*x for j in 2:3; h[3]", "h[3] is used before", "write h[4] = 1; h[j]=h[j+1]*x for j in 3:2:-1"),
    ("f[n]=f[n-1]+f[n-2] for n in 3:5; f[5]", "f[2] is used before", "write f[1] = 1; f[2] = 1; f[n]="),
    ("h[j]=h[j]*x for j in 1:3; h[1]", "h[1] is used before", "name the elements of h"),
    ("h[j]=x[j] for j in 1:5:2; h[2]", "which has h[1], h[3] and h[5]", "mend the index"),
    ("h[j]=x[j] for j in 1:99:2; h[2]", "which has 50 elements, h[1], h[3] to h[99]", "mend the index"),
    ("sum(x[i] for i in 1.5:3)", "1.5 is no whole number", "write sum(x[i] for i in 1:3)"),
    ("(a ? b)", "unexpected ): expected :", "c ? a : b"),
    ("sum(x[i] for i)", "unexpected ): expected in", "a loop stands behind"),
    ("h[j] = x[j]\nfor j in 1:3\nh[1]", "", "its statement's line: write h[j] = x[j] for j in 1:3"),
]


@pytest.mark.parametrize(("text", "message", "hint"), MISTAKES, ids=[text for text, *_ in MISTAKES])
def test_mistakes(text: str, message: str, hint: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        Circuit(text)
    assert message in str(caught.value)
    assert hint in caught.value.hint
    assert 0 <= caught.value.start < len(text) + 1
    if found := re.match(r"write (.*)$", caught.value.hint):
        assert parse(found[1])


def test_a_parameter_that_is_a_loop_inside_is_an_index() -> None:
    assert Circuit("f(i) = sum(x[i] for i in 1:2) + i; f(y)")({"x[1]": 1, "x[2]": 2, "y": 5}) == 8.0
    assert Circuit("k = 2; f(k) = x*k; f(y) + x[k]")({"x": 3, "y": 5, "x[2]": 1}) == 16.0


def test_an_element_that_is_named_twice_is_pointed_at() -> None:
    with pytest.raises(ExpressionError) as caught:
        Circuit("h[1]=4; h[j]=x for j in 1:3; h[1]")
    assert caught.value.text[caught.value.start : caught.value.end] == "h[j]"


@pytest.mark.parametrize(
    ("text", "loop"),
    [
        ("sum(sum(x for i in 1:10^6) for j in 1:10^6)", "j"),
        ("sum(x*i*j for i in 1:3000, j in 1:3000)", "i"),
        ("h[j] = sum(x[i] for i in 1:3000) for j in 1:3000; h[1]", "j"),
        ("n = 4000; sum(sum(x*i for i in j:n) for j in 1:n)", "j"),
        ("sum(max(x*i*k for k in i:2*i) for i in 1:4000)", "i"),
        ("sum(x for i in 1:5000, j in 1:1, k in i:5000)", "i"),
        ("h[i,j] = x for i in 1:10000, j in 1:i; h[1,1]", "i"),
        ("x + sum(x for i in 1:10^6, j in 1:10^6, k in 1:0)", "i"),
        ("x + sum(sum(x for i in 1:10^6, j in 1:10^6, k in i+1:i) for l in 1:2)", "l"),
    ],
)
def test_loops_in_loops_are_counted_before_they_are_expanded(text: str, loop: str) -> None:
    start = process_time()
    with pytest.raises(ExpressionError, match=f"the loop {loop} expands to more than 5 million nodes"):
        Circuit(text)
    assert process_time() - start < 1.0  # they would take half a minute


def test_counting_ahead_refuses_no_loops_that_have_few_turns() -> None:
    assert Circuit("sum(x*i for i in 1:3000000, j in 1:0) + x")(x=2.0) == 2.0
    assert Circuit("sum(sum(x for i in j:1) for j in 1:3000)")(x=2.0) == 2.0  # one turn
    assert Circuit("x + sum(y for i in 1:0, j in 1:10^6, k in 1:10^6)")(x=2.0) == 2.0
    assert Circuit("x + sum(sum(y for i in 1:10^6, j in 1:10^6) for k in 1:0)")(x=2.0) == 2.0


def test_a_sum_adds_each_term_as_it_comes() -> None:
    """In another order of its nodes, slopes had other last bits."""
    loops = Circuit("sum(prod(x for j in 1:i) for i in 1:6)")
    plain = Circuit("x + x*x + x*x*x + x*x*x*x + x*x*x*x*x + x*x*x*x*x*x")
    for k in range(200):
        assert loops.gradient(x=0.01 * k) == plain.gradient(x=0.01 * k)


def test_values_of_a_family(tmp_path: Path) -> None:
    text = "sum(W[j,i]*x[i] for j in 1:2, i in 1:2)"

    def inputs(*words: str, stdin: str = "") -> object:
        done = circuit("eval", text, *words, "--json", cwd=tmp_path, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)["inputs"]

    assert inputs("-W", "0", "-x", "1, 2") == {"W": [[0, 0], [0, 0]], "x": [1, 2]}
    assert inputs("-W", "1,2;3,4", "-x=7", "-x[2]", "pi/2") == {"W": [[1, 2], [3, 4]], "x": [7, np.pi / 2]}
    assert inputs("-W", "[[1,2],[3,4]]", "-x", "atan2(0, 1), 2") == {"W": [[1, 2], [3, 4]], "x": [0, 2]}
    assert inputs("--inputs", "-", stdin='{"W": [[1,2],[3,4]], "x": [5,6]}') == {"W": [[1, 2], [3, 4]], "x": [5, 6]}
    assert inputs("--inputs", "-", stdin='{"W": 0, "x": [5,6]}') == {"W": [[0, 0], [0, 0]], "x": [5, 6]}
    ones = {"W": [[7, 1], [1, 1]], "x": [1, 1]}  # an element goes before its family, wherever it stands
    assert inputs("--inputs", "-", stdin='{"W[1,1]": 7, "W": 1, "x": 1}') == ones
    flat = circuit("eval", text, "--inputs", "-", stdin='{"W": [1, 2], "x": 1}', cwd=tmp_path)
    assert "W in standard input has" in flat.stderr.replace("<stdin>", "standard input")
    assert "the elements W[1] to W[2], and W[1,1] to W[2,2] are wanted" in flat.stderr
    for words, message in (
        (("-W", "0", "-x", "1,2,3"), "-x has 3 values, and x has 2 elements, x[1] to x[2]"),
        (
            ("-W", "1;2,3,4", "-x", "1"),
            '-W has 2 rows of 1 and 3 values, and W has 2 rows of 2\n  write -W "1, 2; 3, 4"',
        ),
        (("-W", "0", "-W", "1", "-x", "1"), "W is set twice"),
        (("-W", "0", "-x[1]", "1"), "no value for x[2]"),
    ):
        done = circuit("eval", text, *words, cwd=tmp_path)
        assert done.returncode == 2 and message in done.stderr


def test_numbers_beyond_a_family_are_told() -> None:
    words = ("eval", "sum(W[j,i]*x[i] for i in 1:2, j in 1:2)", "--inputs", "-", "--quiet")
    done = circuit(*words, stdin='{"W": [[1,2],[3,4],[5,6]], "x": [1,2]}')
    assert done.stdout == "16.0\n" and "has more than W[1,1] to W[2,2]; passed over: W[3,1], W[3,2]" in done.stderr
    assert circuit(*words, stdin='{"W": [[1,2],[3,4]], "x": [1,2]}').stderr == ""


def test_what_goes_out_comes_in_again(tmp_path: Path) -> None:
    text = "sum(W[j,i]*x[i]^2 for j in 1:2, i in 1:3)"
    done = circuit("grad", text, "-W", "1,2,3;4,5,6", "-x", "1,2,3", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["gradient"] == {"W": [[1, 4, 9], [1, 4, 9]], "x": [10, 28, 54]}
    again = circuit("grad", text, "--inputs", "-", "--json", stdin=done.stdout, cwd=tmp_path)
    assert again.stdout == done.stdout


def test_a_family_is_differentiated_and_bounded_as_one(tmp_path: Path) -> None:
    text = "h[j] = x[j]^2*y for j in 1:3"
    done = circuit("grad", text, "-x", "1,2,3", "-y", "2", "--of", "h", "--wrt", "x", "--json", cwd=tmp_path)
    found = json.loads(done.stdout)["jacobian"]
    assert found == {"h": [{"x": [4, 0, 0]}, {"x": [0, 8, 0]}, {"x": [0, 0, 12]}]}
    done = circuit("ascend", "-sum((x[i]-i)^2 for i in 1:3)", "-x", "0", "--bounds", "x=0:2", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["inputs"] == {"x": pytest.approx([1, 2, 2])}


def test_columns_with_indices(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('"x[1]","x[2]",y\n1,2,5\n3,4,11\n')
    done = circuit("descend", "mean((y - sum(w[i]*x[i] for i in 1:2))^2)", "t.csv", "-w", "0", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["inputs"] == {"w": pytest.approx([1, 2])}


def test_a_session_has_families() -> None:
    lines = ["h[j] = x[j]^2 for j in 1:2", "x[1] = 1", "x[2] = 3", "sum(h[i] for i in 1:2)", "x[2] = 2", "h[2]"]
    done = circuit("repl", stdin="\n".join(lines) + "\n")
    assert done.stdout.split("\n")[:2] == ["10", "4"]
    assert "h waits for x[1], x[2]" in done.stderr


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_lists_in_rows_are_families(form: str, tmp_path: Path) -> None:
    rows = [{"W": [[1.0, 2.0], [3.0, 4.0]], "y": 5.0}, {"W": [[5.0, 6.0], [7.0, 8.0]], "y": 1.0}]
    if form == "jsonl":
        (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        pq.write_table(pa.Table.from_pylist(rows), tmp_path / "t.parquet")
    for text in ("W[1,2]*y + W[2,1]", "W[1][2]*y + W[2][1]"):
        done = circuit("eval", text, f"t.{form}", "--quiet", cwd=tmp_path)
        assert done.stdout.split() == ["13.0", "13.0"], done.stderr
    text = "sum(W[i,j]*u[j] for i in 1:2, j in 1:2)"
    done = circuit("grad", text, f"t.{form}", "-u", "1", "--wrt", "u", "--to", "csv", cwd=tmp_path)
    assert done.stdout.split("\n")[1].endswith(",5.0,10.0,4.0,6.0"), done.stdout + done.stderr


@pytest.mark.parametrize("environment", [{}, {"PYTHONPATH": "hidden"}], ids=["pyarrow", "python alone"])
def test_families_of_results_are_lists_in_rows_of_json(environment: dict[str, str], tmp_path: Path) -> None:
    if environment:
        for library in ("numpy", "pyarrow", "orjson"):
            (tmp_path / "hidden" / library).mkdir(parents=True)
            (tmp_path / "hidden" / library / "__init__.py").write_text("raise ImportError\n")
    text = "h[j] = sum(W[j,i]*x[i] for i in 1:2) for j in 1:3; T[1,1,1]*T[1,1,2]*sum(h[j] for j in 1:3) + odd[0]"
    rows = [{"x": [1, 2], "y": 7}, {"x": [3, 4], "y": 8}]
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "t.csv").write_text('"x[1]","x[2]",y\n1,2,7\n3,4,8\n')
    words = ("-W", "1,2;3,4;5,6", "-T", "2", "-odd", "5")

    def read(*words: str) -> list[dict[str, object]]:
        done = circuit("grad", text, *words, cwd=tmp_path, **environment)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    first, second = read("t.jsonl", *words)
    assert first["x"] == [1, 2] and first["grad_x"] == [36, 48] and first["grad_W"] == [[4, 8]] * 3
    assert first["grad_T"] == [[[66, 66]]] and first["grad_odd"] == {"0": 1} and second["grad_W"] == [[12, 16]] * 3
    assert read("t.csv", *words, "--to", "jsonl", "--columns", "grad_W[2,1],y,grad_x[2],grad_x[1]") == [
        {"grad_W": {"2": [4]}, "y": 7, "grad_x": [36, 48]},
        {"grad_W": {"2": [12]}, "y": 8, "grad_x": [36, 48]},
    ]
    assert read("t.jsonl", *words, "--columns", "y,h")[1] == {"y": 8, "h": [11, 25, 39]}
    with_gradient = circuit("grad", text, "t.jsonl", *words, cwd=tmp_path, **environment).stdout
    done = circuit("eval", "grad_W[3,2]*grad_x[1]", "-", "--quiet", stdin=with_gradient, cwd=tmp_path, **environment)
    assert done.stdout.split() == ["288.0", "576.0"], done.stderr


def test_latex_has_indices_below() -> None:
    done = circuit("export", "sum(W[1,j]*theta[j] for j in 1:2)", "--to", "latex")
    assert r"\sum_{i = 1}^{2} W_{1,i} \cdot \theta_{i}" in done.stdout


def test_a_direction_has_families() -> None:
    words = ["grad", "y*sum(x[i]^2 for i in 1:2)", "-x", "1, 2", "-y", "3", "--quiet"]
    for along, slope in {"x=1": "18.0", "x=[1,0],y=2": "16.0", "x=[0, -1]": "-12.0", "x[2]=1,y=1": "17.0"}.items():
        assert circuit(*words, "--along", along).stdout.split()[-1] == slope
    refused = circuit(*words, "--along", "x=[1,0,0]")
    assert "has 3 components, and x has 2 elements, x[1] to x[2]" in refused.stderr
    assert circuit(*words, "--along", "x=[1,1]").returncode == 0 and "--along 'x=[1,1]'" in refused.stderr
    assert "two components for x[1]" in circuit(*words, "--along", "x=1,x[1]=2").stderr
    for other in ("x=1,0", "x=(1, 0)", "x=1 0"):
        hint = circuit(*words, "--along", other).stderr.splitlines()[-1].strip()
        assert hint == 'write --along "x=[1,0]"'


def test_what_is_said_of_families_without_a_value() -> None:
    text = "sum(W[j]*x[j] for j in 1:3) + b"
    for words, message, hint in [
        ([], "no value for W[1] to W[3], x[1] to x[3], b", "add -W VALUE -x VALUE -b VALUE"),
        (["-x[2]", "1", "-W", "1"], "no value for x[1], x[3], b", "add -x[1] VALUE -x[3] VALUE -b VALUE"),
        (["-c", "1"], "c is not an input of", "its inputs are: W[1] to W[3], x[1] to x[3], b"),
        (["-w", "1"], "w is not an input of", "did you mean -W?"),
        (["-x", "[1, 2] + 3"], "-x has 1 value, and x has 3 elements", "give one for all, -x 0"),
    ]:
        done = circuit("eval", text, *words)
        assert done.returncode == 2 and message in done.stderr and hint in done.stderr
    assert circuit("eval", text, "-W", "1", "-x", "[[1, 2, pi/pi]]", "-b", "0", "--quiet").stdout == "4.0\n"
    done = circuit("eval", "h[j] = W[j]*x[j] for j in 1:2; h[1]*h[2]", "-h[1]", "1")
    assert "h[1] is a node that depends on inputs" in done.stderr and "add -W VALUE -x VALUE" in done.stderr


def test_a_plot_of_a_family() -> None:
    words = ["plot", "sum(x[k]^2 for k in 1:3)", "-x", "1, 2, 3"]
    assert "x[2] = 2, x[3] = 3" in circuit(*words, "--range", "x[1]=-2:2").stdout
    refused = circuit(*words, "--range", "x=-2:2")
    assert "not 3: x[1] to x[3]" in refused.stderr
    assert "name one or two: --range 'x[1]=-3:3,x[2]=-3:3'" in refused.stderr
    assert circuit(*words, "--range", "x[1]=-3:3,x[2]=-3:3").returncode == 0
