"""Ranges that Python gives inputs, beside values: x=(-3, 3), a=2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from circuitcli.errors import InputError
from circuitcli.graph import Graph
from circuitcli.language import canonical
from circuitcli.read_circuit import Inputs, ReadCircuit, is_array, mapping, number
from circuitcli.wording import value_of

Ends = Sequence[float]  # two


def bound_with_ranges(
    circuit: ReadCircuit, point: Inputs | None, inputs: Inputs
) -> tuple[Graph, dict[str, float], dict[str, Ends]]:
    """The graph, the values of inputs, and the ranges of others. Raises InputError for what is neither."""
    loose, loose_ranges = _parted(circuit, mapping(point))
    strict, strict_ranges = _parted(circuit, inputs)
    nothing = 0.0  # so that a constant with a range is an input, too
    graph, given = circuit.bind(
        {**loose, **dict.fromkeys(loose_ranges, nothing)}, {**strict, **dict.fromkeys(strict_ranges, nothing)}
    )
    ranges = {name: ends for name, ends in {**loose_ranges, **strict_ranges}.items() if name in graph.inputs}
    for name in {canonical(name) for name in strict} & ranges.keys():
        del ranges[name]  # a keyword has the last word
    return graph, {name: x for name, x in given.items() if name not in ranges}, ranges


def _parted(circuit: ReadCircuit, given: Inputs) -> tuple[dict[str, Any], dict[str, Ends]]:
    """The values, and the ranges: pairs for inputs that are one number."""
    pairs = {canonical(name): x for name, x in given.items() if is_array(x) and canonical(name) not in circuit.families}
    for name, pair in pairs.items():
        if len(pair) != 2:
            hint = f"give the two ends alone: {value_of(name, ends_shown(pair))}"
            raise InputError(f"{name} has {len(pair)} values, and a range is from one to another", hint)
    ranges: dict[str, Ends] = {name: [number(f"an end of {name}", end) for end in pair] for name, pair in pairs.items()}
    return {name: x for name, x in given.items() if canonical(name) not in pairs}, ranges


def ends_shown(values: Any) -> str:
    """The range from the least of some values to the greatest; of what are none, an example."""
    try:
        numbers = [*map(float, values)]
        return f"({min(numbers):g}, {max(numbers):g})"
    except (TypeError, ValueError):
        return "(-3, 3)"
