"""The words of the language: names, which are Python's identifiers, constants and keywords."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
    same = same or [k for k in known if len(k) < len(word) and _once(k) == _once(word)]
    same = same or [k for k in known if k.lower() in _swapped(word.lower())]
    found = same or get_close_matches(word.lower(), known, n=1, cutoff=0.7)
    return found[0] if found else ""


def _swapped(word: str) -> list[str]:
    """The words that two swapped neighbouring letters of a word give."""
    return [word[:k] + word[k + 1] + word[k] + word[k + 2 :] for k in range(len(word) - 1)]


def _once(word: str) -> str:
    """A word in small letters, of which none stands twice in a row, as x for xx."""
    return re.sub(r"(\D)\1+", r"\1", word.lower())


def with_near(text: str, unknown: Iterable[str], known: Iterable[str]) -> str:
    """Return a text in which each unknown name is the known one that was probably meant; empty where one is not near
    any."""
    for name in unknown:
        close = near(name, [*known])
        if not close:
            return ""
        text = close.join(re.split(rf"(?<![\w.]){re.escape(name)}(?![\w.])", text))
    return text
