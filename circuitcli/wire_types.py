"""The types of what flows through the wires: of a value, of a condition, and of an edge that exists under one."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:  # no start needs them
    from circuitcli.carried import Carried, Real

W = TypeVar("W", bound="Carried")  # a value on a wire
C = TypeVar("C")  # a condition; True and False themselves, told by identity, are known before the circuit runs
R = TypeVar("R", bound="Real")  # a number on a wire


class Maybe(Enum):
    """A condition that some inputs of a box may meet, and others not. It counts as true, as a kink that may be one
    does. Two of them are one object, and yet need not be one condition."""

    MAYBE = "maybe"


MAYBE = Maybe.MAYBE


class Only(Generic[W, C]):
    """A cotangent `g` along an edge that exists where `cond` holds."""

    __slots__ = ("cond", "g")

    def __init__(self, cond: C, g: W) -> None:
        self.cond, self.g = cond, g
