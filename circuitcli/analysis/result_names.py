"""The results of a circuit by the names that somebody asks for."""

from __future__ import annotations

from collections.abc import Sequence

from circuitcli.errors import InputError
from circuitcli.graph import Graph
from circuitcli.language import canonical
from circuitcli.language.names import near
from circuitcli.nested_names import spelled_out
from circuitcli.visible_text import some_of


def result_names(graph: Graph, names: Sequence[str]) -> list[str]:
    """Return the names of some results or named nodes, each once. Raises InputError for what is none."""
    results = f"the results are: {some_of(graph.results)}"
    found = spelled_out((canonical(name) for name in names if name), [*graph.names, *graph.results])
    if not found:
        raise InputError("no result is named", results)
    nodes = list(dict.fromkeys([*(name for name in graph.names if name not in graph.inputs), *graph.results]))
    for name in found:
        if name in graph.inputs:
            raise InputError(f"{name} is an input, not a result", results)
        if name not in nodes:
            close, known = near(name, nodes), f"the named nodes are: {some_of(nodes)}"
            raise InputError(f"{name} is no named node", f"did you mean {close}?" if close else known)
    return found
