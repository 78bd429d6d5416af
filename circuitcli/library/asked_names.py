"""The results of a circuit that are asked for, and by what to differentiate, by their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from circuitcli.analysis.point import find
from circuitcli.errors import InputError
from circuitcli.family_arguments import elements_of
from circuitcli.graph import Graph
from circuitcli.language import canonical
from circuitcli.library.table_kinds import table_of
from circuitcli.read_circuit import ReadCircuit, wanted

Wrt = str | Sequence[str] | None  # one text may have several names, and a family stands for its elements


def names_and_point(of: Any, point: Any) -> tuple[Any, Any]:
    """The names of results, and the point, which may come alone."""
    alone = point is None and (isinstance(of, Mapping) or table_of(of) is not None)
    return (None, of) if alone else (of, point)


def chosen_results(graph: Graph, of: object) -> list[str]:
    """The names of the results that are asked for: all where none are."""
    if of is None:
        return list(graph.results)
    from circuitcli.analysis.result_names import result_names

    return result_names(
        graph, _texts(of, "results are chosen by a list of their names", 'write for example (["f", "g"], {"x": 3})')
    )


def nodes_named(circuit: ReadCircuit, names: str | Sequence[str], what: str = "wrt") -> list[str]:
    """The inputs and named nodes of some names, such as those of `wrt`, with its elements for a family of inputs."""
    return elements_of(_listed(names, what), circuit.families)


def asked_names(graph: Graph, given: Mapping[str, float], wrt: Wrt) -> list[str]:
    """The inputs and named nodes of `wrt`, with its elements for any family; without it those that the gradient has.
    Raises InputError for another name."""
    if wrt is None:
        return wanted(graph, given)
    from circuitcli.nested_names import spelled_out

    found = spelled_out(map(canonical, _listed(wrt)), [*graph.inputs, *graph.names])
    for name in found:
        find(graph, name)
    return found


def _listed(names: str | Sequence[str], what: str = "wrt") -> Sequence[str]:
    hint = 'an input called so goes into a mapping: {"wrt": 1}' if what == "wrt" else 'write for example ["x", "y"]'
    return _texts(names, f"{what} is a list of names, not {names!r}", hint)


def _texts(names: object, what: str, hint: str) -> Sequence[str]:
    """Some names, of which one text may have several. Raises InputError for what is none."""
    from circuitcli.name_lists import listed

    texts = listed(names) if isinstance(names, str) else names
    if not isinstance(texts, Sequence) or not all(isinstance(name, str) for name in texts):
        raise InputError(what, hint)
    return texts
