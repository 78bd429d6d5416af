"""Errors for tokens that cannot stand where they do; for known mistakes, with a hint what to write instead."""

from __future__ import annotations

import re
from collections.abc import Collection

from circuitcli.errors import ExpressionError
from circuitcli.gates import ALIASES, GATES
from circuitcli.language.character_hints import at_character, of_uncertainty
from circuitcli.language.derivative_hints import of_primed, second_derivative_of
from circuitcli.language.excerpts import (
    FRACTIONS,
    NEARBY,
    QUOTED,
    SUPERSCRIPTS,
    before,
    behind,
    closed,
    end_of,
    group_behind,
    open_parentheses,
    operand,
    percentage,
    powers,
    rest_of,
    shown,
    value_before,
    value_behind,
)
from circuitcli.language.foreign_forms import Readable, hint_at
from circuitcli.language.lalr import Token
from circuitcli.language.loop_forms import of_a_loop
from circuitcli.language.names import KEYWORDS

_A_VALUE = "a number, a name, ( or -"
_A_CONDITIONAL = "a conditional is written c ? a : b"
_OF_SQL = "AND OR NOT IS LIKE BETWEEN AS CAST DIV NULL CASE WHEN SELECT FROM WHERE"
ELSEWHERE = {  # words that begin or join parts of a program
    **dict.fromkeys(("if", "else", "elif", "then", "end", "when", "case"), _A_CONDITIONAL),
    **dict.fromkeys(("lambda", "def", "function", "fn", "func", "return"), "a gate is defined so: f(x) = x^2; f(3)"),
    **dict.fromkeys(("select", "from"), 'files follow an expression: circuit eval "count()" FILE'),
    **dict.fromkeys(("for", "while", "do"), "a loop stands behind what it gathers: sum(x[i]^2 for i in 1:3)"),
}
ELSEWHERE |= dict.fromkeys(_OF_SQL.split(), "it is a word of SQL, which is written otherwise here")
_RELATION = re.compile("[<>=]")
_COMPARISONS = ("LESS", "AT_MOST", "GREATER", "AT_LEAST", "SAME", "DIFFERENT")

_UPDATED = re.compile(r"(?:^|[\n;])\s*(\w+)\s*(\*\*|//|[-+*/%^])$")  # x += 1, up to the =


def at_token(text: str, token: Token, expected: Collection[str], readable: Readable) -> ExpressionError:
    """Return the error for a token that cannot stand where it does."""
    if token.type == "CLOSE_INDEX" or (token.type == "OPEN_INDEX" and "NUMBER" in expected):
        return at_character(text, token.start_pos, readable)
    error = _at_token(text, token, expected, readable)
    if hint := of_a_loop(text, token.start_pos, readable):
        error.hint = hint
    return error


def _at_token(text: str, token: Token, expected: Collection[str], readable: Readable) -> ExpressionError:
    if token.type == "$END":
        end = end_of(text)
        return _at_end(text, end, "NUMBER" in expected, "COLON" in expected, readable)
    start, end = token.start_pos, token.end_pos
    if token.type == "SEPARATOR":
        end = end_of(text[:start])
        what = "the line" if token == "\n" else "the statement"
        return _at_end(text, end, "NUMBER" in expected, "COLON" in expected, readable, what)
    found = repr(str(token))[1:-1]
    hint = "" if token.type == "CLOSE" else hint_at(closed(text, start), start, readable)
    if "NUMBER" in expected and hint:
        return ExpressionError(f"unexpected {found}: expected {_A_VALUE}", text, start, end, hint)
    if hint:
        return ExpressionError(f"unexpected {found}: expected an operator or the end", text, start, end, hint)
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
            hint = f"in a session write {update}; elsewhere give it another name: {name}2{update[len(name) :]}"
        elif token.type in ("EQUAL", *_COMPARISONS) and text[start - 1 : start] in ("=", "<", ">", "!"):
            hint = _comparison(before(text, start), behind(text, start))
        elif token.type == "OR" or token.type == "AND":
            hint = f"{found} stands between two values"
        elif token.type in ("POWER", "TIMES") and text[start - 1 : start] in ("*", "^"):
            hint = "a power is written ^ or **"
        return ExpressionError(f"unexpected {found}: expected {_A_VALUE}", text, start, end, hint)
    if token.type == "CLOSE":
        return _closes_too_early(text, start, expected) or _closes_nothing(text, start)
    if token.type in ("NUMBER", "NAME", "OPEN", "NOT"):
        return _two_values(text, start, end, token)
    if token == "''" and value_before(before(text, start)):
        near = text[max(0, start - NEARBY) : end + NEARBY]
        command = of_primed(near) or second_derivative_of(value_before(before(text, start)))
        hint = f"a second derivative is an option: {command}"
    elif token.type == "EQUAL" and text[end : end + 1] in ("<", ">"):
        hint = _comparison(before(text, end), behind(text, end))
    elif token.type == "EQUAL":
        hint = "to compare, write ==; = names a node, at the start of a statement: q = x + y; q*z"
        hint = _of_root(text, start, end) or hint
    elif token.type in _COMPARISONS:
        chain = re.search(r"([\w.]+)\s*([<>]=?|[!=]=)\s*([\w.]+)\s*$", before(text, start))
        last = re.match(r"\s*([\w.]+)", behind(text, end))
        left, symbol, middle = chain.groups() if chain else ("0", "<", "x")
        hint = f"comparisons do not chain; write {left} {symbol} {middle} and {middle} {found} {last[1] if last else 1}"
    elif token.type == "COMMA":
        hint = "a comma only separates the arguments of a gate"
        if re.search(r"(?<![\w.])\d{1,3}$", before(text, start)) and re.match(r"\d{3}(?!\d)", behind(text, end)):
            groups = re.match(r"\d{3}(?:,\d{3}(?!\d))*(?:\.\d+)?", behind(text, end))
            number = value_before(before(text, start)) + "_" + (groups[0].replace(",", "_") if groups else "000")
            hint = f"write {number.replace('_', '')} or {number}"
        elif re.search(r"\d$", before(text, start)) and re.match(r"\d", behind(text, end)):
            hint += "; a decimal point is ."
        elif _RELATION.search(before(text, start)) and _RELATION.search(behind(text, end)):
            line = text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0]
            hint = f"equations and constraints have ; between them: {_apart(line)}"
    elif token.type == "COLON":
        hint = _A_CONDITIONAL
        if text[end : end + 1] == "=" and rest_of(behind(text, end + 1)):
            hint = f"write {value_before(before(text, start))} = {rest_of(behind(text, end + 1))}"
    return ExpressionError(f"unexpected {found}: expected an operator or the end", text, start, end, hint)


def _comparison(left: str, right: str) -> str:
    """Return the hint for a comparison of other languages, such as => and <>, within its signs."""
    known = "comparisons are < <= > >= == !="
    value, other = _side(left.rstrip("<>=!"), -1), _side(right.lstrip("<>=!"), 1)
    signs = left[len(left.rstrip("<>=!")) :] + right[: len(right) - len(right.lstrip("<>=!"))]
    meant = {"=>": ">=", "=<": "<=", "<>": "!=", "=!": "!=", "===": "=="}.get(signs, "")
    return f"write {value} {meant} {other}; {known}" if meant and value and other else known


def _side(text: str, step: int) -> str:
    """Return the side of a comparison that a text ends with, or begins with where the `step` is 1."""
    opening, closing = ("([{", ")]}") if step > 0 else (")]}", "([{")
    depth, side = 0, ""
    for c in text[::step]:
        depth += (c in opening) - (c in closing)
        if depth < 0 or (depth == 0 and c in ",;\n=?:"):
            break
        side += c
    parts = re.split(r"\b(?:and|or|not|for)\b", side[::step])
    return parts[0 if step > 0 else -1].strip()


def _at_end(
    text: str, end: int, value: bool, colon: bool, readable: Readable, what: str = "the expression"
) -> ExpressionError:
    """Return the error for a text, or a statement, that stops too early: the caret stands behind it."""
    if not text[:end].strip():
        return ExpressionError("the expression is empty", text, 0, hint='write for example "(x+y)*z"')
    opened = open_parentheses(text[:end])
    if value:
        hint = percentage(before(text, end))
        if twice := re.search(r"(?:^|[\n;])\s*(\w+)\s*([-+])\2$", before(text, end)):
            update = f"= {twice[1]} {twice[2]} 1"
            hint = f"in a session write {twice[1]} {update}; elsewhere give it another name: {twice[1]}2 {update}"
        return ExpressionError(f"{what} ends too early: expected {_A_VALUE}", text, end, hint=hint)
    if opened:
        column = opened[-1] - text.rfind("\n", 0, opened[-1])
        line = f"line {text.count(chr(10), 0, opened[-1]) + 1}, " if "\n" in text.strip() else ""
        message = f"the ( in {line}column {column} is never closed"
        hint = "write ) to close it" + "; arguments are separated by ," * (what == "the statement")
        if whole := _all_closed(text, end, len(opened), readable):
            hint = f"write {whole}"
        return ExpressionError(message, text, end, hint=hint)
    if colon:
        return ExpressionError(f"{what} ends too early: expected :", text, end, hint=_A_CONDITIONAL)
    return ExpressionError(f"{what} ends too early", text, end)


def _all_closed(text: str, end: int, count: int, readable: Readable) -> str:
    """Return a text whose parentheses are closed at a place, or that has commas for semicolons; empty where that does
    not mend it, or it is long or of several lines."""
    meant = [line.strip() for line in (text[:end] + ")" * count + text[end:], text.replace(";", ","))]
    return next((line for line in meant if len(line) <= QUOTED and "\n" not in line and readable(line)), "")


def _closes_nothing(text: str, start: int) -> ExpressionError:
    return ExpressionError("this ) closes nothing", text, start, hint="take it away, or open a ( before it")


def _closes_too_early(text: str, start: int, expected: Collection[str]) -> ExpressionError | None:
    """Return the error for a ) inside of an unfinished loop or conditional, if it is in one."""
    what = "in" if "IN" in expected else ":" if "COLON" in expected else ""
    if not what or not open_parentheses(text[:start]):
        return None
    in_a_loop = what == "in" or "MINUS" in expected  # the range of a loop may go on, too
    hint = ELSEWHERE["for"] if in_a_loop else _A_CONDITIONAL
    return ExpressionError(f"unexpected ): expected {what}", text, start, hint=hint)


def _two_values(text: str, start: int, end: int, token: Token) -> ExpressionError:
    """Two values with no operator between them: 2x, sin x, (x)(y), 1e, 0x1F, 3.2.2."""
    left_side, right = before(text, start), str(token)
    message = f"unexpected {right}: expected an operator or the end"
    run = re.search(r"[\w.]*$", left_side)
    assert run is not None
    touching = run[0] and token.type != "OPEN"
    word = run[0] + (re.match(r"[\w.]*", behind(text, start)) or run)[0]
    if touching and token.type == "NUMBER" and left_side[-1:] != ")":
        plain = word.replace(".", "")
        hint = f"write {plain}; the sign of decimals is ." if re.fullmatch(r"\d{1,3}(\.\d{3}){2,}", word) else ""
        begin = start - len(run[0])
        return ExpressionError(f"{word} is no number", text, begin, begin + len(word), hint)
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
    if token.type == "OPEN":
        right = shown(group_behind(behind(closed(text, start), start)) or "(...)")
    if left in GATES or left in ALIASES:
        hint = f"write {left}({right})"
    elif right == "pm" and re.match(r"\s*[\d.]", behind(text, end)):
        hint = of_uncertainty(left, value_behind(behind(text, end)), text)
    elif right in ("xor", "in", "to", "of"):
        hint = "the operators are + - * / // % ^ < <= > >= == != and or not ? :"
    elif right in KEYWORDS:
        hint = "not stands before a value: a and not b"
    elif right in FRACTIONS and left.isdigit():
        hint = f"write ({left} + {FRACTIONS[right]})"
    elif (word := next((word for word in (right, left) if word in ELSEWHERE), "")) in ELSEWHERE:
        hint = f"{word} means nothing here; {ELSEWHERE[word]}"
    elif left:
        hint = f"write {left}*{FRACTIONS.get(right) or powers(right)}"
    else:
        hint = "multiplication is always written *"
    return ExpressionError(message, text, start, end, hint)


def _of_root(text: str, start: int, end: int) -> str:
    """The hint for an equation in root(x: ...), which has the difference of its sides; empty elsewhere."""
    left = re.search(r"\broot\(\s*\w+\s*:[^;\n]*$", text[max(0, start - NEARBY) : start])
    right = re.match(r"\s*([^,;=\n]+?)\s*(,[^;\n]*)", text[end : end + NEARBY])
    return f"a root is where its circuit is 0: {left[0].rstrip()} - ({right[1]}){right[2]}" if left and right else ""


def _apart(line: str) -> str:
    """A line with ; for the commas that stand between statements."""
    found, depth = "", 0
    for c in line:
        depth += (c in "([{") - (c in ")]}")
        found += ";" if c == "," and not depth else c
    return found
