"""Columns of pyarrow as numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from circuitcli.asked_columns import asked_of
from circuitcli.errors import FileError, InputError, shortened
from circuitcli.tables.csv_header import NUMBER, TRUTHS
from circuitcli.tables.json_paths import root_of, steps_of
from circuitcli.tables.times import UNITS
from circuitcli.tables.uncertain_cells import uncertain_number

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    ArrowTable: TypeAlias = pa.Table  # for files that do not import pyarrow

MISSING = "is missing"
SHOWN = 30  # columns of a value in a message
WHOLE = 2**53  # up to which float64 holds every whole number
SHORT, EXACT = 15, 22  # digits that float64 holds as a whole number, and the power of ten that it does


class Column(NamedTuple):
    """A column as float64, and the rows in which it has no number, each with the reason."""

    numbers: NDArray[np.float64]
    faults: Sequence[tuple[int, str]]


def input_of(column: Callable[[str], pa.Array], name: str, shown: str, uncertain: Collection[str] = ()) -> Column:
    """An input as float64, a test of a text being 1 or 0, from columns by their names; `uncertain`: those with error
    bars in their texts. Raises FileError for one that is no such thing."""
    key, text, sigma = asked_of(name)
    if text is not None:
        return tested(column(key), text, key, shown)
    if key in uncertain and is_text(column(key).type):
        return _numbers_in_texts(column(key), error_bars=True, sigma=sigma)
    found = numbers_of(column(key), key, shown)
    return Column(np.where(np.isnan(found.numbers), np.nan, 0.0), found.faults) if sigma else found


def numbers_of(column: pa.Array, name: str, shown: str) -> Column:
    """A column as float64. Raises FileError for one that float64 cannot hold."""
    import pyarrow.compute as pc

    column = _decoded(column)
    kind = column.type
    if pa.types.is_temporal(kind) and not pa.types.is_interval(kind):
        return _seconds(column)
    if is_text(kind):
        return _numbers_in_texts(column)
    if pa.types.is_decimal(kind):
        return _nearest(column)
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
    if not (number or pa.types.is_boolean(kind) or pa.types.is_null(kind)):
        raise FileError(f"{shown}: the column {name} is {kind}, no number", "choose another in the expression")
    try:
        numbers = column.cast(pa.float64())
    except pa.ArrowInvalid as error:
        raise FileError(
            f"{shown}: {name} has whole numbers beyond 2^53, which float64 would round: {_number_in(error)}",
            "use another column; columns that the expression does not use pass through whole",
        ) from None
    if not numbers.null_count:
        return Column(floats(numbers), ())
    return Column(floats(pc.fill_null(numbers, float("nan"))), _nulls(column))


def _nearest(column: pa.Array) -> Column:
    """Decimals as the nearest float64: Arrow multiplies by a power of ten, which is rounded itself."""
    import pyarrow.compute as pc

    kind, nothing = column.type, _nulls(column)
    if not pa.types.is_decimal128(kind) or kind.precision > SHORT or not 0 <= kind.scale <= EXACT:
        return Column(floats(pc.fill_null(column.cast(pa.string()).cast(pa.float64()), float("nan"))), nothing)
    if not len(column):
        return Column(np.empty(0), ())
    low = np.frombuffer(column.buffers()[1], np.int64, 2 * len(column), 16 * column.offset)[::2]
    found: NDArray[np.float64] = low / 10.0**kind.scale
    found[[i for i, _ in nothing]] = np.nan
    return Column(found, nothing)


def has_error_bars(column: pa.Array) -> bool:
    """Whether some text of a column is a number with its uncertainty."""
    return any(text and uncertain_number(text.strip()) for text in _decoded(column).cast(pa.string()).to_pylist())


def _numbers_in_texts(column: pa.Array, error_bars: bool = False, sigma: bool = False) -> Column:
    """The numbers that texts are, as cells of CSV are read, also such with error bars; or those uncertainties, which
    are 0 where there are none."""
    found, faults = np.full(len(column), np.nan), []
    for i, text in enumerate(_decoded(column).cast(pa.string()).to_pylist()):
        cell = "" if text is None else text.strip()
        if NUMBER.fullmatch(cell):
            found[i] = 0.0 if sigma else float(cell)
        elif cell in TRUTHS:
            found[i] = 0.0 if sigma else TRUTHS[cell]
        elif error_bars and (number := uncertain_number(cell)):
            found[i] = number.sigma if sigma else number.value
        else:
            shown = shortened(cell, SHOWN)
            faults.append((i, MISSING if text is None else f'is "{shown}", no number'))
    return Column(found, faults)


def column_named(of_name: Mapping[str, pa.Array], name: str) -> pa.Array:
    """A column, or a part of the values of one."""
    if name in of_name:
        return of_name[name]
    root = root_of(name)
    return _part_of(of_name[root], name[len(root) :])


def _part_of(column: pa.Array, path: str) -> pa.Array:
    """A part of the values of a column, .x of a struct or [1] of a list, null where a value has none."""
    import pyarrow.compute as pc

    for name, place in steps_of(path):
        if name:
            column = pc.struct_field(column, name)
            continue
        lists = column.cast(pa.large_list(column.type.value_type))
        at, count = int(place) - 1, pc.list_value_length(lists)
        there = pc.fill_null(pc.greater(count, at), False)
        starts = pc.if_else(there, lists.offsets.slice(0, len(lists)), pa.scalar(None, pa.int64()))
        column = lists.values.take(pc.add(starts, at))
    return column


def equals(column: pa.Array, text: str) -> NDArray[np.float64]:
    """1 where a column of texts has a text, spaces around it aside; else 0."""
    import pyarrow.compute as pc

    return floats(pc.equal(pc.utf8_trim_whitespace(column), text).cast(pa.float64()))


def _seconds(column: pa.Array) -> Column:
    """Dates, times and durations in seconds."""
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_date(kind):
        column, kind = column.cast(pa.timestamp("s")), pa.timestamp("s")
    small = pa.types.is_time32(kind)
    nothing = _nulls(column)
    counts = column.cast(pa.int32()).cast(pa.int64()) if small else column.cast(pa.int64())
    if not len(counts):
        return Column(np.empty(0), ())
    counts, unit = pc.fill_null(counts, 0), UNITS[kind.unit]
    parts = np.frombuffer(counts.buffers()[1], np.int64, len(counts), 8 * counts.offset)
    found = parts // unit + (parts % unit) / unit
    found[[i for i, _ in nothing]] = np.nan
    return Column(found, nothing)


def tested(column: pa.Array, text: str, name: str, shown: str) -> Column:
    """1 where a column has a text, else 0. Raises FileError for one that is no text."""
    import pyarrow.compute as pc

    column = _decoded(column)
    kind = column.type
    if not is_text(kind):
        way = f"{name} > 1704412800, in seconds" if pa.types.is_temporal(kind) else f"{name} == 1"
        raise FileError(f"{shown}: the column {name} is {kind}, no text", f"compare it with a number: {way}")
    column = column.cast(pa.string())
    return Column(equals(pc.fill_null(column, ""), text), _nulls(column))


def is_text(kind: pa.DataType) -> bool:
    """Whether the values of a column are texts, also such as are written once each in a dictionary."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _decoded(column: pa.Array) -> pa.Array:
    """A column without a dictionary."""
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _nulls(column: pa.Array) -> list[tuple[int, str]]:
    """The places where a column has nothing."""
    if not column.null_count:
        return []
    return [(int(i), MISSING) for i in np.flatnonzero(floats(column.is_null().cast(pa.float64())))]


def floats(column: pa.Array | pa.ChunkedArray) -> NDArray[np.float64]:
    """A column of float64 without nulls as an array of NumPy, over the same memory where it is in one piece.
    `to_numpy` would load pandas where it is installed: 250 ms."""
    if isinstance(column, pa.ChunkedArray):
        pieces = [floats(piece) for piece in column.chunks]
        return pieces[0] if len(pieces) == 1 else np.concatenate([np.empty(0), *pieces])
    if not len(column):
        return np.empty(0)
    found: NDArray[np.float64] = np.frombuffer(column.buffers()[1], np.float64, len(column), 8 * column.offset)
    return found


def arrow_of(column: Any, name: str) -> pa.Array:
    """A column of another library, or a list, as an array of pyarrow. Raises InputError for one that has things of
    several kinds, beside numbers of any kind."""
    try:  # first without `pa.array`, which loads pandas to look for a Series
        if hasattr(column, "to_arrow"):
            return column.to_arrow()
        kinds = {*map(type, column)} if isinstance(column, (list, tuple)) else {object}
        if kinds <= {int, float, bool} and not any(map(_is_large, column)):
            return arrow_array(np.array(column, np.float64))
        array = pa.array(column, from_pandas=False)
    except (TypeError, ValueError, OverflowError, pa.ArrowException):
        array = _of_several_kinds(list(column), name)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _of_several_kinds(column: Sequence[Any], name: str) -> pa.Array:
    """Numbers of any kind, beside which there may be texts, and places where there is nothing. Raises InputError for a
    value of another kind."""
    values = [None if x is None or type(x).__name__ == "NAType" else x for x in column]  # pandas.NA
    for i, x in enumerate(values):
        if x is not None and not isinstance(x, (Real, Decimal, str)):
            what = f"row {i + 1} of {name} is no number: {shortened(repr(x), SHOWN)}"
            raise InputError(what, "a column has numbers, or texts that are some")
        if _is_large(x):
            raise InputError(f"row {i + 1} of {name} is a whole number that float64 would round: {x}", "give a float")
    if any(isinstance(x, str) for x in values):
        return pa.array([x if x is None or isinstance(x, str) else str(x) for x in values], pa.string())
    return pa.array([x if x is None else float(x) for x in values], pa.float64())


def _is_large(x: object) -> bool:
    """Whether a number is a whole one that float64 might round."""
    return isinstance(x, int) and abs(x) > WHOLE


def as_table(table: object) -> ArrowTable:
    """A pyarrow table, of a record batch or of a mapping of names to columns. Raises InputError for another object."""
    if isinstance(table, pa.Table):
        return table
    try:
        return pa.Table.from_batches([table]) if isinstance(table, pa.RecordBatch) else pa.table(table)
    except (TypeError, ValueError, pa.ArrowException) as error:
        raise InputError(
            f"no table: {str(error).splitlines()[0]}", "give a table of pyarrow, or what it makes one of"
        ) from None


def _number_in(error: Exception) -> str:
    words = [word for word in str(error).split() if word.lstrip("-").isdigit()]
    return words[0] if words else ""


def arrow_array(values: NDArray[np.generic]) -> pa.Array:
    """Numbers or booleans of NumPy as an array of Arrow. `pa.array` would look for masks, with numpy.ma: 8 ms."""
    data = np.packbits(values, bitorder="little") if values.dtype == bool else np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [None, pa.py_buffer(data)])
