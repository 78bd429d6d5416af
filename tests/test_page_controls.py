"""The controls of a page: passes, the chain rule at a wire, steps along the gradient, links, zoom, keys."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path

import pytest
from mpmath import mp, mpf

from tests.browser import Page
from tests.drawn_page import GUIDE, NET, browser, centre, click, move, opened, text, written
from tests.support import circuit
from tests.test_draw import NEURON, SHARED

FOCUS = "document.activeElement.ariaLabel || document.activeElement.id || document.activeElement.textContent"


# ── both passes ─────────────────────────────────────────────────────────────────────────────────────────────

HIDDEN = "[...document.querySelectorAll('text.unknown')].map((e) => e.id)"
CLOCK = "globalThis.setTimeout = (f, pause) => { globalThis.next = f; globalThis.pauses = pause; return 1; }"
IDS = [0, 1, 2, 3, 4]
LEFT = [{f"v{k}" for k in IDS[i + 1 :]} | {f"g{k}" for k in IDS} for i in range(5)]
LEFT += [{f"g{k}" for k in IDS[: 4 - i]} for i in range(5)]  # after each step of both passes
PASSES = [f"{way} pass, {i} of 5" for way in ("forward", "backward") for i in range(1, 6)]


@browser
def test_a_page_plays_both_passes(tmp_path: Path) -> None:
    with opened(GUIDE, tmp_path) as page:
        page.run(CLOCK)
        click(page, "play")
        seen = [(text(page, "pass"), page.run(HIDDEN))]
        while text(page, "pass"):
            page.run("next()")
            seen.append((text(page, "pass"), page.run(HIDDEN)))
        assert text(page, "play") == "Play"
    assert [name for name, _ in seen] == [*PASSES, ""]
    assert [set(left) for _, left in seen] == [*LEFT, set()]


@browser
def test_a_play_pauses_and_goes_step_by_step(tmp_path: Path) -> None:
    with opened(GUIDE, tmp_path) as page:
        page.run(CLOCK)
        click(page, "play")
        page.run("next()")
        assert text(page, "play") == "Pause"
        click(page, "play")
        assert (text(page, "play"), text(page, "pass")) == ("Play", PASSES[1])
        for _ in range(5):
            click(page, "forth")
        assert text(page, "pass") == PASSES[6] and set(page.run(HIDDEN)) == LEFT[6]
        assert text(page, "told") == "∂f/∂q = ∂f/∂f × z = 1 × (-4) = -4"
        for _ in range(2):
            click(page, "back")
        assert text(page, "pass") == PASSES[4] and set(page.run(HIDDEN)) == LEFT[4]
        assert text(page, "told") == "f = q * z = -12"
        click(page, "stop")
        assert page.run(HIDDEN) == [] and text(page, "pass") == ""
        click(page, "back")  # from behind the end
        assert text(page, "pass") == PASSES[9]
        click(page, "forth")
        assert text(page, "pass") == "" and page.run(HIDDEN) == []


@browser
def test_a_play_has_a_speed_and_follows_the_inputs(tmp_path: Path) -> None:
    with opened(GUIDE, tmp_path) as page:
        page.run(CLOCK)
        click(page, "play")
        slow = page.run("pauses")
        page.run("byId('speed').value = '4'; next()")
        assert page.run("pauses") == slow / 4.0
        click(page, "play")
        move(page, "y", 6.0)
        for _ in range(2):
            click(page, "forth")
        assert text(page, "told") == "q = x + y = 4" and set(page.run(HIDDEN)) == LEFT[3]


# ── the chain rule at a wire ────────────────────────────────────────────────────────────────────────────────


def local_derivatives(page: Page) -> dict[tuple[str, str], list[float]]:
    """The local derivatives of the page, by the names of gate and argument."""
    found: dict[tuple[str, str], list[float]] = {}
    names = page.run("page.names")
    for edge, local in page.run("page.edges.map((edge, n) => [edge, point.edges[n]])"):
        found.setdefault((names[edge["gate"]], names[edge["argument"]]), []).append(local)
    return found


@browser
def test_local_derivatives_are_those_of_calculus(tmp_path: Path) -> None:
    program = (
        "p = x*y; s = sin(p); t = tanh(x); u = x/y; w = x^y; l = log(y); m = max(x, y); h = hypot(x, y); d = x - y; "
        "e = where(x > y, s, t); k = x*x; r = p + s + t + u + w + l + m + h + d + e + k"
    )
    with opened([program, "-x", "1.3", "-y", "2.5"], tmp_path) as page:
        found = local_derivatives(page)
    with mp.workdps(30):
        x, y = mpf(1.3), mpf(2.5)
        wanted = {
            ("p", "x"): [y],
            ("p", "y"): [x],
            ("s", "p"): [mp.cos(x * y)],
            ("t", "x"): [mp.sech(x) ** 2],
            ("u", "x"): [1 / y],
            ("u", "y"): [-x / y**2],
            ("w", "x"): [y * x ** (y - 1)],
            ("w", "y"): [x**y * mp.log(x)],
            ("l", "y"): [1 / y],
            ("m", "x"): [0],
            ("m", "y"): [1],
            ("h", "x"): [x / mp.hypot(x, y)],
            ("d", "y"): [-1],
            ("e", "s"): [0],
            ("e", "t"): [1],
            ("k", "x"): [x, x],
        }
        for edge, numbers in wanted.items():
            assert found[edge] == pytest.approx([float(number) for number in numbers], rel=1e-15), edge


@browser
@pytest.mark.parametrize("program", [SHARED, NEURON], ids=["shared", "neuron"])
def test_products_add_up_to_the_gradient(program: str, tmp_path: Path) -> None:
    names = ["x", "y", "a", "b"] if program is SHARED else ["w0", "x0", "w1", "x1", "w2", "y"]
    with opened([program, *(f"-{name}={0.3 + 0.4 * i}" for i, name in enumerate(names))], tmp_path) as page:
        sums = page.run("[...fromNode].map(([k, edges]) => [point.gradients[k], ...edges.map((e) => share(e).gives)])")
    assert len(sums) > 8
    for gradient, *shares in sums:
        assert math.isclose(math.fsum(shares), gradient, rel_tol=1e-13, abs_tol=1e-15)


@browser
def test_a_wire_tells_its_chain_rule(tmp_path: Path) -> None:
    """By the mouse while it points there, by a click until another."""
    invitation = "Point at a wire"
    with opened(GUIDE, tmp_path) as page:
        assert text(page, "told").startswith(invitation)
        page.mouse("mouseMoved", *centre(page, "#v3"))
        wanted = "q = x + y = 3\n∂f/∂q = ∂f/∂f × z = 1 × (-4) = -4"
        assert text(page, "told") == wanted
        page.mouse("mouseMoved", 5, 5)
        assert text(page, "told").startswith(invitation)
        page.mouse("mouseMoved", *centre(page, "path.touch.w1"))
        y = "y = 5\n∂f/∂y = ∂f/∂q × 1 = -4 × 1 = -4"
        assert text(page, "told") == y
        for kind in ("mousePressed", "mouseReleased"):
            page.mouse(kind, *centre(page, "path.touch.w1"), button="left", clickCount=1)
        page.mouse("mouseMoved", 5, 5)
        assert text(page, "told") == y and page.run("document.querySelectorAll('path.w1.lit').length") > 0
        move(page, "z", 7.0)
        assert text(page, "told") == "y = 5\n∂f/∂y = ∂f/∂q × 1 = 7 × 1 = 7"


@browser
def test_a_tap_tells_as_well(tmp_path: Path) -> None:
    with opened(GUIDE, tmp_path, width=390, height=844) as page:
        page.touch("touchStart", centre(page, "#v3"))
        page.touch("touchEnd")
        assert text(page, "told").endswith("= 1 × (-4) = -4")


@browser
def test_a_wire_that_branches_tells_each_way_and_the_sum(tmp_path: Path) -> None:
    with opened(["q = x + 1; f = q^2 + q*y", "-x", "2", "-y", "5"], tmp_path) as page:
        page.run("select({ node: page.pictures[0].find(({ text }) => text.startsWith('q')).id, to: null })")
        assert text(page, "told").splitlines() == [
            "q = x + 1 = 3",
            "∂f/∂(q^2) × (2 * q) = 1 × 6 = 6",
            "∂f/∂(q * y) × y = 1 × 5 = 5",
            "∂f/∂q = 6 + 5 = 11",
        ]
        (square,) = page.run("drawn.boxes.filter(({ text }) => text === 'q^2').map(({ id }) => id)")
        page.run(f"while (!selected.to || !selected.to.includes({square})) selectNext(1)")
        assert text(page, "told").splitlines() == [
            "q = x + 1 = 3",
            "∂f/∂(q^2) × (2 * q) = 1 × 6 = 6",
            "∂f/∂q = 11, with 1 other way",
        ]


@browser
def test_a_family_tells_its_gradient(tmp_path: Path) -> None:
    with opened(NET, tmp_path) as page:
        page.run("select({ node: drawn.boxes.find(({ text }) => text === 'x (3)').id, to: null })")
        told = text(page, "told").splitlines()
        done = json.loads(circuit("grad", *NET, "--json").stdout)
        wanted = [f"{x:.4g}" for x in done["gradient"]["x"]]
        assert told[0].split() == ["x", "(3)", "=", "2", "3", "-1"]
        assert [*told[1].partition(";")[0].split()[2:]] == wanted and "table" in told[1]


# ── steps along the gradient ────────────────────────────────────────────────────────────────────────────────


@browser
@pytest.mark.parametrize("way", ["ascend", "descend"])
def test_steps_are_those_of_the_command(way: str, tmp_path: Path) -> None:
    words = [NEURON, *["-w0", "2", "-x0", "-1", "-w1", "-3", "-x1", "-2", "-w2", "-3", "-y", "0.3"]]
    with opened(words, tmp_path) as page:
        page.run("byId('size').value = '0.05'")
        for _ in range(3):
            click(page, way)
        done = json.loads(circuit(way, *words, "--step", "0.05", "--steps", "3", "--json").stdout)
        found = dict(zip(done["inputs"], page.run("point.inputs"), strict=True))
        assert found == pytest.approx(done["inputs"], rel=1e-13)
        assert float(text(page, "output")) == pytest.approx(done["value"], rel=1e-13)
        assert "after 3 steps" in page.run("document.querySelector('figcaption').textContent")
        assert page.run("document.querySelectorAll('#path path').length") == 3
        click(page, "undo")
        done = json.loads(circuit(way, *words, "--step", "0.05", "--steps", "2", "--json").stdout)
        assert float(text(page, "output")) == pytest.approx(done["value"], rel=1e-13)


@browser
def test_the_path_of_a_parabola(tmp_path: Path) -> None:
    """Each step of 0.25 down x^2 halves x, by hand and on paper."""
    with opened(["x^2", "-x", "64"], tmp_path) as page:
        page.run("byId('size').value = '0.25'")
        for _ in range(6):
            click(page, "descend")
        assert page.run("path.map(({ value }) => value)") == [4096 / 4**i for i in range(7)]
        caption = page.run("document.querySelector('figcaption').textContent")
        assert caption == "value: 4096 → 1 after 6 steps, on a logarithmic scale"
        lines = page.run("[...document.querySelectorAll('#path path')].map((e) => e.getAttribute('d'))")
        drops = [low - high for high, low in pairwise(float(line.rpartition(",")[2]) for line in lines)]
        assert max(drops) == pytest.approx(min(drops))  # a line on that scale
        move(page, "x", 3.0)
        move(page, "x", 5.0)
        assert page.run("path.map(({ value }) => value).slice(-2)") == [1, 25]  # a move by hand is one
        assert "dotted by hand" in page.run("document.querySelector('figcaption').textContent")
        click(page, "undo")
        assert page.run("[point.inputs[0], document.querySelector('input[aria-label=x]').value]") == [1, "1"]
        click(page, "reset")
        assert page.run("[point.inputs[0], byId('undo').disabled, byId('path').hidden]") == [64, True, True]


@browser
def test_the_page_stays_still_under_the_hand(tmp_path: Path) -> None:
    """A slider keeps its place while it is moved, whatever is selected."""
    words = ["q = x*y; f = exp(q) + q^2 + max(q, x)", "-x", "1", "-y", "2"]
    with opened(words, tmp_path, width=390, height=844) as page:
        page.run("select({ node: 2, to: null })")
        places = []
        for x in (-4.0, 1e-9, 123456.789, 3.0):
            move(page, "x", x, "range")
            places.append(page.run("document.querySelector('[aria-label=\"x, slider\"]').getBoundingClientRect().top"))
        assert len({*places}) == 1
        click(page, "undo")  # all that is one move
        assert page.run("point.inputs") == [1.0, 2.0]


def ascend(page: Page, size: str) -> None:
    """Take a step uphill of a size."""
    page.run(f"byId('size').value = '{size}'")
    click(page, "ascend")


@browser
@pytest.mark.parametrize(
    ("program", "x", "size", "message"),
    [
        ("x^2", "1", "a bit", "no step: a bit is no number: type one like 0.5"),
        ("x^2", "1", "1e400", "no step: 1e400 is beyond 1.8e308: type a smaller one"),
        ("sqrt(x)", "0", "0.1", "the gradient is not finite"),
        ("x^2", "1e300", "1e300", "the gradient is not finite"),
    ],
)
def test_no_step_is_told(program: str, x: str, size: str, message: str, tmp_path: Path) -> None:
    with opened([program, "-x", x], tmp_path) as page:
        ascend(page, size)
        assert message in text(page, "message") and page.run("point.inputs") == [float(x)]
        click(page, "reset")
        assert text(page, "message") == ""


@browser
@pytest.mark.parametrize(
    ("program", "x", "size", "message"),
    [
        ("f = x^2", "1e150", "1e10", "this step makes f inf: Undo goes back"),
        ("f = exp(x)", "5", "10", "this step makes f inf: Undo goes back"),
        ("f = sqrt(x)", "0.25", "-0.25", "this step makes the gradient by x inf: Undo goes back"),
        ("f = log(x)", "1", "-2", "this step makes f nan: Undo goes back"),
        ("f = x^2", "1", "0.1", ""),
    ],
)
def test_a_step_out_of_what_is_finite_is_told(program: str, x: str, size: str, message: str, tmp_path: Path) -> None:
    with opened([program, "-x", x], tmp_path) as page:
        ascend(page, size)
        assert text(page, "message").startswith(message) and bool(text(page, "message")) == bool(message)
        click(page, "undo")
        assert text(page, "message") == "" and page.run("point.inputs") == [float(x)]


# ── a link ──────────────────────────────────────────────────────────────────────────────────────────────────


@browser
def test_a_link_holds_the_inputs(tmp_path: Path) -> None:
    words = ["θ*w[1] + w[2]/c", "-θ", "0.5", "-w", "1,2", "-c", "3"]
    with opened(words, tmp_path) as page:
        for name, x in {"θ": -1e-7, "w[1]": 1e22, "c": 0.1}.items():
            move(page, name, x)
        click(page, "copy")
        link, answer = page.run("location.hash"), text(page, "output")
        assert link == "#%CE%B8=-1e-07&w%5B1%5D=1e%2B22&w%5B2%5D=2&c=0.1"
        assert page.run("byId('link').value.endsWith(location.hash)")
    with opened(words, tmp_path, hash=link) as page:
        assert page.run("point.inputs") == [-1e-7, 1e22, 2.0, 0.1] and text(page, "output") == answer
        assert text(page, "note") == text(page, "message") == ""
        page.run("location.hash = '#c=4&θ=2'")
        page.run("new Promise((done) => setTimeout(done, 50))")
        assert page.run("point.inputs") == [2.0, 1.0, 2.0, 4.0]
        click(page, "reset")
        page.run("new Promise((done) => setTimeout(done, 500))")
        assert page.run("[location.hash, ...point.inputs]") == ["", 0.5, 1.0, 2.0, 3.0]
        assert page.errors == []


@browser
@pytest.mark.parametrize(
    ("link", "inputs", "message"),
    [
        ("#x=7&q=1", [7.0, 5.0, -4.0], "no input is called q"),
        ("#x=abc&y=1", [-2.0, 1.0, -4.0], "x: abc is no number"),
        ("#x=&y=inf", [-2.0, 5.0, -4.0], "x: nothing is no number; y: inf is no number"),
        ("#x=1e400&y=1/4", [-2.0, 0.25, -4.0], "x: 1e400 is beyond 1.8e308"),
        ("#%&x=%zz", [-2.0, 5.0, -4.0], "no input is called %"),
        ("#<b>=1", [-2.0, 5.0, -4.0], "no input is called"),
        ("#numbers", [-2.0, 5.0, -4.0], "no input is called numbers"),
    ],
)
def test_a_bad_link_is_told(link: str, inputs: list[float], message: str, tmp_path: Path) -> None:
    with opened(GUIDE, tmp_path, hash=link) as page:
        assert page.run("point.inputs") == inputs
        assert message in text(page, "note") and page.run("document.querySelectorAll('#note *').length") == 0
        assert page.run("byId('note').getBoundingClientRect().bottom < innerHeight / 2")  # it is seen at once
        click(page, "reset")
        assert text(page, "note") == "" and page.errors == []


# ── zoom, and keys ──────────────────────────────────────────────────────────────────────────────────────────

VIEW = "(({ x, y, width, height }) => [x, y, width, height])(drawn.svg.viewBox.baseVal)"


@browser
def test_wheel_and_drag_move_the_view(tmp_path: Path) -> None:
    with opened(GUIDE, tmp_path, width=1280, height=800) as page:
        whole = page.run(VIEW)
        x, y = centre(page, "#v4")
        page.mouse("mouseWheel", x, y, deltaX=0, deltaY=-150)
        near = page.run(VIEW)
        assert near[2] < 0.8 * whole[2] and near[2] / near[3] == pytest.approx(whole[2] / whole[3])
        assert centre(page, "#v4") == pytest.approx((x, y), abs=12)  # what the mouse points at stays there
        page.mouse("mousePressed", x, y, button="left", clickCount=1)
        page.mouse("mouseMoved", x + 40, y + 10, button="left", buttons=1)
        page.mouse("mouseMoved", x + 80, y + 20, button="left", buttons=1)
        page.mouse("mouseReleased", x + 80, y + 20, button="left", clickCount=1)
        moved = page.run(VIEW)
        assert moved[0] < near[0] and moved[2] == near[2]
        assert page.run("selected") is None  # a drag is no click
        click(page, "whole")
        assert page.run(VIEW) == whole
        page.mouse("mouseWheel", x, y, deltaX=0, deltaY=150)  # farther than all: the page scrolls
        assert page.run(VIEW) == whole


@browser
def test_two_fingers_zoom(tmp_path: Path) -> None:
    with opened(NET, tmp_path, width=390, height=844) as page:
        whole = page.run(VIEW)
        x, y = centre(page, "#picture")
        page.touch("touchStart", (x - 20, y), (x + 20, y))
        for reach in (40, 60, 80):
            page.touch("touchMove", (x - reach, y), (x + reach, y))
        page.touch("touchEnd")
        near = page.run(VIEW)
        assert near[2] == pytest.approx(whole[2] / 4.0, rel=0.1)
        page.run("frame.dispatchEvent(new MouseEvent('dblclick', { clientX: 200, clientY: 400 }))")
        assert page.run("unit()") >= 0.99  # letters are as large as on paper
        click(page, "whole")
        click(page, "nearer")
        assert page.run("unit()") == pytest.approx(1.0)


@browser
def test_keys_alone_will_do(tmp_path: Path) -> None:
    with opened(GUIDE, tmp_path, width=1280, height=800) as page:
        stops = []
        for _ in range(23):
            page.press("Tab")
            stops.append(page.run(FOCUS))
            assert page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        names = [each for name in "xyz" for each in (name, f"{name}, slider", name)]
        assert stops[:4] == ["step back", "play", "step forward", "speed"]
        assert stops[4].startswith("the circuit as a picture") and stops[5:8] == ["zoom in", "zoom out", "whole"]
        assert stops[8:] == ["size", "ascend", "descend", "reset", "copy", *names, "2 gates"]
        page.run("document.querySelector('input[aria-label=y]').select()")
        page.press(*"-1.5e1", "Tab")
        assert page.run("point.inputs") == [-2.0, -15.0, -4.0]
        page.run("frame.focus()")
        whole = page.run(VIEW)
        page.press("+", "+")
        near = page.run(VIEW)
        assert near[2] < whole[2]
        page.press("ArrowRight")
        assert page.run(VIEW)[0] > near[0]
        page.press("0")
        assert page.run(VIEW) == whole
        page.press("n", "n", "n")
        assert "∂f/∂" in text(page, "told")
        page.press("p", "Escape")
        assert text(page, "told").startswith("Point at")
        page.run("byId('forth').focus()")
        page.press("Enter", " ", "Enter")
        assert text(page, "pass") == "forward pass, 3 of 5"
        page.run("document.querySelector('[aria-label=\"x, slider\"]').focus()")
        before = page.run("point.inputs[0]")
        page.press("ArrowRight")
        assert page.run("point.inputs[0]") > before and page.errors == []


def test_the_page_is_one_file(tmp_path: Path) -> None:
    written(GUIDE, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
