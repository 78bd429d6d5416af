"""Passes of a circuit over blocks of rows, for work that makes several: parts that join in the order of the rows,
wherever they were computed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

import numpy as np

from circuitcli.analysis.nonfinite import fault
from circuitcli.analysis.point import Point
from circuitcli.engine.block_sums import BLOCK
from circuitcli.engine.protocol import Kernel
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.rows.aggregate_parts import Leaf, Sum, joined
from circuitcli.rows.aggregates import Gatherer
from circuitcli.rows.kernels import engine_for, engine_name, kernel_of
from circuitcli.rows.pass_programs import PassPrograms
from circuitcli.rows.plan import Plan
from circuitcli.rows.qr_triangle import Triangle
from circuitcli.rows.weights import Spread, Weights

if TYPE_CHECKING:
    from circuitcli.engine.protocol import Columns, FloatArray, Scalars

PASSES = 100  # that an ascent takes, about, and one more for each input that it moves

P = TypeVar("P")


class Joinable(Protocol):
    """A fact of some rows, which joins with that of the rows behind them."""

    def join(self: P, other: P, /) -> P: ...


Pass = Callable[["Scalars", "Columns", int], Joinable]


class Fault(NamedTuple):
    """A number of rows, the first that is not finite, and a text about it in which `{row}` is its number."""

    rows: int
    row: int | None = None
    text: str = ""

    def join(self, other: Fault) -> Fault:
        rows = self.rows + other.rows
        if self.row is None and other.row is not None:
            return Fault(rows, self.rows + other.row, other.text)
        return self._replace(rows=rows)

    @property
    def message(self) -> str:
        """The text with the number of the row; empty where all are finite."""
        return "" if self.row is None else self.text.replace("{row}", str(self.row + 1))


class Passes:
    """A circuit over a block of rows. The passes, and the part that each gives:

    both      a Leaf of the aggregates, with their slopes by the nodes that `names` moves
    value     a Leaf without slopes
    squares   the Triangle of the slopes of the residual and, in the last column, of its value
    floor     the Sum of squared bounds of the rounding of the residual in a row
    weights   the Weights of the squares
    observed  the Spread of the node that the residual compares with
    curvature the Sum of the first and second derivatives in a row of what sums gather, by the inputs
    reach     the Sum of the slopes, as sizes, by which pieces of choices part in a row, by the inputs
    near      the NearRows, in which pieces of choices are closest to meeting; behind `x` stand the inputs' reaches
    few       the FewRows, with their columns
    noise     the Sum, for each aggregate with an argument, of squared bounds of its rounding in a row
    fault     the first Fault

    `rows`, the number of all rows, decides the engine. Threads may share it.
    """

    def __init__(self, plan: Plan, names: Sequence[str], rows: int, engine: str = "") -> None:
        self.plan, self.names, self.rows = plan, list(names), rows
        self.engine = engine
        self._programs = PassPrograms(plan, names, plan.used)
        self._wanted = self._programs.wanted
        self._makers: dict[str, Callable[[], Pass]] = {
            "both": lambda: self._gathering(self._wanted),
            "value": lambda: self._gathering([]),
            "squares": self._squares,
            "floor": self._floor,
            "weights": self._weights,
            "observed": self._observed,
            "curvature": self._curvature,
            "reach": self._reach,
            "near": self._near,
            "few": self._few,
            "noise": self._noise,
            "fault": self._fault,
        }
        self._made: dict[str, Pass] = {}
        self._chosen: list[tuple[TracedProgram, str]] = []  # programs, and the engine of each
        self._making = threading.Lock()

    def scalars(self, x: Sequence[float]) -> dict[str, float]:
        """The numbers that all rows share where the moving inputs are `x`, perhaps with their reaches behind them."""
        if len(x) == len(self.names):
            return {**self.plan.scalars, **dict(zip(self.names, x, strict=True))}
        from circuitcli.rows.near_rows import REACH  # with all that it needs

        reaches = [REACH + name for name in self.names]
        return {**self.plan.scalars, **dict(zip((*self.names, *reaches), x, strict=True))}

    def part(self, what: str, scalars: Scalars, columns: Columns, count: int) -> Any:
        """The part that a pass gives for at most a block of rows; inputs that are no columns are `scalars`."""
        with self._making:
            if what not in self._made:
                self._made[what] = self._makers[what]()
        return self._made[what](scalars, columns, count)

    def _gathering(self, wanted: Sequence[int]) -> Pass:
        programs = self.plan.programs(wanted)
        sums, rows = self._kernel(programs.sums), self._kernel(programs.rows)

        def leaf(scalars: Scalars, columns: Columns, count: int) -> Leaf:
            return Gatherer(self.plan.parts, programs, sums, rows, scalars).leaf(columns, count)

        return leaf

    def _squares(self) -> Pass:
        kernel = self._kernel(self._programs.residual())

        def triangle(scalars: Scalars, columns: Columns, count: int) -> Triangle:
            found = np.empty((len(self._wanted) + 1, count))
            kernel.rows(columns, scalars, [found[-1], *found[:-1]])
            return Triangle.of(found)

        return triangle

    def _floor(self) -> Pass:
        return self._summing(self._programs.floor())

    def _weights(self) -> Pass:
        found = self._programs.squares_found
        kernel = self._values([found.root, found.factor])
        return lambda scalars, columns, count: Weights.of(*_rows(kernel, scalars, columns, count))

    def _observed(self) -> Pass:
        found = self._programs.squares_found
        kernel = self._values([found.root, found.observed])
        return lambda scalars, columns, count: Spread.of(*_rows(kernel, scalars, columns, count))

    def _values(self, nodes: Sequence[int | None]) -> Kernel:
        """A kernel for some nodes of the squares in each row."""
        return engine_for(self._programs.of_squares(nodes), 0.0, "arrays")

    def _curvature(self) -> Pass:
        return self._summing(self._programs.curvature())

    def _reach(self) -> Pass:
        from circuitcli.rows.near_rows import apart

        return self._summing(apart(self.plan.parts, self.plan.used, self.names))

    def _near(self) -> Pass:
        from circuitcli.rows.near_rows import NearRows, distances

        kernel = engine_for(distances(self.plan.parts, self.plan.used, self.names), 0.0, "arrays")

        def nearest(scalars: Scalars, columns: Columns, count: int) -> NearRows:
            return NearRows.of(_rows(kernel, scalars, columns, count), columns, self.plan.used)

        return nearest

    def _few(self) -> Pass:
        from circuitcli.rows.written_out import FewRows

        return lambda scalars, columns, count: FewRows.of(columns, self.plan.used, count)

    def _noise(self) -> Pass:
        return self._summing(self._programs.noise())

    def _summing(self, program: TracedProgram) -> Pass:
        kernel = engine_for(program, 0.0, "arrays")
        return lambda scalars, columns, count: Sum(kernel.sums(columns, scalars, count)[0][0])

    def _fault(self) -> Pass:
        arguments = [a for k in self.plan.parts.aggregates for a in self.plan.graph.nodes[k].args]
        kernels = [engine_for(self._programs.straight(k), 0.0, "arrays") for k in arguments]

        def first(scalars: Scalars, columns: Columns, count: int) -> Fault:
            gathered = [_rows(kernel, scalars, columns, count) for kernel in kernels]
            places = [_first_bad(found) for found in (*columns.values(), *gathered)]
            row = min(places, default=count)
            if row == count:
                return Fault(count)
            values, at = {name: float(column[row]) for name, column in columns.items()}, places.index(row)
            if at < len(values):
                name = list(values)[at]
                return Fault(count, row, f"{name} is {values[name]} in row {{row}}")
            graph = self.plan.graph.ending(arguments[at - len(values)])
            point = Point(graph, {**scalars, **values}, self.names)
            return Fault(count, row, f"in row {{row}}: {fault(point)}")

        return first

    def _kernel(self, program: TracedProgram) -> Kernel:
        self._chosen.append((program, name := self._engine_name(program, self.rows)))
        return kernel_of(program, name)

    def _engine_name(self, program: TracedProgram, rows: int) -> str:
        return engine_name(program, rows, self.engine, PASSES + len(self.names))

    def taken_over(self, rows: int) -> bool:
        """Whether the same engines run over another number of rows; then what is made serves these from now on."""
        same = all(self._engine_name(program, rows) == name for program, name in self._chosen)
        self.rows = rows if same else self.rows
        return same


def units(
    passes: Passes,
    what: str,
    scalars: Scalars,
    columns: Columns,
    sizes: Sequence[int],
    mapped: Callable[..., Iterator[Any]] = map,
) -> Iterator[Any]:
    """The part of each unit. The units stand one behind the other in the columns, and `sizes` are their rows; `mapped`
    may be the map of a pool of threads."""
    blocks, first = [], 0
    for size in sizes:
        end = first + size
        blocks += [(start, min(start + BLOCK, end)) for start in range(first, end, BLOCK)]
        first = end

    def part(block: tuple[int, int]) -> Any:
        start, end = block
        return passes.part(what, scalars, {name: column[start:end] for name, column in columns.items()}, end - start)

    parts = iter(mapped(part, blocks))
    for size in sizes:
        yield joined(islice(parts, -(-size // BLOCK)))


def _rows(kernel: Kernel, scalars: Scalars, columns: Columns, count: int) -> FloatArray:
    """Run a kernel over each row and return an array of outputs by rows."""
    found = np.empty((len(kernel.program.outputs), count))
    kernel.rows(columns, scalars, list(found))
    return found


def _first_bad(numbers: FloatArray) -> int:
    """The first row, along the last axis, with a number that is not finite; the number of rows where there is none."""
    bad = ~np.isfinite(numbers.reshape(-1, numbers.shape[-1])).all(axis=0)
    return int(bad.argmax()) if bad.any() else len(bad)
