"""Files as streams of bytes, unpacked where they are packed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from circuitcli.errors import FileError, UsageError, reason
from circuitcli.systems import has_more
from circuitcli.tables.packing import PIECE, packing_of, recoded, utf16_of
from circuitcli.tables.shell_hints import STDIN
from circuitcli.tables.storage import opened, ranged
from circuitcli.tables.storage_errors import refusals
from circuitcli.tables.workbooks import Sheet
from circuitcli.urls import is_far, shown_name

BOM = b"\xef\xbb\xbf"  # the mark of the order of bytes, with which a text may begin
FAR = 8 * 2**20  # the same of a file behind a URL, where each read costs a request


def called(name: str) -> str:
    """A file as messages call it."""
    return STDIN if name == "-" else shown_name(name)


class Stream:
    """The unpacked bytes of a file or of standard input, in pieces. Messages call it `shown`.

    A live one, such as a pipe, gives the bytes that have come and does not wait for more. `read` counts the bytes of
    the file itself that have been read; `size` is how many it has, or None.
    """

    def __init__(self, name: str, shown: str = "", sheet: str = "") -> None:
        self.name, self._sheet = name, Sheet(sheet)
        self.shown = shown or called(name)
        self.far = is_far(name)
        self._file: BinaryIO
        self.size: int | None
        if self.far:
            self._file, self.size = opened(name)
            self.live = False
        else:
            self._file = _opened(name)
            self.live = not os.path.isfile(name)
            self.size = None if self.live else os.path.getsize(name)
        self.packing = ""
        self.laid: BinaryIO | None = None  # what a pipe or a packed file holds, where it has to be read from any place
        try:
            self._ahead = self._raw(PIECE)
            self.read = len(self._ahead)
            self._unpacked = self._as_utf8()
            self.first = next(self._unpacked, b"") if self._unpacked is not None else self._ahead
        except BaseException:
            self.close()
            raise

    def _as_utf8(self) -> Iterator[bytes] | None:
        """The unpacked bytes, those of UTF-16 as UTF-8; None where the file has them as they are."""
        row, unpacked, start = packing_of(self._ahead), None, self._ahead
        if row is not None:
            self.packing, unpacked = row.name, row.unpacked(self.raw_piece, self.shown, self._sheet)
            start = next(unpacked, b"")
            unpacked = chain([start], unpacked)
        if not (encoding := utf16_of(start)):
            return unpacked
        self.packing = self.packing or "UTF-16"
        return recoded(unpacked or iter(self.raw_piece, b""), encoding, self.shown)

    @property
    def is_workbook(self) -> bool:
        """Whether the bytes are a sheet of a workbook, as CSV."""
        return self._sheet.found

    def close(self) -> None:
        """Close the file, and what it was laid down in; standard input stays."""
        if self.name != "-":
            self._file.close()
        if self.laid is not None:
            self.laid.close()

    def raw_piece(self) -> bytes:
        """The next bytes of the file as it is."""
        if self._ahead:
            piece, self._ahead = self._ahead, b""
            return piece
        piece = self._raw(FAR if self.far else PIECE)
        self.read += len(piece)
        return piece

    def behind(self, place: int) -> Iterator[bytes]:
        """The bytes of a seekable file from a place on. Places are counted without a mark of the order of bytes."""
        file = self.seekable()
        assert file is not None
        self._file = file
        file.seek(place + (len(BOM) if self.first.startswith(BOM) else 0))
        while piece := self._raw(FAR if self.far else PIECE):
            yield from _pieces(piece)

    def pieces(self) -> Iterator[bytes]:
        """The unpacked bytes. Raises FileError where the packing is broken."""
        if self._unpacked is not None:
            yield self.first
            yield from self._unpacked
            return
        while piece := self.raw_piece():
            yield from _pieces(piece)

    def seekable(self) -> BinaryIO | None:
        """The file from its start, if it can be read from any place, so that not all of it need come."""
        if self.packing:
            return None
        try:
            self._file.seek(0)
        except (OSError, ValueError):
            return ranged(self.name) if self.far else None
        return self._file

    def _raw(self, limit: int) -> bytes:
        """The next bytes. A live stream waits for the first of them, and gives no more than have come."""
        if self.far:
            with refusals(self.shown):
                return b"".join(_filled(self._file, limit))
        try:
            if not self.live:
                return self._file.read(limit)
            descriptor = self._file.fileno()
            pieces = [os.read(descriptor, limit)]
            while pieces[-1] and sum(map(len, pieces)) < limit and has_more(descriptor):
                pieces.append(os.read(descriptor, limit))
            return b"".join(pieces)
        except OSError as error:
            raise FileError(f"cannot read {self.shown}: {reason(error)}") from None


def _filled(file: BinaryIO, limit: int) -> Iterator[bytes]:
    """Exactly so many bytes, fewer only at the end: a format is told by the same first bytes every time."""
    while limit and (piece := file.read(limit)):
        limit -= len(piece)
        yield piece


def _opened(name: str) -> BinaryIO:
    if name == "-":
        if sys.stdin.isatty():
            raise UsageError("standard input is a terminal", "pipe rows into it, or name a file")
        return sys.stdin.buffer
    try:
        return open(name, "rb", buffering=0)
    except OSError as error:
        raise FileError(f"cannot read {name}: {reason(error)}") from None


def _pieces(data: bytes) -> Iterator[bytes]:
    """Bytes in pieces of bounded length."""
    for start in range(0, len(data), PIECE):
        yield data[start : start + PIECE]
