"""The argument rule: one dash sets an input, two dashes set an option.

click would read `-x*y` as x = "*y" and `-w0 2` as w = 0 and a stray 2, so the words are told apart before it sees
them: `-NAME VALUE` and `-NAME=VALUE` become a hidden `--set NAME=VALUE`, everything else that is no option stands
behind a `--`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence

from circuitcli.cli.command_table import COMMANDS
from circuitcli.constants import CONSTANTS, LETTERS
from circuitcli.errors import InputError, UsageError
from circuitcli.urls import is_far
from circuitcli.visible_text import in_quotes, shell_word

_INPUT = re.compile(r"-([^\W\d]\w*)")
_ASSIGNED = re.compile(r"-([^\W\d]\w*)=(?!=)(.*)", re.DOTALL)

# Of mistakes; compiled when there is one.
_RUN_ON = r"-([^\W\d]\w*?)(-?[\d.].*)"
_DIGITS_BEHIND = r"(\w*[^\W\d])(\d+)"
_DASHLESS = r"([^\W\d]\w*)=(?!=)(.+)"


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
    """Whether a word is an option or the name of another input, and so no value."""
    if _is_option(word):
        return True
    name = _INPUT.fullmatch(word)
    if name is None:
        return _ASSIGNED.fullmatch(word) is not None
    return LETTERS.get(name[1], name[1]) not in CONSTANTS


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
    run_on = re.fullmatch(_DIGITS_BEHIND, name)
    meant = f"; to set {run_on[1]} write -{run_on[1]} {run_on[2]}" if run_on else ""
    return InputError(f"-{name} needs a value ({following})", f"write -{name} VALUE or -{name}=VALUE{meant}")


def split_words(words: Sequence[str], command: str, in_file: bool, data: bool) -> tuple[str | None, list[str]]:
    """The expression among the words that are no input and no option, and the files of rows that follow it. With the
    expression in a file all words are files of rows. Raises UsageError for a word that is neither."""
    expression = None if in_file or not words else words[0]
    if data and len(words) > 1 and expression and _is_file(expression) and not _is_there(words[1]):
        raise UsageError(
            f"{expression} is a file",
            f"the expression comes first: circuit {command} {in_quotes(words[1])} {shell_word(expression)}",
        )
    rest = list(words if expression is None else words[1:])
    for word in rest:
        _refuse_input(word, expression)
        if not data:
            raise _unexpected(word, words, command, in_file)
        if word != "-" and not _is_there(word) and not any(c in word for c in "*?["):
            raise _no_file(word, words, command, in_file)
    return expression, rest


def _is_file(word: str) -> bool:
    return is_far(word) or os.path.isfile(word)


def _is_there(word: str) -> bool:
    """Whether a file has this name. A URL counts as one until it is opened."""
    return is_far(word) or os.path.exists(word)


def _refuse_input(word: str, expression: str | None) -> None:
    """Raise UsageError for a word that sets an input the wrong way."""
    run_on, dashless = re.fullmatch(_RUN_ON, word), re.fullmatch(_DASHLESS, word)
    if run_on is not None and expression is not None:
        name, value = run_on.groups()
        raise UsageError(
            f"{word} is an expression, and {expression} is another",
            f"to set an input write -{name} {value} or -{name}={value}",
        )
    if dashless is not None and not os.path.exists(word):
        raise UsageError(f"more words than expected: {word}", f"to set an input write -{dashless[1]} {dashless[2]}")


def _unexpected(word: str, words: Sequence[str], command: str, in_file: bool) -> UsageError:
    """The error for a word too many, where a command takes no files of rows."""
    if in_file:
        return UsageError(f"unexpected {word}: the expression is in --file", "set an input with -NAME VALUE")
    if _is_file(word):
        *others, last = [name for name, row in COMMANDS.items() if row.rows]
        return UsageError(
            f"unexpected {word}: circuit {command} reads no data files", f"circuit {', '.join(others)} and {last} do"
        )
    return UsageError(f"more words than expected: {' '.join(words[1:])}", _in_quotes(words, command))


def _no_file(word: str, words: Sequence[str], command: str, in_file: bool) -> UsageError:
    """The error for a word that should be a file of rows."""
    if meant := _near_file(word):
        return UsageError(f"no such file: {word}", f"did you mean {shell_word(meant)}?")
    if in_file or os.path.splitext(word)[1] or os.sep in word:
        return UsageError(f"no such file: {word}", "data files follow the expression; inputs are set with -NAME VALUE")
    if any(c in words[0] for c in " ()+*/^,"):  # it is in quotes already
        return UsageError(
            f"no such file: {word}", "names are joined by commas: --columns id,r; a file needs its ending"
        )
    return UsageError(f"no such file: {word}", _in_quotes(words, command))


def _near_file(word: str) -> str:
    """The file that is called much like a word, whatever its ending; empty where there is none."""
    from circuitcli.language.names import near

    folder, name = os.path.split(word)
    try:
        there = {os.path.splitext(other)[0]: other for other in sorted(os.listdir(folder or "."))}
    except OSError:
        return ""
    found = near(os.path.splitext(name)[0], list(there))
    return os.path.join(folder, there[found]) if found else ""


def _in_quotes(words: Sequence[str], command: str) -> str:
    return f"put the expression in quotes: circuit {command} {in_quotes(' '.join(words))}"
