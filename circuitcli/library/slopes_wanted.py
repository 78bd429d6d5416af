"""The names of inputs and nodes by which to differentiate, as Python gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuitcli.analysis.point import find
from circuitcli.errors import InputError
from circuitcli.graph import Graph
from circuitcli.language import canonical
from circuitcli.read_circuit import wanted

Wrt = str | Sequence[str] | None  # one text may have several names, and a family stands for its elements


def asked_names(graph: Graph, given: Mapping[str, float], wrt: Wrt) -> list[str]:
    """The inputs and named nodes of `wrt`; without it those that the gradient has. Raises InputError for another
    name."""
    if wrt is None:
        return wanted(graph, given)
    from circuitcli.name_lists import listed
    from circuitcli.nested_names import spelled_out

    names = listed(wrt) if isinstance(wrt, str) else wrt
    if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise InputError("wrt is a list of the names of inputs", 'write for example wrt=["x", "y"]')
    found = spelled_out(map(canonical, names), [*graph.inputs, *graph.names])
    for name in found:
        find(graph, name)
    return found
