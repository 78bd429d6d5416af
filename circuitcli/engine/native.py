"""Traced programs as machine code, by LLVM.

The last rows, too few for a turn of the loop, run through the same code, padded, so a row's bits never depend on its
place; in sums their accumulators are added to the others.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.engine import range_flags
from circuitcli.engine.block_sums import BLOCK, pairwise
from circuitcli.engine.llvm import GROUP
from circuitcli.engine.llvm_rows import RowsText, shared
from circuitcli.engine.machine_code import machine_code
from circuitcli.engine.traced_program import TracedProgram

if TYPE_CHECKING:
    from llvmlite import binding

    from circuitcli.engine.protocol import Columns, FloatArray, Scalars

    Compiled = Callable[[int, int, int, ctypes.Array[ctypes.c_double] | None, int], None]

POINTER = ctypes.c_void_p


class NativeKernel:
    """A program as machine code."""

    parallel = True

    def __init__(self, program: TracedProgram) -> None:
        self.program = program
        self._shared = self._known_before()
        self._numbers = ctypes.c_double * len(self._shared)
        self._compiled: dict[str, tuple[Compiled, binding.ExecutionEngine]] = {}
        self._compiling = threading.Lock()  # threads share a kernel, and code must not be made twice

    def _function(self, name: str) -> Compiled:
        """Compile `rows` or `sums` when it is first asked for, and return it as a function of C."""
        with self._compiling:
            if name not in self._compiled:
                self._compiled[name] = self._compile(name)  # with the code, which must live as long as the function
        return self._compiled[name][0]

    def _compile(self, name: str) -> tuple[Compiled, binding.ExecutionEngine]:
        text = RowsText(self.program)
        code = machine_code(text.module(name), text.symbols, opt=1)
        kind = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, POINTER, POINTER, POINTER)
        return kind(code.get_function_address(name)), code

    def _known_before(self) -> list[int]:
        """The lines that the code reads as numbers that all rows share."""
        return shared(self.program)

    def rows(self, columns: Columns, scalars: Scalars, outputs: Sequence[FloatArray]) -> bool:
        """Fill the outputs from the columns: contiguous float64 arrays of one length."""
        run = self.bound(columns, outputs)
        range_flags.clear()
        run(scalars)
        return range_flags.raised() or self.program.underflowed

    def bound(self, columns: Columns, outputs: Sequence[FloatArray]) -> Callable[[Scalars], None]:
        """Return a function that fills the outputs for any scalars, to be called more than once."""
        used = [columns[name] for name in self.program.columns]
        count = outputs[0].shape[0] if outputs else 0
        full = count // GROUP * GROUP
        places, results = _Addresses(used), _Addresses(outputs)
        padded, ends = _padded(used, full), [np.empty(GROUP) for _ in outputs] if count > full else []
        padded_places, end_places = _Addresses(padded), _Addresses(ends)
        rows = self._function("rows")

        def run(scalars: Scalars) -> None:
            known = self._known(scalars)
            if full:
                rows(0, full, places.start, known, results.start)
            if ends:
                rows(0, GROUP, padded_places.start, known, end_places.start)
                for out, end in zip(outputs, ends, strict=True):
                    out[full:] = end[: count - full]

        return run

    def sums(self, columns: Columns, scalars: Scalars, count: int) -> tuple[FloatArray, bool]:
        """The sums of the outputs over each block of `count` rows: an array of blocks by outputs."""
        used = [columns[name] for name in self.program.columns]
        places, sums = _Addresses(used), self._function("sums")
        found = np.zeros((-(-count // BLOCK), len(self.program.outputs), GROUP))
        start, full = found.ctypes.data, count // GROUP * GROUP
        last = np.zeros(found.shape[1:])
        padded = _Addresses(_padded(used, full) if count > full else [])
        range_flags.clear()
        known = self._known(scalars)
        for i in range(len(found)):
            first, end = i * BLOCK, min((i + 1) * BLOCK, full)
            if end > first:
                sums(first, end, places.start, known, start + i * found.strides[0])
        if count > full:
            sums(0, GROUP, padded.start, known, last.ctypes.data)
        underflowed = range_flags.raised() or self.program.underflowed
        with np.errstate(all="ignore"):
            if count > full:
                found[-1, :, : count - full] += last[:, : count - full]
            return pairwise(np.moveaxis(found, 2, 0)), underflowed

    def _known(self, scalars: Scalars) -> ctypes.Array[ctypes.c_double] | None:
        if not self._shared:
            return None
        known = self.program.scalars(scalars)
        return self._numbers(*[known[k] for k in self._shared])


class _Addresses:
    """The addresses of arrays, as C reads them; the arrays live as long as this does."""

    def __init__(self, arrays: Sequence[FloatArray]) -> None:
        self._arrays = arrays
        self._list = (ctypes.c_void_p * len(arrays))(*[array.ctypes.data for array in arrays])
        self.start = ctypes.addressof(self._list)


def _padded(columns: Sequence[FloatArray], start: int) -> list[FloatArray]:
    """The rows from `start` on, too few for a turn, filled up with the last of them."""
    return [np.resize(np.append(column[start:], [column[-1]] * GROUP), GROUP) for column in columns if len(column)]
