"""Text of others, such as names of columns and files, as a terminal may show it: it cannot command the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_NAMES = 8  # that a message lists
# Control characters but the end of a line and the tab, and those that turn the direction of writing.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """A text in which such characters are written as a program writes them: \\x1b."""
    return text if text.isascii() and text.isprintable() else _COMMANDS.sub(_written, text)


def shell_word(text: str) -> str:
    """A text as one word of a command line that a hint tells to type, whatever stands in it."""
    from shlex import quote

    return f"'{quote(text)}'" if text.startswith("=") and quote(text) == text else quote(text)  # zsh knows =WORD


def some_of(names: Iterable[str], between: str = ", ") -> str:
    """Names as a message lists them: the first of many, and how many more there are."""
    every = list(names)
    if len(every) <= MOST_NAMES + 1:
        return between.join(every)
    return f"{between.join(every[:MOST_NAMES])} and {len(every) - MOST_NAMES} more"


def in_quotes(expression: str) -> str:
    """An expression as one word of a command line: between double quotes where the shell changes nothing in them."""
    return f'"{expression}"' if expression and not re.search(r'["$`\\!]', expression) else shell_word(expression)


def _written(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
