"""Variables for inputs and nodes: whatever these are called, variables can neither collide nor inject code."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


_BRACKETS = str.maketrans({"[": "_", ",": "_", "]": None})  # W_1_2 for W[1,2]


def identifiers(
    names: Mapping[Key, str], reserved: Collection[str], ascii_only: bool, one_case: bool = False
) -> dict[Key, str]:
    """A variable for each name: the name itself where the language allows it, else a close one that is free. With
    `one_case`, names do not differ in case alone."""

    def compared(word: str) -> str:  # as Python does, to which ﬂ is fl
        plain = unicodedata.normalize("NFKC", word)
        return plain.lower() if one_case else plain

    found: dict[Key, str] = {}
    taken = set(reserved)
    for key, name in names.items():
        name = name.translate(_BRACKETS) if name.endswith("]") else name
        plain = name if name.isascii() or not ascii_only else "".join(map(_spelled, name))
        # Words in capitals may be macros, and names with two underscores in front belong to compilers.
        unsafe = ascii_only and ((len(plain) > 1 and plain.isupper()) or plain.startswith("_"))
        word = f"x{plain}" if unsafe and plain.startswith("_") else f"{plain}_" if unsafe else plain
        while compared(word) in taken:
            word += "_"
        taken.add(compared(word))
        found[key] = word
    return found


def _spelled(letter: str) -> str:
    """A letter in ASCII: θ as theta, letters that are not Greek by their number."""
    if letter.isascii():
        return letter
    words = unicodedata.name(letter, "").split()
    if words[:1] == ["GREEK"] and "LETTER" in words and words[-2] == "LETTER":
        return words[-1].lower() if "SMALL" in words else words[-1].capitalize()
    return f"u{ord(letter):x}"
