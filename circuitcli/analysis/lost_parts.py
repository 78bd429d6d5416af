"""Values and parts of gradients that may have left the range of floats, told from those that are 0 for a reason."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.engine.floats import FLOATS, HUGE, NUDGE, TINY
from circuitcli.engine.passes import contributions
from circuitcli.gates import GATES, Gate
from circuitcli.graph import Graph

if TYPE_CHECKING:
    from circuitcli.carried import Real

LARGER = 2.0**500


class Part(NamedTuple):
    """A part of the gradient of node `i`, and how far it may be off."""

    i: int
    error: float


def lost_values(graph: Graph, values: Sequence[float]) -> list[int]:
    """The nodes whose value seems to have left the range of floats: infinite though all arguments are finite, or cut
    short. Some are just that, as log(1) is 0."""
    found = []
    for k, node in enumerate(graph.nodes):
        size = abs(values[k])
        if not TINY <= size < math.inf and node.args:
            xs = [values[a] for a in node.args]
            if is_cut_short(GATES[node.gate], size, xs) if size < TINY else all(map(math.isfinite, xs)):
                found.append(k)
    return found


def is_cut_short(gate: Gate, size: Real, xs: Sequence[Real]) -> bool:
    """Whether a result of a size may have lost digits below the range of floats: it is that small though no argument is
    0."""
    return size < TINY and 0.0 not in xs and not gate.exact and not gate.exact_when_tiny


def all_within(gradients: Iterable[float]) -> bool:
    """Whether no gradient is nan or near an end of the range of floats: then no part lost digits that are felt."""
    sizes = [*map(abs, gradients)]
    total = sum(sizes)
    return total <= HUGE and min(sizes, default=HUGE) >= _least(total)


def is_whole(graph: Graph, values: Sequence[float], gradients: Mapping[int, float]) -> bool:
    """Whether no gradient lost digits though some are 0: each of these is made of parts that are 0 for a reason, or
    that are not and cancel; all others are far from the ends of the range, and so is every value."""
    zeros = {k for k, g in gradients.items() if g == 0.0}
    if not all_within([g for g in gradients.values() if g != 0.0]) or lost_values(graph, values):
        return False
    everywhere = [True] * len(values)
    for k, g in gradients.items():
        if g != 0.0 and not zeros.isdisjoint(graph.nodes[k].args):
            zero = is_at_zero(graph, values, (), k)
            parts = contributions(graph, FLOATS, values, everywhere, k, g)
            if not all(_is_kept(g, c, zero) for i, c, _ in parts if i in zeros):
                return False
    return True


def _is_kept(g: float, c: float, zero: bool) -> bool:
    """Whether a part has all its digits: it is in the range of floats, and its slope is, or it is 0 for a reason."""
    return (TINY <= abs(c) <= HUGE and TINY * abs(g) <= abs(c)) or (c == 0.0 and zero)


def _least(total: float) -> float:
    """The size from which gradients that add up to a total are far from the lower end; none where that is nan."""
    return TINY * max(1.0, total) if total == total else math.inf


def lost_parts(
    graph: Graph,
    values: Sequence[float],
    needed: Sequence[bool],
    gradients: Mapping[int, float],
    moved: Collection[int],
) -> list[Part]:
    """The parts that seem to have left the range of floats, or of which the slope has."""
    least = _least(sum(map(abs, gradients.values())))
    odd = {i for i, g in gradients.items() if not least <= abs(g) <= HUGE}
    found = []
    for k, g in gradients.items():
        args = graph.nodes[k].args
        here = [a for a in args if a in odd]
        if not here or (g == 0.0 and all(gradients.get(a) == 0.0 for a in here)):
            continue
        zero = is_at_zero(graph, values, moved, k)
        for i, c, _ in contributions(graph, FLOATS, values, needed, k, g):
            if not _is_kept(g, c, zero):
                found.append(Part(i, _error(graph, values, needed, k, i, g, c)))
    return found


def _error(graph: Graph, values: Sequence[float], needed: Sequence[bool], k: int, i: int, g: float, c: float) -> float:
    """Bound the error of a part that left the range of floats, or came near its end. It is in proportion to the
    gradient, and of a much larger one nothing is lost on the way: g*o may be 0 where g*o/y is not."""
    if abs(c) > HUGE:
        return math.inf
    larger = contributions(graph, FLOATS, values, needed, k, g * LARGER) if abs(g) < 1.0 / LARGER else ()
    return NUDGE * (1.0 + abs(g)) + sum(abs(d / LARGER - c) for to, d, _ in larger if to == i)


def is_at_zero(graph: Graph, values: Sequence[float], moved: Collection[int], k: int) -> bool:
    """Whether a node or an argument of it is 0, and has not `moved` with what was lost: a reason for a slope of 0."""
    return math.isfinite(values[k]) and any(values[a] == 0.0 and a not in moved for a in (k, *graph.nodes[k].args))
