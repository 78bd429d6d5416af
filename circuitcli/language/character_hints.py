"""Errors for characters that mean nothing in an expression, with a hint what to write instead."""

from __future__ import annotations

import re

from circuitcli.errors import ExpressionError
from circuitcli.gates import ALIASES, GATES
from circuitcli.language.derivative_hints import derivative_of, of_primed
from circuitcli.language.excerpts import (
    NEARBY,
    bare,
    before,
    behind,
    plain_signs,
    statement_around,
    value_before,
    value_behind,
)
from circuitcli.language.foreign_forms import Readable, hint_at
from circuitcli.language.loop_forms import of_a_loop
from circuitcli.language.word_hints import MODULES
from circuitcli.wording import by_voice, value_of

_CHARACTERS = {
    "!": "for the factorial write factorial(x); for not, not x; for unequal, !=",
    "|": "for the absolute value write abs(x); for or, a or b",
    "&": "write {before} and {behind}",
    "~": "write not {after}",
    "=": "to compare, write ==",
    "]": "indices stand between [ and ]: x[1], W[1,2]",
    "{": "write ( and )",
    "}": "write ( and )",
    "$": "write {after}: a name has no $; in double quotes the shell puts a variable's value there",
    "@": "write {after}: a name has letters, digits and _",
    "'": "a text ends with the quote that begins it; names need none",
    '"': "a text ends with the quote that begins it; names need none",
    "\\": "write {behind}: a gate has no \\ before it",
    ".": "a number needs a digit: 0.5",
    "≤": "write {before} <= {behind}",
    "≥": "write {before} >= {behind}",
    "≠": "write {before} != {behind}",
    "°": "write radians({before})",
    "√": "write sqrt({after})",
    "∛": "write cbrt({after})",
    "∞": "write inf",
    "∑": "write sum(x[i] for i in 1:3)",
}


def at_character(text: str, position: int, readable: Readable) -> ExpressionError:
    """Return the error for a character that is no token."""
    char = text[position]
    shown = char if char.isprintable() else f"U+{ord(char):04X}"
    message = f"unexpected {shown}: it means nothing in an expression"
    return ExpressionError(message, text, position, hint=_of_character(text, position, readable))


def _of_character(text: str, position: int, readable: Readable) -> str:
    """Return the hint for a character that is no token."""
    char, left, right = text[position], before(text, position), behind(text, position + 1)
    if hint := of_a_loop(text, position, readable) or hint_at(text, position, readable):
        return hint
    value, other = value_before(left), value_behind(right)
    if char == "!" and left.endswith("="):
        return f"write {value_before(left[:-1])} != {other}" if other and value_before(left[:-1]) else ""
    if char == "!" and value:
        return f"for the factorial write factorial({bare(value)})"
    if char == "!" and other:
        return f"write not {other}"
    if char == "|" and right[:1] != "|" and not value and (bars := re.match(r"([^|]+)\|", right)):
        return f"for the absolute value write abs({bars[1].strip()})"
    start, end = statement_around(text, position)
    if char in "|&" and readable(meant := re.sub(r"\s*([&|])\1?\s*", _in_words, text[start:end].strip())):
        return f"write {meant}"
    if char == "\\" and value:
        return f"write {value}/{other or 2}"
    if char == "\\" and readable(meant := without_tex(text[start:end].strip())):
        return f"write {meant}"
    if char == "'" and re.search(r"\d$", left) and re.match(r"\d{3}", right):
        return f"write {value}{other}"
    if char == "'" and (value or right[:1] == char):
        command = of_primed(text[max(0, start - NEARBY) : end]) or derivative_of(bare(value_behind(right.lstrip(char))))
        return f"a derivative is a command: {command}"
    if char == "~" and value:
        return f'a fit is a command: circuit descend "mean(({bare(value)} - ({right.strip()}))^2)" FILE'
    if char in "[{":
        return _brackets(left, right, char)
    if char == "." and value in MODULES and not other:
        return "gates have no prefix: write for example tanh(x)"
    if plain_signs(char) != char and readable(meant := plain_signs(text[start:end].strip())):
        return f"write {meant}"
    if char == "°" and re.match(r"\s*[CFKR]\b", right):
        return f"numbers have no units: write {value}" if value else ""
    if char == "±":
        return of_uncertainty(value, other, text)
    form = _CHARACTERS.get(char, "")
    if char in "√∛" and value:
        form = form.replace("write ", f"write {value}*")
    if (("{before}" in form) and not value) or ("{be" in form and "{behind}" in form and not other):
        return ""
    return form.format(before=bare(value), behind=other, after=bare(other) or "x")


def of_uncertainty(value: str, sigma: str, text: str) -> str:
    """Return the hint for a value with an uncertainty within an expression: 3±0.1, or x±0.1."""
    name, number = (value, "3") if value.isidentifier() else (_free_name(text), value)
    if not re.match(r"[\d.]", sigma) or not (value.isidentifier() or re.fullmatch(r"[\d.]+", value)):
        return "an uncertainty belongs to the value of an input, not into the expression"
    given = by_voice(f"with -{name} {number}±{sigma}", f"which the command line takes: -{name} {number}±{sigma}")
    return f"an uncertainty belongs to the value of an input: write {name} in its place, {given}"


def _free_name(text: str) -> str:
    """A name that a text does not have."""
    used: list[str] = re.findall(r"[^\W\d]\w*", text)
    names: list[str] = ["x", *"yzabcdu", *(f"x{k}" for k in range(len(used)))]
    return next(name for name in names if name not in used)


def _in_words(found: re.Match[str]) -> str:
    return " and " if found[1] == "&" else " or "


def without_tex(text: str) -> str:
    """Return an expression of TeX as it is written here."""
    text = re.sub(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}", r"(\1)/(\2)", text)
    text = re.sub(r"\\(?:cdot|times)\b", "*", re.sub(r"\\(?:left|right|,)", "", text))
    return text.replace("\\", "").translate({ord("{"): "(", ord("}"): ")"})


def _brackets(left: str, right: str, char: str) -> str:
    """Return the hint for an opening [ or {."""
    found = re.match(r"([^\[\]{}]*)[\]}]", right)
    inside, word = found[1].strip() if found else "", re.search(r"([^\W\d]\w*)\s*(\(?)$", left)
    parts = [part for part in re.split(r"[\s,;]+", inside) if part]
    name = word[1] if word else ""
    gate = name if name in GATES or name in ALIASES else name.lower()
    if inside and left[-1:] == "^":
        return f"write {value_before(left[:-1])}^({inside})"
    if char == "{" and (pair := re.match(r"\s*[\"']?([^\W\d]\w*)[\"']?\s*[:=]\s*([^,}]+)", right)):
        return by_voice("an input is set on the command line: ", "an input is a keyword: ") + value_of(
            pair[1], pair[2].strip()
        )
    if inside and word and not word[2] and (gate in GATES or gate in ALIASES):
        return f"write {gate}({', '.join(parts)})"
    if len(parts) > 1 and word and word[2] and gate in GATES:
        facts = GATES[gate].over_rows
        total = " + ".join(parts)
        if GATES[gate].many:
            return f"write {gate}({', '.join(parts)})"
        if facts is not None and facts.only:
            return f"there are no lists: write {f'({total})/{len(parts)}' if facts.average else total}"
    if len(parts) > 1 and ";" not in inside and (named := re.search(r"(?:^|[;\n])\s*([^\W\d]\w*)\s*=\s*$", left)):
        shell = f"a list is set on the command line: -{named[1]} {','.join(parts)}"
        return by_voice(shell, f"a list is a keyword: {named[1]}=[{', '.join(parts)}]")
    if len(parts) > 1:
        return f"there are no lists: write one value, as {parts[0]}; lists are columns of a file of rows"
    return f"write ({inside})" if inside else "write ( and )"
