"""Gates that are added as rows, while the program runs, go through every command; and so does every gate of the table.

The gates of tests/scratch_gates.py are of one argument, of none, and over rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from circuitcli.analysis.formulas import alone
from circuitcli.analysis.gate_page import written
from circuitcli.cli.command_group import circuit as group
from circuitcli.cli.command_table import COMMANDS
from circuitcli.export.languages import LANGUAGES
from circuitcli.gates import ALIASES, GATES
from tests.scratch_gates import ADDED
from tests.support import circuit, some_slow

VALUE, SLOPE = 0.6666666666666666, 0.1111111111111111  # at 2


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    for gate in ADDED:
        monkeypatch.setitem(GATES, gate.name, gate)
        for alias in gate.aliases:
            monkeypatch.setitem(ALIASES, alias, gate.name)


@pytest.fixture
def folder(added: None, tmp_path: Path) -> Path:
    (tmp_path / "points.csv").write_text("x\n2\n-1\n")
    return tmp_path


def ran(folder: Path, *words: str, **env: str) -> str:
    done = circuit(*words, cwd=folder, **env)
    assert done.returncode == 0, done.stderr
    return done.stdout


def choices(command: str, option: str) -> list[str]:
    """The words that an option may have."""
    found = group.get_command(click.Context(group), command)
    assert found is not None
    kinds = [parameter.type for parameter in found.params if option in parameter.opts]
    assert isinstance(kinds[0], click.Choice)
    return list(map(str, kinds[0].choices))


def test_at_a_point(folder: Path) -> None:
    assert float(ran(folder, "eval", "softly(x)", "-x", "2", "--quiet")) == VALUE
    answer = json.loads(ran(folder, "grad", "softsign(x)", "-x", "2", "--check", "--json"))
    assert answer["gradient"] == {"x": pytest.approx(SLOPE)} and answer["check"]["verdict"] == "agree"
    assert "0.1111111111111111111111111" in ran(folder, "grad", "softsign(x)", "-x", "2", "--digits", "30")
    assert "digits good" in ran(folder, "grad", "softsign(x)", "-x", "2", "--rounding")
    assert "1 / (1 + abs(x)) / (1 + abs(x))" in ran(folder, "grad", "softsign(x)", "-x", "2", "--explain")


def test_as_a_circuit(folder: Path) -> None:
    slope = ran(folder, "derive", "softsign(x)")
    assert float(ran(folder, "eval", slope, "-x", "2", "--quiet")) == pytest.approx(SLOPE)
    assert "softsign(y)" in ran(folder, "derive", "x*softsign(y)", "--wrt", "x")


@pytest.mark.parametrize("form", some_slow(choices("draw", "--format"), ["png", "pdf"]))
def test_as_a_picture(folder: Path, form: str) -> None:
    file = folder / f"drawn.{form}"
    ran(folder, "draw", "softsign(w*x)", "-x", "2", "-w", "1", "--format", form, "--out", str(file))
    data = file.read_bytes()
    assert b"softsign" in data or form in ("png", "pdf")


LANGUAGES_OF_TEXT = [name for name in LANGUAGES if not LANGUAGES[name].binary]


@pytest.mark.parametrize("language", LANGUAGES_OF_TEXT)
def test_as_code(folder: Path, language: str) -> None:
    code = ran(folder, "export", "softsign(x)", "--to", language)
    assert code
    if language == "python":
        known: dict[str, Callable[..., object]] = {}
        exec(code, known)
        assert known["circuit"](2.0) == (VALUE, {"x": pytest.approx(SLOPE)})
    if language == "latex":
        assert r"\operatorname{soft}\left(x\right)" in code


def test_over_rows(folder: Path) -> None:
    assert ran(folder, "eval", "softsign(x)", "points.csv") == f"x,value\n2,{VALUE}\n-1,-0.5\n"
    for engine in ("arrays", "native"):
        words = ("grad", "sum(softsign(w*x))", "points.csv", "-w", "1", "--engine", engine, "--json")
        answer = json.loads(ran(folder, *words))
        assert answer["value"] == pytest.approx(VALUE - 0.5)
        assert answer["gradient"] == {"w": pytest.approx(2 * SLOPE - 0.25)}


def test_on_its_page_and_in_the_table(folder: Path) -> None:
    page = ran(folder, "gates", "softly")
    assert "softsign(x), also softly" in page and "x/(1 + abs(x))" in page
    assert "softsign" in ran(folder, "gates")


def test_among_the_words_that_complete(folder: Path) -> None:
    for typed, name in {"soft": "softsign", "softl": "softly"}.items():
        env = {"_CIRCUIT_COMPLETE": "bash_complete", "COMP_WORDS": f"circuit gates {typed}", "COMP_CWORD": "2"}
        assert f"plain,{name}" in ran(folder, **env).split()


# ── every command ───────────────────────────────────────────────────────────────────────────────────────────

ONE_ROW = "softsign(x)*quarter()"
LINES: dict[str, list[tuple[str, str]]] = {  # lines of words with which a command is called, and what it prints
    "eval": [
        (f"{ONE_ROW} -x 2 --quiet", str(VALUE / 4)),
        ("softsign(x) -x 2+/-0.1", f"{VALUE:.3f} ± 0.011"),
        (f"{ONE_ROW} points.csv", f"2,5,{VALUE / 4}\n-1,2,-0.125\n"),
        ("middle(softsign(x))*quarter() points.csv --quiet", str((VALUE - 0.5) / 8)),
    ],
    "grad": [
        (f"middle({ONE_ROW}) -x 2 --quiet", f"x {SLOPE / 4}"),
        (f"middle({ONE_ROW}) -x 2 --check", "agree"),
        (f"middle({ONE_ROW}) -x 2 --explain", "quarter()"),
        (f"middle({ONE_ROW}) -x 2 --rounding", "15 digits good"),
        (f"middle({ONE_ROW}) -x 2 --digits 30", "0.0277777777777777777777777777778"),
        (f"{ONE_ROW} -x 2 --hessian --quiet", ""),
        (f"middle(a*{ONE_ROW}) points.csv -a 1 --quiet", f"a {(VALUE - 0.5) / 8}"),
    ],
    "ascend": [
        ("quarter()-softsign(x)^2 -x 2 --uncertainty", "± std error"),
        ("middle(-(x-quarter())^2) -x 2", "0.25"),
    ],
    "descend": [
        ("softsign(x)*softsign(x) -x 2 --trace way.csv", "stopped  gtol"),
        ("middle((y-a*quarter()-b*softsign(x))^2) points.csv -a 1 -b 1", "± std error"),
    ],
    "solve": [("softsign(x)=quarter() -x 0..2", "[0.3333333333, 0.3333333334]   exactly one")],
    "derive": [(ONE_ROW, "quarter() / u / u")],
    "draw": [(f"middle({ONE_ROW})", "softsign"), (f"{ONE_ROW} -x 2 --format dot", "quarter()")],
    "plot": [(ONE_ROW, "gradient"), ("softsign(x)^2 --path way.csv", "○ start")],
    "export": [(f"{ONE_ROW} --to {to}", "") for to in LANGUAGES_OF_TEXT] + [("middle(x) --to json", "middle(x)")],
    "gates": [("quarter middle softly", "softsign(x), also softly"), ("--to csv", "quarter,0,,none,")],
    "repl": [("softsign.circuit", str(VALUE / 4))],
    "completion": [("bash", "complete")],
    "help": [("gates", "sigmoid")],
    "example": [("", "pts.csv")],
    "man": [("pages", "pages")],
}


@pytest.mark.usefixtures("added")
@pytest.mark.parametrize("command", COMMANDS)
def test_through_every_command(command: str, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("x,y\n2,5\n-1,2\n0.5,3\n" if command == "descend" else "x,y\n2,5\n-1,2\n")
    (tmp_path / "softsign.circuit").write_text(f"x = 2\n{ONE_ROW}\n:grad middle(x)\n:gates quarter\n")
    (tmp_path / "way.csv").write_text("step,x,value,grad_x\n0,2.0,0.4444444444444444,0.14814814814814814\n")
    for line, said in LINES[command]:
        done = circuit(command, *line.split(), cwd=tmp_path)
        assert (done.returncode, said in done.stdout) == (0, True), (line, done.stdout, done.stderr)


KINDS = {(gate.many, len(gate.rules), gate.only_over_rows): name for name, gate in GATES.items()}  # a gate of each
MORE = {"grad": ["", "--check", "--explain", "--rounding", "--hessian"], "ascend": ["", "--uncertainty"]}


@pytest.mark.parametrize("command", [name for name, row in COMMANDS.items() if row.expression])
@pytest.mark.parametrize(
    "names", [pytest.param(KINDS.values(), id="kinds"), pytest.param(GATES, id="all", marks=pytest.mark.slow)]
)
def test_no_gate_breaks_a_command(names: list[str], command: str, tmp_path: Path) -> None:
    """Each gate ends with an answer or with a refusal: with the statuses of commands that are not interrupted."""
    for name in names:
        inputs = dict(zip(alone(name).inputs, (0.25, 2.0, 3.0), strict=False))
        at = [] if command == "plot" else [f"-{x}={value}" for x, value in inputs.items()]
        for option in MORE.get(command, [""]):
            done = circuit(command, f"({written(name)})*k", "-k", "1", *at, *option.split(), cwd=tmp_path)
            assert done.returncode in (0, 1, 2, 3), (name, option, done.stderr)
            assert done.stdout or done.stderr.startswith("circuit: "), (name, option)
