"""Statements that need each other, turn by turn in loops that they share."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from circuitcli.rerolling.cycles import cycles
from circuitcli.rerolling.groups import Group, Statement
from circuitcli.rerolling.progressions import nest
from circuitcli.rerolling.trees import Element, Gathered, Tree, Use, going, kind, outermost, wholes

SMALL = 4  # times as many places has the largest of groups


class _Share(NamedTuple):
    """A group's part of a turn of the shared loops: its places, and its statements as a tree in loops of its own."""

    places: Sequence[int]
    tree: Tree


def joined(groups: Sequence[Group], needs: Sequence[set[int]]) -> list[Group]:
    """Return groups that `need` each other as one, and what is left over of them one by one; nothing where no loops
    have them turn by turn."""
    many, few = _without_odd_ones(groups, needs)
    count = min((len(group.places) for group in many), default=0)
    for from_end in (True, False):  # the first turn is often unlike the others, or the last one
        cut, over = list[Group](), list[Group]()
        for group in many:
            spare = len(group.places) % count if count else 0
            first = spare if from_end else 0
            here, rest = _parted(group, {*group.places[first : first + len(group.places) - spare]})
            cut.append(here)
            over += rest
        whole = _together(cut, count, needs) if count > 1 else None
        if whole is not None:
            return [whole, *over, *few]
    return []


def _without_odd_ones(groups: Sequence[Group], needs: Sequence[set[int]]) -> tuple[list[Group], list[Group]]:
    """The groups without what stands before or behind the turns: the small ones, and what these need or what needs
    them, whichever is less; and all that one by one."""
    most = max(len(group.places) for group in groups)
    small = [group for group in groups if len(group.places) * SMALL <= most]
    inside = {i for group in groups for i in group.places}
    before = {i: needs[i] & inside - {i} for i in inside}
    behind: dict[int, set[int]] = {i: set() for i in inside}
    for i, needed in before.items():
        for a in needed:
            behind[a].add(i)
    apart: set[int] = set()
    for i in (i for group in small for i in group.places):
        apart |= min((_reached(i, before), _reached(i, behind)), key=len)
    many, few = list[Group](), [*small]
    for group in groups:
        if group not in small:
            rest, others = _parted(group, {*group.places} - apart)
            many += [rest] if rest.places else []
            few += others
    return many, few


def _reached(start: int, after: Mapping[int, set[int]]) -> set[int]:
    """The places that are reached from one, and that itself."""
    found, waiting = {start}, [start]
    while waiting:
        more = after[waiting.pop()] - found
        found |= more
        waiting += more
    return found


def _parted(group: Group, chosen: Collection[int]) -> tuple[Group, list[Group]]:
    """The chosen places of a group, and each of the others alone."""
    pairs = [*zip(group.places, group.single, strict=True)]
    here = [(i, one) for i, one in pairs if i in chosen]
    rest = Group([i for i, _ in here], (), [one for _, one in here])
    return rest, [Group([i], (one,), (one,)) for i, one in pairs if i not in chosen]


def _together(groups: Sequence[Group], count: int, needs: Sequence[set[int]]) -> Group | None:
    """The groups as one, in loops of `count` turns."""
    columns = [[*_shares(group, count)] for group in groups]
    if any(len(column) < count or len({kind(share.tree) for share in column}) > 1 for column in columns):
        return None
    order = _order(columns, needs)
    turns = [[columns[g][t] for g in order] for t in range(count)]
    first = [share.tree for share in turns[0]]
    rows = [tuple([x for share in turn for x in wholes(share.tree)]) for turn in turns]
    found = nest(rows, 1 + max(map(outermost, first))) if order else None
    if found is None:
        return None
    loops, forms = found
    rest, whole = iter(forms), list[Statement]()
    for g, tree in zip(order, first, strict=True):
        inner, body = (moved.loops, moved.body) if isinstance(moved := going(tree, rest), Gathered) else ((), moved)
        assert isinstance(body, Use)
        left, right = body.parts
        assert isinstance(left, Element)
        nodes = tuple([k for one in groups[g].single for k in one.nodes])
        part, shared = groups[g].single[0].part, len(loops) if whole else 0
        whole.append(Statement(left.stem, left.indices, (*loops, *inner), right, part, nodes, shared))
    singles = {i: one for group in groups for i, one in zip(group.places, group.single, strict=True)}
    places = [i for turn in turns for share in turn for i in share.places]
    return Group(places, tuple(whole), [singles[i] for i in places])


def _shares(group: Group, count: int) -> Iterator[_Share]:
    """Yield the share of each of `count` turns, none where its places make no loops."""
    size = len(group.places) // count
    for first in range(0, len(group.places), size):
        places, singles = group.places[first : first + size], group.single[first : first + size]
        trees = [Use("", (Element(one.name, one.indices), one.tree)) for one in singles]
        if size == 1:
            yield _Share(places, trees[0])
        elif (found := nest([tuple(wholes(tree)) for tree in trees], 1 + outermost(trees[0]))) is not None:
            yield _Share(places, Gathered("", tuple(found[0]), going(trees[0], iter(found[1]))))


def _order(columns: Sequence[Sequence[_Share]], needs: Sequence[set[int]]) -> list[int]:
    """The order of the groups in a turn, in which each place stands behind those that it needs; [] where none does."""
    at = {i: (t, g) for g, column in enumerate(columns) for t, share in enumerate(column) for i in share.places}
    before: list[set[int]] = [set() for _ in columns]
    for i, (t, g) in at.items():
        for other, h in (at[a] for a in needs[i] if a in at):
            if other > t:
                return []
            if other == t and h != g:
                before[g].add(h)
    if cycles(before):
        return []
    order: list[int] = []
    while len(order) < len(columns):
        order += [g for g, others in enumerate(before) if g not in order and others <= {*order}][:1]
    return order
