"""The whole numbers of a text: indices and the ends of loops, made of constants and of the names of loops."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from operator import add, floordiv, itemgetter, mod, mul
from typing import Any, TypeAlias

from circuitcli.errors import ExpressionError
from circuitcli.gates import GATES
from circuitcli.language.names import canonical
from circuitcli.language.syntax import Program, Turn
from circuitcli.notation import symbol

LARGEST = 2**53  # float64 knows all whole numbers up to here
_INDEX = "an index is a whole number: i, i+1, n-i, i//2"
_STEEPEST = 53  # the largest power of 2 below it


Exact: TypeAlias = int | Fraction


def _power(base: Exact, exponent: Exact) -> Exact:
    if exponent.denominator != 1 or exponent < 0 or (exponent > _STEEPEST and not -1 <= base <= 1):
        raise OverflowError
    return base ** int(exponent)


def _minus(x: Exact, *others: Exact) -> Exact:
    return x - others[0] if others else -x


_CALLS: Mapping[str, Callable[..., Any]] = {function.__name__: function for function in (abs, min, max)}
_SIGNS: Mapping[str, Callable[..., Any]] = {
    "+": add,
    "-": _minus,
    "*": mul,
    "/": Fraction,
    "//": floordiv,
    "%": mod,
    "^": _power,
}
_GATES = {gate: _SIGNS[symbol(gate)] for gate in GATES if symbol(gate) in _SIGNS}


class WholeNumbers:
    """Evaluates the indices and the ranges of a program; `constants` are the names that it gives a whole number, and
    `parameters` the steps of indices that are parameters of the gate around them."""

    def __init__(self, program: Program, constants: Mapping[str, int], parameters: Collection[int]) -> None:
        self._program, self._constants, self._parameters = program, constants, parameters
        self._numbers: dict[int, Exact] = {}  # by their steps

    def reader(self, step: int, turn: Turn) -> Callable[[Turn], int]:
        """Return the function of a turn that is the number of an expression, as `at` finds it; `turn` has its names."""
        steps = self._program.steps
        op, args, token, _ = steps[step]
        if op == "name" and token in turn:
            return itemgetter(token)
        operator = _GATES.get(op)
        if operator in (add, _minus) and [steps[a].op for a in args] == ["name", "number"]:  # i+1
            name, number = steps[args[0]].token, self._written(args[1])
            if name in turn and isinstance(number, int):  # which no loop and no index of a text makes too large
                return lambda turn: operator(turn[name], number)
        return lambda turn: self.at(step, turn)

    def at(self, step: int, turn: Turn) -> int:
        """Return the number of an expression. Raises ExpressionError where it is none, or no whole one."""
        begin = self._program.begin(step)
        values: list[Exact] = []
        for k in range(begin, step + 1):
            op, args, token, _ = self._program.steps[k]
            if op == "name":
                values.append(turn[token] if token in turn else self._named(canonical(str(token)), k, turn))
            elif op == "number":
                values.append(self._written(k))
            else:
                values.append(self._operated(begin, k, [values[a - begin] for a in args]))
        number = values[-1]
        if number.denominator == 1:
            return int(number)
        from circuitcli.language.index_errors import no_whole_number

        value = f"{float(number):g}{_at(turn)}, " if begin < step else ""
        what = f"{self._text(begin, step)} is {value}no whole number"
        raise no_whole_number(self._program, begin, step, what, float(number))

    def _operated(self, begin: int, step: int, values: list[Exact]) -> Exact:
        """Return what an operator, or a call, makes of its arguments."""
        op, _, token, _ = self._program.steps[step]
        operator = _CALLS.get(str(token)) if op == "call" else _GATES.get(op)
        if operator is None:
            raise self.error(step, step, f"{token} cannot be in an index", _INDEX)
        try:
            number: Exact = operator(*values)
        except ZeroDivisionError:
            raise self.error(begin, step, "the index divides by 0") from None
        except TypeError:
            raise self.error(step, step, f"{token} takes other arguments", "write for example min(i, 3)") from None
        except OverflowError:
            raise self._too_large(begin, step) from None
        if not -LARGEST <= number <= LARGEST:
            raise self._too_large(begin, step)
        return number

    def _too_large(self, begin: int, step: int) -> ExpressionError:
        return self.error(begin, step, "the index is no whole number below 2^53")

    def _named(self, word: str, step: int, turn: Turn) -> int:
        if word in turn:
            return turn[word]
        if step in self._parameters:
            from circuitcli.language.index_errors import parameter_in_an_index

            raise parameter_in_an_index(self._program, step, word)
        if word in self._constants:
            return self._constants[word]
        if not word.isidentifier():
            raise self.error(step, step, f"{word} cannot be in an index", _INDEX)
        from circuitcli.language.index_errors import unknown_index

        raise unknown_index(self._program, step, word, turn)

    def _written(self, step: int) -> Exact:
        if (known := self._numbers.get(step)) is not None:
            return known
        text = str(self._program.steps[step].token).replace("_", "")
        if not 1e-9 < abs(float(text)) <= LARGEST and float(text) != 0.0:  # digits would be as many as 1e999999 says
            raise self.error(step, step, f"{text} is no whole number below 2^53")
        exact = Fraction(text) if float(text) else Fraction(0)
        number = self._numbers[step] = int(exact) if exact.denominator == 1 else exact
        return number

    def _text(self, begin: int, step: int) -> str:
        start, end = self._program.span(begin, step)
        return self._program.text[start:end]

    def error(self, begin: int, step: int, message: str, hint: str = "") -> ExpressionError:
        """Return the error that points at some steps."""
        return ExpressionError(message, self._program.text, *self._program.span(begin, step), hint=hint)


def _at(turn: Turn) -> str:
    return " at " + ", ".join(f"{name} = {number}" for name, number in turn.items()) if turn else ""
