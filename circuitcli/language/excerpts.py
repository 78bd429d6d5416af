"""Parts of an expression's text around a place in it, as hints quote them."""

from __future__ import annotations

import re

from circuitcli.language.names import canonical

NEARBY = 500  # characters; what hints search for would be sought from every letter of a long text
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


def depth_behind(depth: int, line: str) -> int:
    """Return how many parentheses are open behind a line, of those that were open before it."""
    for match in re.finditer(r"#.*|[()]", line):
        depth += (match[0] == "(") - (match[0] == ")" and depth > 0)
    return depth


def end_of(text: str) -> int:
    """Return where a text ends, without the white space and comments behind it."""
    end = len(text)
    while True:
        start = text.rfind("\n", 0, end) + 1
        line = text[start:end].partition("#")[0].rstrip()
        if line or not start:
            return start + len(line)
        end = start - 1


def before(text: str, place: int) -> str:
    """Return the text before a place as far as hints look."""
    return text[max(0, place - NEARBY) : place]


def behind(text: str, place: int) -> str:
    """Return the text behind a place as far as hints look."""
    return text[place : place + NEARBY]
