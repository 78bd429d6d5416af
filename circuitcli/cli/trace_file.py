"""Reading the trace of an ascent: the way of each start, step by step."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from math import isfinite, nan
from typing import NamedTuple

from circuitcli.cli.text_files import called, read_text
from circuitcli.errors import FileError
from circuitcli.tables.formats import format_named, format_of_text

_EXAMPLE = "circuit ascend EXPR --trace FILE writes one"
START, STEP, VALUE, VALIDATION = OTHERS = "start", "step", "value", "validation"


class Way(NamedTuple):
    """The steps of one start, by its number: the number of each, the inputs there, and the value, nan where the trace
    has none."""

    start: str
    steps: list[str]
    at: dict[str, list[float]]
    values: list[float]


def read_trace(name: str) -> list[Way]:
    """The steps of each start, as `ascend --trace` writes them, in the format that the ending tells, or else the first
    line. A step that is infinite or not a number is left out."""
    from circuitcli.language import canonical

    shown, found = called(name), dict[str, Way]()
    columns: Collection[str] = ()
    for line, row in _rows(name, read_text(name)):
        inputs = [column for column in row if column not in OTHERS and not column.startswith("grad_")]
        if columns and set(inputs) != set(columns):
            raise FileError(f"{shown}:{line}: other columns than before: {', '.join(row)}")
        columns = inputs
        numbers = {canonical(column): _number(row[column], column, f"{shown}:{line}") for column in inputs}
        start = str(row.get(START))
        way = found.setdefault(start, Way(start, [], {column: [] for column in numbers}, []))
        if all(map(isfinite, numbers.values())):
            way.steps.append(str(row[STEP]))
            way.values.append(_number(row[VALUE], VALUE, f"{shown}:{line}") if VALUE in row else nan)
            for column, number in numbers.items():
                way.at[column].append(number)
    ways = [way for way in found.values() if way.steps and way.at]
    if not ways:
        raise FileError(f"{shown} has no step of an ascent", _EXAMPLE)
    return ways


def _rows(name: str, text: str) -> Iterator[tuple[int, dict[str, object]]]:
    """Each step with the line on which it stands."""
    lines = [(k, line) for k, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        return
    head = lines[0][1]
    form = format_named(name)
    if form is None or form.typed:  # no trace is typed
        form = format_of_text(head.lstrip().encode())
    if form.keyed:
        yield from _objects(called(name), lines)
        return
    header = head.split(form.separator)
    if "step" not in header:
        raise FileError(f"{called(name)}:{lines[0][0]}: no trace: there is no column step", _EXAMPLE)
    for k, line in lines[1:]:
        cells = line.split(form.separator)
        if len(cells) != len(header):
            raise FileError(f"{called(name)}:{k}: {len(cells)} cells under {len(header)} columns")
        yield k, dict(zip(header, cells, strict=True))


def _objects(shown: str, lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, dict[str, object]]]:
    import json

    from circuitcli.nested_names import leaves

    for k, line in lines:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise FileError(f"{shown}:{k}: no JSON object", _EXAMPLE) from None
        if not isinstance(row, dict) or "step" not in row:
            raise FileError(f"{shown}:{k}: no step of an ascent: it should have a key step", _EXAMPLE)
        yield k, dict(leaf for name, inner in row.items() for leaf in leaves(name, inner))


def _number(text: object, column: str, where: str) -> float:
    """A number of a trace. In JSON infinities are strings; float reads these too."""
    if isinstance(text, (int, float, str)) and not isinstance(text, bool):
        try:
            return float(text)
        except (ValueError, OverflowError):
            pass
    raise FileError(f"{where}: {column} is no number: {text}")
