"""Loops that add up step by step, for (i=1; i<=3; i++) s += x[i], as gates over loops."""

from __future__ import annotations

import re

_NAME = r"[^\W\d]\w*"
_OF_C = (
    rf"for\s*\(\s*(?:int\s+|let\s+|var\s+)?(?P<index>{_NAME})\s*=\s*(?P<low>\w+)\s*;\s*(?P=index)\s*(?P<sign><=?)\s*"
    r"(?P<high>\w+)\s*;\s*[^();]*\)\s*\{?"
)
_OF_WORDS = (
    rf"for\s+(?P<name>{_NAME})\s*(?:=|in\b)\s*(?P<range>range\([^()]*\)|[\w+*-]+(?::[\w+*-]+)+?)"
    r"\s*(?:[:,;]|\bdo\b|\n|(?=\s))"
)
_START = rf"(?:{_NAME}\s*=\s*[01](?:\.0*)?\s*[;\n]\s*)?"
_UPDATE = rf"(?P<total>{_NAME})\s*(?:(?P<update>[+*])=|=\s*(?P=total)\s*(?P<again>[+*]))\s*(?P<body>[^;{{}}\n]+?)"
_FAMILY = rf"(?P<family>{_NAME}\[[^][]*\]\s*=(?!=)[^;{{}}\n]+?)"
_REST = rf"\s*;?\s*(?:\}}|end\b)?\s*(?:[;\n]\s*(?P<last>{_NAME}))?\s*;?\s*"


def as_a_gate(text: str) -> str:
    """Return a text that is one such loop as a gate over it, or as a family; empty for another text."""
    for header in (_OF_C, _OF_WORDS):
        for body in (_UPDATE, _FAMILY):
            if found := re.fullmatch(rf"{_START}{header}\s*{body}{_REST}", text.strip()):
                return _written(found.groupdict())
    return ""


def _written(parts: dict[str, str]) -> str:
    index = parts.get("index") or parts["name"]
    numbers = parts.get("range") or f"{parts['low']}:{_last(parts['high'], parts['sign'])}"
    if family := parts.get("family"):
        return f"{family} for {index} in {numbers}"
    gate = "sum" if "+" in (parts["update"], parts["again"]) else "prod"
    return f"{gate}({parts['body']} for {index} in {numbers})"


def _last(high: str, sign: str) -> str:
    """Return the last number of a loop of C."""
    if sign == "<=":
        return high
    return str(int(high) - 1) if high.isdigit() else f"{high}-1"
