"""The words of the language: names, which are Python's identifiers, constants and keywords."""

from __future__ import annotations

from circuitcli.constants import CONSTANTS, LETTERS
from circuitcli.gate_facts import Infix, Prefix
from circuitcli.gates import GATES
from circuitcli.notation import symbol

KEYWORDS = tuple(
    symbol(gate) for gate, row in GATES.items() if isinstance(row.written, Infix | Prefix) and symbol(gate).isalpha()
)
PREFIX = "grad_"  # of the name of a derivative


def canonical(name: str) -> str:
    """Return a name in the form in which names are compared: NFC, with pi for π and tau for τ, and W[1,2] for
    W[1][2]."""
    if "][" in name:
        name = name.replace("][", ",")
    if name.isascii():
        return name
    from unicodedata import normalize

    name = normalize("NFC", name)
    return LETTERS.get(name, name)


def is_name(word: str) -> bool:
    """Whether a word can name an input or a node."""
    return is_identifier(canonical(word)) and word not in KEYWORDS


def is_identifier(word: str) -> bool:
    """Whether a word is an identifier of Python, or such with a dot between them, or indices: a.b, a[1], W[1,2]."""
    return word.isidentifier() or all(map(_is_part, word.split(".")))


def _is_part(text: str) -> bool:
    stem, *indices = text.split("[")
    numbers = [number for i in indices for number in i.removesuffix("]").split(",")]
    return stem.isidentifier() and all(i[-1:] == "]" for i in indices) and all(map(_is_index, numbers))


def _is_index(text: str) -> bool:
    return text.isdigit() and text.isascii()


def is_element(word: str) -> bool:
    """Whether a word is an element of a family: W[1,2]."""
    return word[-1:] == "]" and "." not in word and is_identifier(word)


def is_constant(name: str) -> bool:
    """Whether a name stands for a number unless the user binds it."""
    return name in CONSTANTS


def near(word: str, known: list[str] | tuple[str, ...]) -> str:
    """Return the known word that was probably meant, or nothing."""
    from difflib import get_close_matches

    same = [k for k in known if k.lower() == word.lower()]
    found = same or get_close_matches(word.lower(), known, n=1, cutoff=0.7)
    return found[0] if found else ""
