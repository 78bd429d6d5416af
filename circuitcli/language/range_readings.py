"""Ranges of numbers that have no turn, 3:1, or whose step stands in the middle as in MATLAB, 1:2:9, read otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from circuitcli.language.loop_mends import edited

_NUMBER = r"-?\d{1,9}"
_LOOP = re.compile(
    rf"(?<![\w.])(?P<name>[^\W\d]\w*)\s+in\s+(?P<range>(?P<a>{_NUMBER})\s*:\s*(?P<b>{_NUMBER})(?:\s*:\s*(?P<c>{_NUMBER}))?)"
    r"(?!\s*[\w:.*/^+(-])"
)


class Reading(NamedTuple):
    """A loop as it is written, how often it turns, the range that may be meant, and the text with that in its place."""

    loop: str
    turns: int
    meant: str
    text: str

    @property
    def told(self) -> str:
        """A sentence on the loop, and on the order of a range."""
        turns = "turns only once" if self.turns else "has no turn"
        return f"the loop {self.loop} {turns}: a range is first:last:step"


def other_readings(text: str) -> Iterator[Reading]:
    """Yield the loops of a text that turn not at all, or once where a step in the middle would make it more turns."""
    if " in " not in text or "#" in text:
        return
    for found in _LOOP.finditer(text):
        a, b, step = int(found["a"]), int(found["b"]), int(found["c"] or 1)
        turns = len(range(a, b + (1 if step > 0 else -1), step)) if step else 0
        in_the_middle = bool(found["c"] and b and len(range(a, step + (1 if b > 0 else -1), b)) > 1)
        if turns > 1 or (turns == 1 and not in_the_middle):
            continue
        meant = f"{a}:{step}:{b}" if in_the_middle else f"{a}:{b}:{'-1' if a > b else '1'}"
        if not in_the_middle and abs(a - b) <= 1:  # 1:0 says that there is none
            continue
        whole = edited(text, [(*found.span("range"), meant)])
        yield Reading(re.sub(r"\s+", " ", found[0]), turns, meant, whole)


def notes_on_ranges(text: str) -> Iterator[str]:
    """Yield a note for each loop over numbers that has no turn."""
    for reading in other_readings(text):
        if reading.turns == 0:
            yield f"{reading.told}, as in {reading.meant}"
