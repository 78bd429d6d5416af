"""Claims in forms of other programs, as they are written here: L: 2*L, {"L": "2*L"}, L -> 2*L, and commas between."""

from __future__ import annotations

import re
from collections.abc import Collection

from circuitcli.errors import ExpressionError
from circuitcli.language.free_names import input_names
from circuitcli.language.names import PREFIX, canonical
from circuitcli.language.syntax import parse

_NAME = r"[^\W\d][\w.]*(?:\[[\d, ]*\])?"
_BY = r"(?:[d∂]\w*\s*/\s*[d∂])?"  # before the name in dq/dL
_SIGN = "=>|->|:=|:|=(?!=)"
_STATEMENT = re.compile(rf"(?P<quote>[\"']?){_BY}({_NAME})(?P=quote)\s*({_SIGN})\s*(.+)", re.DOTALL)
_BETWEEN = re.compile(rf"[;,\n]\s*(?=[\"']?{_BY}{_NAME}[\"']?\s*(?:{_SIGN}))|[;\n]")


def begins_otherwise(text: str) -> bool:
    """Whether a text begins as a claim of another program does."""
    return re.match(rf"\s*{{?\s*[\"']?{_NAME}[\"']?\s*(?::|->|=>)", text) is not None


def written_claims(text: str, inputs: Collection[str]) -> str:
    """Return the statements `NAME = EXPRESSION` that a text means, about some inputs; empty where it means none."""
    known = {*inputs, *(PREFIX + name for name in inputs)}
    usable = {*inputs}
    inside = text.strip()
    if inside[:1] == "{" and inside[-1:] == "}":
        inside = inside[1:-1].strip()
    found = []
    for part in filter(None, map(str.strip, _BETWEEN.split(inside))):
        if (statement := _STATEMENT.fullmatch(part)) is None:
            return ""
        _, name, sign, right = statement.groups()
        right = right.strip()
        if right[:1] == right[-1:] and right[:1] in ("'", '"'):
            right = right[1:-1]
        name = name[1:] if canonical(name) not in known and name[1:] in known and name[0] in "d∂" else name
        is_claim = canonical(name) in known
        if not (is_claim or sign == "=") or not _is_of(right, usable):
            return ""
        if not is_claim:
            usable.add(canonical(name))
        found.append(f"{name} = {right}")
    return "; ".join(found) if len(usable) - len({*inputs}) < len(found) else ""


def _is_of(text: str, names: Collection[str]) -> bool:
    """Whether a text is an expression of some names."""
    try:
        program = parse(text)
        return program.statements[0].left is None and {*input_names(program)} <= {*names}
    except ExpressionError:
        return False
