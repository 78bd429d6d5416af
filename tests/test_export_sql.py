"""The SQL of exported code, run by the engines that are here."""

from __future__ import annotations

import importlib.util
import math
import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Protocol

import pytest

from circuitcli.errors import UsageError
from circuitcli.export.few_functions import BY_OTHERS
from circuitcli.gates import GATES
from circuitcli.language import graph_of, parse
from tests.exported import Job, exported, ulps
from tests.oracle import ORACLE, mp
from tests.test_export import LACKING, OWN, expected, feynman_jobs, gate_jobs

POSTGRES = os.environ.get("CIRCUIT_TEST_POSTGRES", "")  # how to reach a server, as in "host=/tmp port=5432 user=me"


class Engine(Protocol):
    """An engine of SQL with a table `data` of numbers."""

    def table(self, names: Sequence[str], rows: Sequence[Sequence[object]], kind: str = ...) -> None: ...

    def answers(self, query: str) -> list[tuple[Any, ...]]: ...


class _Engine:
    mark = "?"

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def table(self, names: Sequence[str], rows: Sequence[Sequence[object]], kind: str = "DOUBLE PRECISION") -> None:
        cursor = self.connection.cursor()
        cursor.execute("DROP TABLE IF EXISTS data")
        columns = [f'"{name}" {kind}' for name in names]
        cursor.execute(f"CREATE TABLE data ({', '.join(columns)})")
        for row in rows:
            cursor.execute(f"INSERT INTO data VALUES ({', '.join([self.mark] * len(names))})", [*row])

    def answers(self, query: str) -> list[tuple[Any, ...]]:
        cursor = self.connection.cursor()
        cursor.execute(query)
        return [*cursor.fetchall()]


class _Postgres(_Engine):
    mark = "%s"


def lacking(name: str) -> str:
    """Why an engine cannot be run here, or nothing."""
    if name == "sqlite":
        try:
            sqlite3.connect(":memory:").execute("WITH a AS MATERIALIZED (SELECT ln(2.0)) SELECT * FROM a")
        except sqlite3.OperationalError:
            return "this SQLite is older than 3.35 or has no functions of mathematics"
        return ""
    library = {"postgres": "psycopg"}.get(name, name)
    if importlib.util.find_spec(library) is None:
        return f"{library} is not installed"
    return "" if name != "postgres" or POSTGRES else "CIRCUIT_TEST_POSTGRES names no server"


ENGINES = [
    pytest.param(name, marks=pytest.mark.skipif(bool(lacking(name)), reason=lacking(name)))
    for name in ("sqlite", "duckdb", "postgres")
]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "sqlite":
        yield _Engine(sqlite3.connect(":memory:"))
    elif request.param == "duckdb":
        duckdb = pytest.importorskip("duckdb")
        yield _Engine(duckdb.connect())
    else:
        psycopg = pytest.importorskip("psycopg")
        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            connection.execute("CREATE SCHEMA IF NOT EXISTS circuit_tests; SET search_path TO circuit_tests")
            yield _Postgres(connection)


def with_a_form(job: Job) -> bool:
    return not any(node.gate in LACKING["sql"] for node in job.graph.nodes)


def beyond(job: Job, point: Sequence[float]) -> bool:
    """Whether squares of the numbers or of the answers leave the range of floats."""
    numbers = [*point, *expected(job, point)]
    return any(not math.isfinite(x * x) or (x and x * x < 1e-290) for x in numbers)


def names_of(job: Job) -> list[str]:
    return list(job.graph.inputs)


@pytest.mark.parametrize("jobs", [gate_jobs, feynman_jobs], ids=["gates", "feynman"])
def test_the_query_answers_what_circuit_answers(engine: Engine, jobs: Any) -> None:
    """A finite number is the number, and what is not finite is NULL."""
    for job in filter(with_a_form, jobs()):
        query = exported(job.graph, "sql", names_of(job))
        for point in {tuple(x + 0.0 for x in point): 0 for point in job.points}:  # a 0 has no sign
            wanted = expected(job, point)
            engine.table(names_of(job), [point])
            try:
                (row,) = engine.answers(query)
            except Exception as error:  # of a number that Postgres cannot hold
                assert "out of range" in str(error)
                assert beyond(job, point), (job.graph.nodes, point, wanted)
                continue
            for mine, theirs in zip(row[len(point) :], wanted, strict=True):
                if mine is None:
                    assert not all(map(math.isfinite, (*point, *wanted))), (job.graph.nodes, point, wanted, row)
                elif 0.0 < abs(theirs) < sys.float_info.min:
                    assert abs(mine) < sys.float_info.min
                else:
                    assert isinstance(mine, float) and ulps(mine, theirs) <= OWN, (job.graph.nodes, point, wanted, row)


def ask(engine: Engine, text: str, values: dict[str, object], given: dict[str, float] = {}) -> dict[str, object]:  # noqa: B006
    """The answer to one row, by the names of its columns."""
    graph = graph_of(parse(text))
    engine.table([*values], [[*values.values()]])
    query = exported(graph, "sql", list(graph.inputs), given)
    (row,) = engine.answers(query)
    return dict(zip(columns_of(query), row, strict=True))


def columns_of(query: str) -> list[str]:
    """The names of the columns that a query answers."""
    last = query.rpartition("SELECT\n")[2].splitlines()[:-1]
    return [line.rstrip(",").rpartition('"')[0].rpartition('"')[2] for line in last]


def test_names_neither_collide_nor_inject(engine: Engine) -> None:
    names = (
        "select",
        "from",
        "value",
        "grad_x",
        "x",
        "circuit_x",
        "circuit_v1",
        "step1",
        "v1",
        "θ",
        "µ",
        "data",
        "Case",
    )
    text = "; ".join(
        ["q = x*v1", " + ".join(f"{i + 2}*{name}*sigmoid({name})" for i, name in enumerate(names)) + " + q"]
    )
    job = Job(graph_of(parse(text)), [])
    point = [0.1 * i - 0.7 for i in range(len(job.graph.inputs))]
    found = ask(engine, text, dict(zip(job.graph.inputs, point, strict=True)))
    wanted = expected(job, point)
    assert [*found.values()][len(point) :] == pytest.approx(wanted, rel=1e-13)
    assert [*found][len(point)] == "value_"  # an input is called value


def test_inputs_that_differ_in_case_are_refused() -> None:
    with pytest.raises(UsageError, match="SQL does not tell X from"):
        exported(graph_of(parse("x*X")), "sql", ["x"])


def test_whole_numbers_are_not_divided_as_such(engine: Engine) -> None:
    graph = graph_of(parse("x/y"))
    engine.table(["x", "y"], [[1, 2], [7, 4]], "INTEGER")
    found = engine.answers(exported(graph, "sql", ["x", "y"]))
    assert [row[2:] for row in found] == [(0.5, 0.5, -0.25), (1.75, 0.25, -0.4375)]


def test_a_choice_of_numbers_is_a_float(engine: Engine) -> None:
    """Postgres takes 0.5 for a decimal, which loses nothing where a float is rounded."""
    assert ask(engine, "((x > 0 ? 1e17 : 2) + 1) - 1e17", {"x": 3.0})["value"] == 0.0
    assert ask(engine, "round(x > 0 ? 2.5 : 1)", {"x": 3.0})["value"] == 2.0


@pytest.mark.parametrize(
    ("text", "x", "y"),
    [("x/y", 1e300, 1e-300), ("x^2 + y", 1e300, 1.0), ("x^3*y^-2", -1e300, 1.0), ("sum(x*y)", 1e300, 1e300)],
)
def test_a_number_beyond_floats_is_null(engine: Engine, text: str, x: float, y: float) -> None:
    try:
        found = ask(engine, text, {"x": x, "y": y})
    except Exception as error:  # of Postgres
        assert "out of range" in str(error)
        return
    assert all(math.isfinite(number) for number in found.values() if isinstance(number, float))


@pytest.mark.parametrize(("x", "y"), [(1e18, 7.0), (1e15, 0.3), (-1e10, 0.3), (5e15, 1.25), (7.0, 1e300), (1e20, -3.0)])
@pytest.mark.parametrize("gate", ["fmod", "mod"])
def test_remainders_of_large_quotients(engine: Engine, gate: str, x: float, y: float) -> None:
    """They are exact, by fractions, or where the quotient is beyond 2^52 missing."""
    left = Fraction(x) % Fraction(y) if gate == "mod" else Fraction(math.fmod(x, y))
    found = ask(engine, f"f = {gate}(x, y)", {"x": x, "y": y})
    assert found["f"] == (float(left) if abs(Fraction(x) / Fraction(y)) < 2**52 else None)


def test_missing_numbers_stay_missing(engine: Engine) -> None:
    assert ask(engine, "relu(x) + 1", {"x": None}) == {"x": None, "value": None, "grad_x": None}
    assert ask(engine, "y + 0*sqrt(x)", {"y": 1.0, "x": -1.0})["value"] is None
    assert ask(engine, "x > 2 ? 1 : 0", {"x": math.inf})["value"] is None


def test_text_in_sqlite_is_a_number_or_nothing() -> None:
    """The shell of SQLite imports CSV as text."""
    engine = _Engine(sqlite3.connect(":memory:"))
    engine.table(["x"], [["2.5"], [""], ["abc"], ["-3"]], "TEXT")
    assert [row[1] for row in engine.answers(exported(graph_of(parse("2*x")), "sql", ["x"]))] == [5.0, None, None, -6.0]


def test_given_inputs_are_numbers_and_the_rest_are_columns(engine: Engine) -> None:
    found = ask(engine, "w*x + b", {"id": 7, "x": 3.0}, {"w": 2.0, "b": -1.0})
    assert found == {"x": 3.0, "value": 5.0, "grad_w": 3.0, "grad_x": 2.0, "grad_b": 1.0}


def test_a_circuit_without_inputs_needs_no_table(engine: Engine) -> None:
    graph = graph_of(parse("x = 3; x^2"))
    query = exported(graph, "sql", ["x"])
    assert "FROM" not in query and engine.answers(query) == [(9.0, 6.0)]


def test_other_columns_are_at_hand_in_the_last_select(engine: Engine) -> None:
    engine.table(["id", "x", "f"], [[1.0, 0.5, 9.0], [2.0, 0.25, 9.0]])
    query = exported(graph_of(parse("f = tanh(x)*x")), "sql", ["x"])
    rows = engine.answers(query.replace('SELECT\n    "x"', 'SELECT\n    "id",\n    "x"'))
    assert [row[:3] for row in rows] == [
        (1.0, 0.5, pytest.approx(0.5 * math.tanh(0.5))),
        (2.0, 0.25, pytest.approx(0.25 * math.tanh(0.25))),
    ]


def test_a_hundred_steps_do_not_double(engine: Engine) -> None:
    """An engine that put each expression where it is read would have 2^100 of them."""
    assert ask(engine, "; ".join(["x0 = x"] + [f"x{i + 1} = x{i}*x{i} - 0.1" for i in range(100)]), {"x": 0.5})


@pytest.mark.parametrize("gate", ["mean", "sum"])
def test_a_loss_over_the_rows_of_a_table(engine: Engine, gate: str) -> None:
    points = [(0.1 * i, 0.25 * i + 0.01 * i * i) for i in range(20)]
    engine.table(["x", "y"], points)
    graph = graph_of(parse(f"r = y - w*x - b; loss = {gate}(r^2)"))
    query = exported(graph, "sql", list(graph.inputs), {"w": 2.0, "b": 0.5})
    (row,) = engine.answers(query)
    residuals = [y - 2.0 * x - 0.5 for x, y in points]
    slope = sum(-2.0 * r * x for r, (x, _) in zip(residuals, points, strict=True))
    count = 20.0 if gate == "mean" else 1.0
    found = dict(zip(columns_of(query), row, strict=True))
    wanted = {"loss": sum(r * r for r in residuals), "grad_w": slope, "grad_b": -2.0 * sum(residuals)}
    assert found == {name: pytest.approx(x / count, rel=1e-13) for name, x in wanted.items()}
    engine.table(["x", "y"], [*points, (None, 1.0)])
    assert engine.answers(query) == [(None, None, None)]  # and no mean of the others


def test_other_aggregates_are_refused() -> None:
    for text in ("median(x)", "mean(x)^2", "mean(x - mean(x))"):
        with pytest.raises(UsageError, match="is over rows"):
            exported(graph_of(parse(text)), "sql", ["x"])


def test_families_are_columns(engine: Engine) -> None:
    values: dict[str, object] = {"x[1]": 2.0, "x[2]": 3.0}
    assert ask(engine, "sum(x[i]^2 for i in 1:2)", values) == {
        **values,
        "value": 13.0,
        "grad_x[1]": 4.0,
        "grad_x[2]": 6.0,
    }


@pytest.mark.parametrize("name", BY_OTHERS)
def test_what_is_put_together_has_its_digits(name: str) -> None:
    """SQLite beside mpmath, on a grid, for each function that engines lack."""
    engine = _Engine(sqlite3.connect(":memory:"))
    count = len(GATES[name].rules)
    grid = [0.03125 * k * 1.01 ** abs(k) for k in range(-300, 301, 7) if k]
    points = [(x,) for x in grid] if count == 1 else [(x, y) for x in grid[::3] for y in grid[::4]]
    names = [f"x{i}" for i in range(count)]
    engine.table(names, points)
    query = exported(graph_of(parse(f"{name}({', '.join(names)})")), "sql", [])
    for *point, mine in engine.answers(query):
        exact = ORACLE[name](*map(mp.mpf, point))
        theirs = float(exact) if isinstance(exact, mp.mpf) else math.nan
        if mine is None:
            assert not math.isfinite(theirs), (point, theirs)
        elif abs(theirs) >= sys.float_info.min:
            assert ulps(mine, theirs) <= OWN, (point, theirs)
