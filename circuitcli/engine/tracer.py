"""The arithmetic that writes down the rules: run once over a circuit, it leaves a traced program, which `arrays` and
`native` run over any number of rows.

Equal instructions are one, those that nobody uses are left out, and constants are computed at once, on floats: all of
it to the bit as `floats` would. The only liberty is a power with a small exponent, which becomes a product or a root.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence

from circuitcli.engine.floats import FLOATS, TINY
from circuitcli.engine.inherited_gates import InheritedGates
from circuitcli.engine.passes import backward, forward
from circuitcli.engine.traced_program import CONSTANT, ROW, SCALAR, Instruction, TracedProgram
from circuitcli.engine.wire import Wire
from circuitcli.graph import Graph, reached_from
from circuitcli.held_gates import HeldGate
from circuitcli.primitives import PRIMITIVES

Traced = Wire | float  # a number or a condition: a line of the program, or known at once


class Recorder(InheritedGates[Traced, Traced]):
    """One `Wire` a wire, or a float or a bool where that is known at once."""

    pi = math.pi
    nothing = -0.0
    exact = False  # whether powers stay powers, but for squares, which are products in `floats` too

    def __init__(self) -> None:
        self.lines: list[Instruction] = []
        self._known: dict[tuple[object, ...], int] = {}
        self.underflowed = False  # a number that was known at once

    def constant(self, text: str) -> float:
        return FLOATS.constant(text)

    def column(self, name: str) -> Wire:
        """A number that every row has."""
        return Wire(self, self._line(Instruction("column", (), ROW, name), name))

    def scalar(self, name: str) -> Wire:
        """A number that all rows share, and that is known when they come."""
        return Wire(self, self._line(Instruction("scalar", (), SCALAR, name), name))

    def __getattr__(self, name: str) -> Callable[..., Traced]:
        """A primitive, which is written down, or another gate."""
        if name not in PRIMITIVES:
            return super().__getattr__(name)

        def recorded(*xs: Traced) -> Traced:
            return self._record(name, xs)

        setattr(self, name, recorded)
        return recorded

    def cbrt(self, x: Traced) -> Traced:
        """The root with one step of Newton for the last digit, where the cube neither over- nor underflows."""
        if self.exact or not isinstance(x, Wire):
            return self._record("cbrt", (x,))
        small = self.lt(self.abs(x), 1.0)
        scaled = x * self.where(small, 2.0**300, 2.0**-300)
        root = self._record("cbrt", (scaled,))
        better = root - self.div(root * root * root - scaled, 3.0 * (root * root))
        plain = self.and_(self.ne(x, 0.0), self.eq(x - x, 0.0))
        return self.where(plain, better * self.where(small, 2.0**-100, 2.0**100), x)

    def held(self, gate: HeldGate, *xs: Traced) -> Traced:
        """A gate that holds a circuit is one instruction."""
        return self._record(gate, xs)

    def _record(self, op: str, xs: tuple[Traced, ...]) -> Traced:
        if not any(isinstance(x, Wire) for x in xs):
            known: float = getattr(FLOATS, op)(*xs)
            may = op not in PRIMITIVES or PRIMITIVES[op].underflows  # what is no primitive is kept whole
            self.underflowed |= may and abs(known) < TINY and 0.0 not in xs
            return known
        simple = _SIMPLER.get(op)
        if simple is not None and (found := simple(self, *xs)) is not None:
            return found
        args = tuple([self._place(x) for x in xs])
        rank = max([self.lines[a].rank for a in args])
        key = args[::-1] if op in ("add", "mul") and args[0] > args[1] else args  # equal in either order
        return Wire(self, self._line(Instruction(op, args, rank), key))

    def _place(self, x: Traced) -> int:
        """The line of a wire or of a constant; 0.0 and -0.0 are two constants."""
        if isinstance(x, Wire):
            return x.k
        return self._line(Instruction("constant", (), CONSTANT, x), x if isinstance(x, bool) else float(x).hex())

    def _line(self, line: Instruction, key: object) -> int:
        known = self._known.setdefault((line.op, key), len(self.lines))
        if known == len(self.lines):
            self.lines.append(line)
        return known

    def made_by(self, x: Traced, op: str) -> tuple[int, ...]:
        """The arguments of a wire, where its line has this op; else none."""
        line = self.lines[x.k] if isinstance(x, Wire) else None
        return line.args if line is not None and line.op == op else ()

    def program(self, outputs: Iterable[Traced]) -> TracedProgram:
        """The lines that the outputs need."""
        places = [self._place(x) for x in outputs]
        order = [k for k, needed in enumerate(reached_from(self.lines, places)) if needed]
        moved = {k: new for new, k in enumerate(order)}
        lines = [self.lines[k] for k in order]
        lines = [line._replace(args=tuple([moved[a] for a in line.args])) for line in lines]
        return TracedProgram(lines, [moved[k] for k in places], self.underflowed)


class ExactRecorder(Recorder):
    """A recorder that takes no liberty."""

    exact = True


def recorded(graph: Graph, columns: Collection[str], m: Recorder) -> list[Traced]:
    """Write down the forward pass and return its values: columns vary by row, other inputs are scalars."""
    given = {name: m.column(name) if name in columns else m.scalar(name) for name in graph.inputs}
    return forward(graph, m, given)


def straight(
    graph: Graph, columns: Collection[str], wanted: Sequence[int], wrt: Sequence[int], m: Recorder | None = None
) -> TracedProgram:
    """The program of the values of some nodes, followed by the derivatives of the output by others. A slope of 0 has no
    sign."""
    m = m or Recorder()
    values = recorded(graph, columns, m)
    slopes = backward(graph, m, values, graph.depends_on(wrt))
    return m.program([*(values[k] for k in wanted), *(slopes.get(k, 0.0) + 0.0 for k in wrt)])


# ── simpler forms ───────────────────────────────────────────────────────────────────────────────────────────
# Each returns None where there is nothing to spare. They are exact for every float, infinities, nan and the sign of
# zero included.


def _is(x: Traced, number: float) -> bool:
    return isinstance(x, float) and x == number and math.copysign(1.0, x) == math.copysign(1.0, number)


def _same(x: Traced, y: Traced) -> bool:
    return isinstance(x, Wire) and isinstance(y, Wire) and x.k == y.k


def _add(m: Recorder, x: Traced, y: Traced) -> Traced | None:
    return y if _is(x, -0.0) else x if _is(y, -0.0) else None


def _sub(m: Recorder, x: Traced, y: Traced) -> Traced | None:
    return x if _is(y, 0.0) else None


def _mul(m: Recorder, x: Traced, y: Traced) -> Traced | None:
    if _is(x, 1.0) or _is(y, 1.0):
        return y if _is(x, 1.0) else x
    if _is(x, -1.0) or _is(y, -1.0):
        return m.neg(y if _is(x, -1.0) else x)
    if _is(x, 2.0) or _is(y, 2.0):
        twice = y if _is(x, 2.0) else x
        return m.add(twice, twice)  # so that 2*x and x + x are one
    return None


def _div(m: Recorder, x: Traced, y: Traced) -> Traced | None:
    return x if _is(y, 1.0) else None


def _neg(m: Recorder, x: Traced) -> Traced | None:
    inner = m.made_by(x, "neg")
    return Wire(m, inner[0]) if inner else None


def _abs(m: Recorder, x: Traced) -> Traced | None:
    inner = m.made_by(x, "neg")
    return m.abs(Wire(m, inner[0])) if inner else None


def _pow(m: Recorder, x: Traced, y: Traced) -> Traced | None:
    """Products for small whole exponents, and the root. The quotient comes first, so that no power overflows."""
    if not isinstance(y, float) or not -3.0 <= y <= 4.0 or (m.exact and y not in (0.0, 1.0, 2.0)):
        return None
    if abs(y) == 0.5:
        root = m.where(m.eq(x, -math.inf), math.inf, m.sqrt(x) + 0.0)
        return root if y > 0.0 else m.div(1.0, root)
    if y != math.floor(y):
        return None
    if y == 0.0:
        return 1.0
    base, n = (x, int(y)) if y > 0.0 else (m.div(1.0, x), -int(y))
    square = base if n == 1 else base * base
    return square if n <= 2 else square * base if n == 3 else square * square


def _extreme(m: Recorder, *xs: Traced) -> Traced | None:
    return xs[0] if len(xs) == 1 else None


def _where(m: Recorder, c: Traced, x: Traced, y: Traced) -> Traced | None:
    if isinstance(c, bool):
        return x if c else y
    if _same(x, y):
        return x
    inner = m.made_by(c, "not_")
    return m.where(Wire(m, inner[0]), y, x) if inner else None


def _and(m: Recorder, a: Traced, b: Traced) -> Traced | None:
    for c, other in ((a, b), (b, a)):
        if isinstance(c, bool):
            return other if c else False
    return a if _same(a, b) else None


def _or(m: Recorder, a: Traced, b: Traced) -> Traced | None:
    for c, other in ((a, b), (b, a)):
        if isinstance(c, bool):
            return True if c else other
    return a if _same(a, b) else None


def _not(m: Recorder, c: Traced) -> Traced | None:
    inner = m.made_by(c, "not_")
    return Wire(m, inner[0]) if inner else None


def _truth(m: Recorder, x: Traced) -> Traced | None:
    """A comparison made 1.0 or 0.0 and read again."""
    made = m.made_by(x, "where")
    if made and [m.lines[a].leaf for a in made[1:]] == [1.0, 0.0] and m.lines[made[1]].op == "constant":
        return Wire(m, made[0])
    return None


_SIMPLER: dict[str, Callable[..., Traced | None]] = {
    "add": _add,
    "sub": _sub,
    "mul": _mul,
    "div": _div,
    "neg": _neg,
    "abs": _abs,
    "pow": _pow,
    "max": _extreme,
    "min": _extreme,
    "where": _where,
    "and_": _and,
    "or_": _or,
    "not_": _not,
    "truth": _truth,
}
