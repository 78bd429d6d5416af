"""Dates and times as numbers: seconds since 1970-01-01 00:00 UTC, as POSIX counts them, without leap seconds."""

from __future__ import annotations

import re
from functools import lru_cache

DAY = 86_400
_EPOCH = 719_163  # the day 1970-01-01 by datetime's count
# ISO 8601 in its extended form, with a space for the T as people write it, and to the nanosecond.
_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?(Z|[+-]\d\d(?::?\d\d)?))?)?",
    re.ASCII,
)
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}  # in a second
SAID = "seconds since 1970 (UTC)"


def seconds_of(text: str) -> float | None:
    """The seconds of a date, which is its midnight, or of a time; None for another text. A time without an offset is
    UTC."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    date, hour, minute, second, fraction, offset = found[0][:10], *found.groups("0")[3:7], found[8]
    day = _day(date)
    if day is None or int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        return None
    whole = day * DAY + int(hour) * 3_600 + int(minute) * 60 + int(second)
    if offset and offset != "Z":
        away = int(offset[1:3]) * 3_600 + int(offset[3:].lstrip(":") or 0) * 60
        whole += away if offset[0] == "-" else -away
    return seconds(whole, int(fraction), 10 ** len(fraction))


def seconds(whole: int, parts: int, unit: int) -> float:
    """Whole seconds and parts of one, of which there are so many in it, as a float."""
    return whole + parts / unit


@lru_cache(4_096)
def _day(text: str) -> int | None:
    """The days from 1970-01-01 to a date; None for one that no calendar has."""
    from datetime import date

    try:
        return date.fromisoformat(text).toordinal() - _EPOCH
    except ValueError:
        return None
