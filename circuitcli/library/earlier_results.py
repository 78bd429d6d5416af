"""The result of a search as values of inputs, with the uncertainties of a fit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import sqrt
from typing import NamedTuple

from circuitcli.errors import InputError
from circuitcli.library.findings import Findings
from circuitcli.pictures.sweep import Uncertain
from circuitcli.read_circuit import ReadCircuit


class Earlier(NamedTuple):
    """The inputs that a search found or kept, and the covariances of those that it found, by pairs of names."""

    values: Mapping[str, float]
    covariance: Mapping[tuple[str, str], float]

    def uncertain(self, but: Collection[str]) -> Uncertain:
        """The standard uncertainties of all but some inputs, which have other values."""
        covariance = {pair: c for pair, c in self.covariance.items() if not {*pair} & {*but}}
        return Uncertain({a: sqrt(max(c, 0.0)) for (a, b), c in covariance.items() if a == b}, covariance)


NONE = Earlier({}, {})


def earlier(circuit: ReadCircuit, found: object) -> Earlier:
    """The values in the result of a search. Raises InputError for another object."""
    if not isinstance(found, Findings) or not isinstance(found.get("x"), Mapping):
        raise InputError(f"a fit is no {type(found).__name__}", "give what fit(data, start) returned")
    values = circuit.spread(found.x, {})[0]
    fixed = {name: x for name, x in found.get("fixed", {}).items() if name in circuit.graph.inputs}
    if (covariance := found.get("cov")) is None:
        return Earlier({**fixed, **values}, {})
    import numpy as np

    names: list[str] = []
    for name, x in found.x.items():  # a family that the circuit does not have has places in the matrix, too
        names += circuit.families[name].elements if name in circuit.families else [name] * np.size(x)
    places = [(name, i) for i, name in enumerate(names) if name in circuit.graph.inputs]
    return Earlier({**fixed, **values}, {(a, b): float(covariance[i, j]) for a, i in places for b, j in places})
