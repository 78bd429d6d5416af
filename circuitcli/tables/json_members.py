"""The text of a JSON object: its keys, and its values as they are written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from circuitcli.errors import FileError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?"  # as a pattern
MOST_DIGITS = 308  # that a whole number has in floats, whatever they are
TOO_DEEP = "nested too deep"
_DECODER = json.JSONDecoder()
_SPACES = tuple(" \t\r")


def object_of(text: bytes) -> tuple[dict[str, object] | None, str]:
    """A row as an object; where it is none, the reason."""
    try:
        special = b"-0" in text or len(text) > MOST_DIGITS
        row = json.loads(text.decode(), parse_int=_whole if special else None)
    except UnicodeDecodeError as error:
        return None, f"byte {error.start + 1} is not UTF-8"
    except ValueError as error:
        return None, f"no JSON: {reason(error)}" + (
            f", in column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        )
    except RecursionError:
        return None, TOO_DEEP
    return (row, "") if isinstance(row, dict) else (None, "no JSON object")


def reason(error: ValueError) -> str:
    """Why a text is no JSON. The place is left out: it is one within the row."""
    return error.msg if isinstance(error, json.JSONDecodeError) else str(error)


def _whole(digits: str) -> float:
    """A whole number; -0 has its sign, which an int has not, and what is beyond floats is infinite as 1e999 is."""
    return float(digits) if digits == "-0" or len(digits) > MOST_DIGITS else int(digits)


def is_utf8(text: bytes) -> bool:
    """Whether bytes are text in UTF-8."""
    if text.isascii():
        return True
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def members(text: str) -> dict[str, str]:
    """The keys of an object, and the text of their values. Raises ValueError where it is not sound."""
    found: dict[str, str] = {}
    at = _behind(text, 0, "{")
    while not text.startswith("}", at):
        at = _behind(text, at, ",") if found else at
        key, at = _DECODER.raw_decode(text, at)
        at = _behind(text, at, ":")
        end = _DECODER.raw_decode(text, at)[1]
        found[key] = text[at:end]
        at = _behind(text, end)
    if text[at + 1 :].strip() or not all(isinstance(key, str) for key in found):
        raise ValueError("no object")
    return found


def opened(value: object) -> object:
    """The text of an object or of a list as the texts of what is in it; anything else as it is."""
    if not isinstance(value, str):
        return value
    if value.startswith("{"):
        return members(value)
    return elements(value) if value.startswith("[") else None


def elements(text: str) -> list[str]:
    """The texts of the values of a list, which is known to be sound."""
    found: list[str] = []
    at = _behind(text, 0, "[")
    while not text.startswith("]", at):
        at = _behind(text, at, ",") if found else at
        end = _DECODER.raw_decode(text, at)[1]
        found.append(text[at:end])
        at = _behind(text, end)
    return found


def _behind(text: str, at: int, sign: str = "") -> int:
    """The place behind spaces, and behind a sign and more spaces."""
    while text.startswith(_SPACES, at):
        at += 1
    if not sign:
        return at
    if not text.startswith(sign, at):
        raise ValueError(f"no {sign}")
    return _behind(text, at + 1)


def decoded(text: str, name: str) -> str:
    """A JSON value of a key as bare text: a string without its quotes, null as nothing. Raises FileError where an
    escape in it is no character."""
    if not text.startswith('"'):
        return "" if text == "null" else text
    bare = str(json.loads(text))
    if not is_text(bare):
        shown = text if len(text) <= 30 else text[:29] + "…"
        raise FileError(f"{name} is {shown}, and an escape in it is no character", "leave it out with --columns")
    return bare


def is_text(text: str) -> bool:
    """Whether a text has only characters: the escape \\ud800 is half of one."""
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)


def leads(keys: Sequence[str], row: bytes) -> list[bytes]:
    """The text before each value of an object with these keys: `{"x":`, `,"y":`, with a space behind colons and commas
    if a row has one there."""
    texts = [json.dumps(key, ensure_ascii=False).encode() for key in keys]
    colon = b": " if row.startswith(b"{" + texts[0] + b": ") else b":"
    comma = b", " if len(texts) > 1 and b", " + texts[1] + colon in row else b","
    return [(comma if j else b"{") + text + colon for j, text in enumerate(texts)]


def behind(data: bytes, starts: NDArray[np.int64], text: bytes) -> NDArray[np.uint16] | None:
    """The two bytes behind a text that is at all these places, which rise, the first of them the lower one; None where
    it is not at one of them. Eight bytes are read at once."""
    import numpy as np

    last, size = len(data) - 8, len(text)
    at = [*range(0, size - 6, 8), max(size - 6, 0)]
    if not len(starts) or starts[-1] + at[-1] > last:
        return None
    words = np.ndarray(last + 1, "<u8", data, strides=(1,))
    for first in at:
        wanted = text[first : first + 8]
        found = words[starts + first if first else starts]
        if ((found ^ np.uint64(int.from_bytes(wanted, "little"))) & np.uint64(256 ** len(wanted) - 1)).any():
            return None
    return (found >> np.uint64(8 * (size - at[-1]))).astype(np.uint16)
