"""The forms in which rows go out: one JSON array, told apart from JSON Lines; a table for people; and CSV with another
sign between its cells, or without a header."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest

from tests.support import circuit
from tests.test_cli import at_a_terminal, plain

ENGINES: list[list[str]] = [["--engine", "arrays"], []]  # of libraries, and Python alone
ROWS = 'id,x,y,note\n007,3,4,"a, ""b"""\n008,6,nan,\n009,0.1,inf,ü\n'
RESULTS: list[dict[str, object]] = [{"x": 1, "note": "a\nb"}, {"x": 2.50, "more": [1, {"x": 2}]}, {"x": 3}]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in.csv").write_text(ROWS)
    lines = [json.dumps(row) for row in RESULTS]
    (tmp_path / "in.jsonl").write_text(f"{lines[0]}\r\n\r\n {lines[1]} \n\n{lines[2]}")
    (tmp_path / "in.json").write_text(json.dumps(RESULTS, indent=1))
    return tmp_path


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ["in.csv", "in.jsonl", "in.json"])
def test_one_array_has_the_objects_of_the_lines(name: str, engine: list[str], folder: Path) -> None:
    for columns in ([], ["--columns", "x,r"], ["--columns", "r"]):
        words = ["eval", "r = 2*x", name, *columns, *engine]
        lines = circuit(*words, "--json", cwd=folder).stdout
        assert lines == circuit(*words, "--to", "jsonl", cwd=folder).stdout
        array = circuit(*words, "--to", "json", cwd=folder).stdout
        rows = json.loads(array)
        assert rows == [*map(json.loads, lines.splitlines())] and len(rows) == 3
        assert array.count("\n") == 3 and array.startswith("[{") and array.endswith("}]\n")
    if name != "in.csv":
        rows = json.loads(circuit("eval", "r = 2*x", name, "--to", "json", *engine, cwd=folder).stdout)
        assert rows == [{**row, "r": float(str(row["x"])) * 2} for row in RESULTS]


def test_both_writers_write_the_same_array(folder: Path) -> None:
    for name in ("in.csv", "in.jsonl", "in.json"):
        one, other = (circuit("eval", "r = 2*x", name, "--to", "json", *engine, cwd=folder) for engine in ENGINES)
        assert one.stdout == other.stdout


@pytest.mark.parametrize("engine", ENGINES)
def test_the_name_of_a_file_tells_an_array_from_lines(engine: list[str], folder: Path) -> None:
    words = ["eval", "r = 2*x", "in.csv", "--columns", "r", *engine]
    for out in ("a.json", "b.jsonl", "c.ndjson", "D.JSON", "e.json.gz"):
        assert circuit(*words, "--out", out, cwd=folder).stdout == ""
    assert (folder / "a.json").read_text() == '[{"r":6.0},\n{"r":12.0},\n{"r":0.2}]\n'
    assert (folder / "b.jsonl").read_text() == '{"r":6.0}\n{"r":12.0}\n{"r":0.2}\n'
    assert (folder / "c.ndjson").read_text() == (folder / "b.jsonl").read_text()
    assert (folder / "D.JSON").read_text() == (folder / "a.json").read_text()
    assert gzip.decompress((folder / "e.json.gz").read_bytes()) == (folder / "a.json").read_bytes()
    assert circuit(*words, "--out", "f.json", "--json", cwd=folder).returncode == 0  # an option says more than a name
    assert (folder / "f.json").read_text() == (folder / "b.jsonl").read_text()
    assert circuit("eval", "sum(r)", "a.json", "--quiet", *engine, cwd=folder).stdout == "18.2\n"


@pytest.mark.parametrize("engine", ENGINES)
def test_an_array_of_no_rows(engine: list[str], folder: Path) -> None:
    (folder / "none.csv").write_text("x,y\n")
    assert circuit("eval", "r = 2*x", "none.csv", "--to", "json", *engine, cwd=folder).stdout == "[]\n"
    done = circuit("eval", "r = 2*x", "in.csv", "--where", "x > 9", "--to", "json", *engine, cwd=folder)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("engine", ENGINES)
def test_an_array_that_is_broken_off_is_not_closed(engine: list[str], folder: Path) -> None:
    text = "x\n" + "1\n" * 2_000_000 + "no number\n" if engine else "x\n1\nno number\n"
    done = circuit("eval", "r = 2*x", "-", "--to", "json", *engine, stdin=text)
    assert done.returncode != 0 and not done.stdout.endswith("]\n")
    assert done.stdout.startswith('[{"x":1,"r":2.0},\n') or not engine
    (folder / "bad.csv").write_text("x\n1\nno number\n")
    assert circuit("eval", "r = 2*x", "bad.csv", "--out", "bad.json", *engine, cwd=folder).returncode != 0
    assert not (folder / "bad.json").exists()


@pytest.mark.parametrize("engine", ENGINES)
def test_an_array_has_no_text_that_is_no_json(engine: list[str], folder: Path) -> None:
    """On a line of its own, what nobody reads may be anything."""
    (folder / "torn.jsonl").write_text('{"x":1,"a":[NaN,"\\ud800"]}\n{"x":2,"a":tru}\n')
    done = circuit("eval", "r = 2*x", "torn.jsonl", "--to", "json", *engine, cwd=folder)
    assert done.returncode != 0 and "torn.jsonl:2: no JSON" in done.stderr and "]\n" not in done.stdout
    done = circuit("eval", "r = 2*x", "torn.jsonl", "--to", "json", "--head", "1", *engine, cwd=folder)
    assert done.stdout == '[{"x":1,"a":[NaN,"\\ud800"],"r":2.0}]\n'


@pytest.mark.parametrize("engine", ENGINES)
def test_numbers_that_are_not_finite_in_an_array(engine: list[str], folder: Path) -> None:
    done = circuit("eval", "r = 2*y", "in.csv", "--to", "json", "--columns", "y,r", *engine, cwd=folder)
    lines = circuit("eval", "r = 2*y", "in.csv", "--json", "--columns", "y,r", *engine, cwd=folder)
    assert json.loads(done.stdout) == [*map(json.loads, lines.stdout.splitlines())]
    assert [row["r"] for row in json.loads(done.stdout)] == [8.0, "NaN", "Infinity"]


def test_groups_in_one_array(folder: Path) -> None:
    words = ["grad", "mean(w*x)", "in.csv", "-w", "2", "--by", "id"]
    lines = circuit(*words, "--json", cwd=folder).stdout
    found = json.loads(circuit(*words, "--to", "json", cwd=folder).stdout)
    assert found == [*map(json.loads, lines.splitlines())] and len(found) == 3
    assert circuit(*words, "--out", "groups.json", cwd=folder).stdout == ""
    assert json.loads((folder / "groups.json").read_text()) == found


def test_groups_of_fits_in_one_array(folder: Path) -> None:
    words = ["descend", "sum((x - k)^2)", "in.csv", "-k", "1", "--by", "id"]
    lines = circuit(*words, "--json", cwd=folder).stdout
    found = json.loads(circuit(*words, "--to", "json", cwd=folder).stdout)
    assert found == [*map(json.loads, lines.splitlines())] and len(found) == 3


def test_one_answer_has_one_json(folder: Path) -> None:
    for words in (["grad", "x^2", "-x", "3"], ["eval", "sum(x)", "in.csv"], ["derive", "x^2"]):
        one, other = (circuit(*words, *more, cwd=folder).stdout for more in (["--json"], ["--to", "json"]))
        assert isinstance(json.loads(one), dict) and one == other


def test_the_last_of_two_options_counts(folder: Path) -> None:
    words = ["eval", "r = 2*x", "in.csv", "--columns", "r"]
    assert circuit(*words, "--json", "--to", "csv", cwd=folder).stdout == "r\n6.0\n12.0\n0.2\n"
    assert circuit(*words, "--to", "csv", "--json", cwd=folder).stdout == '{"r":6.0}\n{"r":12.0}\n{"r":0.2}\n'


ALIGNED = """\
  id     x     y   note                 r    s
 007   3       4   a, "b"   0.4285714286    30
 008   6     nan            0.8571428571    60
 009   0.1   inf   ü        0.01428571429    1
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_table_is_aligned(engine: list[str], folder: Path) -> None:
    words = ["eval", "r = x/7; s = 10*x", "in.csv", *engine]
    assert circuit(*words, "--to", "table", cwd=folder).stdout == ALIGNED
    assert circuit(*words, "--to", "table", "--color", "always", cwd=folder).stdout == ALIGNED  # no colour in a file
    assert circuit(*words, "--to", "table", "--out", "table.txt", cwd=folder).stdout == ""
    assert (folder / "table.txt").read_text() == ALIGNED
    few = circuit(*words, "--to", "table", "--digits", "3", "--columns", "r", cwd=folder).stdout
    assert few == "      r\n 0.429\n 0.857\n 0.0143\n"
    bare = circuit(*words, "--quiet", cwd=folder).stdout
    assert circuit(*words, "--to", "table", "--quiet", cwd=folder).stdout == bare
    two = circuit(*words, "--to", "table", "--columns", "note,x", cwd=folder).stdout
    assert two == ' note       x\n a, "b"   3\n          6\n ü        0.1\n'


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_come_as_they_came_where_nothing_is_asked_for(engine: list[str], folder: Path) -> None:
    assert circuit("eval", "r = 2*x", "in.csv", *engine, cwd=folder).stdout.splitlines()[0] == "id,x,y,note,r"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_table_of_no_rows_has_a_header(engine: list[str], folder: Path) -> None:
    done = circuit("eval", "r = 2*x", "in.csv", "--where", "x > 9", "--to", "table", *engine, cwd=folder)
    assert done.stdout == " id   x   y   note   r\n"


@pytest.mark.parametrize("engine", ENGINES)
def test_all_rows_are_in_the_table_of_a_pipe(engine: list[str], folder: Path) -> None:
    """The first 1,000 tell how wide a column is; a wider cell stands in its row whole."""
    text = "n,word\n" + "".join(f"{n},{'w' * (n // 1000)}\n" for n in range(2_500)) + "123456789,no number\n"
    done = circuit("eval", "r = n/2", "-", "--to", "table", *engine, stdin=text)
    lines = done.stdout.splitlines()
    assert lines[:2] == ["   n   word       r", "   0            0"]
    assert lines[1000] == " 999          499.5" and lines[2500] == " 2499   ww     1249.5"
    assert lines[-1] == " 123456789   no number   61728394.5" and len(lines) == 2_502
    rows = csv.reader(text.splitlines()[1:])
    assert [line.split()[0] for line in lines[1:]] == [row[0] for row in rows]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_cell_stays_in_its_line_of_a_table(engine: list[str], folder: Path) -> None:
    (folder / "odd.csv").write_text('x,"a\nb"\n1,"two\nlines\tand \x1b[31m"\n')
    done = circuit("eval", "r = 2*x", "odd.csv", "--to", "table", *engine, cwd=folder)
    assert done.stdout == " x   a\\nb                       r\n 1   two\\nlines\\tand \\x1b[31m   2\n"


def test_decimals_with_a_comma_are_aligned(folder: Path) -> None:
    (folder / "comma.csv").write_text("x;y\n1,5;a\n12;b\n")
    done = circuit("eval", "r = x/8", "comma.csv", "--to", "table", cwd=folder)
    assert done.stdout == "    x   y        r\n  1,5   a   0.1875\n 12     b   1.5\n"


def test_a_terminal_has_the_first_and_the_last_rows(folder: Path) -> None:
    (folder / "many.csv").write_text("x,note\n" + "".join(f"{n},{'w' * 60}\n" for n in range(2_345)))
    words = ["grad", "r = w*x", str(folder / "many.csv"), "-w", "0.5", "--to", "table"]
    seen = at_a_terminal(*words)
    lines = [line.rstrip() for line in plain(seen).splitlines()]
    start = lines.index("    x   note                                    r   grad_w   grad_x")
    assert lines[start + 2 : start + 5] == [
        f"    {n}   {'w' * 31}…   {r}" for n, r in ((0, "   0          0      0.5"), (1, "   0.5        1      0.5"))
    ] + [f"    2   {'w' * 31}…      1          2      0.5"]
    assert lines[start + 12] == " ... 2,325 rows more"
    assert lines[start + 22] == f" 2344   {'w' * 31}…   1172       2344      0.5"
    assert "\x1b[38;5;67m" in seen and "\x1b[38;5;204m" in seen  # values blue, gradients red
    assert "\x1b[38" not in at_a_terminal(*words, "--color", "never")


def test_a_terminal_names_the_columns_that_do_not_fit(folder: Path) -> None:
    (folder / "wide.csv").write_text(",".join(f"column{i}" for i in range(20)) + "\n" + "1," * 19 + "2\n")
    words = ["eval", "r = column0 + column19", str(folder / "wide.csv"), "--to", "table"]
    lines = [
        line.rstrip() for line in plain(at_a_terminal(*words, "--quiet", "--columns", "*,r", columns=80)).splitlines()
    ]
    assert all(len(line) <= 80 for line in lines)
    assert any(line.startswith(" column0   column1 ") and line.endswith(" r") for line in lines)
    assert any(line.startswith(" not shown (--columns chooses): column7, column8") for line in lines)


def test_a_table_of_groups(folder: Path) -> None:
    words = ["grad", "mean(w*x)", "in.csv", "-w", "0.5", "--by", "id", "--to", "table"]
    rows = (" 007      1    1.5       3", " 008      1    3         6", " 009      1    0.05      0.1")
    table = "\n".join(("  id   rows   value   grad_w", *rows, ""))
    assert circuit(*words, cwd=folder).stdout == table
    assert circuit(*words, "--out", "groups.txt", cwd=folder).stdout == ""
    assert (folder / "groups.txt").read_text() == table
    fits = circuit("descend", "sum((x - k)^2)", "in.csv", "-k", "1", "--by", "id", "--to", "table", cwd=folder).stdout
    assert [line.split()[:3] for line in fits.splitlines()] == [
        ["id", "rows", "k"],
        ["007", "1", "3"],
        ["008", "1", "6"],
        ["009", "1", "0.1"],
    ]


def test_one_answer_from_all_rows_may_be_a_table_in_a_file(folder: Path) -> None:
    seen = circuit("eval", "m = mean(x)", "in.csv", cwd=folder).stdout
    assert circuit("eval", "m = mean(x)", "in.csv", "--to", "table", "--out", "m.csv", cwd=folder).stdout == ""
    assert (folder / "m.csv").read_text() == seen
    assert circuit("eval", "m = mean(x)", "in.csv", "--out", "n.csv", cwd=folder).stdout == ""
    assert (folder / "n.csv").read_text().startswith("file,rows,m\n")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_delimiter_of_what_is_written(engine: list[str], folder: Path) -> None:
    rows = [{"x": 1.5, "note": 'p;"q"'}, {"x": -2, "note": "a|b,c"}]
    (folder / "s.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert circuit("eval", "x", "s.jsonl", "--out", "s.parquet", "--columns", "x,note", cwd=folder).returncode == 0
    for name in ("s.jsonl", "s.parquet"):
        for sign, word in ((";", ";"), ("|", "|"), ("\t", "tab"), (":", ":")):
            words = ["eval", "r = 2*x", name, "--delimiter", word, *engine]
            text = circuit(*words, "--to", "csv", cwd=folder).stdout
            found = [*csv.reader(text.splitlines(), delimiter=sign)]
            assert [row[1:] for row in found] == [["note", "r"], ['p;"q"', "3.0"], ["a|b,c", "-4.0"]]
            assert circuit(*words, "--out", "s.csv", cwd=folder).returncode == 0
            assert (folder / "s.csv").read_text() == text
            headless = circuit(*words, "--to", "csv", "--no-header", cwd=folder).stdout
            assert headless == text.partition("\n")[2]
            quiet = circuit("eval", "r = 2*x; s = x", *words[2:], "--quiet", cwd=folder).stdout
            assert quiet == f"3.0{sign}1.5\n-4.0{sign}-2.0\n"
    text = circuit("eval", "r = 2*x", "s.parquet", "--delimiter", ";", *engine, cwd=folder).stdout
    assert text.startswith("x;note;r\n")  # Parquet is printed as CSV


@pytest.mark.parametrize("engine", ENGINES)
def test_groups_have_the_delimiter(engine: list[str], folder: Path) -> None:
    words = ["eval", "mean(x)", "in.json", "--by", "x", "--delimiter", ";", *engine]
    assert circuit(*words, cwd=folder).stdout == "x;rows;value\n1;1;1.0\n2.5;1;2.5\n3;1;3.0\n"
    assert circuit(*words, "--no-header", cwd=folder).stdout == "1;1;1.0\n2.5;1;2.5\n3;1;3.0\n"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_delimiter_of_csv_is_that_of_what_is_read(engine: list[str], folder: Path) -> None:
    (folder / "s.csv").write_text("x;note\n1;a,b\n")
    words = ["eval", "r = 2*x", "s.csv", "--delimiter", ";", *engine]
    assert circuit(*words, cwd=folder).stdout == "x;note;r\n1;a,b;2.0\n"
    assert circuit(*words, "--to", "csv", cwd=folder).stdout == 'x,note,r\n1,"a,b",2.0\n'


@pytest.mark.parametrize(
    "words",
    [
        ["eval", "r = 2*x", "in.jsonl"],
        ["eval", "r = 2*x", "in.jsonl", "--to", "json"],
        ["eval", "mean(x)", "in.jsonl"],
        ["eval", "mean(x)", "in.jsonl", "--by", "x", "--json"],
        ["grad", "w*x", "in.jsonl", "-w", "2", "--check"],
        ["descend", "sum((x - k)^2)", "in.jsonl", "-k", "1"],
    ],
)
@pytest.mark.parametrize("option", [["--delimiter", ";"], ["--no-header"]])
def test_what_has_no_cells_has_no_delimiter(words: list[str], option: list[str], folder: Path) -> None:
    done = circuit(*words, *option, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--delimiter and --no-header are for CSV and TSV, read or written, and in.jsonl is jsonl" in done.stderr


@pytest.mark.parametrize("sign", ["-", "+", ".", "\\"])
def test_a_delimiter_is_no_sign_within_cells(sign: str, folder: Path) -> None:
    done = circuit("eval", "r = 2*x", "in.jsonl", "--to", "csv", "--delimiter", sign, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "") and f"--delimiter {sign} stands within cells" in done.stderr


def test_a_table_without_a_header(folder: Path) -> None:
    done = circuit("eval", "r = 2*x", "in.json", "--to", "table", "--columns", "x,r", "--no-header", cwd=folder)
    assert done.stdout == " 1     2\n 2.5   5\n 3     6\n"
