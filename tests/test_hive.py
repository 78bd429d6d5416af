"""Hive directories: the path of a file gives columns to its rows."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from circuitcli.tables.hive_paths import INTEGER, NUMBER, TEXT, TIME, hive_cells
from tests.support import apart, circuit

ENGINES: tuple[list[str], ...] = ([], ["--engine", "arrays"])
SITES = {"year=2023/site=A": [1.0, 2.0], "year=2024/site=A": [3.0], "year=2024/site=B%2FC": [4.0, 5.0]}


@pytest.fixture(params=ENGINES, ids=["plain", "arrays"])
def engine(request: pytest.FixtureRequest) -> list[str]:
    """The words that choose a reader."""
    found: list[str] = request.param
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Directories with Parquet, CSV and JSON Lines of the same rows."""
    for place, xs in SITES.items():
        inside = tmp_path / "data" / place
        inside.mkdir(parents=True)
        pq.write_table(pa.table({"x": xs, "note": ["n"] * len(xs)}), inside / "part-0.parquet")
        (inside / "a.csv").write_text("x,note\n" + "".join(f"{x},n\n" for x in xs))
        (inside / "a.jsonl").write_text("".join(f'{{"x":{x},"note":"n"}}\n' for x in xs))
    return tmp_path


FILES = "data", "data/*/*/a.csv", "data/*/*/a.jsonl"


@pytest.mark.parametrize("files", FILES)
def test_columns_of_directories(files: str, engine: list[str], folder: Path) -> None:
    done = circuit("eval", "v = x*(year - 2000)", files, "--to", "csv", *engine, cwd=folder)
    assert done.stdout == (
        "x,note,year,site,v\n1.0,n,2023,A,23.0\n2.0,n,2023,A,46.0\n3.0,n,2024,A,72.0\n"
        "4.0,n,2024,B/C,96.0\n5.0,n,2024,B/C,120.0\n"
    ), done.stderr
    done = circuit("eval", "v = 2*x", files, "--to", "jsonl", "--head", "1", *engine, cwd=folder)
    assert json.loads(done.stdout) == {"x": 1.0, "note": "n", "year": 2023, "site": "A", "v": 2.0}
    done = circuit("eval", 'sum(x) + 100*sum(site == "A")', files, "--quiet", *engine, cwd=folder)
    assert done.stdout == "315.0\n"
    done = circuit("eval", "sum(x)", files, "--where", 'site == "A" and year > 2023', *engine, "--quiet", cwd=folder)
    assert done.stdout == "3.0\n"
    done = circuit("eval", "s = sum(x)", files, "--by", "site", "--to", "jsonl", *engine, cwd=folder)
    assert [json.loads(line)["s"] for line in done.stdout.splitlines()] == [6.0, 9.0], done
    assert (
        circuit("eval", "count()", files, "--where", "year == 2024", "--quiet", *engine, cwd=folder).stdout == "3.0\n"
    )
    refused = circuit("eval", "2*site", files, *engine, cwd=folder)
    assert refused.returncode == 2 and 'site is "A", no number' in refused.stderr


def test_text_passes_in_its_form(engine: list[str], folder: Path) -> None:
    done = circuit("eval", "v = 2*x", "data/year=2023/site=A/a.csv", *engine, cwd=folder)
    assert done.stdout == "x,note,year,site,v\n1.0,n,2023,A,2.0\n2.0,n,2023,A,4.0\n"
    done = circuit("eval", "v = 2*x", "data/year=2023/site=A/a.jsonl", *engine, "--head", "1", cwd=folder)
    assert done.stdout == '{"x":1.0,"note":"n","year":2023,"site":"A","v":2.0}\n'


def test_only_directories_below_the_named_one_count(engine: list[str], folder: Path) -> None:
    done = circuit("eval", "v = 2*x", "data/year=2024", "--to", "csv", *engine, cwd=folder)
    assert done.stdout.startswith("x,note,site,v\n")
    done = circuit("eval", "v = 2*x", "a.csv", *engine, cwd=folder / "data/year=2023/site=A")
    assert done.stdout.startswith("x,note,v\n")


def test_a_column_of_the_file_wins(engine: list[str], tmp_path: Path) -> None:
    (tmp_path / "x=7").mkdir()
    (tmp_path / "x=7" / "a.csv").write_text("x,y\n1,2\n")
    assert circuit("eval", "v = x + y", "x=7/a.csv", *engine, cwd=tmp_path).stdout == "x,y,v\n1,2,3.0\n"
    (tmp_path / "x=7" / "a.jsonl").write_text('{"y":2}\n{"y":3,"x":1}\n')
    done = circuit("eval", "v = x + y", "x=7/a.jsonl", *engine, cwd=tmp_path)
    assert done.returncode == 2 and "x" in done.stderr


def test_missing_and_renamed(engine: list[str], tmp_path: Path) -> None:
    for value, x in (("1", 1), ("__HIVE_DEFAULT_PARTITION__", 2), ("03", 3)):
        (tmp_path / "d" / f"k={value}").mkdir(parents=True)
        (tmp_path / "d" / f"k={value}" / "a.csv").write_text(f"x\n{x}\n")
    words = ["eval", "v = x*k", "d/k=*/a.csv", "--to", "csv", *engine]
    assert "d/k=__HIVE_DEFAULT_PARTITION__/a.csv:2: k is missing" in circuit(*words, cwd=tmp_path).stderr
    done = circuit(*words, "--bad-rows", "skip", cwd=tmp_path)
    assert done.stdout == "x,k,v\n3,03,9.0\n1,1,1.0\n" and "skipped 1 of 3 rows" in done.stderr
    done = circuit(*words, "--bad-rows", "nan", cwd=tmp_path)
    assert done.stdout == "x,k,v\n3,03,9.0\n1,1,1.0\n2,,nan\n"
    done = circuit("eval", "v = x*m", "d/k=[01]*/a.csv", "--rename", "k=m", "--to", "jsonl", *engine, cwd=tmp_path)
    assert done.stdout == '{"x":3,"m":3,"v":9.0}\n{"x":1,"m":1,"v":1.0}\n'
    done = circuit("eval", "v = 2*x", "d/k=_*/a.csv", "--to", "jsonl", *engine, cwd=tmp_path)
    assert done.stdout == '{"x":2,"k":null,"v":4.0}\n'


def test_types_of_what_goes_out(folder: Path) -> None:
    done = circuit("eval", "v = 2*x", "data", "--out", "b.parquet", cwd=folder)
    assert done.returncode == 0, done.stderr
    found = pq.read_table(folder / "b.parquet")
    assert [str(kind) for kind in found.schema.types] == ["double", "string", "int64", "string", "double"]
    assert found["year"].to_pylist() == [2023, 2023, 2024, 2024, 2024]


def test_dates(engine: list[str], tmp_path: Path) -> None:
    for day in ("1970-01-02", "1970-01-03"):
        (tmp_path / "d" / f"day={day}").mkdir(parents=True)
        (tmp_path / "d" / f"day={day}" / "a.csv").write_text("x\n1\n")
    done = circuit("eval", "v = day/86400", "d/day=*/a.csv", *engine, cwd=tmp_path)
    assert done.stdout == "x,day,v\n1,1970-01-02,1.0\n1,1970-01-03,2.0\n" and "day is a time" in done.stderr


def test_files_with_other_directories_are_refused(engine: list[str], folder: Path) -> None:
    (folder / "b.csv").write_text("x,note\n1,n\n")
    done = circuit("eval", "v = 2*x", "data/year=2023/site=A/a.csv", "b.csv", *engine, cwd=folder)
    assert done.returncode == 2 and "it lacks year and site" in done.stderr


def test_kinds() -> None:
    paths = [f"d/a={a}/b={b}/c={c}/e={e}/f" for a, b, c, e in [("1", "1.5", "2024-01-05", "x"), ("02", "2", "", "3")]]
    kinds = [[cell.kind for cell in cells] for cells in hive_cells([(path, "d") for path in paths])]
    assert kinds == [[INTEGER, NUMBER, TIME, TEXT]] * 2
    (cells,) = hive_cells([("s3://u=v@b/k=1/=2/n=a%3Db/x=5?q=1/y=2/f", "s3://u=v@b/k=1/*")])
    assert [(cell.name, cell.text) for cell in cells] == [("k", "1"), ("n", "a=b")]


def test_on_a_cluster(folder: Path) -> None:
    pytest.importorskip("distributed")
    for files in FILES:
        words = ["eval", "v = x*(year - 2000)", files, "--where", 'site != "A"', "--to", "csv"]
        here = circuit(*words, cwd=folder)
        there = apart(*words, "--cluster", "local", "--jobs", "1", cwd=folder)
        assert (there.returncode, there.stdout) == (0, here.stdout) and "4.0,n,2024,B/C,96.0\n" in here.stdout


def test_a_directory_stands_for_its_files_of_text(tmp_path: Path) -> None:
    for year in (2023, 2024):
        folder = tmp_path / "data" / f"year={year}"
        folder.mkdir(parents=True)
        (folder / "a.csv").write_text("x\n1\n2\n")
    done = circuit("eval", "r = x + year", "data", "--columns", "year,r", cwd=tmp_path)
    assert done.stdout.split() == ["year,r", "2023,2024.0", "2023,2025.0", "2024,2025.0", "2024,2026.0"]
    (tmp_path / "data" / "b.jsonl").write_text('{"x": 1}\n')
    done = circuit("eval", "r = x", "data", cwd=tmp_path)
    assert done.returncode == 2 and "data is a directory with JSON Lines and CSV files" in done.stderr
