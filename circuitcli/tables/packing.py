"""Files that are packed, or are text of UTF-16: their bytes unpacked, as UTF-8, piece by piece."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, BinaryIO, NamedTuple, cast

from circuitcli.errors import FileError, UsageError
from circuitcli.extras import refuse_missing
from circuitcli.tables.workbooks import MEMBERS, WORKBOOK, Sheet, sheet_text, unsound_workbook
from circuitcli.urls import bare
from circuitcli.visible_text import shell_word

PIECE = 3 * 2**19  # bytes that are read at a time
START = 64  # bytes that tell UTF-16

Read = Callable[[], bytes]  # the next bytes of a packed file, none at its end


class Packing(NamedTuple):
    """A way of packing: the ending of names and the first bytes of files; how bytes are unpacked, for messages about a
    file that is called so, and of a workbook the sheet of a name; and how a file is packed that is written, where it
    can be."""

    name: str
    ending: str
    magic: bytes | tuple[bytes, ...]
    unpacked: Callable[[Read, str, Sheet], Iterator[bytes]]
    packed: Callable[[BinaryIO], Any] | None = None


def packing_of(start: bytes) -> Packing | None:
    """The packing of a file that begins so."""
    return next((row for row in PACKINGS if start.startswith(row.magic)), None)


def unpacked_name(name: str) -> tuple[str, str]:
    """A name in small letters, without the ending that tells its packing, and that packing; empty where it has none."""
    name = bare(name).lower()
    stem, last = os.path.splitext(name)
    packing = next((row.name for row in PACKINGS if row.ending == last), "")
    return (stem, packing) if packing else (name, "")


def packed(out: str, file: BinaryIO, stack: ExitStack) -> BinaryIO:
    """A file to write into, packed as its name says. Raises UsageError for a packing that is only read."""
    name = unpacked_name(out)[1]
    row = next((row for row in PACKINGS if row.name == name), None)
    if row is None:
        return file
    if row.packed is None:
        raise UsageError(f"{name} files are read and not written", "write for example --out FILE.csv.gz")
    return cast(BinaryIO, stack.enter_context(row.packed(file)))


def utf16_of(start: bytes) -> str:
    """The encoding of a text that begins so, where it is UTF-16: it has a mark, or most of every other bytes are 0."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and start[2:4] != b"\xff\xff":  # which Arrow has
        return "utf-16"
    start = start[: len(start[:START]) // 4 * 4]
    first, second = start[::2].count(0), start[1::2].count(0)
    most, few = len(start) // 4, len(start) // 16
    return "utf-16-le" if second > most and first <= few else "utf-16-be" if first > most and second <= few else ""


def recoded(pieces: Iterator[bytes], encoding: str, shown: str) -> Iterator[bytes]:
    """Text as UTF-8. Raises FileError where it is cut off or no text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in pieces:
            if text := decoder.decode(piece):
                yield text.encode()
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise FileError(f"{shown} is no sound UTF-16: {error}", "get it again, whole") from None


def _gzip(read: Read, shown: str, sheet: Sheet) -> Iterator[bytes]:
    import zlib

    unpacker = zlib.decompressobj(31)
    try:
        while piece := read():
            while piece:
                if unpacker.eof:  # several files behind one another are one file
                    piece = piece.lstrip(b"\0")
                    if not piece:
                        break
                    unpacker = zlib.decompressobj(31)
                if data := unpacker.decompress(piece, PIECE):
                    yield data
                piece = unpacker.unconsumed_tail or unpacker.unused_data
        while data := unpacker.decompress(b"", PIECE):
            yield data
    except zlib.error as error:
        raise _unsound("gzip", shown, error) from None
    if not unpacker.eof:
        raise _cut_off("gzip", shown)


def _bzip2(read: Read, shown: str, sheet: Sheet) -> Iterator[bytes]:
    from bz2 import BZ2Decompressor

    return _by_unpackers("bzip2", read, shown, BZ2Decompressor, OSError)


def _xz(read: Read, shown: str, sheet: Sheet) -> Iterator[bytes]:
    from lzma import LZMADecompressor, LZMAError

    return _by_unpackers("xz", read, shown, LZMADecompressor, LZMAError)


def _by_unpackers(
    name: str, read: Read, shown: str, make: Callable[[], Any], refusal: type[Exception]
) -> Iterator[bytes]:
    """The bytes of packed files behind one another, each by an unpacker of its own, which raises a `refusal`."""
    unpacker = make()
    try:
        while piece := read():
            while piece:
                if unpacker.eof:
                    unpacker = make()
                if data := unpacker.decompress(piece, PIECE):
                    yield data
                while not (unpacker.eof or unpacker.needs_input):
                    if data := unpacker.decompress(b"", PIECE):
                        yield data
                piece = unpacker.unused_data.lstrip(b"\0")
    except (refusal, ValueError) as error:
        raise _unsound(name, shown, error) from None
    if not unpacker.eof:
        raise _cut_off(name, shown)


def _zip(read: Read, shown: str, sheet: Sheet) -> Iterator[bytes]:
    """The bytes of the one member of an archive, whose list stands at its end; of a workbook, a sheet."""
    import zlib
    from tempfile import SpooledTemporaryFile
    from zipfile import BadZipFile, ZipFile

    with SpooledTemporaryFile(16 * PIECE) as file:
        while piece := read():
            file.write(piece)
        try:
            with ZipFile(file) as archive:
                if MEMBERS.isdisjoint(archive.namelist()):
                    with archive.open(_only_member(archive.namelist(), shown)) as member:
                        while data := member.read(PIECE):
                            yield data
                    return
        except (BadZipFile, EOFError, zlib.error, NotImplementedError) as error:
            if unpacked_name(shown)[1] == WORKBOOK:
                raise unsound_workbook(shown, error) from None
            raise _unsound("zip", shown, error) from None
        except RuntimeError:  # of zipfile, which has no class for it
            raise FileError(f"{shown} is encrypted", "unpack it with its password: unzip FILE") from None
        file.seek(0)
        yield from sheet_text(file.read(), sheet, shown)


def _workbook(read: Read, shown: str, sheet: Sheet) -> Iterator[bytes]:
    """A sheet of a workbook that is no archive."""
    yield from sheet_text(b"".join(iter(read, b"")), sheet, shown)


def _only_member(names: list[str], shown: str) -> str:
    """The name of the one file in an archive. Raises FileError where it has none or several."""
    files = [name for name in names if not name.endswith("/") and not name.startswith("__MACOSX/")]
    if len(files) != 1:
        what = f"{len(files)} files, {', '.join(files[:3])}{', ...' * (len(files) > 3)}" if files else "no file"
        way = f": unzip -p {shell_word(shown)} {shell_word(files[0])} | circuit ... -" if files else ""
        raise FileError(f"{shown} holds {what}", f"unpack it, and give one of them{way}")
    return files[0]


def _zstd(read: Read, shown: str, sheet: Sheet) -> Iterator[bytes]:
    refuse_missing("zstd needs", ("pyarrow",), "rows")
    import pyarrow as pa

    try:
        unpacker = pa.CompressedInputStream(pa.PythonFile(_Buffered(read), mode="r"), "zstd")
        while piece := unpacker.read(PIECE):
            yield piece
    except OSError as error:
        raise _cut_off("zstd", shown) if "Truncated" in str(error) else _unsound("zstd", shown, error) from None


class _Buffered:
    """A stream as a file that gives as many bytes as it is asked for."""

    closed = False

    def __init__(self, read: Read) -> None:
        self._read = read
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            piece = self._read()
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


def _unsound(name: str, shown: str, error: object) -> FileError:
    return FileError(f"{shown} is no sound {name} file: {error}", "get it again, whole")


def _cut_off(name: str, shown: str) -> FileError:
    return FileError(f"{shown} is cut off: its {name} data end too early", "get it again, whole")


def _to_gzip(file: BinaryIO) -> Any:
    from gzip import GzipFile

    return GzipFile("", "wb", 6, file, mtime=0)


def _to_bzip2(file: BinaryIO) -> Any:
    from bz2 import BZ2File

    return BZ2File(file, "wb")


def _to_xz(file: BinaryIO) -> Any:
    from lzma import LZMAFile

    return LZMAFile(file, "wb")


def _to_zstd(file: BinaryIO) -> Any:
    refuse_missing("zstd needs", ("pyarrow",), "rows")
    import pyarrow as pa

    return pa.CompressedOutputStream(pa.PythonFile(file, "w"), "zstd")


PACKINGS = (
    Packing("gzip", ".gz", b"\x1f\x8b", _gzip, _to_gzip),
    Packing("zstd", ".zst", b"\x28\xb5\x2f\xfd", _zstd, _to_zstd),
    Packing("bzip2", ".bz2", b"BZh", _bzip2, _to_bzip2),
    Packing("xz", ".xz", b"\xfd7zXZ\0", _xz, _to_xz),
    Packing(WORKBOOK, ".xls", b"\xd0\xcf\x11\xe0", _workbook),
    # These are archives, and their bytes begin as those of zip do; their endings are for what is written.
    *(Packing(WORKBOOK, ending, (), _zip) for ending in (".xlsx", ".xlsm", ".xlsb", ".ods")),
    Packing("zip", ".zip", (b"PK\x03\x04", b"PK\x05\x06"), _zip),
)
