"""Records and rows for programs: JSON, JSON Lines, CSV, TSV."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence

from circuitcli.render.number_format import strict
from circuitcli.tables.formats import FORMATS, Format

Record = Mapping[str, object]


def json_text(record: Record | Sequence[Record]) -> str:
    """A JSON object with a key a line, and in `nodes` and other lists of objects an object a line; or an array of
    objects, one a line."""
    if not isinstance(record, Mapping):
        return "[" + ",\n ".join(map(_dumps, record)) + "]"
    from circuitcli.nested_names import nested

    parts = []
    for key, value in nested(record).items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            inner = ",\n  ".join(_dumps(item) for item in value)
            parts.append(f"{_dumps(key)}: [\n  {inner}]")
        else:
            parts.append(f"{_dumps(key)}: {_dumps(value)}")
    return "{" + ",\n ".join(parts) + "}"


def rows_text(rows: Sequence[Record], form: Format) -> str:
    """Rows as JSON Lines, CSV or TSV. Where a row has nothing for a column, or None, CSV and TSV have an empty cell
    and JSON Lines no key."""
    if form.keyed:
        return "\n".join(_dumps({key: x for key, x in row.items() if x is not None}) for row in rows)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    cells = [[row.get(column) for column in columns] for row in rows]
    return separated([columns, *cells], form) if columns else ""


def separated(rows: Iterable[Iterable[object]], form: Format) -> str:
    """Cells as lines of CSV or TSV."""
    import csv
    import io

    if not form.quotes:
        from circuitcli.tables.escapes import escaped

        return "\n".join(form.separator.join(escaped(_cell(x), form.separator) for x in row) for row in rows)
    text = io.StringIO()
    csv.writer(text, delimiter=form.separator, lineterminator="\n").writerows(rows)
    return text.getvalue().removesuffix("\n")


def _cell(x: object) -> str:
    return "" if x is None else str(x)


def trace_text(
    step: int,
    inputs: Mapping[str, float],
    values: Mapping[str, float],
    gradient: Mapping[str, float],
    to: str,
    first: bool = True,
) -> str:
    """One step of an ascent as a line of `jsonl`, `csv` or `tsv`; above the first step of the first start stands the
    header."""
    row = {"step": step, **inputs, **values, **{f"grad_{name}": slope for name, slope in gradient.items()}}
    if FORMATS[to].keyed:
        return _dumps(row) + "\n"
    separator = FORMATS[to].separator
    header = separator.join(row) + "\n" if step == 0 and first else ""
    return header + separator.join(map(repr, row.values())) + "\n"


def _dumps(value: object) -> str:
    from json import dumps

    # An output that is not UTF-8 gets escapes, which every JSON reader understands.
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    text = dumps(strict(value), ensure_ascii=plain)
    if ']":' not in text and "]_" not in text:
        return text  # as nearly all: no name is that of an element
    from circuitcli.nested_names import with_lists

    return dumps(strict(with_lists(value)), ensure_ascii=plain)
