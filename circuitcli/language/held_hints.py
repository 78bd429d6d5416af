"""Hints for roots and integrals as other tools write them: quad(f, 0, 1), integrate(f, (t, 0, 1)), fsolve(f, 1)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from circuitcli.constants import CONSTANTS
from circuitcli.language.excerpts import arguments_of, bare
from circuitcli.language.names import canonical, is_constant, is_name

INTEGRALS = ("int", "integral", "integrate", "nintegrate", "quad", "integ", "defint")
ROOTS = ("root", "findroot", "find_root", "fsolve", "nsolve", "fzero", "brentq", "newton", "root_scalar", "uniroot")
BOUND = ("t", "x", "s", "u", "y", "z", "theta", "tau")  # by what integrals are taken, the likeliest first


def held_form(word: str, arguments: Sequence[str]) -> str:
    """Return the call here that a call elsewhere means; empty where it means none."""
    kind = "integral" if word.lower() in INTEGRALS else "root" if word.lower() in ROOTS else ""
    if not kind or not arguments or not _is_read(arguments[0], kind, len(arguments)):
        return ""
    body, *rest = arguments
    if len(rest) == 1 and rest[0].startswith("("):
        rest = arguments_of(bare(rest[0]))  # as SymPy has them, (t, 0, 1)
    names = _names(body)
    if rest and (found := re.fullmatch(r"(\w+)\s*=\s*(.+?)(?:\s*(?:\.\.|:)\s*(.+))?", rest[0])):
        rest = [part for part in found.groups() if part] + rest[1:]
    name = rest[0] if rest and is_name(rest[0]) and (rest[0] in names or len(rest) != 1 + (kind == "integral")) else ""
    ends = [*rest[1:]] if name else [*rest]
    if name in CONSTANTS or (name and _is_in(name, ends)):
        return ""
    name = name or next((word for word in (*BOUND, *names) if word in names and not _is_in(word, ends)), "")
    if not name or name not in names:
        return ""
    if kind == "root":
        return f"root({name}: {body}, {ends[0] if ends else 1})"
    first, last = ends[:2] if len(ends) >= 2 else ("0", "1")
    return f"integral({name}: {body}, {first}, {last})"


def _is_read(body: str, kind: str, count: int) -> bool:
    """Whether the first argument of a call is the expression that it is about: root(x, 3) is another root, int(x) the
    whole part."""
    if "=" in body or "lambda" in body or ":" in body:
        return False
    return count > 1 and (kind == "integral" or re.search(r"[-+*(]", body) is not None)


def _is_in(name: str, ends: Sequence[str]) -> bool:
    return any(name in _names(end) for end in ends)


def _names(text: str) -> list[str]:
    words = dict.fromkeys(canonical(word) for word in re.findall(r"(?<![\w.])[^\W\d]\w*\b(?!\s*\()", text))
    return [word for word in words if is_name(word) and not is_constant(word)]
