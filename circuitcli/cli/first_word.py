"""The first word of a command line that is no command: an expression for `circuit eval`, or a mistake."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from circuitcli.cli.command_table import COMMANDS
from circuitcli.errors import ExpressionError, UsageError
from circuitcli.urls import is_far
from circuitcli.visible_text import shell_word

LISTED = "circuit --help lists the commands"
_FIRST_PAGES = ("tutorial", "lesson", "introduction", "intro", "docs", "documentation", "manual", "start", "learn")
_SHOWING = ("head", "cat", "less", "more", "rows", "preview")
PROGRAM = ".circuit"  # the ending of files that --file reads


def evaluated(words: Sequence[str]) -> list[str]:
    """The words of `circuit eval` for a line that begins with an expression. Raises UsageError for one that does not:
    a command of another name or a misspelt one, or a file."""
    first, rest = words[0], words[1:]
    if _sets(first, rest):
        return ["eval", *words]
    if first.isidentifier():
        _refuse_command(first, rest)
    elif os.path.isfile(first) or is_far(first) or _is_called_a_file(first):
        raise _file_first(first, rest)
    else:
        _refuse_command_inside(first, rest)
    return ["eval", *words]


def _is_called_a_file(word: str) -> bool:
    """Whether a word has the name of a file, of rows or of a program, be it there or not."""
    return re.fullmatch(r"[^\s()]+\.[A-Za-z][\w.]*", word) is not None and (word.endswith(PROGRAM) or _has_rows(word))


def _has_rows(name: str) -> bool:
    """Whether the ending of a name, or a URL, tells of a file of rows."""
    from circuitcli.tables.formats import format_named

    return is_far(name) or format_named(name) is not None


def _sets(name: str, rest: Sequence[str]) -> bool:
    """Whether words give an input of this name a value."""
    return any(word == f"-{name}" or word.startswith(f"-{name}=") for word in rest)


def _refuse_command(word: str, rest: Sequence[str]) -> None:
    """Raise UsageError for a single word, unless it must be an input, a column or a constant."""
    from difflib import get_close_matches

    from circuitcli.cli.other_names import columns_of, instead_of
    from circuitcli.gates import ALIASES, GATES
    from circuitcli.language.names import canonical, is_constant

    if is_constant(canonical(word)) or word in columns_of(rest[:1]):
        return
    is_gate = word in GATES or word in ALIASES
    if is_gate and rest and all(map(_is_number, rest)):
        raise UsageError(f"{word} is a gate, and no command", f'write circuit "{word}({", ".join(rest)})"')
    if meant := instead_of(word, rest):
        raise UsageError(f"there is no command {word}", f"write {meant}")
    if is_gate:
        raise UsageError(f"{word} is a gate, and no command", f"circuit gates {word} tells of it")
    if hint := _page(word) or _first_rows(word, rest):
        raise UsageError(f"there is no command {word}", hint)
    if word.lower() == "select" and (hint := _selected(word, rest)):
        raise UsageError(f"there is no command {word}", hint)
    if close := get_close_matches(word.lower(), COMMANDS, n=1):
        raise UsageError(f"there is no command {word}", f"did you mean circuit {close[0]}?")
    if os.path.isfile(word):
        raise _file_first(word, rest)
    if rest and (os.path.isfile(rest[0]) or is_far(rest[0]) or not any(map(str.isalnum, rest[0]))):
        return  # x pts.csv; x + 1 without quotes
    if "--inputs" in rest:
        return
    hint = LISTED if rest else f"{LISTED}; the value of an input: circuit {word} -{word} 3"
    raise UsageError(f"there is no command {word}", hint)


def _page(word: str) -> str:
    """The hint for a topic of the help, or a word for its first page; empty for another word."""
    from circuitcli.cli.topics import topics

    name = word.lower().replace("_", "-")
    topic = "guide" if name in _FIRST_PAGES else name
    return f"circuit help {topic} shows the page" if topic in topics() else ""


def _first_rows(word: str, rest: Sequence[str]) -> str:
    """The hint for a program that shows the rows of a file; empty for another word."""
    from circuitcli.cli.topics import example_names
    from circuitcli.rows.column_hints import numbers_among

    if word.lower() not in _SHOWING or len(rest) != 1:
        return ""
    if not os.path.isfile(rest[0]):
        return f"circuit example {rest[0]} writes the file here" if rest[0] in example_names() else ""
    from circuitcli.cli.other_names import columns_of, shown

    column = next(iter(numbers_among(columns_of(rest), rest[0])), "")
    return f"for its first rows write {shown('eval', [column, rest[0], '--head', '5'])}" if column else ""


def _selected(word: str, rest: Sequence[str]) -> str:
    """The hint for SQL in several words."""
    from circuitcli.cli.whole_commands import selected

    text = " ".join([word, *rest])
    return selected(text, "eval", [text])


def _is_number(word: str) -> bool:
    return re.fullmatch(r"-?[\d.]+(?:[eE][-+]?\d+)?", word) is not None


def _file_first(name: str, rest: Sequence[str]) -> UsageError:
    """The error for a line that begins with a file."""
    if not is_far(name) and not os.path.exists(name):
        return UsageError(f"no such file: {name}", "an expression comes first, in quotes; circuit --help shows how")
    if _has_rows(name):
        from circuitcli.cli.other_names import behind_expression

        return UsageError(f"{name} is a file", f"the expression comes first: {behind_expression(name, rest)}")
    more = "".join(f" {shell_word(word)}" for word in rest)
    return UsageError(
        f"{name} is a file", f"to read the expression from it: circuit eval --file {shell_word(name)}{more}"
    )


def _refuse_command_inside(text: str, rest: Sequence[str]) -> None:
    """Raise UsageError for quotes around a command and its expression."""
    found = re.match(r"([^\W\d]\w*)\s+(?=[\w(\"'-])", text)
    if found is None:
        return
    from circuitcli.cli.other_names import instead_of, shown
    from circuitcli.language import parse

    word, behind = found[1], [*_words_in(text[found.end() :]), *rest]
    meant = shown(word, behind) if word in COMMANDS else instead_of(word, behind)
    try:
        parse(text)
    except ExpressionError:
        if meant:
            raise UsageError(f"the command {word} is within the quotes", f"write {meant}") from None


def _words_in(text: str) -> list[str]:
    """The words of a command that stand in one: its expression, perhaps in quotes, then inputs and options."""
    from shlex import split

    inputs = re.search(r"\s(?:-[^\W\d]\w*[\s=]|--[a-z])", text)
    end = inputs.start() if inputs else len(text)
    try:
        return [text[:end].strip().strip("\"'"), *split(text[end:])]
    except ValueError:  # a quotation that is not closed
        return [text]
