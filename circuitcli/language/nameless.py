"""The hint for a statement without a name above others, which nothing can use: a*b; tanh(n)."""

from __future__ import annotations

from collections.abc import Collection

from circuitcli.language.excerpts import NEARBY, QUOTED
from circuitcli.language.free_names import input_names
from circuitcli.language.syntax import parse
from circuitcli.wording import between_values, value_of, values_of


def of_a_nameless_statement(text: str, known: Collection[str]) -> str:
    """Return what to write where a statement has no name and a later one uses a name without a value; empty where
    there is no such statement, or where all names are known or also its own."""
    if len(text) > NEARBY:
        return ""
    program = parse(text)
    ends = [token.start_pos for token in program.separators]
    starts = [0, *(token.end_pos for token in program.separators)]
    spans = [(a, b) for a, b in zip(starts, [*ends, len(text)], strict=True) if text[a:b].partition("#")[0].strip()]
    if len(spans) != len(program.statements):
        return ""
    for (start, end), statement in zip(spans[:-1], program.statements, strict=False):
        body = text[start:end].strip()
        if statement.left is not None or "#" in body:
            continue
        own = input_names(parse(body))
        unknown = [name for name in input_names(program) if name not in known]
        others = [name for name in unknown if name not in own and name.isidentifier()]
        if not others:
            return ""
        what = f"{body if len(body) <= QUOTED else '(...)'} has no name, so nothing uses it"
        if len(others) > 1:
            return f"{what}: name it, as in {others[0]} = {body}; or add {between_values().join(values_of(unknown))}"
        values = values_of(name for name in unknown if name in own)
        whole = f"{text[:start]}{text[start:end].replace(body, f'{others[0]} = {body}', 1)}{text[end:]}".strip()
        also = f", and add {between_values().join(values)}" if values else f"; or add {value_of(others[0])}"
        return f"{what}: write {whole}{also}"
    return ""
