"""Hints for values that are lists, -x 1,2,3, of names that are no family: the loops that are meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.number_rows import in_our_form, rows_of
from circuitcli.errors import CircuitError, InputError
from circuitcli.language import canonical
from circuitcli.language.list_forms import in_loops
from circuitcli.language.range_readings import other_readings
from circuitcli.name_lists import parts_of
from circuitcli.nested_names import families, indices_of
from circuitcli.visible_text import in_quotes, shell_word

_SEVERAL = "several are for a family: "


class _Meant(NamedTuple):
    """An expression in loops, the whole command of it, and whether it takes the values as they were typed."""

    text: str
    command: str
    as_typed: bool


def hint_on_text(command: str, text: str, files: Sequence[str], sets: Sequence[str], hint: str) -> str:
    """Return the hint for an expression that cannot be read, by the lists and the whole numbers among its values; where
    these do not tell, its own."""
    values = _values(sets)
    if meant := _in_loops(command, text, files, values):
        return f"write {meant.text if meant.as_typed else meant.command}"
    number = re.match(r"write (\w+) = 3; ", hint)
    if number is None or not values.get(number[1], "").isdigit():
        return hint
    typed = [f"-{name} {shell_word(value)}" for name, value in values.items() if name != number[1]]
    whole = f"{number[1]} = {values[number[1]]}; {hint[number.end() :]}"
    return " ".join([f"write circuit {command} {in_quotes(whole)}", *map(shell_word, files), *typed])


def hint_on_values(command: str, text: str, files: Sequence[str], sets: Sequence[str], error: InputError) -> InputError:
    """Return an error for values with the hint to write the expression in loops over them, where they are lists; else
    with its own."""
    values = _values(sets)
    names = [name for name, value in values.items() if rows_of(value)]
    if text.strip() in names:
        return error
    told = any(re.match(rf"(?:the value of |-)?{re.escape(name)} (?:is|has) ", error.message) for name in names)
    meant = _in_loops(command, text, files, values) if told else None
    if meant is None:
        return error
    before, several, _ = error.hint.partition(_SEVERAL)
    if several:
        error.hint = f"{before}{several}{meant.command}"
    else:
        step = next((f"{reading.told}; " for reading in other_readings(text)), "")
        error.hint = f"{step}write {meant.command}"
    return error


def takes_lists(command: str, text: str, files: Sequence[str], sets: Sequence[str]) -> str:
    """Return an expression, or one in loops, whose families have as many elements as the lists among its values; empty
    where there is none."""
    from circuitcli.read_circuit import ReadCircuit

    lists = {name: rows for name, value in _values(sets).items() if (rows := rows_of(value))}
    members = families(ReadCircuit(text, parts=bool(files)).inputs)
    if all(len(members.get(name, ())) == sum(map(len, rows)) for name, rows in lists.items()):
        return text
    meant = _in_loops(command, text, files, _values(sets))
    return meant.text if meant and meant.as_typed else ""


def _values(sets: Sequence[str]) -> dict[str, str]:
    return {canonical(name.strip()): value for name, _, value in (word.partition("=") for word in sets)}


def _in_loops(command: str, text: str, files: Sequence[str], values: dict[str, str]) -> _Meant | None:
    """Return the text in loops over the lists among its values; None where that has no meaning."""
    from circuitcli.read_circuit import ReadCircuit

    lists = {name: rows for name, value in values.items() if "[" not in name and (rows := rows_of(value))}
    shapes = {name: (len(rows), len(rows[0]))[len(rows) == 1 :] for name, rows in lists.items()}
    one = command not in COMMANDS or not COMMANDS[command].results
    for meant in in_loops(text, shapes, one) if lists else ():
        try:
            members = families(ReadCircuit(meant, parts=bool(files)).inputs)
        except CircuitError:
            continue
        shared = {name: _shared(name, rows, members.get(name, [])) for name, rows in lists.items()}
        if meant == text or not all(shared.values()):
            continue
        pairs = [pair for name, value in values.items() for pair in shared.get(name, {name: shell_word(value)}).items()]
        words = [f"-{name} {value}" for name, value in pairs]
        whole = " ".join([f"circuit {command} {in_quotes(meant)}", *map(shell_word, files), *words])
        as_typed = all(shared[name].keys() == {name} and _is_ours(values[name], rows) for name, rows in lists.items())
        return _Meant(meant, whole, as_typed)
    return None


def _is_ours(value: str, rows: Sequence[Sequence[str]]) -> bool:
    """Whether a family takes the list that a text is."""
    return parts_of(value) == [word for row in rows for word in row]


def _shared(name: str, rows: Sequence[Sequence[str]], elements: Sequence[str]) -> dict[str, str]:
    """Return what sets a family to a list: the whole of it, or some elements; nothing where the list has no such."""
    if len(elements) == len(rows) * len(rows[0]):
        return {name: in_our_form(rows)}
    numbers: dict[tuple[int, ...], str] = {(j, i): x for j, row in enumerate(rows, 1) for i, x in enumerate(row, 1)}
    if len(rows) == 1:
        numbers = {indices[1:]: x for indices, x in numbers.items()}
    found = {element: numbers.get(indices_of(element), "") for element in elements}
    return found if all(found.values()) else {}
