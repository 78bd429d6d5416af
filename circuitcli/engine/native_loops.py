"""Traced programs as machine code in loops over statements of equal form."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.engine.llvm import GROUP
from circuitcli.engine.llvm_loops import LoopsText
from circuitcli.engine.loop_layout import NUMBER, Layout
from circuitcli.engine.machine_code import machine_code
from circuitcli.engine.mathlib import host
from circuitcli.engine.native import POINTER, NativeKernel
from circuitcli.engine.traced_program import TracedProgram

if TYPE_CHECKING:
    from llvmlite import binding

    from circuitcli.engine.native import Compiled
    from circuitcli.engine.protocol import FloatArray

REGISTERS = 4  # of each line in a tile
LINE = 64  # bytes of the cache's lines, across which a register is read in twice the time


class LoopsKernel(NativeKernel):
    """A program as machine code in loops. Its results are those of `NativeKernel`, to the bit."""

    def __init__(self, program: TracedProgram) -> None:
        self._tile = max(REGISTERS * host().width, GROUP)
        self._layout = Layout(program, self._tile)
        super().__init__(program)

    def _compile(self, name: str) -> tuple[Compiled, binding.ExecutionEngine]:
        text, layout = LoopsText(self.program, self._tile), self._layout
        code = machine_code(text.module(name), text.symbols, opt=1)
        kind = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, *[POINTER] * 5)
        run = kind(code.get_function_address(name))

        def compiled(
            first: int, end: int, columns: int, scalars: ctypes.Array[ctypes.c_double] | None, found: int
        ) -> None:
            buffer = _aligned(layout.buffer)  # of this call alone, for threads share the kernel
            run(first, end, columns, scalars, found, layout.table.ctypes.data, buffer.ctypes.data)

        return compiled, code

    def _known_before(self) -> list[int]:
        return self._layout.shared


def _aligned(size: int) -> FloatArray:
    """An array of so many bytes that begins with a line of the cache."""
    numbers = np.empty((size + LINE) // NUMBER)
    start = -numbers.ctypes.data % LINE // NUMBER
    return numbers[start : start + size // NUMBER]
