"""The exit statuses: each number stands here once, with its meaning."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class Status(IntEnum):
    """How a command ended. Signals are numbered as shells do it: 128 and the signal."""

    meaning: str

    def __new__(cls, number: int, meaning: str) -> Status:
        status = int.__new__(cls, number)
        status._value_ = number
        status.meaning = meaning
        return status

    DONE = 0, "done"
    NO = 1, "the answer is no: a check or a claim that does not agree, an ascent that stopped short, --test of 0"
    MISTAKE = 2, "the command line is wrong: an expression, an input, an option or a file"
    NONFINITE = (
        3,
        "finite inputs gave a result that is not finite: the output is complete; --allow-nonfinite makes it 0",
    )
    INTERRUPTED = 130, "interrupted: what was found or written so far stands"
    CLOSED = 141, "nobody reads the output any more"


class Ended(int):
    """The exit status of an ascent, with the inputs that its best run found, and its end if it went astray."""

    found: Mapping[str, float]
    astray: str

    @classmethod
    def of(cls, status: int, found: Mapping[str, float], astray: str) -> Ended:
        """A status and what was found."""
        ended = cls(status)
        ended.found, ended.astray = found, astray
        return ended
