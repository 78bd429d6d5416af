"""An expression as physics and school write it, in the signs of the keyboard: √(x²+1) is sqrt(x^2+1), 30° radians(30).

A product that is only meant, as of 2 and x in 2²x, is left to the parser: TIMES stands where it has to.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial
from unicodedata import lookup, normalize

from circuitcli.constants import CONSTANTS, LETTERS
from circuitcli.gates import ALIASES, GATES
from circuitcli.language.character_hints import without_tex
from circuitcli.language.excerpts import FRACTIONS, SUPERSCRIPTS, group_behind, open_parentheses, plain_signs
from circuitcli.language.letter_points import with_points
from circuitcli.language.names import KEYWORDS
from circuitcli.language.word_hints import NUMERIC

TIMES = "\u2062"  # Unicode's invisible times; no text that can be read has one
_UP = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ"
_LETTER = rf"[^\W\d_{_UP}{''.join(FRACTIONS)}]"
_NUMBER = rf"(?:\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?|\.\d+)[{_UP}]*"
_ATOM = re.compile(rf"{_NUMBER}|[^\W\d]\w*")
_QUOTED = re.compile("(\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*)")
_TEX = ("frac", "dfrac", "tfrac", "cdot", "times", "left", "right")
_OTHERS = {"≤": "<=", "≥": ">=", "≠": "!=", "∞": "inf", "⁄": "/"}


class UnclearError(Exception):
    """A sign may mean several things, or nothing that is known."""


def is_gate(word: str) -> bool:
    """Whether a word is called with arguments."""
    return word in GATES or word in ALIASES


def takes_one(word: str) -> bool:
    """Whether a word is a gate that can have a single argument."""
    return is_gate(word) and GATES[ALIASES.get(word, word)].accepts(1)


def plain_name(name: str) -> str:
    """Return a name as it can be typed: v0 for v₀, T_half for T½."""
    return name if name.isidentifier() else normalize("NFKC", name.replace("½", "_half"))


def in_plain_signs(text: str, wide: bool, known: Collection[str]) -> str:
    """Return a text in the signs that the grammar has; quoted texts and comments stay. `wide` takes a product behind a
    root or a gate without parentheses as a whole. Raises UnclearError."""
    parts = _QUOTED.split(_minutes(text))
    if len(parts) == 1:
        parts[0] += ")" * len(open_parentheses(text))
    for k in range(0, len(parts), 2):
        for mend in (
            _tex,
            _signs,
            _brackets,
            partial(with_points, wide=wide, known=known),
            _below,
            _absolute,
            _factorials,
        ):
            parts[k] = mend(parts[k])
        parts[k] = _powers(_fractions(_degrees(_gate_powers(_roots(parts[k], wide), wide))))
        parts[k] = _letters(parts[k])
    return "".join(parts)


def words_of(text: str) -> list[str]:
    """Return the words of a text, quoted texts and comments left out, as the grammar cuts them; parts of rows are
    several."""
    plain = _QUOTED.sub(" ", text).replace(TIMES, "*")
    return re.findall(r"[^\W\d][^\x00-/:-@\[-^`{-\x7f\s±·×÷−≠≤≥]*", plain)


def factor_end(text: str, start: int) -> int:
    """Return where the factor ends that begins at a place: a number, a name, a call or parentheses, perhaps with an
    exponent; the place itself where none begins."""
    atom = _ATOM.match(text, start)
    end = atom.end() if atom else start
    if atom is None or not atom[0][:1].isdigit():
        end += len(group_behind(text[end:]))
    power = re.compile(r"\s*(?:\^|\*\*)\s*-?").match(text, end) if end > start else None
    return factor_end(text, power.end()) if power else end


def argument_end(text: str, start: int, wide: bool) -> int:
    """Return where the argument of a gate without parentheses ends: its factors, if `wide` with signs between them. A
    second gate begins a factor of its own."""
    end = start
    while True:
        sign = re.compile(r"\s*[*/]?\s*" if wide and end > start else r"\s*").match(text, end)
        place = sign.end() if sign else end
        word = re.compile(r"[^\W\d]\w*").match(text, place)
        behind = factor_end(text, place)
        if word and is_gate(word[0]):
            if end > start and not (sign and sign[0].strip()):
                return end
            if behind == word.end():
                behind = argument_end(text, word.end(), wide)
                behind = place if behind == word.end() else behind
        if behind == place or (word and word[0] in KEYWORDS):
            return end
        end = behind


def _minutes(text: str) -> str:
    """Write 45°30'10" as radians(45 + 30/60 + 10/3600)."""

    def written(found: re.Match[str]) -> str:
        seconds = f" + {found[3]}/3600" if found[3] else ""
        return f"radians({found[1]} + {found[2]}/60{seconds})"

    return re.sub(rf"(?<![\w.])({_NUMBER})\s*°\s*(\d+)\s*['′](?:\s*({_NUMBER})\s*(?:''|[\"″]))?", written, text)


def _tex(text: str) -> str:
    if "\\" not in text:
        return text
    for found in re.finditer(r"(?<=[\w)])\s*\\\s*(\w+)", text):
        if not (is_gate(found[1]) or found[1] in CONSTANTS or found[1] in _TEX or _is_greek(found[1])):
            raise UnclearError  # a quotient
    text = re.sub(r"(\\[dt]?frac\{[^{}]*\}\{[^{}]*\})\s*(?=[\w(\\])", r"\1*", text)
    return without_tex(re.sub(r"_\{(\w+)\}", r"_\1", text))


def _is_greek(word: str) -> bool:
    try:
        lookup(f"GREEK SMALL LETTER {word}")
    except KeyError:
        return False
    return True


def _signs(text: str) -> str:
    text = re.sub(r"(?<=[\w)])∞", f"{TIMES}∞", text)
    text = re.sub("[≤≥≠∞⁄]", lambda m: _OTHERS[m[0]], "".join(c if c in "’‘" else plain_signs(c) for c in text))
    text = re.sub(rf"(?<![\w.])(?:(?:{'|'.join(NUMERIC)})\.)+([^\W\d]\w*)(?=(\s*\(|\s+\w)?)", _without_module, text)
    if re.search(rf"(?<![\w.])(?:{'|'.join(NUMERIC)})\.\w", text):
        raise UnclearError
    text = re.sub(r"\s*&&?\s*", " and ", re.sub(r"\s*\|\|\s*", " or ", text))
    others = re.sub(r"(?<=\d)\s*x\s*(?=10\s*[\^⁰¹²³⁴⁵⁶⁷⁸⁹⁻*])", "*", text)  # x for ×
    text = text if re.search(r"(?<!\w)x(?!\w)", others) else others
    return re.sub(r"[$@](?=[^\W\d])", "", text)


def _without_module(found: re.Match[str]) -> str:
    return found[1] if (is_gate(found[1]) and found[2]) or found[1] in CONSTANTS else found[0]


def _brackets(text: str) -> str:
    """Square brackets and braces around a value are parentheses; those behind a gate are its own."""

    def rounded(found: re.Match[str]) -> str:
        word, inside = found[1] or "", found[2]
        if "for" in inside or (word and not is_gate(word.lower())) or ("," in inside and not word):
            raise UnclearError
        return f"{word if is_gate(word) else word.lower()}({inside})"

    before = ""
    while before != text:
        before, text = text, re.sub(r"([^\W\d]\w*)?\[([^][{}]+)\]", rounded, text)
        text = re.sub(r"([^\W\d]\w*(?=\{)(?!))?\{([^][{},:=]+)\}", rounded, text)
    return text


def _below(text: str) -> str:
    """Indices below a name belong to it: v₀t is v0 times t."""

    def plain(found: re.Match[str]) -> str:
        word = found[1] + normalize("NFKC", found[2])
        return word + ((" " if is_gate(word) else TIMES) if found[3] else "")

    return re.sub(rf"([^\W\d][A-Za-z_\u0370-\u03ff]*)([₀-₉ₐ-ₜ]+)(?=({_LETTER})?)", plain, text)


def _absolute(text: str) -> str:
    if text.count("|") % 2:
        raise UnclearError
    return re.sub(r"(?:(?<=[\w)])\s*())?\|([^|]+)\|", lambda m: f"{'' if m[1] is None else TIMES}abs({m[2]})", text)


def _behind_value(text: str, sign: str, name: str) -> str:
    """Put a sign behind a value as the gate of this name before it."""
    while found := re.search(sign, text):
        left = text[: found.start()].rstrip()
        start = value_start(left)
        times = TIMES if re.match(r"[\w(]", text[found.end() :]) else ""
        text = f"{text[:start]}{name}({_bare(left[start:])}){times}{text[found.end() :]}"
    return text


def _factorials(text: str) -> str:
    return _behind_value(text, "!(?!=)", "factorial")


def _degrees(text: str) -> str:
    if re.search(r"°\s*[CFKR]\b", text):
        raise UnclearError
    text = re.sub(r"(?<![\w.])([\d.]+)\s*(?:deg|degs|degree|degrees)(?!\w)", r"\1°", text) if "deg" in text else text
    return _behind_value(text, "°|º", "radians")


def value_start(text: str) -> int:
    """Return where the value begins that a text ends with."""
    if not text.endswith(")"):
        found = re.search(r"(?:\d[\d_]*\.?\d*|\.\d+|[^\W\d]\w*)$", text)
        if found is None:
            raise UnclearError
        return found.start()
    start = next((k for k in range(len(text) - 1, -1, -1) if text[k] == "(" and group_behind(text[k:]) == text[k:]), -1)
    if start < 0:
        raise UnclearError
    name = re.search(r"[^\W\d]\w*$", text[:start])
    return name.start() if name else start


def _roots(text: str, wide: bool) -> str:
    """Roots with what is under them, the last one first, for it may be under another."""
    while (place := max(text.rfind("√"), text.rfind("∛"))) >= 0:
        start = place + 1 + len(text[place + 1 :]) - len(text[place + 1 :].lstrip())
        atom = re.compile(r"[\w.]+" if wide else rf"{_NUMBER}|[^\W\d]\w*").match(text, start)
        end = atom.end() if atom else start
        if atom is None or is_gate(atom[0]):
            end += len(group_behind(text[end:]))
        if end == start or text[max(0, place - 1)] in _UP:  # ³√x
            raise UnclearError
        before, behind = text[:place], text[end:]
        before += TIMES if re.search(r"[\w)]$", before) else ""
        behind = (TIMES if re.match(r"[\w(]", behind) else "") + behind
        text = f"{before}{'cbrt' if text[place] == '∛' else 'sqrt'}({_bare(text[start:end])}){behind}"
    return text


def _gate_powers(text: str, wide: bool) -> str:
    """Write sin²x as sin(x)^2."""
    for found in reversed(
        [*re.finditer(rf"(?<![\w.])([A-Za-z_][A-Za-z_0-9]*)([{_UP}]+|\s*(?:\^|\*\*)\s*-?\d+)", text)]
    ):
        if not is_gate(found[1]):
            continue
        exponent = found[2].translate(SUPERSCRIPTS).strip().lstrip("^*").strip()
        end = found.end() + len(re.split(r"\S", text[found.end() :], maxsplit=1)[0])
        stop = end + len(group_behind(text[end:])) or end
        if stop == end:
            stop = argument_end(text, end, wide=False)
        if stop == end or not exponent.isdigit():  # sin⁻¹ has two meanings
            raise UnclearError
        times = TIMES if re.match(r"\w", text[stop:]) else ""
        text = f"{text[: found.start()]}{found[1]}({_bare(text[end:stop])})^{exponent}{times}{text[stop:]}"
    return text


def _fractions(text: str) -> str:
    signs = "".join(FRACTIONS)
    text = re.sub(rf"({_LETTER})½", r"\1_half", text)  # a half-life
    if re.search(rf"{_LETTER}[{signs}]", text):
        raise UnclearError

    def written(found: re.Match[str]) -> str:
        number = f"({found[2]} + {FRACTIONS[found[3]]})" if found[2] else FRACTIONS[found[3]]
        if not found[2] and (found[1] or (found[4] and found[4] in _UP + "^")):
            number = f"({number})"
        return (found[1] or "") + number + ("*" if found[4] and re.match(rf"[^\W{_UP}]|[(]", found[4]) else "")

    return re.sub(rf"([/^%]\s*|\*\*\s*)?(?:(?<![\w.])(\d+)\s*)?([{signs}])(?:\s*(?=([\w(^])))?", written, text)


def _powers(text: str) -> str:
    def written(found: re.Match[str]) -> str:
        exponent = found[1].translate(SUPERSCRIPTS)
        exponent = exponent if re.fullmatch(r"-?(\d+|n)", exponent) else f"({exponent})"
        return f"^{exponent}" + (TIMES if found[2] else "")

    return re.sub(rf"([{_UP}]+)(?=([\w(])?)", written, text)


def _letters(text: str) -> str:
    """Write π as pi, and apart from the letters behind it."""
    letters = "".join(LETTERS)
    text = re.sub(rf"(?<![^\W\d])([{letters}])(?=\w)", rf"\1{TIMES}", text)
    text = re.sub(rf"(?<=[\d])([{letters}])", rf"{TIMES}\1", text)
    return re.sub(rf"(?<!\w)[{letters}](?!\w)", lambda m: LETTERS[m[0]], text)


def _bare(text: str) -> str:
    text = text.strip()
    return text[1:-1].strip() if text.startswith("(") and group_behind(text) == text else text
