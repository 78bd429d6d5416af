"""Files that rows are written into: one that appears whole under its name, or standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from importlib import import_module
from typing import TYPE_CHECKING, BinaryIO

from circuitcli.errors import UsageError
from circuitcli.tables.packing import packed
from circuitcli.tables.storage import whole
from circuitcli.visible_text import visible

if TYPE_CHECKING:
    from circuitcli.tables.file_table import Table
    from circuitcli.tables.output_columns import OutputColumns
    from circuitcli.tables.row_writer import BytesFile, Writer


def writer_on(
    file: BytesFile, table: Table, columns: OutputColumns, seekable: bool = True, plain: bool = False
) -> Writer[object]:
    """The writer, on an open file, of rows of a table in the format of the output; `plain`: in Python alone."""
    module, _, name = (columns.format.plain_writer if plain else columns.format.writer).partition(":")
    writer: Writer[object] = getattr(import_module(module), name)(file, table, columns, seekable)
    return writer


@contextmanager
def opened_writer(
    out: str | None, table: Table, columns: OutputColumns, plain: bool = False
) -> Iterator[Writer[object]]:
    """The writer into a file, or to standard output, which ends with the block; `plain`: in Python alone."""
    if out is None and columns.format.typed and sys.stdout.isatty():
        raise UsageError(f"{columns.format.name} is nothing to look at", "send it to a file: --out FILE")
    output = StandardOutput()
    with nullcontext(output) if out is None else opened_file(out) as file:
        writer = writer_on(file, table, columns, seekable=out is not None, plain=plain)
        try:
            yield writer
        except BaseException:
            output.deaf = True
            writer.drop()
            raise
        writer.close()


@contextmanager
def opened_file(out: str) -> Iterator[BinaryIO]:
    """A file that appears when it is complete, packed as its ending says."""
    with ExitStack() as stack:
        file: BinaryIO = stack.enter_context(whole(out))
        yield packed(out, file, stack)


class StandardOutput:
    """Standard output. Everything written to it goes out at once."""

    closed = False
    deaf = False  # after an error, when nothing more is written

    def __init__(self) -> None:
        self._shown = sys.stdout.isatty()  # then cells must not command the terminal; in a pipe they keep their bytes

    def write(self, data: bytes | memoryview, /) -> int:
        view = memoryview(data).cast("B")
        size = len(view)
        if self._shown:
            view = memoryview(visible(bytes(view).decode(errors="backslashreplace")).encode())
        if self.deaf:
            return size
        sys.stdout.flush()
        while len(view):
            view = view[os.write(sys.stdout.fileno(), view) :]
        return size

    def writable(self) -> bool:
        return True

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Stay open: others may still write."""
