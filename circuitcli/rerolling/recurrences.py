"""Shared parts of equal form that go on from each other, as the elements of families."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence

from circuitcli.rerolling.cycles import cycles
from circuitcli.rerolling.forest import Forest, form
from circuitcli.rerolling.periods import repeated
from circuitcli.rerolling.trees import Chain, Element, Form, Leaf, Reference, Tree, Use, Whole, wholes

Indices = tuple[int, ...]
FEWEST = 3  # elements
MANY = 8  # steps that nest in each other
LONGEST = 12  # nodes of such a step


def nested(forest: Forest, operation: Callable[[int], str], tall: Collection[int]) -> set[int]:
    """Return the nodes of a forest that nest in each other again and again, in trees that would grow with the number of
    steps; `tall` are the parts that are no more than pieces of such trees."""
    found: set[int] = set()
    for root in forest.roots:
        if root in tall:
            continue
        spine = forest.spine(root, tall)
        keys = [operation(k) for k in spine]
        first = 0
        while first + 2 * MANY < len(spine):
            lengths = ((width, repeated(keys, first, width)) for width in range(1, LONGEST + 1))
            width, length = next(((w, length) for w, length in lengths if length >= MANY * w), (1, 1))
            if length > 1:
                found |= {*spine[first : first + length : width]} - {root}
            first += length
    return found


def light_ones(forest: Forest, parts: Collection[int]) -> set[int]:
    """Return those `parts` of a forest that are no more than a sum or a product with an element, and the only ones of
    their form: a term that a loop and something else share."""
    light = [k for k in parts if _is_light(forest.roots[k])]
    if not light:
        return set()
    forms = forest.forms()
    often = Counter(forms.values())
    return {k for k in light if often[forms[k]] == 1}


def _is_light(tree: Tree) -> bool:
    match tree:
        case Chain(_, (Element() | Leaf() | Whole() as x, Element() | Leaf() | Whole() as y)):
            return isinstance(x, Element) or isinstance(y, Element)
    return False


def recurrences(
    forest: Forest, parts: Collection[int], asked: Mapping[int, Indices], free: Iterator[str]
) -> dict[int, Element]:
    """Return elements for those `parts` of a forest that need others of their form, directly or by way of other such
    parts, so that a recurrence is one statement in loops. `asked` has the indices of those that are asked for under the
    name of an element, and `free` yields names for the families."""
    classes: dict[Hashable, list[int]] = {}
    alike: Mapping[int, int] = defaultdict(int)
    for k in sorted(parts):
        classes.setdefault(form(forest.roots[k], alike), []).append(k)
    number = {k: c for c, members in enumerate(classes.values()) for k in members}
    needs: list[set[int]] = [set() for _ in classes]
    for k, c in number.items():
        needs[c] |= {number[a] for a in forest.used[k] if a in number}
    found: dict[int, Element] = {}
    for around in cycles(needs):
        for members in _linked({k for c in around for k in number if number[k] == c}, forest):
            rows = [[k for k in members if number[k] == c] for c in around]
            indices = _Indices(forest, members, asked).of([row for row in rows if len(row) >= FEWEST])
            for row in rows:
                if row and row[0] in indices:
                    stem = next(free)
                    found |= {k: Element(stem, tuple(map(Form, indices[k]))) for k in row}
    return found


def _linked(members: Collection[int], forest: Forest) -> Iterator[list[int]]:
    """Yield those of the members that need each other, without those that stand alone: all of them where as many stand
    on each step, else each connected set."""
    needs = {k: forest.used[k] & {*members} for k in members}
    needed = {a for others in needs.values() for a in others}
    linked = sorted(k for k in members if needs[k] or k in needed)
    if not linked or _even(linked, linked, forest):
        yield linked
        return
    sets: dict[int, set[int]] = {}
    for k in linked:
        whole = {k}.union(*({id(s): s for a in needs[k] if (s := sets[a])}.values()))
        sets |= dict.fromkeys(whole, whole)
    for whole in {id(s): s for s in sets.values()}.values():
        yield sorted(whole)


def _even(own: Sequence[int], members: Collection[int], forest: Forest) -> list[list[int]]:
    """The steps on which elements stand, where there are as many on each, else nothing."""
    steps: dict[int, list[int]] = {}
    height: dict[int, int] = {}
    mine, inside = {*own}, {*members}
    for k in sorted(inside):
        height[k] = max((height[a] + (a in mine) for a in forest.used[k] & inside), default=0)
        if k in mine:
            steps.setdefault(height[k], []).append(k)
    return [*steps.values()] if len({*map(len, steps.values())}) == 1 else []


class _Indices:
    """The indices of members that become elements: they run with an index in their trees, often down."""

    def __init__(self, forest: Forest, members: Sequence[int], asked: Mapping[int, Indices]) -> None:
        self._forest, self._members, self._known = forest, {*members}, dict(asked)

    def of(self, rows: Sequence[Sequence[int]]) -> dict[int, Indices]:
        """Return the indices of the elements of each row: their step and their place on it where as many stand on each,
        else their number."""
        found: dict[int, Indices] = {}
        waiting = [*rows]
        while waiting:
            ready = next((row for row in waiting if self._row(row, True)), waiting[0])
            indices = self._row(ready, True) or self._row(ready, False)
            found |= indices
            self._known = {**indices, **self._known}
            waiting.remove(ready)
        return found

    def _row(self, row: Sequence[int], runs: bool) -> dict[int, Indices]:
        """The indices of a row; none where an index has to run and does not."""
        steps = _even(row, self._members, self._forest)
        numbers = self._running(row)
        if numbers or len(steps) in (0, 1, len(row)):
            return {k: (i,) for k, i in zip(row, numbers or range(0 if runs else len(row)), strict=False)}
        first, last = [step[0] for step in steps], steps[-1]
        numbers = self._running(first) or range(0 if runs else len(first))
        places = self._running(last) or range(len(last))
        return {k: (i, j) for i, step in zip(numbers, steps, strict=False) for j, k in zip(places, step, strict=True)}

    def _running(self, row: Sequence[int]) -> Sequence[int]:
        """The numbers through which an index in the trees runs, up or down by 1; the first tree may be unlike."""
        for column in zip(*(self._wholes(Reference(k)) for k in row[1 - len(row) :]), strict=False):
            by = column[-1] - column[0]
            for step in (1, -1):
                first = column[-1] - step * (len(row) - 1)
                numbers = range(first, column[-1] + step, step)
                if (by > 0) == (step > 0) and min(first, column[-1]) >= 0 and [*numbers[1:]] == [*column]:
                    return numbers
        return ()

    def _wholes(self, tree: Tree, deepest: int = 4) -> Iterator[int]:
        """Yield the indices of a tree and the whole numbers in it and in those that it refers to, but for members."""
        match tree:
            case Reference(k):
                yield from self._known.get(k, ())
                if deepest == 4 or (deepest and k not in self._members):
                    yield from self._wholes(self._forest.roots[k], deepest - 1)
            case Use(_, parts) | Chain(_, parts):
                for part in parts:
                    yield from self._wholes(part, deepest)
            case _:
                yield from wholes(tree)
