"""How a language writes an operation: the text, and how strongly it holds together.

What all languages share stands here; a language adds and replaces.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

CHOICE, OR, AND, NOT, COMPARE, SUM, PRODUCT, SIGN, ATOM = range(9)


class Form(NamedTuple):
    """A text with {0}, {1} for the arguments, or {} for all of them; its strength, and the least of each argument."""

    text: str
    strength: int = ATOM
    within: tuple[int, ...] = ()


INFIX: Mapping[str, Form] = {
    "add": Form("{0} + {1}", SUM, (SUM, PRODUCT)),
    "sub": Form("{0} - {1}", SUM, (SUM, PRODUCT)),
    "mul": Form("{0} * {1}", PRODUCT, (PRODUCT, SIGN)),
    "div": Form("{0} / {1}", PRODUCT, (PRODUCT, SIGN)),
    "neg": Form("-{0}", SIGN, (ATOM,)),
    **{
        op: Form(f"{{0}} {symbol} {{1}}", COMPARE, (SUM, SUM))
        for op, symbol in zip(("lt", "le", "gt", "ge", "eq", "ne"), ("<", "<=", ">", ">=", "==", "!="), strict=True)
    },
    "truth": Form("{0} != 0.0", COMPARE, (SUM,)),
    "isnan": Form("{0} != {0}", COMPARE, (SUM,)),
}

LIKE_C: Mapping[str, Form] = {
    **INFIX,
    "and_": Form("{0} && {1}", AND, (AND, NOT)),
    "or_": Form("{0} || {1}", OR, (NOT, NOT)),  # compilers warn of && in || without parentheses
    "not_": Form("!{0}", SIGN, (ATOM,)),
    "where": Form("{0} ? {1} : {2}", CHOICE, (OR, OR, OR)),
}


def calls(prefix: str, names: str) -> dict[str, Form]:
    """The forms of functions that are called by their own names, behind a prefix: `OP` or `OP=NAME`, with spaces."""
    found = {}
    for word in names.split():
        op, _, name = word.partition("=")
        found[op] = Form(f"{prefix}{name or op}({{}})")
    return found


def numbers(nan: str, inf: str, whole: bool = False) -> Callable[[float], str]:
    """How a language writes floats; `whole` ones perhaps without a point."""

    def number(x: float) -> str:
        if math.isfinite(x):
            return repr(x).removesuffix(".0") if whole else repr(x)
        return nan if x != x else inf if x > 0.0 else f"-{inf}"

    return number


class Language(NamedTuple):
    """What code is written with: the forms of the operations; how a number is written; the statement that gives a name
    to a text, which is a number or a truth; how a comment begins; the words that no variable may be called."""

    forms: Mapping[str, Form]
    number: Callable[[float], str]
    assigned: Callable[[str, str, bool], str]
    comment: str
    reserved: frozenset[str]
    prefix: str = ""  # of kept functions
    ascii: bool = False  # whether names have to be
    lifted: str = ""  # how a number is written that is the argument of a function
