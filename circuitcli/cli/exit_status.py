"""The exit statuses: each number stands here once, with its meaning."""

from __future__ import annotations

from collections.abc import Mapping


class Status(int):
    """The end of a command: a number for the shell, and its meaning for people."""

    meaning: str

    def __new__(cls, number: int, meaning: str) -> Status:
        status = super().__new__(cls, number)
        status.meaning = meaning
        return status


STATUSES = DONE, NO, MISTAKE, NONFINITE, INTERRUPTED, CLOSED = (
    Status(0, "done"),
    Status(1, "the answer is no: a check or a claim that does not agree, an ascent that stopped short, --test of 0"),
    Status(2, "the command line is wrong: an expression, an input, an option or a file"),
    Status(3, "finite inputs gave a result that is not finite: the output is complete; --allow-nonfinite makes it 0"),
    Status(130, "interrupted: what was found or written so far stands"),  # as shells have it: 128 and the signal
    Status(141, "nobody reads the output any more"),
)


class Ended(int):
    """The exit status of an ascent, with the inputs that its best run found, and its end if it went astray."""

    found: Mapping[str, float]
    astray: str

    def __new__(cls, status: int, found: Mapping[str, float], astray: str) -> Ended:
        ended = super().__new__(cls, status)
        ended.found, ended.astray = found, astray
        return ended
