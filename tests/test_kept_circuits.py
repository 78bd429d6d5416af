"""A circuit over arrays is made ready once: the same answers, results of their own, and memory that is used again."""

from __future__ import annotations

import copy
import gc
import pickle
import threading
from typing import Any

import numpy as np
import pytest

from circuitcli import Circuit, CircuitError
from circuitcli.rows.over_arrays import OverArrays
from circuitcli.rows.result_arrays import KEPT, ResultArrays

TEXTS = ("a*x + sigmoid(y)", "x > y ? a*x : sqrt(y)", "mean(a*x*y)", "max(x) + a", "std(a*x + y)", "logsumexp(a*x)")
N = 10_000
DRAW = np.random.default_rng(0)
COLUMNS = {name: DRAW.uniform(0.1, 2.0, N) for name in "xyz"}


@pytest.mark.parametrize("engine", ["arrays", "native"])
@pytest.mark.parametrize("text", TEXTS)
def test_calls_after_the_first_have_its_bits(text: str, engine: str) -> None:
    pytest.importorskip("llvmlite")
    x, y = COLUMNS["x"], COLUMNS["y"]
    run = Circuit(text).compiled(["x", "y"] if "y" in text else ["x"], ["a"], engine=engine)
    given = {"x": x, "y": y} if "y" in text else {"x": x}
    first = run(given, a=0.5)
    run({**given, "x": y}, a=2.0)
    for value, gradient in (run(given, a=0.5), Circuit(text).compiled([*given], ["a"], engine=engine)(given, a=0.5)):
        assert np.array_equal(first[0], value) and np.array_equal(first[1]["a"], gradient["a"])
    told = Circuit(text).value_and_gradient({**given, "a": 0.5})
    assert np.allclose(first[0], told[0], rtol=1e-14) and np.allclose(first[1]["a"], told[1]["a"], rtol=1e-13)


def test_results_that_would_be_written_over_others_are_refused() -> None:
    x = np.array([1.0, 2.0, 3.0])
    fixed = np.empty(3)
    fixed.flags.writeable = False
    for out in ({"value": x}, {"value": fixed}, {"value": (one := np.empty(3)), "x": one}):
        with pytest.raises(CircuitError):
            Circuit("sin(x)").compiled(["x"], engine="arrays", out=out)(x=x)


def test_a_keyword_has_the_last_word() -> None:
    assert Circuit("x+1")({"x": np.array([1.0, 2.0])}, x=3) == 4.0


def test_circuits_are_copied_and_packed() -> None:
    circuit = Circuit("q = x*y; q + 1")
    for _ in range(9):
        circuit.gradient(x=1.0, y=2.0)
        circuit(x=COLUMNS["x"], y=2.0)
    for other in (copy.deepcopy(circuit), pickle.loads(pickle.dumps(circuit)), copy.copy(circuit.derivative("x"))):
        assert str(other) in (str(circuit), "y")
        assert other(x=3.0, y=4.0) in (13.0, 4.0)


def test_a_circuit_keeps_its_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    init = OverArrays.__init__

    def counted(self: OverArrays, *words: Any, **more: Any) -> None:
        made.append(1)
        init(self, *words, **more)

    monkeypatch.setattr(OverArrays, "__init__", counted)
    circuit = Circuit("(x+y)*z")
    for i in range(5):
        value, gradient = circuit.value_and_gradient(x=COLUMNS["x"], y=COLUMNS["y"], z=float(i))
        assert np.array_equal(value, (COLUMNS["x"] + COLUMNS["y"]) * i) and np.array_equal(gradient["x"], np.full(N, i))
    assert len(made) == 1
    circuit(x=1.0, y=COLUMNS["y"], z=COLUMNS["z"])  # other columns
    assert len(made) == 2


def test_results_are_the_caller_s_own() -> None:
    circuit = Circuit("x*y")
    first, kept = circuit(COLUMNS), COLUMNS["x"] * COLUMNS["y"]
    views = [circuit(COLUMNS)[5:10] for _ in range(20)]
    assert np.array_equal(first, kept) and all(np.array_equal(view, kept[5:10]) for view in views)
    gradient = circuit.gradient(COLUMNS)
    gradient["x"][:] = 0.0  # y's column stays
    assert COLUMNS["y"].min() > 0.0 and np.array_equal(circuit(COLUMNS), kept)
    grid = circuit(x=np.arange(5_000.0).reshape(50, 100), y=2.0)
    assert grid.shape == (50, 100) and grid[3, 7] == 614.0 and grid.flags.writeable


def test_memory_is_used_again_when_nobody_holds_it() -> None:
    arrays = ResultArrays()
    first = arrays.empty(N)
    place, view = first.ctypes.data, first[10:20]
    del first
    assert arrays.empty(N).ctypes.data != place  # a view is held
    del view
    gc.collect()
    places = {arrays.empty(N).ctypes.data for _ in range(3)}
    assert len(places) <= 2
    assert arrays.empty(KEPT + 1).flags.owndata and arrays.empty(3).flags.owndata


def test_what_waits_is_bounded() -> None:
    arrays = ResultArrays()
    for count in range(KEPT // 2, KEPT // 2 + 5):
        arrays.empty(count)
        assert arrays._count <= KEPT
    assert arrays._count == sum(len(memory) for waiting in arrays._waiting.values() for memory in waiting)


def test_threads_share_a_circuit_and_its_memory() -> None:
    circuit, wrong = Circuit("x*y + sin(x)"), list[int]()
    told = COLUMNS["x"] * COLUMNS["y"] + np.sin(COLUMNS["x"])

    def run() -> None:
        for i in range(100):
            found = circuit(x=COLUMNS["x"], y=COLUMNS["y"])
            if not np.allclose(found, told, rtol=1e-14):
                wrong.append(i)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_results_go_where_they_are_asked_to() -> None:
    out = {"value": np.empty(N), "x": np.empty(N)}
    run = Circuit("x*y").compiled(["x", "y"], ["x", "y"], out=out)
    value, gradient = run(x=COLUMNS["x"], y=COLUMNS["y"])
    assert np.shares_memory(value, out["value"]) and np.shares_memory(gradient["x"], out["x"])
    assert np.array_equal(out["value"], COLUMNS["x"] * COLUMNS["y"]) and np.array_equal(gradient["y"], COLUMNS["x"])
    value, gradient = Circuit("x*y").compiled(["x"], [])(x=COLUMNS["x"], y=3)
    assert gradient == {} and value[0] == 3.0 * COLUMNS["x"][0]
    total, slopes = Circuit("sum(w*x)").compiled(["x"])(x=COLUMNS["x"], w=2.0)
    assert total == pytest.approx(2.0 * COLUMNS["x"].sum()) and slopes == {"w": pytest.approx(COLUMNS["x"].sum())}


@pytest.mark.parametrize(
    ("made", "called", "what", "hint"),
    [
        ({"columns": ["u"]}, {}, "u is not an input", "its inputs are: x, y"),
        ({"columns": ["x"], "out": {"u": np.empty(3)}}, {}, "u in out is no result", "the results are: value, x, y"),
        ({"columns": ["x"]}, {"x": 1.0, "y": 1.0}, "x is no array", "numpy.array"),
        ({"columns": ["x"]}, {"x": np.ones(3)}, "no value for y", "give y=VALUE"),
        ({"columns": ["x"]}, {"x": np.ones(3), "y": np.ones(3)}, "y is an array, and no column", "columns=['x', 'y']"),
        ({"columns": ["x"]}, {"x": np.ones(3), "y": 1.0, "v": 1.0}, "v is not an input", "its inputs are: x, y"),
        (
            {"columns": ["x"], "out": {"value": np.empty(4)}},
            {"x": np.ones(3), "y": 1.0},
            "4 places, and there are 3",
            "",
        ),
        (
            {"columns": ["x"], "out": {"value": np.empty(3, int)}},
            {"x": np.ones(3), "y": 1.0},
            "no contiguous array",
            "empty",
        ),
        ({"columns": ["x"]}, {"x": np.array(["a"]), "y": 1.0}, "no numbers", ""),
        ({"columns": ["x"], "engine": "steam"}, {"x": np.ones(3), "y": 1.0}, "no engine steam", "arrays and native"),
    ],
)
def test_mistakes_say_what_to_give(made: dict[str, Any], called: dict[str, Any], what: str, hint: str) -> None:
    with pytest.raises(CircuitError) as error:
        Circuit("x*y").compiled(**made)(**called)
    assert what in error.value.message and hint in error.value.hint
