"""Parts of an expression's text around a place in it, as hints quote them."""

from __future__ import annotations

import re

from circuitcli.language.names import canonical

SUPERSCRIPTS = {ord(c): ascii for c, ascii in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n", strict=True)}


def rest_of(text: str) -> str:
    """Return the statement that begins with a text, up to its end."""
    return re.split(r"[\n;#]", text.strip(), maxsplit=1)[0].rstrip()


def operand(text: str) -> str:
    """Return that statement as the right operand of an operator."""
    rest = rest_of(text)
    return rest if re.fullmatch(r"[\w.]+", rest) else f"({rest})"


def powers(word: str) -> str:
    """Write the superscripts of a word as powers: x² is x^2."""
    return re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]+", lambda m: "^" + m[0].translate(SUPERSCRIPTS), word)


def value_before(before: str) -> str:
    """Return the value that a text ends with, (...) where it is in parentheses, or nothing."""
    found = re.search(r"([\w.]+|\))\s*$", before)
    if found is None:
        return ""
    if found[1] != ")":
        return canonical(found[1])
    return "(...)"


def percentage(before: str) -> str:
    """Return a hint where a text ends with a percentage, else nothing."""
    found = re.search(r"([\w.]+)\s*%\s*$", before)
    return f"% is the remainder; for a percentage write {found[1]}/100" if found else ""


def open_parentheses(text: str) -> list[int]:
    """Return the places of the parentheses that are never closed."""
    stack: list[int] = []
    for match in re.finditer(r"#[^\n]*|[()]", text):
        if match[0] == "(":
            stack.append(match.start())
        elif match[0] == ")" and stack:
            stack.pop()
    return stack


def end_of(text: str) -> int:
    """Return where a text ends, without the white space and comments behind it."""
    while True:
        text = text.rstrip()
        comment = text.rfind("#", text.rfind("\n") + 1)
        if comment < 0:
            return len(text)
        text = text[:comment]
