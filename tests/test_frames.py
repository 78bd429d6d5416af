"""Tables of other libraries through a circuit: the answers are of their kind."""

from __future__ import annotations

import datetime
import math
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from circuitcli import Circuit, CircuitError, InputError, UsageError

ROWS = [{"x": 3, "y": 4.0, "site": "kiel"}, {"x": 5, "y": 12.0, "site": "bonn"}]
COLUMNS = {name: [row[name] for row in ROWS] for name in ROWS[0]}
FRAME = pd.DataFrame(COLUMNS, index=["u", "v"])
C = Circuit("r = hypot(x, y) + z")


def test_a_frame_of_pandas_keeps_its_index() -> None:
    pd.testing.assert_series_equal(C(FRAME, z=1), pd.Series([6.0, 14.0], ["u", "v"], name="r"))
    slopes = pd.DataFrame({"x": [0.6, 5 / 13], "y": [0.8, 12 / 13], "z": [1.0, 1.0]}, ["u", "v"])
    pd.testing.assert_frame_equal(C.gradient(FRAME, z=1), slopes, rtol=1e-15)
    value, found = C.value_and_gradient(FRAME, z=1)
    pd.testing.assert_series_equal(value, C(FRAME, z=1))
    pd.testing.assert_frame_equal(found, C.gradient(FRAME, z=1))
    more = FRAME.assign(r=[6.0, 14.0], grad_x=slopes["x"])
    pd.testing.assert_frame_equal(C.map(FRAME, ["x"], z=1), more, rtol=1e-15)
    assert list(FRAME.columns) == list(COLUMNS)  # as it was


def test_a_frame_of_polars() -> None:
    frame = pl.DataFrame(COLUMNS)
    assert C(frame, z=1).equals(pl.Series("r", [6.0, 14.0]), check_names=True)
    assert C.gradient(frame, z=1).columns == ["x", "y", "z"]
    assert C.gradient(frame, z=1).row(1) == pytest.approx((5 / 13, 12 / 13, 1.0))
    assert C.map(frame, ["x"], z=1).drop("r", "grad_x").equals(frame)
    assert C.map(frame, ["x"], z=1)["r"].to_list() == [6.0, 14.0]
    with pytest.raises(InputError, match="LazyFrame") as caught:
        C(frame.lazy(), z=1)
    assert caught.value.hint == "hand over frame.collect()"


def test_a_table_of_pyarrow() -> None:
    table = pa.table(COLUMNS)
    assert C(table, z=1).equals(pa.array([6.0, 14.0]))
    assert C.gradient(table, z=1).column_names == ["x", "y", "z"]
    assert C.gradient(table.to_batches()[0], z=1).to_pydict()["x"] == pytest.approx([0.6, 5 / 13])
    assert C.map(table, z=1).to_pydict() == {**COLUMNS, "r": [6.0, 14.0]}
    assert C(pa.concat_tables([table, table]), z=1).to_pylist() == [6.0, 14.0] * 2  # in pieces


def test_lists_of_dicts() -> None:
    assert C(ROWS, z=1) == [6.0, 14.0]
    assert C.gradient(ROWS, z=1) == [pytest.approx(row) for row in C.gradient(pa.table(COLUMNS), z=1).to_pylist()]
    assert C.map(ROWS, z=1) == [{**ROWS[0], "r": 6.0}, {**ROWS[1], "r": 14.0}]


def test_dicts_of_columns() -> None:
    assert C(COLUMNS, z=1) == C(x=[3, 5], y=[4, 12], z=1) == [6.0, 14.0]
    assert C.gradient(COLUMNS, z=1)["z"] == [1.0, 1.0]
    assert C.map(COLUMNS, ["z"], z=1) == {**COLUMNS, "r": [6.0, 14.0], "grad_z": [1.0, 1.0]}
    arrays = {"x": np.array([3, 5]), "y": np.array([4.0, 12.0])}
    assert isinstance(C(arrays, z=1), np.ndarray) and isinstance(C.map(arrays, z=1)["r"], np.ndarray)
    assert isinstance(C({**arrays, "x": [3, 5]}, z=1), np.ndarray)  # an array among them
    assert C({"x": 3, "y": 4, "site": ["kiel", "bonn"]}, z=1) == 6.0  # no input


def test_series() -> None:
    pd.testing.assert_series_equal(C(x=FRAME["x"], y=FRAME["y"], z=1), C(FRAME, z=1))
    assert C(x=pl.Series([3, 5]), y=4, z=0).to_list() == pytest.approx([5.0, 41**0.5])
    with pytest.raises(InputError, match="different indexes"):
        C(x=FRAME["x"], y=FRAME["y"].iloc[::-1], z=1)  # pandas would turn it round, NumPy would not


D, OTHER = pd.DataFrame({"x": [1.0, 2.0]}, index=[9, 8]), pd.Series([3.0, 4.0], index=[8, 9])


@pytest.mark.parametrize(
    "call",
    [
        lambda c, y: c(D, y=y),
        lambda c, y: c.gradient(D, y=y),
        lambda c, y: c.value_and_gradient(D, wrt="x", y=y)[0],
        lambda c, y: c.jacobian(D, y=y),
        lambda c, y: c.residuals(["w"], data=D, y=y),
        lambda c, y: c.map({"x": D["x"], "y": y}, w=1),
        lambda c, y: Circuit("sum(w*x*y)").fit({"x": D["x"], "y": y}, {"w": 1}),
    ],
)
def test_rows_of_different_indexes_are_not_paired(call: Callable[[Circuit, Any], object]) -> None:
    circuit = Circuit("w = 1; w*x*y")
    with pytest.raises(InputError, match="different indexes"):
        call(circuit, OTHER)
    call(circuit, OTHER.reindex(D.index))


def test_a_frame_and_a_series_go_by_the_index_of_both() -> None:
    found = Circuit("x*y")(D, y=OTHER.reindex(D.index))
    pd.testing.assert_series_equal(found, D["x"] * OTHER, check_names=False, check_index_type=False, check_like=True)
    assert Circuit("x*y")(D, y=OTHER.to_numpy()).tolist() == [3.0, 8.0]  # arrays go by place


def test_columns_that_are_missing_are_told_with_those_that_are_there() -> None:
    decay, rows = Circuit("a*exp(-b*t)"), pd.DataFrame({"Time": [0.0, 1.0], "y": [1.0, 0.5]})
    fit = Circuit("sum((y - a*exp(-b*t))^2)")
    mistakes: list[Callable[[Any], object]] = [
        lambda rows: decay(rows, a=1, b=2),
        lambda rows: decay.gradient(rows, a=1, b=2),
        lambda rows: decay.map(rows, a=1, b=2),
        lambda rows: fit.fit(rows, {"a": 1, "b": 1}),
        lambda rows: fit.objective(["a", "b"], data=rows),
    ]
    for mistake in mistakes:
        with pytest.raises(InputError, match=r"t is no column of the frame .*\n  add t=\.\.\.; .*: .*Time") as told:
            mistake(rows)
        assert "--" not in str(told.value)
        with pytest.raises(InputError, match=r"t is the index of the frame.*\n  df.reset_index\(\) makes it one"):
            mistake(rows.rename(columns={"Time": "t"}).set_index("t"))
    with pytest.raises(InputError, match='if it is "mean radius", rename that column; add radius='):
        Circuit("2*radius")(pl.DataFrame({"mean radius": [1.0], "mass": [2.0]}))
    with pytest.raises(UsageError, match="uses no column of the frame\n  its columns are: Time, y"):
        Circuit("a + 1")(rows, a=1)


@pytest.mark.parametrize(
    ("frame", "hint"),
    [(pd.DataFrame, "df.fillna({'s': ''})"), (pl.DataFrame, "df.with_columns(pl.col('s').fill_null(''))")],
)
def test_the_hint_on_a_text_that_is_missing_helps(frame: Callable[[Any], Any], hint: str) -> None:
    circuit, df = Circuit("where(s == 'a', x, -x)"), frame({"s": ["a", None], "x": [1, 2]})
    with pytest.raises(InputError, match=re.escape(hint)):
        circuit(df)
    assert circuit(eval(hint, {"df": df, "pl": pl})).to_list() == [1.0, -2.0]


TABLES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "pandas": pd.DataFrame,
    "polars": lambda columns: pl.DataFrame(columns, strict=False),
    "pyarrow": pa.table,
    "dicts": lambda columns: [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)],
    "columns": dict,
}


@pytest.mark.parametrize("kind", TABLES)
def test_aggregates_give_numbers(kind: str) -> None:
    table = TABLES[kind]({"x": [1.0, 2.0], "y": [2.0, 4.5]})
    value, slopes = Circuit("mean((y - w*x)^2)").value_and_gradient(table, w=2)
    assert (value, slopes) == (0.125, {"w": -1.0}) and Circuit("sum(x)")(table) == 3.0
    with pytest.raises(UsageError, match="one answer"):
        Circuit("mean(x)").map(table)


@pytest.mark.parametrize("kind", TABLES)
def test_no_rows(kind: str) -> None:
    if kind != "dicts":  # which have no names then
        assert list(Circuit("x + 1")(TABLES[kind]({"x": []}))) == []
    assert Circuit("sum(x) + count()")(TABLES["pandas"]({"x": []})) == 0.0


@pytest.mark.parametrize("kind", TABLES)
def test_what_is_not_there_is_told(kind: str) -> None:
    """As on the command line: nothing is an error, and nan is a number of its own."""
    make, double = TABLES[kind], Circuit("2*x")
    if kind != "pandas":  # to which None is nan, among floats
        with pytest.raises(InputError, match=r"row 2 of the \w+ has no x"):
            double(make({"x": [1.0, None]}))
    assert np.isnan([*map(float, double(make({"x": [1.0, float("nan")]})))]).tolist() == [False, True]
    with pytest.raises(InputError, match=r'row 2 of the \w+ has no number: x is "two"'):
        double(make({"x": ["1", "two"]}))
    with pytest.raises(InputError, match=r"beyond 2\^53"):
        double(make({"x": [2**53 + 1, 1]}))


@pytest.mark.parametrize(
    ("column", "numbers"),
    [
        (pd.array([1, 2], "Int64"), [1.0, 2.0]),
        (pd.array([1.5, 2.5], "Float32"), [1.5, 2.5]),
        (pd.array([True, False], "boolean"), [1.0, 0.0]),
        (pd.Categorical(["1.5", "2"]), [1.5, 2.0]),
        ([Decimal("0.1"), Decimal("0.25")], [0.1, 0.25]),
        ([Decimal("0.1"), 2], [0.1, 2.0]),
        ([datetime.date(1970, 1, 2), datetime.date(2020, 1, 1)], [86400.0, 1577836800.0]),  # as in files
        (pd.to_datetime(["1970-01-01T00:00:01.5", "1970-01-02T00:00:00.0"]), [1.5, 86400.0]),
        (np.array([1, 2], np.int8), [1.0, 2.0]),
        (["1e3", " 2 "], [1000.0, 2.0]),
    ],
    ids=["Int64", "Float32", "boolean", "category", "decimals", "decimals and ints", "dates", "times", "int8", "texts"],
)
def test_types_of_pandas(column: Any, numbers: list[float]) -> None:
    assert Circuit("x")(pd.DataFrame({"x": column})).tolist() == numbers


@pytest.mark.parametrize("nothing", [pd.NA, None, pd.NaT], ids=str)
def test_nothing_in_pandas(nothing: Any) -> None:
    kind = "datetime64[ns]" if nothing is pd.NaT else "Int64"
    with pytest.raises(InputError, match="row 2 of the frame has no x") as caught:
        Circuit("x")(pd.DataFrame({"x": pd.Series([1, nothing], dtype=kind)}))
    assert "df.dropna()" in str(caught.value.hint)


def test_texts_among_numbers() -> None:
    mixed = pd.DataFrame({"x": [1, "2.5", True]}, dtype=object)
    assert Circuit("x")(mixed).tolist() == [1.0, 2.5, 1.0]
    assert Circuit("x")(x=[1, "2.5"]) == [1.0, 2.5]
    with pytest.raises(InputError, match="row 2 of the frame has no x"):
        Circuit("x")(pd.DataFrame({"x": [1, pd.NA, 3.5]}, dtype=object))
    with pytest.raises(InputError, match='row 2 of the frame has no number: x is "a"') as caught:
        Circuit("x")(pd.DataFrame({"x": [1, "a"]}))
    frame = pd.DataFrame({"x": [1, "a"]})
    frame["x"] = eval(str(caught.value.hint).partition(" makes")[0], {"pandas": pd, "df": frame})
    assert Circuit("x")(frame).iloc[0] == 1.0 and math.isnan(Circuit("x")(frame).iloc[1])
    with pytest.raises(InputError, match="row 1 of x is a whole number that float64 would round"):
        Circuit("x")(x=[2**70 + 1, 0.5])


@pytest.mark.parametrize("column", [[1j, 2.0], [{}, 1], [[1], [2]]], ids=str)
def test_what_is_no_number(column: list[Any]) -> None:
    with pytest.raises(InputError):
        Circuit("x")(pd.DataFrame({"x": column}))


def test_names() -> None:
    with pytest.raises(InputError, match="the frame has a column e, and e is a constant"):
        Circuit("e*x")(FRAME.assign(e=2))
    assert Circuit("e*x")(FRAME.assign(e=2), e=3).tolist() == [9.0, 15.0]  # a keyword has the last word
    assert Circuit("x + 1")(FRAME.assign(e=2)).tolist() == [4.0, 6.0]
    assert C(FRAME, z=1, x=8).tolist() == [pytest.approx(80**0.5 + 1), pytest.approx(208**0.5 + 1)]
    with pytest.raises(InputError, match="two columns x"):
        C(pd.concat([FRAME, FRAME], axis=1), z=1)
    with pytest.raises(InputError, match="w is not an input"):
        C(FRAME, z=1, w=2)
    with pytest.raises(UsageError, match='already has a column "r"'):
        C.map(FRAME.assign(r=0), z=1)
    with pytest.raises(UsageError, match="no column"):
        Circuit("a + 1")(FRAME, a=1)
    assert Circuit("where(site == 'kiel', x, -x)")(FRAME).tolist() == [3.0, -5.0]


def test_a_direction_over_lists() -> None:
    both = Circuit("f = x*y; g = x + z")
    assert both.jvp({"x": 1, "y": 2}, {"x": [1, 2], "y": 3}, z=0) == {"f": [5.0, 7.0], "g": [1.0, 1.0]}
    assert both.jvp({"x": 1}, x=np.array([1.0, 2.0]), y=3, z=0)["f"].tolist() == [3.0, 3.0]
    with pytest.raises(InputError, match="inputs are no Series"):
        both(FRAME["x"])


def test_families() -> None:
    wide = pd.DataFrame({"x[1]": [1.0, 3.0], "x[2]": [2.0, 4.0]})
    dot = Circuit("sum(w[i]*x[i] for i in 1:2)")
    assert dot(wide, w=[10, 1]).tolist() == [12.0, 34.0]
    assert dot.gradient(wide, w=[10, 1])["w[2]"].tolist() == [2.0, 4.0]


def test_a_jacobian_is_a_table_each() -> None:
    both = Circuit("f = x*y; g = x + y")
    f, g = both.jacobian(FRAME).values()
    pd.testing.assert_frame_equal(f, pd.DataFrame({"x": [4.0, 12.0], "y": [3.0, 5.0]}, ["u", "v"]))
    pd.testing.assert_frame_equal(g, pd.DataFrame({"x": [1.0, 1.0], "y": [1.0, 1.0]}, ["u", "v"]))


@pytest.mark.parametrize("method", ["check", "hessian", "evaluate", "explain", "draw"])
def test_methods_of_a_point_refuse_a_table(method: str) -> None:
    tables = FRAME, pl.DataFrame(COLUMNS), pa.table(COLUMNS), ROWS
    names = {"df": FRAME, "table": tables[2], "rows": ROWS}
    for table in tables:
        with pytest.raises(CircuitError, match=f"inputs are no {type(table).__name__}") as told:
            getattr(C, method)(*[{"x": 1}] * (method == "check"), table)
        row = re.search(r"this is at a point, as (.*) is one;", str(told.value))
        assert row is not None and eval(row[1], names | {"df": table})["y"] == 4.0
    with pytest.raises(CircuitError, match=r"row.to_dict\(\)"):
        C.hessian(FRAME.iloc[0])


def test_a_column_beside_a_table_is_put_into_it() -> None:
    with pytest.raises(InputError, match=r"z varies by row.*\n  put it into the table: df.assign\(z=z\)"):
        C.map(FRAME, z=pd.Series([1, 2], FRAME.index))


def test_a_library_is_loaded_by_who_brings_a_frame() -> None:
    code = """
import sys
from circuitcli import Circuit
c = Circuit("x*y")
c(x=1, y=2), c({"x": 1.0, "y": 2.0})
assert not {"numpy", "pyarrow", "pandas", "polars"} & {*sys.modules}
c([{"x": 1, "y": 2}]), c(x=[1, 2], y=3)
assert not {"pandas", "polars"} & {*sys.modules}
import polars
c(polars.DataFrame({"x": [1.0], "y": [2.0]}))
assert "pandas" not in sys.modules
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr == ""
