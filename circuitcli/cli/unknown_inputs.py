"""Errors for values of names that are no inputs, with a hint which inputs there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from circuitcli.errors import InputError
from circuitcli.text_tests import text_test
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.graph import Graph
    from circuitcli.read_circuit import ReadCircuit


def refuse_unknown(
    circuit: ReadCircuit, text: str, data: bool, given: Collection[str], sets: Sequence[str], options: Collection[str]
) -> None:
    """Raise InputError for a value of a name that is no input of a circuit, among those `given` by the words `sets`;
    `data` says whether there are rows."""
    graph, _ = circuit.bind(dict.fromkeys(given, 0.0), {})
    for name in given:
        if name in graph.inputs:
            continue
        if name in graph.names:
            from circuitcli.nested_names import to_set

            if not graph.depends_on(graph.inputs.values())[graph.names[name]]:
                raise InputError(f"{name} is the answer, not an input", f"to set it, add a line that uses {name}")
            missing = [other for other in graph.inputs if other not in (*given, *graph.defaults)]
            names = to_set([other for other in missing if not text_test(other)], given)
            values = some_of([f"-{other} VALUE" for other in names], " ")
            raise InputError(
                f"{name} is a node that depends on inputs, not an input",
                f"leave out -{name}" + (f", and add {values}" if values and not data else ""),
            )
        from circuitcli.cli.index_numbers import refuse_index_numbers
        from circuitcli.cli.unknown_options import meant
        from circuitcli.language.names import near
        from circuitcli.nested_names import families

        refuse_index_numbers(text, sets)
        shown = " ".join(text.split())
        shown = shown if len(shown) <= 40 else "the expression"
        close = near(name, [*graph.inputs, *families(graph.inputs)])
        if not close and (found := meant(name, options)):
            raise InputError(
                f"{name} is not an input of {shown}",
                f"did you mean {' or '.join(found)}? One dash sets an input, two dashes an option.",
            )
        raise InputError(
            f"{name} is not an input of {shown}",
            f"did you mean -{close}?" if close else _instead_of_inputs(graph, text, given),
        )


def of_products(hint: str, text: str, given: Collection[str]) -> str:
    """A hint on a name that is a product of names, with the whole text."""
    from circuitcli.language.syntax import mistake_in
    from circuitcli.language.whole_texts import product_hint

    return product_hint(hint, text, mistake_in, given)


def _instead_of_inputs(graph: Graph, text: str, given: Collection[str]) -> str:
    """The hint for values of names that are no inputs: what to write for the inputs that there are."""
    from circuitcli.language.word_hints import instead_of_name

    if not graph.inputs:
        return f"leave out {some_of([f'-{name}' for name in given])}: there are no inputs"
    found = next(filter(None, (instead_of_name(name, given) for name in graph.inputs if name not in given)), "")
    found = of_products(found, text, given)
    return f"{found}; its inputs are: {_inputs(graph)}" if found else f"its inputs are: {_inputs(graph)}"


def _inputs(graph: Graph) -> str:
    """The inputs that may be set, as a list in words."""
    from circuitcli.nested_names import in_short

    return some_of(in_short(name for name in graph.inputs if not text_test(name))) or "none"
