"""The forms of operations: a text, and how strongly it holds together.

The forms that languages share stand here; a language adds and replaces.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

CHOICE, OR, AND, NOT, COMPARE, SUM, PRODUCT, SIGN, ATOM = range(9)


class CodeForm(NamedTuple):
    """A text with {0}, {1} for the arguments, or {} for all of them; its strength, and the least of each argument.
    Of more than two arguments a form `in_pairs` takes two at a time: max(max(x, y), z)."""

    text: str
    strength: int = ATOM
    within: tuple[int, ...] = ()
    in_pairs: bool = False


INFIX: Mapping[str, CodeForm] = {
    "add": CodeForm("{0} + {1}", SUM, (SUM, PRODUCT)),
    "sub": CodeForm("{0} - {1}", SUM, (SUM, PRODUCT)),
    "mul": CodeForm("{0} * {1}", PRODUCT, (PRODUCT, SIGN)),
    "div": CodeForm("{0} / {1}", PRODUCT, (PRODUCT, SIGN)),
    "neg": CodeForm("-{0}", SIGN, (ATOM,)),
    **{
        op: CodeForm(f"{{0}} {symbol} {{1}}", COMPARE, (SUM, SUM))
        for op, symbol in zip(("lt", "le", "gt", "ge", "eq", "ne"), ("<", "<=", ">", ">=", "==", "!="), strict=True)
    },
    "truth": CodeForm("{0} != 0.0", COMPARE, (SUM,)),
    "isnan": CodeForm("{0} != {0}", COMPARE, (SUM,)),
}

LIKE_C: Mapping[str, CodeForm] = {
    **INFIX,
    "and_": CodeForm("{0} && {1}", AND, (AND, NOT)),
    "or_": CodeForm("{0} || {1}", OR, (NOT, NOT)),  # compilers warn of && in || without parentheses
    "not_": CodeForm("!{0}", SIGN, (ATOM,)),
    "where": CodeForm("{0} ? {1} : {2}", CHOICE, (OR, OR, OR)),
}


def calls(prefix: str, names: str) -> dict[str, CodeForm]:
    """The forms of functions behind a prefix. `names` is a list of `OP`, called by its own name, and `OP=NAME`."""
    found = {}
    for word in names.split():
        op, _, name = word.partition("=")
        found[op] = CodeForm(f"{prefix}{name or op}({{}})")
    return found


def numbers(nan: str, inf: str, whole: bool = False) -> Callable[[float], str]:
    """A writer of floats; with `whole`, 3.0 is written as 3."""

    def number(x: float) -> str:
        if math.isfinite(x):
            return repr(x).removesuffix(".0") if whole else repr(x)
        return nan if x != x else inf if x > 0.0 else f"-{inf}"

    return number


class LoopSyntax(NamedTuple):
    """The writing of loops and of arrays, which count from 0.

    `opening` is the line that opens a loop of a variable over whole numbers, `closing` those that close it. `array`
    is the statement that makes an array of a shape, of numbers or of truths; `started` the one that makes a variable,
    and `stored` the one that changes it, or an element. `whole` is a whole number that goes with loops as a float.
    """

    opening: Callable[[str, str, str, int], str]
    closing: tuple[str, ...]
    array: Callable[[str, Sequence[int], bool], str]
    started: str
    stored: str
    whole: str = "{}"


class Syntax(NamedTuple):
    """The writing of a language.

    `forms` has a form for each operation, `number` writes a float, and `assigned` the statement that gives a name to
    a text, which is a number or a truth. A comment begins with `comment`; no variable is called by a word of
    `reserved`; a language without `loops` has a variable for each element of a family. Kept functions stand
    behind `prefix`. `lifted` is the form of a number that is the argument of a
    function, where that has to be an array, and of a choice of two numbers, where that may be a decimal.
    Gates that hold a circuit have code where it `holds` the search for them; they stand behind `one_by_one` where they
    are functions of numbers, in Python.
    """

    forms: Mapping[str, CodeForm]
    number: Callable[[float], str]
    assigned: Callable[[str, str, bool], str]
    comment: str
    reserved: frozenset[str]
    prefix: str = ""
    ascii: bool = False  # whether names have to be
    one_case: bool = False  # whether x and X are one name
    lifted: str = ""
    loops: LoopSyntax | None = None
    holds: bool = False
    one_by_one: str = ""

    def form(self, op: str) -> CodeForm:
        """The form of an operation. Raises MissingFormError where the language has none."""
        if op not in self.forms:
            raise MissingFormError(op.rstrip("_"))
        return self.forms[op]


class MissingFormError(LookupError):
    """A language has no form of an operation."""
