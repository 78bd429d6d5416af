"""The cycles of a graph whose points are numbered."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def cycles(needs: Sequence[Collection[int]]) -> list[list[int]]:
    """Return the points that need each other, all of a cycle together and sorted; one alone where it needs itself."""
    users: list[list[int]] = [[] for _ in needs]
    for i, others in enumerate(needs):
        for a in others:
            users[a].append(i)
    ended: list[int] = []
    seen = [False] * len(needs)
    for i in range(len(needs)):
        _walk(i, needs, seen, ended)
    found = []
    seen = [False] * len(needs)
    for i in reversed(ended):
        around: list[int] = []
        _walk(i, users, seen, around)
        if len(around) > 1 or (around and i in needs[i]):
            found.append(sorted(around))
    return found


def _walk(start: int, after: Sequence[Collection[int]], seen: list[bool], ended: list[int]) -> None:
    """Append the points that are reached for the first time to those that have `ended`, each behind those after it."""
    waiting = [(start, False)]
    while waiting:
        i, done = waiting.pop()
        if done:
            ended.append(i)
        elif not seen[i]:
            seen[i] = True
            waiting.append((i, True))
            waiting += [(a, False) for a in after[i] if not seen[a]]
