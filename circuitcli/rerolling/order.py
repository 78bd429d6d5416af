"""Statements in an order in which each stands behind those that it needs."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from circuitcli.rerolling.cycles import cycles
from circuitcli.rerolling.groups import Group, Statement
from circuitcli.rerolling.joined import joined


def in_order(groups: Sequence[Group], needs: Sequence[set[int]], shared: bool) -> list[Statement]:
    """Return the statements of the groups, each behind those that it `needs`, else by their places. Groups that need
    each other are turn by turn in loops that are `shared`; else the first of several statements is written one by
    one."""
    found: list[Statement] = []
    while groups:
        ready, groups = _ready(groups, needs)
        found += [statement for group in ready for statement in group.whole]
        if groups:
            groups = (shared and _joined(groups, needs)) or _split(groups)
    return found


def _joined(groups: Sequence[Group], needs: Sequence[set[int]]) -> list[Group]:
    """The groups, of which those that need each other are joined; nothing where none can be."""
    found, done = list[Group](), set[int]()
    for around in cycles(_missing(groups, needs)):
        more = joined([groups[g] for g in around], needs)
        found += more
        done |= {*around} if more else set()
    return [*found, *(group for g, group in enumerate(groups) if g not in done)] if found else []


def _split(groups: Sequence[Group]) -> list[Group]:
    """The groups, the first of several statements one by one."""
    first = min((group for group in groups if len(group.places) > 1), key=lambda group: min(group.places))
    alone = [Group([i], (one,), (one,)) for i, one in zip(first.places, first.single, strict=True)]
    return [*alone, *(group for group in groups if group is not first)]


def _missing(groups: Sequence[Group], needs: Sequence[set[int]]) -> list[set[int]]:
    """The other groups that each needs."""
    group_of = {i: g for g, group in enumerate(groups) for i in group.places}
    return [
        {group_of[a] for i in group.places for a in needs[i] if a in group_of} - {g} for g, group in enumerate(groups)
    ]


def _ready(groups: Sequence[Group], needs: Sequence[set[int]]) -> tuple[list[Group], list[Group]]:
    """The groups that need no others, or only those before them, and all others."""
    missing = _missing(groups, needs)
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
