"""Programs for circuits over rows, the engine that runs each, and the threads."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.engine.block_sums import BLOCK
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.passes import backward, forward
from circuitcli.engine.protocol import Kernel
from circuitcli.engine.statement_loops import loops_of
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.engine.tracer import Recorder, Traced, recorded
from circuitcli.errors import UsageError
from circuitcli.gate_facts import SUMS
from circuitcli.gates import over_rows
from circuitcli.graph import Graph, reached_from
from circuitcli.rows.varying import Varying

if TYPE_CHECKING:
    from circuitcli.engine.protocol import Columns, FloatArray, Scalars

ENGINES = ("arrays", "native")
START, MAKING, LOOP = 0.1, 8e-5, 2e-3  # seconds to load LLVM, and to make machine code of an instruction or of a loop
SAVED, CALL = 4e-10, 8e-7  # seconds that machine code saves for each instruction: in a row, and in a pass
LONG, LONGEST = 2_000, 8_000  # instructions that may be quicker in loops; beyond which LLVM would take ever longer
SHARE = 4 * BLOCK  # rows from which a second thread is worth its start


def engine_for(program: TracedProgram, rows: float, engine: str = "") -> Kernel:
    """A kernel for a program over so many rows."""
    return kernel_of(program, engine_name(program, rows, engine))


def engine_name(program: TracedProgram, rows: float, engine: str = "", passes: int = 1) -> str:
    """The engine for a program over so many rows, so many times. The program and the size alone decide, so that the
    same command gives the same bits. `rows` is an estimate, and 0 for a pipe."""
    size = len(program.rows)
    refuse_engine(engine)
    if program.holds:
        return "arrays"  # whose calls of Python go row by row
    if engine:
        return engine
    saved = passes * size * (rows * SAVED + CALL) - START
    worth = saved > 0.0 and find_spec("llvmlite") is not None and saved > _making(program)
    return "native" if worth else "arrays"


def refuse_engine(engine: str) -> None:
    """Raise UsageError for an engine that there is not, or not without an extra."""
    if engine not in ("", *ENGINES):
        raise UsageError(f"there is no engine {engine}", f"there are {' and '.join(ENGINES)}")
    if engine == "native" and find_spec("llvmlite") is None:
        from circuitcli.extras import installing

        raise UsageError("the engine native needs llvmlite", f"install it with: {installing('fast')}")


def _making(program: TracedProgram) -> float:
    """The seconds that machine code of a program takes."""
    size = len(program.rows)
    if in_loops(program):
        return len(loops_of(program)) * LOOP
    return size * MAKING if size <= LONGEST else math.inf


def in_loops(program: TracedProgram) -> bool:
    """Whether a program is so long, and its loops so few, that machine code of these is made sooner."""
    size = len(program.rows)
    return size > LONG and len(loops_of(program)) * LOOP < size * MAKING


def kernel_of(program: TracedProgram, engine: str) -> Kernel:
    """A program on one of the engines."""
    if engine == "native" and in_loops(program):
        from circuitcli.engine.native_loops import LoopsKernel

        return LoopsKernel(program)
    if engine == "native":
        from circuitcli.engine.native import NativeKernel

        return NativeKernel(program)
    from circuitcli.engine.arrays import ArrayKernel

    return ArrayKernel(program)


class Gathered(NamedTuple):
    """An aggregate over rows: its node, those of its arguments that vary by row, the nodes by which these have slopes,
    and the place of the outputs in the program of sums, or of rows: the arguments, then the slopes of each."""

    node: int
    arguments: Sequence[int]
    slopes: list[int]
    first: int
    summed: bool

    @property
    def end(self) -> int:
        """The place behind its outputs."""
        return self.first + len(self.arguments) * (1 + len(self.slopes))


class GatherPrograms(NamedTuple):
    """The programs of all aggregates of a circuit: one of outputs that are only added up, one of the others."""

    sums: TracedProgram
    rows: TracedProgram
    gathered: list[Gathered]


def gather_programs(
    parts: Varying, columns: Sequence[str], wrt: Sequence[int], others: Sequence[int] = ()
) -> GatherPrograms:
    """For each aggregate its argument, and where the output, or one of some other results, needs it the derivatives of
    that by those nodes below it that are one number."""
    graph = parts.graph
    m = Recorder()
    values = recorded(graph, columns, m)
    needed, reached = graph.depends_on(wrt), reached_from(graph.nodes, [graph.output, *others])
    outputs: dict[bool, list[Traced]] = {True: [], False: []}
    gathered = []
    for k in parts.aggregates:
        gate, args, _ = graph.nodes[k]
        gathers = over_rows(gate, len(args))
        if not args or gathers is None:
            continue
        summed, own = gathers.gathers == SUMS, args[: gathers.gathered]
        by: list[Mapping[int, Traced]] = [{}] * len(own)
        if reached[k]:
            by = [backward(graph, m, values, needed, a, parts.below(a)) for a in own]
        slopes = [i for i in dict.fromkeys(i for found in by for i in found) if not parts.varies[i]]
        gathered.append(Gathered(k, own, slopes, len(outputs[summed]), summed))
        outputs[summed] += [values[a] for a in own]
        outputs[summed] += [found.get(i, 0.0) for found in by for i in slopes]
    return GatherPrograms(m.program(outputs[True]), m.program(outputs[False]), gathered)


def scalars_of(graph: Graph, given: Mapping[str, float], columns: Sequence[str]) -> dict[str, float]:
    """The numbers that all rows share: those given, and defaults."""
    found = {name: x for name, x in given.items() if name in graph.inputs and name not in columns}
    for name, default in graph.defaults.items():
        if name not in found and name not in columns:
            found[name] = forward(default, FLOATS, {})[default.output]
    return found


def run_rows(kernel: Kernel, columns: Columns, scalars: Scalars, outputs: Sequence[FloatArray], jobs: int) -> None:
    """Fill the outputs over arrays, each of which has all rows, by so many threads."""
    count = len(outputs[0]) if outputs else 0

    def piece(first: int, end: int) -> None:
        kernel.rows({name: c[first:end] for name, c in columns.items()}, scalars, [row[first:end] for row in outputs])

    share = -(-count // jobs // BLOCK) * BLOCK if count >= SHARE else count
    bounds = [(first, min(first + share, count)) for first in range(0, count, max(share, 1))]
    if len(bounds) < 2:
        piece(0, count)
    else:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(lambda bound: piece(*bound), bounds))
