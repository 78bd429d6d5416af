"""What can go wrong, as one tree; nothing here knows the terminal.

CircuitError                      everything this package raises on purpose
├── ExpressionError (ValueError)  the text is no expression, or means nothing: carries a span
├── InputError (ValueError)       an input is missing, unknown, given twice or no number
├── UsageError (ValueError)       options or words that do not fit together
├── FileError (OSError)           a file that cannot be read or written
└── ClusterError (OSError)        a cluster that cannot be reached, or has lost its workers
"""

from __future__ import annotations

__all__ = ["CircuitError", "ClusterError", "ExpressionError", "FileError", "InputError", "UsageError"]

WINDOW = 72  # characters of a long line that are shown round a caret


class CircuitError(Exception):
    """A message, and optionally a hint that says what to write instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def details(self) -> list[str]:
        """The lines that follow the message."""
        return [self.hint] if self.hint else []

    def __str__(self) -> str:
        return "\n".join([self.message, *("  " + line for line in self.details())])


class ExpressionError(CircuitError, ValueError):
    """An expression that cannot be read: `text[start:end]` is where, `hint` what to write instead, `source` the file
    that the text is from."""

    def __init__(
        self, what: str, text: str, start: int, end: int | None = None, hint: str = "", source: str = ""
    ) -> None:
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
        """The same error in the file that its text is a part of, from `offset` on."""
        return ExpressionError(self.what, text, self.start - offset, self.end - offset, self.hint, source)

    def details(self) -> list[str]:
        first = self.text.rfind("\n", 0, self.start) + 1
        last = self.text.find("\n", self.start)
        line = self.text[first : last if last >= 0 else len(self.text)]
        begin, end = self.start - first, min(self.end - first, len(line))
        if len(line) > WINDOW:  # show the neighbourhood of the caret only
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


class UsageError(CircuitError, ValueError):
    """Options or words that do not fit together."""


class FileError(CircuitError, OSError):
    """A file that cannot be read or written."""

    __str__ = CircuitError.__str__


class ClusterError(CircuitError, OSError):
    """A cluster that cannot be reached, or that has lost its workers."""

    __str__ = CircuitError.__str__


def columns(text: str) -> int:
    """The width of a text on a terminal: a caret must stand under what it points at."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def shortened(text: str, width: int) -> str:
    """A text in at most so many columns."""
    if columns(text) <= width:
        return text
    end = next(k for k in range(len(text), -1, -1) if columns(text[:k]) < width)
    return text[:end] + "…"
