"""`--cluster`: the same answers as on one machine, to the bit, whoever works on what and whoever dies."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

from circuitcli.cli import run
from circuitcli.cluster.connection import Cluster, connected
from circuitcli.cluster.dataset import Dataset, Part
from circuitcli.cluster.partition import Partition
from circuitcli.cluster.remote import ClusterRunner
from circuitcli.cluster.worker import passed
from circuitcli.errors import ClusterError, FileError
from circuitcli.extras import installing
from circuitcli.tables.batch import Batch, Wanted
from circuitcli.tables.file_table import Stretch
from circuitcli.tables.formats import FORMATS
from circuitcli.tables.joined_files import Reading, table_of
from circuitcli.tables.pieces import UNIT
from circuitcli.tables.streams import Stream
from tests.support import FILES, apart, circuit, some_slow, until
from tests.workers import Workers, deadly

pytestmark = pytest.mark.skipif(find_spec("distributed") is None, reason="distributed is not installed")

CIRCUIT = "r = tanh(w*x) + log1p(exp(x*y))"
FIT = "mean((y - a*exp(-b*x))^2)"
ROWS, GROUP = 30_000, 7_000


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    found = Workers(tmp_path_factory.mktemp("workers"), 2)
    yield found
    found.close()


@pytest.fixture
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    """Workers; a test may kill some."""
    found = Workers(tmp_path_factory.mktemp("mortal"), 2)
    yield found
    found.close()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Parquet, CSV and JSON Lines of the same rows, in four files each."""
    folder = tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(3)
    for i in range(4):
        x = rng.uniform(0.0, 2.0, ROWS)
        y = 2.5 * np.exp(-1.3 * x) + rng.normal(size=ROWS) / 50
        table = pa.table({"id": [f"{i}-{k:05d}" for k in range(ROWS)], "x": x, "y": y})
        pq.write_table(table, folder / f"{i}.parquet", row_group_size=GROUP)
        pyarrow.csv.write_csv(table, folder / f"{i}.csv")
        rows = table.slice(0, 3000).to_pylist()
        (folder / f"{i}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def both(words: list[str], folder: Path, workers: Workers, **env: str) -> str:
    """The output of a command, which must be equal on one machine and on a cluster."""
    alone = circuit(*words, cwd=folder, **env)
    there = apart(*words, "--cluster", workers.address, cwd=folder, **env)
    assert (there.stdout, there.returncode, there.stderr) == (alone.stdout, alone.returncode, alone.stderr)
    return alone.stdout


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_unreadare_those_of_one_machine(form: str, data: Path, workers: Workers) -> None:
    files = [f"{i}.{form}" for i in range(4)]
    shown = both(["grad", CIRCUIT, *files, "-w", "1.5"], data, workers)
    assert shown.count("\n") == (12_000 if form == "jsonl" else 4 * ROWS + 1)
    both(["grad", CIRCUIT, *files, "-w", "1.5", "--columns", "id,grad_w", "--to", "csv"], data, workers)


def test_one_file_is_gathered_in_order(data: Path, workers: Workers, tmp_path: Path) -> None:
    for name, place in (("alone", []), ("there", ["--cluster", workers.address])):
        for form in ("parquet", "csv", "csv.gz"):
            out = str(tmp_path / f"{name}.{form}")
            assert apart("grad", CIRCUIT, "[0-3].parquet", "-w", "2", "--out", out, *place, cwd=data).returncode == 0
    for form in ("csv", "csv.gz"):
        assert (tmp_path / f"there.{form}").read_bytes() == (tmp_path / f"alone.{form}").read_bytes()
    alone, there = (pq.read_table(tmp_path / f"{name}.parquet") for name in ("alone", "there"))
    assert there.equals(alone)


def test_a_dataset_has_a_part_for_each_partition(data: Path, workers: Workers, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = apart(
        "grad", CIRCUIT, "[0-3].parquet", "-w", "2", "--out", f"{out}/", "--cluster", workers.address, cwd=data
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(p.name for p in out.iterdir()) == ["_SUCCESS", *(f"part-0000000{i}.parquet" for i in range(4))]
    found = pyarrow.dataset.dataset(out).to_table()
    source = pa.concat_tables([pq.read_table(data / f"{i}.parquet") for i in range(4)])
    x, y = (source[name].to_numpy() for name in "xy")
    assert found["id"].equals(source["id"])
    np.testing.assert_allclose(found["r"], np.tanh(2 * x) + np.log1p(np.exp(x * y)), rtol=1e-14)
    np.testing.assert_allclose(found["grad_w"], x / np.cosh(2 * x) ** 2, rtol=1e-13)
    again = apart("eval", "mean(r)", str(out), "--quiet", "--cluster", workers.address)
    np.testing.assert_allclose(float(again.stdout), np.mean(np.tanh(2 * x) + np.log1p(np.exp(x * y))), rtol=1e-14)


def test_a_command_is_done_again_into_another_dataset(data: Path, workers: Workers, tmp_path: Path) -> None:
    """The workers remember the circuit of an equal command, and not its directory."""
    for out in (tmp_path / "first", tmp_path / "second"):
        words = ["eval", "x*y", "0.csv", "--out", f"{out}/", "--cluster", workers.address]
        done = circuit(*words, cwd=data)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert sorted(p.name for p in out.iterdir()) == ["_SUCCESS", "part-00000000.csv"]


def test_a_dataset_of_text_has_a_header_in_each_part(data: Path, workers: Workers, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()  # an empty directory is as good as none
    words = ["eval", "x*y", "0.csv", "1.csv", "--out", str(out), "--cluster", workers.address]
    assert apart(*words, cwd=data).returncode == 0
    alone = [circuit("eval", "x*y", f"{i}.csv", cwd=data).stdout for i in range(2)]
    assert [(out / f"part-0000000{i}.csv").read_text() for i in range(2)] == alone
    refused = apart(*words, cwd=data)
    assert refused.returncode == 2 and "has files in it" in refused.stderr


def test_an_error_leaves_no_dataset(data: Path, workers: Workers, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("id,x,y\n1,2,3\n2,zz,3\n")
    words = ["eval", "x*y", "0.csv", "1.csv", str(tmp_path / "bad.csv"), "2.csv", "--out", f"{tmp_path}/out/"]
    done = apart(*words, "--cluster", workers.address, cwd=data)
    assert done.returncode == 2
    assert f'{tmp_path}/bad.csv:3: x is "zz", no number' in done.stderr
    assert not (tmp_path / "out").exists()


def test_files_must_fit_together(data: Path, workers: Workers) -> None:
    for other in ("1.parquet", "1.jsonl", str(FILES / "decay.csv")):
        both(["eval", "x*y", "0.csv", other], data, workers)
        both(["eval", "mean(x*y)", "0.csv", other], data, workers)


def test_bad_rows(workers: Workers, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n3,4\n")
    (tmp_path / "b.csv").write_text("x,y\n5,\n-1,0\n")
    for more in ([], ["--bad-rows", "skip"], ["--bad-rows", "nan"]):
        both(["eval", "log(x) + y", "a.csv", "b.csv", *more], tmp_path, workers)
        both(["eval", "mean(log(x) + y)", "a.csv", "b.csv", *more], tmp_path, workers)


def test_the_check_goes_through_every_row(data: Path, workers: Workers, tmp_path: Path) -> None:
    lines = (data / "0.csv").read_text().splitlines(keepends=True)[:60]
    (tmp_path / "words.csv").write_text("".join([*lines, "last,zz,1\n", "more,-3,1\n"]))
    for words in (["--claim", "x = 2*x*y; y = x*abs(x)"], ["--check", "--json"]):
        both(["grad", "x^2*y", "words.csv", "--bad-rows", "skip", *words], tmp_path, workers)


def test_tasks_share_the_unreadto_check(data: Path, large: Path, workers: Workers, tmp_path: Path) -> None:
    """The first that is wrong, and the bad one, are found where they are."""
    table = pq.read_table(data / "0.parquet").slice(0, 700)
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=150)
    late = float(np.sort(table["x"].to_numpy())[-20])  # the claim is wrong in the nineteen rows above
    shown = both(["grad", "x^2*y", "a.parquet", "--claim", f"x = 2*min(x, {late!r})*y; y = x^2"], tmp_path, workers)
    assert shown.splitlines()[1].split() == ["x", "681", "19"]
    lines = (data / "0.csv").read_text().splitlines(keepends=True)[:700]
    (tmp_path / "b.csv").write_text("".join([*lines[:400], "bad,zz,1\n", *lines[400:]]))
    for policy in ("error", "skip", "nan"):
        both(["grad", "x^2*y", "b.csv", "--check", "--json", "--bad-rows", policy], tmp_path, workers)
    (tmp_path / "none.csv").write_text("x,y\n")
    both(["grad", "x^2*y", "none.csv", "--check"], tmp_path, workers)
    both(["grad", "x^2", large.name, "--claim", "x = min(2*x, 9)"], large.parent, workers)


@pytest.mark.parametrize("rows", [(3, 3000), (3000, 3), (0, 9000), (2, 2, 2), (20_000,)])
def test_a_check_has_tasks_for_all(rows: tuple[int, ...], tmp_path: Path) -> None:
    """Whatever the first file says of how many rows there are."""
    names = [str(tmp_path / f"{i}.parquet") for i in range(len(rows))]
    for name, count in zip(names, rows, strict=True):
        x = np.random.default_rng(1).random(count)
        pq.write_table(pa.table({"x": x}), name)

    class Alone:
        threads, ahead, look = 2, 10, staticmethod(lambda: None)

        def call(self, action: Callable[..., Any], *arguments: Any) -> Any:
            return action(*arguments)

    tasks = list(ClusterRunner(Alone(), names, Reading())._shares())  # type: ignore[arg-type]
    shared = [[task[0].share[0] for task in tasks if i in [p.number for p in task]] for i in range(len(rows))]
    assert all(found == [*range(len(found))] or found == [0] for found in shared)
    assert len(tasks) >= (1 if sum(rows) < 10 else 3) and len(tasks) <= 16 * len(rows)
    if rows == (20_000,):
        assert len(tasks) >= 8


def test_the_first_that_is_wrong_may_be_found_later(workers: Workers, tmp_path: Path) -> None:
    """Sixteen tasks share the second stretch, which begins with row 135: the last of them has 150, which is the first
    that is wrong, the first of them has 151."""
    with (tmp_path / "a.csv").open("w") as file:
        file.write("note,x\n")
        file.writelines(f"{'x' * 500_000},{i}\n" for i in range(160))
    words = ["grad", "x^2", "a.csv", "--claim", "x = min(2*x, 298)"]
    done = apart(*words, "--cluster", workers.address, cwd=tmp_path)
    assert done.stderr == "note: 10 of 160 rows do not agree, the first at a.csv:152 (x: claimed 298, slope 300)\n"


# ── stretches of text ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_stretches_are_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a file whose rows span lines the stretches, done in order, have each row once."""

    def numbers(batch: Batch | None) -> list[float]:
        return [] if batch is None else list(batch.columns["x"])

    unit, wanted = 1024, Wanted(["x"])
    for module in ("pieces", "text_family"):
        monkeypatch.setattr(f"circuitcli.tables.{module}.UNIT", unit)
    rng = random.Random(4)
    for trial in range(60):
        cells = ["plain", '"a, b"', '"two\nlines"', '"a ""word"""', '"' + "long\n" * rng.randint(1, 500) + '"']
        rows = [f"{rng.choice(cells)},{rng.random()}\n" for _ in range(rng.randint(1, 200))]
        path = tmp_path / f"{trial}.csv"
        mark = rng.choice(("", "\ufeff"))
        path.write_text("".join([mark, "name,x\n", *rows]).rstrip("\n" * rng.randint(0, 1)), encoding="utf-8")
        stream = Stream(str(path))
        table = table_of(stream)
        found, lines, end, line, width = [], [], 0, 1, rng.randint(1, 3)
        for number in range(0, -(-path.stat().st_size // unit), width):
            units = range(number, number + width)
            stretch = Stretch(units, None, None)
            pieces = list(table.pieces(wanted, stretch))
            if number:
                guess = stretch.begin, pieces
                stretch = Stretch(units, end, line)
                pieces = list(table.pieces(wanted, stretch))
                if guess[0] == end:
                    assert [numbers(unread.batch()) for unread in guess[1]] == [
                        numbers(unread.batch()) for unread in pieces
                    ]
            for unread in pieces:
                batch = unread.batch()
                found += numbers(batch)
                lines += [batch.at(i) for i in range(batch.size)] if batch is not None else []
            assert stretch.line is not None
            end, line = stretch.end, stretch.line
        stream.close()
        assert found == [float(row.rpartition(",")[2]) for row in rows]
        places = np.cumsum([2, *(row.count("\n") for row in rows)])[:-1]
        assert lines == places.tolist()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of two stretches; the second begins inside of quotes."""
    path = tmp_path_factory.mktemp("large") / "large.csv"
    filler = '"' + ("x" * 1999 + "\n") * 1_000 + '"'
    rows = [f"{filler},{i / 8},{i}\n" for i in range(40)]
    path.write_text("note,x,y\n" + "".join(rows))
    assert UNIT < path.stat().st_size < 2 * UNIT
    return path


def test_a_large_text_is_cut_at_row_ends(large: Path, workers: Workers) -> None:
    shown = both(["eval", "x*y", large.name, "--columns", "y,value"], large.parent, workers)
    assert shown == "y,value\n" + "".join(f"{i},{i / 8 * i!r}\n" for i in range(40))
    both(["grad", "mean(w*x*y)", large.name, "-w", "3", "--json"], large.parent, workers)
    both(["grad", "x^2", large.name, "--claim", "x = x*min(2*x, 9)/x"], large.parent, workers)


def test_lines_are_counted_over_the_whole_file(large: Path, workers: Workers, tmp_path: Path) -> None:
    shutil.copy(large, tmp_path / "bad.csv")
    with (tmp_path / "bad.csv").open("a") as file:
        file.write("end,zz,1\nend,-1,1\n")
    where = 40 * 1_001 + 2
    for more in ([], ["--bad-rows", "skip"]):
        both(["eval", "mean(log(x))", "bad.csv", *more], tmp_path, workers)
        words = ["eval", "log(x)", "bad.csv", "--columns", "value", *more]
        alone, there = (apart(*words, *place, cwd=tmp_path) for place in ([], ["--cluster", workers.address]))
        assert (there.returncode, there.stderr) == (alone.returncode, alone.stderr)
        assert f"bad.csv:{where}" in there.stderr


# ── one answer ──────────────────────────────────────────────────────────────────────────────────────────────


AGGREGATES = "mean((y - w*x)^2) + std(w*y) + logsumexp(w*x*y) + max(w*x) + sum(x)/count()"


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_answers_are_the_same_bits(form: str, data: Path, workers: Workers) -> None:
    shown = both(["grad", AGGREGATES, f"[0-3].{form}", "-w", "0.7", "--json"], data, workers)
    table = pa.concat_tables([pq.read_table(data / f"{i}.parquet") for i in range(4)])
    x, y = (table[name].to_numpy() for name in "xy")

    def value(w: float) -> float:
        squares, spread = np.mean((y - w * x) ** 2), np.std(w * y, ddof=1)
        return float(squares + spread + np.log(np.sum(np.exp(w * x * y))) + np.max(w * x) + np.mean(x))

    found = json.loads(shown)
    assert found["value"] == pytest.approx(value(0.7), rel=1e-13)
    assert found["gradient"]["w"] == pytest.approx((value(0.7 + 1e-6) - value(0.7 - 1e-6)) / 2e-6, rel=1e-8)


def test_named_results_are_those_of_one_machine(data: Path, workers: Workers) -> None:
    found = json.loads(both(["eval", "m = mean(x); s = std(x); l = max(y)", "[0-3].csv", "--json"], data, workers))
    x, y = (np.concatenate([pq.read_table(data / f"{i}.parquet")[name].to_numpy() for i in range(4)]) for name in "xy")
    assert (found["m"], found["s"], found["l"]) == pytest.approx((x.mean(), x.std(ddof=1), y.max()), rel=1e-12)
    rows = both(["grad", "r = hypot(x, y); t = w*x", "0.csv", "-w", "2", "--columns", "r,grad_w"], data, workers)
    assert rows.startswith("r,grad_w\n") and rows.count("\n") == ROWS + 1


@pytest.mark.xdist_group("cluster")
@pytest.mark.parametrize("jobs", some_slow(["1", "2", "4"], ["1", "2", "4"]))
def test_any_number_of_workers_of_its_own(jobs: str, data: Path) -> None:
    words = ["grad", AGGREGATES, "[0-3].parquet", "-w", "0.7", "--json"]
    done = apart(*words, "--cluster", "local", "--jobs", jobs, cwd=data)
    assert (done.stdout, done.stderr) == (circuit(*words, cwd=data).stdout, "")


# ── ascents ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", ["auto", "lbfgs", "adam:b1=0.8"])
@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_ascents_take_the_same_steps(form: str, method: str, data: Path, workers: Workers) -> None:
    words = ["descend", FIT, f"[0-3].{form}", "-a", "1", "-b", "1", "--method", method, "--trace", "-"]
    trace = both([*words, "--max-steps", "30", "--allow-nonfinite"], data, workers)
    last = json.loads(trace.splitlines()[-1])
    if not method.startswith("adam"):
        assert (last["a"], last["b"]) == pytest.approx((2.5, 1.3), abs=0.01)


def test_standard_errors(data: Path, workers: Workers) -> None:
    from scipy.optimize import curve_fit

    words = ["descend", FIT, "[0-3].parquet", "-a", "1", "-b", "1", "--json"]
    found = [json.loads(apart(*words, *there, cwd=data).stdout) for there in ([], ["--cluster", workers.address])]
    assert found[0].pop("seconds") and found[1].pop("seconds")
    assert found[0] == found[1]
    table = pa.concat_tables([pq.read_table(data / f"{i}.parquet") for i in range(4)])
    x, y = (table[name].to_numpy() for name in "xy")
    best, covariance = curve_fit(lambda x, a, b: a * np.exp(-b * x), x, y, (1.0, 1.0), ftol=1e-14, xtol=1e-14)
    assert list(found[1]["inputs"].values()) == pytest.approx(best, rel=1e-7)
    errors = np.sqrt(np.diag(covariance))
    assert list(found[1]["uncertainty"]["stderr"].values()) == pytest.approx(errors, rel=1e-5)


def test_unreadthat_do_not_fit_are_read_again(data: Path, large: Path, workers: Workers) -> None:
    code = "from circuitcli.cluster import held_rows; held_rows.SHARE = 0.0; from circuitcli.cli import main; main()"
    for folder, words in (
        (data, [FIT, "[0-3].csv", "-a", "1", "-b", "1", "--max-steps", "5", "--trace", "-"]),
        (large.parent, ["mean((y - w*x)^2)", large.name, "-w", "1", "--method", "lbfgs", "--trace", "-"]),
    ):
        command = [sys.executable, "-c", code, "descend", *words, "--cluster", workers.address]
        there = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=300)
        assert there.stdout == circuit("descend", *words, cwd=folder).stdout


def test_workers_may_die_in_an_ascent(data: Path, mortal: Workers) -> None:
    words = ["descend", FIT, "[0-3].parquet", "-a", "1", "-b", "1", "--method", "adam", "--max-steps", "200"]
    survived([*words, "--trace", "-", "--gtol", "0.1"], data, mortal, 2)


def test_groups_want_one_machine(data: Path) -> None:
    done = apart("descend", FIT, "0.csv", "-a", "1", "-b", "1", "--by", "id", "--cluster", "local", cwd=data)
    assert done.returncode == 2 and "--by wants the rows of a group in one place" in done.stderr


# ── what goes wrong ─────────────────────────────────────────────────────────────────────────────────────────


def started(words: list[str], folder: Path, **env: str) -> subprocess.Popen[str]:
    """A command that runs beside."""
    return subprocess.Popen(
        [sys.executable, "-m", "circuitcli", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder,
        env={**os.environ, "PYTHONPATH": str(FILES.parent.parent.parent), **env},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler), start_new_session=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty files of rows that take a while, when their gradient is checked."""
    folder = tmp_path_factory.mktemp("long")
    rng = np.random.default_rng(6)
    for i in range(40):
        pq.write_table(
            pa.table({"x": rng.uniform(1, 2, 200), "y": rng.uniform(1, 2, 200)}), folder / f"{i:02d}.parquet"
        )
    return folder


def killed(workers: Workers, command: subprocess.Popen[str], times: int) -> int:
    """Kill a worker up to so many times while a command runs, and answer how often."""
    rng, count = random.Random(7), 0
    with workers.client() as client:
        while count < times and command.poll() is None:
            until(lambda: command.poll() is not None or workers.busy(client))  # another has been started
            if (pids := workers.pids()) and command.poll() is None:
                os.kill(rng.choice(pids), signal.SIGKILL)
                count += 1
                until(lambda: not workers.busy(client) or command.poll() is not None)
    return count


def survived(words: list[str], folder: Path, workers: Workers, times: int) -> None:
    """Kill so many workers while a command runs, again if it is through before, and see that the answer is right."""
    alone = circuit(*words, cwd=folder)
    while times > 0:
        command = started([*words, "--cluster", workers.address], folder)
        times -= killed(workers, command, times)
        out, errors = command.communicate(timeout=300)
        assert (out, errors, command.returncode) == (alone.stdout, alone.stderr, alone.returncode)


def test_workers_may_die(long: Path, mortal: Workers) -> None:
    survived(["grad", "x^2*y/(x + y)", "*.parquet", "--check", "--json"], long, mortal, 5)


def test_an_error_of_the_library_is_a_sentence(workers: Workers) -> None:
    known: dict[str, Any] = {"__name__": "distributed.core"}
    exec("def fail(): (a, b), = [[1]]", known)
    with pytest.raises(ClusterError, match=r"failed: ValueError: not"), connected(workers.address, 0, print):
        known["fail"]()
    with pytest.raises(ValueError), connected(workers.address, 0, print) as cluster:

        def send(chance: int) -> Future[int]:
            future: Future[int] = Future()
            try:
                future.set_result(chance if chance > 1 else known["fail"]())
            except ValueError as error:
                future.set_exception(error)
            return future

        assert cluster.insist(send).result() == 2
        int("ours")


def test_a_task_may_have_bad_luck_five_times(mortal: Workers, tmp_path: Path) -> None:
    """More often than Dask by itself allows; but there is an end, for a task may be what kills them."""
    with connected(mortal.address, 0, print) as cluster:
        assert cluster.call(deadly, str(tmp_path / "five"), 5) == 6
    with pytest.raises(ClusterError, match="8 workers died"), connected(mortal.address, 0, print) as cluster:
        cluster.call(deadly, str(tmp_path / "always"), 100)


def test_who_holds_unreadmay_die_too_often(
    data: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Then they are read again."""
    from distributed.scheduler import KilledWorker

    words = ["descend", FIT, "[0-3].parquet", "-a", "1", "-b", "1", "--max-steps", "5", "--trace", "-"]
    seen: list[bool] = []

    def attempt(self: Cluster, action: Callable[..., Any], *arguments: Any) -> Future[Any]:
        reads = [isinstance(place, Partition) for place in arguments[3]] if passed in arguments else [True]
        seen.append(all(reads))
        if all(reads):
            return real(self, action, *arguments)
        future: Future[Any] = Future()
        future.set_exception(KilledWorker("task", None, 3))
        return future

    real = Cluster.attempt
    monkeypatch.setattr(Cluster, "attempt", attempt)
    monkeypatch.chdir(data)
    alone = circuit(*words, cwd=data)
    assert run([*words, "--cluster", workers.address]) == alone.returncode
    assert capsys.readouterr().out == alone.stdout
    assert 1 <= seen.count(False) <= 2  # once for each worker that holds some


def test_workers_may_die_over_a_dataset(data: Path, mortal: Workers, tmp_path: Path) -> None:
    out, files = tmp_path / "out", ["[0-3].csv"] * 15
    words = ["grad", CIRCUIT, *files, "-w", "2", "--out", f"{out}/", "--cluster", mortal.address]
    command = started(words, data)
    until(lambda: out.exists() and any(out.iterdir()))
    killed(mortal, command, 1)
    assert command.communicate(timeout=300) == ("", "") and command.returncode == 0
    names = sorted(p.name for p in out.iterdir())
    assert names == ["_SUCCESS", *(f"part-{i:08d}.csv" for i in range(60))]
    alone = [circuit("grad", CIRCUIT, f"{i}.csv", "-w", "2", cwd=data).stdout for i in range(4)]
    assert all((out / f"part-{i:08d}.csv").read_text() == alone[i % 4] for i in range(60))


def test_no_worker_is_left(data: Path, mortal: Workers, tmp_path: Path) -> None:
    out, files = tmp_path / "out", ["[0-3].csv"] * 100
    words = ["grad", CIRCUIT, *files, "-w", "2", "--out", f"{out}/", "--cluster", mortal.address]
    command = started(words, data, DASK_DISTRIBUTED__SCHEDULER__NO_WORKERS_TIMEOUT="6s")
    until(lambda: out.exists() and any(out.iterdir()))
    mortal.kill()
    _, errors = command.communicate(timeout=300)
    assert command.returncode == 2
    assert f"circuit: the cluster at {mortal.address} has no workers\n" in errors and "Traceback" not in errors
    assert not out.exists()


def test_the_scheduler_is_gone(data: Path, mortal: Workers, tmp_path: Path) -> None:
    out, files = tmp_path / "out", ["[0-3].csv"] * 100
    command = started(["eval", CIRCUIT, *files, "-w", "2", "--out", f"{out}/", "--cluster", mortal.address], data)
    until(lambda: out.exists() and any(out.iterdir()))
    mortal.kill_scheduler()
    _, errors = command.communicate(timeout=300)
    assert command.returncode == 2
    assert errors.startswith(f"circuit: the scheduler at {mortal.address} is gone\n")
    assert "Traceback" not in errors and not out.exists()


@pytest.mark.parametrize("place", ["local", "there"])
def test_ctrl_c(place: str, data: Path, workers: Workers, tmp_path: Path) -> None:
    out, files = tmp_path / "out", ["[0-3].csv"] * 200
    address = workers.address if place == "there" else place
    command = started(["grad", CIRCUIT, *files, "-w", "2", "--out", f"{out}/", "--cluster", address], data)
    until(lambda: out.exists() and any(out.iterdir()))
    os.killpg(command.pid, signal.SIGINT)  # as a terminal does
    printed, errors = command.communicate(timeout=300)
    assert (command.returncode, printed, errors.strip()) == (130, "", "")
    assert not out.exists()
    if place == "there":  # which goes on to serve others
        assert apart("eval", "count()", "0.csv", "--quiet", "--cluster", address, cwd=data).stdout == f"{ROWS}.0\n"


def test_a_part_of_a_run_that_was_given_up(tmp_path: Path) -> None:
    """Some worker may still be at it when the next run writes into the same directory."""
    out, csv = str(tmp_path / "out"), FORMATS["csv"]
    late = Part(out, "first", 0, csv)
    with pytest.raises(KeyboardInterrupt), Dataset(out, "first", csv).written():
        raise KeyboardInterrupt
    assert not os.path.exists(out)
    with Dataset(out, "second", csv).written() as dataset:
        with Part(out, "second", 0, csv) as part:
            part.file.write(b"new")
        with pytest.raises(FileError), late as part:
            part.file.write(b"old")
        dataset.add(3)
    assert (tmp_path / "out" / "part-00000000.csv").read_bytes() == b"new"
    assert sorted(os.listdir(out)) == ["_SUCCESS", "part-00000000.csv"]


def test_a_dataset_that_is_not_complete(data: Path, tmp_path: Path) -> None:
    shutil.copy(data / "0.parquet", tmp_path / "part-00000000.parquet")
    (tmp_path / "_UNFINISHED").touch()
    done = circuit("eval", "mean(x)", str(tmp_path))
    assert done.returncode == 2 and "is not complete" in done.stderr


def test_patience_with_workers_begins_when_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    from circuitcli.cluster import connection

    class Client:
        status, threads, scheduler = "running", 1, type("Scheduler", (), {"identity": None})

        def get_executor(self, pure: bool) -> None:
            """Nobody works."""

        def sync(self, asked: object, **options: object) -> dict[str, int]:
            return {"total_threads": self.threads}

    clock = [0.0]
    monkeypatch.setattr(connection, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    client, said = Client(), list[str]()
    cluster = connection.Cluster(client, "here", said.append)
    for clock[0], client.threads in ((1000.0, 0), (1029.0, 0), (1030.5, 1), (2000.0, 0), (2030.0, 0)):
        cluster.look()
    assert len(said) == 2 and cluster.threads == 1
    clock[0] = 2030.5
    with pytest.raises(ClusterError, match="has no workers"):
        cluster.look()


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["0.csv", "--cluster", "tcp://127.0.0.1:9"], "no scheduler answers at tcp://127.0.0.1:9", "dask scheduler"),
        (["0.csv", "--cluster", "somewhere"], "somewhere is no address of a cluster", "--cluster local"),
        (["0.csv", "--cluster", "ftp://a:1"], "ftp://a:1 is no address of a cluster", "--cluster local"),
        (["-", "--cluster", "ADDRESS"], "the workers of a cluster cannot read standard input", "name a file"),
        (["0.csv", "--cluster", "ADDRESS", "--jobs", "2"], "--jobs is for this machine", "leave it out"),
        (["x*.csv", "--cluster", "ADDRESS"], "no such file: x*.csv", ""),
        (["0.csv", "--cluster", "ADDRESS", "--rename", "q=r"], "0.csv has no column q to rename", "its columns are"),
        (["--cluster", "ADDRESS", "-x", "1", "-y", "2"], "--cluster is for files of rows", "name one"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input(words: list[str], message: str, hint: str, data: Path, workers: Workers) -> None:
    words = [workers.address if word == "ADDRESS" else word for word in words]
    done = apart("eval", "x + y", *words, cwd=data)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith(f"circuit: {message}") and hint in done.stderr and "Traceback" not in done.stderr


def test_without_the_extra(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = circuit("eval", "x", "0.csv", "--cluster", "local", cwd=data)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"circuit: a cluster needs distributed\n  install with: {installing('cluster')}\n"
