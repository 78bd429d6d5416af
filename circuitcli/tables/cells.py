"""Cells of one form as cells of another: nothing is read as a number that was not one, and no digit is lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from circuitcli.errors import FileError
from circuitcli.tables.arrow_calls import call_function
from circuitcli.tables.batch import Cells
from circuitcli.tables.number_text import CSV_WORDS, JSON_WORDS, bare

Array = Any  # numpy.ndarray

_JSON_NUMBER = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$"


def csv_cells(cells: Cells, separator: str) -> Any:
    """As a cell of CSV or TSV, in quotes where it must be."""
    import pyarrow.compute as pc

    values = cells.values
    if cells.kind == "json":
        values = pa.array([_decoded(text) for text in values.to_pylist()], pa.string())
    elif cells.kind == "typed":
        values = pc.fill_null(_plain(cells, CSV_WORDS), "")
    if separator == "\t":  # which has no quotes
        for character, escaped in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
            values = pc.replace_substring(values, character, escaped)
        return values
    special = pc.match_substring_regex(values, f'["\r\n{separator}]')
    if pc.any(special).as_py():
        doubled = pc.replace_substring(values, '"', '""')
        values = pc.if_else(special, pc.binary_join_element_wise('"', doubled, '"', ""), values)
    return values


def json_cells(cells: Cells, numbers: Array | None = None) -> Any:
    """As a JSON value: a cell of CSV that is a JSON number is one, 007 and 2024-01-05 are strings; where `numbers` are
    known, what CSV writes otherwise than JSON (nan, +5, .5) is the number that it means."""
    import pyarrow.compute as pc

    values = cells.values
    if cells.kind == "json":
        return pc.if_else(pc.equal(values, ""), "null", values)
    if cells.kind == "csv":
        others = _strings(values) if numbers is None else bare(numbers, JSON_WORDS)
        return pc.if_else(pc.match_substring_regex(values, _JSON_NUMBER), values, others)
    kind = values.type
    if pa.types.is_nested(kind):
        return pa.array(
            [json.dumps(value, ensure_ascii=False, default=str) for value in values.to_pylist()], pa.string()
        )
    unquoted = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
    plain = _plain(cells, JSON_WORDS)
    return pc.fill_null(plain if unquoted else _strings(plain), "null")


def typed_cells(cells: Cells) -> Any:
    """As a column with a type: of text it is text, for a text form has no types."""
    if cells.kind == "json":
        return pa.array(
            [None if text in ("", "null") else _decoded(text) for text in cells.values.to_pylist()], pa.string()
        )
    return cells.values


def _decoded(text: str) -> str:
    """A JSON value as bare text: a string without its quotes, null as nothing."""
    if text.startswith('"'):
        return str(json.loads(text))
    return "" if text == "null" else text


def _strings(values: Any) -> Any:
    """Texts as JSON strings."""
    import pyarrow.compute as pc

    hard = pc.match_substring_regex(values, r'["\\\x00-\x1f]')
    if pc.any(hard).as_py():
        return pa.array(
            [None if v is None else json.dumps(v, ensure_ascii=False) for v in values.to_pylist()], pa.string()
        )
    return pc.binary_join_element_wise('"', values, '"', "")


def _plain(cells: Cells, words: tuple[str, str, str]) -> Any:
    """A typed column as text."""
    import pyarrow.compute as pc

    values, kind = cells.values, cells.values.type
    if pa.types.is_dictionary(kind):
        values, kind = values.dictionary_decode(), kind.value_type
    if pa.types.is_floating(kind):
        numbers = pc.fill_null(values.cast(pa.float64()), 0.0).to_numpy(zero_copy_only=False)
        return pc.if_else(values.is_null(), pa.scalar(None, pa.string()), bare(numbers, words))
    try:
        return values.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise FileError(
            f"the column {cells.name} is {kind}, which a text form has no cell for",
            "choose columns with --columns, or write --to parquet",
        ) from None


def joined(pieces: Sequence[Any]) -> memoryview:
    """Columns, and texts between them, row after row: all are put behind one another, and taken in turn."""
    arrays, size, places = [], 0, 0
    firsts = []
    for piece in pieces:
        text = isinstance(piece, (bytes, str))
        array = pa.array([piece], pa.binary()) if text else _binary(piece)
        arrays.append(array)
        firsts.append((places, 0 if text else 1))
        places, size = places + len(array), size if text else len(array)
    if not size:
        return memoryview(b"")
    turns: Array = np.empty((size, len(pieces)), np.int32)
    row: Array = np.arange(size, dtype=np.int32)
    for turn, (first, step) in enumerate(firsts):
        turns[:, turn] = first + step * row
    array = call_function("array_take", [pa.concat_arrays(arrays), pa.array(turns.ravel())])
    return memoryview(array.buffers()[2])[: memoryview(array.buffers()[1]).cast("i")[len(array)]]


def _binary(column: Any) -> Any:
    """A column of texts as bytes."""
    if column.type != pa.string():
        return column
    return pa.BinaryArray.from_buffers(pa.binary(), len(column), [None, *column.buffers()[1:]], offset=column.offset)
