"""Lists in a session: x = 1, 2, 3 and W = [[1, 2], [3, 4]] are values of families."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from circuitcli.cli.input_values import value
from circuitcli.errors import CircuitError, InputError
from circuitcli.language import canonical, is_name
from circuitcli.name_lists import listed, parts_of, spread_over
from circuitcli.nested_names import families, indices_of, leaves, nested

_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")


def list_in(text: str, known: Collection[str]) -> tuple[str, str] | None:
    """Return the name and the values of a line such as x = 1, 2, 3; None for another line. 1,5 are two values for a
    family that is `known` alone, for else it is a number of another country."""
    name, equal, right = (part.strip() for part in text.partition("#")[0].partition("="))
    name = canonical(name)
    is_assignment = bool(equal) and "=" not in right and is_name(name) and not name.endswith("]")
    if not is_assignment or not is_list(right) or ("," not in right and "[" not in right):
        return None
    if name not in known and _DECIMAL_COMMA.fullmatch(right):
        return None
    try:
        for part in parts_of(right):
            value(name, part)
    except CircuitError:
        return None
    return name, right


def instead_of_comma(text: str) -> str:
    """The hint for a line such as x = 1,5; empty for another line."""
    name, equal, right = (part.strip() for part in text.partition("="))
    if not equal or not is_name(name) or not _DECIMAL_COMMA.fullmatch(right):
        return ""
    return f"write {name} = {right.replace(',', '.')}; two values are {name} = {right.replace(',', ', ')}"


def is_list(text: str) -> bool:
    """Whether the value of an input is that of a family, one for each element."""
    return text.startswith("[") or len(parts_of(text)) > 1


def of_families(values: Mapping[str, str], inputs: Collection[str]) -> dict[str, str]:
    """Return the values of elements whose family has them: one for all, or a list, by its places from 1 on, else in the
    order of the elements. Raises InputError where a list is the value of one number."""
    found: dict[str, str] = {}
    for stem, elements in families(inputs).items():
        if stem in values and stem not in inputs:
            found.update(_of_family(stem, values[stem], sorted(elements, key=indices_of)))
    for name in inputs:
        if name in values and is_list(values[name]):
            first = parts_of(values[name])[0]
            raise InputError(
                f"{name} is a list, and one number is wanted", f"write {name}[1], or set it: {name} = {first}"
            )
    return found


def in_lists(found: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """Return the values of inputs, those of a family as a list where it is there whole; beside a longer list in
    `values` its elements stay by themselves."""
    lists: dict[str, str] = {}
    for key, content in nested(found).items():
        own = dict(leaves(key, content))
        longer = is_list(values.get(key, "")) and not {name for name, _ in leaves(key, _content(values[key]))} <= {*own}
        if isinstance(content, list) and not longer:
            lists[key] = _list_text(content)
        else:
            lists.update({name: str(text) for name, text in own.items()})
    return lists


def _list_text(content: object, inside: bool = False) -> str:
    """Return a list as it may be typed: 1, 2, 3 or [[1, 2], [3, 4]]; of one element in brackets."""
    if not isinstance(content, list):
        return str(content)
    text = ", ".join(_list_text(part, inside=True) for part in content)
    return f"[{text}]" if inside or len(content) == 1 or isinstance(content[0], list) else text


def elements_of(stem: str, text: str) -> dict[str, str]:
    """Return the values of a list by the elements of its family, the first index being 1."""
    return {name: str(part) for name, part in leaves(stem, _content(text))}


def _of_family(stem: str, text: str, elements: Sequence[str]) -> dict[str, str]:
    by_place = elements_of(stem, text)
    if is_list(text) and all(name in by_place for name in elements):
        return {name: by_place[name] for name in elements}
    parts = spread_over(text, elements)
    return dict(zip(elements, parts, strict=True)) if len(parts) == len(elements) else by_place


def _content(text: str) -> object:
    """Return a list as nested lists of texts; rows of a matrix end with semicolons or stand in brackets."""
    text = text.strip()
    inside = text[1:-1] if text.startswith("[") and len(listed(text)) == 1 else text
    if ";" in inside and "[" not in inside:
        return [listed(row) for row in inside.split(";")]
    parts = listed(inside)
    return [_content(part) if part.startswith("[") else part for part in parts]
