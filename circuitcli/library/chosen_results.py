"""The results of a circuit that are asked for, by their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from circuitcli.errors import InputError
from circuitcli.graph import Graph
from circuitcli.library.table_kinds import table_of


def names_and_point(of: Any, point: Any) -> tuple[Any, Any]:
    """The names of results, and the point, which may come alone."""
    alone = point is None and (isinstance(of, Mapping) or table_of(of) is not None)
    return (None, of) if alone else (of, point)


def chosen_results(graph: Graph, of: object) -> list[str]:
    """The names of the results that are asked for: all where none are."""
    if of is None:
        return list(graph.results)
    from circuitcli.analysis.result_names import result_names
    from circuitcli.name_lists import listed

    names = listed(of) if isinstance(of, str) else of
    if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise InputError("results are chosen by a list of their names", 'write for example (["f", "g"], {"x": 3})')
    return result_names(graph, names)
