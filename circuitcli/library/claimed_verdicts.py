"""A gradient that is claimed, as numbers or as formulas, and the verdict on it."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, nan
from typing import TYPE_CHECKING, Any

from circuitcli.analysis.point import Point, no_value
from circuitcli.check import Verdict, check
from circuitcli.check.claimed_gradient import claim_of, claimed_circuits, named_claim
from circuitcli.errors import ExpressionError, InputError, UsageError
from circuitcli.graph import Graph
from circuitcli.library.asked_names import Wrt, asked_names
from circuitcli.library.given_ranges import Ends, bound_with_ranges
from circuitcli.library.numbers_of_inputs import numbers_of_inputs
from circuitcli.read_circuit import Inputs, ReadCircuit

if TYPE_CHECKING:
    from circuitcli.check.claim_proof import Proof


class ProvenVerdict(Verdict):
    """The verdict on a formula all over a range, or everywhere: a str that carries its `proof`."""

    proof: Proof

    @classmethod
    def of(cls, proof: Proof) -> ProvenVerdict:
        """The verdict of a proof, which has no one gradient and claim."""
        found = cls(proof.verdict, nan, nan)
        found.proof = proof
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        return ProvenVerdict.of, (self.proof,)

    @property
    def passed(self) -> bool:
        """Whether the claim is the derivative, as far as it was to be told."""
        return self.proof.passed


def verdicts(
    circuit: ReadCircuit, claim: Inputs | str | None, wrt: Wrt, point: Inputs | None, inputs: Inputs
) -> dict[str, Verdict]:
    """The verdict on each component of a claimed gradient at a point, or of formulas over ranges or everywhere; without
    a claim on those of the gradient by `wrt`."""
    graph, given, ranges = bound_with_ranges(circuit, point, inputs)
    if claim is not None and wrt is not None:
        raise UsageError("a claim tells by itself what it is about", "leave out wrt, or the claim")
    if isinstance(claim, str):
        return _on_formulas(graph, claim, given, ranges)
    if ranges:
        name = next(iter(ranges))
        raise InputError(f"{name} is a range, and numbers are checked at a point", 'claim formulas: "x = 2*x*y"')
    if claim is None:
        return check(Point(graph, given, asked_names(graph, given, wrt)))
    claimed = numbers_of_inputs(circuit, graph, "the claim on", claim)
    return check(Point(graph, given, list(claimed)), claimed)


def _on_formulas(
    graph: Graph, claim: str, given: Mapping[str, float], ranges: Mapping[str, Ends]
) -> dict[str, Verdict]:
    """The verdict on formulas. Raises ExpressionError for a text that is no claim."""
    if not claim.strip():
        raise UsageError("the claim is empty", 'write for example "x = 2*x*y; y = x^2"')
    text = named_claim(claim, list(graph.inputs))
    try:
        if given and not ranges:
            at = Point(graph, given, asked_names(graph, given, None))
            claimed = claim_of(text, graph)(at)
            return check(Point(graph, given, list(claimed)), claimed)
        return {name: ProvenVerdict.of(proof) for name, proof in _proofs(graph, text, given, ranges).items()}
    except ExpressionError as error:
        raise error.within("the claim", error.text, 0) from None


def _proofs(graph: Graph, claim: str, given: Mapping[str, float], ranges: Mapping[str, Ends]) -> dict[str, Proof]:
    """The proofs all over the ranges, or where no input is given of the formulas."""
    from circuitcli.analysis.apart import Apart
    from circuitcli.analysis.box_point import parts_of
    from circuitcli.check.claim_proof import by_box, by_formula
    from circuitcli.engine.interval import Interval, interval

    whole, claimed = claimed_circuits(claim, graph)
    parted = {name: Apart(graph, name, whole.ending(k)) for name, k in claimed.items()}
    if not ranges:
        return {name: by_formula(apart) for name, apart in parted.items()}
    if missing := [name for name in graph.inputs if name not in {*given, *ranges, *graph.defaults}]:
        raise no_value(missing, [*given, *ranges])
    for name, (low, high) in ranges.items():
        if not (isfinite(low) and isfinite(high) and low <= high):
            raise InputError(f"the range of {name} from {low!r} to {high!r} is none", f"give for example {name}=(1, 2)")
    box = {name: interval(x) for name, x in given.items()}
    box |= {name: Interval(low, high) for name, (low, high) in ranges.items()}
    return {name: by_box(apart, box, [*ranges], parts_of(len(graph.nodes))) for name, apart in parted.items()}
