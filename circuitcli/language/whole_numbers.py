"""The whole numbers of a text: indices and the ends of loops, made of constants and of the names of loops."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from operator import add, floordiv, mod, mul, sub, truediv

from circuitcli.errors import ExpressionError
from circuitcli.gates import GATES
from circuitcli.graph import MOST_NODES
from circuitcli.language.names import canonical
from circuitcli.language.syntax import Loop, Program, Turn
from circuitcli.notation import symbol

LARGEST = 2**53  # float64 knows all whole numbers up to here
_INDEX = "an index is a whole number: i, i+1, n-i, i//2"
_STEEPEST = 53  # the largest power of 2 below it


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or exponent < 0 or (exponent > _STEEPEST and abs(base) > 1):
        raise OverflowError
    return base ** int(exponent)


_OPERATORS: Mapping[str, Callable[..., object]] = {
    "+": add,
    "-": lambda x, *others: sub(x, *others) if others else -x,
    "*": mul,
    "/": truediv,
    "//": floordiv,
    "%": mod,
    "^": _power,
    **{function.__name__: function for function in (abs, min, max)},
}


class WholeNumbers:
    """Evaluates the indices and the ranges of a program; `constants` are the names that it gives a whole number."""

    def __init__(self, program: Program, constants: Mapping[str, int]) -> None:
        self._program, self._constants = program, constants
        self._turned = 0  # all turns of all loops

    def at(self, step: int, turn: Turn) -> int:
        """Return the number of an expression. Raises ExpressionError where it is none, or no whole one."""
        first = self._program.steps[step]
        if first.op == "name" and (known := turn.get(first.token)) is not None:  # as most indices are
            return known
        begin = self._program.begin(step)
        values: list[Fraction] = []
        for k in range(begin, step + 1):
            op, args, token, _ = self._program.steps[k]
            if op == "name":
                values.append(Fraction(self._named(canonical(str(token)), k, turn)))
                continue
            if op == "number":
                values.append(self._written(k))
                continue
            operator = _OPERATORS.get(str(token) if op == "call" else symbol(op) if op in GATES else "")
            if operator is None:
                raise self._error(k, k, f"{token} cannot be in an index", _INDEX)
            try:
                values.append(Fraction(operator(*(values[a - begin] for a in args))))  # type: ignore[call-overload]
            except ZeroDivisionError:
                raise self._error(begin, step, "the index divides by 0") from None
            except TypeError:
                raise self._error(k, k, f"{token} takes other arguments", "write for example min(i, 3)") from None
            except OverflowError:
                raise self._error(begin, step, "the index is no whole number below 2^53") from None
            if abs(values[-1]) > LARGEST:
                raise self._error(begin, step, "the index is no whole number below 2^53")
        number = values[-1]
        if number.denominator == 1:
            return int(number)
        raise self._error(begin, step, f"{self._text(begin, step)} is {float(number):g}{_at(turn)}, no whole number")

    def turns(self, loops: tuple[Loop, ...], outer: Turn) -> Iterator[Turn]:
        """Yield the numbers of nested loops, the last running fastest. One mapping, which the next turn changes."""
        turn = dict(outer)
        names = [canonical(str(loop.token)) for loop in loops]
        for i, name in enumerate(names):
            if name in outer or name in names[:i]:
                message, other = f"{name} is a loop already", "k" if name != "k" else "l"
                raise self._at_token(loops[i], message, f"give this one another name: for {other} in ...")
        waiting: list[Iterator[int]] = []
        while True:
            if len(waiting) == len(loops):
                self._turned += 1
                if self._turned > MOST_NODES and loops:
                    raise self.too_many(loops[0])
                yield turn
            else:
                waiting.append(iter(self.range(loops[len(waiting)], turn)))
            while waiting:
                number = next(waiting[-1], None)
                if number is not None:
                    turn[names[len(waiting) - 1]] = number
                    break
                waiting.pop()
            if not waiting:
                return

    def range(self, loop: Loop, turn: Turn) -> range:
        """Return the numbers of a range, both ends included."""
        low, high, *steps = (self.at(step, turn) for step in loop.range)
        step = steps[0] if steps else 1
        if step == 0:
            raise self._error(loop.range[2], loop.range[2], f"the loop {loop.token} has the step 0")
        found = range(low, high + (1 if step > 0 else -1), step)
        if len(found) > MOST_NODES:
            raise self.too_many(loop)
        return found

    def too_many(self, loop: Loop) -> ExpressionError:
        """The error for a loop that becomes more nodes than a circuit may have."""
        most = f"{MOST_NODES / 1e6:g} million"
        return self._at_token(
            loop, f"the loop {loop.token} expands to more than {most} nodes", "make its range smaller"
        )

    def _named(self, word: str, step: int, turn: Turn) -> int:
        if word in turn:
            return turn[word]
        if word in self._constants:
            return self._constants[word]
        if not word.isidentifier():
            raise self._error(step, step, f"{word} cannot be in an index", _INDEX)
        text = self._program.text.strip()
        known = f"write {word} = 3; {text}" if len(text) < 60 and "\n" not in text else f"write {word} = 3 above"
        if turn:
            known += f", or use {' or '.join(turn)}"
        raise self._error(step, step, f"{word} is no loop and no whole number that the text gives", known)

    def _written(self, step: int) -> Fraction:
        text = str(self._program.steps[step].token).replace("_", "")
        if not 1e-9 < abs(float(text)) <= LARGEST and float(text) != 0.0:  # digits would be as many as 1e999999 says
            raise self._error(step, step, f"{text} is no whole number below 2^53")
        return Fraction(text) if float(text) else Fraction(0)

    def _text(self, begin: int, step: int) -> str:
        start, end = self.span(begin, step)
        return self._program.text[start:end]

    def span(self, begin: int, step: int) -> tuple[int, int]:
        """Return the place of some steps in the text."""
        run = self._program.steps[begin : step + 1]
        return min(s.token.start_pos for s in run), max(s.end or s.token.end_pos for s in run)

    def _error(self, begin: int, step: int, message: str, hint: str = "") -> ExpressionError:
        return ExpressionError(message, self._program.text, *self.span(begin, step), hint=hint)

    def _at_token(self, loop: Loop, message: str, hint: str) -> ExpressionError:
        return ExpressionError(message, self._program.text, loop.token.start_pos, loop.token.end_pos, hint)


def _at(turn: Turn) -> str:
    return " at " + ", ".join(f"{name} = {number}" for name, number in turn.items()) if turn else ""
