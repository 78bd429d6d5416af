"""Rows of text in Python alone, where NumPy and Arrow are not there or not worth their start."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from circuitcli.constants import JSON_STRINGS
from circuitcli.tables.json_members import NUMBER, decoded
from circuitcli.tables.pieces import stripped

JSON_WORDS = {text: f'"{word}"' for word, text in JSON_STRINGS.items()}
_is_number = re.compile(NUMBER).fullmatch


class PlainRows:
    """Rows of text. Row i is `data[starts[i]:ends[i]]`, without the end of its line; none is empty."""

    def __init__(self, data: bytes, line: int, quotes: bool, spaces: bytes = b"\r") -> None:
        self.data, self.starts, self.ends = data, list[int](), list[int]()
        self._lines: list[int] = []
        quotes = quotes and b'"' in data
        start = 0
        while start < len(data):
            end = data.find(b"\n", start)
            while quotes and end >= 0 and data.count(b'"', start, end) % 2:
                end = data.find(b"\n", end + 1)
            end = len(data) if end < 0 else end
            if size := len(stripped(data[start:end], spaces)):
                self.starts.append(start)
                self.ends.append(start + size)
                self._lines.append(line)
            line += data.count(b"\n", start, end + 1) if quotes else 1
            start = end + 1

    def __len__(self) -> int:
        return len(self.starts)

    def row(self, i: int) -> bytes:
        return self.data[self.starts[i] : self.ends[i]]

    def line(self, i: int) -> int:
        return self._lines[i]

    def some(self, kept: Sequence[int], line_end: bytes) -> bytes:
        """Some of the rows as text again."""
        return b"".join([self.row(i) + line_end for i in kept])

    def followed_by(self, texts: Sequence[str], before: int = 0) -> list[bytes]:
        """The bytes of the rows, each with a text behind it, or in front of its last `before` bytes. The ends of lines
        stay; empty lines do not."""
        pieces = list[bytes]()
        for start, end, text in zip(self.starts, self.ends, texts, strict=True):
            behind = self.data.find(b"\n", end) + 1
            tail = self.data[end - before : behind] if behind else self.data[end - before :] + b"\n"
            pieces += [self.data[start : end - before], text.encode(), tail]
        return pieces


class PlainCells:
    """One column as it came in: bare texts, or where they are `json` texts of values, empty where a row has none."""

    def __init__(self, name: str, texts: Sequence[str], is_json: bool) -> None:
        self.name, self.texts, self.is_json = name, texts, is_json

    def as_text(self) -> Sequence[str]:
        """Bare texts; empty where a row has nothing."""
        return [decoded(text, self.name) for text in self.texts] if self.is_json else self.texts

    def as_json(self, numbers: Sequence[float] | None = None) -> Sequence[str]:
        """Texts of JSON values. `numbers` are the column as numbers, where it was read so: a text that is no number of
        JSON, as +5 is none, is then written as one; else it becomes a string."""
        if self.is_json:
            return [text or "null" for text in self.texts]
        strings = (json.dumps(text, ensure_ascii=False) for text in self.texts)
        others = strings if numbers is None else number_texts(numbers, JSON_WORDS)
        return [t if _is_number(t) else other for t, other in zip(self.texts, others, strict=True)]


def number_texts(numbers: Sequence[float], words: Mapping[str, str] = {}) -> list[str]:
    """The repr of each float; nan and the infinities in the words given."""
    return [words.get(text, text) for text in map(repr, numbers)]
