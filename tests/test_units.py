"""An ascent over rows is made of parts of units that join: the same bits as `grad`, and what NumPy and SciPy say of
all rows at once."""

from __future__ import annotations

import gc
import json
import math
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuitcli.read_circuit import ReadCircuit
from circuitcli.rows.block_passes import Fault, Passes, units
from circuitcli.rows.in_memory import InMemory, Loaded, checksum, checksums, loaded
from circuitcli.rows.local import LocalRunner
from circuitcli.rows.plan import Plan
from circuitcli.rows.qr_triangle import Triangle
from circuitcli.rows.rows_objective import RowsObjective
from circuitcli.rows.told import Options, Told
from circuitcli.tables import pieces as text_pieces
from circuitcli.tables.joined_files import Tables
from tests.support import circuit

RNG = np.random.default_rng(11)
COUNT = 150_001
X = RNG.uniform(0.0, 4.0, COUNT)
Y = 2.0 * np.exp(-0.7 * X) + 0.3 + RNG.normal(0.0, 0.05, COUNT)
SQUARES = "mean((y - a*exp(-b*x) - c)^2)"
AT = {"a": 1.5, "b": 0.6, "c": 0.1}
SIZES = (70_001, 3, 65_536, 14_461)  # of units


def objective(
    expression: str, columns: dict[str, Any], sizes: Sequence[int], at: dict[str, float], sign: float = -1.0
) -> RowsObjective:
    graph, given = ReadCircuit(expression).bind(at, {})
    plan, names, count = Plan(graph, list(columns), given, list(at), True), list(at), sum(sizes)
    return RowsObjective(
        plan, names, sign, InMemory(Passes(plan, names, count), Loaded(columns, sizes, Told(count)), 2)
    )


def curve(sizes: Sequence[int] = SIZES) -> RowsObjective:
    return objective(SQUARES, {"x": X, "y": Y}, sizes, AT)


def full(a: float, b: float, c: float) -> tuple[Any, Any]:
    """All residuals and their derivatives."""
    e = np.exp(-b * X)
    return Y - a * e - c, np.column_stack([-e, a * X * e, -np.ones(COUNT)])


def test_the_threads_end_with_their_rows() -> None:
    before = set(threading.enumerate())
    found = curve()
    found.value(list(AT.values()))
    threads = set(threading.enumerate()) - before
    assert 0 < len(threads) <= 2
    del found
    gc.collect()
    for thread in threads:
        thread.join(10.0)
    assert not any(thread.is_alive() for thread in threads)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write rows as three CSV files, as Parquet with row groups and as Arrow with batches of other lengths."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = tmp_path_factory.mktemp("units")
    table = pa.table({"x": X, "y": Y})
    for name, first, end in (("a", 0, 70_001), ("b", 70_001, 70_004), ("c", 70_004, COUNT)):
        np.savetxt(folder / f"{name}.csv", np.column_stack([X, Y])[first:end], "%.17g", ",", header="x,y", comments="")
    pq.write_table(table, folder / "rows.parquet", row_group_size=66_000)
    with pa.ipc.new_file(folder / "rows.arrow", table.schema) as file:
        for batch in table.to_batches(max_chunksize=30_000):
            file.write_batch(batch)
    return folder


@pytest.mark.parametrize("engine", ["arrays", "native"])
@pytest.mark.parametrize("names", [["a.csv", "b.csv", "c.csv"], ["rows.parquet"], ["rows.arrow"]], ids=lambda n: n[0])
def test_an_ascent_sees_the_bits_that_grad_prints(names: list[str], engine: str, files: Path) -> None:
    if engine == "native":
        pytest.importorskip("llvmlite")
    given = [word for name, u in AT.items() for word in (f"-{name}", repr(u))]
    words = [*names, *given, "--engine", engine, "--json"]
    want = json.loads(circuit("grad", SQUARES, *words, cwd=files).stdout)
    for jobs in ("1", "2", "5"):
        done = circuit("descend", SQUARES, *words, "--steps", "0", "--jobs", jobs, cwd=files)
        found = json.loads(done.stdout)
        assert (found["value"], found["gradient"]) == (want["value"], want["gradient"])


def test_so_it_does_in_the_units_of_a_long_text(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_pieces, "UNIT", 300_000)
    graph, given = ReadCircuit(SQUARES).bind(AT, {})
    found = []
    for jobs in (1, 3):
        options, names = Options(jobs=jobs), [str(files / name) for name in ("a.csv", "b.csv")]
        with LocalRunner(names) as tables:
            plan = Plan(graph, tables.columns, given, list(AT), True)
            answer, _ = tables.gathered("", plan, options)
        with Tables(names) as tables:
            data = loaded(tables, plan.used, options)
        assert len(data.units) > 5 and data.rows == 70_004
        source = InMemory(Passes(plan, list(AT), data.rows, "arrays"), data, jobs)
        climbed = RowsObjective(plan, list(AT), -1.0, source)
        value, gradient = climbed.both(list(AT.values()))
        assert (value, dict(zip(AT, gradient, strict=True))) == (answer.value, answer.gradient)
        assert climbed.value(list(AT.values())) == value
        found.append((value, gradient, *map(np.ndarray.tolist, climbed.triangle(list(AT.values())))))
    assert found[0] == found[1]


def test_a_fit_is_the_same_for_any_number_of_threads(files: Path) -> None:
    pytest.importorskip("scipy")
    words = ["descend", SQUARES, "a.csv", "b.csv", "c.csv", "-a", "1", "-b", "1", "-c", "0", "--to", "jsonl"]
    one, two, five = (
        circuit(*words, "--uncertainty", "--jobs", jobs, "--quiet", cwd=files).stdout for jobs in ("1", "2", "5")
    )
    assert one == two == five
    assert json.loads(one)["status"] in ("gtol", "ftol")


def test_a_fit_is_that_of_all_residuals() -> None:
    optimize = pytest.importorskip("scipy.optimize")
    from circuitcli.ascent import Limits, Problem, choice, climb
    from circuitcli.ascent.standard_errors import Terms, estimate

    tight = {"ftol": 1e-15, "xtol": 1e-15, "gtol": 1e-15}
    want = optimize.least_squares(lambda p: full(*p)[0], [1.0, 1.0, 0.0], lambda p: full(*p)[1], **tight)
    run = climb(Problem(curve(), -1.0), choice("least-squares"), Limits(), [1.0, 1.0, 0.0])
    assert run.found.x == pytest.approx(want.x.tolist(), rel=1e-8)
    spread = estimate(run, Terms())
    residuals, jacobian = full(*run.found.x)
    total = math.fsum(residuals**2)
    assert spread.dof == COUNT - 3
    assert spread.residual_sum == pytest.approx(total, rel=1e-14)
    covariance = np.linalg.inv(jacobian.T @ jacobian) * (total / (COUNT - 3))
    assert np.array(spread.covariance) == pytest.approx(covariance, rel=1e-10)
    assert spread.r_squared == pytest.approx(1.0 - total / (COUNT * np.var(Y)), rel=1e-14)


SUMS = [
    "sum(log(1 + exp(a*x)) - a*b*x) + a^2*c",
    "mean((x - a)^2)*b + c^2",
    "sqrt(mean((x - a*exp(b))^2) + c^2)",
    "u = sum((x - a)^2); v = mean(exp(b*x)); log(u*v + c^2) + a*v/count()",
]
OTHER = "logsumexp(a*x + b) + c*a"  # by differences


@pytest.mark.parametrize(
    ("text", "scale", "near"),
    [*((text, scale, 1e-12) for text in SUMS for scale in (1.0, 1e-9)), (OTHER, 1.0, 1e-8)],
)
def test_second_derivatives_are_those_of_all_rows(text: str, scale: float, near: float) -> None:
    """Against mpmath, which takes differences of the whole sum; also where an input is next to 0."""
    import mpmath

    rows = [0.3, 1.1, -0.7, 2.2, 0.9]
    at = {"a": 0.4 * scale, "b": -0.2, "c": 0.7}
    graph_of = objective(text, {"x": np.array(rows)}, [2, 3], at, 1.0)

    def total(a: Any, b: Any, c: Any) -> Any:
        exp, log = mpmath.exp, mpmath.log

        def mean(values: list[Any]) -> Any:
            return sum(values) / 5

        u, v = sum((x - a) ** 2 for x in rows), mean([exp(b * x) for x in rows])
        return {
            "sum(log": sum(log(1 + exp(a * x)) - a * b * x for x in rows) + a * a * c,
            "mean((x": mean([(x - a) ** 2 for x in rows]) * b + c * c,
            "sqrt(me": mpmath.sqrt(mean([(x - a * exp(b)) ** 2 for x in rows]) + c * c),
            "u = sum": log(u * v + c * c) + a * v / 5,
            "logsume": log(sum(exp(a * x + b) for x in rows)) + c * a,
        }[text[:7]]

    found = np.array(graph_of.curvature(list(at.values())))
    with mpmath.workdps(40):
        orders = [tuple((k == i) + (k == j) for k in range(3)) for i in range(3) for j in range(3)]
        wanted = [float(mpmath.diff(total, tuple(map(mpmath.mpf, at.values())), order)) for order in orders]
    assert found.ravel() == pytest.approx(wanted, rel=near, abs=near)


def test_least_squares_ends_within_a_step() -> None:
    pytest.importorskip("scipy")
    from circuitcli.ascent import Limits, Problem, State, choice, climb

    def stop(state: State) -> None:
        if state.steps == 2:
            raise KeyboardInterrupt

    seen: list[State] = []
    problem = Problem(curve(), -1.0)
    whole = climb(problem, choice("least-squares"), Limits(), [1.0, 1.0, 0.0], seen.append)
    for watch, limits, status in (
        (stop, Limits(), "interrupted"),
        (lambda state: None, Limits(max_steps=2), "max_steps"),
    ):
        run = climb(Problem(curve(), -1.0), choice("least-squares"), limits, [1.0, 1.0, 0.0], watch)
        assert (run.status, run.steps, run.found) == (status, 2, seen[2].here)
    assert whole.steps > 2


def test_bounds_are_those_of_all_residuals() -> None:
    optimize = pytest.importorskip("scipy.optimize")
    from circuitcli.ascent import Limits, Problem, choice, climb
    from circuitcli.ascent.problem import Bounds

    low, high = [-math.inf, 0.9, 0.0], [3.0, math.inf, 1.0]
    want = optimize.least_squares(
        lambda p: full(*p)[0], [1.0, 1.0, 0.1], lambda p: full(*p)[1], bounds=(low, high), ftol=1e-15, xtol=1e-15
    )
    run = climb(Problem(curve(), -1.0, Bounds(low, high)), choice("least-squares"), Limits(), [1.0, 1.0, 0.1])
    assert run.success and run.problem.at_bound(run.found.x) == ["b"]
    assert run.found.x == pytest.approx(want.x.tolist(), rel=1e-5)  # SciPy stays inside, and only comes near


def test_a_triangle_has_the_norms_and_products_of_all_rows() -> None:
    found, slopes = curve().triangle(list(AT.values()))
    residuals, jacobian = full(*AT.values())
    assert (found.shape, slopes.shape) == ((4,), (4, 3))
    assert found @ found == pytest.approx(math.fsum(residuals**2), rel=1e-14)
    assert slopes.T @ found == pytest.approx(jacobian.T @ residuals, rel=1e-12)
    singular = np.linalg.svd(slopes, compute_uv=False)
    assert singular == pytest.approx(np.linalg.svd(jacobian, compute_uv=False), rel=1e-13)
    step = np.linalg.lstsq(slopes, -found, rcond=None)[0]
    assert step == pytest.approx(np.linalg.lstsq(jacobian, -residuals, rcond=None)[0], rel=1e-12)


@pytest.mark.parametrize("width", [1, 2, 3, 7, 33, 70])
@pytest.mark.parametrize("count", [1, 2, 60, 5_000, 65_536])
def test_triangles_of_any_shape(width: int, count: int) -> None:
    columns = np.random.default_rng(width).normal(size=(width, count)) * 10.0 ** np.arange(width)[:, None]
    want = columns @ columns.T
    size = np.sqrt(np.outer(want.diagonal(), want.diagonal()))
    cut = count // 3
    whole = Triangle.of(columns)
    parts = [Triangle.of(columns[:, :cut]).join(Triangle.of(columns[:, cut:]))] if cut else []
    for triangle in (whole, *parts):
        assert triangle.rows.shape == (width, width)
        assert (np.abs(triangle.rows.T @ triangle.rows - want) <= 1e-13 * size).all()


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_no_triangle_hides_what_is_not_finite(bad: float) -> None:
    for row in (0, 4_000, 9_999):
        columns = RNG.normal(size=(3, 10_000))
        columns[1, row] = bad
        fine = np.isfinite(Triangle.of(columns).join(Triangle.of(columns[:, :5])).rows)
        assert not fine.all()


@pytest.mark.slow
def test_triangles_do_not_depend_on_the_threads_of_the_library() -> None:
    code = """
import numpy as np
from circuitcli.rows.qr_triangle import Triangle
for width in (2, 4, 16, 40, 80):
    parts = [Triangle.of(np.random.default_rng(i).normal(size=(width, 65_536))) for i in range(2)]
    print(parts[0].join(parts[1]).rows.tobytes().hex())
"""
    found = set()
    for threads in ("1", "2", "5"):
        env = {**os.environ, "OPENBLAS_NUM_THREADS": threads, "MKL_NUM_THREADS": threads}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
        found.add(done.stdout)
    assert len(found) == 1


def test_an_exact_fit() -> None:
    pytest.importorskip("scipy")
    from circuitcli.ascent import Limits, Problem, choice, climb

    x = np.arange(100_000.0)
    line = objective("sum((y - a - b*x)^2)", {"x": x, "y": 3.0 + 0.5 * x}, [40_000, 60_000], {"a": 0.0, "b": 0.0})
    run = climb(Problem(line, -1.0), choice("least-squares"), Limits(), [0.0, 0.0])
    assert run.success and run.found.x == pytest.approx([3.0, 0.5], rel=1e-13)


def test_what_is_asked_again_at_a_point_is_not_computed_again() -> None:
    climbed, asked = curve(), []
    whole = climbed.source.whole

    def counted(what: str, x: Sequence[float]) -> Any:
        asked.append(what)
        return whole(what, x)

    climbed.source.whole = counted  # type: ignore[method-assign]
    x = list(AT.values())
    for _ in range(2):
        climbed.both(x), climbed.noise(x), climbed.kinked(x), climbed.triangle(x), climbed.value(x)
    assert sorted(asked) == ["both", "noise", "squares", "value"]
    there = climbed.both([1.0, 1.0, 0.0])
    assert climbed.both(x) != there == climbed.both([1.0, 1.0, 0.0])


def test_the_rounding_of_all_rows() -> None:
    found = objective("mean(w*x)", {"x": X}, SIZES, {"w": 0.7}, 1.0)
    unit = 2.0**-53  # a product is rounded to the nearest
    rows = math.sqrt(math.fsum((0.7 * X * unit) ** 2)) / COUNT
    assert found.noise([0.7]) == pytest.approx(4.0 * unit * math.fsum(0.7 * X) / COUNT + rows, rel=1e-12)


def test_the_first_fault_of_all_rows() -> None:
    def fault() -> str:
        return objective("sum(log(x - a))", {"x": x}, SIZES, {"a": 0.0}, 1.0).fault([0.0])

    x = np.full(COUNT, 2.0)
    assert fault() == ""
    x[140_000] = math.nan
    assert fault() == "x is nan in row 140001"
    x[[80_000, 90_000]] = -1.0
    assert fault() == "in row 80001: log(x - a) at x - a = -1: outside its domain"
    x[70_002] = math.nan
    assert fault() == "x is nan in row 70003"
    one, none = Fault(5, 2, "row {row}"), Fault(3)
    assert none.join(one).join(one).message == "row 6" and none.join(one).join(one).rows == 13
    assert none.join(none).message == "" and one.join(none) == Fault(8, 2, "row {row}")


@pytest.mark.parametrize(
    ("expression", "x", "a", "said"),
    [
        ("3*sum(a*x)", [1e308, 1e308], 1.0, "sum(a * x): overflows"),
        ("2*std(a*x)", [1.0], 1.0, "std(a * x): the rows have no spread"),
        ("a + std(a*x)", [1.0, 2.0], 0.0, "the gradient of std(a * x) is not a number"),
        ("sqrt(sum(a*x))", [1.0, 2.0], 0.0, "the gradient of sqrt(sum(a * x)) at sum(a * x) = 0 is infinite"),
    ],
)
def test_a_fault_of_rows_that_are_all_finite(expression: str, x: list[float], a: float, said: str) -> None:
    climbed = objective(expression, {"x": np.array(x)}, [1] * len(x), {"a": a})
    assert climbed.fault([a]).startswith(said)


def test_a_checksum_is_made_of_those_of_the_units(files: Path) -> None:
    with Tables([str(files / "rows.parquet")]) as tables:
        data = loaded(tables, ["x", "y"], Options())
    assert data.units == [66_000, 66_000, 18_001]
    apart: list[int] = []
    for first in (0, 66_000, 132_000):
        some = {name: column[first : first + 66_000] for name, column in data.columns.items()}
        apart += checksums(some, [len(some["x"])])
    assert checksum(iter(apart)) == data.checksum
    assert checksum(reversed(apart)) != data.checksum
    changed = {**data.columns, "y": np.where(np.arange(COUNT) == 70_000, 0.0, Y)}
    assert data._replace(columns=changed).checksum != data.checksum


def test_a_unit_without_rows_is_none(tmp_path: Path) -> None:
    for name, rows in (("a", "1\n2\n"), ("b", "none\n"), ("c", "3\n")):
        (tmp_path / f"{name}.csv").write_text("x\n" + rows)
    with Tables([str(tmp_path / f"{name}.csv") for name in "abc"]) as tables:
        data = loaded(tables, ["x"], Options(policy="skip"))
    assert (data.units, data.rows, data.told.skipped) == ([2, 1], 3, 1)


def test_units_that_others_computed_join_to_the_same_bits() -> None:
    climbed = curve()
    passes = Passes(climbed.plan, list(AT), COUNT)
    scalars = passes.scalars(list(AT.values()))
    ends = np.cumsum(SIZES)
    for what in ("both", "value", "squares", "observed", "noise", "fault"):
        whole = list(units(passes, what, scalars, {"x": X, "y": Y}, SIZES))
        alone: list[Any] = []
        for end, size in zip(ends, SIZES, strict=True):
            alone += units(passes, what, scalars, {"x": X[end - size : end], "y": Y[end - size : end]}, [size])
        assert repr(alone) == repr(whole)
