"""Expressions as trees, in which whole numbers and indices may go with loops.

The loops of a statement are numbered from the innermost out, so that trees of equal form have equal numbers.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple


class Form(NamedTuple):
    """A whole number, `const` plus the loops in `terms`, each times its coefficient: 2*i - 1."""

    const: int
    terms: tuple[tuple[int, int], ...] = ()  # the number of a loop, its coefficient


class Range(NamedTuple):
    """A loop: its number, its first and its last whole number, and the step."""

    loop: int
    first: Form
    last: Form
    step: int


class Leaf(NamedTuple):
    """A name without indices, or a number as it was written."""

    text: str


class Whole(NamedTuple):
    """A whole number that may go with loops."""

    form: Form


class Element(NamedTuple):
    """An element of a family."""

    stem: str
    indices: tuple[Form, ...]


class Use(NamedTuple):
    """The use of an operation."""

    op: str
    parts: tuple[Tree, ...]


class Gathered(NamedTuple):
    """A body gathered over loops by an operation, outermost loop first; `start` is gathered before it."""

    op: str
    loops: tuple[Range, ...]
    body: Tree
    start: Tree | None = None


class Reference(NamedTuple):
    """Another node, which stands under a name that is not given yet."""

    node: int


class Chain(NamedTuple):
    """A sum, a product or a difference of several terms, from the left; without an operation terms that a loop gathers
    one after the other."""

    op: str
    terms: tuple[Tree, ...]


Tree = Leaf | Whole | Element | Use | Gathered | Reference | Chain


def kind(tree: Tree) -> Hashable:
    """Return a key that trees share which differ in whole numbers alone."""
    match tree:
        case Whole(form):
            return Whole, form.terms
        case Element(stem, indices):
            return Element, stem, tuple([form.terms for form in indices])
        case Use(op, parts) | Chain(op, parts):
            return type(tree), op, tuple(map(kind, parts))
        case Gathered(op, loops, body, start):
            ranges = tuple([(loop, first.terms, last.terms, step) for loop, first, last, step in loops])
            return Gathered, op, ranges, kind(body), start and kind(start)
    return Leaf, tree


def wholes(tree: Tree) -> Iterator[int]:
    """Yield the whole numbers in which trees of one kind may differ."""
    match tree:
        case Whole(form):
            yield form.const
        case Element(_, indices):
            for form in indices:
                yield form.const
        case Use(_, parts) | Chain(_, parts):
            for part in parts:
                yield from wholes(part)
        case Gathered(_, loops, body, start):
            for _, first, last, _ in loops:
                yield first.const
                yield last.const
            yield from wholes(body)
            if start is not None:
                yield from wholes(start)


def going(tree: Tree, forms: Iterator[Form]) -> Tree:
    """Return the tree with what its whole numbers are on further loops, in the order of `wholes`."""

    def whole(form: Form) -> Form:
        more = next(forms)
        return Form(more.const, (*form.terms, *more.terms))

    match tree:
        case Whole(form):
            return Whole(whole(form))
        case Element(stem, indices):
            return Element(stem, tuple([whole(form) for form in indices]))
        case Use(op, parts):
            return Use(op, tuple([going(part, forms) for part in parts]))
        case Chain(op, terms):
            return Chain(op, tuple([going(term, forms) for term in terms]))
        case Gathered(op, loops, body, start):
            ranges = [Range(loop, whole(first), whole(last), step) for loop, first, last, step in loops]
            return Gathered(op, tuple(ranges), going(body, forms), start and going(start, forms))
    return tree


def outermost(tree: Tree) -> int:
    """Return the highest number of a loop in a tree, or 0."""
    match tree:
        case Use(_, parts) | Chain(_, parts):
            return max(map(outermost, parts), default=0)
        case Gathered(_, loops, body, start):
            inside = max(outermost(body), outermost(start) if start is not None else 0)
            return max(inside, *(each.loop for each in loops))
    return 0


def elements(tree: Tree) -> int:
    """Count the elements and the whole numbers in a tree."""
    match tree:
        case Whole() | Element():
            return 1
        case Use(_, parts) | Chain(_, parts):
            return sum(map(elements, parts))
        case Gathered(_, _, body, _):
            return 1 + elements(body)
    return 0


def turns(loops: Sequence[Range], at: Mapping[int, int] = {}) -> Iterator[Mapping[int, int]]:
    """Yield the numbers of all loops for each turn of nested loops."""
    if not loops:
        yield at
        return
    (loop, first, last, step), *inner = loops
    for i in range(number(first, at), number(last, at) + (1 if step > 0 else -1), step):
        yield from turns(inner, {**at, loop: i})


def number(form: Form, at: Mapping[int, int]) -> int:
    """Return a form's number where the loops stand."""
    return form.const + sum(coefficient * at[loop] for loop, coefficient in form.terms)
