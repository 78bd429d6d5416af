"""Learning over rows: batches, epochs, schedules, and the best point by validation; beside loops in NumPy."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support import circuit

LINE = "mean((y - a - b*x)^2)"
START = ("-a", "0", "-b", "0")
ORDER = [3, 2, 1, 8, 6, 0, 7, 4, 5, 9]  # of ten rows in the first epoch
Step = Callable[[np.ndarray, int], np.ndarray]  # of the gradient and the number of the step: what is taken away


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file of 53 rows, and others to validate by."""
    rng = np.random.default_rng(7)
    for name, count in (("rows.csv", 53), ("others.csv", 20)):
        x = rng.uniform(-1.0, 2.0, count)
        y = 0.5 + 1.5 * x + rng.normal(0.0, 0.3, count)
        pairs = zip(x.tolist(), y.tolist(), strict=True)
        (tmp_path / name).write_text("x,y\n" + "".join(f"{a!r},{b!r}\n" for a, b in pairs))
    return tmp_path


def columns(path: Path) -> tuple[np.ndarray, np.ndarray]:
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    return table[:, 0], table[:, 1]


def orders(seed: int, epochs: int, rows: int) -> list[np.ndarray]:
    """The order of each epoch, as the page has it."""
    return [np.argsort(np.random.PCG64([seed, k]).random_raw(rows), kind="stable") for k in range(epochs)]


def loop(path: Path, batch: int, epochs: int, step: Step, seed: int = 0) -> list[np.ndarray]:
    """The parameters after each step of a loop by hand."""
    x, y = columns(path)
    p, found = np.zeros(2), list[np.ndarray]()
    for order in orders(seed, epochs, len(x)):
        for first in range(0, len(x), batch):
            rows = order[first : first + batch]
            left = y[rows] - p[0] - p[1] * x[rows]
            gradient = np.array([-2.0 * left.mean(), -2.0 * (left * x[rows]).mean()])
            p = p - step(gradient, len(found))
            found.append(p)
    return found


def adam(rate: float, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8) -> Step:
    m, v = np.zeros(2), np.zeros(2)

    def step(gradient: np.ndarray, k: int) -> np.ndarray:
        nonlocal m, v
        m, v = b1 * m + (1.0 - b1) * gradient, b2 * v + (1.0 - b2) * gradient**2
        found: np.ndarray = rate * (m / (1.0 - b1 ** (k + 1))) / (np.sqrt(v / (1.0 - b2 ** (k + 1))) + eps)
        return found

    return step


def momentum(rate: float, decay: float = 0.9) -> Step:
    v = np.zeros(2)

    def step(gradient: np.ndarray, k: int) -> np.ndarray:
        nonlocal v
        v = gradient + decay * v
        found: np.ndarray = rate * v
        return found

    return step


def descend(*words: str, cwd: Path, status: int = 0, **more: Any) -> dict[str, Any]:
    done = circuit("descend", *words, "--json", cwd=cwd, **more)
    assert done.returncode == status, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def trace(*words: str, cwd: Path, status: int = 0) -> list[dict[str, Any]]:
    done = circuit("descend", *words, "--trace", "-", cwd=cwd)
    assert done.returncode == status, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "step"),
    [
        (["--step", "0.05"], lambda: lambda g, k: 0.05 * g),
        (["--step", "0.05*0.97^step"], lambda: lambda g, k: 0.05 * 0.97**k * g),
        (["--step", "0.05/(1 + epoch)"], lambda: lambda g, k: 0.05 / (1 + k // 6) * g),
        (["--method", "adam", "--step", "0.02"], lambda: adam(0.02)),
        (["--method", "momentum", "--step", "0.01"], lambda: momentum(0.01)),
    ],
)
def test_batches_are_those_of_a_loop_by_hand(words: list[str], step: Callable[[], Step], folder: Path) -> None:
    steps = trace(LINE, "rows.csv", *START, *words, "--batch", "10", "--epochs", "4", cwd=folder)
    found = loop(folder / "rows.csv", 10, 4, step())
    assert [line["step"] for line in steps] == [0, 6, 12, 18, 24]
    x, y = columns(folder / "rows.csv")
    for line in steps[1:]:
        p = found[line["step"] - 1]
        assert np.allclose([line["a"], line["b"]], p, rtol=1e-12, atol=1e-12)
        assert math.isclose(line["value"], ((y - p[0] - p[1] * x) ** 2).mean(), rel_tol=1e-12)


def test_the_seed_draws_the_order(folder: Path) -> None:
    words = (LINE, "rows.csv", *START, "--step", "0.05", "--batch", "8", "--epochs", "2")
    last = trace(*words, "--seed", "5", cwd=folder)[-1]
    assert np.allclose(
        [last["a"], last["b"]], loop(folder / "rows.csv", 8, 2, lambda g, k: 0.05 * g, 5)[-1], rtol=1e-12
    )
    assert trace(*words, cwd=folder) == trace(*words, "--seed", "0", cwd=folder)
    assert trace(*words, cwd=folder)[-1] != last


def test_the_order_stays_that_of_today() -> None:
    """The numbers of the generator, written down: another NumPy is to draw them, too."""
    from circuitcli.rows.batches import order_of

    assert order_of(0, 0, 10).tolist() == ORDER
    assert sorted(order_of(3, 8, 1000).tolist()) == [*range(1000)]
    assert order_of(0, 1, 1).tolist() == [0]


def test_steps_end_within_an_epoch(folder: Path) -> None:
    words = (LINE, "rows.csv", *START, "--step", "0.05", "--batch", "10")
    steps = trace(*words, "--steps", "8", cwd=folder)
    assert [line["step"] for line in steps] == [0, 6, 8]
    p = loop(folder / "rows.csv", 10, 2, lambda g, k: 0.05 * g)[7]
    assert np.allclose([steps[-1]["a"], steps[-1]["b"]], p, rtol=1e-12)


@pytest.mark.parametrize("name", ["file", "pipe", "threads", "two files"])
def test_the_same_bits(name: str, tmp_path: Path) -> None:
    """From a file or a pipe, on any number of threads; also where a batch is more than a block of sums."""
    rng = np.random.default_rng(2)
    text = "".join(f"{a!r},{b!r}\n" for a, b in rng.normal(size=(150_000, 2)).tolist())
    (tmp_path / "rows.csv").write_text("x,y\n" + text)
    words = [LINE, "rows.csv", *START, "--method", "adam", "--batch", "70000", "--epochs", "2"]
    wanted = descend(*words, "--jobs", "1", cwd=tmp_path)["inputs"]
    more: dict[str, Any] = {}
    if name == "pipe":
        words[1], more = "-", {"stdin": "x,y\n" + text}
    if name == "two files":
        half = text.index("\n", len(text) // 2) + 1
        (tmp_path / "one.csv").write_text("x,y\n" + text[:half])
        (tmp_path / "two.csv").write_text("x,y\n" + text[half:])
        words[1:2] = ["one.csv", "two.csv"]
    found = descend(*words, *(["--jobs", "2"] if name == "threads" else []), cwd=tmp_path, **more)["inputs"]
    if name == "two files":  # whose sums over all rows are added up file by file; the batches do not know files
        assert all(math.isclose(found[key], wanted[key], rel_tol=1e-15) for key in wanted)
    else:
        assert found == wanted


def test_epochs_without_batches_are_steps(folder: Path) -> None:
    words = (LINE, "rows.csv", *START, "--step", "0.05")
    found, wanted = descend(*words, "--epochs", "7", cwd=folder), descend(*words, "--steps", "7", cwd=folder)
    assert found["inputs"] == wanted["inputs"] and found["message"] == "7 epochs, 7 steps, as asked"


def test_a_batch_of_all_rows_is_no_batch(folder: Path) -> None:
    words = (LINE, "rows.csv", *START, "--step", "0.05", "--epochs", "5")
    found, wanted = descend(*words, "--batch", "1000", cwd=folder), descend(*words, cwd=folder)
    assert found["steps"] == 5 and found["options"]["batch"] == 53
    assert all(math.isclose(found["inputs"][name], wanted["inputs"][name], rel_tol=1e-12) for name in "ab")


def test_noise_ends_nothing(folder: Path) -> None:
    """A step that goes round the optimum for ever is no success; it says that it was stopped by a limit."""
    found = descend(
        LINE, "rows.csv", *START, "--step", "0.1", "--batch", "5", "--max-steps", "3000", cwd=folder, status=1
    )
    assert found["status"] == "max_steps" and found["steps"] == 3000


def test_rows_without_noise_end_by_themselves(tmp_path: Path) -> None:
    """Where each row is met exactly, every batch has the optimum, and the second derivatives over all rows say so."""
    x = np.linspace(-1.0, 1.0, 40)
    (tmp_path / "exact.csv").write_text("x,y\n" + "".join(f"{u!r},{2 * u + 1!r}\n" for u in x.tolist()))
    found = descend(LINE, "exact.csv", *START, "--step", "0.2", "--batch", "8", cwd=tmp_path)
    assert found["status"] in ("gtol", "ftol", "perfect") and found["steps"] < 10_000
    assert abs(found["inputs"]["a"] - 1.0) < 1e-6 and abs(found["inputs"]["b"] - 2.0) < 1e-6


def test_the_best_by_validation_is_kept(tmp_path: Path) -> None:
    """A polynomial of degree 7 through 9 points: the loss falls, and over other rows it soon rises again."""
    rng = np.random.default_rng(1)
    for name, x in (("train.csv", np.linspace(-1.0, 1.0, 9)), ("other.csv", np.linspace(-0.95, 0.95, 30))):
        y = np.sin(2.5 * x) + rng.normal(0.0, 0.4, len(x))
        (tmp_path / name).write_text(
            "x,y\n" + "".join(f"{a!r},{b!r}\n" for a, b in zip(x.tolist(), y.tolist(), strict=True))
        )
    text = f"loss = mean((y - ({' + '.join(f'c{k}*x^{k}' for k in range(8))}))^2)"
    start = [word for k in range(8) for word in (f"-c{k}", "0")]
    words = (text, "train.csv", *start, "--method", "adam", "--step", "0.05", "--steps", "1500")
    found = descend(*words, "--validate", "other.csv", cwd=tmp_path)
    steps = trace(*words, "--validate", "other.csv", cwd=tmp_path)
    best = min(steps, key=lambda line: line["validation"])
    assert 0 < best["step"] < 1500 and steps[-1]["validation"] > 1.05 * best["validation"]
    assert steps[-1]["value"] < best["value"]
    assert found["validation"]["step"] == best["step"] and found["validation"]["value"] == best["validation"]
    assert found["inputs"] == {f"c{k}": best[f"c{k}"] for k in range(8)} and found["value"] == best["value"]
    assert found["message"].endswith(f"; step {best['step']:,} is kept")
    x, y = columns(tmp_path / "other.csv")
    left = y - np.polyval([best[f"c{k}"] for k in reversed(range(8))], x)
    assert math.isclose(best["validation"], (left**2).mean(), rel_tol=1e-12)
    table = circuit("descend", *words, "--validate", "other.csv", cwd=tmp_path).stdout
    assert f"30 rows, best at step {best['step']:,}" in table


def test_named_results_stand_beside_the_loss(folder: Path) -> None:
    text = f"near = mean(abs(y - a - b*x) < 0.3); most = max(abs(y - a - b*x)); loss = {LINE}"
    words = (text, "rows.csv", *START, "--method", "adam", "--batch", "16", "--epochs", "9", "--validate", "others.csv")
    found = descend(*words, cwd=folder)
    for name, told in (("rows.csv", found), ("others.csv", found["validation"])):
        x, y = columns(folder / name)
        left = abs(y - found["inputs"]["a"] - found["inputs"]["b"] * x)
        assert math.isclose(told["results"]["near"], (left < 0.3).mean(), rel_tol=1e-12)
        assert math.isclose(told["results"]["most"], left.max(), rel_tol=1e-12)
        assert math.isclose(told["start"]["results"]["near"], (abs(y) < 0.3).mean(), rel_tol=1e-12)
    lines = [line.split() for line in circuit("descend", *words, cwd=folder).stdout.splitlines()]
    assert [line[0] for line in lines if line and line[0] in ("value", "near", "most", "validation")] == [
        *("value", "near", "most"),
        *("validation", "near", "most"),
    ]
    row = circuit("descend", *words, "--to", "csv", cwd=folder).stdout.splitlines()[0]
    assert row == "a,b,near,most,validation,value,status"


def test_what_is_by_row_is_no_result_of_an_ascent(folder: Path) -> None:
    found = descend(f"left = y - a - b*x; {LINE}", "rows.csv", *START, cwd=folder)
    assert "results" not in found


def test_standard_errors_are_of_an_end(folder: Path) -> None:
    done = circuit("descend", LINE, "rows.csv", *START, "--validate", "others.csv", cwd=folder)
    steps = trace(LINE, "rows.csv", *START, "--validate", "others.csv", cwd=folder)
    last = min(steps, key=lambda line: line["validation"]) is steps[-1]
    assert ("± std error" in done.stdout) is last
    assert ("no standard errors: what is best by validation is no summit" in done.stderr) is not last


def test_bad_rows_of_a_validation_are_those_of_the_data(folder: Path) -> None:
    with (folder / "others.csv").open("a") as file:
        file.write("1.0,\n")
    words = ("descend", LINE, "rows.csv", *START, "--step", "0.1", "--epochs", "2", "--validate", "others.csv")
    done = circuit(*words, cwd=folder)
    assert done.returncode == 2 and done.stderr.startswith("circuit: others.csv:22: y is empty\n")
    done = circuit(*words, "--bad-rows", "skip", "--where", "x > 0", cwd=folder)
    assert done.returncode == 0
    assert "note: others.csv: skipped 1 of 21 rows (first: others.csv:22, y is empty)\n" in done.stderr
    assert "note: others.csv: --where left out " in done.stderr


def test_a_schedule_at_a_point_is_a_loop_by_hand() -> None:
    steps = trace("x^2 + 3*y", "-x", "3", "-y", "1", "--step", "0.1*0.99^step", "--steps", "50", cwd=Path())
    x, y = 3.0, 1.0
    for line in steps:
        assert math.isclose(line["x"], x, rel_tol=1e-12) and math.isclose(line["y"], y, rel_tol=1e-12)
        rate = 0.1 * 0.99 ** line["step"]
        x, y = x - rate * 2.0 * x, y - rate * 3.0


@pytest.mark.parametrize("method", ["gradient", "momentum", "nesterov", "adam", "rmsprop", "random"])
def test_a_schedule_that_stays_is_a_step(method: str) -> None:
    words = ("(x-1)^2 + y^4", "-x", "3", "-y", "1", "--method", method, "--steps", "30")
    wanted = trace(*words, "--step", "0.01", cwd=Path())
    assert trace(*words, "--step", "0.01 + 0*step", cwd=Path()) == wanted
    assert trace(*words, "--step", "1/100", cwd=Path()) == wanted


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--step", "rate/2"], "--step rate/2: rate is not known there"),
        (["--step", "0.1 - 0.02*step", "--steps", "9"], "--step 0.1 - 0.02*step is 0 at step 5"),
        (["--step", "1/step"], "--step 1/step is inf at step 0"),
        (["--step", "sqrt(2 - step)", "--epochs", "9"], "--step sqrt(2 - step) is 0 at step 2"),
        (["--step", "2^"], "--step: the expression ends too early"),
        (["--step", "nan"], "--step must be a number above 0, not nan"),
        (["--step", "0.1", "--method", "newton"], "the method newton finds its own steps"),
        (["--step", "0.1*0.9^step", "--method", "lbfgs"], "the method lbfgs finds its own steps"),
        (["--batch", "5", "--method", "lbfgs"], "--batch: the method lbfgs, as it is asked for, needs all rows"),
        (["--batch", "5", "--method", "least-squares"], "--batch: the method least-squares, as it is asked for,"),
        (["--batch", "5", "--method", "random"], "--batch: the method random, as it is asked for, needs all rows"),
        (["--batch", "5"], "--batch: the method it chooses by itself needs all rows at each step"),
        (["--batch", "5", "--step", "0.1", "--tol", "1e-3"], "--tol is about the gain of a step over all rows"),
        (["--batch", "5", "--step", "0.1", "--cluster", "local"], "--batch takes rows from anywhere"),
        (["--validate", "others.csv", "--cluster", "local"], "--validate reads rows on this machine"),
        (["--validate", "others.csv", "--by", "x"], "--validate is of one ascent, and --by makes many"),
        (["--validate", "others.csv", "--trace", "others.csv"], "--trace others.csv would write over what is read"),
        (["--steps", "3", "--epochs", "3"], "--steps and --epochs both say how long it goes on"),
        (["--batch", "0", "--step", "0.1"], "invalid value for '--batch'"),
    ],
)
def test_refusals(words: list[str], message: str, folder: Path) -> None:
    done = circuit("descend", LINE, "rows.csv", *START, *words, cwd=folder)
    assert done.returncode == 2 and done.stdout == ""
    first, hint, *_ = done.stderr.splitlines()
    assert first.startswith(f"circuit: {message}") and hint.strip()


def test_the_hint_on_a_schedule_works(folder: Path) -> None:
    words = (LINE, "rows.csv", *START, "--epochs", "9")
    done = circuit("descend", *words, "--step", "0.1 - 0.02*step", cwd=folder)
    hint = done.stderr.splitlines()[1].split('"')[1]
    assert descend(*words, "--step", hint, cwd=folder)["steps"] == 9


def test_a_validation_that_is_not_there(folder: Path) -> None:
    done = circuit("descend", LINE, "rows.csv", *START, "--validate", "nowhere.csv", cwd=folder)
    assert (done.returncode, done.stderr) == (2, "circuit: no such file: nowhere.csv\n")


def test_a_validation_has_the_columns_of_the_data(folder: Path) -> None:
    words = ("descend", LINE, "rows.csv", *START, "--step", "0.1", "--epochs", "2", "--validate")
    (folder / "more.csv").write_text("a,z,y,x\n7,8,2,1\n")
    done = circuit(*words, "more.csv", "--json", cwd=folder)
    found = json.loads(done.stdout)
    left = 2.0 - found["inputs"]["a"] - found["inputs"]["b"]
    assert math.isclose(found["validation"]["value"], left * left, rel_tol=1e-12)
    (folder / "less.csv").write_text("x,z\n7,8\n")
    assert circuit(*words, "less.csv", cwd=folder).stderr == (
        "circuit: less.csv has no column y\n  the rows of a validation have the columns of the data: y, x\n"
    )
    (folder / "none.csv").write_text("x,y\n")
    assert circuit(*words, "none.csv", cwd=folder).stderr == "circuit: none.csv has no rows\n"


@pytest.mark.parametrize("option", [["--batch", "5"], ["--epochs", "0"], ["--validate", "x.csv"]])
def test_rows_are_wanted(option: list[str]) -> None:
    done = circuit("descend", "x^2", "-x", "3", *option, "--method", "adam")
    assert done.returncode == 2
    assert done.stderr.startswith(f"circuit: {option[0]} is for files of rows, and there is none\n")


def test_the_methods_that_take_batches_take_them(folder: Path) -> None:
    done = circuit("descend", LINE, "rows.csv", *START, "--batch", "5", cwd=folder)
    named = done.stderr.splitlines()[1].partition(": ")[2].split(", ")
    assert "adam" in named
    for method in named:
        name, _, option = method.partition(" with ")
        step = [option, "0.01"] if option else []
        assert descend(LINE, "rows.csv", *START, "--method", name, *step, "--batch", "5", "--epochs", "2", cwd=folder)


def test_a_schedule_that_ends_keeps_the_best_point(folder: Path) -> None:
    """Nobody asked for so many steps: where there is no length any more it stops, and says so."""
    for more in ([], ["--batch", "10"]):
        words = (LINE, "rows.csv", *START, "--step", "0.1 - 0.005*step", *more)
        found = descend(*words, cwd=folder, status=1)
        assert found["status"] == "no_step" and found["steps"] == 20
        assert found["message"].startswith("--step 0.1 - 0.005*step is 0 at step 20")
        assert found["value"] < found["start"]["value"]


@pytest.mark.parametrize("more", [[], ["--validate", "others.csv"]])
def test_a_state_goes_on_to_the_same_bits(more: list[str], folder: Path) -> None:
    words = [LINE, "rows.csv", *START, "--method", "adam", "--step", "0.05*0.99^step", "--batch", "10", *more]
    whole = descend(*words, "--max-steps", "60", cwd=folder, status=1)
    kept = [*words, "--state", "s.json"]
    descend(*kept, "--max-steps", "24", cwd=folder, status=1)
    found = descend(*kept, "--max-steps", "60", cwd=folder, status=1)
    del found["seconds"], whole["seconds"]
    assert found == whole
    other = circuit("descend", *[w if w != "10" else "11" for w in kept], cwd=folder)
    assert other.returncode == 2 and "is the state of an ascent with another method" in other.stderr


def test_a_trace_of_a_validation_is_drawn(folder: Path) -> None:
    words = (LINE, "rows.csv", *START, "--method", "adam", "--batch", "9", "--epochs", "5")
    circuit("descend", *words, "--validate", "others.csv", "--trace", "way.csv", cwd=folder)
    assert (folder / "way.csv").read_text().startswith("step,a,b,value,validation,grad_a,grad_b\n0,")
    done = circuit("plot", "(a-1)^2 + b^2", "--path", "way.csv", "--range", "a=-1:2", "--range", "b=-1:2", cwd=folder)
    assert done.returncode == 0, done.stderr


def test_groups_have_batches_of_their_own(tmp_path: Path) -> None:
    rows = "".join(f"{'uv'[k % 2]},{k / 10},{(1 + k % 2) * k / 10}\n" for k in range(40))
    (tmp_path / "groups.csv").write_text("site,x,y\n" + rows)
    words = (*START, "--step", "0.05", "--batch", "6", "--epochs", "3")
    done = circuit("descend", LINE, "groups.csv", *words, "--by", "site", "--json", cwd=tmp_path)
    for line in map(json.loads, done.stdout.splitlines()):
        alone = descend(LINE, "groups.csv", *words, "--where", f'site == "{line["site"]}"', cwd=tmp_path)
        assert (line["a"], line["b"]) == (alone["inputs"]["a"], alone["inputs"]["b"])


@pytest.mark.parametrize("starts", [1, 3])
def test_starts_are_compared_by_validation(starts: int, folder: Path) -> None:
    words = (LINE, "rows.csv", *START, "--method", "adam", "--batch", "20", "--epochs", "3", "--starts", str(starts))
    found = descend(*words, "--validate", "others.csv", cwd=folder)
    x, y = columns(folder / "others.csv")
    losses = [((y - run["found"]["a"] - run["found"]["b"] * x) ** 2).mean() for run in found["starts"]]
    assert len(losses) == starts and math.isclose(found["validation"]["value"], min(losses), rel_tol=1e-12)
