"""The private doors of libraries that we hold open.

A door is a name that a library does not promise, or a behaviour that changes between its versions. Each is one function
here, which says why there is no other way, and has one test in tests/test_compat.py, which fails when the door closes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logging import Logger
    from types import ModuleType
    from typing import TypeAlias

    import numpy as np
    from distributed import Client
    from lark import Lark
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]


def lark_tokens(lark: Lark) -> tuple[list[tuple[str, str]], list[str]]:
    """The tokens of a grammar, each a name and a regular expression, in the order in which they are tried, and the
    names of those that are left out.

    lark 1.1.9 to 1.3: `Lark.terminals` is in the order of the grammar; the lexer sorts them by priority and length.
    """
    lexer = lark.parser.lexer
    return [(token.name, token.pattern.to_regexp()) for token in lexer.terminals], sorted(lexer.ignore_types)


def lark_states(lark: Lark) -> tuple[list[dict[str, tuple[int | None, object]]], int, int]:
    """The states of an LALR parser, each with where every symbol leads: a state, or None and a rule that is complete;
    and the first and the last state.

    lark 1.1.9 to 1.3: only `Lark.save` writes them, as a pickle that it alone can read.
    """
    from lark.parsers.lalr_analysis import Shift

    table = lark.parser.parser._parse_table
    states = [
        {name: (to, None) if action is Shift else (None, to) for name, (action, to) in table.states[k].items()}
        for k in range(len(table.states))
    ]
    return states, *table.start_states.values(), *table.end_states.values()


def scheduler_totals(client: Client, seconds: float) -> Mapping[str, int]:
    """The sums over the workers of a cluster, `total_threads` and `total_memory`. Raises OSError or TimeoutError where
    the scheduler does not answer within so many seconds.

    distributed 2025.4 to 2026.8: `Client.scheduler_info` waits for ever. The undocumented `client.scheduler` asks the
    same with a limit.
    """
    totals: Mapping[str, int] = client.sync(client.scheduler.identity, n_workers=0, callback_timeout=seconds)
    return totals


def start_resource_tracker() -> None:
    """Start the process by which multiprocessing cleans up, unless it runs.

    Python 3.10 to 3.14: it is started by the first process that is, and inherits the signals that are blocked then;
    `ensure_running` is not documented.
    """
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()


def loggers_of(packages: Iterable[str]) -> list[Logger]:
    """The loggers that these packages have made.

    Python 3.10 to 3.14: only the undocumented `loggerDict` lists loggers; `Logger.getChildren`, from 3.12 on, has one
    level.
    """
    import logging

    wanted = set(packages)
    return [logging.getLogger(name) for name in logging.root.manager.loggerDict if name.partition(".")[0] in wanted]


def arrow_compute() -> ModuleType:
    """pyarrow's functions by name: its module with `call_function` and `CastOptions`.

    The public pyarrow.compute writes the documentation of three hundred functions when it is imported, which takes as
    long as half a million rows do.
    """
    try:
        return import_module("pyarrow._compute")
    except ImportError:
        return import_module("pyarrow.compute")


def least_squares_visited(
    residuals: Callable[[Array], Array],
    jacobian: Callable[[Array], Array],
    start: Array,
    visit: Callable[[Array], None],
    **settings: object,
) -> Array:
    """The point at which `scipy.optimize.least_squares` ends. It visits the start, moved off the bounds, and then each
    point that it accepts.

    From SciPy 1.16 on a callback is told of each iteration, even of one that has not moved, but not of the start. The
    trust region of SciPy 1.10 to 1.17 asks for the Jacobian once at the start and at each point that it accepts, and
    nowhere else. That tells the start, and before 1.16 the other points too.
    """
    from inspect import signature

    from scipy.optimize import least_squares

    told = "callback" in signature(least_squares).parameters
    here: Array | None = None

    def arrive(x: Array) -> None:
        nonlocal here
        if here is None or (x != here).any():
            here = x.copy()
            visit(here)

    def slopes(x: Array) -> Array:
        if here is None or not told:
            arrive(x)
        return jacobian(x)

    if told:
        settings["callback"] = arrive
    found: Array = least_squares(residuals, start, slopes, method="trf", **settings).x
    return found
