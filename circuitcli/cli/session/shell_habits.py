"""Habits of the shell in a session, and hints that say what to write instead."""

from __future__ import annotations

import re
from collections.abc import Sequence

from circuitcli.cli.command_table import COMMANDS, of_a_session
from circuitcli.cli.options import ExpressionCommand
from circuitcli.errors import ExpressionError, UsageError

_SET = re.compile(r"""(?:^|\s)-([^\W\d]\w*(?:\[[\d,]+\])?)(?:\s+|=)("[^"]+"|'[^']+'|(?:[\d.]|pi\b|tau\b|e\b)\S*)""")
_TOUCHING = re.compile(r"\S(--([a-z]+)[a-z-]*)")
_PIPE = re.compile(r"\|\s*[a-z]\w+(?![\w|(])")
_COMMAND = re.compile(r"circuit ([a-z]+)\b(?: \"([^\"]*)\")?(.*)$")
_VALUE = r" -([^\W\d]\w*) (\S+)"
_REDIRECTION = re.compile(r">>?\s*([^\s()<>]+)\s*$")


def of_inputs(text: str) -> str:
    """The hint for a line that sets inputs as a shell does, and nothing else; empty for another line."""
    return "" if _SET.sub("", text).strip() else f"in a session write {_assigned(text)}"


def _assigned(text: str) -> str:
    """The inputs that a text sets as a shell does, as a session sets them."""
    found = [(match[1], match[2].strip("\"'")) for match in _SET.finditer(text)]
    if len(found) > 1 and any("," in value for _, value in found):  # a list ends its line
        found = [(name, f"[{value}]" if "," in value else value) for name, value in found]
        return ", and in another line ".join(f"{name} = {value}" for name, value in found)
    return "; ".join(f"{name} = {value}" for name, value in found)


def of_a_mistake(error: ExpressionError, command: ExpressionCommand) -> str:
    """The hint for an error in the text behind a command, empty where the error is no habit of the shell."""
    text, start = error.text, error.start
    inputs = list(_SET.finditer(text))
    if any(match.end(1) <= start <= match.start(2) for match in inputs):
        return f"in a session inputs are set before: {_assigned(text)}"
    for match in _TOUCHING.finditer(text, 0, start):
        if match[1] in command.option_map():
            return f"a space is missing before {match[1]}"
    redirection = _REDIRECTION.search(text)
    if (redirection and redirection.start() < start) or (text[:start][-1:].isspace() and _PIPE.match(text, start)):
        return f"a session has no pipes and no redirection; {_instead(command)}"
    return ""


def of_missing(missing: Sequence[str], text: str, command: ExpressionCommand) -> str:
    """The hint for inputs without a value that came from a habit of the shell, empty where they did not."""
    for match in _TOUCHING.finditer(text):
        if match[2] in missing and match[1] in command.option_map():
            return f"a space is missing before {match[1]}"
    redirection = _REDIRECTION.search(text)
    if redirection and [redirection[1]] == missing:
        return f"> compares, for a session has no redirection; {_instead(command)}"
    return ""


def in_a_session(hint: str) -> str:
    """A hint with the command in it as a session takes it: circuit derive "x^2" is :derive x^2."""
    found = _COMMAND.search(hint)
    if found is None or found[1] not in of_a_session():
        return hint
    expression, rest = found[2] or "", found[3]
    if COMMANDS[found[1]].equations and expression:  # its ranges stand behind it in a session, too
        return f"{hint[: found.start()]}:{found[1]} {expression}{rest}"
    values = "; ".join(f"{name} = {value}" for name, value in re.findall(_VALUE, rest))
    if rest and not expression:  # a sentence goes on
        return hint.replace(f"circuit {found[1]}", f":{found[1]}")
    command = f":{found[1]} {expression}{re.sub(_VALUE, '', rest)}".rstrip()
    return hint[: found.start()] + (f"{values}, and then {command}" if values else command)


def refuse_pipes(words: Sequence[str], command: ExpressionCommand | None = None) -> None:
    """Raise UsageError where a pipe or a redirection is among the words of a command."""
    if any(re.match(r"\||[12]?>|<", word) for word in words):
        raise UsageError("a session has no pipes and no redirection", _instead(command))


def _instead(command: ExpressionCommand | None) -> str:
    """The hint on sending output elsewhere. The --out of a command over rows is for rows alone."""
    if command is not None and "--out" in command.option_map() and not command.rows:
        return "write --out FILE"
    return "the shell has them: circuit repl < SCRIPT > FILE"
