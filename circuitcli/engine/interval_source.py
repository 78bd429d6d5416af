"""The forward pass over boxes as Python source, for searches that look at thousands of them.

Sums and products are written out, with the two ends of an interval in two variables; all other gates are called. Where
an end is no number on the way, or a gate has no value for some inputs, the function returns None, and the pass itself
knows what there is: a comparison of no number is false. A nan stays one through whatever is written out here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from math import copysign, inf, nextafter

from circuitcli.engine.interval import Interval, interval
from circuitcli.engine.intervals import INTERVALS
from circuitcli.engine.python_source import function
from circuitcli.graph import CONSTANT, Graph, reached_from
from circuitcli.held_gates import HeldGate

Ends = Sequence[float]  # the lower end of the first input, its upper end, and so on
Found = list[Interval]


def over_boxes(
    graph: Graph, names: Sequence[str], given: Mapping[str, Interval], outputs: Sequence[int]
) -> Callable[..., Found | None]:
    """A function of the ends of the inputs `names`, which returns the bounds of some nodes; None where a bound is no
    number, or a gate may be outside its domain for some inputs. Other inputs are `given`."""
    source = _Source(graph, names, given, outputs)
    found = ", ".join(f"Interval(l{k}, h{k})" for k in outputs)
    numbers = " and ".join(f"l{k} == l{k} and h{k} == h{k}" for k in dict.fromkeys(outputs))
    lines = [*source.lines, f"return [{found}] if {numbers} else None"]
    places = [graph.inputs.get(name, f"_{i}") for i, name in enumerate(names)]  # some are not used
    heads = ", ".join(f"l{k}, h{k}" for k in places)
    return function(f"bounds({heads})", lines, source.known)


class _Source:
    """The lines: of node k the ends are `lk` and `hk`."""

    def __init__(
        self, graph: Graph, names: Sequence[str], given: Mapping[str, Interval], outputs: Sequence[int]
    ) -> None:
        self.known: dict[str, object] = {
            "Interval": Interval,
            "m": INTERVALS,
            "after": nextafter,
            "sign": copysign,
            "inf": inf,
        }
        self.lines: list[str] = []
        self._constants: dict[int, Interval] = {}
        self._sums: set[int] = set()  # and products: nodes with ends that may be no number
        reached = reached_from(graph.nodes, outputs)
        for k, (gate, args, text) in enumerate(graph.nodes):
            if not reached[k] or text in names:
                continue
            if not args:
                self._leaf(k, gate, text, graph, given)
            elif (written := getattr(self, gate, None)) is not None:
                written(k, *args)
                self._sums.add(k)
            else:
                self._call(k, gate, args)

    def _leaf(self, k: int, gate: str, text: str, graph: Graph, given: Mapping[str, Interval]) -> None:
        if gate == CONSTANT:
            x = INTERVALS.constant(text)
        elif text in given:
            x = given[text]
        else:
            x = _alone(graph, gate, text)
        self._constants[k] = x
        self.known[f"c{k}"] = x
        self.lines.append("return None" if x.partial else f"l{k}, h{k} = c{k}.lo, c{k}.hi")

    def _call(self, k: int, gate: str, args: Sequence[int]) -> None:
        name = f"_{k}" if isinstance(gate, HeldGate) else f"_{gate}"  # some are called as a word of Python
        self.known[name] = INTERVALS.gates[gate].forward
        given = [f"c{a}" if a in self._constants else f"Interval(l{a}, h{a})" for a in args]
        if unsure := " and ".join(f"l{a} <= h{a}" for a in dict.fromkeys(args) if a in self._sums):
            self.lines.append(f"if not ({unsure}): return None")
        self.lines.append(f"v = {name}({', '.join(['m', *given])})")
        self.lines.append("if v.partial: return None")
        self.lines.append(f"l{k}, h{k} = v.lo + 0.0, v.hi + 0.0")  # 0 without a sign

    # gates that are written out

    def neg(self, k: int, x: int) -> None:
        """-x."""
        self.lines.append(f"l{k}, h{k} = 0.0 - h{x}, 0.0 - l{x}")

    def add(self, k: int, x: int, y: int) -> None:
        """x + y, whose error tells whether to round."""
        self._sum(k, (f"l{x}", f"l{y}"), (f"h{x}", f"h{y}"))

    def sub(self, k: int, x: int, y: int) -> None:
        """x - y: the sum with -y."""
        self._sum(k, (f"l{x}", f"-h{y}"), (f"h{x}", f"-l{y}"))

    def _sum(self, k: int, low: tuple[str, str], high: tuple[str, str]) -> None:
        for end, (x, y), right, beyond in (("l", low, ">=", "-inf"), ("h", high, "<=", "inf")):
            self.lines += [
                f"s = {x} + {y}; t = s - {x}; e = ({x} - (s - t)) + ({y} - t)",
                f"{end}{k} = s if e {right} 0.0 else after(s, {beyond})",
            ]

    def mul(self, k: int, x: int, y: int) -> None:
        """x * y, by the signs of its ends."""
        if x == y:
            self.square(k, x)
            return
        for one, other in ((x, y), (y, x)):
            known = self._constants.get(one)
            if known is not None and known.lo == known.hi and math.isfinite(known.lo):
                self._times(k, other, known.lo)
                return
        a, b, c, d = f"l{x}", f"h{x}", f"l{y}", f"h{y}"
        self.lines += [
            f"if {a} >= 0.0: p, q = ({a} if {c} >= 0.0 else {b}) * {c}, ({b} if {d} >= 0.0 else {a}) * {d}",
            f"elif {b} <= 0.0: p, q = ({a} if {d} >= 0.0 else {b}) * {d}, ({b} if {c} >= 0.0 else {a}) * {c}",
            f"elif {c} >= 0.0: p, q = {a} * {d}, {b} * {d}",
            f"elif {d} <= 0.0: p, q = {b} * {c}, {a} * {c}",
            "else:",
            f"    s, t = {a} * {d}, {b} * {c}",
            "    p = s if s < t else t if s >= t else s + t",
            f"    s, t = {a} * {c}, {b} * {d}",
            "    q = s if s > t else t if s <= t else s + t",
        ]
        self._outward(k)

    def square(self, k: int, x: int) -> None:
        """x * x, which is not below 0."""
        a, b = f"l{x}", f"h{x}"
        self.lines += [
            f"if {a} >= 0.0: p, q = {a} * {a}, {b} * {b}",
            f"elif {b} <= 0.0: p, q = {b} * {b}, {a} * {a}",
            f"else: p, q = (0.0 if {a} < 0.0 < {b} else {a} + {b}), ({a} * {a} if -{a} > {b} else {b} * {b})",
        ]
        self._outward(k)

    def pow(self, k: int, x: int, y: int) -> None:
        """x to the power of y; a square is written out."""
        if self._constants.get(y) == interval(2.0):
            self.square(k, x)
        else:
            self._call(k, "pow", (x, y))

    def _times(self, k: int, x: int, c: float) -> None:
        """A number times x."""
        low, high = ("l", "h") if c >= 0.0 else ("h", "l")
        self.lines.append(f"p, q = {c!r} * {low}{x}, {c!r} * {high}{x}")
        self._outward(k)

    def _outward(self, k: int) -> None:
        """The ends of a product, rounded. A lower one of +0 is right, even for a positive number that fell below the
        range of floats; so is an upper one of -0."""
        self.lines += [
            f"l{k} = after(p, -inf) if p or sign(1.0, p) < 0.0 else 0.0",
            f"h{k} = after(q, inf) if q or sign(1.0, q) > 0.0 else 0.0",
        ]


def _alone(graph: Graph, gate: str, text: str) -> Interval:
    """The value of an input with a default, or of a gate without arguments."""
    from circuitcli.engine.passes import forward

    if (default := graph.defaults.get(text)) is None:
        return interval(INTERVALS.gates[gate].forward(INTERVALS))
    return interval(forward(default, INTERVALS, {}, INTERVALS.gates)[default.output])
