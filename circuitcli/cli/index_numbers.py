"""The mistake of setting a number that is in the indices of a program: the text gives it, and no input."""

from __future__ import annotations

from collections.abc import Sequence

from circuitcli.errors import InputError
from circuitcli.language import canonical
from circuitcli.language.statements import pieces
from circuitcli.visible_text import in_quotes

LONGEST = 100  # characters of a text in a hint


def refuse_index_numbers(text: str, sets: Sequence[str]) -> None:
    """Raise InputError where one of the values NAME=VALUE is for a number in an index or in a range of the text."""
    parts = pieces(text)
    in_indices = {name for piece in parts for name in piece.counts}
    for assignment in sets:
        name, _, value = assignment.partition("=")
        piece = next((piece for piece in parts if piece.name == canonical(name) and piece.name in in_indices), None)
        if piece is None:
            continue
        whole = f"{text[: piece.right]}{value.strip()}{text[piece.end :]}".strip()
        short = len(whole) <= LONGEST and "\n" not in whole and value.strip().isdecimal()
        hint = f"write {in_quotes(whole)}, without -{name}" if short else f"change it there, and leave out -{name}"
        raise InputError(f"{name} is in the indices of the expression, which gives it: {piece.statement}", hint)
