"""The hint for a command line that is wrong as a whole: the line to write in its place."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.expression_inputs import MOST_READ, inputs_among
from circuitcli.cli.options import ExpressionCommand
from circuitcli.cli.other_names import behind_expression, free_words, shown
from circuitcli.cli.unknown_options import meant
from circuitcli.errors import CircuitError
from circuitcli.tables.formats import ANY_TEXT, format_named, names_rows
from circuitcli.urls import is_far
from circuitcli.visible_text import in_quotes, shell_word

LONGEST = 400  # characters of a line that is proposed
# Words of other programs for an option whose value is a file of rows.
_READ = {
    "data", "dataset", "datafile", "data-file", "in", "infile", "input", "input-file", "inputs", "read", "load", "i",
    "source", "src", "table", "rows", "points", "samples", "frame", "df", "from", "from-file", "file", "filename", "f",
    "path", "csv-file", "d",
}  # fmt: skip
_READ_ELSEWISE = "--file", "--inputs", "--from"  # options of ours that take something else
_WRITE = {"--out", "--trace", "--state", "--validate"}
_ANY = (*ANY_TEXT, ".txt", ".json")  # endings of files that may have something else than rows


class Given(NamedTuple):
    """A value that a line gives an option or an input; `words` are those that do so, and `name` has no dashes."""

    option: str
    value: str
    words: range

    @property
    def name(self) -> str:
        return self.option.lstrip("-").lower().replace("_", "-")


def instead_of_line(words: Sequence[str]) -> str:
    """The hint for a line of which something was wrong: it has a file of rows as the value of an option, or a gradient
    of one's own as that of --check; empty for another line."""
    if sum(map(len, words)) > LONGEST:
        return ""  # at once
    command, behind = (words[0], words[1:]) if words and words[0] in COMMANDS else ("eval", words)
    loaded = COMMANDS[command].load()
    if not isinstance(loaded, ExpressionCommand):
        return ""
    options = loaded.option_map()
    given = [*_given(behind, options)]
    rooms = _rows_behind, _program, _claim, _constraints, _roots, _bounds, _words
    hint = next(filter(None, (room(command, behind, options, given) for room in rooms)), "")
    return hint if len(hint) <= LONGEST else ""


_OPERATION = re.compile(r"[\s()*/^+]")  # in an expression that begins with a minus, and in no option


def _given(words: Sequence[str], options: Mapping[str, bool]) -> Iterator[Given]:
    """The values of options and inputs, in their order."""
    i = 0
    while i < len(words):
        option, equal, value = words[i].partition("=")
        is_flag = option in options and not options[option] and option != "--check"
        begin, i = i, i + 1
        if not option.startswith("-") or not option.strip("-") or _OPERATION.search(option):
            continue
        if equal:
            yield Given(option, value, range(begin, i))
        elif i < len(words) and not is_flag and not words[i].startswith("--"):
            i += 1
            yield Given(option, words[begin + 1], range(begin, i))


def _without(words: Sequence[str], given: Sequence[Given]) -> list[str]:
    """The words but for those of some values."""
    taken = {i for each in given for i in each.words}
    return [word for i, word in enumerate(words) if i not in taken]


def _words(command: str, words: Sequence[str], options: Mapping[str, bool], given: Sequence[Given]) -> str:
    from circuitcli.cli.line_mends import mended_line

    return mended_line(command, words, options)


def _constraints(command: str, words: Sequence[str], options: Mapping[str, bool], given: Sequence[Given]) -> str:
    """The hint for constraints, and for equations, that are stated in another way."""
    from circuitcli.cli.constraint_lines import constrained

    return constrained(command, words, options, COMMANDS[command].equations)


def _roots(command: str, words: Sequence[str], options: Mapping[str, bool], given: Sequence[Given]) -> str:
    """The hint for equations whose ranges are written in another way, or lack; empty for rows, and for a start."""
    if not COMMANDS[command].equations or any(is_far(word) or os.path.exists(word) for word in free_words(words)[1:]):
        return ""
    from circuitcli.cli.solve_lines import NUMBER, solved

    if "--bounds" in words and any(re.fullmatch(NUMBER, each.value) for each in given if each.option not in options):
        return ""
    meant = solved(words)
    known = sorted(part for word in words for part in re.split(r"(?<=\w)=(?!=)", word, maxsplit=1))
    before = sorted(part for word in meant for part in re.split(r"(?<=\w)=(?!=)", word, maxsplit=1))
    return f"write {shown(command, meant)}" if meant and before != known else ""


def _bounds(command: str, words: Sequence[str], options: Mapping[str, bool], given: Sequence[Given]) -> str:
    """The hint for a range of an input that an ascent moves: -x 1..2."""
    if "--prove" not in options:
        return ""
    from circuitcli.cli.range_hints import range_of_one

    ranges = {
        each.option.lstrip("-"): (each, ends.split(".."))
        for each in given
        if each.option not in options and re.search(r"\.\.|:|\bto\b", each.value) and (ends := range_of_one(each.value))
    }
    if not ranges or any(word.startswith("--bounds") for word in words):
        return ""
    found = _without(words, [each for each, _ in ranges.values()])
    others = [each.option for each in given if each.option not in options and each.option.lstrip("-") not in ranges]
    if "--prove" not in words:
        found += [word for name, (_, ends) in ranges.items() for word in (f"-{name}", ends[0])]
    found += ["--bounds", ",".join(f"{name}={ends[0]}:{ends[1]}" for name, (_, ends) in ranges.items())]
    if others and not any(word.startswith("--wrt") for word in words):
        found += ["--wrt", ",".join(ranges)]
    expression, *_ = [*free_words(found), ""]
    written = [in_quotes(word) if word == expression else shell_word(word) for word in found]
    return " ".join(["write circuit", command, *written])


# Files of rows


def _rows_behind(command: str, words: Sequence[str], options: Mapping[str, bool], given: Sequence[Given]) -> str:
    """The hint for files of rows that are values of options."""
    found = [each for each in given if _is_misplaced(each, options)]
    rest = _without(words, found)
    if {each.value for each in found} & {*free_words(rest)[1:]}:  # they are there already
        return ""
    files = [each.value for each in found]
    has_data = any(map(os.path.isfile, free_words(rest)[1:]))
    if not found or (has_data and not all(each.name in _READ for each in found)):
        return ""
    if not COMMANDS[command].rows:
        return f"circuit {command} reads no rows: {behind_expression(files[0], [*rest, *files[1:]])}"
    if "--file" in rest or any(word.startswith("--file=") for word in rest):
        line = " ".join(["circuit", command, *map(shell_word, [*rest, *files])])
    else:
        line = behind_expression(files[0], [*rest, *files[1:]], command)
    return f"a file of rows stands behind the expression: {line}"


def _is_misplaced(given: Given, options: Mapping[str, bool]) -> bool:
    """Whether a value is a file of rows, of an option or an input that takes none."""
    option, file = given.option, given.value
    if option in options and option not in _READ_ELSEWISE:
        return False
    if file == "-":
        return given.name in _READ and option not in options and not given.name.startswith("in")
    is_there = os.path.isfile(file) or is_far(file)
    if not names_rows(file) or not (is_there or given.name in _READ):
        return False
    is_sure = not file.lower().endswith(_ANY)
    if option == "--inputs" or given.name in ("input", "inputs"):
        row = format_named(file)
        return _has_rows(file) if row is not None and row.keyed else is_sure
    found = [option] if option in options else meant(given.name, options)
    return (is_sure or not _is_program(file)) if "--file" in found else not _WRITE.intersection(found)


def _is_program(file: str) -> bool:
    """Whether a file has an expression, or the description of one in JSON."""
    from circuitcli.language import parse

    try:
        with open(file, encoding="utf-8", errors="replace") as stream:
            text = stream.read(MOST_READ)
        if not text.lstrip().startswith("{"):
            parse(text)
    except (OSError, CircuitError):
        return False
    return not _has_rows(file)


def _has_rows(file: str) -> bool:
    """Whether the text of a file is a list of objects in JSON, or several objects on lines."""
    try:
        with open(file, encoding="utf-8", errors="replace") as stream:
            text = stream.read(MOST_READ)
    except OSError:
        return False
    return re.match(r"\s*(?:\[\s*\{|\{[^\n]*\}\s*\n\s*\{)", text) is not None


# A program


def _program(command: str, words: Sequence[str], options: Mapping[str, bool], given: Sequence[Given]) -> str:
    """The hint for the file of an expression that is the value of an input."""
    for each in given:
        rest = _without(words, [each])
        if each.option in options or "--file" not in meant(each.name, options) or free_words(rest):
            continue
        if os.path.isfile(each.value) and _is_program(each.value):
            return f"write {' '.join(['circuit', command, '--file', *map(shell_word, [each.value, *rest])])}"
    return ""


# A gradient of one's own


def _claim(command: str, words: Sequence[str], options: Mapping[str, bool], given: Sequence[Given]) -> str:
    """The hint for --check with a gradient, or with the input by which it is to check."""
    if "--claim" not in options:
        return ""
    for each in given:
        rest = _without(words, [each])
        free = free_words(rest)
        if "--check" not in meant(each.name, options)[:1] or not free or os.path.exists(each.value):
            continue
        if free[0] not in words[: each.words.start]:
            continue  # the word behind the option may be the expression
        if more := _instead_of_check(each.value, free[0]):
            return f"write {shown(command, [*rest, *more])}"
    return ""


def _instead_of_check(text: str, expression: str) -> list[str]:
    """The options for a text behind --check; none where it tells nothing of the inputs of the expression."""
    from circuitcli.language import parse

    names = inputs_among([expression])
    if text in names:
        return ["--check", "--wrt", text]
    try:
        program = parse(text)
    except CircuitError:
        return []
    if not names or not {*inputs_among([text])} <= {*names}:
        return []
    if any(statement.left is not None for statement in program.statements):
        return ["--claim", text]
    name = _claimed_input(text, expression, names)
    if not name and inputs_among([text]):
        name = names[0]
    return ["--claim", f"{name} = {text}"] if name else []


def _claimed_input(text: str, expression: str, names: Sequence[str]) -> str:
    """The input by which a text is the gradient of an expression, at a point that nobody chose; empty without one."""
    from circuitcli.api import Circuit

    point = {name: 1.1 + 0.2 * k for k, name in enumerate(names)}
    try:
        _, gradient = Circuit(expression).value_and_gradient(**point)
        value, _ = Circuit(text).value_and_gradient(**{name: point[name] for name in inputs_among([text])})
    except CircuitError:
        return ""
    return next((name for name in names if abs(gradient[name] - value) <= 1e-9 * abs(value)), "")
