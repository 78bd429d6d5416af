"""JSON that is no object a line, as one object a line: an array, objects over several lines, objects side by side."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator

from circuitcli.errors import FileError
from circuitcli.tables.json_members import TOO_DEEP, object_of, reason
from circuitcli.tables.pieces import LONGEST
from circuitcli.tables.shell_hints import CONVERT, piped
from circuitcli.tables.streams import BOM

SPACES = " \t\r\n"
CUT_OFF = "get it again, whole"
_ONE_LINE = str.maketrans("\r\n", "  ")  # an end of a line stands between two tokens, never within a string
_DECODER = json.JSONDecoder()


def is_by_line(start: bytes) -> bool:
    """Whether a text that begins so has an object a line."""
    text = start.removeprefix(BOM).lstrip()
    line, end, rest = text.partition(b"\n")
    if text.startswith(b"[") or _has_two(line):
        return False
    return not end or line.rstrip().endswith(b"}") or _is_torn(line, rest)


def _is_torn(line: bytes, rest: bytes) -> bool:
    """Whether a line that is no object is none by mistake: then one stands on the line behind it, where no object of
    several lines can have one."""
    return (
        not line.rstrip().endswith((b":", b"[", b",")) and object_of(rest.lstrip().partition(b"\n")[0])[0] is not None
    )


def _has_two(line: bytes) -> bool:
    """Whether a line has an object and then another."""
    try:
        text = line.decode()
        end = _DECODER.raw_decode(text)[1]
    except (ValueError, RecursionError):
        return False
    return text[end:].lstrip(" ,\t").startswith("{")


class Documents:
    """The text of a file, as far as it has been read, and the place behind the last object."""

    def __init__(self, pieces: Iterator[bytes], shown: str) -> None:
        self._pieces, self._shown = pieces, shown
        self._text, self._at, self._count = "", 0, 0
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._ended = False

    def lines(self) -> Iterator[bytes]:
        """An object a line, as many at a time as have been read."""
        in_array = False
        found: list[str] = []
        while True:
            if not self._text[self._at : self._at + 1]:
                if found:
                    yield "".join(found).encode()
                    found = []
                if not self._more():
                    break
            sign = self._text[self._at]
            if sign in SPACES:
                self._skip()
            elif in_array and sign in ",]":
                in_array, self._at = sign == ",", self._at + 1
            elif sign == "[" and not in_array:
                in_array, self._at = True, self._at + 1
            else:
                found.append(self._object().translate(_ONE_LINE) + "\n")
        if in_array:
            raise FileError(f"{self._shown} ends within its array", CUT_OFF)

    def _skip(self) -> None:
        """Go behind spaces."""
        while self._text[self._at : self._at + 1] and self._text[self._at] in SPACES:
            self._at += 1

    def _object(self) -> str:
        """The text of the next object. Raises FileError where it is none, or never ends."""
        wanted, self._count = 0, self._count + 1
        while True:
            try:
                end = _DECODER.raw_decode(self._text, self._at)[1]
            except RecursionError:
                raise self._wrong(TOO_DEEP) from None
            except ValueError as error:
                wanted = max(wanted * 2, len(self._text) - self._at + 1)  # so that a long object is not tried too often
                if len(self._text) - self._at > LONGEST or not self._until(wanted):
                    raise self._wrong(f"no JSON: {reason(error)}", _is_cut_off(error)) from None
                continue
            text = self._text[self._at : end]
            if not text.startswith("{"):
                raise self._wrong("no JSON object")
            self._at = end
            return text

    def _wrong(self, why: str, cut_off: bool = False) -> FileError:
        from circuitcli.tables.json_hints import help_of_start

        is_first = self._count == 1 and not self._text[: self._at].strip()  # of the file, and of no array
        hint = CUT_OFF if cut_off else help_of_start(self._text[self._at :], self._shown, is_first)
        hint = hint or "rows are JSON objects, counted from 1"
        return FileError(f"{self._shown}:{self._count}: {why}", hint)

    def _until(self, size: int) -> bool:
        """Read on until there are so many characters behind the place, if there are."""
        more = self._more()
        while more and len(self._text) - self._at < size:
            more = self._more()
        return more or len(self._text) - self._at >= size

    def _more(self) -> bool:
        """Read on; whether there was anything."""
        while not self._ended:
            piece = next(self._pieces, None)
            self._ended = piece is None
            try:
                text = self._decoder.decode(piece or b"", final=self._ended)
            except UnicodeDecodeError:
                hint = f"convert it: {piped(CONVERT, self._shown)}"
                raise FileError(f"{self._shown} is not UTF-8", hint) from None
            if text:
                self._text, self._at = self._text[self._at :] + text, 0
                return True
        return False


def _is_cut_off(error: ValueError) -> bool:
    """Whether a text is JSON as far as it goes."""
    if not isinstance(error, json.JSONDecodeError):
        return False
    return error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
