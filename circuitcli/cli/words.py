"""The argument rule: one dash sets an input, two dashes set an option.

click would read `-x*y` as x = "*y" and `-w0 2` as w = 0 and a stray 2, so the words are told apart before it sees
them: `-NAME VALUE` and `-NAME=VALUE` become a hidden `--set NAME=VALUE`, everything else that is no option stands
behind a `--`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence

from circuitcli.errors import InputError, UsageError

_INPUT = re.compile(r"-([^\W\d]\w*)")
_ASSIGNED = re.compile(r"-([^\W\d]\w*)=(?!=)(.*)", re.DOTALL)
_CONSTANTS = ("pi", "π", "tau", "τ", "e", "inf", "nan")
_RUN_ON = re.compile(r"-([^\W\d]\w*?)(-?[\d.].*)")

_DIGITS_BEHIND = re.compile(r"(\w*[^\W\d])(\d+)")
_DASHLESS = re.compile(r"([^\W\d]\w*)=(?!=)(.+)")


def sort_words(words: Sequence[str], options: Mapping[str, bool], lenient: bool = False) -> list[str]:
    """The words as click is to read them. `options` maps each option to whether a value follows it; `lenient` takes
    an unfinished line, for completion. Raises InputError for an input without a value."""
    known: list[str] = []
    free: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--":
            free += rest
            break
        if word.startswith("--"):
            known.append(word)
            if "=" not in word and options.get(word):
                if rest and not _is_option(rest[0]):
                    known.append(rest.pop(0))
                elif not lenient:
                    raise UsageError(f"{word} needs a value", f"write {word} VALUE; the command's --help says which")
        elif (assigned := _ASSIGNED.fullmatch(word)) is not None:
            known += ["--set", f"{assigned[1]}={assigned[2]}"]
        elif (name := _INPUT.fullmatch(word)) is None:
            free.append(word)
        elif rest and not _starts_another(rest[0]):
            known += ["--set", f"{name[1]}={rest.pop(0)}"]
        elif word == "-h":
            known.append("--help")
        elif not lenient:
            raise _no_value(name[1], rest, options, words)
    return [*known, "--", *free]


def _is_option(word: str) -> bool:
    return word.startswith("--") and (len(word) == 2 or word[2].isalpha())


def _starts_another(word: str) -> bool:
    """Whether a word is no value: an option, or another input's name."""
    if _is_option(word):
        return True
    name = _INPUT.fullmatch(word)
    if name is None:
        return _ASSIGNED.fullmatch(word) is not None
    return name[1] not in _CONSTANTS


def _no_value(name: str, rest: Sequence[str], options: Mapping[str, bool], words: Sequence[str]) -> InputError:
    following = f"the next word is {rest[0]}" if rest else "it is the last word"
    if f"--{name}" in options:
        return InputError(
            f"-{name} needs a value ({following})",
            f"did you mean --{name}? One dash sets an input, two dashes an option.",
        )
    if rest and rest[0] == f"-{name}":
        return InputError(
            f"-{name} needs a value ({following})",
            f'to use -{name} as the expression: write "(-{name})", or put it last, behind --',
        )
    run_on = _DIGITS_BEHIND.fullmatch(name)
    meant = f"; to set {run_on[1]} write -{run_on[1]} {run_on[2]}" if run_on else ""
    return InputError(f"-{name} needs a value ({following})", f"write -{name} VALUE or -{name}=VALUE{meant}")


def one_expression(words: Sequence[str], command: str) -> str:
    """The expression among the words that are no input and no option. Raises UsageError where there are more."""
    if len(words) == 1:
        return words[0]
    for word in words:
        run_on = _RUN_ON.fullmatch(word)
        if run_on is not None:
            name, value = run_on.groups()
            raise UsageError(
                f"{word} is an expression, and {words[0] if word != words[0] else words[1]} is another",
                f"to set an input write -{name} {value} or -{name}={value}",
            )
        dashless = _DASHLESS.fullmatch(word)
        if dashless is not None and word != words[0]:
            raise UsageError(f"more words than expected: {word}", f"to set an input write -{dashless[1]} {dashless[2]}")
    files = [word for word in words[1:] if os.path.isfile(word)]
    if files:
        raise UsageError(
            f"unexpected {files[0]}: data files are not read", "set inputs with -NAME VALUE or --inputs FILE.json"
        )
    quoted = " ".join(words).replace('"', "'")
    raise UsageError(
        f"more words than expected: {' '.join(words[1:])}",
        f'put the expression in quotes: circuit {command} "{quoted}"',
    )
