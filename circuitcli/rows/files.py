"""Files as streams of bytes: which ones a command line means, what is packed in them, and in what form."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from circuitcli.errors import FileError, UsageError
from circuitcli.rows.places import COMPLETE, UNFINISHED, bare, expand_far, is_far, opened, ranged, refuse_unfinished
from circuitcli.rows.refusals import refusals

CSV, TSV, JSONL, PARQUET, ARROW = "csv", "tsv", "jsonl", "parquet", "arrow"
FORMATS = (CSV, TSV, JSONL, PARQUET, ARROW)
ENDINGS = {
    ".csv": CSV,
    ".tsv": TSV,
    ".tab": TSV,
    ".jsonl": JSONL,
    ".ndjson": JSONL,
    ".json": JSONL,
    ".parquet": PARQUET,
    ".pq": PARQUET,
    ".arrow": ARROW,
    ".ipc": ARROW,
    ".feather": ARROW,
}
PACKED = {".gz": "gzip", ".zst": "zstd"}
MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
BOM = b"\xef\xbb\xbf"  # the mark of the order of bytes, which a text may begin with
PIECE = 3 * 2**19  # bytes that are read at a time
FAR = 8 * 2**20  # and of a file behind a URL, where each time costs a request


def called(name: str) -> str:
    """A file as messages call it."""
    return "<stdin>" if name == "-" else bare(name)


def expand(names: Sequence[str]) -> list[str]:
    """The files that names, patterns and directories of Parquet stand for."""
    from glob import glob, has_magic

    found: list[str] = []
    for name in names:
        if is_far(name):
            found += expand_far(name)
        elif name == "-" or os.path.isfile(name):
            found.append(name)
        elif os.path.isdir(name):
            refuse_unfinished(name, os.path.exists(os.path.join(name, UNFINISHED)))
            inside = sorted(glob(os.path.join(name, "**", "*.parquet"), recursive=True))
            if not inside:
                raise FileError(
                    f"{name} is a directory without Parquet files", f"name its files: {name.rstrip('/')}/*.csv"
                )
            found += inside
        elif has_magic(name) and (matches := sorted(glob(name, recursive=True))):
            found += matches
        elif os.path.exists(name):
            found.append(name)  # a pipe or a device
        else:
            raise FileError(f"no such file: {name}")
    refuse_unfinished(", ".join(names), any(os.path.basename(name) == UNFINISHED for name in found))
    if len(found) > 1:  # which the shell may have made of DIR/*
        found = [name for name in found if os.path.basename(name) != COMPLETE]
    if found.count("-") > 1:
        raise UsageError("standard input can be read only once", "name a file for one of them")
    return found


def ending(name: str) -> tuple[str, str]:
    """The form and the packing that the ending of a name tells; empty where it tells none."""
    stem, last = os.path.splitext(bare(name).partition("::")[0].lower())
    packing = PACKED.get(last, "")
    if packing:
        last = os.path.splitext(stem)[1]
    return ENDINGS.get(last, ""), packing


class Stream:
    """The unpacked bytes of a file or of standard input, in pieces; a live one gives what is there. `shown` is what
    messages call it.

    `read` is how many bytes of the file itself have been read, `size` how many there are, or None.
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
        """The bytes of a file that is seekable, from a place on; a mark of the order of bytes has none."""
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
        """The file from its start, where it can be read from any place, so that not all of it need come."""
        if self.packing:
            return None
        try:
            self._file.seek(0)
        except (OSError, ValueError):
            return ranged(self.name) if self.far else None
        return self._file

    def _raw(self, limit: int) -> bytes:
        """What is there: of a live stream at least a byte, and no more than has come."""
        if self.far:
            with refusals(self.shown):
                return b"".join(_filled(self._file, limit))
        try:
            if not self.live:
                return self._file.read(limit)
            descriptor = self._file.fileno()
            pieces = [os.read(descriptor, limit)]
            while pieces[-1] and sum(map(len, pieces)) < limit and select.select([descriptor], [], [], 0)[0]:
                pieces.append(os.read(descriptor, limit))
            return b"".join(pieces)
        except OSError as error:
            raise FileError(f"cannot read {self.shown}: {error.strerror}") from None


def _filled(file: BinaryIO, limit: int) -> Iterator[bytes]:
    """So many bytes as they come, fewer only at the end: what is decided by the first bytes is decided alike."""
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
        raise FileError(f"cannot read {name}: {error.strerror}") from None


def _unpacked(stream: Stream) -> Iterator[bytes]:
    """The bytes that are packed in a stream."""
    import zlib

    if stream.packing == "zstd":
        yield from _unpacked_zstd(stream)
        return
    unpacker = zlib.decompressobj(31)
    try:
        while piece := stream.raw_piece():
            while piece:
                if unpacker.eof:  # one file after the other is one file
                    piece = piece.lstrip(b"\0")
                    if not piece:
                        break
                    unpacker = zlib.decompressobj(31)
                yield from _pieces(unpacker.decompress(piece))
                piece = unpacker.unused_data
    except zlib.error as error:
        raise FileError(f"{stream.shown} is no sound gzip file: {error}") from None
    if not unpacker.eof:
        raise FileError(f"{stream.shown} is cut off: its gzip data end too early", "get it again, whole")


def _unpacked_zstd(stream: Stream) -> Iterator[bytes]:
    import pyarrow as pa

    try:
        unpacker = pa.CompressedInputStream(pa.PythonFile(_Buffered(stream), mode="r"), "zstd")
        while piece := unpacker.read(PIECE):
            yield piece
    except OSError as error:
        raise FileError(f"{stream.shown} is no sound zstd file: {error}") from None


class _Buffered:
    """A stream as a file that gives as many bytes as are asked for."""

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


def _pieces(data: bytes) -> Iterator[bytes]:
    """No piece longer than others: packed zeros unpack a thousandfold."""
    for start in range(0, len(data), PIECE):
        yield data[start : start + PIECE]


def form_of(stream: Stream, told: str = "") -> str:
    """The form of a file: what an option says, else its ending, else its first bytes."""
    if told:
        return told
    if stream.first.removeprefix(BOM).lstrip().startswith(b"["):
        raise FileError(
            f"{stream.shown} is a JSON array, and rows are one object a line",
            f"jq -c '.[]' {bare(stream.name)} makes them",
        )
    by_name, _ = ending(stream.name)
    if by_name:
        return by_name
    start = stream.first
    if start.startswith(b"PAR1"):
        return PARQUET
    if start.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
        return ARROW
    text = start.removeprefix(BOM).lstrip()
    if text.startswith(b"{"):
        return JSONL
    line = text.partition(b"\n")[0]
    return TSV if b"\t" in line and b"," not in line else CSV
