"""The memory of an ascent along kinks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

FIRST = 1e-2  # the cost of a step, at the start


class Mixture(NamedTuple):
    """The memory: the weights of the pieces of the forks that the last step mixed, the largest that each input has
    been, the cost of a step, the part of the model's fall that the last one gained, and how many steps were taken for
    the last digits."""

    weights: Mapping[str, Sequence[float]] = {}
    sizes: Sequence[float] = ()
    shift: float = FIRST
    share: float = 0.0
    last: int = 0
