"""Statements, each for all turns of its loops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.rerolling.trees import Form, Range, Tree


class Statement(NamedTuple):
    """A tree under a name, perhaps that of an element, for each turn of loops, outermost first. The name is "" where
    nobody named a statement; that of a `part` is a free one. `nodes` are those of the turns. The outermost loops that
    are `shared` are those of the statement before, turn by turn."""

    name: str
    indices: tuple[Form, ...]
    loops: tuple[Range, ...]
    tree: Tree
    part: bool = False
    nodes: tuple[int, ...] = ()
    shared: int = 0


class Group(NamedTuple):
    """The places of what statements say among all that is asked, the statements, and what they say one by one."""

    places: Sequence[int]
    whole: Sequence[Statement]
    single: Sequence[Statement]
