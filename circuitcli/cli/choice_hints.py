"""The hint for a value that an option of a few values does not have."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from circuitcli.language.names import near
from circuitcli.visible_text import shell_word

_ELSEWHERE = {  # of an option, what other programs call its values
    "--bad-rows": {
        **dict.fromkeys(("drop", "dropna", "omit", "ignore", "remove", "exclude", "delete", "discard"), "skip"),
        **dict.fromkeys(("keep", "null", "none", "na", "coerce", "fill"), "nan"),
        **dict.fromkeys(("raise", "fail", "stop", "abort", "strict"), "error"),
    },
}


def instead_of_choice(param: click.Parameter, command: str, message: str, words: Sequence[str]) -> str:
    """The value that is called much alike, or the command that has it; `message` quotes what was typed. Empty where
    there is neither."""
    found = re.match("'(.*?)' is not one of", message, re.DOTALL)
    if found is None or not isinstance(param.type, click.Choice):
        return ""
    value, option = found[1], next(iter(param.opts))
    known = _ELSEWHERE.get(option, {}).get(value.lower(), "")
    if close := known or near(value, [str(choice) for choice in param.type.choices]):
        place = option if isinstance(param, click.Option) else f"circuit {command}"
        return f"did you mean {place} {shell_word(close)}?"
    return _exported(value, command, words) if option in ("--to", "--format") else ""


def _exported(value: str, command: str, words: Sequence[str]) -> str:
    """The line that writes the expression in a language of `export`; empty for what is none."""
    from circuitcli.cli.other_names import free_words, shown
    from circuitcli.export.languages import LANGUAGES

    languages = {alias: name for name, row in LANGUAGES.items() for alias in (name, *row.aliases)}
    expression = free_words(words[words.index(command) + 1 :] if command in words else words)[:1]
    if value.lower() not in languages or not expression:
        return ""
    return f"for code write {shown('export', [*expression, '--to', languages[value.lower()]])}"
