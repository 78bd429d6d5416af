"""The endings of files, which tell their form."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar


class WithEndings(Protocol):
    """A row of a table of forms: the endings of its files."""

    @property
    def endings(self) -> Sequence[str]: ...


Row = TypeVar("Row", bound=WithEndings)


def ending_of(path: str) -> str:
    """The ending of a file's name, in small letters."""
    return os.path.splitext(path)[1].lower()


def with_ending(ending: str, forms: Mapping[str, Row]) -> Row | None:
    """The first form whose files have an ending."""
    return next((form for form in forms.values() if ending in form.endings), None)


def endings_of(forms: Mapping[str, Row]) -> str:
    """The endings of all forms, for a message."""
    return ", ".join(dict.fromkeys(ending for form in forms.values() for ending in form.endings))
