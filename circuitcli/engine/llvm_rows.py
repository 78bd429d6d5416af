"""A traced program as LLVM's text: one loop that reads each column once and writes each result once.

A turn of the loop takes GROUP rows, in as many registers as they need. Sums have GROUP accumulators whatever the width
of a register, so they are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from circuitcli.engine.llvm import GROUP, LLVMText
from circuitcli.engine.traced_program import ROW, TracedProgram


def shared(program: TracedProgram) -> list[int]:
    """The lines that are known before the rows, as far as rows use them; constants stand in the text."""
    used = {a for k in program.rows for a in program.lines[k].args} | set(program.outputs)
    return sorted(k for k in used if program.lines[k].rank != ROW and program.lines[k].op != "constant")


class RowsText(LLVMText):
    """The LLVM text of one program: `rows`, which stores the outputs, and `sums`, which adds them up."""

    def __init__(self, program: TracedProgram) -> None:
        super().__init__(program)
        self.shared = shared(program)

    def module(self, function: str) -> str:
        """The function `rows` or `sums`, and the functions that it calls."""
        return self.assembled(self.rows() if function == "rows" else self.sums())

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
        for i, k in enumerate(self.shared):
            place = self.new(f"getelementptr double, ptr %scalars, i64 {i}")
            self.uniform[k] = [self.splat(self.new(f"load double, ptr {place}"), self.program.is_condition(k))] * len(
                self.parts
            )
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
