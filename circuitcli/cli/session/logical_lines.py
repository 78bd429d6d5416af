"""The logical lines of a script: which of its lines belong together, and on which a mistake is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.session.colon_commands import begun, command_of
from circuitcli.errors import CircuitError, ExpressionError
from circuitcli.language import parse
from circuitcli.language.excerpts import depth_behind
from circuitcli.language.statements import unfinished

FEW = 64  # lines of an open parenthesis that are read again for every line


class PlacedError(CircuitError):
    """An error in lines that begin at line `number` of a file; its message names the file and the line."""

    def __init__(self, error: CircuitError, text: str, source: str, number: int) -> None:
        message = error.message
        if isinstance(error, ExpressionError):
            if "\n" in text and error.text == text:
                error = _counted(error, number)
                number = 1 + error.text.count("\n", 0, error.start)
            message = error.what
        super().__init__(message if isinstance(error, PlacedError) else f"{source}, line {number}: {message}")
        self._details = error.details()

    def details(self) -> list[str]:
        return self._details


def _counted(error: ExpressionError, number: int) -> ExpressionError:
    """An error with the line numbers of the whole file, for its message may name a line: the ( in line 7."""
    above = "\n" * (number - 1)
    command = command_of(error.text)
    blank = " " * command.end() if command else ""
    try:
        parse(above + blank + error.text[len(blank) :])
    except ExpressionError as counted:
        return counted
    return error.within("", above + error.text, -len(above))


def goes_on(text: str) -> bool:
    """Whether the next line belongs to this one, which may be a command."""
    command = command_of(text)
    if command is None:
        return unfinished(text)
    found = [COMMANDS[name].expression for name in begun(command[1]) if name in COMMANDS]
    return found == [True] and unfinished(text[command.end() :])


def logical_lines(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Join the lines of an open parenthesis; each logical line comes with the number of its first line."""
    held: list[str] = []
    number = depth = 0
    for number, line in enumerate(lines, 1):
        held.append(line)
        depth = depth_behind(depth, line)
        if depth and len(held) > FEW and len(held).bit_count() > 1:
            continue  # it may be wrong already: look when it is twice as long, or all would be read for every line
        text = "\n".join(held)
        if not goes_on(text):
            yield number - len(held) + 1, text
            held, depth = [], 0
    if held:
        yield number - len(held) + 1, "\n".join(held)
