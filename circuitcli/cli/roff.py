"""Text for man, which takes no character of it for an instruction."""

from __future__ import annotations

from textwrap import wrap

_ESCAPES = {"\\": r"\e", "-": r"\-", "'": r"\(aq", '"': r"\(dq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti"}


def text(line: str) -> str:
    """A line as it is."""
    written = "".join(_ESCAPES.get(c, c if c.isascii() else f"\\[u{ord(c):04X}]") for c in line)
    return f"\\&{written}" if line.startswith(".") else written


def bold(words: str) -> str:
    """Words in bold."""
    return f"\\fB{text(words)}\\fR"


def italic(words: str) -> str:
    """Words in italics."""
    return f"\\fI{text(words)}\\fR"


def prose(paragraph: str) -> str:
    """A paragraph in lines of no great length."""
    return "\n".join(map(text, wrap(paragraph, 66)))


def page(title: str, section: int, day: str, source: str, bodies: list[str]) -> str:
    """A page, in which words are neither broken nor spread."""
    manual = {1: "User Commands", 7: "Miscellanea"}[section]
    head = f'.TH "{title.upper()}" "{section}" "{day}" "{source}" "{manual}"'
    return "\n".join([head, ".nr HY 0", ".ad l", *bodies]) + "\n"
