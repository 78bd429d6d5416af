"""The library over arrays and tables, and the Feynman formulas on all arithmetics."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from circuitcli import Circuit
from circuitcli.errors import InputError, UsageError
from circuitcli.read_circuit import ReadCircuit
from circuitcli.rows.over_arrays import over_arrays
from tests.support import rows


def test_arrays_in_arrays_out() -> None:
    c = Circuit("(x+y)*z")
    x, y = np.arange(6.0).reshape(2, 3), np.array([10.0, 20.0, 30.0])
    np.testing.assert_array_equal(c(x=x, y=y, z=2), (x + y) * 2)
    gradient = c.gradient({"x": x, "y": y, "z": 2})
    assert gradient["x"].shape == gradient["z"].shape == (2, 3)
    np.testing.assert_array_equal(gradient["x"], np.full((2, 3), 2.0))
    np.testing.assert_array_equal(gradient["z"], x + y)
    value, gradient = c.value_and_gradient(x=x[0], y=1, z=np.float64(3))
    assert value.tolist() == [3.0, 6.0, 9.0] and list(gradient) == ["x", "y", "z"]


def test_whatever_holds_numbers() -> None:
    c = Circuit("x*2")
    assert c(x=np.array([1, 2], np.int8)).tolist() == [2.0, 4.0]
    assert c(x=np.array([True, False])).tolist() == [2.0, 0.0]
    assert c(x=pa.array([1.5, 2.5])).tolist() == [3.0, 5.0]
    assert c(x=np.arange(6.0)[::2]).tolist() == [0.0, 4.0, 8.0]
    assert c(x=np.empty((0, 3))).shape == (0, 3)
    assert c(x=np.array(3.0)) == 6.0 and c(x=np.float32(3)) == 6.0


def test_named_constants_and_defaults() -> None:
    assert Circuit("e*x")(x=np.array([2.0]), e=3.0).tolist() == [6.0]
    assert Circuit("g = 9.81; g*x").gradient(x=np.array([2.0]))["x"].tolist() == [9.81]
    assert list(Circuit("g = 9.81; g*x").gradient(x=np.array([2.0]))) == ["x"]


def test_what_does_not_fit() -> None:
    c = Circuit("x*y")
    with pytest.raises(InputError, match="do not fit together"):
        c(x=np.arange(3.0), y=np.arange(4.0))
    with pytest.raises(InputError, match="no numbers"):
        c(x=np.array(["a"]), y=1)
    with pytest.raises(InputError, match="y is no column"):
        c(x=np.arange(3.0))
    with pytest.raises(InputError, match="z is not an input"):
        c(x=np.arange(3.0), y=1, z=2)


def test_what_is_at_one_point_only() -> None:
    c, x = Circuit("x*y"), np.array([1.0])
    for ask in (c.evaluate, c.hessian, c._read.at):
        with pytest.raises(InputError, match="is an array"):
            ask({"x": x, "y": 2.0})
    with pytest.raises(InputError, match="x has 1 values, and a range is from one to another"):
        c.check(None, {"x": x, "y": 2.0})  # which may be over a range


def test_tables() -> None:
    table = pa.table({"id": ["a", "b"], "x": [1, 2], "w": pa.array([1.0, 2.0], pa.float32())})
    mapped = Circuit("r = w*x^2 + b").map(table, ["x", "b"], b=1)
    assert mapped.column_names == ["id", "x", "w", "r", "grad_x", "grad_b"]
    assert mapped.to_pydict()["r"] == [2.0, 9.0] and mapped.to_pydict()["grad_x"] == [2.0, 8.0]
    assert Circuit("x+1").map(table).column_names[-1] == "value"
    with pytest.raises(UsageError, match='already has a column "w"'):
        Circuit("w = x + 1").map(table)
    with pytest.raises(UsageError, match="one answer"):
        Circuit("mean(x)").map(table)
    with pytest.raises(InputError, match="row 2 of the table has no x"):
        Circuit("x").map(pa.table({"x": [1, None]}))
    with pytest.raises(InputError, match="beyond 2"):
        Circuit("x").map(pa.table({"x": [2**53 + 1]}))


def test_threads_change_no_bit() -> None:
    rng = np.random.default_rng(0)
    given = {name: rng.normal(size=700_001) for name in "xyz"}
    graph = ReadCircuit("exp(-x*x)*log(1+y*y) + tanh(y*z)").graph
    for engine in ("arrays", "native"):
        one = over_arrays(graph, given, engine=engine, jobs=1)
        two = over_arrays(graph, given, engine=engine, jobs=3)
        assert np.asarray(one.value).tobytes() == np.asarray(two.value).tobytes()
        assert all(np.asarray(one.gradient[n]).tobytes() == np.asarray(two.gradient[n]).tobytes() for n in "xyz")


FEYNMAN = rows("feynman")


@pytest.mark.parametrize("case", FEYNMAN[::4], ids=lambda case: case["expr"][:30])
def test_feynman_formulas_agree_on_all_arithmetics(case: dict[str, Any]) -> None:
    rng = np.random.default_rng(len(case["expr"]))
    c, count = Circuit(case["expr"]), 400
    given = {name: rng.uniform(0.5, 3.0, count) for name in c.inputs}
    wanted = [c.value_and_gradient({name: float(column[i]) for name, column in given.items()}) for i in range(count)]
    for engine in ("arrays", "native"):
        found = over_arrays(c._read.graph, given, engine=engine)
        for i in range(0, count, 3):
            value, gradient = wanted[i]
            assert _close(float(np.asarray(found.value)[i]), value)
            assert all(_close(float(np.asarray(found.gradient[name])[i]), slope) for name, slope in gradient.items())


def _close(a: float, b: float) -> bool:
    """Equal but for some units in the last place, and digits that a difference may lose."""
    return a == pytest.approx(b, rel=1e-11, abs=1e-12, nan_ok=True)
