"""The constraints of a command line, `--subject-to`, as an ascent has them."""

from __future__ import annotations

from collections.abc import Sequence

from circuitcli.ascent import AUTO, PointObjective
from circuitcli.ascent.constrained.program import Constraint
from circuitcli.ascent.methods import INTERIOR, meant_method
from circuitcli.cli.request import Request
from circuitcli.errors import UsageError
from circuitcli.subject import Relation, Subject


def relations_of(asked: Request, method: str, options: dict[str, object]) -> list[Relation]:
    """The constraints, whose differences join the circuit. Raises UsageError for `options` and a method that do not go
    with them."""
    if option := next((name for name, given in options.items() if given), None):
        raise UsageError(f"{option} does not go with --subject-to", f"leave out {option}")
    name = method.partition(":")[0]
    if name not in (AUTO, INTERIOR) and meant_method(name) != INTERIOR:
        raise UsageError(f"the method {name} takes no constraints", f"leave out --method {method}")
    assert isinstance(asked.circuit, Subject)
    asked.graph, found = asked.circuit.relations(asked.graph)
    return found


def constraints_at_a_point(asked: Request, relations: Sequence[Relation], moving: Sequence[str]) -> list[Constraint]:
    """The constraints as functions of the inputs that move."""
    return [
        Constraint(
            each.text, PointObjective(asked.graph.ending(each.node), asked.given, moving), each.rises, each.limit
        )
        for each in relations
    ]
