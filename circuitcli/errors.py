"""The errors of this package, as one tree. An error is also the built-in one that fits, and knows no terminal.

CircuitError                      every error that this package raises on purpose
├── ExpressionError (ValueError)  an expression that cannot be read, with its span
├── InputError (ValueError)       an input that is missing, unknown, given twice or no number
├── UsageError (ValueError)       options or words that do not fit together
├── FileError (OSError)           a file that cannot be read or written
└── ClusterError (OSError)        a cluster that cannot be reached, or has lost its workers
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from errno import EBADF
from itertools import accumulate

from circuitcli.urls import masked

__all__ = ["CircuitError", "ClusterError", "ExpressionError", "FileError", "InputError", "NoValueError", "UsageError"]

WINDOW = 72  # characters of a long line that stand round a caret
LONGEST = 1000  # characters of a message or a hint, which may quote a word of any length, or thousands of names


class CircuitError(Exception):
    """A message, and perhaps a hint that says what to write instead. URLs in them show no keys."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message, self.hint = (shortened(masked(text), LONGEST) for text in (message, hint))
        super().__init__(self.message)

    def details(self) -> list[str]:
        """The lines below the message."""
        return [self.hint] if self.hint else []

    def __str__(self) -> str:
        return "\n".join([self.message, *("  " + line for line in self.details())])


class ExpressionError(CircuitError, ValueError):
    """An expression that cannot be read. `text[start:end]` is the place of the mistake, and `source` the file that
    holds the text."""

    def __init__(
        self, what: str, text: str, start: int, end: int | None = None, hint: str = "", source: str = ""
    ) -> None:
        what = shortened(what, LONGEST)
        where = [source] if source else []
        if "\n" in text.strip():
            line = text.count("\n", 0, start) + 1
            where.append(f"line {line}")
        super().__init__(": ".join([", ".join(where), what] if where else [what]), hint)
        self.what = what
        self.text = text
        self.start = start
        self.end = start + 1 if end is None else end

    def within(self, source: str, text: str, offset: int) -> ExpressionError:
        """This error in the file that holds its text from `offset` on."""
        return ExpressionError(self.what, text, self.start - offset, self.end - offset, self.hint, source)

    def details(self) -> list[str]:
        first = self.text.rfind("\n", 0, self.start) + 1
        last = self.text.find("\n", self.start)
        line = masked(self.text[first : last if last >= 0 else len(self.text)], as_long=True)
        begin, end = self.start - first, min(self.end - first, len(line))
        if len(line) > WINDOW:  # show only the neighbourhood of the caret
            left = max(0, min(begin - WINDOW // 2, len(line) - WINDOW))
            right = left + WINDOW
            line = ("…" if left else "") + line[left:right] + ("…" if right < len(line) else "")
            shift = left - (1 if left else 0)
            begin, end = begin - shift, min(end - shift, WINDOW + 1)
        shown = "".join(c if c.isprintable() else " " if c.isspace() else "�" for c in line)
        caret = " " * columns(shown[:begin]) + "^" * max(1, columns(shown[begin:end]))
        return [shown, caret, *super().details()] if shown.strip() else super().details()


class InputError(CircuitError, ValueError):
    """An input that is missing, unknown, given twice or no number."""


class NoValueError(InputError):
    """Inputs have no value: the `missing` ones."""

    def __init__(self, message: str, hint: str = "", missing: Sequence[str] = ()) -> None:
        super().__init__(message, hint)
        self.missing = missing


class UsageError(CircuitError, ValueError):
    """Options or words that do not fit together."""


class FileError(CircuitError, OSError):
    """A file that cannot be read or written."""

    __str__ = CircuitError.__str__


class ClusterError(CircuitError, OSError):
    """A cluster that cannot be reached, or that has lost its workers."""

    __str__ = CircuitError.__str__


def reason(error: OSError) -> str:
    """The reason of an error of the system in words, of one line."""
    if error.errno == EBADF:
        return "the stream is closed"
    return error.strerror or next(iter(str(error).splitlines()), "") or type(error).__name__


def columns(text: str) -> int:
    """The width of a text on a terminal, where some letters take two columns and some none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def shortened(text: str, width: int) -> str:
    """A text cut to at most so many columns, with … at the cut."""
    if columns(text) <= width:
        return text
    used = list(accumulate(map(columns, text[: 8 * width])))  # a letter has few signs without a width of their own
    return text[: bisect_left(used, width)] + "…"
