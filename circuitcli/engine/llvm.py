"""The instructions of a traced program as LLVM's text, on registers as wide as the processor has them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable

from circuitcli.engine.mathlib import host, scalar_function, vector_function
from circuitcli.engine.traced_program import TracedProgram

GROUP = 8  # rows whose sums have accumulators of their own


def literal(x: float) -> str:
    """A number as LLVM's text has it, to the bit."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', x))[0]:016X}"


class LLVMText:
    """The LLVM text of one program. Subclasses write its functions."""

    def __init__(self, program: TracedProgram) -> None:
        self.program = program
        self.width = host().width
        self.parts = range(GROUP // self.width)  # a wire is so many registers
        self.vector, self.mask, self.suffix = f"<{self.width} x double>", f"<{self.width} x i1>", f"v{self.width}f64"
        self.declared: dict[str, str] = {}
        self.symbols: dict[str, int] = {}  # the addresses of functions outside
        self.lines: list[str] = []
        self.count = 0

    def module(self, function: str) -> str:
        """The text of a function, and of those that it calls."""
        raise NotImplementedError

    def assembled(self, body: Iterable[str]) -> str:
        """A module of a function of registers, and of those that it calls."""
        # Without the attributes LLVM may halve the registers of AVX-512, and a vector function be called wrongly.
        bits = self.width * 64
        attributes = f'attributes #0 = {{ nounwind "min-legal-vector-width"="{bits}" "prefer-vector-width"="{bits}" }}'
        return "\n".join([*self.declared.values(), *body, attributes, ""])

    # ── one instruction ─────────────────────────────────────────────────────────────────────────────────────

    def new(self, text: str) -> str:
        self.count += 1
        self.lines.append(f"%v{self.count} = {text}")
        return f"%v{self.count}"

    def constant(self, x: float) -> str:
        if isinstance(x, bool):
            return "<" + ", ".join([f"i1 {str(x).lower()}"] * self.width) + ">"
        return "<" + ", ".join([f"double {literal(x)}"] * self.width) + ">"

    def splat(self, x: str, condition: bool) -> str:
        """A register of one number, or of the condition that it is."""
        one = self.new(f"insertelement {self.vector} poison, double {x}, i32 0")
        all_ = self.new(
            f"shufflevector {self.vector} {one}, {self.vector} poison, <{self.width} x i32> zeroinitializer"
        )
        return self.new(f"fcmp une {self.vector} {all_}, zeroinitializer") if condition else all_

    def instruction(self, op: str, xs: list[str]) -> str:
        return WRITTEN[op](self, xs) if op in WRITTEN else self.function(op, xs)

    def extreme(self, beyond: str, xs: list[str]) -> str:
        """The largest or the smallest, as `floats` has it: nan where one is, and of equal numbers the first."""
        top = xs[0]
        for x in xs[1:]:
            other = self.new(f"fcmp {beyond} {self.vector} {x}, {top}")
            chosen = self.new(f"select {self.mask} {other}, {self.vector} {x}, {self.vector} {top}")
            unknown = self.new(f"fcmp uno {self.vector} {top}, {top}")
            top = self.new(f"select {self.mask} {unknown}, {self.vector} {top}, {self.vector} {chosen}")
        return top

    def call(self, name: str, xs: list[str]) -> str:
        parameters = ", ".join([self.vector] * len(xs))
        self.declared.setdefault(name, f"declare {self.vector} @{name}({parameters}) nounwind")
        return self.new(f"call {self.vector} @{name}({', '.join(f'{self.vector} {x}' for x in xs)})")

    def function(self, op: str, xs: list[str]) -> str:
        """The call of a vector function, else of a function that takes the numbers of a register one by one."""
        found = vector_function(op)
        if found is not None:
            self.symbols[found[0]] = found[1]
            return self.call(found[0], xs)
        name = f"each_{op}"
        if name not in self.declared:
            symbol, address = scalar_function(op)
            self.symbols[symbol] = address
            self.declared[symbol] = f"declare double @{symbol}({', '.join(['double'] * len(xs))}) nounwind"
            self.declared[name] = self.lane_by_lane(name, symbol, len(xs))
        return self.new(f"call {self.vector} @{name}({', '.join(f'{self.vector} {x}' for x in xs)})")

    def lane_by_lane(self, name: str, symbol: str, count: int) -> str:
        lines = [
            f"define internal {self.vector} @{name}({', '.join(f'{self.vector} %x{i}' for i in range(count))}) #0 {{"
        ]
        result = "poison"
        for lane in range(self.width):
            for i in range(count):
                lines.append(f"%a{lane}_{i} = extractelement {self.vector} %x{i}, i32 {lane}")
            arguments = ", ".join(f"double %a{lane}_{i}" for i in range(count))
            lines.append(f"%r{lane} = call double @{symbol}({arguments})")
            lines.append(f"%o{lane} = insertelement {self.vector} {result}, double %r{lane}, i32 {lane}")
            result = f"%o{lane}"
        return "\n".join([*lines, f"ret {self.vector} {result}", "}"])


# ── the primitives that are an instruction or a few; the others are calls of functions ──────────────────────

Instruct = Callable[[LLVMText, list[str]], str]


def _form(text: str) -> Instruct:
    """An instruction: v is the type of numbers, m of conditions."""
    return lambda t, xs: t.new(text.format(*xs, v=t.vector, m=t.mask))


def _intrinsic(name: str) -> Instruct:
    return lambda t, xs: t.call(f"llvm.{name}.{t.suffix}", xs)


WRITTEN: dict[str, Instruct] = {
    "add": _form("fadd {v} {0}, {1}"),
    "sub": _form("fsub {v} {0}, {1}"),
    "mul": _form("fmul {v} {0}, {1}"),
    "div": _form("fdiv {v} {0}, {1}"),
    "neg": _form("fneg {v} {0}"),
    "lt": _form("fcmp olt {v} {0}, {1}"),
    "le": _form("fcmp ole {v} {0}, {1}"),
    "gt": _form("fcmp ogt {v} {0}, {1}"),
    "ge": _form("fcmp oge {v} {0}, {1}"),
    "eq": _form("fcmp oeq {v} {0}, {1}"),
    "ne": _form("fcmp une {v} {0}, {1}"),
    "truth": _form("fcmp une {v} {0}, zeroinitializer"),
    "isnan": _form("fcmp uno {v} {0}, {0}"),
    "and_": _form("and {m} {0}, {1}"),
    "or_": _form("or {m} {0}, {1}"),
    "not_": lambda t, xs: t.new(f"xor {t.mask} {xs[0]}, {t.constant(True)}"),
    "where": _form("select {m} {0}, {v} {1}, {v} {2}"),
    "max": lambda t, xs: t.extreme("ugt", xs),
    "min": lambda t, xs: t.extreme("ult", xs),
    "abs": _intrinsic("fabs"),
    "sqrt": _intrinsic("sqrt"),
    "copysign": _intrinsic("copysign"),
    "floor": _intrinsic("floor"),
    "ceil": _intrinsic("ceil"),
    "trunc": _intrinsic("trunc"),
    "round": _intrinsic("rint"),
}
