"""Values for a whole family: -W 0 is one for all elements, -x "1, 2, 3" has one for each."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from circuitcli.errors import InputError
from circuitcli.name_lists import listed, spread_over
from circuitcli.nested_names import families, first_and_last, indices_of, shape_of

LONGEST = 60  # characters of a value in a hint
_SHOWN = 6  # values in a hint


def elements_set(sets: Sequence[str], inputs: Collection[str]) -> list[str]:
    """Return what the command line sets, NAME=VALUE, with each element in the place of its family. A value of one
    element is the more particular and goes before that of its family.

    Raises InputError where a family is set twice, or to more or fewer values than it has elements.
    """
    from circuitcli.language import canonical

    known = families(inputs)
    found: dict[str, str] = {}
    single = []
    for assignment in sets:
        name, _, text = assignment.partition("=")
        stem = canonical(name.replace(" ", ""))
        if stem in inputs or stem not in known:
            single.append(f"{stem}={text}")
        elif known[stem][0] in found:
            raise InputError(f"{stem} is set twice", f"keep one of the -{stem}")
        else:
            elements = sorted(known[stem], key=indices_of)
            found.update(zip(elements, _values(stem, text, elements), strict=True))
    named = {assignment.partition("=")[0] for assignment in single}
    return [*(f"{name}={text}" for name, text in found.items() if name not in named), *single]


def _values(stem: str, text: str, elements: Sequence[str]) -> list[str]:
    """Return the values of the elements in a text: one for all, or as many, separated by commas, and the rows of a
    matrix by semicolons too or each in brackets."""
    parts = spread_over(text, elements)
    if len(parts) != len(elements):
        raise _other_number(stem, text, parts, elements)
    _refuse_other_rows(stem, text, parts, shape_of(elements))
    return parts


def _other_number(stem: str, text: str, parts: Sequence[str], elements: Sequence[str]) -> InputError:
    """Return the error for more or fewer values than a family has elements."""
    from circuitcli.cli.number_rows import in_our_form, rows_of

    rows, most = rows_of(text), len(elements)
    family = f"{stem} has {most} element{'s' * (most != 1)}, {first_and_last(elements)}"
    if sum(map(len, rows)) == most:
        what = (
            f"-{stem} has values that commas do not part: {text}"
            if all(parts)
            else f"-{stem} has an empty value: {text}"
        )
        return InputError(f"{what}, and {family}", f"write -{stem} {in_our_form(rows)}")
    own = [part for part in parts if part]
    shown = [*own, *["0"] * most][: min(most, _SHOWN)]
    values = ",".join(shown) if " " not in "".join(shown) and most <= _SHOWN else f'"{", ".join(shown)}'
    values = values if most <= _SHOWN else f'{values}, ..."'
    count = f"{len(parts)} value{'s' * (len(parts) != 1)}"
    return InputError(f"-{stem} has {count}, and {family}", f"give one for all, -{stem} 0, or {most}: -{stem} {values}")


def _refuse_other_rows(stem: str, text: str, values: Sequence[str], shape: Sequence[int]) -> None:
    """Raise InputError where a text tells of rows that the family has not, as of a matrix that lies on its side."""
    inner = re.findall(r"\[([^][]*)\]", text) if re.match(r"\s*\[\s*\[", text) else text.strip(" []").split(";")
    rows = [len(listed(row)) for row in inner]
    if len(rows) == 1 or len(shape) != 2 or rows == [shape[1]] * shape[0]:
        return
    there = f"{len(rows)} rows of {' and '.join(map(str, dict.fromkeys(rows)))}"
    mended = "; ".join([", ".join(values[k : k + shape[1]]) for k in range(0, len(values), shape[1])])
    hint = f'write -{stem} "{mended}"' if len(mended) <= LONGEST else "give its rows as they are, with ; between them"
    raise InputError(f"-{stem} has {there} values, and {stem} has {shape[0]} rows of {shape[1]}", hint)
