"""The harness of hostile input: each kind for a moment, what once broke, and that the harness itself sees faults."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.__main__ import main, table
from tests.fuzz.campaign import Report, campaign
from tests.fuzz.case import CANARY, Case, Done, load, save
from tests.fuzz.kinds import KINDS, Kind
from tests.fuzz.program import Program
from tests.fuzz.verdict import fault, malformed
from tests.support import HERE, some_slow

CORPUS = sorted((HERE / "fuzz" / "corpus").glob("*.json"))
FEW = {"texts": 120, "command lines": 60, "files": 60, "states": 60, "caches": 6, "signals": 1}  # cases: seconds in all
PLENTY = 10  # times as many, where there is time
GIB = 2**30


@pytest.mark.skipif(sys.platform == "win32", reason="limits and copies of processes are those of POSIX")
@pytest.mark.parametrize("times", some_slow([1, PLENTY], [PLENTY]))
@pytest.mark.parametrize("name", KINDS)
def test_hostile_input_finds_no_fault(name: str, times: int) -> None:
    first = 10**6 * (times > 1)
    report = campaign(name, [(seed, None) for seed in range(first, first + FEW[name] * times)])
    assert report.faults == {}
    assert report.cases == FEW[name] * times
    assert 0 < report.peak < GIB


@pytest.mark.skipif(sys.platform == "win32", reason="limits and copies of processes are those of POSIX")
@pytest.mark.parametrize("name", some_slow(KINDS, ["signals"]))
def test_what_once_broke_is_whole(name: str) -> None:
    cases = [load(path) for path in CORPUS]
    assert {kind for kind, _ in cases} == {*KINDS}
    mine = [(seed, case) for seed, (kind, case) in enumerate(cases) if kind == name]
    report = campaign(name, mine)
    assert {CORPUS[seed].name: fault for seed, fault in report.faults.items()} == {}


def test_a_seed_is_a_case() -> None:
    for kind in KINDS.values():
        assert kind.draw(Random(7)) == kind.draw(Random(7))
        assert kind.draw(Random(7)) != kind.draw(Random(8))


def test_a_case_is_kept_in_a_file(tmp_path: Path) -> None:
    for name, kind in KINDS.items():
        case = kind.draw(Random(3))
        save(tmp_path / "kept.json", name, 3, "", case)
        assert load(tmp_path / "kept.json") == (name, case)


# ── the harness sees faults ─────────────────────────────────────────────────────────────────────────────────


def drawn(chance: Random) -> Case:
    return Case(["eval", "2+3"])


def breaks(program: Program, case: Case, folder: Path) -> tuple[Done, str]:
    """Crash on one case, hang on another, and raise on a third."""
    match case.words:
        case ["crash"]:
            os.abort()
        case ["hang"]:
            time.sleep(60)
        case ["memory"]:
            b"x" * (GIB // 4)
    return KINDS["texts"].run(program, case, folder)


@pytest.mark.skipif(sys.platform == "win32", reason="limits and copies of processes are those of POSIX")
def test_crashes_hangs_and_memory_are_seen() -> None:
    words = (["eval", "2+3"], ["crash"], ["hang"], ["eval", "3"], ["memory"])
    told: list[int] = []
    report = campaign(
        "broken",
        [(seed, Case(list(line))) for seed, line in enumerate(words)],
        found=lambda seed, fault, case: told.append(seed),
        kinds={"broken": Kind(drawn, breaks, 4.0)},
    )
    assert report.faults[1].startswith("crash: exit -6")
    assert report.faults[2] == "hang: nothing for 4 s"
    assert told == [1, 2] and report.counts == {0: 2, 2: 1}
    assert report.peak > GIB // 4


@pytest.mark.skipif(sys.platform == "win32", reason="limits and copies of processes are those of POSIX")
def test_a_table_of_others_that_is_taken_is_seen() -> None:
    """The planted table is taken where nothing speaks against it."""
    (path,) = (path for path in CORPUS if path.stem == "cache-writable")
    _, case = load(path)
    report = campaign("caches", [(0, replace(case, facts={"plant": "private"}))])
    assert report.faults == {0: "status 0, b'28.0\\n'"}


@pytest.mark.parametrize(
    ("status", "out", "err", "error", "said"),
    [
        (0, b"5.0\n", b"", "", ""),
        (0, b"\xff", b"", "", "standard output is no UTF-8"),
        (1, b"", b"", "", ""),
        (2, b"", b"circuit: no\n", "", ""),
        (2, b"", b"", "", "status 2 without an error"),
        (0, b"", b"circuit: no\n", "", "status 0 with an error"),
        (99, b"", b"", "", "status 99"),
        (2, b"", b"circuit: there is not enough memory for this\n", "", "memory: not enough memory"),
        (2, b"", b"circuit: damaged: malloc of size 4096 failed\n", "", "memory: malloc of size"),
        (2, b"", b"circuit: damaged: malloc of size 140737488355328 failed\n", "", ""),
        (0, b"", b"", "Traceback\nKeyError: 3", "exception: KeyError: 3"),
        (0, b"", b"x.py:3: RuntimeWarning: divide\n", "", "standard error: x.py:3: RuntimeWarning"),
    ],
)
def test_a_verdict(status: int, out: bytes, err: bytes, error: str, said: str, tmp_path: Path) -> None:
    found = fault(Case(["eval", "2+3"]), Done(status, out, err, tmp_path, error))
    assert found.startswith(said) and bool(found) == bool(said)


@pytest.mark.parametrize(
    ("name", "said"), [(CANARY, "text of others ran"), (".out.csv.0.part", "litter"), ("given", ""), ("out.csv", "")]
)
def test_a_verdict_on_what_is_left(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("x,y\n1,2\n")
    found = fault(Case(["eval"], files={"given": b""}), Done(0, b"", b"", tmp_path))
    assert found.startswith(said) and bool(found) == bool(said)


@pytest.mark.parametrize(
    ("form", "sound", "broken"),
    [
        ("json", b'{"x": 1}', b'{"x": NaN}'),
        ("jsonl", b'{"x": 1}\n{}\n', b'{"x": 1}\n[]\n'),
        ("csv", b'x,y\n1,"2\n3"\n', b"x,y\n1\n"),
        ("tsv", b"x\ty\n1\t2\n", b"x\ty\n1\n"),
        ("parquet", b"", b"PAR1"),
        ("arrow", b"", b"ARROW1"),
        ("python", b"x = 1", b"x ="),
        ("svg", b"<svg/>", b"<svg>"),
    ],
)
def test_a_form_is_read(form: str, sound: bytes, broken: bytes) -> None:
    assert malformed(broken, form)
    assert not sound or not malformed(sound, form)


def test_rows_that_are_lost_are_seen(tmp_path: Path) -> None:
    from tests.fuzz.row_files import _lost

    (tmp_path / "out.csv").write_text("x,value\n1,2.0\n")
    case = Case(["eval"], facts={"out": "out.csv", "to": "csv", "passes": False, "rows": 3})
    told = b"note: skipped 1 of 3 rows (first: in.csv:2, x is empty)\n"
    assert _lost(Program.__new__(Program), case, Done(0, b"", told, tmp_path)) == (
        "3 rows came, 1 went out, 1 were skipped"
    )


def test_the_table_and_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    report.counts.update({0: 1200, 2: 34})
    report.faults[5] = "hang"
    lines = table({"texts": report}).splitlines()
    assert lines[0].split()[:4] == ["kind", "cases", "exit", "0"]
    assert lines[1].split()[:5] == ["texts", "1,235", "1,200", "0", "34"]
    save(tmp_path / "kept.json", "texts", 3, "", Case(["eval", "2+3"]))
    assert main(["--replay", str(tmp_path / "kept.json")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'kept.json'}: no fault\n"
