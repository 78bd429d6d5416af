"""Roots and integrals of a text in the calls of other tools - quad(lambda t: ..., 0, 1), FindRoot[..., {x, 1}] and
int_0^1 ... dt - as they are written here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from circuitcli.gates import ALIASES, GATES
from circuitcli.language.excerpts import arguments_of, bare
from circuitcli.language.held_hints import INTEGRALS, ROOTS, held_form

_NAME = r"[^\W\d]\w*"
_CALL = re.compile(rf"(?i)(?<![\w.])(?:{_NAME}\.)*(?P<word>{'|'.join((*INTEGRALS, *ROOTS))})\s*(?=[(\[])")
_FUNCTION = re.compile(  # lambda t: t^2, @(t) t^2, t -> t^2, function(t) t^2
    rf"(?:(?:lambda\s+|λ\s*|\\)(?P<a>{_NAME})\s*(?::|\.|->|=>)|(?:@|function\s*)\(\s*(?P<b>{_NAME})\s*\)"
    rf"|\(?\s*(?P<c>{_NAME})\s*\)?\s*(?:->|=>|→|↦))\s*(?P<body>.+)"
)
_LOOP = re.compile(rf"(?P<body>.+?)\s+for\s+(?P<name>{_NAME})\s+in\s+(?P<ends>.+)")
_OURS = re.compile(rf"(?P<name>{_NAME})\s*:\s*(?P<body>.+)")
_END = r"\{[^{}]*\}|-?\w+"
_SIGN = re.compile(rf"(?:\\?\bint|∫)_(?P<low>{_END})\^(?P<high>{_END})\s*(?P<body>.+?)\s*d(?P<name>{_NAME})")
_CLOSED = {"(": ")", "[": "]", "{": "}"}


def in_held_calls(text: str) -> str:
    """Return a text with its roots and integrals as they are written here; those that are so already stay."""
    if found := _SIGN.fullmatch(text.strip()):
        ends = ", ".join(found[end].strip("{}") for end in ("low", "high"))
        return f"integral({found['name']}: {found['body'].rstrip('*· ')}, {ends})"
    for found in reversed([*_CALL.finditer(text)]):
        group = _group(text[found.end() :])
        form = _form(found["word"], arguments_of(_rounded(group)[1:-1])) if group else ""
        if form:
            text = text[: found.start()] + form + text[found.end() + len(group) :]
    return text


def _group(text: str) -> str:
    """Return the brackets of any kind that a text begins with, and what is in them; nothing where they do not close."""
    opened: list[str] = []
    for match in re.finditer(r"[][(){}]", text):
        if match[0] in _CLOSED:
            opened.append(_CLOSED[match[0]])
        elif opened.pop() != match[0]:
            return ""
        if not opened:
            return text[: match.end()]
    return ""


def _rounded(group: str) -> str:
    """Return a call of Mathematica, [Exp[-t], {t, 0, 1}], with parentheses and our gates; another as it is."""
    if not group.startswith("["):
        return group

    def called(found: re.Match[str]) -> str:
        word = next((word for word in (found[1], found[1].lower()) if word in GATES or word in ALIASES), "")
        return f"{word}({found[2]})" if word else found[0]

    before = ""
    while before != group:
        before, group = group, re.sub(rf"({_NAME})\[([^][]*)\]", called, group)
    return f"({group[1:-1].translate({ord('{'): '(', ord('}'): ')'})})"


def _form(word: str, arguments: Sequence[str]) -> str:
    """Return a call as it is written here; empty where it is so already, or is none that is known."""
    if not arguments:
        return ""
    body, *rest = arguments
    name = ""
    if found := _FUNCTION.fullmatch(body):
        name, body = found["a"] or found["b"] or found["c"], found["body"]
    elif found := _LOOP.fullmatch(body):
        name, body, rest = found["name"], found["body"], [found["ends"], *rest]
    elif found := _OURS.fullmatch(body):
        name, body = found["name"], found["body"]
    elif re.fullmatch(_NAME, body) and len(rest) > 1 and re.search(rf"\b{body}\b.*\W|\W.*\b{body}\b", rest[0]):
        name, (body, *rest) = body, rest
    is_root = word.lower() in ROOTS
    if is_root and len(sides := re.split(r"(?<![<>!=])==?(?!=)", body)) == 2:
        left, right = (side.strip() for side in sides)
        body = f"{left} - ({right})" if re.search("[-+]", right) else f"{left} - {right}"
    rest = [re.sub(r"\boo\b", "inf", part) for part in rest]
    if not name:
        return held_form(word, [body, *rest])
    if len(rest) == 1 and re.match(r"[(\[]", rest[0]):
        rest = arguments_of(bare(rest[0].replace("[", "(").replace("]", ")")))
    ends = [end.strip() for part in rest if part != name for end in re.split(r"\.\.+|…|:", part)]
    if is_root:
        return f"root({name}: {body}, {ends[0] if ends else 1})"
    first, last = ends if len(ends) == 2 else ("0", "1")
    return f"integral({name}: {body}, {first}, {last})"
