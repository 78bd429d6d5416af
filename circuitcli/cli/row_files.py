"""The files of rows that a command line names, opened; and the notes on their rows."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from circuitcli.asked_columns import column_of
from circuitcli.cli.cell_signs import delimiter_of, thousands_of
from circuitcli.cli.column_renames import column_renames
from circuitcli.cli.conditions import condition_of, refuse_assigned, refuse_date, telling_of_results, telling_unquoted
from circuitcli.cli.notes import note, working
from circuitcli.cli.options import Data, Output
from circuitcli.cli.request import Request
from circuitcli.errors import UsageError
from circuitcli.extras import installing, missing, refuse_missing
from circuitcli.render.number_format import FLOAT_DIGITS
from circuitcli.rows.none_left import counted
from circuitcli.systems import cores, has_memory_limit, keep_freed_memory, refuse_without_room
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.rows.condition import RowCondition
    from circuitcli.rows.rows_runner import RowsRunner
    from circuitcli.rows.told import Progress, Told
    from circuitcli.tables.formats import Format
    from circuitcli.tables.joined_files import Reading
    from circuitcli.tables.total_rows import TotalRow

ROWS = "numpy", "orjson", "pyarrow"  # the libraries that read many rows
# Bytes of addresses that NumPy and pyarrow take while they are loaded, and for each thread that they start.
ROOM, ROOM_OF_A_THREAD = 512 << 20, 32 << 20
# The readers of rows: libraries; Python alone, as long as what there is to do is small; Python alone.
LIBRARIES, WHILE_SMALL, ALONE = "libraries", "while small", "alone"
MANY = 100_000  # rows that take Python alone a while
SMALL = 65_536  # bytes of files, which Python has read before libraries are loaded


def reader_of(asked: Request, said: Data, needs_libraries: bool) -> str:
    """The reader for the files of a command line: Python alone where libraries are not installed, even where they are
    needed, so that other mistakes are told first."""
    if missing(ROWS):
        return ALONE
    can_be_alone = not needs_libraries and not said.engine and said.cluster is None
    if can_be_alone and all(map(os.path.isfile, asked.data)) and sum(map(os.path.getsize, asked.data)) <= SMALL:
        return WHILE_SMALL
    refuse_missing_libraries()
    return LIBRARIES


@contextmanager
def opened(
    asked: Request,
    output: Output,
    said: Data,
    reader: str = LIBRARIES,
    told: set[str] | None = None,
    names: Sequence[str] | None = None,
) -> Iterator[RowsRunner]:
    """The files, or others of these `names`, ready to run a circuit over; `told` are the notes that another reader gave
    before. Raises UsageError
    for options that rows cannot have, and NeedsLibraries where this reader does not do."""
    if output.digits > FLOAT_DIGITS:
        raise UsageError("rows are computed in float64, which has 17 digits", "leave out --digits, or give 17")
    header, renames = names_of(said.names, "--names"), column_renames(said.renames, said.vectors)
    from circuitcli.tables.batch import ERROR
    from circuitcli.tables.dialect import DialectOptions
    from circuitcli.tables.joined_files import Reading
    from circuitcli.tables.times import SAID

    dialect = DialectOptions(
        delimiter_of(said.delimiter),
        said.decimal or "",
        said.comment or "",
        thousands_of(said.thousands, said.decimal),
        tuple(names_of(said.na, "--na")),
        said.skip_lines,
        said.no_header,
    )
    given = (*asked.given, *asked.graph.defaults, *asked.beside)
    reading = Reading(said.form or "", header, renames, told=dialect, given=given, sheet=said.sheet or "")
    with _tables(asked.data if names is None else names, reading, said, output.quiet, reader) as tables:
        notes = [tables.first.assumed] if tables.first.assumed else []
        inputs = [
            *_inputs_of_rows(asked, said),
            *(where.inputs if (where := condition_of(said.where)) is not None else ()),
        ]
        inside = [name for name in dict.fromkeys(map(column_of, inputs)) if _is_inside(tables, name)]
        known, taken = set(given), {*given, *inside}  # a net has thousands of inputs
        free = [name for name in map(column_of, inputs) if name not in taken]
        times = [name for name in dict.fromkeys(inputs) if name not in known and tables.first.is_time(name)]
        if times:
            notes.append(f"{', '.join(times)} {'is a time' if len(times) == 1 else 'are times'}, in {SAID}")
        told = set() if told is None else told
        for text in notes:
            if text not in told:
                note(f"{tables.first.shown}: {text}", output.quiet)
        told.update(notes)
        tables.assume(free if said.policy != ERROR or tables.first.empty else tables.first.seen(free))
        tables.inside = inside
        yield tables
        for total in tables.totals:
            note(_told_of_total(total), output.quiet)


def _inputs_of_rows(asked: Request, said: Data) -> list[str]:
    """The inputs that rows may have, with the ends of those that are ranges in each row."""
    if not said.intervals:
        return [*asked.graph.inputs]
    from circuitcli.cli.interval_columns import interval_columns

    ends = interval_columns(said.intervals, asked.graph.inputs, asked.given)
    return [
        *(name for name in asked.graph.inputs if name not in ends),
        *(end for pair in ends.values() for end in pair),
    ]


def _told_of_total(total: TotalRow) -> str:
    """The note on the last row of a file that may add up the rows above, and how to leave it out."""
    from circuitcli.language.names import is_name

    text = f"{total.shown}: the last row is called {total.label}, as a sum of the rows above is"
    if not is_name(total.column) or '"' in total.label:
        return text
    return f"{text}; --where '{total.column} != \"{total.label}\"' leaves it out"


def _is_inside(tables: RowsRunner, name: str) -> bool:
    """Whether a name means a part of a column's values."""
    return name not in tables.columns and tables.first.has_inside(name)


def condition(asked: Request, said: Data, tables: RowsRunner) -> RowCondition | None:
    """The condition of --where, over the columns of the files and the inputs that are given."""
    if (graph := condition_of(said.where)) is None:
        return None
    from circuitcli.rows.condition import RowCondition

    known, columns = {**asked.given, **asked.beside}, readable(tables)
    for text in said.where:
        refuse_assigned(text, columns, known)
        refuse_date(text, columns, tables.first.is_time)
    named = telling_of_results(asked.graph, said.where, columns)
    with telling_unquoted(said.where, columns, known, "--where "), named:
        return RowCondition(graph, columns, known, tables.first.shown)


def readable(tables: RowsRunner) -> list[str]:
    """All that an expression may take from a row: its columns, and the parts of their values that it names."""
    return [*tables.columns, *tables.inside]


def refuse_no_column(tables: RowsRunner, by: str) -> None:
    """Raise UsageError for groups by a column that is none."""
    if by not in tables.columns and not tables.first.has_part(by):
        from circuitcli.rows.column_hints import instead_of_group

        columns = f"its columns are: {some_of(tables.columns)}"
        raise UsageError(f"{tables.first.shown} has no column {by}", instead_of_group(by, tables.columns) + columns)


@contextmanager
def _tables(names: Sequence[str], reading: Reading, said: Data, quiet: bool, reader: str) -> Iterator[RowsRunner]:
    """The files, on this machine or for the workers of a cluster."""
    if reader != LIBRARIES:
        from circuitcli.rows.plain_runner import PlainRunner

        with PlainRunner(names, reading, small=reader == WHILE_SMALL) as plain:
            yield plain
        return
    if said.cluster is None:
        from circuitcli.rows.local import LocalRunner

        keep_freed_memory()
        with working("opening files", quiet):
            runner = LocalRunner(names, reading)
        with runner:
            yield runner
        return
    refuse_missing("a cluster needs", ("distributed",), "cluster")
    from circuitcli.cluster.connection import LOCAL, connected
    from circuitcli.cluster.remote import ClusterRunner

    if said.jobs and said.cluster != LOCAL:
        raise UsageError("--jobs is for this machine, and a cluster has its workers", "leave it out")
    with connected(said.cluster, said.jobs or cores(), note) as cluster:
        yield ClusterRunner(cluster, names, reading)


def bad_rows(told: Told) -> list[str]:
    """The notes on bad rows, which no --quiet hides: no row vanishes unmentioned."""
    notes, rows = [], told.rows + told.skipped + told.failed
    if told.failed:
        notes.append(f"--where left out {told.failed:,} of {rows:,} rows")
    if told.skipped:
        notes.append(f"skipped {told.skipped:,} of {rows:,} rows (first: {told.first_bad})")
    if told.kept:
        notes.append(f"kept {counted(told.kept)} without a number as nan (first: {told.first_bad})")
    return notes


def telling(progress: Progress, output: Output) -> Progress:
    """A call that shows progress, and once tells how many rows go faster."""
    told = output.quiet

    def tell(rows: int, position: int) -> None:
        nonlocal told
        if rows >= MANY and not told:
            told = True
            note(f"many rows are slow without libraries; {installing('rows')} makes them fast")
        progress(rows, position)

    return tell


@contextmanager
def progressing(tables: RowsRunner, output: Output) -> Iterator[Progress]:
    """The call that shows progress, if standard error is a terminal."""
    if output.quiet or not sys.stderr.isatty():
        yield lambda rows, position: None
        return
    from circuitcli.render.row_progress import RowProgress

    with RowProgress(tables.size) as progress:
        yield progress


def names_of(text: str | None, option: str) -> list[str]:
    """The names of an option such as x,y and W[1,2],y."""
    from csv import Error, reader

    from circuitcli.name_lists import with_indices

    if text is None:
        return []
    if not text.strip():
        raise UsageError(f"{option} names nothing", f"write for example {option} x,y")
    try:
        names = with_indices([name.strip() for name in next(reader([text]), [])])
    except Error:  # a line that ends between names
        hint = """a name with commas, quotes or more lines stands in quotes: '"a,b",y'"""
        raise UsageError(f"{option} is no list of names", hint) from None
    if not all(names) or len(set(names)) < len(names):
        raise UsageError(f"{option} {text}: every name once", f"write for example {option} x,y")
    return names


def goes_out(asked: str, said: Data, tables: RowsRunner) -> Format:
    """The format of the rows that go out, with the sign of --delimiter between its cells where the files have none.
    Raises UsageError where no cells have one, and for a sign that stands within numbers."""
    from circuitcli.tables.formats import format_to_write

    came = tables.first.format
    form = format_to_write(asked, said.out, came)
    refuse_unused(said, tables, form)
    sign = delimiter_of(said.delimiter)
    if not sign or not form.separator or sign == came.separator:
        return form
    if sign in "+-.\\":
        raise UsageError(f"--delimiter {sign} stands within cells", "write for example --delimiter ';', or tab")
    return form._replace(separator=sign)


def refuse_unused(said: Data, tables: RowsRunner, form: Format | None = None) -> None:
    """Raise UsageError for --delimiter and --no-header where neither the files have cells and a header nor `form`, the
    format of the rows that go out, if there are any."""
    came = tables.first.format
    has_cells, has_header = form is not None and bool(form.separator), form is not None and form.headed
    if not came.headed and ((said.delimiter and not has_cells) or (said.no_header and not has_header)):
        from circuitcli.tables.formats import FORMATS

        headed = " and ".join(row.title for row in FORMATS.values() if row.headed)
        hint = "leave them out" if form is None else "leave them out, or write --to csv"
        what = f"--delimiter and --no-header are for {headed}, read or written"
        raise UsageError(f"{what}, and {tables.first.shown} is {came.name}", hint)


def refuse_missing_libraries(what: str = "this needs") -> None:
    """Raise UsageError where the libraries that read many rows are not installed, and MemoryError where they would
    find too little memory to start their threads."""
    refuse_missing(what, ROWS, "rows")
    if has_memory_limit():  # these end the process where they find too little, instead of saying so
        refuse_without_room(ROOM + cores() * ROOM_OF_A_THREAD)
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # its own takes a gigabyte of addresses ahead
