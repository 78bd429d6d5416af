"""Numbers by the names of inputs, as a claim on a gradient and a direction have them."""

from __future__ import annotations

from collections.abc import Mapping

from circuitcli.analysis.point import no_input
from circuitcli.errors import InputError
from circuitcli.family_arguments import spread
from circuitcli.graph import Graph
from circuitcli.language import canonical
from circuitcli.library.table_kinds import table_of
from circuitcli.read_circuit import Inputs, ReadCircuit, no_mapping, number


def numbers_of_inputs(circuit: ReadCircuit, graph: Graph, what: str, given: Inputs) -> dict[str, float]:
    """The numbers that are given for inputs of the graph; `what` begins the name of one, as in "the claim on x"."""
    if table_of(given) is not None:
        raise no_mapping(given)
    if not isinstance(given, Mapping):
        name = next(iter(graph.inputs), "x")
        raise InputError(
            f"{what.partition(' on')[0]} has a number for each input by its name", f'write {{"{name}": 2.0}}'
        )
    numbers = spread(given, circuit.families)[0]
    found = {canonical(name): number(f"{what} {name}", x) for name, x in numbers.items()}
    for name in found:
        if name not in graph.inputs:
            raise no_input(name, graph.inputs, circuit.shown)
    return found
