"""The functions of one number in arithmetics of intervals: where each turns, where it is defined, and what it exceeds
nowhere. Between turns a function is largest and smallest at the ends of an interval."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any, NamedTuple

from circuitcli.engine.inherited_gates import InheritedGates
from circuitcli.wire_types import C, W


class Turning(NamedTuple):
    """A function that is defined from `least` to `most`, has values from `floor` to `top`, and turns at some places."""

    name: str
    turns: tuple[float, ...]
    least: float
    most: float
    floor: float
    top: float


def _turning(
    name: str, *turns: float, least: float = -inf, most: float = inf, floor: float = -inf, top: float = inf
) -> Callable[[TurningGates[W, C], Any], W]:
    form = Turning(name, turns, least, most, floor, top)

    def function(self: TurningGates[W, C], x: Any) -> W:
        return self.turned(form, x)

    return function


def _wave(name: str, highest: float) -> Callable[[TurningGates[W, C], Any], W]:
    def wave(self: TurningGates[W, C], x: Any) -> W:
        return self.waved(name, highest, x)

    return wave


class TurningGates(InheritedGates[W, C]):
    """The gates of an arithmetic that has bounds of a function that turns, and of a sine."""

    def turned(self, form: Turning, x: Any) -> W:
        """Bounds of a function that turns at some places."""
        raise NotImplementedError

    def waved(self, name: str, highest: float, x: Any) -> W:
        """Bounds of a sine, which is highest at so many quarters of a turn."""
        raise NotImplementedError

    floor, ceil = _turning("floor"), _turning("ceil")
    trunc, round = _turning("trunc"), _turning("round")
    cbrt = _turning("cbrt")
    exp, exp2, expm1 = _turning("exp", floor=0.0), _turning("exp2", floor=0.0), _turning("expm1", floor=-1.0)
    log, log2, log10 = _turning("log", least=0.0), _turning("log2", least=0.0), _turning("log10", least=0.0)
    log1p = _turning("log1p", least=-1.0)
    sin, cos = _wave("sin", 1.0), _wave("cos", 0.0)
    asin, acos = _turning("asin", least=-1.0, most=1.0), _turning("acos", least=-1.0, most=1.0, floor=0.0)
    atan = _turning("atan")
    sinh, cosh = _turning("sinh"), _turning("cosh", 0.0, floor=1.0)
    tanh = _turning("tanh", floor=-1.0, top=1.0)
    asinh, acosh = _turning("asinh"), _turning("acosh", least=1.0, floor=0.0)
    atanh = _turning("atanh", least=-1.0, most=1.0)
    erf, erfc = _turning("erf", floor=-1.0, top=1.0), _turning("erfc", floor=0.0, top=2.0)
    gauss = _turning("gauss", 0.0, floor=0.0, top=1.0)  # type: ignore[assignment]  # here and below: whose x has a name
    normcdf = _turning("normcdf", floor=0.0, top=1.0)  # type: ignore[assignment]
    normpdf = _turning("normpdf", 0.0, floor=0.0)  # type: ignore[assignment]
    sigmoid, logisticpdf = _turning("sigmoid", floor=0.0, top=1.0), _turning("logisticpdf", 0.0, floor=0.0, top=0.25)
    softplus, logsigmoid = _turning("softplus", floor=0.0), _turning("logsigmoid", top=0.0)
    silu = _turning("silu", -1.2784645427610738)  # next to where it turns it is level
    gelu = _turning("gelu", -0.7517915246935645)  # type: ignore[assignment]
    cosquare = _turning("cosquare", 0.0, top=1.0)
    relu, elu, leaky_relu = _turning("relu"), _turning("elu", floor=-1.0), _turning("leaky_relu")
    sign = _turning("sign")
