"""JSON Lines, whatever reads their rows: the keys, what is wrong with a row, and its values as text."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property, partial
from itertools import islice
from typing import NoReturn

from circuitcli.asked_columns import Asked, asked_of
from circuitcli.constants import JSON_STRINGS
from circuitcli.errors import FileError, InputError, UsageError
from circuitcli.nested_names import indices_of
from circuitcli.tables.batch import Bad, Batch
from circuitcli.tables.csv_header import NUMBER
from circuitcli.tables.file_table import Stretch
from circuitcli.tables.formats import Format
from circuitcli.tables.json_documents import Documents, is_by_line
from circuitcli.tables.json_members import is_text, members, object_of, opened
from circuitcli.tables.json_paths import leaves, root_of, value_at
from circuitcli.tables.pieces import FoundRow, TextOfRows, rows_of
from circuitcli.tables.streams import Stream
from circuitcli.tables.text_family import TextTable
from circuitcli.tables.times import seconds_of
from circuitcli.tables.uncertain_cells import MARKS, uncertain_number

SPACES = b"\r\t "
MOST_LOOKED_AT = 1000  # rows that are no objects, before the first that is one


class JsonText(TextTable):
    """A file of JSON Lines, whoever reads its rows. Its columns are the keys of the first; later ones may have more."""

    spaces = SPACES
    told_by_start = ("_first_values", "uncertain", "_nested")

    def __init__(self, stream: Stream, form: Format, names: Sequence[str] = ()) -> None:
        self._by_line = is_by_line(stream.first)
        super().__init__(stream, form)
        rows = rows_of(self._first, quotes=False, spaces=SPACES) if self._first is not None else iter(())
        first = next(rows, None)
        self.empty = first is None
        self.columns = [] if first is None else self._keys(first, rows)
        self.keys = dict(zip(self.columns, self.columns, strict=True))  # as they are in the file

    def _keys(self, first: FoundRow, others: Iterator[FoundRow]) -> list[str]:
        """The keys of the first row that is an object; another may be left out. Raises FileError where none is, and for
        a key that is no text."""
        for row in (first, *islice(others, MOST_LOOKED_AT)):
            found, _ = object_of(row.data)
            if found is None:
                continue
            for key in found:
                if not is_text(key):
                    raise FileError(f"{self.shown}:{row.line}: an escape in the key {json.dumps(key)} is no character")
            return list(found)
        from circuitcli.tables.json_hints import help_of_start

        hint = help_of_start(first.data.decode("utf-8", "replace"), self.shown)
        raise FileError(f"{self.shown}:{first.line}: {object_of(first.data)[1]}", hint)

    def is_time(self, name: str) -> bool:
        return self.keys.get(name, name) in self.times

    def is_label(self, name: str) -> bool:
        value = self._first_values.get(self.keys.get(name, name))
        number = not isinstance(value, str) or NUMBER.fullmatch(value.strip())
        return not (number or self.is_time(name) or self.is_uncertain(name))

    def is_uncertain(self, name: str) -> bool:
        return self.keys.get(name, name) in self.uncertain

    @cached_property
    def uncertain(self) -> frozenset[str]:
        """The values, by their names in an expression, of which some is a text of a number with its uncertainty."""
        if not self._seen_at_start((*MARKS, "\\u00b1")):
            return frozenset()
        found = (pair for row in self._first_rows(None) for pair in leaves(row))
        return frozenset(
            name for name, value in found if isinstance(value, str) and uncertain_number(value.strip()) is not None
        )

    @cached_property
    def times(self) -> frozenset[str]:
        """The values, by their names in an expression, of which the first that is not null is a date or a time."""
        firsts = self._first_values.items()
        return frozenset(name for name, x in firsts if isinstance(x, str) and seconds_of(x.strip()) is not None)

    @cached_property
    def _first_values(self) -> dict[str, object]:
        """The first value that is not null of each name in an expression."""
        found: dict[str, object] = {}
        for row in self._first_rows():
            for name, value in leaves(row):
                found.setdefault(name, value)
            if self.keys.keys() <= {root_of(name) for name in found}:
                break
        return found

    @cached_property
    def _nested(self) -> frozenset[str]:
        """The keys whose first value that is not null is an object or a list."""
        found: dict[str, bool] = {}
        for row in self._first_rows():
            for key, value in row.items():
                if value is not None:
                    found.setdefault(key, isinstance(value, (dict, list)))
            if found.keys() >= self.keys.keys():
                break
        return frozenset(key for key, is_nested in found.items() if is_nested)

    def _first_rows(self, most: int | None = MOST_LOOKED_AT) -> Iterator[dict[str, object]]:
        rows = islice(self._rows_at_start(), most)
        return (row for found in rows if (row := object_of(found.data)[0]) is not None)

    def text(self) -> Iterator[bytes]:
        """The text of the file, with an object a line."""
        return super().text() if self._by_line else Documents(super().text(), self.shown).lines()

    def stretches(self, size: int, least: int) -> list[Stretch]:
        """Ranges of lines; what is no object a line is read whole."""
        return super().stretches(size, least) if self._by_line else []

    def assume(self, names: Sequence[str]) -> None:
        for name in names:
            if name not in self.keys:
                self.columns.append(name)
                self.keys[name] = name

    def seen(self, names: Sequence[str]) -> list[str]:
        return [] if self._first is None else [name for name in names if _may_have(self._first.data, name)]

    def rename(self, old: str, new: str) -> None:
        self.columns[self.columns.index(old)] = new
        self.keys[new] = self.keys.pop(old)
        self.renamed = True

    def has_inside(self, name: str) -> bool:
        key = root_of(name)
        return key != name and self.keys.get(key) in self._nested

    def has_part(self, name: str) -> bool:
        path = self._in_file(name)
        return self.has_inside(name) and any(value_at(row, path)[1] for row in self._first_rows(None))

    def asked(self, names: Sequence[str]) -> list[Asked]:
        """The values that inputs need, by their names in the file, and what is asked of them."""
        return [asked._replace(column=self._in_file(asked.column)) for asked in map(asked_of, names)]

    def _in_file(self, column: str) -> str:
        """The name of a column, or of a part of one, as the file has it."""
        if column in self.keys or not self.has_inside(column):
            return self.keys.get(column, column)
        key = root_of(column)
        return self.keys[key] + column[len(key) :]

    def texts(self, rows: TextOfRows, names: Sequence[str], whole: bool) -> list[list[str]]:
        """The texts of some columns' values, empty where a row lacks the key. `whole`: raise FileError where a row has
        more keys than these."""
        texts: list[list[str]] = [[] for _ in names]
        keys = [self._in_file(name) for name in names]
        known = set(keys)
        for i in range(len(rows)):
            row = self._members(rows, i)
            if whole and not known.issuperset(row):
                new = next(key for key in row if key not in known)
                raise FileError(
                    f"{self.shown}: the key {new} is not in the first row, whose keys are the columns",
                    "choose columns with --columns, or write --to jsonl",
                )
            for text, name in zip(texts, keys, strict=True):
                value = row[name] if name in row else value_at(row, name, opened)[0]
                text.append(str(value or ""))
        return texts

    def _members(self, rows: TextOfRows, i: int) -> dict[str, str]:
        """The keys of a row, and the text of their values: only now is all of a row read."""
        try:
            return members(rows.row(i).decode("utf-8"))
        except (ValueError, RecursionError):
            self._refuse(rows, i)

    def _refuse(self, rows: TextOfRows, i: int) -> NoReturn:
        """Raise FileError on a row that is not sound."""
        raise FileError(f"{self.shown}:{rows.line(i)}: {object_of(rows.row(i))[1] or 'no JSON'}")

    def refuse_taken(self, batch: Batch, rows: TextOfRows, names: Sequence[str]) -> None:
        """Raise UsageError where a row has a key that a result would repeat."""
        if any(_may_have(rows.data, name) for name in names):
            for i in range(batch.size):
                row = object_of(rows.row(i))[0]
                if row is None:
                    self._refuse(rows, i)
                for name in names:
                    if name in row:
                        raise UsageError(
                            f'{batch.where(i)} already has a key "{name}"', f"name the result, or --columns ...,{name}"
                        )

    def refuse_unsound(self, batch: Batch, rows: TextOfRows) -> None:
        """Raise FileError for the first row that is no object."""
        for i in range(batch.size):
            row, why = object_of(rows.row(i))
            if row is None:
                raise FileError(f"{batch.where(i)}: {why}")

    def refuse_given(self, rows: TextOfRows) -> None:
        """Raise InputError where a row has a key that is given a value, and that the first row has not."""
        if any(_may_have(rows.data, name) for name in self.given):
            for i in range(len(rows)):
                row = object_of(rows.row(i))[0] or {}
                for name in self.given:
                    if name in row:
                        raise InputError(
                            f"{self.shown}:{rows.line(i)} has a key {name}, and {name} is given a value",
                            f"give {name} no value; --bad-rows skip then leaves out rows without it",
                        )


def _may_have(text: bytes, name: str) -> bool:
    """Whether rows may have a key: with or without escapes it stands in them."""
    return any(json.dumps(name, ensure_ascii=escaped).encode() in text for escaped in {True, name.isascii()})


def one_by_one(
    rows: TextOfRows, used: Sequence[Asked], times: Collection[str] = (), uncertain: Collection[str] = ()
) -> tuple[list[list[float]], list[Bad]]:
    """The values of keys as numbers, nan where a row is not sound, and the faults. `times`: the keys of dates and
    times; `uncertain`: those of numbers with their uncertainty."""
    bad = []
    found = [[math.nan] * len(rows) for _ in used]
    for i in range(len(rows)):
        row, why = object_of(rows.row(i))
        if row is None:
            bad.append(Bad(i, why, hopeless=True))
            continue
        fault = ""
        for j, asked in enumerate(used):
            name = asked.column
            value, is_there = value_at(row, name)
            number, kind = _read(value, asked, name in times, name in uncertain)
            if number is not None:
                found[j][i] = number
                continue
            shown = json.dumps(value)
            why = f"{name} is {shown if len(shown) <= 32 else shown[:31] + '…'}, no {kind}"
            why = why if value is not None else f"{name} is null" if is_there else _missing(row, name)
            if not fault:
                fault = why
                bad.append(Bad(i, fault, help=partial(_help_of_object, rows, i, name)))
    return found, bad


def _missing(row: dict[str, object], name: str) -> str:
    """Say that a row lacks a value, and of an element of a list how long the list is that is there."""
    what = f"{name} is missing"
    if not name.endswith("]"):
        return what
    inside, shown = row.get(root_of(name)), root_of(name)
    for i in indices_of(name):
        if isinstance(inside, dict):
            if str(i) not in inside:
                return f"{what}: {shown} has no key {i}"
            inside, shown = inside[str(i)], f"{shown}[{i}]"
            continue
        if not isinstance(inside, list):
            return f"{what}: {shown} is no list"
        if not 1 <= i <= len(inside):
            return f"{what}: {shown} has {len(inside)} element{'s' * (len(inside) != 1)}"
        inside, shown = inside[i - 1], f"{shown}[{i}]"
    return what


def _help_of_object(rows: TextOfRows, i: int, name: str, shown: str) -> str:
    from circuitcli.tables.json_hints import help_of_object

    return help_of_object(rows, i, name, shown)


def _read(value: object, asked: Asked, is_time: bool, is_uncertain: bool) -> tuple[float | None, str]:
    """The number of a value, and the word for what it should be. True is 1, and a number in quotes a number."""
    if asked.text is not None:
        return (float(value.strip() == asked.text) if isinstance(value, str) else None), "text"
    if is_time:
        return (seconds_of(value.strip()) if isinstance(value, str) else None), "time"
    if is_uncertain and isinstance(value, str) and (found := uncertain_number(value.strip())):
        return (found.sigma if asked.sigma else found.value), "number"
    if isinstance(value, str):
        text = JSON_STRINGS.get(value, value)
        number = float(text) if NUMBER.fullmatch(text) else None
    else:
        number = float(value) if isinstance(value, (int, float)) else None
    return (0.0 if asked.sigma and number is not None else number), "number"
