"""The table of formats: what a row says holds, and a row that is added is all that a format needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from circuitcli.cli.trace_file import read_trace
from circuitcli.tables.file_table import Table
from circuitcli.tables.formats import FORMATS, form_named, format_named
from circuitcli.tables.joined_files import table_of
from circuitcli.tables.output_columns import output_columns
from circuitcli.tables.output_files import writer_on
from circuitcli.tables.row_writer import Writer
from circuitcli.tables.streams import Stream
from tests.support import HERE, circuit

Runner = Callable[..., tuple[int, str, str]]  # of words, and what it is given
WITH_PIPES = """
import json, sys
from pathlib import Path
from circuitcli.tables.formats import FORMATS
FORMATS["psv"] = FORMATS["csv"]._replace(
    name="psv", title="PSV", endings=(".psv", ".pipes"), separator="|", in_folders=True
)
from tests.support import circuit
for line in sys.stdin:
    folder, words, stdin = json.loads(line)
    done = circuit(*words, stdin=stdin, cwd=Path(folder))
    print(json.dumps([done.returncode, done.stdout, done.stderr]), flush=True)
"""
ROWS = 'id|x|note\n007|3|plain\n008|-4|"a|b"\n009|0.5|"a ""b"""\n'
SQUARED = 'id|x|note|value\n007|3|plain|9.0\n008|-4|"a|b"|16.0\n009|0.5|"a ""b"""|0.25\n'
SLOPES = 'id|x|note|value|grad_x\n007|3|plain|9.0|6.0\n008|-4|"a|b"|16.0|-8.0\n009|0.5|"a ""b"""|0.25|1.0\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.psv").write_text(ROWS)
    (tmp_path / "plain.txt").write_text(ROWS)
    (tmp_path / "many").mkdir()
    (tmp_path / "many" / "1.psv").write_text(ROWS)
    (tmp_path / "many" / "2.psv").write_text("id|x|note\n010|1|\n")
    (tmp_path / "a.csv").write_text("x,note\n1,a|b\n2,\n")
    return tmp_path


@pytest.fixture(scope="module")
def with_pipes() -> Iterator[subprocess.Popen[str]]:
    """A process with the added format, which every table of options knows that is made in it: it runs many commands."""
    env, pipe = {**os.environ, "PYTHONPATH": str(HERE.parent)}, subprocess.PIPE
    command = [sys.executable, "-c", WITH_PIPES]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=env, encoding="utf-8") as process:
        yield process
        process.communicate(timeout=60)


@pytest.fixture
def done(with_pipes: subprocess.Popen[str], folder: Path) -> Runner:
    def run(*words: str, stdin: str = "") -> tuple[int, str, str]:
        assert with_pipes.stdin and with_pipes.stdout
        print(json.dumps([str(folder), words, stdin]), file=with_pipes.stdin, flush=True)
        status, out, err = json.loads(with_pipes.stdout.readline())
        return status, out, err

    return run


@pytest.fixture
def run(done: Runner) -> Callable[..., str]:
    """`circuit` with the added format: what it prints, where nothing is wrong."""

    def printed(*words: str, stdin: str = "") -> str:
        status, out, err = done(*words, stdin=stdin)
        assert (status, err) == (0, "")
        return out

    return printed


def test_a_format_is_a_row(run: Callable[..., str], folder: Path) -> None:
    assert run("eval", "x^2", "a.psv") == SQUARED
    assert run("grad", "x^2", "a.psv") == SLOPES
    assert run("eval", "x^2", "-", stdin=ROWS) == SQUARED  # told by its first line
    assert run("eval", "x^2", "plain.txt", "--from", "psv") == SQUARED
    assert run("eval", "x^2", "a.psv", "--rename", "note=n") == SQUARED.replace("note", "n")
    assert run("eval", "x^2", "many") == SQUARED + "010|1||1.0\n"
    assert run("eval", "sum(x)", "a.psv", "--quiet") == "-0.5\n"


def test_a_format_is_written(run: Callable[..., str], folder: Path) -> None:
    for name in ("out.psv", "out.pipes"):
        assert run("grad", "x^2", "a.psv", "--out", name) == ""
        assert (folder / name).read_text() == SLOPES
    assert run("eval", "x^2", "a.csv", "--to", "psv") == 'x|note|value\n1|"a|b"|1.0\n2||4.0\n'
    assert run("eval", "x^2", "a.psv", "--to", "csv", "--columns", "id,note,value") == (
        'id,note,value\n007,plain,9.0\n008,a|b,16.0\n009,"a ""b""",0.25\n'
    )
    assert run("eval", "x", "a.psv", "--columns", "note,value", "--to", "jsonl").splitlines() == [
        '{"note":"plain","value":3.0}',
        '{"note":"a|b","value":-4.0}',
        '{"note":"a \\"b\\"","value":0.5}',
    ]
    assert run("grad", "x*y", "-x", "2", "-y", "3", "--to", "psv") == "x|y|value|grad_x|grad_y\n2.0|3.0|6.0|3.0|2.0\n"
    assert run("eval", "sum(x)", "a.psv", "--to", "psv") == "file|rows|value\na.psv|3|-0.5\n"
    for name in ("a.parquet", "a.arrow", "a.jsonl"):
        assert run("eval", "x^2", "a.psv", "--columns", "id,note,value", "--out", name) == ""
        assert run("eval", "v = value", name, "--to", "psv", "--columns", "id,note").splitlines()[2] == '008|"a|b"'


def test_the_ending_of_one_answer_tells_a_document_or_rows() -> None:
    told = {"a.json": "json", "A.JSON": "json", "a.json.gz": "json", "a.jsonl": "jsonl", "a.tab": "tsv", "a.txt": ""}
    assert {name: form_named(name) for name in told} == told


WAY = "step|x|value|grad_x\n0|3.0|9.0|6.0\n1|1.5|2.25|3.0\n2|0.75|0.5625|1.5\n"


def test_a_trace_has_any_format(run: Callable[..., str], folder: Path) -> None:
    """An ascent writes what a plot reads, whatever the name of the file."""
    words = ("descend", "x^2", "-x", "3", "--step", "0.25", "--steps", "2", "--quiet")
    for name in ("way.psv", "WAY.PSV", "way.pipes"):
        run(*words, "--trace", name)
        assert (folder / name).read_text() == WAY
        run("plot", "x^2", "--path", name, "--out", "way.svg")
    assert run(*words, "--trace", "-", "--to", "psv") == WAY
    run("plot", "x^2", "--path", "-", "--out", "piped.svg", stdin=WAY)  # told by its first line
    assert (folder / "piped.svg").read_text() == (folder / "way.svg").read_text()


@pytest.mark.parametrize("ending", [ending for row in FORMATS.values() for ending in row.endings])
def test_a_plot_reads_the_trace_of_every_ending(ending: str, tmp_path: Path) -> None:
    words = ("descend", "x^2", "-x", "3", "--step", "0.25", "--steps", "2", "--quiet")
    for name in (f"way{ending}", f"WAY{ending.upper()}"):
        assert circuit(*words, "--trace", name, cwd=tmp_path).returncode == 0
        form = format_named(name)
        assert form is not None
        head = (tmp_path / name).read_text().splitlines()[0]
        assert head.split(form.separator) == ["step", "x", "value", "grad_x"] if form.separator else head[0] == "{"
        (way,) = read_trace(str(tmp_path / name))
        assert (way.steps, way.at, way.values) == (["0", "1", "2"], {"x": [3.0, 1.5, 0.75]}, [9.0, 2.25, 0.5625])


def test_groups_have_any_format(run: Callable[..., str], folder: Path) -> None:
    (folder / "sites.psv").write_text("site|t|y\na|1|2\na|2|4\na|3|6\nb|1|3\nb|2|6\nb|3|9\n")
    words = ("descend", "sum((y - k*t)^2)", "sites.psv", "-k", "1", "--by", "site", "--method", "lbfgs")
    lines = [line.split("|") for line in run(*words, "--to", "psv").splitlines()]
    assert lines[0][:3] == ["site", "rows", "k"]
    assert [(site, rows, round(float(k), 6)) for site, rows, k, *_ in lines[1:]] == [("a", "3", 2.0), ("b", "3", 3.0)]


def test_an_added_format_has_the_errors_of_the_others(done: Runner, folder: Path) -> None:
    status, _, err = done("eval", "x", "a.psv", "--names", "a,b", "--from", "jsonl")
    assert (status, "--names is for CSV and TSV and PSV without a header, and a.psv is jsonl" in err) == (2, True)
    (folder / "b.psv").write_text("x|y\n1|2\none|2\n")
    status, _, err = done("eval", "x", "b.psv")
    assert (status, 'b.psv:3: x is "one", no number' in err) == (2, True)


@pytest.mark.parametrize("name", FORMATS)
def test_a_row_says_what_holds(name: str, folder: Path) -> None:
    """Its reader is a table and its writer a writer; each reads what the other writes, and tells it by its bytes."""
    form = FORMATS[name]
    assert form.name == name and FORMATS.get(form.printed or "csv") is not None
    assert all(format_named(f"a{ending}{packing}") is form for ending in form.endings for packing in ("", ".gz"))
    stream = Stream(str(folder / "a.csv"))
    table = table_of(stream)
    assert isinstance(table, Table)
    path = folder / "a"
    with path.open("wb") as file:
        writer = writer_on(file, table, output_columns(table, form, [], None))
        assert isinstance(writer, Writer)
        writer.close()
    stream.close()
    again = Stream(str(path))
    if not form.keyed:  # a key that no row has is not there
        found = table_of(again)
        assert found.format is form and found.columns == ["x", "note"]
    again.close()


def test_a_format_without_quotes_reads_back_any_cell(folder: Path) -> None:
    """A separator in a cell or in a name is escaped, in rows and in answers."""
    (folder / "odd.csv").write_text('x,"a\tb","q""x"\n1,"t\tt","back\\slash"\n')
    written = circuit("eval", "x", "odd.csv", "--to", "tsv", cwd=folder).stdout
    assert written == 'x\ta\\tb\tq"x\tvalue\n1\tt\\tt\tback\\\\slash\t1.0\n'
    back = circuit("eval", "y = x", "-", "--to", "csv", "--columns", 'a\tb,q"x', stdin=written, cwd=folder)
    assert back.stdout == 'a\tb,"q""x"\nt\tt,back\\slash\n'


def test_an_answer_of_no_rows_is_no_line() -> None:
    for to in ("csv", "tsv", "jsonl"):
        assert circuit("grad", "x", "-x", "1", "--explain", "--to", to).stdout == ""


def test_no_column_takes_the_place_of_another() -> None:
    done = circuit("grad", "sigma*2", "-sigma", "3±0.1", "--to", "csv")
    assert (done.returncode, "two columns sigma" in done.stderr) == (2, True)
    done = circuit("grad", "hess_x_x*x", "-x", "3", "-hess_x_x", "1", "--hessian", "--to", "csv")
    assert (done.returncode, "two columns hess_x_x" in done.stderr) == (2, True)
