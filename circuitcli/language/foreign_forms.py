"""Forms of other languages that the grammar lacks, each with a hint how it is written here."""

from __future__ import annotations

import re
from collections.abc import Callable

from circuitcli.gates import ALIASES, GATES
from circuitcli.language.derivative_hints import derivative_of
from circuitcli.language.excerpts import (
    arguments_of,
    before,
    behind,
    group_around,
    group_behind,
    percentage,
    plain_signs,
    rest_of,
    statement_around,
    value_before,
    value_behind,
)
from circuitcli.language.held_hints import held_form
from circuitcli.language.missing_values import MISSING, of_missing
from circuitcli.language.names import KEYWORDS
from circuitcli.language.unit_hints import in_another_unit
from circuitcli.language.word_hints import instead_of_call, power_of_gate, used
from circuitcli.language.words_elsewhere import WORDS
from circuitcli.wording import value_of

INFIX = {"mod": " % ", "rem": " % ", "div": " // ", "times": "*", "plus": " + ", "minus": " - ", "over": "/"}
INFIX |= {"is": " == ", "equals": " == ", "xor": " != ", "dot": "*"}
BEHIND = {"squared": "^2", "cubed": "^3"}
TYPES = "let|var|const|set|my|local|auto|float|double|real|int|integer|number"  # before the name in a definition
_NAMES_OF_UNITS = (
    "km cm mm µm nm kg mg ms us µs ns min Hz kHz MHz GHz Pa kPa MPa GPa bar kJ MJ kW MW kWh mA uA µA nA mV uV µV kV "
    "eV keV MeV GeV mol deg rad mF uF µF nF pF mH uH µH nH ohm kohm Ohm kOhm Ω kΩ MΩ mΩ"
)
UNITS = frozenset(_NAMES_OF_UNITS.split())
_TOUCHING = re.compile(r"(?<![\w.])(\d+\.?\d*|\.\d+)(?=[^\W\d]|\()(?![eE][+-]?\d)")  # 2 of 2x
_CHOICE = r"(?P<a>.+?)\bif\b(?P<c>.+?)\belse\b(?P<b>.+)"
TO_WRITE = re.compile(r"write (.+?)(?:, (?:and|or|in) .*|; a gate .*)?$")  # a hint with an expression
_Hint = Callable[["re.Match[str]"], str]
Readable = Callable[[str], bool]  # whether a text is a program
_A_GATE = "a gate is defined so: f(x) = x^2; f(3)"
_ALONE = "write the expression alone, as x^2, and give it -x 3"
_CONDITIONAL = "a conditional is written c ? a : b"


def hint_at(text: str, place: int, readable: Readable) -> str:
    """Return the hint for a form of another language around a place, or nothing. A hint that could not be read in its
    turn gives way to a sentence."""
    form = form_at(text, place, readable)
    if form is not None:
        return form
    hint = _next_to(text, place)
    return hint if _can_be_typed(hint, readable) else ""


def form_at(text: str, place: int, readable: Readable) -> str | None:
    """Return the hint for a whole statement, an argument or parentheses in the form of another language; None where
    there is no such form."""
    for forms, (start, end) in (
        (_STATEMENTS, statement_around(text, place)),
        (_PARTS, group_around(text, place)),
    ):
        part = text[start:end].strip()
        if part.endswith((":", "{")):
            part += f" {rest_of(behind(text, end))}"
        for pattern, written, otherwise in forms:
            if (found := re.match(pattern, part)) and (hint := written(found)):
                return hint if _can_be_typed(hint, readable) else otherwise
    return None


def _can_be_typed(hint: str, readable: Readable) -> bool:
    """Whether what a hint says to write is an expression."""
    found = TO_WRITE.match(hint)
    return found is None or readable(found[1])


# ── whole statements ────────────────────────────────────────────────────────────────────────────────────────────


def _gate(found: re.Match[str]) -> str:
    """def f(x): return x^2, and the like."""
    name, parameters, body = found["name"], _names(found["names"]), _body(found["body"])
    return f"write {used(f'{name}({parameters})', body)}" if body else ""


def _function(found: re.Match[str]) -> str:
    """A function without a name: its body is the expression."""
    names, body = _names(found["names"]), _body(found["body"])
    if name := found.groupdict().get("name"):
        return f"write {used(f'{name}({names})', body)}"
    if found["arrow"] != "->" and found["arrow"].startswith(("=", "-")) and not _uses(body, names):
        return ""
    if not _uses(body, names):
        return f"write {body}; a gate is defined by =, as {used(f'f({names})', body)}"
    values = " and ".join(value_of(name, "3") for name in names.split(", ") if name)
    return f"write {body}" + (f", and give it {values}" if values else "")


def _names(text: str) -> str:
    return ", ".join(re.findall(r"[^\W\d]\w*", re.sub(r":\s*\w+", "", text)))


def _body(text: str) -> str:
    body = re.sub(r"^\{?\s*(?:return\b)?\s*|\s*\}?$", "", text.strip())
    body = _TOUCHING.sub(r"\1*", body)
    choice = re.fullmatch(_CHOICE, body)
    return f"{choice['c'].strip()} ? {choice['a'].strip()} : {choice['b'].strip()}" if choice else body


def _uses(body: str, names: str) -> bool:
    return not names or any(re.search(rf"\b{name}\b", body) for name in names.split(", "))


def _derived(found: re.Match[str]) -> str:
    """d/dx x^2, or with ∂."""
    body = found["body"].strip()
    group = group_behind(body)
    return derivative_of(group[1:-1] if group == body else body, found["name"])


_LAMBDA = (
    r"(?:(?P<name>[^\W\d]\w*)\s*=\s*)?(?P<arrow>lambda\b|λ|\\)\s*(?P<names>[\w\s,]*)(?::|->|=>|\.)(?P<body>.+)",
    _function,
    _ALONE,
)
_STATEMENTS: tuple[tuple[str, _Hint, str], ...] = (
    (
        r"(?:def|function|func|fn|fun)\s+(?P<name>[^\W\d]\w*)\s*\((?P<names>[^()]*)\)[^:={]*[:={]\s*(?P<body>.*)",
        _gate,
        _A_GATE,
    ),
    (rf"(?:(?:{TYPES})\s+)?(?P<name>[^\W\d]\w*)\s*\((?P<names>[\w\s,]*)\)\s*:=(?P<body>.+)", _gate, _A_GATE),
    (rf"(?:{TYPES})\s+(?P<name>[^\W\d]\w*)\s*\((?P<names>[\w\s,]*)\)\s*=(?P<body>.+)", _gate, _A_GATE),
    _LAMBDA,
    (
        r"(?:(?P<name>[^\W\d]\w*)\s*=\s*)?\(?\s*(?P<names>[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*)\s*\)?\s*"
        r"(?P<arrow>=>|->|→|↦|⟼)\s*(?P<body>.+)",
        _function,
        _ALONE,
    ),
    (r"(?P<arrow>function)\s*\((?P<names>[\w\s,]*)\)\s*(?P<body>.+)", _function, _ALONE),
    (rf"(?:{TYPES})\s+(?P<body>[^\W\d]\w*\s*:?=.+)", lambda m: f"write {m['body'].replace(':=', '=')}", ""),
    (r"(?:return|print|echo|puts)\s+(?P<body>.+)", lambda m: f"write {m['body']}", ""),
    (r"(?:import|from|using|include)\s", lambda m: "leave it out: gates are always there, as sin(x) and exp(x)", ""),
    (r"=\s*(?P<body>[^=].*)", lambda m: f"write {m['body']}", ""),
    (r"[d∂]\s*/\s*[d∂](?P<name>[^\W\d]\w*)\s*(?P<body>.+)", _derived, ""),
    (r"[d∂]\s*(?P<body>\(.+\))\s*/\s*[d∂](?P<name>[^\W\d]\w*)", _derived, ""),
    (r"[∇∂](?P<name>)\s*(?P<body>.+)", _derived, ""),
    (r".*?(?P<module>\w+::)\w", lambda m: f"write {m.string.replace(m['module'], '')}", ""),
    (r"∫", lambda m: WORDS["integral"], ""),
    (r"(?P<name>[^\W\d]\w*)\s*\((?P<body>.+)\)$", lambda m: _solved(m["name"], m["body"]), ""),
    (r"[“„«‘‚`]", lambda m: f"write {plain_signs(m.string)}, in the plain quotes of the shell", ""),
)


def _solved(name: str, body: str) -> str:
    """solve(x^2 = 2, x): an equation within a call; integrate(t^2, (t, 0, 1)): a list within one."""
    if "(" in body and (meant := held_form(name, arguments_of(body))):
        return f"write {meant}"
    return instead_of_call(name, arguments_of(body)) if re.search("(?<![<>!=:])=(?!=)", body) else ""


# ── an argument, or what is in parentheses ──────────────────────────────────────────────────────────────────────


def _choice(found: re.Match[str]) -> str:
    c, a, b = (found[name].strip().rstrip(":;").strip() for name in "cab")
    return f"write {c} ? {_body(a)} : {_body(b)}"


_PARTS: tuple[tuple[str, _Hint, str], ...] = (
    _LAMBDA,
    (r"if\b(?P<c>.+?)(?:\bthen\b|:|\{)(?P<a>.+?)\}?\s*(?:\belse\b)\s*\{?(?P<b>.+)", _choice, _CONDITIONAL),
    (r"if\s*\((?P<c>.+?)\)(?P<a>.+?)\belse\b(?P<b>.+)", _choice, _CONDITIONAL),
    (
        r"if\b(?P<c>.+?)(?:\bthen\b|:)(?P<a>.+)",
        lambda m: f"write {m['c'].strip()} ? {m['a'].strip()} : 0",
        _CONDITIONAL,
    ),
    (_CHOICE, _choice, _CONDITIONAL),
    (r"(?P<a>.+?)\bif\b(?P<c>.+)", lambda m: f"write {m['c'].strip()} ? {m['a'].strip()} : 0", _CONDITIONAL),
)


# ── what stands next to a place ─────────────────────────────────────────────────────────────────────────────────


def _next_to(text: str, place: int) -> str:
    left, right = before(text, place), behind(text, place)
    if chosen := _one_of(left, right):
        return chosen
    if compared := _compared(left, right):
        return compared
    powered = re.search(r"([^\W\d]\w*\s*(?:\^|\*\*)-?\d+|[^\W\d]\w*?[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)\s*$", left)
    if powered and (power := power_of_gate(powered[1].replace(" ", ""), right)):
        return f"write {power}"
    word = re.match(r"[^\W\d]\w*", right)
    value = re.search(r"([\w.]+|\))\s*$", left)
    if word and value and word[0] in INFIX and (other := value_behind(right[word.end() :])):
        return f"write {value_before(left)}{INFIX[word[0]]}{other}"
    if word and value and word[0] in BEHIND:
        return f"write {value_before(left)}{BEHIND[word[0]]}"
    if word and (number := re.search(r"(?<![\w.])([\d.]+)\s*$", left)):
        if scaled := in_another_unit(number[1], right):
            return scaled
        if word[0] in UNITS:
            return f"numbers have no units: write {number[1]}, or {number[1]}*{word[0]} with {value_of(word[0], '1')}"
        if word[0] in ("i", "j"):
            return f"there are no complex numbers; where {word[0]} is a name, write {number[1]}*{word[0]}"
    gate = re.search(r"(?<![\w.])(?:\w+\.)*([^\W\d]\w*)\s+$", left)
    if gate and (gate[1] in GATES or gate[1] in ALIASES) and (argument := _factors(right)):
        return f"write {gate[1]}({argument})"
    group = re.search(r"(?<![\w.,])\d{1,3}(?:\s+\d{3})*\s+$", left)
    if group and (more := re.match(r"\d{3}(?:\s\d{3})*(?![\w.])", right)):
        return "write " + re.sub(r"\s", "", group[0] + more[0])
    return percentage(left) if right[:1] in "*/" else ""


def _one_of(left: str, right: str) -> str:
    """kind in ("a", "b") and x between 1 and 3, as in SQL and Python."""
    name = value_before(left)
    parts = re.match(r"(?P<not>not\s+)?in\s*[(\[{](?P<list>[^()\[\]{}]*)[)\]}]", right)
    if not name or name in KEYWORDS:
        return ""
    if parts:
        sign, joined = ("!=", " and ") if parts["not"] else ("==", " or ")
        each = [part.strip() for part in re.findall(r"""(?:"[^"]*"|'[^']*'|[^,"'])+""", parts["list"])]
        tests = joined.join(f"{name} {sign} {part}" for part in each if part)
    elif parts := re.match(r"(?P<not>not\s+)?between\s+(?P<low>[-+\w.]+)\s+and\s+(?P<high>[-+\w.]+)", right):
        tests = f"{name} >= {parts['low']} and {name} <= {parts['high']}"
        tests = f"not ({tests})" if parts["not"] else tests
    else:
        return ""
    alone = left.strip() == name and not right[parts.end() :].strip()
    return f"write {tests if alone else f'({tests})'}"


def _compared(left: str, right: str) -> str:
    """The hint for a comparison with a text or a missing value as in other languages: kind is "a", kind =~ "a"."""
    found = re.match(r"(?P<word>is\s+not|is|eq|equals|ne|not\s+like|like|!?~|=~)(?P<value>.*)", right)
    name = re.search(r"(?<![\w.])([^\W\d][\w.]*)\s*[=!]?\s*$", left)  # =~ and !~ are told at a sign of theirs
    if found is None or name is None or name[1] in KEYWORDS:
        return ""
    word, other = found["word"], found["value"]
    missing = re.match(r"\s+(?:not\s+)?(\w+)(?!\w)", other) if word.startswith("is") else None
    if missing and missing[1].lower() in MISSING:
        return of_missing(name[1])
    text = re.match(r"\s*(\"[^\"]*\"|'[^']*')", other)
    if text is None:
        return ""
    is_not = word == "ne" or "not" in word or "!" in f"{name[0]}{word}"
    test = f"{name[1]} {'!=' if is_not else '=='} {text[1]}"
    if "~" in word or "like" in word:
        return f"texts are compared whole, as in {test}"
    begin, end = left[: name.start()], other[text.end() :]
    return f"write {begin}{test}{end}"


def _factors(right: str) -> str:
    """The product behind a gate without parentheses: 2x of sin 2x + 1 is 2*x, and cos x is cos(x)."""
    found = re.match(r"([\d.]*)([^\W\d]\w*)?((?:\s*[*/^]\s*[\w.]+)*)", rest_of(right))
    if found is None or not found[0] or re.match(r"\s*\(", right[found.end() :]):
        return value_behind(right)
    if found[2] in GATES or found[2] in ALIASES:
        inner = _factors(right[found.end(2) :].lstrip())
        return f"{found[2]}({inner})" if inner and not found[1] and not found[3] else ""
    return ("*".join(filter(None, found.groups()[:2])) + found[3]).strip()
