"""The conditions of --where, as one circuit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circuitcli.graph import Graph


def condition_of(texts: Sequence[str]) -> Graph | None:
    """The circuit of all conditions; None where there are none."""
    return _all_of(tuple(texts)) if texts else None


@cache
def _all_of(texts: tuple[str, ...]) -> Graph:
    from circuitcli.language.resolve import graph_of
    from circuitcli.language.syntax import parse

    if len(texts) == 1:
        return graph_of(parse(texts[0]), parts=True)
    for text in texts:
        parse(text)  # so that a mistake is told in its own text
    return graph_of(parse(" and ".join(f"({text})" for text in texts)), parts=True)
