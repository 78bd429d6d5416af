"""Drawings of families: one box for each, and one for each sum over an index."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuitcli.analysis.point import Point
from circuitcli.graph import CONSTANT, Graph, reached_from
from circuitcli.language import graph_of, parse
from circuitcli.pictures.diagram import MOST, Diagram, diagram
from circuitcli.pictures.family_groups import grouped
from circuitcli.render.graph_text import dot, mermaid
from circuitcli.render.shapes import picture
from circuitcli.render.svg import file
from tests.browser import Page
from tests.drawn_page import browser, move
from tests.support import circuit
from tests.test_draw import EXPRESSIONS, assert_tidy
from tests.test_rerolling import ODD
from tests.test_rerolling import grown as loops

NET = (
    "h[j] = relu(sum(w1[j,i]*x[i] for i in 1:2) + b1[j]) for j in 1:16\n"
    "g[j] = relu(sum(w2[j,i]*h[i] for i in 1:16) + b2[j]) for j in 1:16\n"
    "score = sum(w3[j]*g[j] for j in 1:16) + b3\n"
)
SOFTMAX = (
    "z[k] = sum(w[k,i]*x[i] for i in 1:4) + b[k] for k in 1:3; right = z[1]*s1 + z[2]*s2 + z[3]*s3; "
    "loss = logsumexp(z[k] for k in 1:3) - right + 0.01*sum(w[k,i]^2 for k in 1:3, i in 1:4)"
)
TURNS = "; ".join(f"a[{k}] = b[{k - 1}]*y; b[{k}] = a[{k - 1}] + y" for k in range(2, 9))
MUTUAL = f"a[1] = sin(x); b[1] = cos(y); {TURNS}; a[8]*b[8]"


def graph(text: str) -> Graph:
    return graph_of(parse(text))


def labels(found: Diagram) -> list[str]:
    return [" = ".join(part for part in (box.name, box.label) if part) for box in found.boxes]


# ── what a box is ───────────────────────────────────────────────────────────────────────────────────────────

DRAWN = {  # a text, and its boxes
    "h[j] = tanh(sum(W[j,i]*x[i] for i in 1:2) + b[j]) for j in 1:8; score = sum(v[j]*h[j] for j in 1:8) + c": [
        "W (8 × 2)",
        "x (2)",
        "b (8)",
        "h[1:8] = tanh(sum(W[i,j] * x[j] for j in 1:2) + b[i])",
        "v (8)",
        "sum(v[i] * h[i] for i in 1:8)",
        "c",
        "score = +",
    ],
    "sum(a[k]*t^k for k in 0:3)": ["a (4 elements)", "t", "sum(a[i] * t^i for i in 0:3)"],
    "max(x[i] for i in 1:5)*min(y[i]^2 for i in 1:3)": [
        "x (5)",
        "y (3)",
        "max(x[i] for i in 1:5)",
        "min(y[i]^2 for i in 1:3)",
        "*",
    ],
    "s[0] = 1; s[k] = s[k-1]*x for k in 1:20; s[20]": ["s[0]", "x", "s[1:19] = s[i - 1] * x", "s[20] = s[19] * ·"],
    "a[i,j] = x[i]*x[j] for i in 1:3, j in 1:i; sum(a[i,j] for i in 1:3, j in 1:i)": [
        "x (3)",
        "a (6 elements) = x[i] * x[j]",
        "sum(a[i,j] for i in 1:3, j in 1:i)",
    ],
    "q[k] = exp(x[k]) for k in 2:6:2; log(q[2] + q[4]*q[6])": [
        "x (3 elements)",
        "q[2:6:2] = exp(x[i])",
        "q[4] * q[6]",
        "q[2] + ·",
        "log",
    ],
    "x[1]/x[2]": ["x (2)", "x[1] / x[2]"],
    "x[3] + y": ["x[3]", "y", "+"],
}


@pytest.mark.parametrize("text", DRAWN)
def test_boxes(text: str) -> None:
    assert sorted(labels(diagram(graph(text)))) == sorted(DRAWN[text])


def test_what_two_groups_share_is_a_group() -> None:
    found = diagram(graph("sum(exp(x[i])*y[i] for i in 1:4)/sum(exp(x[i]) for i in 1:4)"))
    assert sorted(labels(found)) == sorted(
        ["x (4)", "y (4)", "exp(x[i])", "sum(· * y[i] for i in 1:4)", "sum(· for i in 1:4)", "/"]
    )


def test_families_that_need_each_other_stay_gates() -> None:
    found = diagram(graph(MUTUAL))
    assert_whole(graph(MUTUAL))
    assert {"a[8]", "b[2]"} <= {box.name for box in found.boxes}


def test_a_long_label_is_cut() -> None:
    terms = " + ".join(f"a_long_name_{k}[i]*another_name_{k}[i]" for k in range(6))
    assert_whole(of := graph(f"y[i] = {terms} for i in 1:5; sum(y[i] for i in 1:5)"))
    assert max(len(box.label) for box in diagram(of).boxes) == 60


# ── boxes and wires in any circuit ──────────────────────────────────────────────────────────────────────────


def assert_whole(of: Graph) -> None:
    """Every node that varies is in one box, and the wires are those between the groups, without a circle."""
    found = diagram(of, most=10**9)
    varies, needed = of.depends_on(of.inputs.values()), reached_from(of.nodes, [of.output])
    owners = {k: box.id for box in found.boxes for k in box.nodes}
    assert sum(len(box.nodes) for box in found.boxes) == len(owners)
    wanted = {k for k, (here, moves) in enumerate(zip(needed, varies, strict=True)) if here and moves}
    assert {k for k in owners if varies[k]} == wanted
    between = {(owners[a], owners[k]) for k in wanted for a in of.nodes[k].args if a in wanted}
    wires = [(a, box.id) for box in found.boxes for a in box.args if a is not None and varies[a]]
    assert {*wires} == {(a, b) for a, b in between if a != b}
    families = {box.id for box in found.boxes if len(box.heads) > 1}
    assert all(wires.count(wire) == 1 for wire in wires if families & {*wire})
    seen: set[int | None] = set()
    for box in found.boxes:
        assert seen.issuperset(box.args)
        seen.add(box.id)
    assert found.boxes[-1].id == of.output


@settings(max_examples=150)
@given(st.integers(0, 10**9))
def test_boxes_hold_all_nodes(seed: int) -> None:
    assert_whole(graph(loops(random.Random(seed))))


@pytest.mark.parametrize("text", [*DRAWN, *ODD, NET, SOFTMAX], ids=lambda text: text[:40])
def test_boxes_hold_all_nodes_of_odd_circuits(text: str) -> None:
    assert_whole(graph(text))


@given(EXPRESSIONS)
def test_a_circuit_without_families_is_drawn_as_it_is(text: str) -> None:
    of = graph(text)
    assert grouped(of) == [] and diagram(of) == diagram(of, unfold=True)


@given(st.integers(0, 10**9))
def test_unfolded_every_gate_is_a_box(seed: int) -> None:
    of = graph(loops(random.Random(seed)))
    found = diagram(of, most=10**9, unfold=True)
    needed = reached_from(of.nodes, [of.output])
    gates = {k for k, node in enumerate(of.nodes) if needed[k] and node.gate != CONSTANT}
    varies = of.depends_on(of.inputs.values())
    assert {k for k in gates if varies[k]} == {box.id for box in found.boxes if varies[box.id]}
    assert all(box.heads == (box.id,) for box in found.boxes)


@pytest.mark.slow
@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_nothing_overlaps(seed: int) -> None:
    of = graph(loops(random.Random(seed)))
    assert_tidy(picture(diagram(of, Point(of, dict.fromkeys(of.inputs, 0.7), [*of.inputs]))))


# ── a net ───────────────────────────────────────────────────────────────────────────────────────────────────

GIVEN = ["-w1", "0.1", "-w2", "0.2", "-w3", "0.5", "-b1", "0", "-b2", "-1", "-b3", "1", "-x", "1,2"]


@pytest.fixture
def net(tmp_path: Path) -> list[str]:
    (tmp_path / "net.circuit").write_text(NET)
    return ["draw", "--file", str(tmp_path / "net.circuit"), *GIVEN]


def test_a_net_is_legible(net: list[str]) -> None:
    of = graph(NET)
    found = diagram(of, Point(of, dict.fromkeys(of.inputs, 0.5), [*of.inputs]))
    assert len(found.boxes) <= 15
    assert_tidy(picture(found))
    for text in (file(found), dot(found), mermaid(found)):
        assert not re.search(r"\w(\[|#91;)\d+(,\d+)?(\]|#93;)", text)
    tree = circuit(*net)
    assert tree.returncode == 0 and len(tree.stdout.splitlines()) <= 40
    assert max(map(len, tree.stdout.splitlines())) <= 110
    assert "left out" in circuit(*net, "--unfold").stderr


def test_a_family_has_its_numbers_or_their_norm(net: list[str]) -> None:
    lines = circuit(*net).stdout.splitlines()
    (weights,) = [line.split() for line in lines if "w2 (16" in line]
    assert weights[-4:-2] == ["norm", "3.2"]  # 256 numbers of 0.2: 16 * 0.2
    (inputs,) = [line for line in lines if "x (2)" in line]
    assert re.search(r" 1  2 ", inputs)


def test_a_kink_of_one_element_marks_its_family() -> None:
    done = circuit("draw", "h[j] = relu(x[j]) for j in 1:3; sum(h[j] for j in 1:3)", "-x", "1,0,2")
    assert [line.split()[-1] for line in done.stdout.splitlines() if "h[1:3]" in line] == ["kink"]


def test_of_many_boxes_the_nearest_are_kept() -> None:
    of = graph("sum(x[i] for i in 1:9)*" + "sin(" * 300 + "x[1]" + ")" * 300)
    found = diagram(of)
    assert len(found.boxes) == MOST and found.left_out == 303 - MOST


# ── the page ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_has_the_members_of_its_boxes(net: list[str]) -> None:
    text = circuit(*net, "--format", "html").stdout
    (data,) = re.findall(r'<script id="data" type="application/json">(.*?)</script>', text)
    page = json.loads(data)
    assert len(page["inputs"]) == 339  # 337 parameters, and x
    assert [row.get("label") for row in page["rows"]] == [
        "w1 (16 × 2)",
        "x (2)",
        "b1 (16)",
        "w2 (16 × 16)",
        "b2 (16)",
        "w3 (16)",
        None,
    ]
    (boxes,) = page["pictures"]  # every gate would be too many
    assert len(boxes) <= 15 and sum(bool(box["kinks"]) for box in boxes) == 2


@browser
def test_a_page_of_a_net_computes(net: list[str], tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    assert circuit(*net, "--out", str(path)).returncode == 0
    with Page(path, tmp_path / "profile") as page:
        assert page.run("rows.filter(({ line }) => !line.hidden).length") == 8  # six families, b3, and the gates
        assert page.run("byId('unfold').hidden")
        move(page, "w1[1,1]", 3.0)
        texts = dict(page.run("[...document.querySelectorAll('text[id]')].map((e) => [e.id, e.textContent])"))
        done = circuit(*net, "-w1[1,1]", "3", "--digits", "4", "--format", "svg")
        found = re.findall(r'id="([vg]\d+)"[^>]*>([^<]*)<', done.stdout)
        assert {key: text.split() for key, text in found}.items() <= {k: t.split() for k, t in texts.items()}.items()
        assert "norm 3.05" in page.run("rows[0].line.textContent")
        assert page.errors == []
