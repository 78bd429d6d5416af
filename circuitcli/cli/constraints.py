"""The constraints of a command line, `--subject-to`."""

from __future__ import annotations

from circuitcli.cli.request import Request
from circuitcli.errors import UsageError
from circuitcli.gate_facts import COMPARE
from circuitcli.gates import symbol_of
from circuitcli.library.relations import refuse_without_constraints
from circuitcli.notation import in_words
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


def refuse_condition(asked: Request) -> None:
    """Raise UsageError for several statements of which the last is a condition without a name: it is 1 or 0, and was
    meant as a constraint."""
    graph = asked.graph
    if graph.answer == "value" and symbol_of(graph.nodes[graph.output].gate, COMPARE):
        condition = in_words(graph)[graph.output]
        raise UsageError(
            f"the last statement is a condition, which has no slope: {condition}",
            f'a constraint is an option: --subject-to "{condition}"',
        )
