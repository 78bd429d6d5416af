"""The rules of gates, as types."""

from __future__ import annotations

from typing import Any, Protocol

from circuitcli.arithmetic import Arithmetic
from circuitcli.wire_types import C, W


class Forward(Protocol):
    """forward(m, *xs) -> the output."""

    def __call__(self, m: Arithmetic[W, C], /, *xs: Any, **_: Any) -> W: ...


class Vjp(Protocol):
    """rule(m, g, o, *xs) -> the cotangent of one argument, a wire or Only; of a gate of any number of arguments the
    list of those of all."""

    def __call__(self, m: Arithmetic[W, C], /, *xs: Any, **_: Any) -> Any: ...


class Kink(Protocol):
    """kink(m, o, *xs) -> the condition under which the gate stands at a kink."""

    def __call__(self, m: Arithmetic[W, C], /, *xs: Any, **_: Any) -> C: ...


class SmoothPiece(Protocol):
    """piece(m, o, *xs) -> a mark that all points of one smooth piece share."""

    def __call__(self, m: Arithmetic[W, C], /, *xs: Any, **_: Any) -> object: ...
