"""The values of a family, as a session prints them."""

from __future__ import annotations

from circuitcli.cli.notes import note
from circuitcli.cli.session.family_lists import elements_of, in_lists, is_list
from circuitcli.cli.session.printed_value import print_value
from circuitcli.cli.session.session_state import Asked, Session
from circuitcli.language.statements import FAMILY, pieces
from circuitcli.nested_names import in_short, stem_of
from circuitcli.visible_text import some_of

MOST_ELEMENTS = 12  # that are printed


def print_family(session: Session, asked: Asked) -> int:
    """Print the elements of the family that a program ends with; return the exit status."""
    stem = stem_of(asked.graph.answer)
    if asked.missing:
        note(f"{stem} waits for {some_of(in_short(asked.missing))}")
        return 0
    elements = [name for name in asked.graph.names if stem_of(name) == stem]
    for name in elements[:MOST_ELEMENTS]:
        print_value(name, session.ask(pieces(name)[0]))
    if len(elements) > MOST_ELEMENTS:
        note(f"{len(elements) - MOST_ELEMENTS} more, up to {elements[-1]}")
    return 0


def shows_family(session: Session, name: str) -> bool:
    """Print the values of a family whose name alone was typed; return whether it is one."""
    elements = [key for key in session.names if stem_of(key) == name != key]
    if name in session.values and (elements or is_list(session.values[name])):
        elements = _show_list(session, name, elements)
    elif name in session.names or not elements:
        return False
    for element in elements:
        if element.endswith(FAMILY):
            print_family(session, session.ask(session.statements[element]))
        elif element in session.statements:
            print_value(element, session.ask(pieces(element)[0]))
        else:
            print(session.shown(element))
    return True


def _show_list(session: Session, name: str, elements: list[str]) -> list[str]:
    """Print the value of a family with those of its elements in it; return the elements that are not in it."""
    known = elements_of(name, session.values[name]) if is_list(session.values[name]) else {}
    if inside := {key: session.values[key] for key in elements if key in known and key in session.values}:
        [text] = in_lists(known | inside, {}).values()
        print(f"{name} = {text}")
    else:
        print(session.shown(name))
    return [key for key in elements if key not in inside]
