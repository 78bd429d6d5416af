"""A gradient that is claimed, as numbers or as formulas, and the verdict on it."""

from __future__ import annotations

from circuitcli.analysis.point import Point
from circuitcli.check import Verdict, check
from circuitcli.check.claimed_gradient import claim_of, named_claim
from circuitcli.errors import ExpressionError, UsageError
from circuitcli.library.numbers_of_inputs import numbers_of_inputs
from circuitcli.library.slopes_wanted import Wrt, asked_names
from circuitcli.read_circuit import Inputs, ReadCircuit


def verdicts(
    circuit: ReadCircuit, claim: Inputs | str | None, wrt: Wrt, point: Inputs | None, inputs: Inputs
) -> dict[str, Verdict]:
    """The verdict on each component of a claimed gradient at a point, or without a claim on those by `wrt`."""
    graph, given = circuit.bind(point, inputs)
    if claim is None:
        return check(Point(graph, given, asked_names(graph, given, wrt)))
    if wrt is not None:
        raise UsageError("a claim tells by itself what it is about", "leave out wrt, or the claim")
    if isinstance(claim, str):
        at = Point(graph, given, asked_names(graph, given, None))
        claimed = claimed_numbers(at, claim)
    else:
        claimed = numbers_of_inputs(circuit, graph, "the claim on", claim)
    return check(Point(graph, given, list(claimed)), claimed)


def claimed_numbers(at: Point, claim: str) -> dict[str, float]:
    """The numbers at a point of a gradient that is claimed in formulas. Raises ExpressionError for a text that is no
    claim."""
    if not claim.strip():
        raise UsageError("the claim is empty", 'write for example "x = 2*x*y; y = x^2"')
    try:
        return claim_of(named_claim(claim, list(at.graph.inputs)), at.graph)(at)
    except ExpressionError as error:
        raise error.within("the claim", error.text, 0) from None
