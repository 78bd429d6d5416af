"""Hints for words of --init that are no distribution: those of other libraries, and numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from circuitcli.name_lists import listed
from circuitcli.nested_names import families, indices_of, shape_of, spelled_out, stem_of
from circuitcli.visible_text import some_of

_BY_SHAPE = {  # of a matrix with as many columns as there are inputs, by Glorot and Bengio 2010, He et al. 2015
    "xavier": "sqrt(2/{both})",
    "glorot": "sqrt(2/{both})",
    "he": "sqrt(2/{ins})",
    "kaiming": "sqrt(2/{ins})",
    "lecun": "sqrt(1/{ins})",
}
_NUMBERS = {"zeros": "0", "zero": "0", "ones": "1", "one": "1"}
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"


def instead_of_start(name: str, text: str, inputs: Sequence[str]) -> str:
    """Return the option to write for a start that is no distribution of two numbers; the `inputs` may begin so."""
    if not text and re.search(r"\W", name.partition("[")[0]):
        name, text = "", name
    name = name or next((stem_of(each) for each in families(inputs)), next(iter(inputs), "NAME"))
    found = re.match(r"\s*([^\W\d]\w*)?\s*\(?(.*?)\)?\s*$", text)
    word, inside = (found[1] or "", found[2]) if found else ("", "")
    numbers = listed(inside) if inside else []
    by_shape = next((form for other, form in _BY_SHAPE.items() if word.lower().startswith(other)), "")
    if by_shape:
        ins, outs = _sides(spelled_out([name], inputs))
        return written(name, "normal", f"0, {by_shape.format(ins=ins, both=ins + outs)}")
    is_uniform = re.match(r"uni|rand(?:om)?$|u$", word, re.IGNORECASE)
    kind = "uniform" if is_uniform else "normal"
    pair = "-1, 1" if is_uniform else "0, 1"
    if len(numbers) == 2:
        pair = ", ".join(numbers)
    elif word and len(numbers) == 1 and re.fullmatch(_NUMBER, numbers[0]) and float(numbers[0]) > 0.0:
        is_size = word.lower().startswith(("rand", "zeros", "ones"))
        pair = pair if is_size else f"-{numbers[0]}, {numbers[0]}" if is_uniform else f"0, {numbers[0]}"
    number = text if re.fullmatch(_NUMBER, text) else _NUMBERS.get(word.lower(), "")
    return written(name, kind, pair) + (f"; -{name} {number} begins at one number" if number else "")


def written(name: str, kind: str, numbers: str) -> str:
    """Return the hint to write an option."""
    return f'write --init "{name or "NAME"}={kind}({numbers})"'


def apart(start: Mapping[str, float]) -> list[str]:
    """Return the note on families whose elements start at one number, if there are any: a draw starts them apart."""
    alike = [
        stem for stem, names in families(start).items() if len(names) > 1 and len({start[name] for name in names}) == 1
    ]
    draws = " ".join(f'--init "{stem}=normal(0, 0.5)"' for stem in alike)
    return [f"the elements of {some_of(alike)} start at one number: {draws} starts them apart"] if alike else []


def _sides(elements: Sequence[str]) -> tuple[int, int]:
    """Return how many inputs and outputs a layer with such weights has."""
    shape = shape_of(sorted(elements, key=indices_of)) or (len(elements),)
    return (shape[-1], shape[0]) if len(shape) > 1 else (shape[0], 1)
