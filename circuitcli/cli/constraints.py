"""The constraints of a command line, `--subject-to`."""

from __future__ import annotations

from circuitcli.cli.request import Request
from circuitcli.errors import UsageError
from circuitcli.library.relations import refuse_without_constraints
from circuitcli.subject import Relation, Subject


def relations_of(asked: Request, method: str, options: dict[str, object]) -> list[Relation]:
    """The constraints, whose differences join the circuit. Raises UsageError for `options` and a method that do not go
    with them."""
    if option := next((name for name, given in options.items() if given), None):
        raise UsageError(f"{option} does not go with --subject-to", f"leave out {option}")
    refuse_without_constraints(method)
    assert isinstance(asked.circuit, Subject)
    asked.graph, found = asked.circuit.relations(asked.graph)
    return found
