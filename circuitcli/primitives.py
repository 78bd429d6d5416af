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
    the same name and to 4 ulp. `underflows`: its result may be below the range of floats though no argument is near 0.
    """

    name: str
    takes: str
    gives: str = "x"
    infix: bool = False
    in_c: bool = False
    underflows: bool = False

    @property
    def many(self) -> bool:
        """Whether it takes any number of arguments."""
        return self.takes.endswith("*")


def _rows(names: str, takes: str, gives: str = "x", **facts: bool) -> Iterator[Primitive]:
    return (Primitive(name, takes, gives, **facts) for name in names.split())


PRIMITIVES: dict[str, Primitive] = {
    row.name: row
    for row in (
        *_rows("lt le gt ge eq ne", "xx", "c"),
        *_rows("truth isnan", "x", "c"),
        *_rows("and_ or_", "cc", "c"),
        *_rows("not_", "c", "c"),
        *_rows("where", "cxx"),
        *_rows("add sub", "xx", infix=True),
        *_rows("mul", "xx", infix=True, underflows=True),
        *_rows("neg", "x", infix=True),
        *_rows("div", "xx", underflows=True),
        *_rows("copysign", "xx"),
        *_rows("max min", "x*"),
        *_rows("abs floor ceil trunc round sqrt", "x"),
        *_rows("pow atan2", "xx", in_c=True, underflows=True),
        *_rows("fmod hypot", "xx", in_c=True),
        *_rows("exp exp2 erfc", "x", in_c=True, underflows=True),
        *_rows("cbrt expm1 log log2 log10 log1p sin cos tan asin acos atan", "x", in_c=True),
        *_rows("sinh cosh tanh asinh acosh atanh erf", "x", in_c=True),
        *_rows("gamma", "x", underflows=True),
        *_rows("lgamma digamma", "x"),
        *_rows("polygamma", "xx", underflows=True),
    )
}

CONDITIONS = frozenset(row.name for row in PRIMITIVES.values() if row.gives == "c")
