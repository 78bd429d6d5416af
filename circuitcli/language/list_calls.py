"""Forms of NumPy and MATLAB for whole lists, x.sum(), x' * y and A @ x, each as a call: sum(x), matmul(x, y)."""

from __future__ import annotations

import re

from circuitcli.language.free_indices import Shapes

_NAME = r"\b([^\W\d]\w*)"
_GROUP = r"\((?:[^()@]|\((?:[^()@]|\([^()@]*\))*\))*\)"
_OPERAND = rf"(?:[^\W\d]\w*(?:{_GROUP})?|{_GROUP})"
_LENGTHS = "len|size|length|numel"
_FORMS = (
    (r"(?<![\w.])(?:np|numpy|jnp|torch|F|nn)\.(?:linalg\.|functional\.)?(?=\w+\s*\()", ""),
    (r"\b(?:dot|inner|vdot|mm|mv)(?=\()", "matmul"),
    (r"\bavg(?=\()", "mean"),
    (rf"{_NAME}\[\s*:\s*\]", r"\1"),
    (rf"{_NAME}\.(?:T\b|t\(\)|transpose\(\))", r"transpose(\1)"),
    (rf"{_NAME}\.(?:size|length|len|shape\[0\])\b(?:\(\))?", r"len(\1)"),
    (rf"{_NAME}\.(sum|mean|max|min|prod|norm|std|var)\(\)", r"\2(\1)"),
    (rf"{_NAME}\.matmul\(", r"matmul(\1, "),
    (rf"{_NAME}'\s*\*\s*([^\W\d]\w*)", r"matmul(\1, \2)"),
    (rf"{_NAME}'", r"transpose(\1)"),
    (r"\.(?=[*/^])", ""),
    (r"\bsoftmax\(([^()]+)\)", r"exp(\1 - logsumexp(\1))"),
    (r"\bvar\((\w+)\)", r"(sum((\1 - mean(\1))^2)/(len(\1) - 1))"),
    (r"\bstd\((\w+)\)", r"sqrt(sum((\1 - mean(\1))^2)/(len(\1) - 1))"),
)


def as_calls(text: str, shapes: Shapes) -> str:
    """Return a text in which lists of some shapes are as they would be in Python, with calls and elements of ours."""
    text = re.sub(rf"{_NAME}\[-(\d+)\]", lambda found: _from_the_end(found, shapes), text)
    text = re.sub(rf"{_NAME}\[([01]):(\d+)\]", lambda found: _from_end_to_end(found, shapes), text)
    text = re.sub(rf"{_NAME}(?:\((\d+(?:,\s*\d+)*)\)|\{{(\d+)\}})", lambda found: _element(found, shapes), text)
    for form, written in _FORMS:
        text = re.sub(form, written, text)
    text = re.sub(rf"\b(?:{_LENGTHS})\((\w+)\)", lambda found: _length(found, shapes), text)
    before = ""
    while "@" in text and text != before:
        before, text = text, re.sub(rf"({_OPERAND})\s*@\s*({_OPERAND})", r"matmul(\1, \2)", text, count=1)
    return re.sub(rf"{_NAME}\s*\*\s*([^\W\d]\w*)(?![\w(\[])", lambda found: _product(found, shapes), text)


def _product(found: re.Match[str], shapes: Shapes) -> str:
    """Return a product of a matrix and a vector as MATLAB has it; another product as it is."""
    matrix, vector = (shapes.get(name, ()) for name in found.groups())
    return f"matmul({found[1]}, {found[2]})" if len(matrix) == 2 and vector == matrix[1:] else found[0]


def _from_the_end(found: re.Match[str], shapes: Shapes) -> str:
    """Return an element of a list that is counted from its end, x[-1], by its number."""
    shape, number = shapes.get(found[1], ()), int(found[2])
    return f"{found[1]}[{shape[0] + 1 - number}]" if len(shape) == 1 and 0 < number <= shape[0] else found[0]


def _from_end_to_end(found: re.Match[str], shapes: Shapes) -> str:
    """Return a part that is the whole list, x[0:3] in Python and x[1:3] in MATLAB, as that."""
    return found[1] if shapes.get(found[1]) == (int(found[3]),) else found[0]


def _element(found: re.Match[str], shapes: Shapes) -> str:
    """Return an element of MATLAB, x(1), as ours; a call as it is."""
    return f"{found[1]}[{found[2] or found[3]}]" if found[1] in shapes else found[0]


def _length(found: re.Match[str], shapes: Shapes) -> str:
    """Return the length of a list; another call as it is."""
    return str(shapes[found[1]][0]) if found[1] in shapes else found[0]
