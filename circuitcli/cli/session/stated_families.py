"""Families in a session whose elements statements name, beside the values that other elements of them have."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from circuitcli.cli.input_values import value
from circuitcli.cli.session.family_lists import elements_of, is_list
from circuitcli.cli.uncertain_numbers import is_uncertain
from circuitcli.errors import ExpressionError
from circuitcli.language.names import is_element
from circuitcli.language.statements import FAMILY, StatementText, pieces
from circuitcli.nested_names import indices_of, stem_of
from circuitcli.render.number_format import full

_LOOPS = re.compile(r"(\w+)\[\s*([^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*)\s*\]\s*=\s*(.*?)\s+(for\s.*)", re.DOTALL)


def values_of(stem: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return the values that the elements of a family have, by themselves or in a list."""
    found = elements_of(stem, values[stem]) if is_list(values.get(stem, "")) else {}
    return found | {name: text for name, text in values.items() if stem_of(name) == stem != name}


def values_beside(parts: Sequence[StatementText], values: Mapping[str, str]) -> list[StatementText]:
    """Return statements of the values that elements have in families that other statements name: in a text an element
    of such a family is no input, unless it has a value above."""
    uses = {use for piece in parts for use in piece.uses}
    named = {piece.name for piece in parts}
    stems = dict.fromkeys(stem_of(piece.name) for piece in parts if piece.name.endswith("]"))
    found: dict[str, str] = {}
    for stem in stems:
        known = values_of(stem, values)
        if stem in values and not is_list(values[stem]):  # one for all, also for those that have none alone
            known = {use: values[stem] for use in uses if stem_of(use) == stem and is_element(use)} | known
        found |= {name: text for name, text in known.items() if name in uses or stem + FAMILY in uses}
    return [
        pieces(f"{name} = {full(value(name, text).number) if is_uncertain(text) else text}")[0]
        for name, text in found.items()
        if name not in named
    ]


def without(names: Collection[str], stem: str, values: dict[str, str]) -> None:
    """Take the values of some elements of a family away."""
    known = values_of(stem, values)
    if known.keys() & {*names}:
        if is_list(values.get(stem, "")):
            del values[stem]
        for name in known:
            values.pop(name, None)
        values.update({name: text for name, text in known.items() if name not in names})


def refuse_unknown(piece: StatementText, known: Collection[str]) -> None:
    """Raise ExpressionError for the definition of an element by one of its family that has no value."""
    stem = stem_of(piece.name)
    for use, span in piece.uses.items():
        if is_element(use) and stem_of(use) == stem and not {use, stem, stem + FAMILY}.intersection(known):
            hint = f"write for example {use} = 1 before"
            raise ExpressionError(f"{use} has no value yet", piece.text, *span, hint)


def second(piece: StatementText, family: StatementText) -> ExpressionError:
    """Return the error for an element that the statement of its family names already."""
    name, stem = piece.name, stem_of(piece.name)
    hint = f"write :forget {stem}"
    if found := _LOOPS.fullmatch(family.statement):
        places = zip(map(str.strip, found[2].split(",")), indices_of(name), strict=False)
        test = " and ".join(f"{loop} == {index}" for loop, index in places)
        hint = f"write {stem}[{found[2]}] = {test} ? {piece.value().statement} : ({found[3]}) {found[4]}"
    end = piece.text.index("=", piece.start)
    message = f"{name} is named by the statement of {stem}[] already"
    return ExpressionError(message, piece.text, piece.start, end, hint)
