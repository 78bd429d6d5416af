"""An answer of a command, in every form; and the one printer of all answers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from contextvars import ContextVar
from typing import TYPE_CHECKING

from circuitcli.cli.exit_status import DONE
from circuitcli.cli.notes import note
from circuitcli.cli.options import JSON, TABLE
from circuitcli.errors import UsageError
from circuitcli.tables.formats import FORMATS
from circuitcli.visible_text import visible

if TYPE_CHECKING:
    from circuitcli.cli.options import Output
    from circuitcli.render.text_table import PrintedTable
    from circuitcli.tables.formats import Format

Record = dict[str, object]  # a JSON object
_overheard: ContextVar[list[tuple[Answer, Output]] | None] = ContextVar("overheard", default=None)


class Outcome:
    """The notes on an answer, and the exit status that it deserves. No --quiet hides a note that is `loud`."""

    def __init__(self, notes: Sequence[str] = (), status: int = DONE, loud: Sequence[str] = ()) -> None:
        self.notes, self.status, self.loud = notes, status, loud


class Answer:
    """All that a command found: `record` for JSON, `rows` for JSON Lines, CSV and TSV, `table` for people (tables and
    lines), `bare` for --quiet. A part is built when it is printed, so that nobody pays for a form not asked for."""

    def __init__(
        self,
        record: Callable[[], Mapping[str, object] | Sequence[Record]],
        rows: Callable[[], Sequence[Record]],
        table: Callable[[], Iterable[PrintedTable | str]],
        bare: Callable[[], Iterable[str]],
        outcome: Callable[[], Outcome] = Outcome,
    ) -> None:
        self.record, self.rows, self.table, self.bare, self.outcome = record, rows, table, bare, outcome


def give(answer: Answer, output: Output, out: str | None = None) -> int:
    """Print an answer, into the file of --out where it is given, and its notes; and return the exit status."""
    if (overheard := _overheard.get()) is not None:
        overheard.append((answer, output))
    with written(out):
        show(answer, output)
    return conclude(answer.outcome(), output)


@contextmanager
def overhearing() -> Iterator[list[tuple[Answer, Output]]]:
    """Collect the answers that are given meanwhile, for who wants their numbers, too."""
    found: list[tuple[Answer, Output]] = []
    token = _overheard.set(found)
    try:
        yield found
    finally:
        _overheard.reset(token)


@contextmanager
def written(out: str | None) -> Iterator[None]:
    """Send standard output into a file, where one is named, which appears when it is complete."""
    if out is None:
        yield
        return
    from circuitcli.atomic_files import as_text
    from circuitcli.tables.output_files import opened_file

    with opened_file(out) as file, as_text(file) as text, redirect_stdout(text):
        yield


def file_of(out: str | None) -> str | None:
    """The file that --out names; None for standard output. Raises UsageError where it names nothing."""
    if out == "":
        raise UsageError("--out names nothing", "name a file, or leave it out")
    return None if out == "-" else out


def in_the_form_of(output: Output, out: str | None) -> Output:
    """The look of one answer, whose form the ending of --out may tell. Raises UsageError for a directory, and for a
    form that is for rows alone."""
    if out is not None:
        from circuitcli.tables.formats import form_named
        from circuitcli.tables.storage import is_folder

        if is_folder(out):
            raise UsageError(f"{out} is a directory, and this is one answer", "name a file")
        if output.to is None:
            output = output.but(to=form_named(out) or None)
    if output.form in FORMATS and FORMATS[output.form].typed:
        raise UsageError(f"{output.form} is for rows, and this is one answer", "write for example --json")
    return output


def show(answer: Answer, output: Output) -> None:
    """Print an answer in the form asked for."""
    if output.form == TABLE:
        if output.quiet:
            _lines(answer.bare())
        else:
            _blocks(answer.table(), output.color)
        return
    from circuitcli.render.machine_formats import json_text, rows_text

    text = json_text(answer.record()) if output.form == JSON else rows_text(answer.rows(), FORMATS[output.form])
    if text:  # no rows are no line
        _print_whole(text)


def conclude(outcome: Outcome, output: Output) -> int:
    """Write the notes on an answer and return the exit status."""
    for text in outcome.loud:
        note(text)
    for text in outcome.notes:
        note(text, output.quiet)
    return outcome.status


def stream(rows: Iterable[Record], form: Format, output: Output, headed: bool = True) -> None:
    """Print rows of equal columns as they come, in JSON Lines, CSV or TSV, in one JSON array, or as a table. `headed`:
    the names of the columns stand above them, where the format has them in a row of their own."""
    if form.name == TABLE:
        _tabulate(rows, output, headed)
        return
    from circuitcli.render.machine_formats import rows_text, separated

    before = ""
    for i, row in enumerate(rows):
        if form.lines:  # nothing closes the array of a run that is broken off
            before = ",\n" if i else "["
            _print(before + rows_text([row], FORMATS[form.lines]))
        else:
            bare = form.separator and (i or not headed)
            _print_whole(separated([row.values()], form) if bare else rows_text([row], form))
        sys.stdout.flush()
    if form.lines:
        _print_whole("]" if before else "[]")


def _tabulate(rows: Iterable[Record], output: Output, headed: bool) -> None:
    """Print rows of equal columns as a table, whose floats are the results."""
    from circuitcli.render.number_format import shown
    from circuitcli.render.row_table import RowTable

    table: RowTable | None = None
    for row in rows:
        if table is None:
            floats = [name for name, x in row.items() if isinstance(x, float)]
            color = output.color if sys.stdout.isatty() else None
            table = RowTable([*row], floats, sys.stdout.write, color, headed)
        cells = [shown(x, output.digits) if isinstance(x, float) else x for x in row.values()]
        table.add([["" if cell is None else str(cell) for cell in cells]])
    if table is not None:
        table.close()


def _lines(lines: Iterable[str]) -> None:
    for line in lines:
        _print_whole(line)


def _print_whole(text: str) -> None:
    """Print a text and the end of its line at once: several commands may write to one pipe, each without a buffer."""
    _print(f"{text}\n")


def _print(text: str) -> None:
    sys.stdout.write(visible(text) if sys.stdout.isatty() else text)


def _blocks(blocks: Iterable[PrintedTable | str], color: str) -> None:
    """Print tables and lines, each table with its note on standard error."""
    for block in blocks:
        if isinstance(block, str):
            _print_whole(block)
            continue
        from circuitcli.render.screen_table import print_table

        print_table(block, color)
        if block.note:
            note(block.note)
