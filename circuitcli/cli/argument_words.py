"""The argument rule: one dash sets an input, two dashes set an option.

click would read `-x*y` as x = "*y" and `-w0 2` as w = 0 and a stray 2, so the words are told apart before it sees
them: `-NAME VALUE` and `-NAME=VALUE` become a hidden `--set NAME=VALUE`, everything else that is no option stands
behind a `--`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence
from itertools import takewhile

from circuitcli.constants import CONSTANTS, LETTERS
from circuitcli.errors import InputError, UsageError
from circuitcli.urls import is_far
from circuitcli.visible_text import in_quotes, shell_word

_NAME = r"[^\W\d]\w*(?:\[[\d, ]*\])*"  # perhaps of an element: W[1,2]
_INPUT = re.compile(f"-({_NAME})")
_BETWEEN = re.compile(r"±|\+/-|%|(?:\+-[\d.]*%?|\\?pm|plus(?:[/-]?minus)?)$")  # in a value; no word begins so
_ASSIGNED = re.compile(f"-({_NAME})=(?!=)(.*)", re.DOTALL)

# Of mistakes; compiled when there is one.
_RUN_ON = r"-([^\W\d]\w*?)(-?[\d.].*)"
_DIGITS_BEHIND = r"(\w*[^\W\d])(\d+)"
_NUMBER = r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?"
_DASHES = "-–—‐‑‒―−"
_DASHLESS = r"-?([^\W\d]\w*)(?:=(?!=)|:(?![/\\:]))(.+)"  # no URL, and no drive


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
            if rest and not lenient and _BETWEEN.match(rest[0]):
                raise _in_words(name[1], known[-1], rest)
        elif word == "-h":
            known.append("--help")
        elif not lenient:
            raise _no_value(name[1], rest, options, free or rest)
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


def _in_words(name: str, assignment: str, rest: Sequence[str]) -> InputError:
    """The error for a value with blanks that is in several words: 5 ± 1 %."""
    from circuitcli.cli.uncertain_numbers import in_our_notation

    behind = [*takewhile(lambda word: _BETWEEN.match(word) or re.match(r"[\d.]|(?:or|minus)$", word), rest)]
    written = " ".join([assignment.partition("=")[2], *behind])
    hint = f'write -{name} "{in_our_notation(written)}"'
    return InputError(f"the value of {name} is in several words: {written}", hint)


def _no_value(name: str, rest: Sequence[str], options: Mapping[str, bool], words: Sequence[str]) -> InputError:
    """The error for an input without a value; the expression is among the words."""
    from circuitcli.cli.expression_inputs import inputs_among
    from circuitcli.cli.unknown_options import meant

    following = f"the next word is {rest[0]}" if rest else "it is the last word"
    message, inputs = f"-{name} needs a value ({following})", inputs_among(words)
    if name not in inputs and (found := meant(name, options)):
        return InputError(message, f"did you mean {' or '.join(found)}? One dash sets an input, two dashes an option.")
    if rest and rest[0] == f"-{name}":
        return InputError(message, f'to use -{name} as the expression: write "(-{name})", or put it last, behind --')
    if name.lower() == "v" and name not in inputs:
        return InputError(message, "circuit --version shows the version")
    run_on = re.fullmatch(_DIGITS_BEHIND, name)
    if run_on and name not in inputs:
        return InputError(message, f"to set {run_on[1]} write -{run_on[1]} {run_on[2]}")
    return InputError(message, f"write -{name} 3 or -{name}=3")


def split_words(
    words: Sequence[str], command: str, in_file: bool, data: bool, options: Collection[str] = ()
) -> tuple[str | None, list[str]]:
    """The expression among the words that are no input and no option, and the files of rows that follow it. With the
    expression in a file all words are files of rows. Raises UsageError for a word that is neither."""
    expression = None if in_file or not words else words[0]
    if expression and not (len(words) > 1 and _is_there(words[1])):
        _refuse_file(expression, words, command, data)
    rest = list(words if expression is None else words[1:])
    for word, following in zip(words, [*words[1:], ""], strict=False):
        _refuse_dash(word, following, words, options)
    for word, following in zip(rest, [*rest[1:], ""], strict=False):
        _refuse_input(word, following, rest, expression)
        if not data:
            from circuitcli.cli.excess_words import unexpected

            raise unexpected(word, words, command, in_file)
        if word != "-" and not _is_there(word) and not any(c in word for c in "*?["):
            from circuitcli.cli.excess_words import no_file

            raise no_file(word, words, command, in_file, options)
    return expression, rest


def _is_file(word: str) -> bool:
    return is_far(word) or os.path.isfile(word)


def _is_there(word: str) -> bool:
    """Whether a file has this name. A URL counts as one until it is opened."""
    return is_far(word) or os.path.exists(word)


def _refuse_file(name: str, words: Sequence[str], command: str, data: bool) -> None:
    """Raise UsageError for a file in the place of the expression. A file may be called like an input, x."""
    file, there = shell_word(name), _is_file(name)
    if not there and (len(words) > 1 or not re.fullmatch(r"[\w./~-]+\.\w+", name)):
        return  # as nearly all: what the endings mean is loaded for a name that has one
    from circuitcli.tables.formats import names_rows

    if not there:
        if names_rows(name):
            example = f'the expression comes first: circuit {command} "x^2" -x 3'
            raise UsageError(f"{name} is no expression, and no file of that name is here", example)
    elif len(words) > 1:
        if data:
            hint = f"the expression comes first: circuit {command} {in_quotes(words[1])} {file}"
            raise UsageError(f"{name} is a file", hint)
    elif names_rows(name):
        hint = f'the expression comes first, as in circuit eval "count()" {file}'
        raise UsageError(f"{name} is a file of rows", hint)
    elif os.path.splitext(name)[1]:
        raise UsageError(f"{name} is a file", f"to read the expression from it: circuit {command} --file {file}")


def _refuse_dash(word: str, following: str, words: Sequence[str], options: Collection[str]) -> None:
    """Raise UsageError for an input or an option behind a dash of typography."""
    from circuitcli.language.names import is_name

    name = word.lstrip(_DASHES)
    name, equal, value = name.partition("=")
    if len(words) < 2 or word[:1] not in (*_DASHES, "-") or not set(word) & {*_DASHES[1:]}:
        return
    if f"--{name}" in options or is_name(name):
        dash = "--" if f"--{name}" in options else "-"
        following = "" if following.startswith("-") else following
        behind = f"={value}" if equal else f" {following or 'VALUE'}" if dash == "-" else ""
        raise UsageError(f"{word} begins with a dash of typography", f"write {dash}{name}{behind}")


def _refuse_input(word: str, following: str, words: Sequence[str], expression: str | None) -> None:
    """Raise UsageError for a word that sets an input the wrong way; there may be more of its kind among the words."""
    run_on = re.fullmatch(_RUN_ON, word)
    if run_on is not None and expression is not None:
        name, value = run_on.groups()
        raise UsageError(
            f"{word} is an expression, and {expression} is another",
            f"to set an input write -{name} {value} or -{name}={value}",
        )
    if os.path.exists(word):
        return
    if re.fullmatch(_DASHLESS, word):
        pairs = [pair for each in words if not os.path.exists(each) and (pair := re.fullmatch(_DASHLESS, each))]
        values = " ".join(f"-{pair[1]} {shell_word(pair[2].rstrip(',') or 'VALUE')}" for pair in pairs)
        what = "an input" if len(pairs) == 1 else "inputs"
        raise UsageError(
            f"more words than expected: {' '.join(pair[0] for pair in pairs)}", f"to set {what} write {values}"
        )
    if expression is not None and re.fullmatch(_NUMBER, following) and word.isidentifier():
        from circuitcli.cli.expression_inputs import inputs_among

        if word in inputs_among([expression]):
            raise UsageError(f"more words than expected: {word}", f"to set an input write -{word} {following}")
