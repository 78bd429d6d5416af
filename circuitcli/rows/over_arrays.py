"""Arrays and tables in memory through a circuit: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circuitcli.engine.tracer import straight
from circuitcli.errors import InputError, UsageError
from circuitcli.graph import Graph
from circuitcli.rows.aggregates import Gatherer
from circuitcli.rows.gather import gathered
from circuitcli.rows.gathered_point import GatheredPoint
from circuitcli.rows.kernels import cores, engine_for, run_rows
from circuitcli.rows.plan import Plan

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from circuitcli.tables.arrow_columns import ArrowTable


class Found(NamedTuple):
    """The results, the value being the last, and the gradient of that: arrays of the shape that the inputs share, or
    numbers where there are aggregates."""

    results: dict[str, float | NDArray[np.float64]]
    gradient: dict[str, float | NDArray[np.float64]]

    @property
    def value(self) -> float | NDArray[np.float64]:
        """The last of the results."""
        return next(reversed(self.results.values()))


def over_arrays(
    graph: Graph,
    given: Mapping[str, ArrayLike],
    wrt: Sequence[str] | None = None,
    differentiate: bool = True,
    engine: str = "",
    jobs: int = 0,
    results: Mapping[str, int] | None = None,
) -> Found:
    """The value, or all `results`, and the gradient by each input. Arrays among the inputs are broadcast by NumPy's
    rules.

    `engine` is chosen by the circuit and the size where it is empty; `jobs` are threads, 0 being all cores. Raises
    InputError for arrays that are no numbers or do not fit together.
    """
    columns, scalars, shape = _columns(given)
    plan = Plan(graph, list(columns), scalars, wrt, differentiate, "the arrays", results=results)
    count = int(np.prod(shape))
    threads = jobs or cores()
    names = plan.wrt or []
    used = {name: columns[name] for name in plan.used}
    if plan.by_row:
        program = straight(graph, plan.used, [*plan.results.values()], plan.wanted)
        rows = iter(run_rows(engine_for(program, count, engine), used, plan.scalars, count, threads))
        values, slopes = ({name: next(rows).reshape(shape) for name in these} for these in (plan.results, names))
        return Found(values, slopes)
    programs = plan.programs(plan.wanted)
    sums, others = (engine_for(program, count, engine) for program in (programs.sums, programs.rows))
    gatherer = Gatherer(plan.parts, programs, sums, others, plan.scalars)
    whole = gathered(gatherer, iter([(0, used, count)] if count else []), threads)
    answer = GatheredPoint(plan.parts, programs.gathered, whole, plan.scalars, plan.wrt, plan.wanted)
    return Found({name: answer.values[k] for name, k in plan.results.items()}, answer.gradient)


def over_table(graph: Graph, table: ArrowTable, given: Mapping[str, float], wrt: Sequence[str]) -> ArrowTable:
    """A pyarrow table with each result as one more column, and `grad_NAME` for each of `wrt`."""
    from circuitcli.tables.arrow_columns import numbers_of

    plan = Plan(graph, table.column_names, given, list(wrt) or None, False, "the table", results=graph.results)
    if not plan.by_row:
        raise UsageError("this gives one answer, and a table wants one value per row", "call the circuit with arrays")
    columns = {}
    for name in plan.used:
        columns[name], missing = numbers_of(table.column(name).combine_chunks(), name, "the table")
        if len(missing):
            raise InputError(
                f"row {missing[0] + 1} of the table has no {name}", "drop such rows, or fill them with nan"
            )
    found = over_arrays(graph, {**given, **columns}, list(wrt), bool(wrt), results=plan.results)
    gradient = ((f"grad_{name}", found.gradient[name]) for name in wrt)
    for name, column in chain(found.results.items(), gradient):
        if name in table.column_names:
            raise UsageError(f'the table already has a column "{name}"', "give the result another name: v = ...")
        table = table.append_column(name, [column])
    return table


def _columns(
    given: Mapping[str, ArrayLike],
) -> tuple[dict[str, NDArray[np.float64]], dict[str, float], tuple[int, ...]]:
    """The inputs that are arrays as contiguous rows of float64, the others as numbers, and the shape of the arrays."""
    arrays, scalars = {}, {}
    for name, x in given.items():
        array = np.ma.asarray(x, np.float64).filled(np.nan) if isinstance(x, np.ma.MaskedArray) else np.asarray(x)
        if not array.ndim:
            scalars[name] = float(x)
            continue
        if array.dtype.kind not in "biuf":
            raise InputError(f"{name} is an array of {array.dtype}, no numbers")
        arrays[name] = np.asarray(array, np.float64)
    try:
        shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise InputError(f"the shapes of the arrays do not fit together: {shapes}") from None
    flat = {n: np.ascontiguousarray(np.broadcast_to(a, shape)).reshape(-1) for n, a in arrays.items()}
    return flat, scalars, shape
