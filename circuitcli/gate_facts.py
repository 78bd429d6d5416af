"""The vocabulary of the table of gates: how a gate is written, when its result is -0.0, what it gathers over rows.

The classes are plain ones: every start makes them, and a NamedTuple takes ten times as long to make.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

Operand = TypeVar("Operand")
Held = Callable[[Operand, int], str]  # the text of an operand, in parentheses where it is weaker than that

# ── how a gate is written ───────────────────────────────────────────────────────────────────────────────────

OR, AND, NOT, COMPARE, SUM, PRODUCT, SIGN, POWER, ATOM = range(9)  # how strongly a text holds together


class Infix:
    """A symbol between two operands: its own strength, and the least strength of the left and of the right one."""

    def __init__(self, symbol: str, strength: int, left: int, right: int, gap: str = " ") -> None:
        self.symbol, self.strength, self.left, self.right, self.gap = symbol, strength, left, right, gap

    def with_symbol(self, symbol: str) -> Infix:
        """The form with another symbol."""
        return Infix(symbol, self.strength, self.left, self.right, self.gap)

    def text(self, args: Sequence[Operand], held: Held[Operand]) -> str:
        return f"{held(args[0], self.left)}{self.gap}{self.symbol}{self.gap}{held(args[1], self.right)}"


class Prefix:
    """A symbol before its operand, which is at least as strong."""

    def __init__(self, symbol: str, strength: int) -> None:
        self.symbol, self.strength = symbol, strength

    def with_symbol(self, symbol: str) -> Prefix:
        """The form with another symbol."""
        return Prefix(symbol, self.strength)

    def text(self, args: Sequence[Operand], held: Held[Operand]) -> str:
        return self.symbol + held(args[0], self.strength)


class Around:
    """A text with arguments in it, as a macro of TeX has them: #1, #2; the first is at least as strong as `first`."""

    def __init__(self, template: str, strength: int = ATOM, first: int = OR) -> None:
        self.template, self.strength, self.first = template, strength, first

    def text(self, args: Sequence[Operand], held: Held[Operand]) -> str:
        def argument(match: re.Match[str]) -> str:
            i = int(match[1]) - 1
            return held(args[i], OR if i else self.first)

        return re.sub(r"#(\d)", argument, self.template)


# ── when a result is -0.0 ───────────────────────────────────────────────────────────────────────────────────


class Known:
    """Facts about an argument before the circuit runs: whether it may be -0.0, its value where no input decides it, and
    whether it is a constant as written, which has no sign."""

    __slots__ = ("literal", "minus_zero", "number")

    def __init__(self, minus_zero: bool, number: float | None, literal: bool) -> None:
        self.minus_zero, self.number, self.literal = minus_zero, number, literal


MinusZero = Callable[..., bool]  # from what is Known of each argument; underflow is not looked at


def maybe(*xs: Known) -> bool:
    return True


def never(*xs: Known) -> bool:
    return False


def if_any(*xs: Known) -> bool:
    """Whether some argument may be -0.0."""
    return any(x.minus_zero for x in xs)


def if_all(*xs: Known) -> bool:
    return all(x.minus_zero for x in xs)


def if_first(x: Known, y: Known) -> bool:
    return x.minus_zero


def of_product(x: Known, y: Known) -> bool:
    """A zero times a negative number is -0.0; a constant has no sign, and that of a square is +."""
    constant = (x.literal and x.number) or (y.literal and y.number)
    return x.minus_zero or y.minus_zero if constant else x is not y


def of_power(x: Known, y: Known) -> bool:
    return y.number is None or y.number % 2.0 != 0.0


# ── what is gathered over rows ──────────────────────────────────────────────────────────────────────────────

COUNT, SUMS, MOMENTS, EXTREME, EXPONENTIALS = "count", "sums", "moments", "extreme", "exponentials"
ORDER, CO_MOMENTS = "order", "co-moments"


class OverLoops:
    """A way to gather turns: by a `gate` of two, from left to right, or `at_once`, by one of any number of arguments;
    `nothing` is its value over no turn, where there is one. `average`: it is divided by their number."""

    def __init__(self, gate: str, nothing: str = "", average: bool = False, at_once: bool = False) -> None:
        self.gate, self.nothing, self.average, self.at_once = gate, nothing, average, at_once


class OverRows:
    """An aggregate: what it `gathers`, each a class of rows/aggregates.py.

    `average`: it is divided by their number, or one less. `root`: it is the square root of that. `sign`: the
    extreme is the largest of sign times the values. `empty` is its value over no rows. `only`: the gate always is
    over rows; others are with one argument, and with more they are a gate of one row. `gathered`: so many of its
    arguments vary by row, and those behind them are one number. For messages: `among` is what to write for several
    arguments, `alone` why one row has no value.
    """

    def __init__(
        self,
        gathers: str,
        average: bool = False,
        root: bool = False,
        sign: float = 1.0,
        empty: float = float("nan"),
        only: bool = True,
        gathered: int = 1,
        among: str = "",
        alone: str = "",
    ) -> None:
        self.gathers, self.average, self.root, self.sign = gathers, average, root, sign
        self.empty, self.only, self.gathered = empty, only, gathered
        self.among, self.alone = among, alone
