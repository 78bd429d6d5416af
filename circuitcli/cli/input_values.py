"""The values of inputs, as they are typed behind a dash: each a constant circuit, and perhaps uncertain."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.engine.floats import DENSE, FLOATS, TINY
from circuitcli.engine.passes import forward
from circuitcli.errors import ExpressionError, InputError
from circuitcli.graph import CONSTANT, Graph, Node

if TYPE_CHECKING:
    from circuitcli.engine.interval import Interval
    from circuitcli.engine.intervals import Intervals

PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
RANGE = re.compile(r"(?!.*[±,;]).*[^.]\.\.[^.].*")


class Value(NamedTuple):
    """A constant circuit, which any arithmetic can evaluate, and the standard uncertainty of its number; or, with
    another circuit `upper`, all numbers between both."""

    graph: Graph
    sigma: float = 0.0
    upper: Graph | None = None

    @property
    def number(self) -> float:
        """The value as a float."""
        result: float = forward(self.graph, FLOATS, {})[self.graph.output]
        return result

    @property
    def interval(self) -> Interval:
        """All numbers that the value may be: what is written as a decimal is no float."""
        from circuitcli.engine.intervals import INTERVALS

        return self.within(INTERVALS)

    def within(self, m: Intervals) -> Interval:
        """All numbers that the value may be, with the ends of an arithmetic of intervals."""
        low: Interval = forward(self.graph, m, {}, m.gates)[self.graph.output]
        return low if self.upper is None else low.hull(forward(self.upper, m, {}, m.gates)[self.upper.output])


class Inputs(NamedTuple):
    """Values by name; of an earlier result also the covariances by pairs, and the inputs that it kept fixed."""

    values: dict[str, Value]
    covariance: dict[tuple[str, str], float]
    fixed: Collection[str] = ()


def typed(sets: Sequence[str], ranges: bool = False) -> dict[str, Value]:
    """The inputs of the command line, which may be `ranges`. Raises InputError for an input that is set twice, or to no
    number."""
    from circuitcli.language import canonical

    found: dict[str, Value] = {}
    for assignment in sets:
        name, _, text = assignment.partition("=")
        name = canonical(name)
        if name in found:
            raise InputError(f"{name} is set twice", f"keep one of the -{name}")
        found[name] = range_of(name, text) if ranges and RANGE.fullmatch(text) else value(name, text)
    return found


def range_of(name: str, text: str) -> Value:
    """The value of an input that is all numbers between two: 1..2."""
    first, *between, last = text.split("..")
    if between:
        raise InputError(f"the range of {name} has {2 + len(between)} ends: {text}", f"write -{name} {first}..{last}")
    low, high = _constant(name, first), _constant(name, last)
    if not Value(low).number <= Value(high).number:
        ends = [end.strip() for end in text.split("..")]
        raise InputError(f"the range of {name} is empty: {text}", f"write -{name} {ends[1]}..{ends[0]}")
    if not (isfinite(Value(low).number) and isfinite(Value(high).number)):
        numbers = [Value(end).number for end in (low, high)]
        ends = [f"{x:.10g}" if isfinite(x) else "-1e6" if x < 0.0 else "1e6" for x in numbers]
        raise InputError(f"the range of {name} is not finite: {text}", f"write for example -{name} {'..'.join(ends)}")
    return Value(low, upper=high)


def value(name: str, text: str) -> Value:
    """The value of an input: a number or an expression of constants such as pi/4, perhaps with its standard
    uncertainty."""
    if PLAIN.fullmatch(text.strip()):
        return Value(_constant(name, text))
    from circuitcli.cli.uncertain_numbers import read_uncertain  # which a plain number does not need

    parts = read_uncertain(name, text)
    if parts is None:
        return Value(_constant(name, text))
    plain = Value(_constant(name, parts.value))
    sigma = Value(_constant(f"the uncertainty of {name}", parts.sigma)).number
    if parts.percent:
        sigma *= abs(plain.number) / 100.0
    if not 0.0 <= sigma < float("inf"):
        must = "must be finite" if sigma == float("inf") else "must be 0 or more"
        hint = f"write -{name} {parts.value}±0.1 or {parts.value}±1%"
        if sigma < 0.0:
            hint = f"write -{name} {parts.value}±{parts.sigma.strip().removeprefix('-')}{'%' * parts.percent}"
        raise InputError(f"the uncertainty of {name} {must}: {text}", hint)
    if sigma == 0.0 and re.search("[1-9]", re.split("[eE]", parts.sigma)[0]):
        why = f"{parts.sigma}% of 0" if parts.percent else f"{parts.sigma} is smaller than the numbers of float64 go"
        raise InputError(f"the uncertainty of {name} would be none: {why}", f"write -{name} 12±0.1, in other units")
    return plain._replace(sigma=sigma)


def changed(values: Mapping[str, Value]) -> list[str]:
    """Tell of values that float64 cannot hold: below its range, or whole numbers of more digits than it has."""
    odd = [name for name, value in values.items() if not TINY <= abs(value.number) < DENSE]
    if not odd:
        return []
    from circuitcli.analysis.nonfinite import beyond_range
    from circuitcli.analysis.point import Point

    reasons = {name: beyond_range(Point(values[name].graph, {})) for name in odd}
    return [f"{name}: {why}" for name, why in reasons.items() if why]


def _constant(name: str, text: str) -> Graph:
    """The circuit of a text without inputs."""
    if PLAIN.fullmatch(text.strip()):
        return Graph([Node(CONSTANT, (), text.strip())], 0)
    from circuitcli.language import graph_of, parse

    what = name if " " in name else f"the value of {name}"
    if not text.strip():
        raise InputError(f"{what} is empty", f"write -{name.split()[-1]} VALUE")
    try:
        graph = graph_of(parse(text))
    except ExpressionError as error:
        from circuitcli.cli.value_hints import hint_on_value

        hint = hint_on_value(name.split()[-1], text, error.hint)
        raise InputError(f"{what} is no number: {text}", hint) from None
    if graph.inputs:
        from circuitcli.cli.value_hints import hint_on_names

        raise InputError(f"{what} is no number: {text}", hint_on_names(name, text, graph.inputs))
    return graph
