"""Floats as text, many at a time: to the character what Python's repr writes, so that they read back to the same bits.

pyarrow writes the shortest digits that read back, like repr, but `5` for 5.0 and its exponents its own way; those few
are written again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Array = Any  # numpy.ndarray

CSV_WORDS = ("nan", "inf", "-inf")
JSON_WORDS = ('"NaN"', '"Infinity"', '"-Infinity"')

_SMALL = (  # what pyarrow writes below 1e-4: with zeros down to 1e-6, then with an exponent of one digit or more
    (r"^(-?)0\.0000([1-9])$", r"\1\2e-05"),
    (r"^(-?)0\.0000([1-9])([0-9]+)$", r"\1\2.\3e-05"),
    (r"^(-?)0\.00000([1-9])$", r"\1\2e-06"),
    (r"^(-?)0\.00000([1-9])([0-9]+)$", r"\1\2.\3e-06"),
    (r"e-([0-9])$", r"e-0\1"),
)


def texts(numbers: Array, words: tuple[str, str, str] = CSV_WORDS) -> Any:
    """The repr of each float as a pyarrow array of strings; nan and the infinities by the words given."""
    found = pc.cast(pa.array(numbers), pa.string())
    size = np.abs(numbers)
    with np.errstate(invalid="ignore"):
        whole = (size < 1e16) & (numbers == np.rint(numbers))
        if whole.any():
            found = pc.replace_with_mask(found, pa.array(whole), _whole(numbers[whole]))
        small = (size < 1e-4) & (size > 0.0)
        large = (size >= 1e10) & (size < 1e16) & ~whole  # rare, and pyarrow writes them with an exponent
    if large.any():
        found = pc.replace_with_mask(found, pa.array(large), pa.array(list(map(repr, numbers[large].tolist()))))
    if small.any():
        found = pc.replace_with_mask(found, pa.array(small), _small(numbers[small]))
    if not np.isfinite(numbers).all():
        for word, here in zip(words, (np.isnan(numbers), numbers == np.inf, numbers == -np.inf), strict=True):
            if here.any():
                found = pc.if_else(pa.array(here), word, found)
    return found


def _whole(numbers: Array) -> Any:
    digits = pc.cast(pa.array(numbers.astype(np.int64)), pa.string())
    found = pc.binary_join_element_wise(digits, "0", ".")
    minus = (numbers == 0.0) & np.signbit(numbers)
    return pc.if_else(pa.array(minus), "-0.0", found) if minus.any() else found


def _small(numbers: Array) -> Any:
    found = pc.cast(pa.array(numbers), pa.string())
    for pattern, form in _SMALL:
        found = pc.replace_substring_regex(found, pattern, form)
    return found
