"""Hive directories: the columns that the path of a file gives its rows, as in year=2024/site=A/part-0.parquet."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from circuitcli.tables.times import seconds_of
from circuitcli.urls import is_far, parts

MISSING = "__HIVE_DEFAULT_PARTITION__"
INTEGER, NUMBER, TIME, TEXT = "integer", "number", "time", "text"
_KINDS: Mapping[str, Callable[[str], bool]] = {  # in the order in which they are tried
    INTEGER: lambda text: re.fullmatch(r"[+-]?[0-9]{1,18}", text) is not None,
    NUMBER: lambda text: re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text) is not None,
    TIME: lambda text: seconds_of(text) is not None,
}


class HiveCell(NamedTuple):
    """A column that the path of a file tells: the text that all rows of the file have there, None where it is missing,
    and the kind of the texts of all files."""

    name: str
    text: str | None
    kind: str

    @property
    def json(self) -> str:
        """The value as JSON."""
        import json

        if self.text is None or self.kind in (TEXT, TIME):
            return json.dumps(self.text, ensure_ascii=False)
        return repr(self.value)

    @property
    def value(self) -> int | float | str | None:
        """The value with its type."""
        if self.text is None or self.kind in (TEXT, TIME):
            return self.text
        return int(self.text) if self.kind == INTEGER else float(self.text)

    def number(self, tested: str | None) -> tuple[float, str]:
        """The number that an expression takes, nan where there is none; and why there is none. A text that is `tested`
        is 1 or 0."""
        if self.text is None:
            return math.nan, f"{self.name} is missing"
        if tested is not None:
            return float(self.text.strip() == tested), ""
        if self.kind == TEXT:
            return math.nan, f'{self.name} is "{self.text}", no number'
        seconds = seconds_of(self.text) if self.kind == TIME else float(self.text)
        return (math.nan if seconds is None else seconds), ""


def hive_cells(paths: Sequence[tuple[str, str]]) -> list[list[HiveCell]]:
    """The columns that the path of each file tells; a path comes with the name that stands for it."""
    found = [_texts(path, named) if "=" in path else {} for path, named in paths]
    if not any(found):
        return [[] for _ in found]
    texts: dict[str, set[str]] = {}
    for file in found:
        for name, text in file.items():
            texts.setdefault(name, set()).update([] if text is None else [text])
    kinds = {name: next((kind for kind, fits in _KINDS.items() if all(map(fits, texts[name]))), TEXT) for name in texts}
    return [[HiveCell(name, text, kinds[name]) for name, text in file.items()] for file in found]


def _texts(path: str, named: str) -> dict[str, str | None]:
    """The keys and values of the directories of a path: of those below the one that was named, where that is one."""
    path, named = (_path(name) for name in (path, named))
    folders = path.removeprefix(named.rstrip("/") + "/").split("/")[:-1]
    pairs = [folder.split("=", 1) for folder in folders if folder.find("=") > 0]
    return {_decoded(key): None if value in ("", MISSING) else _decoded(value) for key, value in pairs}


def _path(name: str) -> str:
    """The path of a name, with slashes."""
    return parts(name).path if is_far(name) else name.replace(os.sep, "/")


def _decoded(text: str) -> str:
    """A part of a path without its escapes."""
    if "%" not in text:
        return text
    from urllib.parse import unquote

    return unquote(text)
