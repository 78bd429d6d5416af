"""Files as streams of bytes, unpacked where they are packed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import BinaryIO

from circuitcli.errors import FileError, UsageError, reason
from circuitcli.extras import refuse_missing
from circuitcli.systems import has_more
from circuitcli.tables.storage import opened, ranged
from circuitcli.tables.storage_errors import refusals
from circuitcli.urls import bare, is_far, shown_name

PACKINGS = {".gz": "gzip", ".zst": "zstd"}  # by the ending of a name
MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
BOM = b"\xef\xbb\xbf"  # the mark of the order of bytes, with which a text may begin
PIECE = 3 * 2**19  # bytes that are read at a time
FAR = 8 * 2**20  # the same of a file behind a URL, where each read costs a request


def called(name: str) -> str:
    """A file as messages call it."""
    return "<stdin>" if name == "-" else shown_name(name)


def unpacked_name(name: str) -> tuple[str, str]:
    """A name in small letters, without the ending that tells its packing, and the packing; empty where it has none."""
    name = bare(name).lower()
    stem, last = os.path.splitext(name)
    packing = PACKINGS.get(last, "")
    return stem if packing else name, packing


class Stream:
    """The unpacked bytes of a file or of standard input, in pieces. Messages call it `shown`.

    A live one, such as a pipe, gives the bytes that have come and does not wait for more. `read` counts the bytes of
    the file itself that have been read; `size` is how many it has, or None.
    """

    def __init__(self, name: str, shown: str = "") -> None:
        self.name = name
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
            for magic, packing in MAGIC.items():
                if self._ahead.startswith(magic):
                    self.packing = packing
            self.read = len(self._ahead)
            self._unpacked = _unpacked(self) if self.packing else None
            self.first = next(self._unpacked, b"") if self._unpacked is not None else self._ahead
        except BaseException:
            self.close()
            raise

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


def _unpacked(stream: Stream) -> Iterator[bytes]:
    """The bytes of a packed stream, unpacked."""
    import zlib

    if stream.packing == "zstd":
        yield from _unpacked_zstd(stream)
        return
    unpacker = zlib.decompressobj(31)
    try:
        while piece := stream.raw_piece():
            while piece:
                if unpacker.eof:  # several files behind one another are one file
                    piece = piece.lstrip(b"\0")
                    if not piece:
                        break
                    unpacker = zlib.decompressobj(31)
                yield from _some(unpacker.decompress(piece, PIECE))
                piece = unpacker.unconsumed_tail or unpacker.unused_data
        while data := unpacker.decompress(b"", PIECE):
            yield data
    except zlib.error as error:
        raise FileError(f"{stream.shown} is no sound gzip file: {error}") from None
    if not unpacker.eof:
        raise FileError(f"{stream.shown} is cut off: its gzip data end too early", "get it again, whole")


def _unpacked_zstd(stream: Stream) -> Iterator[bytes]:
    refuse_missing("zstd needs", ("pyarrow",), "rows")
    import pyarrow as pa

    try:
        unpacker = pa.CompressedInputStream(pa.PythonFile(_Buffered(stream), mode="r"), "zstd")
        while piece := unpacker.read(PIECE):
            yield piece
    except OSError as error:
        raise FileError(f"{stream.shown} is no sound zstd file: {error}") from None


class _Buffered:
    """A stream as a file that gives as many bytes as it is asked for."""

    closed = False

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            piece = self._stream.raw_piece()
            if not piece:
                break
            self._rest += piece
        size = len(self._rest) if size < 0 else size
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True


def _some(data: bytes) -> Iterator[bytes]:
    """Bytes, if there are any."""
    if data:
        yield data


def _pieces(data: bytes) -> Iterator[bytes]:
    """Bytes in pieces of bounded length."""
    for start in range(0, len(data), PIECE):
        yield data[start : start + PIECE]
