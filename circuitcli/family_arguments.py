"""Families as arguments in Python: W=[[1, 2], [3, 4]], W=0 for all of it, or an array of its shape."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import repeat
from math import prod
from typing import Any, NamedTuple

from circuitcli.errors import InputError
from circuitcli.language import canonical
from circuitcli.nested_names import block_shape, families, first_and_last, indices_of, leaves, lists_of, nested

MOST_SHOWN = 12  # elements of a family in a hint


class Family(NamedTuple):
    """The elements of a family in the order of their indices, and the lengths of the lists that hold them; () where
    some are not there."""

    elements: list[str]
    shape: tuple[int, ...]


Families = Mapping[str, Family]
Forms = Mapping[str, bool]  # the families that were given whole, and whether as arrays


def families_of(inputs: Collection[str]) -> Families:
    """Return the families among the inputs, by their names."""
    found = {
        stem: sorted(elements, key=indices_of) for stem, elements in families(inputs).items() if stem not in inputs
    }
    return {stem: Family(elements, block_shape(elements)) for stem, elements in found.items()}


def elements_of(names: Sequence[str], known: Families) -> list[str]:
    """Return the names, and for a family its elements."""
    named = [*map(canonical, names)]
    return [element for name in named for element in (known[name].elements if name in known else [name])]


def spread(given: Mapping[str, Any], known: Families) -> tuple[dict[str, Any], dict[str, bool]]:
    """Return the values with one for each element in the place of a family, and the families that were there as lists,
    arrays or one number. A value of one element goes before that of its family. Raises InputError for another shape."""
    flat: dict[str, Any] = {}
    forms: dict[str, bool] = {}
    for name, content in given.items():
        stem = canonical(name)
        if stem in known and isinstance(content, Mapping):
            flat.update(_by_index(stem, content, known[stem]))
        elif stem in known:
            flat.update(zip(known[stem].elements, _values(stem, content, known[stem]), strict=True))
            forms[stem] = _is_array(content)
    return flat | {name: x for name, x in given.items() if canonical(name) not in known}, forms


def as_given(slopes: Mapping[str, Any], forms: Forms, known: Families) -> dict[str, Any]:
    """Return derivatives, those by families in the form in which these were given; of one number for all: in lists."""
    lists: dict[str, object] = {}
    stems: dict[str, str] = {}
    for stem, array in forms.items():
        elements, shape = known[stem]
        if shape and all(element in slopes for element in elements):
            lists[stem] = _joined([slopes[element] for element in elements], shape, array)
            stems |= dict.fromkeys(elements, stem)
    found: dict[str, Any] = {}
    for name, slope in slopes.items():
        stem = stems.get(name, "")
        found[stem or name] = lists[stem] if stem else slope
    return found


def _by_index(stem: str, content: Mapping[Any, Any], family: Family) -> dict[str, Any]:
    """Return the values of elements in a mapping by index, as JSON has it. Raises InputError for an index beyond."""
    found = dict(leaves(stem, dict(content), family.elements))
    for name in found:
        if name not in family.elements:
            what = f"{stem} is no mapping by index" if name == stem else f"{stem} has no element {name}"
            hint = f"its elements are {first_and_last(family.elements)}: {stem}={_example(stem, family)}"
            raise InputError(what, hint)
    return found


def _example(stem: str, family: Family) -> object:
    """Return zeros for the elements of a family, as JSON has them."""
    return nested(dict.fromkeys(family.elements[:MOST_SHOWN], 0))[stem]


def _joined(values: Sequence[Any], shape: tuple[int, ...], array: bool) -> object:
    nested = lists_of(shape, iter(values))
    if not array:
        return nested
    import numpy as np

    return np.array(nested) if len({np.shape(x) for x in values}) == 1 else nested


def _values(stem: str, content: Any, family: Family) -> list[Any]:
    """Return the value of each element: one for all, or what stands in its place."""
    elements, shape = family
    if not isinstance(content, (list, tuple)) and not _is_array(content):
        return [content] * len(elements)
    if not shape:
        hint = f"give each its value, {stem}={_example(stem, family)}, or one for all: {stem}=0"
        raise InputError(f"{stem} is no whole list: some of {first_and_last(elements)} are not there", hint)
    content = _plain(content)
    found = _shape(stem, content, shape, len(shape))
    if found != shape:
        own = f"its elements {first_and_last(elements)} have the shape {shape}"
        raise InputError(f"{stem} is given the shape {found}, and {own}", _hint(stem, shape))
    return [*_leaves(content, len(shape))]


def _hint(stem: str, shape: tuple[int, ...]) -> str:
    """The hint on what a family takes."""
    whole = f"write {stem}={lists_of(shape, repeat(0))}, or" if prod(shape) <= MOST_SHOWN else "write"
    return f"{whole} one number for all, {stem}=0; over rows, a list has an array in each place"


def _is_array(x: object) -> bool:
    return hasattr(x, "__array__") and getattr(x, "ndim", 1) > 0


def _plain(content: Any) -> Any:
    """Return an array as nested lists."""
    if not _is_array(content):
        return content
    import numpy as np

    return np.asarray(content).tolist()


def _shape(stem: str, content: Any, wanted: tuple[int, ...], depth: int) -> tuple[int, ...]:
    """Return the lengths of nested lists; an array within `depth` lists is one of rows. Raises InputError where lists
    beside each other differ."""
    if depth > 0:
        content = _plain(content)
    if not isinstance(content, (list, tuple)):
        return ()
    inner = {_shape(stem, x, wanted, depth - 1) for x in content}
    if len(inner) > 1:
        raise InputError(f"the lists in {stem} differ in length, and it has the shape {wanted}", _hint(stem, wanted))
    return (len(content), *next(iter(inner), ()))


def _leaves(content: Any, depth: int) -> Iterator[Any]:
    if depth == 0:
        yield content
    else:
        for x in _plain(content):
            yield from _leaves(x, depth - 1)
