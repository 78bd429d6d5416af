"""The arithmetic of NumPy blocks: a traced program, run one block of rows after the other.

A block is small enough that all buffers of a program stay in cache; a buffer is free again as soon as nobody reads it
any more, so nothing is allocated between columns and results. A primitive that NumPy lacks (erf, gamma, digamma and
their kin) maps the function of `floats` over the rows: slow and right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from circuitcli.engine import range_flags
from circuitcli.engine.block_sums import BLOCK, LEAF, pairwise
from circuitcli.engine.floats import FLOATS, TINY
from circuitcli.engine.traced_program import ROW, TracedProgram
from circuitcli.primitives import PRIMITIVES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circuitcli.engine.protocol import Columns, FloatArray, Scalars


@contextmanager
def _quiet(known: bool) -> Iterator[list[bool]]:
    """Let NumPy compute without warnings. The list has True when a number has left the range, or if that is known."""
    left = [known]
    with np.errstate(all="ignore", under="call", over="call", call=lambda error, flag: left.append(True)):
        yield left


class _Step(NamedTuple):
    """One call: of `function` on registers, with its result in the last of them."""

    function: Callable[..., object]
    registers: tuple[int, ...]


def _mapped(op: str) -> Callable[..., object]:
    """A function of `floats`, one row after the other."""
    function = getattr(FLOATS, op)

    def mapped(*arrays: FloatArray) -> None:
        *xs, out = arrays
        lists = [np.broadcast_to(x, out.shape).tolist() for x in xs]
        out[...] = list(map(function, *lists))
        _tell(out)

    return mapped


def _tell(out: FloatArray) -> None:
    """Raise the flag of underflow for results below the normal range, of a function that does not raise it."""
    if (np.abs(out) < TINY).any():
        np.multiply(TINY, TINY)


def _exp2(x: FloatArray, out: FloatArray) -> None:
    np.exp2(x, out)
    _tell(out)


def _truth(x: FloatArray, out: NDArray[np.bool_]) -> None:
    np.not_equal(x, 0.0, out)


def _maximum(x: FloatArray, y: FloatArray, out: FloatArray) -> None:
    np.maximum(x, y, out=out)


def _minimum(x: FloatArray, y: FloatArray, out: FloatArray) -> None:
    np.minimum(x, y, out=out)


def _copy(x: FloatArray, out: FloatArray) -> None:
    np.copyto(out, x)


def _mask(condition: NDArray[np.bool_], out: NDArray[np.int64]) -> None:
    """All bits where the condition holds, none elsewhere."""
    np.copyto(out, condition)
    np.negative(out, out)


def _select(mask: NDArray[np.int64], x: NDArray[np.int64], y: NDArray[np.int64], out: NDArray[np.int64]) -> None:
    """x where the mask is set, else y, bit by bit: three times as fast as `np.where` on a random condition."""
    np.bitwise_xor(x, y, out)
    np.bitwise_and(out, mask, out)
    np.bitwise_xor(out, y, out)


WRITTEN: dict[str, Callable[..., object]] = {  # the result goes into the last argument
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "neg": np.negative,
    "pow": np.power,
    "fmod": np.fmod,
    "abs": np.fabs,
    "copysign": np.copysign,
    "hypot": np.hypot,
    "floor": np.floor,
    "ceil": np.ceil,
    "trunc": np.trunc,
    "round": np.rint,
    "sqrt": np.sqrt,
    "cbrt": np.cbrt,
    "exp": np.exp,
    "exp2": _exp2,
    "expm1": np.expm1,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "atan2": np.arctan2,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "where": _select,  # by the mask of its condition
    "max": _maximum,
    "min": _minimum,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
    "truth": _truth,
    "isnan": np.isnan,
    "and_": np.logical_and,
    "or_": np.logical_or,
    "not_": np.logical_not,
}


class ArrayKernel:
    """A program as a list of calls on registers: the columns, the scalars, the buffers and the outputs."""

    parallel = False  # between its calls each thread has the interpreter to itself

    def __init__(self, program: TracedProgram) -> None:
        self.program = program
        self._steps: list[_Step] = []
        self._registers = 0
        self._integers: list[tuple[int, int]] = []  # a register, and the one that sees its bits as whole numbers
        self._buffers: list[tuple[int, type[np.generic]]] = []  # a register, and the type of its numbers
        self._place: dict[int, int] = {}  # of a line: its register
        self._masks: dict[int, int] = {}  # of a condition: the register of its mask
        self._whole: dict[int, int] = {}  # of a register: the one of its bits
        self._spare: dict[type[np.generic], list[int]] = {np.float64: [], np.bool_: [], np.int64: []}
        self._lower()

    # ── from a program to calls ─────────────────────────────────────────────────────────────────────────────

    def _lower(self) -> None:
        program = self.program
        last: dict[int, int] = {}
        for k, line in enumerate(program.lines):
            for a in line.args:
                last[a] = k
        self._outputs = [self._register() for _ in program.outputs]
        direct: dict[int, int] = {}
        for place, k in zip(self._outputs, program.outputs, strict=True):
            line = program.lines[k]
            if k not in direct and line.rank == ROW and line.op != "column":
                direct[k] = place
        for k, line in enumerate(program.lines):
            if line.rank != ROW or line.op == "column":
                self._place[k] = self._register()
                continue
            if k in direct:
                self._place[k] = direct[k]
            self._call(k, line.op, line.args, [a for a in set(line.args) if last[a] == k and a not in direct])
        for place, k in zip(self._outputs, program.outputs, strict=True):
            if self._place[k] != place:
                self._steps.append(_Step(_copy, (self._place[k], place)))

    def _register(self) -> int:
        self._registers += 1
        return self._registers - 1

    def _call(self, k: int, op: str, args: tuple[int, ...], ending: list[int]) -> None:
        """Append the calls of one line. The buffers of lines that end here become free: for this line already, where
        each call reads a row of its arguments before it writes that row of its result."""
        free = [a for a in ending if self.program.lines[a].rank == ROW and self.program.lines[a].op != "column"]
        places = tuple([self._place[a] for a in args])
        if op == "where":
            mask = self._mask_of(args[0])
            bits = [self._bits(place) for place in places[1:]]
            if free and args[1] in free and args[1] != args[2]:
                self._give_back(args[1])
                free.remove(args[1])
            out = self._result(k, np.float64)
            self._steps.append(_Step(WRITTEN[op], (mask, *bits, self._bits(out))))
        else:
            if len(places) <= 2:
                for a in free:
                    self._give_back(a)
                free = []
            out = self._result(k, np.bool_ if self.program.is_condition(k) else np.float64)
            function = WRITTEN.get(op) or _mapped(op)
            if op in PRIMITIVES and PRIMITIVES[op].many:  # one after the other
                # On a tie NumPy answers the second; of zeros of both signs the first is wanted.
                for i, place in enumerate(places[1:]):
                    self._steps.append(_Step(function, (place, out if i else places[0], out)))
                if len(places) == 1:
                    self._steps.append(_Step(_copy, (places[0], out)))
            else:
                self._steps.append(_Step(function, (*places, out)))
        for a in free:
            self._give_back(a)

    def _result(self, k: int, kind: type[np.generic]) -> int:
        """The register of a line's result: an output, or a buffer."""
        if k not in self._place:
            self._place[k] = self._buffer(kind)
        return self._place[k]

    def _buffer(self, kind: type[np.generic]) -> int:
        """The register of a buffer that is free, or of a new one."""
        if self._spare[kind]:
            return self._spare[kind].pop()
        place = self._register()
        self._buffers.append((place, kind))
        return place

    def _give_back(self, a: int) -> None:
        self._spare[np.bool_ if self.program.is_condition(a) else np.float64].append(self._place[a])
        if a in self._masks:
            self._spare[np.int64].append(self._masks.pop(a))

    def _mask_of(self, c: int) -> int:
        if c not in self._masks:
            self._masks[c] = self._buffer(np.int64)
            self._steps.append(_Step(_mask, (self._place[c], self._masks[c])))
        return self._masks[c]

    def _bits(self, place: int) -> int:
        if place not in self._whole:
            self._whole[place] = self._register()
            self._integers.append((place, self._whole[place]))
        return self._whole[place]

    # ── running it ──────────────────────────────────────────────────────────────────────────────────────────

    def rows(self, columns: Columns, scalars: Scalars, outputs: Sequence[FloatArray]) -> bool:
        """Fill the outputs from the columns: contiguous float64 arrays of one length."""
        count = outputs[0].shape[0] if outputs else 0
        range_flags.clear()
        run = self._runner(columns, scalars, count)
        with _quiet(range_flags.raised() or self.program.underflowed) as left:
            for start in range(0, count, LEAF):
                run(start, [out[start : start + LEAF] for out in outputs])
        return any(left)

    def sums(self, columns: Columns, scalars: Scalars, count: int) -> tuple[FloatArray, bool]:
        """The sums of the outputs over each block of `count` rows: an array of blocks by outputs."""
        leaves = np.empty((-(-count // LEAF), len(self._outputs)))
        results = np.empty((len(self._outputs), min(LEAF, count)))
        range_flags.clear()
        run = self._runner(columns, scalars, count)
        with _quiet(range_flags.raised() or self.program.underflowed) as left:
            for i, start in enumerate(range(0, count, LEAF)):
                part = [row[: count - start] for row in results]
                run(start, part)
                for j, row in enumerate(part):
                    leaves[i, j] = row.sum()
            blocks = [pairwise(leaves[i : i + BLOCK // LEAF]) for i in range(0, len(leaves), BLOCK // LEAF)]
        return np.array(blocks).reshape(-1, len(self._outputs)), any(left)

    def _runner(self, columns: Columns, scalars: Scalars, count: int) -> Callable[[int, Sequence[FloatArray]], None]:
        """Return a function that runs the block from a row on, into outputs of its length."""
        registers: list[Any] = [None] * self._registers  # all are set before the first step
        for k, x in self.program.scalars(scalars).items():
            registers[self._place[k]] = np.array(x, dtype=np.bool_ if isinstance(x, bool) else np.float64)
        buffers = [(place, np.empty(min(LEAF, count), kind)) for place, kind in self._buffers]
        taken = [(self._place[k], columns[name]) for name, k in self.program.columns.items()]

        def run(start: int, outputs: Sequence[FloatArray]) -> None:
            size = min(LEAF, count - start)
            for place, buffer in buffers:
                registers[place] = buffer[:size]
            for place, column in taken:
                registers[place] = column[start : start + size]
            for place, out in zip(self._outputs, outputs, strict=True):
                registers[place] = out
            for place, bits in self._integers:
                registers[bits] = registers[place].view(np.int64)
            for function, places in self._steps:
                function(*[registers[p] for p in places])

        return run
