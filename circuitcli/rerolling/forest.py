"""The nodes of a circuit, or the lines of a program, as trees."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import NamedTuple

from circuitcli.graph import Uses
from circuitcli.rerolling.trees import Chain, Element, Leaf, Reference, Tree, Use, Whole

TALLEST = 60  # uses in uses, beyond which a part gets a name


class Rules(NamedTuple):
    """Say what is folded: `chains` are operations of two arguments, whose chains are gathered from their first terms,
    or from any where `anywhere`; `many` gather all of their arguments. With `steps`, shared parts that go on from each
    other are elements, and statements that need each other share their loops. With the operations `sign`, `minus` and
    `plus`, -x - y is written as -(x + y), which differs in the sign of 0 alone."""

    chains: Collection[str]
    many: Collection[str]
    anywhere: bool = False
    steps: bool = False
    sign: str = ""
    minus: str = ""
    plus: str = ""


class Forest:
    """The trees of those nodes that are `named`, that several others share, or that would be too tall.

    `operation` returns the operation of a node, `leaves` has the trees of those without one, `named` those by which
    others refer to a node, and `rules` say what is a chain. `parts` are the nodes without a
    name that have a tree of their own: those given, and the tall ones. `used` are the roots in each tree.
    """

    def __init__(
        self,
        nodes: Sequence[Uses],
        wanted: Collection[int],
        operation: Callable[[int], str],
        leaves: Mapping[int, Tree],
        named: Mapping[int, Tree],
        parts: Collection[int],
        rules: Rules,
    ) -> None:
        self._nodes, self._operation, self._leaves, self._named, self._rules = nodes, operation, leaves, named, rules
        self.parts = set(parts)
        self.roots: dict[int, Tree] = {}
        self._inner: dict[int, Tree] = {}
        self._height: dict[int, int] = {}
        wanted = set(wanted)
        for k, node in enumerate(nodes):
            if k in leaves or not node.args:
                continue
            heights = [self._height.get(a, 0) for a in node.args]
            taken = self._goes_on(k) and k not in wanted and k not in named
            self._height[k] = max(heights) + (not taken)
            if self._height[k] > TALLEST and k not in named:
                self.parts.add(k)
            if k in wanted or k in named or k in self.parts:
                self.roots[k] = self._built(k)
                self._height[k] = 0
        self.used = {k: self._roots_below(k) for k in self.roots}

    def tree(self, k: int) -> Tree:
        """Return a node as others see it."""
        if k in self._leaves:
            return self._leaves[k]
        if k in self._named:
            return self._named[k]
        if k in self.parts:
            return Reference(k)
        if k not in self._inner:
            self._inner[k] = self._built(k)
        return self._inner[k]

    def spine(self, root: int, through: Collection[int]) -> list[int]:
        """Return the nodes on the longest way down from a root, also `through` some of the parts, without those from
        which a chain goes on."""
        found, k = [root], root
        while True:
            inner = [a for a in self._nodes[k].args if self._is_inner(a) or a in through]
            if not inner:
                return found
            below = max(inner, key=lambda a: TALLEST if a in through else self._height[a])
            if below in self.parts or not (below == self._nodes[k].args[0] and self._goes_on(k)):
                found.append(below)
            k = below

    def _goes_on(self, k: int) -> bool:
        """Whether a node is a chain that goes on from another one."""
        op, first = self._operation(k), self._nodes[k].args[0]
        return self._is_chain(k) and self._is_inner(first) and self._operation(first) == op

    def _is_chain(self, k: int) -> bool:
        op = self._operation(k)
        return len(self._nodes[k].args) == 2 and (op in self._rules.chains or op == self._rules.minus)

    def _built(self, k: int) -> Tree:
        op, args = self._operation(k), self._nodes[k].args
        if not self._is_chain(k):
            return Use(op, tuple(map(self.tree, args)))
        terms = self._terms(op, args)
        first = terms[0]
        if op == self._rules.minus and self._is_inner(first) and self._operation(first) == self._rules.sign:
            terms = [*self._nodes[first].args, *terms[1:]]
            return Use(self._rules.sign, (Chain(self._rules.plus, tuple(map(self.tree, terms))),))
        return Chain(op, tuple(map(self.tree, terms)))

    def _terms(self, op: str, args: Sequence[int]) -> list[int]:
        """The terms of a chain, of which the last two are the arguments."""
        terms = [args[1]]
        while self._is_inner(args[0]) and self._operation(args[0]) == op:
            args = self._nodes[args[0]].args
            terms.append(args[1])
        return [args[0], *reversed(terms)]

    def _is_inner(self, k: int) -> bool:
        return k not in self._leaves and k not in self._named and k not in self.parts

    def _roots_below(self, root: int) -> set[int]:
        found: set[int] = set()
        waiting = list(self._nodes[root].args)
        while waiting:
            k = waiting.pop()
            if k in self.roots and not self._is_inner(k):
                found.add(k)
            elif k not in self._leaves:
                waiting += self._nodes[k].args
        return found

    def forms(self) -> dict[int, int]:
        """Return a number for each root: one number for trees of equal form, whatever the length of their chains. A
        tree has a higher one than those that it refers to."""
        numbers: dict[Hashable, int] = {}
        found: dict[int, int] = {}
        for k, tree in self.roots.items():
            found[k] = numbers.setdefault(form(tree, found), len(numbers))
        return found


def form(tree: Tree, known: Mapping[int, int]) -> Hashable:
    """Return a key that trees of equal form share; `known` has the numbers of those that they refer to."""
    match tree:
        case Whole():
            return Whole
        case Element(stem, indices):
            return stem, len(indices)
        case Reference(k):
            return known[k]
        case Use(op, parts):
            return op, tuple([form(part, known) for part in parts])
        case Chain(op, terms):
            runs: list[tuple[Hashable, bool]] = []
            for term in terms:
                key = form(term, known)
                if runs and runs[-1][0] == key:
                    runs[-1] = key, True
                else:
                    runs.append((key, False))
            return Chain, op, tuple(runs)
    return Leaf, tree
