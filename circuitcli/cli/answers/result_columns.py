"""The columns that results of rows become, by name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from circuitcli.errors import UsageError

if TYPE_CHECKING:
    from circuitcli.graph import Graph
    from circuitcli.tables.formats import Format


def named_nodes(graph: Graph) -> dict[str, int]:
    """The nodes that may be results, by name."""
    named = {name: k for name, k in graph.names.items() if name not in graph.inputs}
    return {**named, graph.answer: graph.output}


def whose_bounds(chosen: Collection[str], names: Iterable[str]) -> set[str]:
    """The names of which one of the bounds is chosen."""
    from circuitcli.rows.row_boxes import bounds_of

    return {name for name in names if not {*bounds_of(name, False), *bounds_of(name, True)}.isdisjoint(chosen)}


def with_bounds(
    results: Sequence[str], chosen: Sequence[str] | None, form: Format
) -> tuple[list[str], list[str] | None]:
    """The columns of results that are bounds, and those chosen."""
    from circuitcli.rows.row_boxes import bounds_of

    pairs = {name: [*bounds_of(name, form.keyed)] for name in results}
    found = [end for pair in pairs.values() for end in pair]
    if twice := [name for name in found if found.count(name) > 1]:
        raise UsageError(f"a row would have two columns {twice[0]}", "give the result another name")
    return found, None if chosen is None else [end for name in chosen for end in pairs.get(name, [name])]
