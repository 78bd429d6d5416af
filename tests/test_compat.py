"""The doors that circuitcli.compat holds open: a test fails when a library closes one."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pytest

from circuitcli import compat

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]

GRAMMAR = """
start: "a" start? -> letter
"""


def test_the_tables_of_lark() -> None:
    from lark import Lark

    lark = Lark(GRAMMAR, parser="lalr", lexer="basic", maybe_placeholders=False)
    tokens, ignored = compat.lark_tokens(lark)
    assert [name for name, _ in tokens] == ["A"] and ignored == []
    states, first, last = compat.lark_states(lark)
    assert {first, last} <= set(range(len(states)))
    shifts = {name for state in states for name, (to, rule) in state.items() if rule is None and isinstance(to, int)}
    assert shifts == {"A", "start"}
    assert {rule for state in states for to, rule in state.values() if to is None} == set(lark.rules)


@pytest.mark.slow
def test_a_scheduler_tells_its_totals_within_a_time() -> None:
    distributed = pytest.importorskip("distributed")
    quiet = {"n_workers": 1, "threads_per_worker": 2, "processes": False, "dashboard_address": "127.0.0.1:0"}
    with distributed.LocalCluster(**quiet, memory_limit="100MB") as cluster, distributed.Client(cluster) as client:
        totals = compat.scheduler_totals(client, 10.0)
        assert (totals["total_threads"], totals["total_memory"]) == (2, 100_000_000)
        with pytest.raises(TimeoutError):
            compat.scheduler_totals(client, 0.0)


@pytest.mark.slow
def test_the_resource_tracker_is_started() -> None:
    code = """
from multiprocessing.resource_tracker import _resource_tracker
from circuitcli.compat import start_resource_tracker
print(_resource_tracker._fd is None)
start_resource_tracker()
print(_resource_tracker._fd is None)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "True\nFalse\n", done.stderr


def test_loggers_are_found_by_their_package() -> None:
    made = [logging.getLogger(name) for name in ("shelf", "shelf.upper", "shelf.upper.left", "shelves")]
    assert set(compat.loggers_of(["shelf"])) == set(made[:3])


@pytest.mark.slow
def test_arrow_functions_come_without_their_documentation() -> None:
    code = """
import struct, sys
import pyarrow as pa
from circuitcli.compat import arrow_compute
door = arrow_compute()
def array(*xs):  # pa.array would load pandas, and that pyarrow.compute
    return pa.Array.from_buffers(pa.int64(), len(xs), [None, pa.py_buffer(struct.pack(f"{len(xs)}q", *xs))])
print(door.call_function("array_take", [array(5, 6, 7), array(2, 0)]).to_pylist())
print(door.call_function("cast", [array(3)], door.CastOptions.safe(pa.float64())).to_pylist())
print(door.__name__, "pyarrow.compute" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[7, 5]\n[3.0]\npyarrow._compute False\n"


def rosenbrock(x: Array) -> Array:
    """Two residuals, whose squares have one minimum at (1, 1) behind a bent valley."""
    return np.array([10.0 * (x[1] - x[0] ** 2), 1.0 - x[0]])


def its_slopes(x: Array) -> Array:
    return np.array([[-20.0 * x[0], 10.0], [-1.0, 0.0]])


def visits(start: list[float], **settings: object) -> list[list[float]]:
    """The points that least squares visit, and then the point where they end."""
    seen: list[list[float]] = []
    end = compat.least_squares_visited(
        rosenbrock, its_slopes, np.array(start), lambda x: seen.append(x.tolist()), **settings
    )
    return [*seen, end.tolist()]


@pytest.mark.parametrize(
    ("start", "settings"),
    [
        ([-1.2, 1.0], {}),
        ([-1.2, 1.0], {"max_nfev": 4}),  # ends in an iteration that does not move
        ([-1.2, 1.0], {"bounds": ([-1.2, -1.0], [0.8, 2.0])}),  # begins on a bound, and ends at one
    ],
)
def test_least_squares_visit_the_same_points_with_and_without_a_callback(
    start: list[float], settings: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    from inspect import signature

    from scipy import optimize

    search: Callable[..., object] = optimize.least_squares
    found = visits(start, **settings)
    assert len(found) >= 3
    assert found[-1] == found[-2]
    assert (found[0] == start) == ("bounds" not in settings)
    if "callback" in signature(search).parameters:

        def without(fun: object, x0: object, jac: object, **others: object) -> object:
            assert "callback" not in others
            return search(fun, x0, jac, **others)

        monkeypatch.setattr(optimize, "least_squares", without)
        assert visits(start, **settings) == found
