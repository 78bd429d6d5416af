"""The primitives: what an arithmetic needs so that every gate runs on it.

Rules of gates are written against an `Arithmetic`, and never know what flows through the wires. A primitive is a row
of PRIMITIVES, which recorders and compilers read, and a method of `Arithmetic`, which type checkers read. How an
arithmetic computes it is the arithmetic's own business.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Primitive(NamedTuple):
    """A row of the table. `takes` and `gives` have a letter an argument and one for the result: x for a number, c for a
    condition; a * lets there be any number of the last.

    `infix`: rules write it with an operator of Python, which every wire has. `in_c`: the C library computes it, under
    the same name and to 4 ulp.
    """

    name: str
    takes: str
    gives: str = "x"
    infix: bool = False
    in_c: bool = False

    @property
    def many(self) -> bool:
        """Whether it takes any number of arguments."""
        return self.takes.endswith("*")


def _rows(names: str, takes: str, gives: str = "x", infix: bool = False, in_c: bool = False) -> Iterator[Primitive]:
    return (Primitive(name, takes, gives, infix, in_c) for name in names.split())


PRIMITIVES: dict[str, Primitive] = {
    row.name: row
    for row in (
        *_rows("lt le gt ge eq ne", "xx", "c"),
        *_rows("truth isnan", "x", "c"),
        *_rows("and_ or_", "cc", "c"),
        *_rows("not_", "c", "c"),
        *_rows("where", "cxx"),
        *_rows("add sub mul", "xx", infix=True),
        *_rows("neg", "x", infix=True),
        *_rows("div copysign", "xx"),
        *_rows("max min", "x*"),
        *_rows("abs floor ceil trunc round sqrt", "x"),
        *_rows("pow fmod hypot atan2", "xx", in_c=True),
        *_rows("cbrt exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan", "x", in_c=True),
        *_rows("sinh cosh tanh asinh acosh atanh erf erfc", "x", in_c=True),
        *_rows("gamma lgamma digamma", "x"),
        *_rows("polygamma", "xx"),
    )
}

CONDITIONS = frozenset(row.name for row in PRIMITIVES.values() if row.gives == "c")
