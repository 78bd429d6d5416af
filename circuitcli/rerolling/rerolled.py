"""The statements of a circuit, or of a program, in which loops say what statements and terms of equal form say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple

from circuitcli.graph import Uses
from circuitcli.nested_names import indices_of, stem_of
from circuitcli.rerolling.forest import Forest, Rules, form
from circuitcli.rerolling.groups import Group, Statement
from circuitcli.rerolling.order import in_order
from circuitcli.rerolling.periods import periods
from circuitcli.rerolling.progressions import nest
from circuitcli.rerolling.recurrences import light_ones, nested, recurrences
from circuitcli.rerolling.trees import (
    Chain,
    Element,
    Form,
    Gathered,
    Leaf,
    Range,
    Reference,
    Tree,
    Use,
    elements,
    going,
    kind,
    outermost,
    turns,
    wholes,
)

WIDEST = 6  # terms of a sum in a turn of a loop

MANY = 8  # terms that do not differ


class Asked(NamedTuple):
    """A node to be written under a name, by which others refer to it where it `defines` the node."""

    name: str
    node: int
    defines: bool = True


def named(name: str) -> Leaf | Element:
    """Return a name as a tree."""
    indices = indices_of(name)
    return Element(stem_of(name), tuple(map(Form, indices))) if indices else Leaf(name)


def statements(
    nodes: Sequence[Uses],
    operation: Callable[[int], str],
    leaves: Mapping[int, Tree],
    asked: Sequence[Asked],
    parts: Collection[int],
    rules: Rules,
    free: Iterator[str],
) -> list[Statement]:
    """Write what is asked of nodes, or of the lines of a program, and the `parts` that several of them share, each
    behind what it needs. `operation` returns the operation of a node, `leaves` has the trees of those without one,
    and `free` yields names for parts."""
    names: dict[int, Tree] = {}
    for name, k, defines in asked:
        if defines and name and k not in leaves:
            names.setdefault(k, named(name))
    wanted = {k for _, k, _ in asked if k not in leaves}
    forest = Forest(nodes, wanted, operation, leaves, names, parts, rules)
    made: dict[int, Element] = {}
    if rules.steps:
        if steps := nested(forest, operation, forest.parts - {*parts}):
            forest = Forest(nodes, wanted, operation, leaves, names, {*parts, *steps}, rules)
        if light := light_ones(forest, forest.parts - names.keys()):
            without = Forest(nodes, wanted, operation, leaves, names, forest.parts - light, rules)
            if len({*without.forms().values()}) < len({*forest.forms().values()}) - len(light):
                forest = without  # for statements are alike in which the light ones are written out
        made = recurrences(forest, forest.parts - names.keys(), {k: indices_of(name) for name, k, _ in asked}, free)
        if made:
            forest = Forest(nodes, wanted, operation, leaves, {**names, **made}, forest.parts - made.keys(), rules)
    return _Statements(forest, asked, made, rules, free).in_order()


class _Statements:
    """The statements of a forest, and the names that its parts get."""

    def __init__(
        self, forest: Forest, asked: Sequence[Asked], made: Mapping[int, Element], rules: Rules, free: Iterator[str]
    ) -> None:
        self._forest, self._rules, self._free = forest, rules, free
        given = {each.node for each in asked if each.defines}
        parts = [Asked("", k) for k in sorted(forest.parts - given)]
        elements = [Asked(f"{x.stem}[{','.join(str(i.const) for i in x.indices)}]", k) for k, x in made.items()]
        ends = [each for each in asked if not each.defines]
        first = [*parts, *elements, *(each for each in asked if each.defines)]
        self._asked = [*sorted(first, key=lambda each: each.node), *ends]
        self._place: dict[int, int] = {}  # of the statement that has a node's own tree
        for i, (_, k, _) in enumerate(self._asked):
            if k in forest.roots:
                self._place.setdefault(k, i)
        self._parts = {self._place[each.node] for each in parts}
        self._free_names = self._parts | {self._place[k] for k in made}
        self._known: dict[int, Tree] = {}  # the parts under the names that they get

    def in_order(self) -> list[Statement]:
        """Return the statements, each behind those that it needs."""
        forms = self._forest.forms()
        own: dict[Hashable, list[int]] = {}
        others: dict[Hashable, list[int]] = {}
        for i, (name, k, _) in enumerate(self._asked):
            key = (stem_of(name), len(indices_of(name)), i in self._parts)
            if self._place.get(k) == i:
                own.setdefault((forms[k], *key), []).append(i)
            else:
                others.setdefault((form(self._forest.tree(k), forms), *key), []).append(i)
        ordered = sorted(own.values(), key=lambda places: forms[self._asked[places[0]].node])
        groups = [group for places in (*ordered, *others.values()) for group in self._groups(places)]
        needs = [self._needs(i) for i in range(len(self._asked))]
        ends = sum(each.defines for each in self._asked)  # the place of the first that defines nothing
        first = [group for group in groups if min(group.places) < ends]
        last = [group for group in groups if min(group.places) >= ends]
        return in_order(first, needs, self._rules.steps) + in_order(last, needs, self._rules.steps)

    def _needs(self, i: int) -> set[int]:
        """The places of the statements that one needs."""
        k = self._asked[i].node
        used = self._forest.used[k] if self._place.get(k) == i else {k} & self._place.keys()
        return {self._place[a] for a in used}

    def _groups(self, places: Sequence[int]) -> Iterator[Group]:
        """Yield statements of equal form, together where they go on like the turns of loops."""
        alike: dict[Hashable, list[tuple[int, Tree]]] = {}
        for i in places:
            k = self._asked[i].node
            tree = self._settled(self._forest.roots[k] if self._place.get(k) == i else self._forest.tree(k))
            alike.setdefault(kind(tree), []).append((i, tree))
        for members in alike.values():
            part = members[0][0] in self._parts
            found = self._loops(members) if len(members) > 1 else None
            if found is None or (part and any(i < 0 for at in turns(found[0]) for i in at.values())):
                for i, tree in members:
                    yield self._alone(i, tree, part)
            else:
                yield self._together(members, part, *found)

    def _loops(self, members: Sequence[tuple[int, Tree]]) -> tuple[list[Range], list[Form]] | None:
        names = [self._asked[i].name for i, _ in members]
        if members[0][0] not in self._parts and not names[0].endswith("]"):
            return None
        rows = [(*indices_of(name), *wholes(tree)) for name, (_, tree) in zip(names, members, strict=True)]
        return nest(rows, 1 + outermost(members[0][1]))

    def _alone(self, i: int, tree: Tree, part: bool) -> Group:
        name, k, _ = self._asked[i]
        if part:
            name = next(self._free)
            self._known[k] = Leaf(name)
        indices = tuple(map(Form, indices_of(name)))
        statement = Statement(stem_of(name), indices, (), tree, i in self._free_names, (k,))
        return Group([i], [statement], [statement])

    def _together(
        self, members: Sequence[tuple[int, Tree]], part: bool, loops: Sequence[Range], forms: Sequence[Form]
    ) -> Group:
        """The statement of several in loops. The indices of parts are those of the loops."""
        places = [i for i, _ in members]
        if part:
            stem, head = next(self._free), [Form(0, ((loop.loop, 1),)) for loop in loops]
            indices = [tuple(map(Form, at.values())) for at in turns(loops)]
            for i, at in zip(places, indices, strict=True):
                self._known[self._asked[i].node] = Element(stem, at)
        else:
            names = [self._asked[i].name for i in places]
            indices = [tuple(map(Form, indices_of(name))) for name in names]
            stem, head = stem_of(names[0]), list(forms[: len(indices[0])])
            forms = forms[len(indices[0]) :]
        tree = going(members[0][1], iter(forms))
        nodes = [self._asked[i].node for i in places]
        own = places[0] in self._free_names
        single = [
            Statement(stem, at, (), tree, own, (k,)) for at, (_, tree), k in zip(indices, members, nodes, strict=True)
        ]
        return Group(places, [Statement(stem, tuple(head), tuple(loops), tree, own, tuple(nodes))], single)

    def _settled(self, tree: Tree) -> Tree:
        """Return a tree with the names of its parts, in which loops gather what chains of equal terms do."""
        match tree:
            case Reference(k):
                return self._known[k]
            case Use(op, parts):
                settled = [self._settled(part) for part in parts]
                many = op in self._rules.many and len(settled) > 2 and len({*map(kind, settled)}) == 1
                return (many and self._gathered(op, settled)) or Use(op, tuple(settled))
            case Chain(op, terms):
                return self._chained(op, [self._settled(term) for term in terms])
        return tree

    def _chained(self, op: str, terms: Sequence[Tree]) -> Tree:
        """The chain of some terms, from the left; equal ones in loops where they come first, or anywhere, and with
        `steps` several that come again and again."""
        found: list[Tree] = []
        for run, width in periods(terms, WIDEST if self._rules.steps else 1):
            gathered = None
            if len(run) > 1 and op in self._rules.chains and (not found or self._rules.anywhere):
                turns_of = [Chain("", run[i : i + width]) if width > 1 else run[i] for i in range(0, len(run), width)]
                gathered = self._gathered(op, turns_of)
            if gathered is None:
                found += run
            else:
                found = [gathered._replace(start=_chain(op, found))]
        return _chain(op, found) or found[0]

    def _gathered(self, op: str, terms: Sequence[Tree]) -> Gathered | None:
        """The gathering of equal terms by loops; two terms only of several elements, for the others are shorter. With
        `steps`, a loop counts those that do not differ at all."""
        first = terms[0]
        if self._rules.steps and len(terms) >= MANY and all(term == first for term in terms):
            return Gathered(op, (Range(1 + outermost(first), Form(1), Form(len(terms)), 1),), first)
        if len(terms) < 3 and elements(first) < 2:
            return None
        found = nest([tuple(wholes(term)) for term in terms], 1 + outermost(first)) if elements(first) else None
        return found and Gathered(op, tuple(found[0]), going(first, iter(found[1])))


def _chain(op: str, terms: Sequence[Tree]) -> Tree | None:
    """The terms as one tree, None of none."""
    return Chain(op, tuple(terms)) if len(terms) > 1 else terms[0] if terms else None
