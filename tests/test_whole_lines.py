"""Hints that are whole lines: each mistake, and its line typed in a shell as it stands, which gives an answer."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.topic_words import OPTIONS, SUBJECTS
from circuitcli.cli.topics import topics
from circuitcli.extras import installing
from tests.support import circuit, shell

ROWS_BEHIND = "a file of rows stands behind the expression: "
LINES = [  # a mistake: the line of its hint
    # a file of rows as a value
    ('grad "x*y" -f pts.csv', 'circuit grad "x*y" pts.csv'),
    ('grad "x*y" -d=pts.csv', 'circuit grad "x*y" pts.csv'),
    ('grad "x*y" --input pts.csv', 'circuit grad "x*y" pts.csv'),
    ('grad "x*y" --data pts.csv --to json', 'circuit grad "x*y" pts.csv --to json'),
    ('grad "x*y" --inputs pts.csv', 'circuit grad "x*y" pts.csv'),
    ('grad "x*y" --file pts.csv', 'circuit grad "x*y" pts.csv'),
    ('grad "x*y" --from pts.csv', 'circuit grad "x*y" pts.csv'),
    ('grad "x*y" --csv pts.csv', 'circuit grad "x*y" pts.csv'),
    ('grad --table=pts.csv "w*x"', 'circuit grad "w*x" pts.csv -w 1'),
    ('grad "x*k" -x pts.csv -k 2', 'circuit grad "x*k" pts.csv -k 2'),
    ('"x*y" --rows pts.csv', 'circuit eval "x*y" pts.csv'),
    ('--dataset pts.csv "x*y"', 'circuit eval "x*y" pts.csv'),
    ("eval --data pts.csv", 'circuit eval "count()" pts.csv'),
    ('descend "sum((y - a*x)^2)" --data pts.csv -a 1', 'circuit descend "sum((y - a*x)^2)" pts.csv -a 1'),
    ('plot "x^2" --data pts.csv --against y', 'circuit plot "x^2" pts.csv --against y'),
    ("eval -f pendulum.circuit -L 1 -T 2", "circuit eval --file pendulum.circuit -L 1 -T 2"),
    # a gradient behind --check
    ('grad "v^2" -v 3 --check "2*v"', "circuit grad \"v^2\" -v 3 --claim 'v = 2*v'"),
    ('grad "v^2*k" -v 3 -k 2 --check "v^2"', "circuit grad \"v^2*k\" -v 3 -k 2 --claim 'k = v^2'"),
    ('grad "v^2*k" -v 3 -k 2 --check="v = 2*v*k"', "circuit grad \"v^2*k\" -v 3 -k 2 --claim 'v = 2*v*k'"),
    ('grad "2*v" -v 3 --verify 2', "circuit grad \"2*v\" -v 3 --claim 'v = 2'"),
    ('grad "v^2*k" -v 3 -k 2 --check k', 'circuit grad "v^2*k" -v 3 -k 2 --check --wrt k'),
    # uncertainties
    ('eval "v*k" -v 5 -k 2 --uncertainty v=0.1', "circuit eval \"v*k\" -v '5±0.1' -k 2"),
    ('eval "v*k" -v 5 -k 2 --sigma v=1%,k:0.2', "circuit eval \"v*k\" -v '5±1%' -k '2±0.2'"),
    ('eval "v^2" -v 5 --err=0.1', "circuit eval \"v^2\" -v '5±0.1'"),
    ('grad "v*k" -v 5±0.1 -k 2 --error-bars', "circuit grad \"v*k\" -v '5±0.1' -k 2"),
    ('eval "v*k" -v 5±0.1 -k 2 --budget', "circuit grad \"v*k\" -v '5±0.1' -k 2"),
    ('grad "v*k" -v 5 -k 2 --uncertainty', "circuit grad \"v*k\" -v '5±1%' -k 2"),
    ('eval "x*k" pts.csv -k 2 --std x=0.1,k=0.2', "circuit eval \"x*k\" pts.csv -k '2±0.2' --sigma-of x=0.1"),
    ('eval "x*y" pts.csv --errors', 'circuit eval "x*y" pts.csv --sigma-of x=1%'),
    (
        'grad "v*k*t" -v 5±0.1 -k 2±1% -t 3 --corr v,k=0.5',
        'echo \'{"inputs": {"v": 5, "k": 2}, "uncertainty": {"stderr": {"v": 0.1, "k": 0.02}, '
        '"covariance": [[0.01, 0.001], [0.001, 0.0004]]}}\' | circuit grad "v*k*t" -t 3 --inputs -',
    ),
    (
        'eval "v*k" -v 5±0.1 -k 2±0.1 --covariance=-0.002',
        'echo \'{"inputs": {"v": 5, "k": 2}, "uncertainty": {"stderr": {"v": 0.1, "k": 0.1}, '
        '"covariance": [[0.01, -0.002], [-0.002, 0.01]]}}\' | circuit eval "v*k" --inputs -',
    ),
    # a form that another command has
    ('derive "v^2" --to latex', 'circuit export "v^2" --to latex'),
]
OPTIONS_MEANT = [  # a mistake, the option or the expression of its hint, and the line with it
    ('eval "x*y" pts.csv --columns idd,valu', "--columns id,value", 'eval "x*y" pts.csv --columns id,value'),
    ('eval "x*y" pts.csv --where "xx>3"', '--where "x>3"', 'eval "x*y" pts.csv --where "x>3"'),
    ('eval "x*yy" pts.csv', 'did you mean "x*y"?', 'eval "x*y" pts.csv'),
    ('eval "xx*yyy" pts.csv', 'did you mean "x*y"?', 'eval "x*y" pts.csv'),
    ('eval "mean(y)" decay.csv --by siite', "--by site", 'eval "mean(y)" decay.csv --by site'),
    ("eval k pts.csv --rename xx=k", "--rename x=k", "eval k pts.csv --rename x=k"),
    ('grad "x*y" pts.csv --wrt xx,y', "--wrt x,y", 'grad "x*y" pts.csv --wrt x,y'),
    ('grad "speed*k" -speed 1 -k 2 --wrt sped', "--wrt speed", 'grad "speed*k" -speed 1 -k 2 --wrt speed'),
    ('grad "f = v^2; g = f^2" -v 3 --of ff,g', "--of f,g", 'grad "f = v^2; g = f^2" -v 3 --of f,g'),
    ('grad "v^2" -v 3 --along vv=2', "--along v=2", 'grad "v^2" -v 3 --along v=2'),
    ('descend "(v-1)^2" -v 3 --bounds vv=0:4', "--bounds v=0:4", 'descend "(v-1)^2" -v 3 --bounds v=0:4'),
    ('plot "v^2" --range vv=0:4', "--range v=0:4", 'plot "v^2" --range v=0:4'),
    ("eval x pts.csv --sigma-of xx=0.1", "--sigma-of x=0.1", "eval x pts.csv --sigma-of x=0.1"),
    ("eval x pts.csv --bad-rows skipp", "--bad-rows skip", "eval x pts.csv --bad-rows skip"),
    ("eval x pts.csv --to jsn", "--to json", "eval x pts.csv --to json"),
    ("eval x pts.csv --ndjson", "--to jsonl", "eval x pts.csv --to jsonl"),
    ('grad "L^2" -L 3 --claim "L: 2*L"', "write L = 2*L", 'grad "L^2" -L 3 --claim "L = 2*L"'),
    (
        'grad "L^2*T" -L 3 -T 2 --claim "L: 2*L*T, T: L^2"',
        "write L = 2*L*T; T = L^2",
        'grad "L^2*T" -L 3 -T 2 --claim "L = 2*L*T; T = L^2"',
    ),
    ('grad "L^2" -L 3 --claim \'{"L": "2*L"}\'', "write L = 2*L", 'grad "L^2" -L 3 --claim "L = 2*L"'),
    ('grad "L^2" -L 3 --claim "L -> 2*L"', "write L = 2*L", 'grad "L^2" -L 3 --claim "L = 2*L"'),
    ('grad "L^2" -L 3 --claim "dL: 2*L"', "write L = 2*L", 'grad "L^2" -L 3 --claim "L = 2*L"'),
    (
        'grad "L^2*T" -L 3 -T 2 --claim "k = 2; L: k*L*T"',
        "write k = 2; L = k*L*T",
        'grad "L^2*T" -L 3 -T 2 --claim "k = 2; L = k*L*T"',
    ),
    (
        'descend "sum((y-a*x)^2)" pts.csv -a 1 --covariance',
        "--uncertainty --json",
        'descend "sum((y-a*x)^2)" pts.csv -a 1 --uncertainty --json',
    ),
    ('descend "(v-1)^2" -v 3 --error-bars', "--uncertainty", 'descend "(v-1)^2" -v 3 --uncertainty'),
]


def typed(mistake: str, folder: Path) -> str:
    """The hint for a line as a shell takes it."""
    done = shell(f"circuit {mistake}", folder / "mistake")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Traceback" not in done.stderr
    return done.stderr.decode().strip().splitlines()[-1].strip()


@pytest.mark.parametrize(("mistake", "line"), LINES)
def test_the_line_of_a_hint(mistake: str, line: str, tmp_path: Path) -> None:
    hint = typed(mistake, tmp_path)
    assert re.search(rf"(^|: |write |example ){re.escape(line)}$", hint), hint
    done = shell(line, tmp_path / "right")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("mistake", "hint", "right"), OPTIONS_MEANT)
def test_the_option_of_a_hint(mistake: str, hint: str, right: str, tmp_path: Path) -> None:
    assert hint in typed(mistake, tmp_path)
    done = shell(f"circuit {right}", tmp_path / "right")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["grad", "x*y", "--input", "point.json"], "did you mean --inputs point.json?"),
        (["grad", "x*y", "-x=1", "-y=2", "--output", "pts.csv"], "did you mean --out pts.csv?"),
        (["grad", "x*y", "pts.csv", "--csv", "decay.csv"], "did you mean --to csv?"),
        (["grad", "x^2", "-x=3", "-f", "pendulum.circuit"], "did you mean --file?"),
        (["grad", "x^2", "-x=3", "--check", "1e-6"], "to set an input write -x 1e-6"),
        (["grad", "x*y", "-x=1", "-y=2", "--corr", "x,y=0.5"], "circuit help uncertainty shows one"),
        (["grad", "L^2", "-L=3", "--claim", "L: 2*x"], "the inputs are: L"),
        (["eval", "x*yy", "-x=1", "-y=2"], "to multiply, write x*y*y"),
    ],
)
def test_what_need_not_be_meant_is_not_claimed(words: list[str], hint: str, tmp_path: Path) -> None:
    (tmp_path / "point.json").write_text('{"x": 3, "y": 4}')
    for name in ("pts.csv", "decay.csv"):
        (tmp_path / name).write_text("x,y\n1,2\n")
    (tmp_path / "pendulum.circuit").write_text("g = 4*L/T^2")
    done = circuit(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert hint in done.stderr.splitlines()[-1]


def test_json_is_rows_where_it_is_a_list_or_has_lines(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text('[{"x": 1, "y": 2}]')
    (tmp_path / "lines.jsonl").write_text('{"x": 1, "y": 2}\n{"x": 3, "y": 4}\n')
    (tmp_path / "numbers.json").write_text("[1, 2]")
    for name, is_rows in (("list.json", True), ("lines.jsonl", True), ("numbers.json", False)):
        done = circuit("grad", "x*y", "--inputs", name, cwd=tmp_path)
        assert (f'{ROWS_BEHIND}circuit grad "x*y" {name}' in done.stderr) == is_rows


@pytest.mark.parametrize("name", ["ndjson", "NDJSON", "jsonlines", "json-lines", "JSON_Lines", "ldjson", "JSONL"])
def test_other_names_of_json_lines(name: str, tmp_path: Path) -> None:
    words = ["eval", "x*y", "pts.csv"]
    expected = circuit(*words, "--to", "jsonl").stdout
    assert expected.startswith('{"id"')
    assert circuit(*words, "--to", name).stdout == expected
    assert circuit(*words, "--format", name).stdout == expected
    assert circuit("eval", "x + y", "-", "--from", name, "--quiet", stdin=expected).stdout == "7.0\n17.0\n"
    assert circuit("grad", "x*y", "-x=1", "-y=2", "--to", name).stdout.startswith('{"x": 1.0')


def test_an_ending_names_a_format() -> None:
    for ending, name in (("tab", "tsv"), (".csv", "csv"), ("txt", "table")):
        assert (
            circuit("eval", "x", "pts.csv", "--to", ending).stdout
            == circuit("eval", "x", "pts.csv", "--to", name).stdout
        )
    assert circuit("eval", "x", "pts.csv", "--to", "xlsx").returncode == 2


def test_the_words_of_topics_lead_to_pages() -> None:
    for word, topic in SUBJECTS.items():
        assert topic in topics(), word
        assert word not in topics()
        assert word not in COMMANDS
    assert not OPTIONS & SUBJECTS.keys()


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("correlation", "uncertainty"),
        ("covariance", "uncertainty"),
        ("budget", "uncertainty"),
        ("error-bars", "uncertainty"),
        ("error bars", "uncertainty"),
        ("ErrorBars", "uncertainty"),
        ("optimize", "ascent"),
        ("standard errors", "fit"),
        ("getting_started", "guide"),
        ("Rows", "rows"),
    ],
)
def test_help_on_a_word_of_others(words: str, page: str) -> None:
    done = circuit("help", *words.split())
    assert done.returncode == 2
    assert f"circuit help {page}" in done.stderr.splitlines()[-1]


def test_digits_hold_for_bare_rows() -> None:
    words = ["eval", "x/7", "pts.csv", "--quiet"]
    assert circuit(*words, "--digits", "3").stdout == "0.429\n0.714\n"
    assert circuit(*words, "--digits", "3", "--engine", "arrays").stdout == "0.429\n0.714\n"
    assert circuit(*words, "--digits", "17").stdout == circuit(*words).stdout == f"{3 / 7}\n{5 / 7}\n"
    groups = ["eval", "mean(y)/3", "decay.csv", "--by", "site", "--quiet"]
    assert circuit(*groups, "--digits", "3").stdout == "0.208\n0.553\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["descend", "sum((yy - a*x)^2)", "pts.csv", "-a=1"], 'did you mean "sum((y - a*x)^2)"?'),
        (["descend", "sum((y - a*x)^2)", "pts.csv", "-a=1", "--by", "idd"], "did you mean --by id?"),
        (["descend", "sum((y - a*x)^2)", "pts.csv", "-a=1", "--bounds", "aa=0:1"], "--bounds a=0:1?"),
        (["descend", "sum((y - a*x)^2)", "pts.csv", "-a=1", "--where", "xx>1"], 'did you mean --where "x>1"?'),
        (["descend", "sum((y - a*x)^2)", "pts.csv", "-a=1", "--method", "adm"], "did you mean adam?"),
        (["grad", "x*yy", "pts.csv", "--check"], 'did you mean "x*y"?'),
        (["eval", "x*yy", "pts.csv", "--engine", "arrays"], 'did you mean "x*y"?'),
        (["descend", "sum((y - a*x)^2)", "pts.csv", "-a=1"], installing("rows")),
        (["grad", "x*y", "pts.csv", "--check"], installing("rows")),
    ],
)
def test_a_missing_library_hides_no_mistake(words: list[str], told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = circuit(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


@pytest.mark.parametrize("words", [["plot", "sin(x)", "--range", "xx=0:1"], ["plot", "sin(x", "--range", "x=0:1"]])
def test_a_missing_plotter_hides_no_mistake(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotext", None)
    assert "install with" not in circuit(*words).stderr
    assert installing("plot") in circuit("plot", "sin(x)", "--range", "x=0:1").stderr
