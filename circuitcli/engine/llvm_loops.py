"""Loops over statements of equal form as LLVM's text, whose length goes with the forms and not with the statements.

A turn takes a tile of rows: some registers for each line, in a buffer that stays in cache. What the statements read and
write stands in a table, in the order in which it is read: addresses in the buffer, among the numbers that all rows
share, and among the outputs. Sums have GROUP accumulators, as those of `llvm_rows`, and are theirs to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from circuitcli.engine.llvm import GROUP, LLVMText
from circuitcli.engine.statement_loops import CHAIN, PRODUCTS, STORED, Loop, loops_of
from circuitcli.engine.traced_program import TracedProgram

Values = list[str]


class LoopsText(LLVMText):
    """The LLVM text of a program in loops, a tile of so many rows a turn: `rows`, which stores the outputs, and `sums`,
    which adds them up."""

    def __init__(self, program: TracedProgram, tile: int) -> None:
        super().__init__(program)
        self.tile = tile

    def module(self, function: str) -> str:
        """The function `rows` or `sums`, and the functions that it calls."""
        self.summed = function == "sums"
        self.block, self.labels, self.functions = "entry", 0, list[str]()
        first = "%first"
        for rows in dict.fromkeys((self.tile, GROUP)):
            first = self.turns(first, rows)
        parameters = "i64 %first, i64 %end, ptr %columns, ptr %scalars, ptr %found, ptr %table, ptr %buffer"
        body = [f"define void @{function}({parameters}) #0 {{", "entry:", *self.lines, "ret void", "}"]
        return self.assembled([*self.functions, *body])

    def turns(self, first: str, rows: int) -> str:
        """Write the turns that take so many rows, and return the row behind the last."""
        self.parts = range(rows // self.width)
        head = f"turn{rows}"
        before = self.block
        self.lines += [f"br label %{head}", f"{head}:"]
        phi = len(self.lines)
        self.row = f"%row{rows}"
        self.lines += ["", f"%next{rows} = add i64 {self.row}, {rows}", f"%room{rows} = icmp ule i64 %next{rows}, %end"]
        self.lines += [f"br i1 %room{rows}, label %in{rows}, label %out{rows}", f"in{rows}:"]
        self.block = f"in{rows}"
        cursor = self.read_columns("%table")
        for loop in loops_of(self.program):
            cursor = self.called(loop, cursor)
        self.lines += [f"br label %{head}", f"out{rows}:"]
        self.lines[phi] = f"{self.row} = phi i64 [ {first}, %{before} ], [ %next{rows}, %{self.block} ]"
        self.block = f"out{rows}"
        return self.row

    def called(self, loop: Loop, cursor: str) -> str:
        """Write a loop as a function of its own, and its call, which returns the place in the table behind it. LLVM's
        time grows much faster than a function."""
        outside, name = (self.lines, self.block, self.row), f"part{self.labels}"
        self.lines, self.block, self.row = [], "entry", "%row"
        end = self.loop(loop, "%cursor")
        head = f"define internal ptr @{name}(ptr %cursor, i64 %row, ptr %scalars, ptr %found, ptr %buffer) #0 {{"
        self.functions += [head, "entry:", *self.lines, f"ret ptr {end}", "}"]
        self.lines, self.block, self.row = outside
        return self.new(f"call ptr @{name}(ptr {cursor}, i64 {self.row}, ptr %scalars, ptr %found, ptr %buffer)")

    # ── loops ───────────────────────────────────────────────────────────────────────────────────────────────

    def repeat(self, times: int, carried: Sequence[tuple[str, str]], body: Callable[[Values], Values]) -> Values:
        """Write a loop. `carried` are values by their types; `body` writes what is done with them, and returns those of
        the next turn. Returns the last."""
        self.labels += 1
        name, before = f"loop{self.labels}", self.block
        self.lines += [f"br label %{name}", f"{name}:"]
        phis = len(self.lines)
        self.lines.append("")
        self.block = name
        values = [f"%{name}c{i}" for i in range(len(carried))]
        ends = body(values)
        self.lines += [f"%{name}n = add i64 %{name}i, 1", f"%{name}m = icmp ult i64 %{name}n, {times}"]
        self.lines += [f"br i1 %{name}m, label %{name}, label %{name}end", f"{name}end:"]
        rows = zip(values, carried, ends, strict=True)
        lines = [f"{value} = phi {kind} [ {x}, %{before} ], [ {end}, %{self.block} ]" for value, (kind, x), end in rows]
        lines.append(f"%{name}i = phi i64 [ 0, %{before} ], [ %{name}n, %{self.block} ]")
        self.lines[phis] = "\n".join(lines)
        self.block = f"{name}end"
        return ends

    def loop(self, loop: Loop, cursor: str) -> str:
        """Write the loop over statements of one form, and return the place in the table behind them."""
        write = WRITERS.get(loop.form.op, LoopsText.primitive)

        def body(carried: Values) -> Values:
            return [write(self, loop, carried[0])]

        return self.repeat(len(loop.statements), [("ptr", cursor)], body)[0]

    def read_columns(self, cursor: str) -> str:
        """Write the loop that copies a tile of each column into the buffer."""
        if not self.program.columns:
            return cursor

        def body(carried: Values) -> Values:
            column, at = carried
            start = self.new(f"load ptr, ptr {column}")
            source = self.new(f"getelementptr double, ptr {start}, i64 {self.row}")
            self.store(self.entry(at, 0), [self.load(source, part, 8) for part in self.parts])
            return [self.new(f"getelementptr ptr, ptr {column}, i64 1"), self.moved(at, 1)]

        return self.repeat(len(self.program.columns), [("ptr", "%columns"), ("ptr", cursor)], body)[1]

    # ── statements ──────────────────────────────────────────────────────────────────────────────────────────

    def primitive(self, loop: Loop, cursor: str) -> str:
        """An instruction: where its result goes, and its arguments."""
        form, (k, *args) = loop.form, loop.statements[0]
        xs = []
        for i, (a, shared) in enumerate(zip(args, form.shared, strict=True)):
            xs.append(self.operand(self.entry(cursor, 1 + i), shared, self.program.is_condition(a)))
        results = [self.instruction(form.op, [x[part] for x in xs]) for part in self.parts]
        if self.program.is_condition(k):
            one, zero = self.constant(1.0), self.constant(0.0)
            results = [self.new(f"select {self.mask} {x}, {self.vector} {one}, {self.vector} {zero}") for x in results]
        self.store(self.entry(cursor, 0), results)
        return self.moved(cursor, 1 + len(args))

    def chain(self, loop: Loop, cursor: str) -> str:
        """A sum: where its result goes, its first term, and the others."""
        form = loop.form
        result = self.entry(cursor, 0)
        first = self.operand(self.entry(cursor, 1), form.shared[0])

        def body(carried: Values) -> Values:
            at, *sums = carried
            factors = [self.operand(self.entry(at, i), shared) for i, shared in enumerate(form.shared[1:])]
            terms = [self.product([x[part] for x in factors]) for part in self.parts]
            more = [self.added(x, term) for x, term in zip(sums, terms, strict=True)]
            return [self.moved(at, len(factors)), *more]

        carried = [("ptr", self.moved(cursor, 2)), *((self.vector, x) for x in first)]
        end, *sums = self.repeat(form.terms, carried, body)
        self.store(result, sums)
        return end

    def stored(self, loop: Loop, cursor: str) -> str:
        """An output: its place, and its line."""
        self.give(self.entry(cursor, 0), self.operand(self.entry(cursor, 1), loop.form.shared[0]))
        return self.moved(cursor, 2)

    def products(self, loop: Loop, cursor: str) -> str:
        """Products that are outputs: the factor that they share, and for each the other one and its place."""
        form = loop.form
        common = self.operand(self.entry(cursor, 0), form.shared[0])

        def body(carried: Values) -> Values:
            (at,) = carried
            others = self.operand(self.entry(at, 0), form.shared[1])
            self.give(self.entry(at, 1), [self.product([common[part], others[part]]) for part in self.parts])
            return [self.moved(at, 2)]

        return self.repeat(form.terms, [("ptr", self.moved(cursor, 1))], body)[0]

    # ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────

    def entry(self, cursor: str, i: int) -> str:
        place = self.new(f"getelementptr i64, ptr {cursor}, i64 {i}")
        return self.new(f"load i64, ptr {place}")

    def moved(self, cursor: str, count: int) -> str:
        return self.new(f"getelementptr i64, ptr {cursor}, i64 {count}")

    def operand(self, entry: str, shared: bool, condition: bool = False) -> Values:
        """The registers of a line in this tile, or of a number that all rows share."""
        place = self.new(f"getelementptr i8, ptr {'%scalars' if shared else '%buffer'}, i64 {entry}")
        if shared:
            return [self.splat(self.new(f"load double, ptr {place}"), condition)] * len(self.parts)
        found = [self.load(place, part) for part in self.parts]
        return [self.new(f"fcmp une {self.vector} {x}, zeroinitializer") for x in found] if condition else found

    def product(self, factors: Values) -> str:
        return self.new(f"fmul {self.vector} {factors[0]}, {factors[1]}") if len(factors) == 2 else factors[0]

    def added(self, x: str, y: str) -> str:
        return self.new(f"fadd {self.vector} {x}, {y}")

    def load(self, start: str, part: int, align: int = 64) -> str:
        place = self.new(f"getelementptr double, ptr {start}, i64 {part * self.width}")
        return self.new(f"load {self.vector}, ptr {place}, align {align}")

    def store(self, entry: str, registers: Values) -> None:
        """Put the registers of a line into the buffer."""
        start = self.new(f"getelementptr i8, ptr %buffer, i64 {entry}")
        self._put(start, registers)

    def give(self, place: str, registers: Values) -> None:
        """Add the registers of an output to its sums, or store them among its rows."""
        if not self.summed:
            pointer = self.new(f"getelementptr ptr, ptr %found, i64 {place}")
            start = self.new(f"load ptr, ptr {pointer}")
            self._put(self.new(f"getelementptr double, ptr {start}, i64 {self.row}"), registers)
            return
        start = self.new(f"getelementptr [{GROUP} x double], ptr %found, i64 {place}")
        sums = [self.load(start, part, 8) for part in range(GROUP // self.width)]
        for part, x in enumerate(registers):
            lane = part % len(sums)
            sums[lane] = self.added(sums[lane], x)
        self._put(start, sums)

    def _put(self, start: str, registers: Values) -> None:
        for part, x in enumerate(registers):
            place = self.new(f"getelementptr double, ptr {start}, i64 {part * self.width}")
            self.lines.append(f"store {self.vector} {x}, ptr {place}, align 8")


WRITERS: dict[str, Callable[[LoopsText, Loop, str], str]] = {
    CHAIN: LoopsText.chain,
    STORED: LoopsText.stored,
    PRODUCTS: LoopsText.products,
}
