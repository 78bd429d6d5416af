"""Dates and times in files are seconds since 1970, beside datetime of the standard library."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest

from circuitcli.tables.times import seconds_of
from tests.support import circuit

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def exactly(moment: datetime) -> float:
    """The seconds, rounded once."""
    past = (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)) - EPOCH
    return (past // timedelta(seconds=1)) + (past % timedelta(seconds=1)) / timedelta(seconds=1)


@pytest.mark.parametrize("seed", range(5))
def test_a_time_is_that_of_datetime(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(300):
        zone = draw.choice([None, timezone.utc, timezone(timedelta(minutes=draw.randrange(-720, 840, 15)))])
        moment = datetime(
            draw.randrange(1, 9999), draw.randrange(1, 13), draw.randrange(1, 29), draw.randrange(24),
            draw.randrange(60), draw.randrange(60), draw.choice([0, draw.randrange(10**6)]), zone,
        )  # fmt: skip
        text = moment.isoformat(sep=draw.choice("T "))
        assert seconds_of(text) == exactly(moment), text
        assert seconds_of(text.replace("+00:00", "Z")) == exactly(moment)
        assert seconds_of(moment.date().isoformat()) == exactly(datetime.combine(moment.date(), time()))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2000-02-29", 951782400.0),  # date -u -d 2000-02-29 +%s
        ("1969-12-31T23:59:59Z", -1.0),
        ("2024-01-05T06:00+02", 1704427200.0),
        ("2024-01-05 06:00:00 +0200", 1704427200.0),
        ("2024-01-05T00:00:00.000000001", 1704412800.0),
        ("2024-01-05T00:00:00,5", 1704412800.5),
    ],
)
def test_known_times(text: str, wanted: float) -> None:
    assert seconds_of(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["2023-02-29", "2024-13-01", "2024-01-05T24:00", "2024-01-05T23:60", "20240105", "2024-1-5", "05/01/2024", "12:30",
     "", "2024-01-05T", "2024-01-05T06", "٢٠٢٤-01-05", "2024-01-05T00:00:60", "2024-01-05x"],
)  # fmt: skip
def test_other_texts_are_no_times(text: str) -> None:
    assert seconds_of(text) is None


MOMENTS = [datetime(2024, 1, 5), datetime(2024, 1, 5, 6, 0, 0, 500_000), datetime(1969, 12, 31, 23, 59, 59)]


@pytest.mark.parametrize("reader", [(), ("--engine", "arrays")])
@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "arrow"])
def test_every_format_and_reader(form: str, reader: Sequence[str], tmp_path: Path) -> None:
    name = f"in.{form}"
    if form == "csv":
        (tmp_path / name).write_text("t,x\n" + "".join(f"{moment},1\n" for moment in MOMENTS))
    elif form == "jsonl":
        texts = [None, *map(str, MOMENTS)]
        (tmp_path / name).write_text("".join(json.dumps({"t": text, "x": 1}) + "\n" for text in texts))
    else:
        pa = pytest.importorskip("pyarrow")
        import pyarrow.feather
        import pyarrow.parquet

        table = pa.table({"t": pa.array(MOMENTS, pa.timestamp("us")), "x": [1.0] * 3})
        if form == "parquet":
            pyarrow.parquet.write_table(table, tmp_path / name)
        else:
            pyarrow.feather.write_feather(table, tmp_path / name, compression="uncompressed")
    done = circuit("eval", "t*x", name, "--bad-rows", "skip", "--quiet", *reader, cwd=tmp_path)
    assert [*map(float, done.stdout.split())] == [exactly(moment) for moment in MOMENTS]
    done = circuit("eval", "max(t) - min(t)", name, "--bad-rows", "skip", *reader, cwd=tmp_path)
    assert done.stderr.count(f"note: {name}: t is a time, in seconds since 1970 (UTC)\n") == 1
    other = circuit("eval", "x", name, *reader, cwd=tmp_path)
    assert other.returncode == 0 and "time" not in other.stderr  # which passes through


def test_types_of_arrow(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet

    table = pa.table(
        {
            "d": pa.array([date(2024, 1, 5), None, date(1969, 12, 31)], pa.date32()),
            "n": pa.array([MOMENTS[1], None, MOMENTS[2]], pa.timestamp("ns", "Europe/Berlin")),
            "h": pa.array([time(6, 0, 0, 500_000), None, time(23, 59)], pa.time64("us")),
            "w": pa.array([timedelta(milliseconds=1_500), None, timedelta(-1)], pa.duration("ms")),
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "in.parquet")
    words = [
        "eval",
        "a = d; b = n; c = h; v = w",
        "in.parquet",
        "--bad-rows",
        "skip",
        "--columns",
        "a,b,c,v",
        "--to",
        "csv",
    ]
    lines = circuit(*words, cwd=tmp_path).stdout.splitlines()
    assert lines[1:] == ["1704412800.0,1704434400.5,21600.5,1.5", "-86400.0,-1.0,86340.0,-86400.0"]


@pytest.mark.parametrize("reader", [(), ("--engine", "arrays")])
def test_numbers_among_times_are_no_times(reader: Sequence[str], tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("t,x\n2024-01-05,1\n5,2\n")
    done = circuit("eval", "t + x", "in.csv", *reader, cwd=tmp_path)
    assert done.returncode == 2 and 'in.csv:3: t is "5", no time' in done.stderr
    (tmp_path / "in.csv").write_text("t,x\n5,2\n2024-01-05,1\n")
    done = circuit("eval", "t + x", "in.csv", *reader, cwd=tmp_path)
    assert done.returncode == 2 and 'in.csv:3: t is "2024-01-05", no number' in done.stderr


@pytest.mark.parametrize("reader", [(), ("--engine", "arrays")])
def test_times_go_out_as_they_came(reader: Sequence[str], tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("when,x\n2024-01-05,1\nNA,2\n")
    words = ["eval", "v = when - 1", "in.csv", "--to", "jsonl", "--na", "NA", *reader]
    done = circuit(*words, "--bad-rows", "skip", cwd=tmp_path)
    assert done.stdout == '{"when":"2024-01-05","x":1,"v":1704412799.0}\n'
    assert 'when is "NA", which is missing' in done.stderr
    compared = circuit("eval", "x", "in.csv", "--where", 'when == "2024-01-05"', *reader, cwd=tmp_path)
    assert compared.stdout == "when,x,value\n2024-01-05,1,1.0\n" and "seconds" not in compared.stderr
