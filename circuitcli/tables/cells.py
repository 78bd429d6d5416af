"""Cells: a column as it came in, read as a cell of another format without losing a digit of it."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from circuitcli.compat import arrow_compute
from circuitcli.errors import FileError
from circuitcli.tables.arrow_columns import arrow_array, floats
from circuitcli.tables.json_members import NUMBER, decoded
from circuitcli.tables.number_text import CSV_WORDS, JSON_WORDS, bare

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Cells(ABC):
    """One column as it came in."""

    def __init__(self, name: str, values: pa.Array) -> None:
        self.name, self.values = name, values

    @abstractmethod
    def as_text(self) -> pa.Array:
        """Bare texts; empty where a row has nothing."""

    @abstractmethod
    def as_json(self, numbers: NDArray[np.float64] | None = None) -> pa.Array:
        """Texts of JSON values. `numbers` are the column as numbers, where it was read so."""

    def as_typed(self) -> pa.Array:
        """A column with a type, which is text where the file has no types."""
        return self.values


class TextCells(Cells):
    """Cells of separated values, without their quotes."""

    def as_text(self) -> pa.Array:
        return self.values

    def as_json(self, numbers: NDArray[np.float64] | None = None) -> pa.Array:
        """A cell that is a JSON number stays one. 007 and 2024-01-05 become strings; nan, +5 and .5 do too, unless they
        were read as numbers."""
        import pyarrow.compute as pc

        others = _strings(self.values) if numbers is None else bare(numbers, JSON_WORDS)
        return pc.if_else(pc.match_substring_regex(self.values, f"^{NUMBER}$"), self.values, others)


class JsonCells(Cells):
    """Texts of JSON values; empty where a row lacks the key."""

    def as_text(self) -> pa.Array:
        return pa.array([decoded(text, self.name) for text in self.values.to_pylist()], pa.string())

    def as_json(self, numbers: NDArray[np.float64] | None = None) -> pa.Array:
        import pyarrow.compute as pc

        return pc.if_else(pc.equal(self.values, ""), "null", self.values)

    def as_typed(self) -> pa.Array:
        texts = self.values.to_pylist()
        return pa.array([None if text in ("", "null") else decoded(text, self.name) for text in texts], pa.string())


class TypedCells(Cells):
    """Values with a type."""

    def as_text(self) -> pa.Array:
        import pyarrow.compute as pc

        if pa.types.is_nested(self.values.type):
            return pa.array(["" if text == "null" else text for text in self._nested()], pa.string())
        return pc.fill_null(self._written(CSV_WORDS), "")

    def as_json(self, numbers: NDArray[np.float64] | None = None) -> pa.Array:
        import pyarrow.compute as pc

        kind = self.values.type
        if pa.types.is_nested(kind):
            return pa.array(self._nested(), pa.string())
        unquoted = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
        plain = self._written(JSON_WORDS)
        return pc.fill_null(plain if unquoted else _strings(plain), "null")

    def _nested(self) -> list[str]:
        """Objects and lists as JSON."""
        try:
            values = self.values.to_pylist()
        except (pa.ArrowException, ValueError, OverflowError):
            raise self._no_cell(self.values.type) from None
        return [json.dumps(value, ensure_ascii=False, default=str) for value in values]

    def _written(self, words: tuple[str, ...]) -> pa.Array:
        """The values as texts, nan and the infinities in the words given."""
        import pyarrow.compute as pc

        values, kind = self.values, self.values.type
        if pa.types.is_dictionary(kind):
            values, kind = values.dictionary_decode(), kind.value_type
        if pa.types.is_floating(kind):
            numbers = floats(pc.fill_null(values.cast(pa.float64()), 0.0))
            return pc.if_else(values.is_null(), pa.scalar(None, pa.string()), bare(numbers, words))
        try:
            return values.cast(pa.string())
        except pa.ArrowException:
            raise self._no_cell(kind) from None

    def _no_cell(self, kind: pa.DataType) -> FileError:
        return FileError(
            f"the column {self.name} is {kind}, which a text form has no cell for",
            "choose columns with --columns, or write --to parquet",
        )


def _strings(values: pa.Array) -> pa.Array:
    """Texts as JSON strings."""
    import pyarrow.compute as pc

    hard = pc.match_substring_regex(values, r'["\\\x00-\x1f]')
    if pc.any(hard).as_py():
        return pa.array(
            [None if v is None else json.dumps(v, ensure_ascii=False) for v in values.to_pylist()], pa.string()
        )
    return pc.binary_join_element_wise('"', values, '"', "")


def joined(pieces: Sequence[pa.Array | bytes | str]) -> memoryview:
    """The bytes of columns, and of texts between them, row after row: put one behind the other, then taken in turn."""
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
    turns: NDArray[np.int32] = np.empty((size, len(pieces)), np.int32)
    row: NDArray[np.int32] = np.arange(size, dtype=np.int32)
    for turn, (first, step) in enumerate(firsts):
        turns[:, turn] = first + step * row
    array = arrow_compute().call_function("array_take", [pa.concat_arrays(arrays), arrow_array(turns.ravel())])
    return memoryview(array.buffers()[2])[: memoryview(array.buffers()[1]).cast("i")[len(array)]]


def _binary(column: pa.Array) -> pa.Array:
    """A column of texts as bytes."""
    if column.type != pa.string():
        return column
    return pa.BinaryArray.from_buffers(pa.binary(), len(column), [None, *column.buffers()[1:]], offset=column.offset)
