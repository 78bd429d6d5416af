"""A function that is taken for a log-likelihood."""

from __future__ import annotations

from typing import NamedTuple


class Likelihood(NamedTuple):
    """A function read as a log-likelihood, or as minus one. It times `weight` is one; `chi_square`: it is minus
    twice a log-likelihood."""

    weight: float = 1.0
    chi_square: bool = False
