"""Arrays in memory through a circuit: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circuitcli.engine.tracer import straight
from circuitcli.errors import InputError
from circuitcli.graph import Graph
from circuitcli.rows.aggregates import Gatherer
from circuitcli.rows.gather import gathered
from circuitcli.rows.gathered_point import GatheredPoint
from circuitcli.rows.kernels import engine_name, kernel_of, run_rows
from circuitcli.rows.plan import Plan
from circuitcli.rows.result_arrays import RESULTS
from circuitcli.systems import cores

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from circuitcli.engine.protocol import Columns, FloatArray, Kernel, Scalars


ARRAYS = "the arrays"  # as messages call the inputs that vary by row
AGAIN = 4  # times the rows of a call that is not the first: there will be more


class Found(NamedTuple):
    """The results, the value being the last, and the gradient of that: arrays of the shape that the inputs share, or
    numbers where there are aggregates."""

    results: dict[str, float | NDArray[np.float64]]
    gradient: dict[str, float | NDArray[np.float64]]

    @property
    def value(self) -> float | NDArray[np.float64]:
        """The last of the results."""
        return next(reversed(self.results.values()))


class OverArrays:
    """A circuit over arrays of some names, made ready once: its plan, its programs, and the kernels that have run.

    All `results` are wanted, the output alone where there are none; with `differentiate` the gradient by `wrt`, or by
    each input. `engine` is chosen by the circuit, the rows so far, and by whether code is there already, where it is
    empty; `jobs` are threads, 0 being all cores; messages call the rows as `shown`. Threads may share it.
    """

    def __init__(
        self,
        graph: Graph,
        columns: Sequence[str],
        scalars: Mapping[str, float],
        wrt: Sequence[str] | None = None,
        differentiate: bool = True,
        engine: str = "",
        jobs: int = 0,
        results: Mapping[str, int] | None = None,
        shown: str = ARRAYS,
    ) -> None:
        self.plan = plan = Plan(graph, list(columns), scalars, wrt, differentiate, shown, results=results)
        self._engine, self._jobs = engine, jobs
        self._rows = 0  # seen so far
        self._kernels: dict[tuple[int, str], Kernel] = {}
        if plan.by_row:
            nodes = [*plan.results.values()]
            self._programs = [straight(graph, plan.used, nodes, plan.wanted)]
        else:
            self._gathers = plan.programs(plan.wanted)
            self._programs = [self._gathers.sums, self._gathers.rows]

    def run(
        self, columns: Columns, given: Scalars, shape: tuple[int, ...], out: Mapping[str, FloatArray] | None = None
    ) -> Found:
        """The answer for contiguous columns, each of as many rows as the shape has places. Results of rows go into the
        arrays of `out`, which has the gradient under the names of inputs, or else into new ones."""
        plan, count = self.plan, int(np.prod(shape))
        scalars = {**plan.scalars, **given}
        used = {name: columns[name] for name in plan.used}
        self._rows += count if not self._rows else AGAIN * count
        if plan.by_row:
            names = [*plan.results, *(plan.wrt or ())]
            kernel = self._kernel(0)
            arrays = [_place(out, name, count) for name in names]
            _refuse_shared(dict(zip(names, arrays, strict=True)), used, out or {})
            run_rows(kernel, used, scalars, arrays, self._threads(kernel))
            shaped = [array.reshape(shape) for array in arrays]
            results = len(plan.results)
            return Found(
                dict(zip(names, shaped[:results], strict=False)),
                dict(zip(plan.wrt or (), shaped[results:], strict=True)),
            )
        sums, others = self._kernel(0), self._kernel(1)
        gatherer = Gatherer(plan.parts, self._gathers, sums, others, scalars)
        whole = gathered(gatherer, iter([(0, used, count)] if count else []), self._threads(sums))
        answer = GatheredPoint(plan.parts, self._gathers.gathered, whole, scalars, plan.wrt, plan.wanted)
        return Found({name: answer.values[k] for name, k in plan.results.items()}, answer.gradient)

    def _kernel(self, which: int) -> Kernel:
        """The kernel of a program: machine code once it has run, or has enough rows to be worth making."""
        program = self._programs[which]
        made = not self._engine and (which, "native") in self._kernels
        name = "native" if made else engine_name(program, self._rows, self._engine)
        if (which, name) not in self._kernels:
            self._kernels[which, name] = kernel_of(program, name)
        return self._kernels[which, name]

    def _threads(self, kernel: Kernel) -> int:
        return self._jobs or (cores() if kernel.parallel else 1)


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
    rules. Raises InputError for arrays that are no numbers or do not fit together."""
    columns, scalars, shape = columns_of(given)
    return OverArrays(graph, list(columns), scalars, wrt, differentiate, engine, jobs, results).run(columns, {}, shape)


def columns_of(
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


def _place(out: Mapping[str, FloatArray] | None, name: str, count: int) -> FloatArray:
    """The array into which a result goes, flat. Raises InputError for one that does not fit."""
    if out is None or name not in out:
        return RESULTS.empty(count)
    array = out[name]
    sound = isinstance(array, np.ndarray) and array.dtype == np.float64 and array.flags.c_contiguous
    if not sound or not array.flags.writeable:
        raise InputError(f"the array for {name} is no contiguous array of float64", "make it by numpy.empty(ROWS)")
    if array.size != count:
        raise InputError(f"the array for {name} has {array.size} places, and there are {count} rows")
    return array.reshape(-1)


def _refuse_shared(results: Mapping[str, FloatArray], columns: Columns, out: Mapping[str, FloatArray]) -> None:
    """Raise InputError where a result would be written over a column, or over another result."""
    for name in out:
        others = [(f"the column {column}", array) for column, array in columns.items()]
        others += [(f"the array for {other}", array) for other, array in results.items() if other != name]
        for other, array in others:
            if np.may_share_memory(results[name], array):
                raise InputError(f"the array for {name} shares memory with {other}", "give each result one of its own")
