"""The arithmetic of text: a wire carries the formula it was computed by.

The derivative of each gate, as the table of gates prints it, is the gate's own backward rule run on this arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from circuitcli.gates import GATES, Only
from circuitcli.notation import ATOM, SUM, Text, write


class Formula:
    """A piece of text that can be added, multiplied and compared; a number in it reads as people write it."""

    def __init__(self, text: Text) -> None:
        self.written = text

    def __str__(self) -> str:
        return self.written.text

    def _with(self, gate: str, *others: Any) -> Formula:
        return Formula(write(gate, [_formula(x).written for x in (self, *others)]))

    def __add__(self, other: Any) -> Formula:
        return self if _is(other, 0.0) else self._with("add", other)

    def __radd__(self, other: Any) -> Formula:
        return _formula(other) + self

    def __sub__(self, other: Any) -> Formula:
        return self._with("sub", other)

    def __rsub__(self, other: Any) -> Formula:
        return _formula(other) - self

    def __mul__(self, other: Any) -> Formula:
        if _is(self, 1.0) or _is(other, 1.0):
            return _formula(other) if _is(self, 1.0) else self
        return self._with("mul", other)

    def __rmul__(self, other: Any) -> Formula:
        return _formula(other) * self

    def __neg__(self) -> Formula:
        return self._with("neg")


class Formulas:
    """The `m` of the rules: any function that a rule names is written as a call of it."""

    def __getattr__(self, name: str) -> Callable[..., Formula]:
        return lambda first, *rest: _formula(first)._with(name, *rest)

    pi = Formula(Text("pi"))

    def constant(self, text: str) -> Formula:
        return Formula(Text(text))

    def eq(self, x: Any, y: Any) -> Formula:
        return Formula(write("eq", [_formula(x).written, _formula(y).written]))

    def isnan(self, x: Any) -> Formula:
        return _formula(x)._with("isnan")

    def truth(self, x: Any) -> Formula:
        return _formula(x)

    def lowered(self, o: Any, x: Any, y: Any) -> Formula:
        return self.pow(x, y - 1.0)

    def ties(self, o: Any, *xs: Any) -> Formula:
        return _formula(xs[0])._with("ties", *xs[1:])

    def and_(self, a: Any, b: Any) -> Formula:
        return _formula(a)._with("and", b)

    def or_(self, a: Any, b: Any) -> Formula:
        return _formula(a)._with("or", b)

    def not_(self, a: Any) -> Formula:
        return _formula(a)._with("not")


def _formula(x: Any) -> Formula:
    if isinstance(x, Formula):
        return x
    return Formula(Text(f"{x:.15g}"))


def _is(x: Any, number: float) -> bool:
    return x == number if isinstance(x, float) else isinstance(x, Formula) and str(x) == f"{number:g}"


FORMULAS = Formulas()


def derivatives(name: str) -> list[tuple[str, str]]:
    """For each argument of a gate its name and the derivative by it: "none" where there is no edge."""
    gate = GATES[name]
    xs = [Formula(Text(n)) for n in gate.names[: 2 if gate.many else len(gate.rules)]]
    o = _formula(xs[0])._with(name, *xs[1:])
    found = []
    for x, rule in zip(xs, gate.vjps(len(xs)), strict=True):
        if rule is None:
            found.append((str(x), "none"))
            continue
        slope = rule(FORMULAS, _formula(1.0), o, *xs)
        if isinstance(slope, Only):
            found.append((str(x), f"{_formula(slope.g)} where {slope.cond}"))
        else:
            found.append((str(x), str(_formula(slope))))
    return found


def kink_at(name: str, operands: Sequence[str] = ()) -> str:
    """Where a gate has a kink, in terms of its arguments; nothing where it has none."""
    gate = GATES[name]
    if gate.kink is None:
        return ""
    names = operands or gate.names[: 2 if gate.many else len(gate.rules)]
    xs = [Formula(Text(n, ATOM if n.isidentifier() else SUM)) for n in names]
    o = xs[0]._with(name, *xs[1:])
    return str(gate.kink(FORMULAS, o, *xs)).replace("==", "=")
