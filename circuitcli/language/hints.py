"""Errors for a text that the grammar cannot read; for the mistakes people make, with a hint what to write instead."""

from __future__ import annotations

import re
from collections.abc import Collection

from circuitcli.errors import ExpressionError
from circuitcli.gates import ALIASES, GATES
from circuitcli.language.excerpts import (
    SUPERSCRIPTS,
    before,
    behind,
    end_of,
    open_parentheses,
    operand,
    percentage,
    powers,
    rest_of,
    value_before,
)
from circuitcli.language.lalr import Token
from circuitcli.language.names import KEYWORDS

_A_VALUE = "a number, a name, ( or -"
_BEFORE_A_NAME = ("let", "var", "const", "set", "def")  # as other languages define one
_COMPARISONS = ("LESS", "AT_MOST", "GREATER", "AT_LEAST", "SAME", "DIFFERENT")

_OPERATORS_ELSEWHERE = {"mod": "%", "rem": "%"}
_CHARACTERS = {
    "!": "for the factorial write factorial(x); for not, not x; for unequal, !=",
    "|": "for the absolute value write abs(x); for or, a or b",
    "&": "write a and b",
    "~": "write not x",
    "=": "to compare, write ==",
    "[": "write ( and ), or for a part of a row a[1], where 1 is the first",
    "]": "write ( and )",
    "{": "write ( and )",
    "}": "write ( and )",
    "$": "a name has no $; in double quotes the shell puts a variable's value there",
    "@": "a name has letters, digits and _",
    "'": "a text ends with the quote that begins it; names need none",
    '"': "a text ends with the quote that begins it; names need none",
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
_UPDATED = re.compile(r"(?:^|[\n;])\s*(\w+)\s*(\*\*|//|[-+*/%^])$")  # x += 1, up to the =


def at_token(text: str, token: Token, expected: Collection[str]) -> ExpressionError:
    """Return the error for a token that cannot stand where it does."""
    if token.type == "$END":
        end = end_of(text)
        return _at_end(text, end, "NUMBER" in expected, "COLON" in expected)
    start, end = token.start_pos, token.end_pos
    if token.type == "SEPARATOR":
        end = end_of(text[:start])
        what = "the line" if token == "\n" else "the statement"
        return _at_end(text, end, "NUMBER" in expected, "COLON" in expected, what)
    found = repr(str(token))[1:-1]
    hint = ""
    if "NUMBER" in expected:
        if token.type == "CLOSE":
            previous = text[:start].rstrip()[-1:]
            if not open_parentheses(text[:start]):
                return _closes_nothing(text, start)
            if previous == "(":
                return ExpressionError("there is nothing between the parentheses", text, start)
            hint = percentage(before(text, start))
        elif token.type == "EQUAL" and (updated := _UPDATED.search(before(text, start))):
            name, operator = updated.groups()
            update = f"{name} = {name} {operator} {operand(behind(text, end))}"
            hint = f"in a session write {update}; elsewhere a name has one value"
        elif token.type in ("EQUAL", *_COMPARISONS) and text[start - 1 : start] in ("=", "<", ">", "!"):
            hint = "comparisons are < <= > >= == !="
        elif token.type == "OR" or token.type == "AND":
            hint = f"{found} stands between two values"
        elif token.type in ("POWER", "TIMES") and text[start - 1 : start] == "*":
            hint = "a power is written ^ or **"
        return ExpressionError(f"unexpected {found}: expected {_A_VALUE}", text, start, end, hint)
    if token.type == "CLOSE":
        return _closes_nothing(text, start)
    if token.type in ("NUMBER", "NAME", "OPEN", "NOT"):
        return _two_values(text, start, end, token)
    if token.type == "EQUAL":
        hint = "to compare, write ==; = names a node, at the start of a statement: q = x + y; q*z"
    elif token.type in _COMPARISONS:
        chain = re.search(r"([\w.]+)\s*([<>]=?|[!=]=)\s*([\w.]+)\s*$", before(text, start))
        last = re.match(r"\s*([\w.]+)", behind(text, end))
        left, symbol, middle = chain.groups() if chain else ("0", "<", "x")
        hint = f"comparisons do not chain; write {left} {symbol} {middle} and {middle} {found} {last[1] if last else 1}"
    elif token.type == "COMMA":
        hint = "a comma only separates the arguments of a gate"
        if re.search(r"(?<![\w.])\d{1,3}$", before(text, start)) and re.match(r"\d{3}(?!\d)", behind(text, end)):
            hint = "write a thousand as 1000 or 1_000"
        elif re.search(r"\d$", before(text, start)) and re.match(r"\d", behind(text, end)):
            hint += "; a decimal point is ."
    elif token.type == "COLON":
        hint = "a conditional is written c ? a : b"
        if text[end : end + 1] == "=":
            hint = f"write {value_before(before(text, start))} = {rest_of(behind(text, end + 1))}"
    return ExpressionError(f"unexpected {found}: expected an operator or the end", text, start, end, hint)


def at_character(text: str, position: int) -> ExpressionError:
    """Return the error for a character that is no token."""
    char = text[position]
    hint = _CHARACTERS.get(char, "")
    if char == "!" and re.search(r"[\w.)]\s*$", before(text, position)):
        hint = f"for the factorial write factorial({value_before(before(text, position)) or 'x'})"
    elif char in "|&" and text[position : position + 2] == char * 2:
        hint = f"write a {'or' if char == '|' else 'and'} b"
    shown = char if char.isprintable() else f"U+{ord(char):04X}"
    return ExpressionError(f"unexpected {shown}: it means nothing in an expression", text, position, hint=hint)


def _at_end(text: str, end: int, value: bool, colon: bool, what: str = "the expression") -> ExpressionError:
    """Return the error for a text, or a statement, that stops too early: the caret stands behind it."""
    if not text[:end].strip():
        return ExpressionError("the expression is empty", text, 0, hint='write for example "(x+y)*z"')
    opened = open_parentheses(text[:end])
    if value:
        hint = percentage(before(text, end))
        return ExpressionError(f"{what} ends too early: expected {_A_VALUE}", text, end, hint=hint)
    if opened:
        column = opened[-1] - text.rfind("\n", 0, opened[-1])
        line = f"line {text.count(chr(10), 0, opened[-1]) + 1}, " if "\n" in text.strip() else ""
        message = f"the ( in {line}column {column} is never closed"
        return ExpressionError(message, text, end, hint="write ) to close it")
    if colon:
        return ExpressionError(
            f"{what} ends too early: expected :", text, end, hint="a conditional is written c ? a : b"
        )
    return ExpressionError(f"{what} ends too early", text, end)


def _closes_nothing(text: str, start: int) -> ExpressionError:
    return ExpressionError("this ) closes nothing", text, start, hint="take it away, or open a ( before it")


def _two_values(text: str, start: int, end: int, token: Token) -> ExpressionError:
    """Two values with no operator between them: 2x, sin x, (x)(y), 1e, 0x1F, 3.2.2."""
    left_side, right = before(text, start), str(token)
    message = f"unexpected {right}: expected an operator or the end"
    run = re.search(r"[\w.]*$", left_side)
    assert run is not None
    touching = run[0] and token.type != "OPEN"
    word = run[0] + (re.match(r"[\w.]*", behind(text, start)) or run)[0]
    if touching and token.type == "NUMBER" and left_side[-1:] != ")":
        return ExpressionError(f"{word} is no number", text, start - len(run[0]), start - len(run[0]) + len(word))
    if touching and re.fullmatch(r"[\d_.]+[eE][\w.]*", word) and token[:1] in "eE":
        hint = "write an exponent as 1e-3; to multiply by e, write *e"
        return ExpressionError(f"the exponent of {word} is no whole number", text, start, end, hint)
    if touching and re.fullmatch(r"0[xXbBoO]\w*", word):
        return ExpressionError(
            "numbers are decimal", text, start - 1, end, f"{word} is not read; write it as a decimal"
        )
    if right[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿ":
        left = value_before(left_side)
        hint = f"write {left}^{right.translate(SUPERSCRIPTS)}"
        return ExpressionError(message, text, start, end, hint)
    left = value_before(left_side)
    if left in _BEFORE_A_NAME and "=" in rest_of(behind(text, start)):
        return ExpressionError(message, text, start, end, f"write {rest_of(behind(text, start))}")
    if token.type == "OPEN":
        right = "(...)"
    if left in GATES or left in ALIASES:
        hint = f"write {left}({right})"
    elif right in _OPERATORS_ELSEWHERE:
        hint = f"write {left} {_OPERATORS_ELSEWHERE[right]} ..."
    elif right in ("xor", "in", "to", "of"):
        hint = "the operators are + - * / // % ^ < <= > >= == != and or not ? :"
    elif right in KEYWORDS:
        hint = "not stands before a value: a and not b"
    elif left:
        hint = f"write {left}*{powers(right)}"
    else:
        hint = "multiplication is always written *"
    return ExpressionError(message, text, start, end, hint)
