"""The mistakes people make, each with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Collection

from lark import Token

from circuitcli.errors import ExpressionError
from circuitcli.gates import ALIASES, GATES, Gate
from circuitcli.language.names import KEYWORDS, canonical, near

A_VALUE = "a number, a name, ( or -"
BEFORE_A_NAME = ("let", "var", "const", "set", "def")  # as other languages define one
COMPARISONS = ("LESS", "AT_MOST", "GREATER", "AT_LEAST", "SAME", "DIFFERENT")

_CHARACTERS = {
    "!": "for the factorial write factorial(x); for not, not x; for unequal, !=",
    "|": "for the absolute value write abs(x); for or, a or b",
    "&": "write a and b",
    "~": "write not x",
    "=": "to compare, write ==",
    "[": "write ( and )",
    "]": "write ( and )",
    "{": "write ( and )",
    "}": "write ( and )",
    "$": "a name has no $; in double quotes the shell puts a variable's value there",
    "@": "a name has letters, digits and _",
    "'": "quotes are for the shell; names need none",
    '"': "quotes are for the shell; names need none",
    "\\": "write sin(x), not \\sin x",
    ".": "a number needs a digit: 0.5",
    "≤": "write <=",
    "≥": "write >=",
    "≠": "write !=",
    "√": "write sqrt(x)",
    "∛": "write cbrt(x)",
    "∞": "write inf",
    "∑": "write a + b + c",
    "±": "an uncertainty belongs to the value of an input, not into the expression",
}
_GATES = {
    "if": "write c ? a : b, or where(c, a, b)",
    "iff": "write c ? a : b, or where(c, a, b)",
    "ifelse": "write c ? a : b, or where(c, a, b)",
    "clamp": "tools disagree on its order of arguments; write clip(x, lo, hi)",
    **dict.fromkeys(("average", "avg"), "mean(x) is over rows of data; of a and b write (a + b)/2"),
    **dict.fromkeys(("stdev", "stddev", "sd", "sigma"), "write std(x), which is over rows of data"),
    **dict.fromkeys(("variance",), "write var(x), which is over rows of data"),
    **dict.fromkeys(("len", "rows", "size"), "write count(), which is over rows of data"),
    "sec": "write 1/cos(x)",
    "csc": "write 1/sin(x)",
    "cot": "write 1/tan(x)",
    "lg": "write log10(x), or log2(x)",
    "root": "write x^(1/n), sqrt(x) or cbrt(x)",
    "norm": "write hypot(x, y)",
    "length": "write hypot(x, y)",
    "fact": "write factorial(x)",
    "rad": "write radians(x)",
    "deg": "write degrees(x)",
    "int": "write trunc(x) or floor(x)",
    "xor": "write (a != 0) != (b != 0)",
    "Γ": "write gamma(x)",
    "ψ": "write digamma(x)",
}
_UPDATED = re.compile(r"(?:^|[\n;])\s*(\w+)\s*(\*\*|//|[-+*/%^])$")  # x += 1, up to the =
_SUPERSCRIPTS = {ord(c): ascii for c, ascii in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n", strict=True)}
_FRACTIONS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}


def at_token(text: str, token: Token, expected: Collection[str]) -> ExpressionError:
    """The error for a token that cannot stand where it does."""
    if token.type == "$END":
        end = end_of(text)
        return _at_end(text, end, "NUMBER" in expected, "COLON" in expected)
    assert token.start_pos is not None and token.end_pos is not None
    start, end = token.start_pos, token.end_pos
    if token.type == "SEPARATOR":
        before = end_of(text[:start])
        what = "the line" if token == "\n" else "the statement"
        return _at_end(text, before, "NUMBER" in expected, "COLON" in expected, what)
    found = repr(str(token))[1:-1]
    hint = ""
    if "NUMBER" in expected:
        if token.type == "CLOSE":
            previous = text[:start].rstrip()[-1:]
            if not open_parentheses(text[:start]):
                return _closes_nothing(text, start)
            if previous == "(":
                return ExpressionError("there is nothing between the parentheses", text, start)
            hint = _percent(text[:start])
        elif token.type == "EQUAL" and (updated := _UPDATED.search(text[:start])):
            name, operator = updated.groups()
            update = f"{name} = {name} {operator} {_operand(text[end:])}"
            hint = f"in a session write {update}; elsewhere a name has one value"
        elif token.type in ("EQUAL", *COMPARISONS) and text[start - 1 : start] in ("=", "<", ">", "!"):
            hint = "comparisons are < <= > >= == !="
        elif token.type == "OR" or token.type == "AND":
            hint = f"{found} stands between two values"
        elif token.type in ("POWER", "TIMES") and text[start - 1 : start] == "*":
            hint = "a power is written ^ or **"
        return ExpressionError(f"found {found} where a value should stand: {A_VALUE}", text, start, end, hint)
    if token.type == "CLOSE":
        return _closes_nothing(text, start)
    if token.type in ("NUMBER", "NAME", "OPEN", "NOT"):
        return _two_values(text, start, end, token)
    if token.type == "EQUAL":
        hint = "to compare, write ==; = names a node, at the start of a statement: q = x + y; q*z"
    elif token.type in COMPARISONS:
        chain = re.search(r"([\w.]+)\s*([<>]=?|[!=]=)\s*([\w.]+)\s*$", text[:start])
        last = re.match(r"\s*([\w.]+)", text[end:])
        left, symbol, middle = chain.groups() if chain else ("0", "<", "x")
        hint = f"comparisons do not chain; write {left} {symbol} {middle} and {middle} {found} {last[1] if last else 1}"
    elif token.type == "COMMA":
        hint = "a comma only separates the arguments of a gate"
        if re.search(r"(?<![\w.])\d{1,3}$", text[:start]) and re.match(r"\d{3}(?!\d)", text[end:]):
            hint = "write a thousand as 1000 or 1_000"
        elif re.search(r"\d$", text[:start]) and re.match(r"\d", text[end:]):
            hint += "; a decimal point is ."
    elif token.type == "COLON":
        hint = "a conditional is written c ? a : b"
        if text[end : end + 1] == "=":
            hint = f"write {_left(text[:start])} = {_rest(text[end + 1 :])}"
    return ExpressionError(f"found {found} where an operator or the end should stand", text, start, end, hint)


def at_character(text: str, position: int) -> ExpressionError:
    """The error for a character that is no token."""
    char = text[position]
    hint = _CHARACTERS.get(char, "")
    if char == "!" and re.search(r"[\w.)]\s*$", text[:position]):
        hint = f"for the factorial write factorial({_left(text[:position]) or 'x'})"
    elif char in "|&" and text[position : position + 2] == char * 2:
        hint = f"write a {'or' if char == '|' else 'and'} b"
    shown = char if char.isprintable() else f"U+{ord(char):04X}"
    return ExpressionError(f"found {shown}, which means nothing in an expression", text, position, hint=hint)


def unknown_gate(text: str, token: Token, end: int, word: str, known: Collection[str]) -> ExpressionError:
    """The error for a name before a parenthesis that is no gate."""
    assert token.start_pos is not None
    hint = instead_of_gate(word, known)
    if not _known_mistake(word) and (len(word) <= 2 or not near(word, tuple(known))):
        hint = f"to multiply, write {word}*(...); {hint}"
    return ExpressionError(f"there is no gate {word}", text, token.start_pos, token.end_pos, hint)


def instead_of_gate(word: str, known: Collection[str]) -> str:
    """What to write instead of the name of a gate that does not exist."""
    close = near(word, tuple(known))
    return _known_mistake(word) or (f"did you mean {close}?" if close else "circuit gates lists the gates")


def _known_mistake(word: str) -> str:
    return _GATES.get(word, "") or _GATES.get(word.lower(), "")


def form(word: str, gate: Gate) -> str:
    """The hint for a gate, called by that word, that was given the wrong number of arguments."""
    call = f"{word}({', '.join(gate.names[: len(gate.rules)])})"
    rows = gate.over_rows
    return f"{call} is over rows of data{rows.among}" if rows is not None and rows.only else f"write {call}"


def arity(word: str, wanted: str, count: int) -> str:
    """The message for a call with the wrong number of arguments."""
    return f"{word} takes {wanted} argument{'' if wanted == '1' else 's'}, not {count}"


def no_name(text: str, token: Token) -> ExpressionError:
    """The error for a word that is no identifier: x², √4, ½."""
    assert token.start_pos is not None
    word = str(token)
    plain = _powers(word)
    hint = "a name has letters, digits and _, and starts with no digit"
    if plain != word and plain[0] != "^":
        hint = f"write {plain}"
    elif word in _FRACTIONS:
        hint = f"write {_FRACTIONS[word]}"
    return ExpressionError(f"{word} is no name", text, token.start_pos, token.end_pos, hint)


def _at_end(text: str, end: int, value: bool, colon: bool, what: str = "the expression") -> ExpressionError:
    """The error for a text, or a statement, that stops too early: the caret stands behind it."""
    if not text[:end].strip():
        return ExpressionError("the expression is empty", text, 0, hint='write for example "(x+y)*z"')
    opened = open_parentheses(text[:end])
    if value:
        hint = _percent(text[:end])
        return ExpressionError(f"{what} ends where a value should stand: {A_VALUE}", text, end, hint=hint)
    if opened:
        column = opened[-1] - text.rfind("\n", 0, opened[-1])
        line = f"line {text.count(chr(10), 0, opened[-1]) + 1}, " if "\n" in text.strip() else ""
        message = f"the ( in {line}column {column} is never closed"
        return ExpressionError(message, text, end, hint="write ) to close it")
    if colon:
        return ExpressionError(
            f"{what} ends where : should stand", text, end, hint="a conditional is written c ? a : b"
        )
    return ExpressionError(f"{what} ends too early", text, end)


def _closes_nothing(text: str, start: int) -> ExpressionError:
    return ExpressionError("this ) closes nothing", text, start, hint="take it away, or open a ( before it")


def _two_values(text: str, start: int, end: int, token: Token) -> ExpressionError:
    """Two values with no operator between them: 2x, sin x, (x)(y), 1e, 0x1F, 3.2.2."""
    before, right = text[:start], str(token)
    message = f"found {right} where an operator or the end should stand"
    run = re.search(r"[\w.]*$", before)
    assert run is not None
    touching = run[0] and token.type != "OPEN"
    word = run[0] + (re.match(r"[\w.]*", text[start:]) or run)[0]
    if touching and token.type == "NUMBER" and before[-1:] != ")":
        return ExpressionError(f"{word} is no number", text, start - len(run[0]), start - len(run[0]) + len(word))
    if touching and re.fullmatch(r"[\d_.]+[eE][\w.]*", word) and token[:1] in "eE":
        hint = "write an exponent as 1e-3; to multiply by e, write *e"
        return ExpressionError(f"the exponent of {word} is no whole number", text, start, end, hint)
    if touching and re.fullmatch(r"0[xXbBoO]\w*", word):
        return ExpressionError(
            "numbers are decimal", text, start - 1, end, f"{word} is not read; write it as a decimal"
        )
    if right[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿ":
        left = _left(before)
        hint = f"write {left}^{right.translate(_SUPERSCRIPTS)}"
        return ExpressionError(message, text, start, end, hint)
    left = _left(before)
    if left in BEFORE_A_NAME and "=" in _rest(text[start:]):
        return ExpressionError(message, text, start, end, f"write {_rest(text[start:])}")
    if token.type == "OPEN":
        right = "(...)"
    if left in GATES or left in ALIASES:
        hint = f"write {left}({right})"
    elif right in ("mod", "rem"):
        hint = f"write {left} % ..."
    elif right in ("xor", "in", "to", "of"):
        hint = "the operators are + - * / // % ^ < <= > >= == != and or not ? :"
    elif right in KEYWORDS:
        hint = "not stands before a value: a and not b"
    elif left:
        hint = f"write {left}*{_powers(right)}"
    else:
        hint = "multiplication is always written *"
    return ExpressionError(message, text, start, end, hint)


def _rest(text: str) -> str:
    """The statement that goes on with a text."""
    return re.split(r"[\n;#]", text.strip(), maxsplit=1)[0].rstrip()


def _operand(text: str) -> str:
    """The same as the right side of an operator."""
    rest = _rest(text)
    return rest if re.fullmatch(r"[\w.]+", rest) else f"({rest})"


def _powers(word: str) -> str:
    """A word with its superscripts as powers: x² is x^2."""
    return re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]+", lambda m: "^" + m[0].translate(_SUPERSCRIPTS), word)


def _left(before: str) -> str:
    """The value that a text ends with, shortly."""
    found = re.search(r"([\w.]+|\))\s*$", before)
    if found is None:
        return ""
    if found[1] != ")":
        return canonical(found[1])
    return "(...)"


def _percent(before: str) -> str:
    """A hint where a text ends with a percentage."""
    found = re.search(r"([\w.]+)\s*%\s*$", before)
    return f"% is the remainder; for a percentage write {found[1]}/100" if found else ""


def open_parentheses(text: str) -> list[int]:
    """Where the parentheses stand that are not closed."""
    stack: list[int] = []
    for match in re.finditer(r"#[^\n]*|[()]", text):
        if match[0] == "(":
            stack.append(match.start())
        elif match[0] == ")" and stack:
            stack.pop()
    return stack


def end_of(text: str) -> int:
    """Where a text ends, without the white space and comments behind it."""
    while True:
        text = text.rstrip()
        comment = text.rfind("#", text.rfind("\n") + 1)
        if comment < 0:
            return len(text)
        text = text[:comment]
