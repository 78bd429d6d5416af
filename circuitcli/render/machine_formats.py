"""Records for programs: JSON, JSON Lines, CSV, TSV."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from circuitcli.render.number_format import strict


def json_text(record: Mapping[str, Any]) -> str:
    """One JSON object, a key a line, and of `nodes` and other lists of objects an object a line."""
    parts = []
    for key, value in record.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            inner = ",\n  ".join(_dumps(item) for item in value)
            parts.append(f"{_dumps(key)}: [\n  {inner}]")
        else:
            parts.append(f"{_dumps(key)}: {_dumps(value)}")
    return "{" + ",\n ".join(parts) + "}"


def json_line(record: Mapping[str, Any]) -> str:
    """One JSON object in one line."""
    return _dumps(record)


def separated(rows: list[Mapping[str, Any]], separator: str) -> str:
    """A header and rows, in CSV or TSV."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return text.getvalue().rstrip("\n")


def row_text(row: Mapping[str, Any], to: str) -> str:
    """One row as `--to jsonl`, `csv` or `tsv` prints it."""
    return json_line(row) if to == "jsonl" else separated([row], "\t" if to == "tsv" else ",")


def rows_text(rows: list[dict[str, Any]], to: str) -> str:
    """Several rows; in CSV and TSV a column is empty where a row has nothing for it."""
    if to == "jsonl":
        return "\n".join(map(json_line, rows))
    if not rows:
        return ""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return separated([{c: row.get(c, "") for c in columns} for row in rows], "\t" if to == "tsv" else ",")


def trace_text(
    step: int, inputs: Mapping[str, float], value: float, gradient: Mapping[str, float], to: str, first: bool = True
) -> str:
    """One step of an ascent as a line of `jsonl`, `csv` or `tsv`; the first of the first has the header before it."""
    row = {"step": step, **inputs, "value": value, **{f"grad_{name}": slope for name, slope in gradient.items()}}
    if to == "jsonl":
        return json_line(row) + "\n"
    separator = "\t" if to == "tsv" else ","
    header = separator.join(row) + "\n" if step == 0 and first else ""
    return header + separator.join(map(repr, row.values())) + "\n"


def _dumps(value: Any) -> str:
    from json import dumps

    # An output that is not UTF-8 gets escapes, which every JSON reader understands.
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    return dumps(strict(value), ensure_ascii=plain)
