"""Loops and indices of other languages, each with a hint how it is written here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from circuitcli.gathering import gathering
from circuitcli.language.excerpts import shown, statement_around

_GATHERS = "|".join(gathering())
_LOOPS = r"for\s+\w+\s+in\s+.+"

# Loops of other languages, each with what makes it one of ours.
_FORMS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"\bfor\s*\(\s*(\w+)\s+(?:in|=)\s+([^()]+)\)", r"for \1 in \2"),
    (r"\bfor\s+(\w+)\s*(?:=|from\b|∈)\s*", r"for \1 in "),
    (r"\bin\s+range\(([^(),]+)\)", lambda found: f"in 0:{_less(found[1])}"),
    (r"\bin\s+range\(([^(),]+),\s*([^(),]+)\)", lambda found: f"in {found[1]}:{_less(found[2])}"),
    (r"\bin\s+range\(([^(),]+),\s*([^(),]+),\s*([^(),]+)\)", lambda f: f"in {f[1]}:{_less(f[2])}:{f[3]}"),
    (r"\bin\s+(\w+?)\s*(?:\.\.+|…|\bto\b|-)\s*(\w+)", r"in \1:\2"),
    (r"\bin\s+[\[({]\s*([^][(){}]*?)\s*[\])}]", lambda found: f"in {_run(found[1])}"),
    (r"\b(\w+)\(\s*(\w+)\s*=\s*(\w+)\s*(?::|\.\.|,|to)\s*(\w+)\s*,\s*(.+)\)", r"\1(\5 for \2 in \3:\4)"),
    (r"\b(\w+)\((.+),\s*(\w+)\s*=\s*(\w+)\s*(?::|\.\.|,|to)\s*(\w+)\s*\)", r"\1(\2 for \3 in \4:\5)"),
    (r"\\?\b(sum|prod)_\{(\w+)=(\w+)\}\^\{?(\w+)\}?\s*(.+)", r"\1(\5 for \2 in \3:\4)"),
    (r"(\w+\[[^][:]+)\]\s*\[(?=[^][:]+\])", r"\1,"),
    (rf"\b({_GATHERS})\(\s*(\w+)\[(\w+):(\w+)\]\s*\)", r"\1(\2[i] for i in \3:\4)"),
    (r"\b(\w+)\(\[(.+\bfor\b.+)\]\)", r"\1(\2)"),
)


def of_a_loop(text: str, place: int, readable: Callable[[str], bool]) -> str:
    """Return the hint for a loop or an index of another language around a place, or nothing."""
    start, end = statement_around(text, place)
    part = text[start:end].strip()
    if not re.search(r"\bfor\b|[\[=]|sum|prod", part):
        return ""
    for candidate in _candidates(part):
        if candidate != part and readable(candidate):
            return f"write {shown(candidate)}"
    return ""


def _candidates(part: str) -> Iterator[str]:
    for form, written in _FORMS:
        part = re.sub(form, written, part)
    yield part
    name = next(letter for letter in "yzqabcdefgh" if not re.search(rf"\b{letter}\b", part))
    if found := re.fullmatch(rf"({_GATHERS})\((.+)\)\s*({_LOOPS})", part):
        yield f"{found[1]}({found[2]} {found[3]})"
    for form in (
        rf"\[?(?P<body>.+?)\s+(?P<loops>{_LOOPS}?)\]?",
        r"(?P<loops>for\s+\w+\s+in\s+[\w:+*-]+?)[:,]?\s+(?P<body>.+)",
    ):
        if (found := re.fullmatch(form, part)) and (loop := re.match(r"for\s+(\w+)", found["loops"])):
            left = "" if re.match(r"\w+\[.*\]\s*=[^=]", found["body"]) else f"{name}[{loop[1]}] = "
            yield f"{left}{found['body']} {found['loops']}"
    if part.count("[") > part.count("]"):
        yield part + "]" if part.count("(") <= part.count(")") else re.sub(r"(\[[^][(),\s]*)", r"\1]", part)
        yield re.sub(r"(\[\w+)(?![\w\],])", r"\1]", part)


def _less(end: str) -> str:
    """Return the last number of a range of Python."""
    return str(int(end) - 1) if end.strip().isdigit() else f"{end.strip()}-1"


def _run(listed: str) -> str:
    """Return a list of numbers, each one more than the one before, as a range; other lists as they are."""
    words = re.split(r"\s*,\s*", listed)
    numbers = [int(word) for word in words if word.isdigit()]
    whole = len(numbers) == len(words) > 0 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return f"{numbers[0]}:{numbers[-1]}" if whole else f"({listed})"
