"""A circuit as code and as LaTeX, as Python asks for them."""

from __future__ import annotations

from circuitcli.errors import CircuitError, UsageError
from circuitcli.export.languages import LANGUAGES, Language
from circuitcli.language import graph_of, parse
from circuitcli.library.asked_names import Wrt, asked_names
from circuitcli.read_circuit import Inputs, ReadCircuit
from circuitcli.render.number_format import full
from circuitcli.text_tests import refuse_tests, text_test

MOST_NODES = 1_000  # of a circuit whose equations a notebook sets unasked


def exported_text(circuit: ReadCircuit, to: str, wrt: Wrt, point: Inputs | None, inputs: Inputs) -> str | bytes:
    """The circuit in a language of the table, with values for some inputs as their defaults. Raises UsageError for a
    language that is none, and for what it has no form of."""
    language = _language(to)
    if wrt is not None and not language.slopes:
        raise UsageError(f"wrt is for derivatives, and {language.title} describes the circuit", "leave it out")
    refuse_tests([name for name in circuit.inputs if text_test(name)])
    graph, given = circuit.bind(point, inputs)
    return language.content(
        graph, asked_names(graph, given, wrt), {name: graph_of(parse(full(x))) for name, x in given.items()}
    )


def equations_of(circuit: ReadCircuit) -> str | None:
    """The equations of a circuit alone in LaTeX, for a notebook; None for those that have no form there, and for too
    many."""
    if len(circuit.graph.nodes) > MOST_NODES or any(map(text_test, circuit.inputs)):
        return None
    try:
        text = LANGUAGES["latex"].text(circuit.graph, [], {})
    except CircuitError:
        return None
    return text[text.index(r"\begin") :].rstrip("\n")  # without the package that a document has to load


def _language(name: str) -> Language:
    found = next((row for row in LANGUAGES.values() if name == row.name or name in row.aliases), None)
    if found is None:
        from circuitcli.language.names import near

        known = [alias for row in LANGUAGES.values() for alias in (row.name, *row.aliases)]
        close = near(name, known) if isinstance(name, str) else ""
        hint = f"did you mean {close!r}?" if close else f"there are: {', '.join(LANGUAGES)}"
        raise UsageError(f"{name!r} is no language that circuits are exported to", hint)
    return found
