"""Hints for lists in a session: values in the notation of other tools, and expressions of whole lists."""

from __future__ import annotations

import re
from contextlib import suppress

from circuitcli.cli.number_rows import rows_of
from circuitcli.cli.session.family_lists import is_list
from circuitcli.cli.session.session_state import Session
from circuitcli.errors import CircuitError
from circuitcli.language import is_name
from circuitcli.language.list_forms import in_loops
from circuitcli.language.statements import pieces

_VECTOR = re.compile(r"c\((.*)\)")  # of R
_RANGE = re.compile(r"(\d{1,6}):(\d{1,6})")
_NO_LIST = re.compile(r"\d{1,3}( \d{3})+|[\d.]+ +[\d.]+")  # one number, 12 000, or a product, 2 3
_MOST = 20  # numbers of a range that a hint writes out


def of_lists(session: Session, text: str) -> str:
    """Return the hint for a line that cannot be answered, by the lists in it; empty where there are none."""
    return _of_a_value(text) or _of_an_expression(session, text)


def _of_a_value(text: str) -> str:
    """Return the hint for a line such as W = [1 2; 3 4] or x = 1:3."""
    name, equal, right = (part.strip() for part in text.partition("#")[0].partition("="))
    right = right.strip("\"'")
    if not equal or not is_name(name) or name.endswith("]") or _NO_LIST.fullmatch(right):
        return ""
    rows = rows_of(_VECTOR.sub(r"\1", right))
    if (ends := _RANGE.fullmatch(right)) and 0 < int(ends[2]) - int(ends[1]) < _MOST:
        rows = [[str(k) for k in range(int(ends[1]), int(ends[2]) + 1)]]
    if not rows:
        return ""
    lists = [", ".join(row) for row in rows]
    return f"write {name} = {lists[0]}" if len(lists) == 1 else f"write {name} = [{', '.join(f'[{x}]' for x in lists)}]"


def _of_an_expression(session: Session, text: str) -> str:
    """Return the hint for an expression of whole lists, in loops over these."""
    lists = {name: rows for name, value in session.values.items() if is_list(value) and (rows := rows_of(value))}
    shapes = {name: (len(rows), len(rows[0]))[len(rows) == 1 :] for name, rows in lists.items()}
    used = {name: shape for name, shape in shapes.items() if re.search(rf"\b{re.escape(name)}\b", text)}
    for meant in in_loops(text.strip(), used) if used else ():
        with suppress(CircuitError):
            asked = session.ask(pieces(meant)[-1])
            if meant != text.strip() and not asked.missing:
                return f"write {meant}"
    return ""
