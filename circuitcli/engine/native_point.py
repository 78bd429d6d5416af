"""A traced program as machine code for one point at a time: a function without a loop, for circuits so large that
Python takes long to read one and to run it. It agrees with `floats` to the bit."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from struct import Struct

from circuitcli.engine.llvm import WRITTEN as INSTRUCTIONS
from circuitcli.engine.llvm import LLVMText, literal
from circuitcli.engine.mathlib import from_python, scalar_function
from circuitcli.engine.traced_program import ROW, TracedProgram
from circuitcli.primitives import PRIMITIVES

SLOW = 20  # instructions that take as long as a call back into Python
OWN = frozenset({"hypot", "cbrt", "exp2", "erf", "erfc"})  # of Python in some of its versions, and not the C library's


def is_quicker(program: TracedProgram) -> bool:
    """Whether machine code can be made, and is quicker than Python."""
    if program.holds:
        return False
    calls = sum(not _is_quick(program.lines[k].op) for k in program.rows)
    return len(program.rows) >= SLOW * calls and find_spec("llvmlite") is not None


def _is_quick(op: str) -> bool:
    """Whether it is an instruction, or a function of C to which Python hands on the number."""
    return op in INSTRUCTIONS or (PRIMITIVES[op].in_c and op not in OWN)


class NativePoint:
    """The outputs of a program as functions of its columns, in the order of `names`; other inputs are as they are
    given."""

    def __init__(self, program: TracedProgram, names: Sequence[str], given: Mapping[str, float]) -> None:
        from circuitcli.engine.machine_code import machine_code

        text = PointText(program, names, given)
        self._code = machine_code(text.module("point"), text.symbols, opt=0)  # which must live as long as the function
        address = self._code.get_function_address("point")
        self._function = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(address)
        self._inputs = (ctypes.c_double * len(names))()
        self._outputs = (ctypes.c_double * len(program.outputs))()
        self._pack = Struct(f"{len(names)}d").pack_into  # a tenth of the time that C's array takes from a list

    def __call__(self, x: Sequence[float], first: int, end: int) -> list[float]:
        """The outputs from `first` to `end`."""
        self._pack(self._inputs, 0, *x)
        self._function(self._inputs, self._outputs)
        return self._outputs[first:end]


class PointText(LLVMText):
    """The text of `point`, which reads each number once: its wires are single numbers in place of registers of them."""

    def __init__(self, program: TracedProgram, names: Sequence[str], given: Mapping[str, float]) -> None:
        super().__init__(program)
        self.width, self.parts, self.vector, self.mask, self.suffix = 1, range(1), "double", "i1", "f64"
        self._place = {name: i for i, name in enumerate(names)}
        self._given = given

    def module(self, function: str) -> str:
        body = self._body()
        return "\n".join([*self.declared.values(), f"define void @{function}(ptr %x, ptr %found) {{", *body, "}", ""])

    def _body(self) -> list[str]:
        wires = {k: self.constant(x) for k, x in self.program.scalars(self._given).items()}
        for k, (op, args, rank, leaf) in enumerate(self.program.lines):
            if op == "column":
                place = self.new(f"getelementptr double, ptr %x, i64 {self._place[str(leaf)]}")
                wires[k] = self.new(f"load double, ptr {place}")
            elif rank == ROW:
                wires[k] = self.instruction(op, [wires[a] for a in args])
        for j, k in enumerate(self.program.outputs):
            place = self.new(f"getelementptr double, ptr %found, i64 {j}")
            self.lines.append(f"store double {wires[k]}, ptr {place}")
        return [*self.lines, "ret void"]

    def constant(self, x: float) -> str:
        return str(x).lower() if isinstance(x, bool) else literal(x)

    def function(self, op: str, xs: list[str]) -> str:
        """The call of a function of C, else of `floats`. A square is a product there, and no power."""
        symbol, address = scalar_function(op) if _is_quick(op) else from_python(op)
        self.symbols[symbol] = address
        found = self.call(symbol, xs)
        if op != "pow":
            return found
        square, two = self.new(f"fmul double {xs[0]}, {xs[0]}"), self.new(f"fcmp oeq double {xs[1]}, 2.0")
        return self.new(f"select i1 {two}, double {square}, double {found}")
