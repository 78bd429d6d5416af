"""A gradient that the user claims, as a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from circuitcli.analysis.point import Point
from circuitcli.constants import CONSTANTS
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.passes import forward
from circuitcli.errors import ExpressionError, UsageError
from circuitcli.graph import Graph
from circuitcli.language import parse
from circuitcli.language.claim_families import spread_claims
from circuitcli.language.claims import claims_of


def named_claim(text: str, names: Sequence[str]) -> str:
    """A claim as a statement: a formula without a name is the derivative by the only one of some inputs."""
    try:
        statements = parse(text).statements
    except ExpressionError:
        return text
    bare = len(statements) == len(names) == 1 and statements[0].left is None
    return f"{names[0]} = {text.strip()}" if bare else text


def claimed_circuits(text: str, circuit: Graph) -> tuple[Graph, dict[str, int]]:
    """The circuit of a claimed gradient, and the node of each component that is claimed. Raises UsageError or
    ExpressionError for a text that is no claim."""
    if not text.strip():
        raise UsageError("the claim is empty", 'write for example --claim "x = 3.1"')
    text = spread_claims(text, circuit.inputs)
    try:
        graph = claims_of(text, circuit, frozenset(name for name in circuit.inputs if name in CONSTANTS))
    except ExpressionError as error:
        raise error.within("--claim", text, 0) from None
    return graph, {name: k for name in circuit.inputs if (k := graph.names.get(f"grad_{name}")) is not None}


def claim_of(text: str, circuit: Graph) -> Callable[[Point], dict[str, float]]:
    """Compile a claimed gradient to a function of a point. Raises UsageError or ExpressionError for a text that is no
    claim."""
    graph, claimed = claimed_circuits(text, circuit)

    def at(point: Point) -> dict[str, float]:
        values = forward(graph, FLOATS, point.inputs)
        return {name: values[k] for name, k in claimed.items()}

    return at
