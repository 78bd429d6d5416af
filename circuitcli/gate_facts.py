"""The vocabulary of the table of gates: how a gate is written, when its result is -0.0, what it gathers over rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

Operand = TypeVar("Operand")
Held = Callable[[Operand, int], str]  # the text of an operand, in parentheses where it is weaker than that

# ── how a gate is written ───────────────────────────────────────────────────────────────────────────────────

OR, AND, NOT, COMPARE, SUM, PRODUCT, SIGN, POWER, ATOM = range(9)  # how strongly a text holds together


class Infix(NamedTuple):
    """A symbol between two operands: its own strength, and the least strength of the left and of the right one."""

    symbol: str
    strength: int
    left: int
    right: int
    gap: str = " "

    def text(self, args: Sequence[Operand], held: Held[Operand]) -> str:
        return f"{held(args[0], self.left)}{self.gap}{self.symbol}{self.gap}{held(args[1], self.right)}"


class Prefix(NamedTuple):
    """A symbol before its operand, which is at least as strong."""

    symbol: str
    strength: int

    def text(self, args: Sequence[Operand], held: Held[Operand]) -> str:
        return self.symbol + held(args[0], self.strength)


class Around(NamedTuple):
    """A text with arguments in it, as a macro of TeX has them: #1, #2; the first is at least as strong as `first`."""

    template: str
    strength: int = ATOM
    first: int = OR

    def text(self, args: Sequence[Operand], held: Held[Operand]) -> str:
        def argument(match: re.Match[str]) -> str:
            i = int(match[1]) - 1
            return held(args[i], OR if i else self.first)

        return re.sub(r"#(\d)", argument, self.template)


# ── when a result is -0.0 ───────────────────────────────────────────────────────────────────────────────────


class Known(NamedTuple):
    """Facts about an argument before the circuit runs: whether it may be -0.0, its value where no input decides it, and
    whether it is a constant as written, which has no sign."""

    minus_zero: bool
    number: float | None
    literal: bool


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


class OverRows(NamedTuple):
    """An aggregate: what it `gathers`, each a class of rows/aggregates.py.

    `average`: it is divided by their number, or one less. `root`: it is the square root of that. `sign`: the
    extreme is the largest of sign times the values. `empty` is its value over no rows. `only`: the gate always is
    over rows; others are with one argument, and with more they are a gate of one row. For messages: `among` is what
    to write for several arguments, `alone` why one row has no value.
    """

    gathers: str
    average: bool = False
    root: bool = False
    sign: float = 1.0
    empty: float = float("nan")
    only: bool = True
    among: str = ""
    alone: str = ""
