"""Floats as text, many at a time and to the character like Python's repr, so that they read back to the same bits.

orjson writes the shortest digits that read back, as repr does, but writes exponents otherwise; those few numbers are
rewritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import orjson
import pyarrow as pa

from circuitcli.constants import JSON_STRINGS
from circuitcli.tables.arrow_columns import arrow_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW = 20  # one number in so many is rewritten by itself
LONGEST = 64  # bytes, more than any float has
CSV_WORDS = tuple(JSON_STRINGS.values())
JSON_WORDS = tuple(f'"{word}"' for word in JSON_STRINGS)

_EXPONENTS = (  # of orjson, and of repr: 1e16 is 1e+16, 1e-7 is 1e-07, 0.000012 is 1.2e-05
    (r"e([0-9])", r"e+\1"),
    (r"e-([0-9])$", r"e-0\1"),
    (r"^(.-?)0\.0000([1-9])$", r"\1\2e-05"),
    (r"^(.-?)0\.0000([1-9])([0-9]+)$", r"\1\2.\3e-05"),
)


def texts(numbers: NDArray[np.float64], lead: str, words: tuple[str, ...] = CSV_WORDS) -> pa.Array:
    """The repr of each float behind one character `lead`, as an array of bytes; nan and the infinities in the words
    given."""
    data = bytearray(orjson.dumps(numbers, option=orjson.OPT_SERIALIZE_NUMPY))  # [1.5,2.5]
    codes = np.frombuffer(data, np.uint8)
    offsets: NDArray[np.int32] = np.empty(len(numbers) + 1, np.int32)
    offsets[0], offsets[-1] = 0, len(data) - 1
    offsets[1:-1] = np.flatnonzero(codes == ord(","))
    codes[offsets[:-1]] = ord(lead)
    size = np.abs(numbers)
    others = np.flatnonzero(~((size < 1e16) & ((size >= 1e-4) | (size == 0.0))))
    if len(others) > len(numbers) // FEW:
        return _many_rewritten(numbers, _array(data, offsets), lead, words)
    if len(others):
        return _array(_few_rewritten(numbers, data, offsets, others, lead, words), offsets)
    return _array(data, offsets)


def texts_by_name(
    leads: Mapping[str, str],
    results: Mapping[str, NDArray[np.float64]],
    words: tuple[str, ...] = CSV_WORDS,
) -> dict[str, pa.Array]:
    """The texts of each result by its name, behind its lead. Results that share an array and a lead are written
    once."""
    written: dict[tuple[int, str], pa.Array] = {}
    for name, lead in leads.items():
        key = (id(results[name]), lead)
        if key not in written:
            written[key] = texts(results[name], lead, words)
    return {name: written[id(results[name]), lead] for name, lead in leads.items()}


def _array(data: bytes | bytearray, offsets: NDArray[np.int32]) -> pa.Array:
    return pa.BinaryArray.from_buffers(pa.binary(), len(offsets) - 1, [None, pa.py_buffer(offsets), pa.py_buffer(data)])


def _few_rewritten(
    numbers: NDArray[np.float64],
    data: bytearray,
    offsets: NDArray[np.int32],
    others: NDArray[np.intp],
    lead: str,
    words: tuple[str, ...],
) -> bytes:
    """The bytes with some numbers rewritten; the offsets are moved accordingly."""
    special = dict(zip(CSV_WORDS, words, strict=True))
    view, at = memoryview(data), 0
    pieces: list[bytes | memoryview] = []
    longer: NDArray[np.int32] = np.zeros(len(offsets), np.int32)
    for i in others.tolist():
        text = repr(float(numbers[i]))
        written = (lead + special.get(text, text)).encode()
        start, end = int(offsets[i]), int(offsets[i + 1])
        pieces += [view[at:start], written]
        longer[i + 1], at = len(written) - (end - start), end
    offsets += np.cumsum(longer, dtype=np.int32)
    return b"".join([*pieces, view[at:]])


def _many_rewritten(numbers: NDArray[np.float64], found: pa.Array, lead: str, words: tuple[str, ...]) -> pa.Array:
    """The array with many numbers rewritten, by patterns."""
    import pyarrow.compute as pc

    size = np.abs(numbers)
    with np.errstate(invalid="ignore"):
        other = arrow_array((size >= 1e16) | ((size < 1e-4) & (size > 0.0)))
    found = pc.replace_with_mask(found, other, _exponents(found.filter(other)))
    for word, here in zip(words, (np.isnan(numbers), numbers == np.inf, numbers == -np.inf), strict=True):
        if here.any():
            found = pc.if_else(arrow_array(here), (lead + word).encode(), found)
    return found


def bare(numbers: NDArray[np.float64], words: tuple[str, ...] = CSV_WORDS) -> pa.Array:
    """The repr of each float, as an array of strings."""
    return without_lead(texts(numbers, " ", words)).cast(pa.string())


def without_lead(found: pa.Array) -> pa.Array:
    """Texts without their first byte."""
    import pyarrow.compute as pc

    return pc.binary_slice(found, 1, LONGEST)


def _exponents(found: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    texts = found.cast(pa.string())
    for pattern, form in _EXPONENTS:
        texts = pc.replace_substring_regex(texts, pattern, form)
    return texts.cast(pa.binary())
