"""Statements in an order in which each stands behind those that it needs."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from circuitcli.rerolling.trees import Form, Range, Tree


class Statement(NamedTuple):
    """A tree under a name, perhaps that of an element, for each turn of loops, outermost first. The name is "" where
    nobody named a statement; that of a `part` is a free one. `nodes` are those of the turns."""

    name: str
    indices: tuple[Form, ...]
    loops: tuple[Range, ...]
    tree: Tree
    part: bool = False
    nodes: tuple[int, ...] = ()


class Group(NamedTuple):
    """The places of what a statement says among all that is asked, the statement, and what it says one by one."""

    places: Sequence[int]
    whole: Statement
    single: Sequence[Statement]


def in_order(groups: Sequence[Group], needs: Sequence[set[int]]) -> list[Statement]:
    """Return the statements of the groups, each behind those that it `needs`, else by their places. Where groups need
    each other, the first of several statements is written one by one."""
    found: list[Statement] = []
    while groups:
        ready, groups = _ready(groups, needs)
        found += [group.whole for group in ready]
        if groups:
            first = min((group for group in groups if len(group.places) > 1), key=lambda group: min(group.places))
            alone = [Group([i], one, [one]) for i, one in zip(first.places, first.single, strict=True)]
            groups = [*alone, *(group for group in groups if group is not first)]
    return found


def _ready(groups: Sequence[Group], needs: Sequence[set[int]]) -> tuple[list[Group], list[Group]]:
    """The groups that need no others, or only those before them, and all others."""
    group_of = {i: g for g, group in enumerate(groups) for i in group.places}
    missing = [
        {group_of[a] for i in group.places for a in needs[i] if a in group_of} - {g} for g, group in enumerate(groups)
    ]
    users: list[list[int]] = [[] for _ in groups]
    for g, others in enumerate(missing):
        for a in others:
            users[a].append(g)
    heap = [(min(group.places), g) for g, group in enumerate(groups) if not missing[g]]
    heapify(heap)
    order = []
    while heap:
        _, g = heappop(heap)
        order.append(g)
        for user in users[g]:
            missing[user].discard(g)
            if not missing[user]:
                heappush(heap, (min(groups[user].places), user))
    done = set(order)
    return [groups[g] for g in order], [group for g, group in enumerate(groups) if g not in done]
