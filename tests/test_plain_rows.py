"""Rows in Python alone: the same bytes as with NumPy and Arrow, whatever the files."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from circuitcli.cli import row_files
from circuitcli.extras import installing
from tests.support import circuit

CELLS = ("1", "-2.5", "3e2", ".5", "0", "-0.0", "1e-320", "1e308", "7", "12345678901234567", "2.25", "0.1")
ODD = ("nan", "inf", "-Infinity", "", "x", " 4 ", "+5", "1_0", "007", "1e400", "é", "=1+1", 'a"b', "\t9", "null")
BY_ROW = ("x*y + 1", "(x - y)/y", "max(x, y)", "x^2; w*y", "sqrt(abs(x))", "where(x > y, x, -y)", "r = x; value = r*w")
GATHERED = ("mean(w*x)", "sum(w*x*y)/count()", "std(x) + w", "max(w*x)", "min(y)*w", "var(x*y)", "sum(x) + max(w, 2)")
WAYS = ("", "--bad-rows skip", "--bad-rows nan", "--columns y,value --bad-rows skip", "--columns note,x,value")
FORMS = ("", "--to csv", "--to tsv", "--to jsonl", "--out out.csv", "--out out.jsonl", "--json")


def cell(draw: random.Random, oddness: float) -> str:
    return draw.choice(ODD) if draw.random() < oddness else draw.choice(CELLS)


def separated(draw: random.Random, separator: str) -> str:
    end, oddness, quoted = draw.choice(("\n", "\r\n")), draw.choice((0.0, 0.0, 0.02, 0.2)), draw.random() < 0.3
    lines = [separator.join(("x", "y", "note"))]
    for _ in range(draw.choice((0, 1, 2, 9, 40, 300))):
        cells = [cell(draw, oddness), cell(draw, oddness), draw.choice(("a", "b c", "", "é", "-1", "1.50", "nan"))]
        if quoted and draw.random() < 0.3:
            cells[2] = draw.choice(('"q"', '"a,b"', '"two\nlines"', '"say ""so"""', 'half"', '"open'))
        if draw.random() < oddness / 4:
            cells = cells[: draw.randint(0, 2)] or [*cells, "more"]
        lines += [separator.join(cells), *[""] * (draw.random() < 0.03)]
    return end.join(lines) + end * draw.randint(0, 2)


def jsonl(draw: random.Random) -> str:
    oddness, lines = draw.choice((0.0, 0.0, 0.1)), []
    numbers = ("1", "-2.5", "3e2", "0", "-0.0", "1e308", '"NaN"', '"Infinity"', "12345678901234567", "0.1")
    others = ('"x"', "null", "true", "[1]", "1e400", '"é"', "NaN", "-0", "-Infinity")
    for _ in range(draw.choice((1, 2, 9, 40, 300))):
        x, y = (draw.choice(others if draw.random() < oddness else numbers) for _ in range(2))
        note = draw.choice(('"a"', '"q\\"q"', "null", "[1, {}]", "1.50", '"\\u00e9"'))
        keys = {"x": x, "y": y, "note": note}
        if draw.random() < oddness / 2:
            keys.pop(draw.choice([*keys]), None)
        space = draw.choice(("", " "))
        lines.append("{" + f",{space}".join(f'"{key}":{space}{value}' for key, value in keys.items()) + "}")
    return "\n".join(lines) + "\n" * draw.randint(0, 2)


Answered = tuple[int, str, str, dict[str, bytes]]  # status, standard output, standard error, files


def both(words: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Answered, Answered]:
    """The answers with the libraries, and without."""
    found = list[Answered]()
    for alone in (False, True):
        with monkeypatch.context() as patch:
            if alone:
                patch.setattr(row_files, "missing", lambda libraries: list(libraries))
            done = circuit(*words, *([] if alone else ["--engine", "arrays"]), cwd=folder)
        files = {path.name: path.read_bytes() for path in folder.glob("out.*")}
        for path in folder.glob("out.*"):
            path.unlink()
        found.append((done.returncode, done.stdout, done.stderr, files))
    return found[0], found[1]


@pytest.mark.parametrize("seed", range(60))
def test_the_same_bytes_with_libraries_and_without(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(seed)
    name = draw.choice(("a.csv", "a.tsv", "a.jsonl"))
    text = jsonl(draw) if name == "a.jsonl" else separated(draw, "," if name == "a.csv" else "\t")
    (tmp_path / name).write_bytes(text.encode())
    for _ in range(5):
        command, by_row = draw.choice(("eval", "grad")), draw.random() < 0.6
        words = [command, draw.choice(BY_ROW if by_row else GATHERED), name]
        words += ["-w", "1.5"] * ("w" in words[1])
        if by_row:
            words += draw.choice(WAYS).split() + draw.choice(FORMS).split()
        else:
            words += draw.choice(WAYS[:3]).split() + draw.choice(("", "--json", "--quiet")).split()
        with_libraries, without = both(words, tmp_path, monkeypatch)
        assert with_libraries == without, (words, text)


NO_JSON = (
    "01",
    "+1",
    ".5",
    "1.",
    "-00",
    "-01",
    "-.5",
    "nan",
    "inf",
    "-NaN",
    "Inf",
    "1_0",
    "0x1",
    "--1",
    "",
    "é",
    "1 2",
)


@pytest.mark.parametrize("number", [*NO_JSON, "-0", "NaN", "-Infinity", " 5 ", "1E+5", '"-0"', "9" * 400])
@pytest.mark.parametrize("before", [0, 1, 40])
def test_numbers_of_json(number: str, before: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number that JSON does not have is refused or skipped by both readers, and never written again."""
    lines = ['{"x": 1, "y": 2}'] * before + [f'{{"x": {number}, "y": 3}}', '{"x": 4, "y": 5}']
    (tmp_path / "a.jsonl").write_text("\n".join(lines) + "\n")
    for words in (["--bad-rows", "skip"], ["--bad-rows", "skip", "--to", "csv"], []):
        one, other = both(["eval", "1/x", "a.jsonl", *words], tmp_path, monkeypatch)
        assert one == other
        status, out, told, _ = one
        if number in NO_JSON and words:
            assert out.count("\n") == before + 1 + ("csv" in words) and "skipped 1 of" in told, told
        elif number in NO_JSON:
            assert status == 2 and f"a.jsonl:{before + 1}: no JSON" in told


@pytest.mark.parametrize("text", [b'{"x": 1, "y": "\xff"}', b'{"x": 1, "y": "\xed\xa0\x80"}'])
def test_json_that_is_no_text(text: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"x": 1, "y": "a"}\n' + text + b"\n")
    one, other = both(["eval", "x", "a.jsonl"], tmp_path, monkeypatch)
    assert one == other and one[0] == 2 and "a.jsonl:2: byte 16 is not UTF-8" in one[2]


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "parquet"])
def test_an_escape_that_is_no_character(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jsonl").write_text('{"x": 1, "y": "\\ud83d\\ude00"}\n{"x": 1, "y": "\\ud800"}\n')
    (tmp_path / "b.jsonl").write_text('{"x": 1, "\\ud800": 2}\n')
    out = f"out.{form}"
    one, other = both(["eval", "x", "a.jsonl", "--out", out], tmp_path, monkeypatch)
    if form != "parquet":  # which Python alone does not write
        assert one == other
    assert one[0] == (0 if form == "jsonl" else 2)
    assert form == "jsonl" or "an escape in it is no character" in one[2]
    one, other = both(["eval", "x", "b.jsonl"], tmp_path, monkeypatch)
    assert one == other and 'the key "\\ud800" is no character' in one[2]


def test_a_key_that_only_later_rows_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jsonl").write_text('{"y": 1}\n{"x": 2, "y": 3}\n')
    for words, status, why in (
        (["x*y"], 2, "a.jsonl:1: x is missing\n  --bad-rows skip leaves such rows out, --bad-rows nan keeps them"),
        (["x*y", "-x", "1"], 2, "a.jsonl:2 has a key x, and x is given a value"),
        (["x = 1; x*y"], 2, "a.jsonl:2 has a key x, and x is given a value"),
        (["x*y", "--bad-rows", "skip"], 0, "skipped 1 of 2 rows (first: a.jsonl:1, x is missing)"),
        (["q*y"], 2, "add -q VALUE"),
        (["q*y", "-q", "2"], 0, ""),
    ):
        one, other = both(["eval", words[0], "a.jsonl", *words[1:]], tmp_path, monkeypatch)
        assert one == other and one[0] == status and why in one[2]


def test_a_first_row_that_is_torn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for first in ("oops", '{"x": 1, "y', '"y": 2}', "[", "7"):
        (tmp_path / "a.jsonl").write_text(first + '\n{"x": 2, "y": 3}\n{"x": 4, "y": 5}\n')
        one, other = both(["eval", "x*y", "a.jsonl", "--bad-rows", "skip"], tmp_path, monkeypatch)
        assert one == other
        if first != "[":  # which begins an array
            assert one[1] == '{"x": 2, "y": 3,"value":6.0}\n{"x": 4, "y": 5,"value":20.0}\n', first
            assert "skipped 1 of 3 rows (first: a.jsonl:1, no JSON" in one[2]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_empty_lines_and_comments_do_not_go_out(end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["# made by hand", "", "x,y", "", "1,a", "# b", " ", '2,"c', "", '# d"', "", "3,e", "", ""]
    (tmp_path / "a.csv").write_bytes(end.join(lines).encode())
    one, other = both(["eval", "2*x", "a.csv", "--bad-rows", "skip"], tmp_path, monkeypatch)
    assert one == other
    wanted = ["x,y,value", "1,a,2.0", '2,"c', "", '# d",4.0', "3,e,6.0"]
    assert one[1].split("\n") == [*wanted, ""] or " " in one[1]


def test_small_files_have_the_bytes_of_large_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows while they are small, by the libraries, and through a pipe."""
    rows = "".join(f"{k / 7!r},{k * k - 50!r}\n" for k in range(1_000))
    (tmp_path / "a.csv").write_text("x,y\n" + rows)
    for words in (["grad", "x*y + sqrt(abs(x) + 1)", "a.csv"], ["eval", "std(x*y) + max(x)", "a.csv", "--json"]):
        small = circuit(*words, cwd=tmp_path)
        assert small.returncode == 0
        assert circuit(*words, "--engine", "arrays", cwd=tmp_path).stdout == small.stdout
        piped = circuit(*[word.replace("a.csv", "-") for word in words], stdin="x,y\n" + rows, cwd=tmp_path)
        assert piped.stdout.replace('["-"]', '["a.csv"]') == small.stdout


def test_numbers_that_are_none_in_python(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n3,4\n")
    for words in (
        ["eval", "max(x, y) - z", "-z", "inf"],
        ["grad", "mean((y - c*x - d)^2)", "-c", "nan", "-d", "1e200"],
    ):
        words.insert(2, "a.csv")
        small, large = circuit(*words, cwd=tmp_path), circuit(*words, "--engine", "arrays", cwd=tmp_path)
        assert (small.returncode, small.stdout, small.stderr) == (large.returncode, large.stdout, large.stderr)


@pytest.mark.slow
def test_many_rows_without_libraries(tmp_path: Path) -> None:
    """In a process that has none of them: the same bytes, in little memory, with one note."""
    draw = random.Random(1)
    with open(tmp_path / "a.csv", "w", encoding="ascii") as file:
        file.write("x,y,note\n")
        file.writelines(f"{draw.gauss(0, 1)!r},{draw.gauss(3, 2)!r},{k}\n" for k in range(300_000))
    code = """
import sys
sys.modules.update(numpy=None, pyarrow=None, orjson=None)
from circuitcli.cli import run
status = run(sys.argv[1:])
if sys.platform == "linux":
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    assert int(peak.split()[1]) < 120_000, peak
"""
    for words in (
        ["grad", "x*y^2 - y", "a.csv", "--out", "out.csv"],
        ["eval", "mean(x*y) + std(y)", "a.csv", "--json"],
    ):
        alone = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, cwd=tmp_path)
        written = (tmp_path / "out.csv").read_bytes()
        note = f"note: many rows are slow without libraries; {installing('rows')} makes them fast\n"
        assert (alone.returncode, alone.stderr) == (0, note)
        assert alone.stdout == circuit(*words, "--engine", "arrays", cwd=tmp_path).stdout
        assert written == (tmp_path / "out.csv").read_bytes()


@pytest.mark.parametrize(
    "words, what",
    [
        (["eval", "x", "a.parquet"], "Parquet needs"),
        (["eval", "x", "a.csv", "--to", "arrow"], "Arrow needs"),
        (["eval", "x", "a.csv", "--engine", "arrays"], "this needs"),
        (["grad", "x", "a.csv", "--check"], "this needs"),
        (["descend", "sum((x - a)^2)", "a.csv", "-a", "1"], "a fit needs"),
    ],
)
def test_what_needs_libraries_is_told(
    words: list[str], what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n")
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = circuit(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"circuit: {what} pyarrow\n  install with: {installing('rows')}\n"


def test_the_hint_names_the_way_of_installing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert installing("rows") == f'{sys.executable} -m pip install "circuitcli[rows]"'
    (tmp_path / "uv-receipt.toml").touch()
    assert installing("rows") == 'uv tool install --force "circuitcli[rows]"'
    (tmp_path / "pipx_metadata.json").touch()
    assert installing("rows") == 'pipx install --force "circuitcli[rows]"'
