"""Terms that come again and again."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from circuitcli.rerolling.trees import Tree, kind

FEWEST = 3  # times that several terms come


def periods(terms: Sequence[Tree], widest: int) -> Iterator[tuple[tuple[Tree, ...], int]]:
    """Yield the terms in runs, each with the number of terms after which it repeats, up to a widest one."""
    kinds = [kind(term) for term in terms]
    i = 0
    while i < len(terms):
        lengths = {width: repeated(kinds, i, width) for width in range(1, widest + 1)}
        width = max(lengths, key=lambda width: (lengths[width], -width))
        yield tuple(terms[i : i + lengths[width]]), width
        i += lengths[width]


def repeated(kinds: Sequence[Hashable], first: int, width: int) -> int:
    """Return how many kinds from a first one on repeat after a number of them; 0 where several come too few times."""
    last = first + width
    while last < len(kinds) and kinds[last] == kinds[last - width]:
        last += 1
    length = (last - first) // width * width
    return length if width == 1 or length >= FEWEST * width else 0
