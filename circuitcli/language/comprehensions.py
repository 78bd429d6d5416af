"""Loops over lists as Python has them, sum(v^2 for v in x), with an index: sum(x[i]^2 for i in 1:3)."""

from __future__ import annotations

import re
from collections.abc import Callable

_NAME = r"[^\W\d]\w*"
_EACH = (
    rf"\bfor\s+(?P<names>{_NAME}(?:\s*,\s*{_NAME})*)\s+in\s+"
    rf"(?:zip\((?P<lists>[\w\s,]+)\)|(?P<list>{_NAME})(?=\s*[])]|\s+for\b|$))"
)
_LETTERS = "ijklmn"


def with_an_index(text: str, length: Callable[[str], int]) -> str:
    """Return a text whose loops over lists count their elements; `length` tells how many a list has."""
    while found := re.search(_EACH, text):
        names = re.split(r"\s*,\s*", found["names"])
        lists = [found["list"]] if found["list"] else [word.strip() for word in found["lists"].split(",")]
        index = next((letter for letter in _LETTERS if not re.search(rf"\b{letter}\b", text)), "")
        if len(names) != len(lists) or not index:
            return text
        elements = {name: f"{word}[{index}]" for name, word in zip(names, lists, strict=True)}
        loop = f"for {index} in 1:{min(map(length, lists))}"
        start = max(text.rfind(sign, 0, found.start()) for sign in ";=\n")  # of the expression that is gathered
        body = text[start + 1 : found.start()]
        if found["list"] and re.search(rf"\w\[[^][]*\b{names[0]}\b", body):  # an index up to a number: for i in n
            text = f"{text[: found.start()]}for {names[0]} in 1:{found['list']}{text[found.end() :]}"
            continue
        for name, element in elements.items():
            body = re.sub(rf"\b{name}\b(?!\s*[\[(])", element, body)
        text = f"{text[: start + 1]}{body}{loop}{text[found.end() :]}"
    return text
