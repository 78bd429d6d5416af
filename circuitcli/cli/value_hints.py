"""Hints for the values of inputs that cannot be read: what to write behind the dash and the name."""

from __future__ import annotations

import re
from collections.abc import Collection

from circuitcli.cli.number_rows import PLAIN, in_our_form, rows_of
from circuitcli.cli.number_units import scaled, with_power, without_unit
from circuitcli.errors import ExpressionError
from circuitcli.language import graph_of, parse
from circuitcli.language.excerpts import plain_signs
from circuitcli.language.letter_points import with_point
from circuitcli.language.word_hints import instead_of_name
from circuitcli.visible_text import in_quotes

_RANGE = re.compile(r"\[?\s*([^\s:?.,;[\]]*(?:\.\d+)?)\s*(?::|\.\.\.?|…|\bto\b)\s*([^\s:?.,;[\]]*(?:\.\d+)?)\s*\]?")
_DASHED = re.compile(r"\s*([-+]?[\d.]+)\s*[–—]\s*([-+]?[\d.]+)\s*")  # with a dash of typography
_GENERAL = "a value is a number or an expression of constants, such as pi/4"
_WRITTEN = r"write (.+?)((?:, (?:in|or [-+.\d]\S* where) |[:;] ).*)?$"


def hint_on_value(name: str, text: str, hint: str) -> str:
    """The hint for a value that is no expression; `hint` is the one on it as an expression."""
    hint = _instead(name, text) or hint
    found = re.match(_WRITTEN, hint)
    if found is None:
        return hint
    readings = [reading for reading in found[1].split(", or ") if _is_constant(reading)]
    return f"write -{name} {', or '.join(map(_as_word, readings))}{found[2] or ''}" if readings else _GENERAL


def hint_on_names(name: str, text: str, names: Collection[str]) -> str:
    """The hint for a value with names in it."""
    if pointed := with_point(text):  # R47
        return f"write -{name} {pointed}"
    found = next(filter(None, (instead_of_name(word, ()) for word in names)), "")
    return (found.replace("write ", f"write -{name} ") if text.isidentifier() else found) or _GENERAL


def _is_constant(text: str) -> bool:
    """Whether a text is a value: one with an uncertainty is."""
    try:
        return all(not graph_of(parse(part.removesuffix("%"))).inputs for part in text.split("±"))
    except ExpressionError:
        return False


def _several(name: str, text: str, before: str = "") -> str:
    """The hint for a text of several numbers: one is wanted, unless the input is a family; empty for another text."""
    rows = rows_of(text)
    if not rows:
        return ""
    stem, bracket, _ = name.partition("[")
    if bracket:
        return f"{before}commas are between the values of a family: -{stem} {in_our_form(rows)}"
    numbers = sum(map(len, rows))
    example = f'circuit eval "sum({name}[i] for i in 1:{numbers})" -{name} {in_our_form(rows)}'
    return f"{before or 'one number is wanted; '}several are for a family: {example}"


def _as_word(text: str) -> str:
    return text if re.fullmatch(r"[\w.*/^+%±·-]+", text) else in_quotes(text)


def _instead(name: str, text: str) -> str:
    """The hint for a value in a notation that is known; else empty."""
    if dashed := _DASHED.fullmatch(text):
        return (
            f"write {dashed[1]}-{dashed[2]}; circuit eval has bounds all between them: -{name} {dashed[1]}..{dashed[2]}"
        )
    text = plain_signs(text).replace('"', "").replace("'", "").removeprefix("$").strip()
    joined = re.sub(r"(?<=\d)[\s,](?=\d{3}(?!\d))", "", text)
    if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3}){2,}", text):
        joined = text.replace(".", "")
    if PLAIN.fullmatch(joined):
        return f"write {joined}"
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        return f"write {text.replace(',', '.')}: the sign of decimals is .{_several(name, text, '; ')}"
    if several := _several(name, text):
        return several
    if text.endswith("°") and PLAIN.fullmatch(text[:-1].strip()):
        return f"write {text[:-1].strip()}*pi/180"
    if text.endswith("%") and PLAIN.fullmatch(text[:-1].strip()):
        return f"write {text[:-1].strip()}/100"
    if re.fullmatch("0[xX][0-9a-fA-F]+", text):
        return f"write {int(text, 16)}"
    if ends := _RANGE.fullmatch(text):
        bounds = f"; circuit eval has bounds all over it: -{name} {ends[1]}..{ends[2]}" if ends[1] and ends[2] else ""
        return f"circuit plot sweeps an input: --range {name}={ends[1]}:{ends[2]}{bounds}"
    if pointed := with_point(text):
        return f"write {pointed}"
    if text[-1:] in "TGMkuµμnp" and (number := with_power(text)):
        return f"write {number}"
    if found := re.fullmatch(r"(\S+)\s+(\d+\.?\d*)\s*%", text):
        number = with_point(found[1]) or with_power(found[1]) or found[1]
        return f"write {number}±{found[2]}%" if PLAIN.fullmatch(number) else ""
    with_factor, number, unit = scaled(text)
    if with_factor:
        return f"write {with_factor}, or {number} where the expression is in {unit}"
    number = without_unit(text)
    return f"write {number}, in the units of the expression" if number else ""
