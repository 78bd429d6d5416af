"""The numbers of a circuit of floats as they are in more and more digits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from circuitcli.analysis.unbounded import Boundless
from circuitcli.engine.passes import forward
from circuitcli.graph import Graph

if TYPE_CHECKING:
    from circuitcli.carried import Real

K = TypeVar("K")
ATTEMPTS = (40, 700, 1500, 2400)  # decimal digits; the range of floats is 632 wide: below it two may agree on noise
AGREED = 1e-20  # relative


def in_more_digits(graph: Graph, inputs: Mapping[str, float], wanted: Collection[int]) -> dict[int, Real]:
    """Evaluate some nodes until their digits are settled."""

    def attempt(m: Boundless) -> dict[int, Real]:
        values = forward(graph, m, {name: m.number(x) for name, x in inputs.items()})
        return {k: values[k] for k in wanted}

    return settled(attempt)


def settled(attempt: Callable[[Boundless], dict[K, Real]], attempts: Sequence[int] = ATTEMPTS) -> dict[K, Real]:
    """Compute some numbers until two attempts agree (Ziv 1991). What no attempt tells from 0 is 0."""
    found: dict[K, Real] = {}
    for digits in attempts:
        before, found = found, attempt(Boundless(digits))
        moving = [k for k in found if k not in before or not _agree(before[k], found[k])]
        if not moving:
            break
    return {k: x * 0 if k in moving else x for k, x in found.items()}


def _agree(before: Real, now: Real) -> bool:
    """Whether two attempts settle a number; a difference may be 0 because all its digits cancelled."""
    return now != now or bool(abs(before - now) <= AGREED * abs(now) != 0) or before == now != 0
