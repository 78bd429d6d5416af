"""The objective at one point: the output of a circuit as straight-line code, with exact slopes or differences."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from circuitcli.analysis.nonfinite import fault
from circuitcli.analysis.point import Point, find
from circuitcli.analysis.roughness import has_choices, has_edges, has_jumps, is_rough
from circuitcli.ascent.problem import Strides, Vector
from circuitcli.engine.floats import LEAST
from circuitcli.engine.python_source import PythonSource, function
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.engine.tracer import ExactRecorder, straight
from circuitcli.gates import over_rows
from circuitcli.graph import Graph

if TYPE_CHECKING:
    from circuitcli.analysis.derivatives import Hessian
    from circuitcli.analysis.likelihood import Likelihood
    from circuitcli.analysis.point_forks import PointForks
    from circuitcli.analysis.rounding import Noise
    from circuitcli.engine.native_point import NativePoint

MOST, LONGEST = 50, 25_000  # inputs, and inputs times nodes, of a circuit whose second derivatives are written out
LARGE = 2_000  # nodes, from which machine code takes less time to make than Python's text


class PointObjective:
    """The output of a circuit and its derivatives by the inputs `names`, as functions of a vector of these.

    `method` is "exact" for the backward pass, or "forward" or "central" for a numerical gradient with step `h`.
    """

    squares = None  # only rows have them
    curvature_error = 2.0**-50

    def __init__(
        self,
        graph: Graph,
        given: Mapping[str, float],
        names: Sequence[str],
        method: str = "exact",
        h: float = 1e-4,
    ) -> None:
        self.graph, self.given, self.names = graph, Point(graph, given).inputs, list(names)
        self.method, self.h = method, h
        self._wanted = [find(self.graph, name) for name in self.names]
        self._noise: tuple[Vector, float] | None = None  # of the last point at which it was asked

    def _program(self, wrt: Sequence[int]) -> TracedProgram:
        return straight(self.graph, self.names, [self.graph.output], wrt, ExactRecorder())

    @cached_property
    def _source(self) -> PythonSource:
        """The value and the derivatives as Python's text."""
        return PythonSource(self._program(self._climbed), self.names, self.given)

    @property
    def _climbed(self) -> list[int]:
        return self._wanted if self.method == "exact" else []

    @cached_property
    def _native(self) -> NativePoint | None:
        """The value, the derivatives, and those by all nodes that rounding moves, as machine code; None where that is
        not worth it."""
        if len(self.graph.nodes) < LARGE:
            return None
        from circuitcli.engine.native_point import NativePoint, is_quicker

        program = self._program([*self._climbed, *self._rounding.moving])
        return NativePoint(program, self.names, self.given) if is_quicker(program) else None

    @cached_property
    def _both(self) -> Callable[[Vector], tuple[float, Vector]]:
        if (native := self._native) is not None:
            end = 1 + len(self._climbed)

            def both(x: Vector) -> tuple[float, Vector]:
                value, *slopes = native(x, 0, end)
                return value, slopes

            return both
        value, *slopes = self._source.outputs
        lines = [*self._source.lines, f"return {value}, [{', '.join(slopes)}]"]
        return self._function("both", lines, self._source)

    @cached_property
    def _value(self) -> Callable[[Vector], float]:
        if (native := self._native) is not None:
            return lambda x: native(x, 0, 1)[0]
        source = PythonSource(self._program([]), self.names, self.given)
        return self._function("value", [*source.lines, f"return {source.outputs[0]}"], source)

    @cached_property
    def _rounding(self) -> Noise:
        from circuitcli.analysis.rounding import Noise

        return Noise(self.graph, self.names)

    @cached_property
    def _noise_at(self) -> Callable[[Mapping[str, float]], float]:
        found = self._rounding
        if (native := self._native) is not None:
            first = 1 + len(self._climbed)
            end = first + len(found.moving)
            found.slopes = lambda given: native([given[name] for name in self.names], first, end)
        return found.at

    def _function(self, name: str, lines: Sequence[str], source: PythonSource) -> Callable[[Vector], Any]:
        """A function of a vector, whose numbers the lines have as `x0`, `x1` and so on."""
        parameters = ", ".join(f"x{i}" for i in range(len(self.names)))
        found = function(f"{name}({parameters})", lines, source.known)
        return lambda x: found(*x)

    def value(self, x: Vector) -> float:
        """The value alone."""
        return self._value(x)

    def both(self, x: Vector) -> tuple[float, Vector]:
        """The value and the derivatives. Where parts of these leave the range of floats, the passes go another way."""
        if self.method == "exact":
            value, slopes = self._both(x)
            return (value, slopes) if math.isfinite(sum(slopes)) else self._at(self.point(x))
        from circuitcli.check.finite_difference import quotient

        value = self.value(x)
        return value, [quotient(partial(self._moved, x, i), u, self.method, self.h, value) for i, u in enumerate(x)]

    def _moved(self, x: Vector, i: int, u: float) -> float:
        """The value where one input is another."""
        return self.value([*x[:i], u, *x[i + 1 :]])

    def exact(self, x: Vector) -> tuple[float, Vector]:
        """The value and the derivatives of the backward pass, also where it is climbed by differences."""
        return self._at(self.point(x))

    def _at(self, point: Point) -> tuple[float, Vector]:
        gradient = point.gradient
        return point.value, [gradient[name] for name in self.names]

    def told(self, x: Vector) -> Vector:
        """The derivatives of the backward pass, in as many digits as it takes where float64 loses them; one that is not
        0, but below its range, is the least float."""
        from circuitcli.analysis.lost_digits import lost_digits

        point = self.point(x)
        found = dict(lost_digits(point).gradients)
        if point.underflowed:
            exact, _ = point.derivatives(point.needed)
            found |= {k: LEAST if exact[k] > 0.0 else -LEAST for k in point.underflowed if float(exact[k]) == 0.0}
        gradient = point.gradient
        return [found.get(k, gradient[name]) for k, name in zip(self._wanted, self.names, strict=True)]

    @property
    def cost(self) -> int:
        """The number of values that the derivatives of a point cost, beside its own."""
        return {"exact": 0, "forward": 1, "central": 2}[self.method] * len(self.names)

    def strides(self, step: float, sign: float) -> Strides:
        """Compile many steps of x + step·gradient to one function, for a circuit with an exact gradient. All numbers
        are those of `sign` times the circuit. The loop stops before a step that is not finite, gains too little or
        comes too high."""
        count = len(self.names)
        xs, ps, gs, ns = ([f"{letter}{i}" for i in range(count)] for letter in "xpgn")
        minus = "-" if sign < 0.0 else ""
        value, *slopes = [f"{minus}{text}" for text in self._source.outputs]
        lines = [
            "for k in range(n):",
            *(f"    {p} = {x}; {x} = {x} + {step!r} * {g}" for p, x, g in zip(ps, xs, gs, strict=True)),
            *(f"    {line}" for line in self._source.lines),
            f"    new = {value}",
            *(f"    {n} = {slope}" for n, slope in zip(ns, slopes, strict=True)),
            f"    all = {' + '.join(['new', *ns])}",
            "    if not (new - value >= least and new < most and all - all == 0.0):",
            f"        return k, value, [{', '.join(ps)}], [{', '.join(gs)}]",
            "    value = new",
            *(f"    {g} = {n}" for g, n in zip(gs, ns, strict=True)),
            f"return n, value, [{', '.join(xs)}], [{', '.join(gs)}]",
        ]
        return function(f"strides(n, least, most, value, {', '.join([*xs, *gs])})", lines, self._source.known)

    @property
    def options(self) -> dict[str, object]:
        """The way to the derivatives, as the record of an ascent shows it."""
        return {"difference": self.method, **({"h": self.h} if self.method != "exact" else {})}

    def point(self, x: Vector) -> Point:
        """Both passes at a point, over all nodes."""
        return Point(self.graph, self._all(x), self.names)

    def _all(self, x: Vector) -> dict[str, float]:
        """All inputs where those that move are at a point."""
        return {**self.given, **dict(zip(self.names, x, strict=True))}

    def noise(self, x: Vector) -> float:
        """By how much rounding may have moved the value."""
        if self._noise is None or self._noise[0] != x:
            self._noise = list(x), self._noise_at(self._all(x))
        return self._noise[1]

    def fault(self, x: Vector) -> str:
        """The node that went wrong at a point."""
        return fault(self.point(x))

    @property
    def likelihood(self) -> Likelihood:
        """A log-likelihood, as which every function at a point is taken."""
        from circuitcli.analysis.likelihood import Likelihood

        return Likelihood()

    @cached_property
    def stable(self) -> PointObjective | None:
        """Its twin with stable gates; None where it has them already."""
        if not has_edges(self.graph, self._wanted):
            return None
        from circuitcli.analysis.stable_forms import stable

        graph = stable(self.graph)
        return PointObjective(graph, self.given, self.names, self.method, self.h) if graph else None

    def kinked(self, x: Vector) -> bool:
        """Whether a gate stands at a kink there, and the slopes to the left and to the right differ."""
        point = self.point(x)
        if not any(point.kinks):
            return False
        from circuitcli.check import slopes

        return bool(slopes(point))

    @cached_property
    def curved(self) -> bool:
        """Whether it has second derivatives; an aggregate at a point has none, and differences are not trusted."""
        gathers = any(over_rows(node.gate, len(node.args)) for node in self.graph.nodes)
        return self.method == "exact" and not gathers

    @cached_property
    def rough(self) -> bool:
        """Whether there are kinks or jumps anywhere."""
        return is_rough(self.graph, self._wanted)

    @cached_property
    def jumps(self) -> bool:
        """Whether there are jumps anywhere."""
        return has_jumps(self.graph, self._wanted)

    def edged(self, x: Vector) -> bool:
        """Whether a gate stands at a kink or a jump there."""
        return any(self.point(x).kinks)

    def kink(self, x: Vector) -> str:
        """The expression of the first node at a kink there; empty where none is."""
        return self.point(x).first_kink()

    @cached_property
    def hessian(self) -> Callable[[Vector], list[Vector]] | None:
        """The second derivatives as straight-line code; None for a circuit where that would take long to write, and
        where it is climbed by differences."""
        if not self._short(len(self.graph.nodes)):
            return None
        from circuitcli.analysis.second_derivatives import second_derivatives

        return second_derivatives(self.graph, self.names, self.given)

    def _short(self, nodes: int) -> bool:
        count = len(self.names)
        return self.curved and count <= MOST and count * nodes <= LONGEST

    @cached_property
    def forked(self) -> PointForks | None:
        """Its choices; None where there are none, or too many to mix."""
        if self.method != "exact" or not has_choices(self.graph, self._wanted):
            return None
        from circuitcli.analysis.point_forks import PointForks

        found = PointForks(self.graph, self.names, self.given)
        return found if found.circuit.pieces and self._short(len(found.circuit.graph.nodes)) else None

    @cached_property
    def _hessian(self) -> Hessian:
        from circuitcli.analysis.derivatives import Hessian

        return Hessian(self.graph, self.names)

    def curvature(self, x: Vector) -> list[Vector]:
        """The second derivatives."""
        found = self._hessian.at(self.point(x)).numbers
        return [[float(found[a, b]) for b in self.names] for a in self.names]
