"""Errors for words behind an expression that are neither inputs nor options nor files of rows."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence

from circuitcli.errors import ExpressionError, UsageError
from circuitcli.urls import is_far
from circuitcli.visible_text import in_quotes, shell_word


def unexpected(word: str, words: Sequence[str], command: str, in_file: bool) -> UsageError:
    """Return the error for a word too many, where a command takes no files of rows."""
    if in_file and _is_expression(word):
        return _both(word)
    if in_file:
        return UsageError(f"unexpected {word}: the expression is in --file", "set an input with -NAME VALUE")
    if is_far(word) or os.path.isfile(word):
        from circuitcli.tables.formats import names_rows

        hint = f"write eval in place of {command}, for a number from each row"
        if not names_rows(word):
            hint = f"to read the expression from it: circuit {command} --file {shell_word(word)}"
        return UsageError(f"unexpected {word}: circuit {command} reads no data files", hint)
    *_, last = words
    if len(words) < 4 and _an_input(last, words[0], in_file=False).endswith(" VALUE"):
        hint = f"to set an input write -{last} VALUE; to differentiate by it, --wrt {last}"
        return UsageError(f"more words than expected: {' '.join(words[1:])}", hint)
    return UsageError(f"more words than expected: {' '.join(words[1:])}", _in_quotes(words, command))


def _is_expression(word: str) -> bool:
    """Whether a word is an expression, and more than a name that a file may have."""
    from circuitcli.language import parse

    try:
        parse(word)
    except ExpressionError:
        return False
    return re.search(r"[-+*^()= ]", word) is not None


def _both(word: str) -> UsageError:
    """The error for an expression beside --file."""
    hint = f"leave out one of them; a file with {in_quotes(word)} in it may follow by another --file"
    return UsageError(f"there are two expressions: {word}, and that in --file", hint)


def no_file(word: str, words: Sequence[str], command: str, in_file: bool, options: Collection[str]) -> UsageError:
    """Return the error for a word that should be a file of rows."""
    if word.partition("=")[0] in options:
        return UsageError(f"{word} stands behind --, where the files are", f"put {word} before the --")
    if meant := near_file(word):
        return UsageError(f"no such file: {word}", f"did you mean {shell_word(meant)}?")
    hint = _a_range(words, in_file) if "--range" in options else ""
    if hint := hint or _an_input(word, words[0], in_file):
        return UsageError(f"more words than expected: {word}", hint)
    if in_file and _is_expression(word):
        return _both(word)
    if in_file or os.path.splitext(word)[1] or os.sep in word:
        from circuitcli.cli.topics import example_names

        hint = "data files follow the expression; inputs are set with -NAME VALUE"
        if word in example_names():
            hint = f"circuit example {word} writes it here"
        elif in_file:
            hint = "with --file every other word is a file of rows"
        return UsageError(f"no such file: {word}", hint)
    if any(c in words[0] for c in " ()+*/^,"):  # it is in quotes already
        return UsageError(
            f"no such file: {word}", "names are joined by commas: --columns id,r; a file needs its ending"
        )
    return UsageError(f"no such file: {word}", _in_quotes(words, command))


def _an_input(word: str, expression: str, in_file: bool) -> str:
    """The hint for a word that is an input of the expression, or a number for one; empty for other words."""
    from circuitcli.cli.expression_inputs import inputs_among

    inputs = [] if in_file else inputs_among([expression])
    if word in inputs:
        return f"to set an input write -{word} VALUE"
    return (
        f"to set an input write -{inputs[0]} {word}"
        if inputs and re.fullmatch(r"[-+]?[\d.]+(e[-+]?\d+)?", word.lower())
        else ""
    )


def _a_range(words: Sequence[str], in_file: bool) -> str:
    """The hint for words behind the expression of a plot that are a range: 0 6 or 0:6; empty for others."""
    from circuitcli.cli.expression_inputs import inputs_among
    from circuitcli.cli.range_hints import read_range

    names = [] if in_file else inputs_among(words[:1])
    found = read_range(":".join(words[1:]), names[:1], open_ends=False)
    return f"write --range {shell_word(found)}" if found else ""


def near_file(word: str) -> str:
    """Return the file that is called much like a word, whatever its ending; empty where there is none."""
    from circuitcli.language.names import near

    folder, name = os.path.split(word)
    stem, ending = os.path.splitext(name)
    try:
        others = sorted(os.listdir(folder or "."), key=lambda other: (other.endswith(ending), other))
    except OSError:
        return ""
    there = {os.path.splitext(other)[0]: other for other in others}  # the last of a name, which has its ending
    found = near(stem, list(there))
    return os.path.join(folder, there[found]) if found else ""


def _in_quotes(words: Sequence[str], command: str) -> str:
    """The hint for an expression of several words. One that cannot be read gives way to what is to be written."""
    from circuitcli.language import parse
    from circuitcli.language.excerpts import plain_signs

    text = plain_signs(" ".join(words))
    try:
        parse(text)
    except ExpressionError as error:
        from circuitcli.language.syntax import mistake_in
        from circuitcli.language.whole_texts import whole_hint

        if whole := whole_hint(text, error.start, mistake_in):
            text = whole.removeprefix("write ").partition(", or ")[0]
    return f"put the expression in quotes: circuit {command} {in_quotes(text)}"
