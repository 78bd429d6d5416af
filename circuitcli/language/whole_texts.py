"""One hint for all known mistakes of a text: 2 pi √(L/g) is 2*pi*sqrt(L/g), and typed so it gives an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from circuitcli.constants import CONSTANTS
from circuitcli.errors import ExpressionError
from circuitcli.gates import ALIASES, GATES
from circuitcli.language.excerpts import arguments_of, group_behind, open_parentheses
from circuitcli.language.foreign_calls import as_a_value, with_more
from circuitcli.language.foreign_forms import BEHIND, INFIX, TO_WRITE, TYPES, UNITS, form_at
from circuitcli.language.foreign_operators import parallel, said_of, written_with_ours
from circuitcli.language.hints import ELSEWHERE
from circuitcli.language.lalr import UnexpectedCharacter, UnexpectedToken
from circuitcli.language.loop_forms import of_a_loop
from circuitcli.language.names import KEYWORDS, canonical, is_identifier
from circuitcli.language.other_tools import rewritten, tell
from circuitcli.language.school_signs import (
    TIMES,
    UnclearError,
    argument_end,
    factor_end,
    in_plain_signs,
    is_gate,
    plain_name,
    takes_one,
    words_of,
)
from circuitcli.language.word_hints import factors_of, written_here
from circuitcli.language.words_elsewhere import WORDS

Mistake = UnexpectedToken | UnexpectedCharacter
MistakeIn = Callable[[str], "Mistake | None"]  # the first place of a text that the grammar lacks

LONGEST = 200  # characters of a line; a longer one has hints on its parts
_MOST = 60  # mistakes
_NO_VALUES = {
    *ELSEWHERE,
    *KEYWORDS,
    *TYPES.split("|"),
    *INFIX,
    *BEHIND,
    "in",
    "to",
    "of",
    "between",
    "print",
    "pm",
    "let",
}
_DEFINED = r"(?:^|[\n;])\s*([^\W\d]\w*\s*(?:\([^()]*\)\s*)?)=(?!=)"
_WORD = r"(?<![\w.])[^\W\d]\w*"


def with_whole_text(error: ExpressionError, mistake_in: MistakeIn, given: Collection[str] = ()) -> ExpressionError:
    """Return an error with the hint to write its whole line where that is known, else with its own hint."""

    def readable(text: str) -> bool:
        return mistake_in(text) is None and bool(text.strip())

    if rewritten(error.text, readable):
        return tell(error, readable)
    if said := said_of(error.text):
        error.hint = said
    elif whole := whole_hint(error.text, error.start, mistake_in, given):
        found = re.match("(for the [a-z ]+ |to multiply, )write ", error.hint)
        error.hint = (found[1] if found else "") + whole
    return error


def whole_hint(text: str, place: int, mistake_in: MistakeIn, given: Collection[str] = ()) -> str:
    """Return the hint to write the whole line around a place, with all of its mistakes mended; with both readings where
    it has two, and nothing where a mistake is unknown. `given` are names that have a value."""
    start = text.rfind("\n", 0, place) + 1
    line = text[start:].partition("\n")[0].partition("#")[0].strip()
    if not line or len(line) > LONGEST:
        return ""
    if re.fullmatch("\"[^\"]*\"|'[^']*'", line):
        line = line[1:-1].strip()
    line, whole_line = written_with_ours(line), line
    mistake, behind = mistake_in(line), ""
    if mistake is not None:
        at = mistake.at if isinstance(mistake, UnexpectedCharacter) else mistake.token.start_pos
        if of_a_loop(line, at, lambda other: mistake_in(other) is None):
            return ""
        if (form := form_at(line, at, lambda other: True)) is not None:
            found = TO_WRITE.match(form)
            if found is None:
                return ""
            line, behind = found[1], form[found.end(1) :]
            behind = "" if behind.startswith("; a gate") else behind
    defined = {canonical(name) for left in re.findall(_DEFINED, text) for name in re.findall(_WORD, left)}
    plain_names = {name: plain_name(name) for name in given}
    readings: list[str] = []
    for meant, wide in _readings_of(line):
        try:
            readings.append(_mended(meant, wide, mistake_in, [*plain_names.values()], defined))
        except UnclearError:
            break
    if not readings or _squeezed(readings[0]) == _squeezed(whole_line):
        return ""
    odd = [f"-{plain} for -{name}" for name, plain in plain_names.items() if plain != name and name in line]
    behind += f"; and {', '.join(odd)}" if odd else ""
    return "write " + ", or ".join(dict.fromkeys(readings[: 1 if behind and not odd else 2])) + behind


def _readings_of(line: str) -> list[tuple[str, bool]]:
    """Return what a line may mean, twice, each with whether products behind signs are whole."""
    if re.search(r"±(?!\s*[\d.])", line):
        return [(line.replace("±", "+"), True), (line.replace("±", "-"), True)]
    other = parallel(line) if "||" in line else ""
    return [(line, False), (other, False) if other else (line, True)]


def product_hint(hint: str, text: str, mistake_in: MistakeIn, given: Collection[str]) -> str:
    """Return a hint on a name that is a product of names, or a gate without parentheses, with its whole line; another
    hint as it is."""
    if (gate := re.match(r"(\w+) is a gate: write ", hint)) and (whole := _called(gate[1], text, mistake_in)):
        return f"{gate[0]}{whole}{hint[len(hint.partition(';')[0]) :]}"
    product, _, others = hint.partition("; ")
    if product.startswith("to multiply, write "):
        name = product.removeprefix("to multiply, write ").replace("*", "")
        found = re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text)
        if whole := whole_hint(text, found.start() if found else 0, mistake_in, given):
            return f"to multiply, {whole}" + (f"; {others}" if others else "")
    return hint


def _called(gate: str, text: str, mistake_in: MistakeIn) -> str:
    """Return a text with the gate called where a value with a sign stands behind it: exp(-x) for exp -x."""
    found = re.search(rf"(?<![\w.]){re.escape(gate)}(?:\s+-(?=\S)|-)", text) if len(text) <= LONGEST else None
    end = argument_end(text, found.end(), wide=True) if found and takes_one(gate) else 0
    if found is None or end <= found.end():
        return ""
    meant = f"{text[: found.start()]}{gate}(-{text[found.end() : end].strip()}){text[end:]}"
    return meant if mistake_in(meant) is None else ""


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text).replace("π", "pi").replace("τ", "tau")


def _mended(line: str, wide: bool, mistake_in: MistakeIn, given: Collection[str], defined: Collection[str]) -> str:
    """Return a line without the known mistakes. Raises UnclearError where there are others."""
    text = in_plain_signs(line, wide, {*given, *defined})
    for _ in range(_MOST):
        mistake = mistake_in(text.replace(TIMES, "*"))
        if mistake is None:
            break
        if isinstance(mistake, UnexpectedCharacter):
            raise UnclearError
        text = _without(mistake, text, wide, given, defined)
    else:
        raise UnclearError
    if re.search(r"(?:^|;)(?!\s*[^\W\d]\w*\s*(?:\([^()]*\)\s*)?=)[^;=]*[^;=<>!]=(?!=)", text):  # an equation
        raise UnclearError
    if not text.strip() or not all(is_identifier(canonical(word)) for word in words_of(text)):
        raise UnclearError
    text = _calls(text, len(text) != len(line) or TIMES in text, given, defined)
    if given:
        text = re.sub(rf"{_WORD}(?!\w|\s*\()", lambda m: _product(m[0], given, defined), text)
    text = re.sub(r"(?<![\w.])(?:PI|Pi|TAU|Tau)(?!\w)", lambda m: m[0] if m[0] in given else m[0].lower(), text)
    return (_wide_quotients(text) if wide else text).replace(TIMES, "*")


def _product(word: str, given: Collection[str], defined: Collection[str]) -> str:
    """A name without a value as the product of names that have one."""
    if word in given or word in defined or word in CONSTANTS or word in KEYWORDS or is_gate(word):
        return word
    return TIMES.join(factors_of(word, sorted({*given, "pi"}, key=len, reverse=True))) or word


def _without(mistake: UnexpectedToken, text: str, wide: bool, given: Collection[str], defined: Collection[str]) -> str:
    """Return a text without its first mistake."""
    token, place = mistake.token, mistake.token.start_pos
    left, right = text[:place].rstrip(), text[place:]
    opened = open_parentheses(left)
    if "NUMBER" in mistake.expected:
        raise UnclearError
    decimals = re.match(r",(?!\d{3}(?!\d))\d+(?![\d.])", right)
    if decimals and not opened and re.search(r"(?<![\w.])\d+$", text[:place]):
        return f"{text[:place]}.{right[1:]}"
    if token.type not in ("NAME", "NUMBER", "OPEN"):
        raise UnclearError
    value = re.search(r"[\w.]*$", left)
    word, touching = value[0] if value else "", left == text[:place]
    if str(token) == "is" and re.match(r"\s+(?:not|null|none|nan|na|nil)(?!\w)", right[2:], re.IGNORECASE):
        raise UnclearError
    if str(token) in INFIX and re.match(r"\s*[\w.(]", right[len(token) :]):
        return f"{left}{INFIX[str(token)]}{right[len(token) :].lstrip()}"
    if str(token) in BEHIND:
        return f"{left}{BEHIND[str(token)]}{right[len(token) :]}"
    if opened and left != text[:place] and _takes_more(text, opened[-1]):
        return f"{left}, {right}"
    if takes_one(word) and word not in given and token.type != "OPEN":
        end = argument_end(text, place, wide)
        if end == place:
            raise UnclearError
        return f"{left}({text[place:end].strip()}){text[end:]}"
    _refuse_no_factors(word, touching, mistake, right, {*given, *defined})
    return left + TIMES + right


def _takes_more(text: str, opened: int) -> bool:
    """Whether parentheses belong to a gate that takes more arguments than there are: pow(x 2)."""
    word = re.search(r"[^\W\d]\w*$", text[:opened])
    if word is None or not is_gate(word[0]):
        return False
    gate, count = GATES[ALIASES.get(word[0], word[0])], len(arguments_of(group_behind(text[opened:])[1:-1]))
    return not gate.many and not gate.accepts(count) and gate.accepts(count + 1)


def _refuse_no_factors(word: str, touching: bool, mistake: UnexpectedToken, right: str, known: Collection[str]) -> None:
    """Raise UnclearError where two values side by side are no product."""
    token = mistake.token
    if {word, str(token)} & _NO_VALUES - {*known} or (is_gate(word) and word not in known):
        raise UnclearError
    if token.type == "NUMBER" and (word[-1:].isdigit() or (touching and word)):
        raise UnclearError
    if not (word[:1].isdigit() or word[:1] == ".") or token.type != "NAME":
        return
    if str(token) in (*UNITS, "i", "j") and str(token) not in known:
        raise UnclearError
    if touching and re.match(r"[eE]", token) and not (is_gate(token) or re.match(r"e\s*\^|e$", right)):
        raise UnclearError
    if touching and re.fullmatch(r"0[xXbBoO]\w*", word + token):
        raise UnclearError


def _calls(text: str, changed: bool, given: Collection[str], defined: Collection[str]) -> str:
    """Mend the calls of gates that there are not: of a value they are a product, and a gate may have another name."""
    for found in reversed([*re.finditer(rf"({_WORD})(\s*)\(", text)]):
        word, start, end = found[1], found.start(), found.end() - 1
        if word in KEYWORDS or (word in defined and word not in given):
            continue
        if re.match(r"\(\s*\)", text[end:]):
            raise UnclearError
        if word in given or word in CONSTANTS or (changed and _is_no_gate(word)):
            text = f"{text[: found.end(1)]}{TIMES}{text[end:]}"
            continue
        group = group_behind(text[end:])
        if form := with_more(word, arguments_of(group[1:-1])):
            text = text[:start] + as_a_value(form) + text[end + len(group) :]
        elif not is_gate(word):
            row = WORDS.get(word) or WORDS.get(word.lower(), "")
            if changed and is_gate(word.lower()):
                text = f"{text[:start]}{word.lower()}{text[found.end(1) :]}"
            elif changed and group and row.startswith("("):
                form = written_here(row, arguments_of(group[1:-1]))
                form = form if factor_end(form, 0) == len(form) else f"({form})"
                text = text[:start] + form + text[end + len(group) :]
            else:
                raise UnclearError
    return text


def _is_no_gate(word: str) -> bool:
    """Whether a word is short, and called nowhere."""
    return len(word) <= 2 and not is_gate(word) and not is_gate(word.lower()) and word.lower() not in WORDS


def _wide_quotients(text: str) -> str:
    """Put parentheses around a product that is only meant and stands behind a /: as in 1/2πx."""
    for place in reversed([found.end() for found in re.finditer(r"(?<!/)[/%]\s*(?!/)", text)]):
        end = factor_end(text, place)
        first = end
        while text[end : end + 1] == TIMES:
            end = factor_end(text, end + 1)
        if end > first:
            text = f"{text[:place]}({text[place:end]}){text[end:]}"
    return text
