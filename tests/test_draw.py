"""Pictures of circuits: the numbers of `grad`, and nothing that overlaps or is cut off."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest
from click.shell_completion import ShellComplete
from hypothesis import given, settings
from hypothesis import strategies as st

from circuitcli.analysis.point import Point
from circuitcli.cli import run
from circuitcli.cli.command_group import circuit as command_line
from circuitcli.errors import columns
from circuitcli.graph import Graph
from circuitcli.language import graph_of, parse
from circuitcli.pictures.diagram import MOST, Diagram, diagram
from circuitcli.pictures.sweep import Plot
from circuitcli.render.box_layout import DrawnWire
from circuitcli.render.crossings import crossings, uncrossed
from circuitcli.render.graph_text import mermaid
from circuitcli.render.layers import Item, layers_of
from circuitcli.render.picture_forms import PICTURES, PictureForm
from circuitcli.render.shapes import Frame, Label, Picture, Shape, picture
from tests.support import HERE, circuit, some_slow

SVG = "{http://www.w3.org/2000/svg}"
NEURON = "neuron = sigmoid(w0*x0 + w1*x1 + w2); loss = (neuron - y)^2"
SHARED = "q = x*y; q*a + q^2 - sin(q)*q/b + max(q, a, b, 3)"
LONG = (
    "a_very_long_name_of_an_input = 1e300; another_long_name_for_a_weight = -1.23456789e-300; "
    "product_of_both_long_names = a_very_long_name_of_an_input*another_long_name_for_a_weight; "
    "数 = product_of_both_long_names/θ; 数 + log(θ - θ)"
)


def sixty() -> str:
    """Gates that use gates before them, near and far, in an order that looks like chance."""
    names = list("abcdef")
    forms = ("{} + {}", "{}*{}", "sin({})*{}", "{} - {}", "max({}, {})", "hypot({}, {})", "{}/(1 + {}^2)")
    lines = []
    for i in range(37):
        left, right = names[-1 - i * 7 % 8 % len(names)], names[i * 13 % len(names)]
        lines.append(f"n{i} = {forms[i % 7].format(left, right)}")
        names.append(f"n{i}")
    return "; ".join([*lines, " + ".join(names[-9:])])


CIRCUITS = {"product": "(x+y)*z", "neuron": NEURON, "shared": SHARED, "sixty": sixty(), "long": LONG}


class Area(NamedTuple):
    """A rectangle on paper, and what it is."""

    left: float
    top: float
    right: float
    bottom: float
    what: object

    def overlaps(self, other: Area) -> bool:
        return (
            self.left < other.right - 0.5
            and other.left < self.right - 0.5
            and self.top < other.bottom - 0.5
            and other.top < self.bottom - 0.5
        )

    def holds(self, x: float, y: float) -> bool:
        return self.left + 0.5 < x < self.right - 0.5 and self.top + 0.5 < y < self.bottom - 0.5


def area(shape: Frame | Label) -> Area:
    if isinstance(shape, Frame):
        return Area(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height, shape)
    half = columns(shape.text) * shape.size * 0.602 / 2.0
    if shape.begins:
        shape = shape._replace(x=shape.x + half)
    # Letters of these texts reach from 0.36 of their size above the middle to 0.46 below.
    return Area(shape.x - half, shape.y - shape.size * 0.4, shape.x + half, shape.y + shape.size * 0.46, shape)


def curve(shape: DrawnWire, steps: int = 40) -> list[tuple[float, float]]:
    points = (shape.start, *shape.bend, shape.end)
    found = []
    for i in range(steps + 1):
        t = i / steps
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        xs, ys = ([w * p[axis] for w, p in zip(weights, points, strict=True)] for axis in (0, 1))
        found.append((sum(xs), sum(ys)))
    return found


def assert_tidy(found: Picture) -> None:
    """Nothing overlaps, no wire runs through a text or a box, and all is on the paper."""
    frames = [area(shape) for shape in found.shapes if isinstance(shape, Frame)]
    labels = [area(shape) for shape in found.shapes if isinstance(shape, Label)]
    inside = [a for a in labels if isinstance(a.what, Label) and a.what.role == "label"]
    free = [*frames, *(a for a in labels if a not in inside)]
    for a, b in combinations(free, 2):
        assert not a.overlaps(b), (a, b)
    by_node = {a.what.node: a for a in frames if isinstance(a.what, Frame)}
    for a in inside:
        frame = by_node[a.what.node] if isinstance(a.what, Label) else a
        assert frame.left < a.left and a.right < frame.right and frame.top < a.top and a.bottom < frame.bottom
    for a in free:
        assert a.left >= 0 and a.top >= 0 and a.right <= found.width and a.bottom <= found.height, a
    for shape in found.shapes:
        if isinstance(shape, DrawnWire):
            for x, y in curve(shape):
                assert not any(a.holds(x, y) for a in free), (shape, x, y)
                assert 0 <= x <= found.width and 0 <= y <= found.height


def graph(text: str) -> Graph:
    return graph_of(parse(text))


def point(of: Graph) -> Point:
    values = {name: -1.5 + 0.83 * i for i, name in enumerate(of.inputs) if name not in of.defaults}
    return Point(of, values, list(of.inputs))


@pytest.mark.parametrize("name", CIRCUITS)
@pytest.mark.parametrize("downwards", [False, True], ids=["wide", "tall"])
@pytest.mark.parametrize("bare", [False, True], ids=["numbers", "bare"])
def test_nothing_overlaps(name: str, bare: bool, downwards: bool) -> None:
    of = graph(CIRCUITS[name])
    found = diagram(of, None if bare else point(of))
    assert found.left_out == 0
    assert_tidy(picture(found, downwards=downwards))


def test_there_are_sixty_gates() -> None:
    assert sum(bool(node.args) for node in graph(sixty()).nodes) >= 60


NAMES = st.sampled_from(["x", "y", "z", "weight_of_the_second_layer"])
EXPRESSIONS = st.recursive(
    NAMES | st.sampled_from(["2", "1e-300", "pi"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/^<"), inner),
        st.builds("{}({})".format, st.sampled_from(["sin", "exp", "-", "logsigmoid"]), inner),
        st.builds("{}({}, {}, {})".format, st.sampled_from(["max", "where", "clip"]), inner, inner, inner),
    ),
    max_leaves=40,
)


@pytest.mark.parametrize(
    "text",
    [NEURON, SHARED, "sigmoid(a*b + c*d + e*f + g*h)", "max(a*b, c + d*(e - f), g)*sin(a*h)", "+".join("abcdefgh")],
)
def test_a_tall_picture_is_narrow(text: str) -> None:
    """Eight inputs have letters of nine pixels on a phone of 390, whatever the numbers become, and wires run down."""
    of = graph(text)
    found = picture(diagram(of, point(of), 4), lambda box: len("-1.234e-300"), downwards=True)
    assert_tidy(found)
    assert 13.0 * 364.0 / found.width >= 9.0
    assert all(shape.start[1] <= shape.end[1] for shape in found.shapes if isinstance(shape, DrawnWire))
    heights = {shape.node: shape.y for shape in found.shapes if isinstance(shape, Frame)}
    assert all(heights[a] < heights[k] for k, node in enumerate(of.nodes) for a in node.args if {a, k} <= {*heights})


@pytest.mark.slow
@settings(max_examples=60)
@given(EXPRESSIONS)
def test_nothing_overlaps_in_any_circuit(text: str) -> None:
    of = graph(text)
    assert_tidy(picture(diagram(of, point(of))))
    assert_tidy(picture(diagram(of, point(of)), downwards=True))


@pytest.mark.parametrize("name", CIRCUITS)
def test_the_numbers_are_those_of_grad(name: str) -> None:
    of = graph(CIRCUITS[name])
    words = [w for n, x in point(of).given.items() for w in (f"-{n}", repr(x))]
    done = circuit("grad", CIRCUITS[name], *words, "--wrt", ",".join(of.inputs), "--json")
    nodes = {node["id"]: node for node in json.loads(done.stdout)["nodes"]}
    drawn = circuit("draw", CIRCUITS[name], *words, "--wrt", ",".join(of.inputs), "--format", "svg")
    assert drawn.returncode == done.returncode
    texts = {e.get("id"): e.text for e in ET.fromstring(drawn.stdout).iter(f"{SVG}text")}
    shown = 0
    for k, node in nodes.items():
        for letter, key in (("v", "value"), ("g", "gradient")):
            if f"{letter}{k}" in texts:
                assert texts[f"{letter}{k}"] == f"{float(str(node[key]).replace('Infinity', 'inf')):.4g}"
                shown += 1
    assert shown >= 2 * (len(of.inputs) + 1)


@pytest.mark.parametrize("name", CIRCUITS)
def test_the_structure_of_the_drawing(name: str) -> None:
    """The drawing as a golden file has it: boxes, labels, names, and the ends of wires."""
    done = circuit("draw", CIRCUITS[name], "--format", "dot")
    golden = (HERE / "golden" / "drawings" / f"{name}.dot").read_text(encoding="utf-8")
    assert done.stdout == golden
    drawn = ET.fromstring(circuit("draw", CIRCUITS[name], "--format", "svg").stdout)
    boxes = {e.get("id") for e in drawn.iter(f"{SVG}rect") if "box" in e.get("class", "").split()}
    assert boxes == {
        line.split()[0] for line in golden.splitlines() if line.strip().startswith("n") and "[" in line
    } - {"node"}
    sources = {e.get("class", "").split()[1][1:] for e in drawn.iter(f"{SVG}path")}
    assert {f"n{k}" for k in sources} == boxes
    for line in golden.splitlines():
        if " -> " in line:
            assert_joined(drawn, *(word.strip(" ;") for word in line.split(" -> ")))


def assert_joined(drawn: ET.Element, source: str, target: str) -> None:
    """A wire that carries the value of `source` ends at the left edge of the box of `target`."""
    box = next(e for e in drawn.iter(f"{SVG}rect") if e.get("id") == target)
    left, top, height = (float(box.get(key, "nan")) for key in ("x", "y", "height"))
    ends = []
    for path in drawn.iter(f"{SVG}path"):
        if path.get("class") == f"wire w{source[1:]}":
            x, y = map(float, path.get("d", "").split()[-1].split(","))
            ends.append(abs(x - left) < 0.2 and top - 0.1 <= y <= top + height + 0.1)
    assert any(ends), (source, target)


def read(text: str) -> Picture:
    """The shapes of an SVG, read from its coordinates."""
    drawn = ET.fromstring(text)
    shapes: list[Shape] = []
    for e in drawn.iter():
        number = {key: float(x) for key, x in e.items() if re.fullmatch(r"-?[\d.]+", x)}
        node = int(re.sub(r"\D", "", e.get("id", "")) or -1)
        kind = e.get("class", "").split()
        if "box" in kind:
            x, y, width, height, radius = (number[key] for key in ("x", "y", "width", "height", "rx"))
            shapes.append(Frame(node, x, y, width, height, radius, "stroke-dasharray" in e.attrib, "input" in kind))
        elif e.tag == f"{SVG}text":
            size = number["font-size"]
            shapes.append(Label(node, e.get("class", ""), number["x"], number["y"] - 0.35 * size, e.text or "", size))
        elif e.tag == f"{SVG}path":
            points = [tuple(map(float, xy.split(","))) for xy in re.findall(r"[-\d.]+,[-\d.]+", e.get("d", ""))]
            shapes.append(DrawnWire(-1, (points[0][0], points[0][1]), (points[3][0], points[3][1])))
    return Picture(float(drawn.get("width", "0")), float(drawn.get("height", "0")), shapes)


def said(text: str) -> list[tuple[str, str, str]]:
    """The content of an SVG without its places."""
    return sorted((e.get("class", ""), e.get("id", ""), e.text or "") for e in ET.fromstring(text).iter())


@pytest.mark.parametrize("name", CIRCUITS)
def test_the_drawing_is_the_golden_one(name: str) -> None:
    """A drawing has the boxes, labels and numbers of the golden file, in any place, and nothing overlaps."""
    golden = (HERE / "golden" / "drawings" / f"{name}.svg").read_text(encoding="utf-8")
    words = [f"-{n}={x!r}" for n, x in point(graph(CIRCUITS[name])).given.items()]
    found = circuit("draw", CIRCUITS[name], *words, "--format", "svg").stdout
    assert said(found) == said(golden)
    drawn = read(found)
    frames = {shape.node: shape for shape in drawn.shapes if isinstance(shape, Frame)}
    for i, shape in enumerate(drawn.shapes):  # a label lies in its box
        if isinstance(shape, Label) and shape.role == "label":
            inside = [k for k, frame in frames.items() if area(frame).holds(shape.x, shape.y)]
            assert len(inside) == 1
            drawn.shapes[i] = shape._replace(node=inside[0])
    assert_tidy(drawn)


@pytest.mark.parametrize("form", some_slow(["png", "pdf"], ["png", "pdf"]))
@pytest.mark.parametrize("name", some_slow(CIRCUITS, {*CIRCUITS} - {"neuron"}))
def test_png_and_pdf(form: str, name: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    out = tmp_path / f"a.{form}"
    assert circuit("draw", CIRCUITS[name], "--out", str(out)).returncode == 0
    content = out.read_bytes()
    size = ET.fromstring(circuit("draw", CIRCUITS[name], "--format", "svg").stdout)
    if form == "png":
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
        width, height = (int.from_bytes(content[i : i + 4], "big") for i in (16, 20))
        assert (
            abs(width - 2 * float(size.get("width", "0"))) <= 3
            and abs(height - 2 * float(size.get("height", "0"))) <= 3
        )
    else:
        assert content.startswith(b"%PDF-")
        if shutil.which("pdftotext"):
            done = subprocess.run(["pdftotext", str(out), "-"], capture_output=True, text=True, check=True)
            labels = [e.text or "" for e in size.iter(f"{SVG}text") if e.get("class") == "label"]
            assert all(label in done.stdout for label in labels if label.isidentifier() and label.isascii())
    command = [sys.executable, "-m", "circuitcli", "draw", CIRCUITS[name], "--format", form]
    assert subprocess.run(command, capture_output=True, check=True).stdout == content  # the same down a pipe


@pytest.mark.skipif(shutil.which("dot") is None, reason="no Graphviz")
def test_graphviz_reads_dot() -> None:
    done = circuit("draw", NEURON, *(f"-{n}=0.5" for n in graph(NEURON).inputs), "--format", "dot")
    subprocess.run(["dot", "-Tsvg"], input=done.stdout, text=True, check=True, capture_output=True)


def test_a_deep_circuit_is_cut_with_a_note() -> None:
    done = circuit("draw", "sin(" * 300 + "x" + ")" * 300, "-x", "1", "--format", "svg")
    assert done.returncode == 0
    assert done.stderr == f"note: {301 - MOST} gates are left out; the {MOST} nearest to the output are drawn\n"
    drawn = ET.fromstring(done.stdout)
    assert sum(e.get("class") == "box" for e in drawn.iter(f"{SVG}rect")) == MOST
    assert float(drawn.get("height", "inf")) < 200.0  # a chain is a line


def test_a_tree_shows_what_is_shared_once() -> None:
    done = circuit("draw", SHARED, "-x", "2", "-y", "3", "-a", "5", "-b", "7")
    lines = done.stdout.splitlines()
    assert sum("q = *" in line for line in lines) == 1 and sum("q ↑" in line for line in lines) == 4
    (shared,) = [line.split()[-2:] for line in lines if "q = *" in line]
    # d/dq of q*a + q^2 - sin(q)*q/b + max(q, a, b, 3), where b is the largest
    assert shared[0] == "6" and float(shared[1]) == pytest.approx(5 + 12 - (math.cos(6) * 6 + math.sin(6)) / 7)


def test_mermaid_says_which_argument_is_which() -> None:
    whole = diagram(graph("where(sin(p*2), x, y)"))
    boxes = [box if box.is_input else box._replace(args=(None, *box.args[1:])) for box in whole.boxes]
    cut = mermaid(whole._replace(boxes=boxes))  # as where the condition is left out
    names = {box.label: box.id for box in boxes}
    assert f"n{names['x']} -- 2 --> n{names['where']}" in cut and f"n{names['y']} -- 3 --> n{names['where']}" in cut


def test_a_deep_tree_stays_narrow() -> None:
    done = circuit("draw", "sin(" * 150 + "x" + ")" * 150, "-x", "1")
    assert max(map(len, done.stdout.splitlines())) < 80
    assert sum(" sin " in f" {line} " for line in done.stdout.splitlines()) >= 150


# ── the command ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["x*y", "--out", "a.gif"], "the ending of a.gif is unknown"),
        (["x*y", "-x", "1"], "no value for y"),
        (["x*y", "--out", "a.svg", "--format", "png"], "--format png does not fit the name a.svg"),
        (["x*y", "-x", "1±0.1", "-y", "2"], "a picture has none"),
        (["x*y", "-x", "inf", "-y", "2", "--format", "html"], "a page moves finite numbers"),
    ],
)
def test_mistakes(words: list[str], message: str, tmp_path: Path) -> None:
    done = circuit("draw", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr and not list(tmp_path.iterdir())


# ── the table of forms ──────────────────────────────────────────────────────────────────────────────────────


def list_of_labels(diagram: Diagram) -> str:
    return " ".join(box.label for box in diagram.boxes) + "\n"


def size_of_plot(plot: Plot, surface: bool) -> bytes:
    return f"{plot.over.values.size} {surface}\n".encode()


def test_a_row_is_all_that_a_form_needs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = PictureForm("list", (".lst",), "tests.test_draw:list_of_labels", "tests.test_draw:size_of_plot")
    monkeypatch.setitem(PICTURES, "list", row)
    for command in ("draw", "plot"):  # is loaded anew, as in a new process
        monkeypatch.delitem(sys.modules, f"circuitcli.cli.commands.{command}", raising=False)
        assert run([command, "--help"]) == 0
        assert "|list]" in capsys.readouterr().out
        shell = ShellComplete(command_line, {}, "circuit", "_CIRCUIT_COMPLETE")
        assert [item.value for item in shell.get_completions([command, "x", "--format"], "li")] == ["list"]
    assert run(["draw", "(x+y)*z", "--format", "list"]) == 0
    assert capsys.readouterr().out == "x y z + *\n"
    assert run(["draw", "(x+y)*z", "--out", str(tmp_path / "f.lst")]) == 0
    assert (tmp_path / "f.lst").read_text() == "x y z + *\n"
    assert run(["plot", "x*y", "--surface", "--out", str(tmp_path / "p.lst")]) == 0
    assert (tmp_path / "p.lst").read_text() == "40000 True\n"


def wires_that_cross(layers: list[list[Item]]) -> int:
    """The pairs of wires between two layers that cross, each looked at alone."""
    place = {item: k for layer in layers for k, item in enumerate(layer)}
    count = 0
    for layer in layers[1:]:
        wires = [
            (place[feed], place[item] + i / 100)
            for item in layer
            for i, feed in enumerate(sorted(item.feeds, key=place.__getitem__) if item.is_free else item.feeds)
        ]
        count += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(wires, 2))
    return count


@settings(max_examples=60, deadline=None)
@given(EXPRESSIONS)
def test_fewer_wires_cross_than_as_stated(text: str) -> None:
    layers = layers_of(diagram(graph(text)), lambda box: 0)
    before = wires_that_cross(layers)
    uncrossed(layers)
    assert crossings(layers) == wires_that_cross(layers) <= before


@pytest.mark.parametrize("text", ["(a+b)*(c-d)/(e^f)", "max(a*b, c+d*(e-f), g)", NEURON])
def test_no_wires_of_a_tree_cross(text: str) -> None:
    layers = layers_of(diagram(graph(text)), lambda box: 0)
    uncrossed(layers)
    assert wires_that_cross(layers) == 0


@pytest.mark.parametrize(
    "text", ["max(x,y) + abs(x-y) + relu(x)", "y*sin(x) + x", "x/y - y/x", "x*y + y*z + x", SHARED]
)
def test_inputs_stand_in_the_order_of_the_command(text: str) -> None:
    of = graph(text)
    layers = layers_of(diagram(of), lambda box: 0)
    uncrossed(layers)
    for layer in layers:
        found = [item.box.label for item in layer if item.box is not None and item.box.is_input]
        assert found == [name for name in of.inputs if name in found]


@pytest.mark.parametrize("count", [2, 4])
def test_weights_stand_in_order(count: int) -> None:
    net = f"h[j] = tanh(sum(W[j,i]*x[i] for i in 1:3) + b[j]) for j in 1:{count}; sum(h[j] for j in 1:{count})"
    layers = layers_of(diagram(graph(net), unfold=True), lambda box: 0)
    before = crossings(layers)
    uncrossed(layers)
    inputs = [item.box.label for layer in layers for item in layer if item.box is not None and item.box.is_input]
    for family, first in {"W": "W[1,1]", "x": "x[1]", "b": "b[1]"}.items():
        found = [name for name in inputs if name.startswith(f"{family}[")]
        assert found == sorted(found) and found[0] == first
    assert crossings(layers) < before
    folded = layers_of(diagram(graph(net)), lambda box: 0)
    uncrossed(folded)
    assert [item.box.label for item in folded[0] if item.box is not None] == [
        f"W ({count} × 3)",
        "x (3)",
        f"b ({count})",
    ]


def test_a_weight_stands_beside_what_it_weighs() -> None:
    """In a net an input that feeds one gate is in the column before that."""
    net = "h[j] = tanh(sum(W[j,i]*x[i] for i in 1:2) + b[j]) for j in 1:4; sum(v[j]*h[j] for j in 1:4) + c"
    column = {
        item.box.label: k
        for k, layer in enumerate(layers_of(diagram(graph(net), unfold=True), lambda box: 0))
        for item in layer
        if item.box is not None and item.box.is_input
    }
    assert column["W[1,1]"] == column["x[1]"] == 0 < column["b[1]"] < column["v[1]"] < column["c"]
    assert len({*column.values()}) >= 4


def test_the_name_of_the_output_is_at_its_wire() -> None:
    shapes = picture(diagram(graph("q = x + y; f = q*z"))).shapes
    (name,) = [s for s in shapes if isinstance(s, Label) and s.text == "f"]
    end = max(s.end[0] for s in shapes if isinstance(s, DrawnWire))
    assert end < name.x < end + 30.0
    assert [s.end[1] for s in shapes if isinstance(s, DrawnWire) and s.end[0] == end] == [name.y]


def test_a_drawing_is_dark_where_pages_are() -> None:
    """Every colour of the light picture has one for the dark."""
    drawn = circuit("draw", "f = abs(x)*y", "-x", "0", "-y", "2", "--format", "svg").stdout
    (dark,) = re.findall(r"<style>@media \(prefers-color-scheme: dark\) \{(.*)\}</style>", drawn)
    body = drawn.replace(dark, "")
    kinds = {e.get("class", "").split()[0] for e in ET.fromstring(drawn).iter() if e.get("class")}
    assert kinds == {"paper", "wire", "box", "label", "name", "value", "gradient", "kink"}
    assert kinds <= {*re.findall(r"\.(\w+)", dark)}
    assert not {*re.findall("#[0-9a-fA-F]{6}", dark)} & {*re.findall("#[0-9a-fA-F]{6}", body)}


def test_without_other_libraries(tmp_path: Path) -> None:
    """SVG and pages need no library that is not installed with the program."""
    code = (
        "import sys; from circuitcli.cli import run; "
        "print([run(['draw', 'x*y', '-x', '1', '-y', '2', '--out', f'circuit.{form}']) for form in ('svg', 'html')], "
        "[name for name in ('numpy', 'matplotlib', 'igraph') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(HERE.parent)},
    )
    assert done.stdout == "[0, 0] []\n", done.stderr
