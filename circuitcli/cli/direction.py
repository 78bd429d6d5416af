"""The direction of `grad --along`: x=1,y=-2, a component for each input that moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuitcli.cli.input_values import Value, value
from circuitcli.errors import InputError, UsageError
from circuitcli.graph import Graph
from circuitcli.language import canonical
from circuitcli.name_lists import listed, spread_over
from circuitcli.nested_names import families, first_and_last, in_short, indices_of
from circuitcli.text_tests import text_test
from circuitcli.visible_text import MOST_NAMES, some_of


def direction_of(texts: Sequence[str], graph: Graph) -> dict[str, Value]:
    """The components of a direction by the inputs that have one. Raises InputError for what is no input or no finite
    number."""
    found: dict[str, Value] = {}
    known = [name for name in graph.inputs if text_test(name) is None]
    members = {stem: elements for stem, elements in families(known).items() if stem not in known}
    example = f"write for example --along {','.join(f'{name}=1' for name in known[:2])}"
    for part in [part for text in texts for part in listed(text)]:
        name, sign, number = part.partition("=")
        name = canonical(name.strip())
        if not sign or not name or not number.strip():
            raise UsageError(f"--along {part} gives no input a component", _as_a_list(texts, members) or example)
        if name not in known and name not in members:
            from circuitcli.cli.near_names import nearly

            hint = next(filter(None, (nearly("--along", text, known) for text in texts if part in listed(text))), "")
            raise InputError(
                f"--along {part}: {name} is no input", hint or f"the inputs are: {some_of(in_short(known)) or 'none'}"
            )
        elements = sorted(members.get(name, [name]), key=indices_of)
        numbers = spread_over(number, elements) if name in members else [number]
        if len(numbers) != len(elements):
            ones = ",".join(["1"] * min(len(elements), MOST_NAMES))
            few = f", or --along '{name}=[{ones}]'" if len(elements) <= MOST_NAMES else ""
            told = f"{name} has {len(elements)} elements, {first_and_last(elements)}"
            raise UsageError(
                f"--along {part} has {len(numbers)} components, and {told}", f"write --along {name}=1{few}"
            )
        for element, text in zip(elements, numbers, strict=True):
            if element in found:
                raise InputError(f"--along has two components for {element}", "keep one of them")
            try:
                component = value(f"the component of {element}", text)
            except InputError as error:
                error.hint = _as_a_list(texts, members) or error.hint
                raise
            if component.sigma:
                what = f"--along {part}: a direction has no uncertainty"
                raise UsageError(what, f"write {element}={component.number:g}")
            if not abs(component.number) < float("inf"):
                raise InputError(f"--along {part}: a direction is finite", example)
            found[element] = component
    return found


def _as_a_list(texts: Sequence[str], members: Mapping[str, Sequence[str]]) -> str:
    """The hint for the components of a family in another notation, x=1,2,3; empty where they are no such."""
    from circuitcli.cli.number_rows import rows_of

    for text in texts:
        name, _, numbers = text.partition("=")
        rows = rows_of(numbers)
        if rows and len(members.get(canonical(name.strip()), ())) == sum(map(len, rows)):
            return f'write --along "{name.strip()}=[{";".join(map(",".join, rows))}]"'
    return ""
