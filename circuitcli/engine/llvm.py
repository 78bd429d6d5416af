"""A traced program as LLVM's text: one loop that reads each column once and writes each result once.

A turn of the loop takes GROUP rows, in as many registers as they need. Sums have GROUP accumulators whatever the width
of a register, so they are the same on every machine.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence

from circuitcli.engine.mathlib import host, scalar_function, vector_function
from circuitcli.engine.traced_program import ROW, TracedProgram

GROUP = 8  # rows a turn


def literal(x: float) -> str:
    """A number as LLVM's text has it, to the bit."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', x))[0]:016X}"


def shared(program: TracedProgram) -> list[int]:
    """The lines that are known before the rows, as far as rows use them."""
    used = {a for k in program.rows for a in program.lines[k].args} | set(program.outputs)
    return sorted(k for k in used if program.lines[k].rank != ROW and program.lines[k].op != "constant")


class LLVMText:
    """The LLVM text of one program: `rows`, which stores the outputs, and `sums`, which adds them up."""

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
        """The function `rows` or `sums`, and the functions that it calls."""
        body = self.rows() if function == "rows" else self.sums()
        # Without the attributes LLVM may halve the registers of AVX-512, and a vector function be called wrongly.
        bits = self.width * 64
        attributes = f'attributes #0 = {{ nounwind "min-legal-vector-width"="{bits}" "prefer-vector-width"="{bits}" }}'
        return "\n".join([*self.declared.values(), *body, attributes, ""])

    def rows(self) -> list[str]:
        """Store the outputs of the rows from `first` to `end`."""
        pointers = self.pointers("outputs", self.program.outputs)
        self.open_loop()
        wires = self.body()
        for pointer, k in zip(pointers, self.program.outputs, strict=True):
            for part in self.parts:
                place = self.new(f"getelementptr double, ptr {pointer}, i64 {self.at[part]}")
                self.lines.append(f"store {self.vector} {wires[k][part]}, ptr {place}, align 8")
        return self.closed("rows", "ptr %outputs", [])

    def sums(self) -> list[str]:
        """Add up the outputs of the rows from `first` to `end`: GROUP sums for each."""
        outputs = self.program.outputs
        totals = [[f"%sum{j}_{part}" for part in self.parts] for j in range(len(outputs))]
        self.open_loop([name for row in totals for name in row])
        wires = self.body()
        ends = []
        for j, k in enumerate(outputs):
            for part in self.parts:
                total = totals[j][part]
                self.lines.append(f"{total}n = fadd {self.vector} {total}, {wires[k][part]}")
                ends.append(f"{total}p = getelementptr double, ptr %found, i64 {j * GROUP + part * self.width}")
                ends.append(f"store {self.vector} {total}n, ptr {total}p, align 8")
        return self.closed("sums", "ptr %found", ends)

    # ── the loop ────────────────────────────────────────────────────────────────────────────────────────────

    def open_loop(self, sums: Sequence[str] = ()) -> None:
        """The entry, in which pointers and scalars are loaded, and the head of the loop."""
        columns = self.program.columns
        self.column = dict(zip(columns, self.pointers("columns", columns), strict=True))
        self.uniform: dict[int, list[str]] = {}
        for i, k in enumerate(shared(self.program)):
            place = self.new(f"getelementptr double, ptr %scalars, i64 {i}")
            self.uniform[k] = [self.splat(k, self.new(f"load double, ptr {place}"))] * len(self.parts)
        self.lines += ["br label %loop", "loop:", "%i = phi i64 [ %first, %entry ], [ %next, %loop ]"]
        self.lines += [f"{name} = phi {self.vector} [ zeroinitializer, %entry ], [ {name}n, %loop ]" for name in sums]
        self.at = ["%i"] + [self.new(f"add i64 %i, {part * self.width}") for part in self.parts[1:]]

    def closed(self, name: str, result: str, ends: Iterable[str]) -> list[str]:
        self.lines += [f"%next = add i64 %i, {GROUP}", "%more = icmp ult i64 %next, %end"]
        self.lines += ["br i1 %more, label %loop, label %done", "done:", *ends, "ret void"]
        parameters = f"i64 %first, i64 %end, ptr %columns, ptr %scalars, {result}"
        return [f"define void @{name}({parameters}) #0 {{", "entry:", *self.lines, "}"]

    def pointers(self, array: str, items: Iterable[object]) -> list[str]:
        found = []
        for i, _ in enumerate(items):
            place = self.new(f"getelementptr ptr, ptr %{array}, i64 {i}")
            found.append(self.new(f"load ptr, ptr {place}"))
        return found

    def body(self) -> dict[int, list[str]]:
        """One turn of the loop: the registers of every line."""
        wires = dict(self.uniform)
        for k, (op, args, rank, leaf) in enumerate(self.program.lines):
            if op == "column":
                wires[k] = []
                for part in self.parts:
                    place = self.new(f"getelementptr double, ptr {self.column[str(leaf)]}, i64 {self.at[part]}")
                    wires[k].append(self.new(f"load {self.vector}, ptr {place}, align 8"))
            elif not isinstance(leaf, str):
                wires[k] = [self.constant(leaf)] * len(self.parts)
            elif rank == ROW:
                xs = [wires[a] for a in args]
                wires[k] = [self.instruction(op, [x[part] for x in xs]) for part in self.parts]
        return wires

    # ── one instruction ─────────────────────────────────────────────────────────────────────────────────────

    def new(self, text: str) -> str:
        self.count += 1
        self.lines.append(f"%v{self.count} = {text}")
        return f"%v{self.count}"

    def constant(self, x: float) -> str:
        if isinstance(x, bool):
            return "<" + ", ".join([f"i1 {str(x).lower()}"] * self.width) + ">"
        return "<" + ", ".join([f"double {literal(x)}"] * self.width) + ">"

    def splat(self, k: int, x: str) -> str:
        one = self.new(f"insertelement {self.vector} poison, double {x}, i32 0")
        all_ = self.new(
            f"shufflevector {self.vector} {one}, {self.vector} poison, <{self.width} x i32> zeroinitializer"
        )
        return self.new(f"fcmp une {self.vector} {all_}, zeroinitializer") if self.program.is_condition(k) else all_

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
