"""Parts of an expression's text around a place in it, as hints quote them."""

from __future__ import annotations

import re

from circuitcli.language.names import canonical

NEARBY = 500  # characters; what hints search for would be sought from every letter of a long text
FRACTIONS = {
    "½": "1/2",
    "¼": "1/4",
    "¾": "3/4",
    "⅓": "1/3",
    "⅔": "2/3",
    "⅕": "1/5",
    "⅖": "2/5",
    "⅗": "3/5",
    "⅘": "4/5",
    "⅙": "1/6",
    "⅚": "5/6",
    "⅛": "1/8",
    "⅜": "3/8",
    "⅝": "5/8",
    "⅞": "7/8",
}
QUOTED = 60  # characters of a value that a hint repeats
SUPERSCRIPTS = {ord(c): ascii for c, ascii in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n", strict=True)}

_LOOK_ALIKES = {
    "-": "–—‐‑‒―－",
    "*": "⋅∙•∗＊",
    "/": "⁄∕／",
    "+": "＋",
    "(": "（",
    ")": "）",
    ",": "，",
    "^": "＾",
    "=": "＝",
    "": "“”„«»‘’‚`",
}
_PLAIN = {ord(sign): plain for plain, signs in _LOOK_ALIKES.items() for sign in signs}
DASHES = _LOOK_ALIKES["-"] + "−"


def plain_signs(text: str) -> str:
    """Return a text with the signs of the keyboard in place of those of typography: x–1 is x-1."""
    return text.translate(_PLAIN)


def rest_of(text: str) -> str:
    """Return the statement that begins with a text, up to its end."""
    return re.split(r"[\n;#]", text.strip(), maxsplit=1)[0].rstrip()


def operand(text: str) -> str:
    """Return that statement as the right operand of an operator."""
    rest = rest_of(text)
    return rest if re.fullmatch(r"[\w.]+", rest) else f"({rest})"


def powers(word: str) -> str:
    """Write the superscripts of a word as powers: x² is x^2."""
    return re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]+", lambda m: "^" + m[0].translate(SUPERSCRIPTS), word)


def value_before(before: str) -> str:
    """Return the value that a text ends with: a number, a name, a call or what is in parentheses; or nothing."""
    text = before.rstrip()
    if not text.endswith(")"):
        found = re.search(r"[\w.]+$", text)
        return canonical(found[0]) if found else ""
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += (text[place] == ")") - (text[place] == "(")
        if depth == 0:
            word = re.search(r"[\w.]*$", text[:place])
            return shown((word[0] if word else "") + text[place:])
    return "(...)"


def value_behind(behind: str) -> str:
    """Return the value that a text begins with: a number, a name, a call or what is in parentheses; or nothing."""
    text = behind.lstrip()
    found = re.match(r"\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?|[\w.]*", text)
    word = found[0] if found else ""
    group = group_behind(text[len(word) :]) if not word[:1].isdigit() else ""
    return shown(word + group) if group else canonical(word)


def group_behind(text: str) -> str:
    """Return the parentheses that a text begins with, and what is in them; nothing where they do not close."""
    depth = 0
    for match in re.finditer(r"[()]", text) if text.startswith("(") else ():
        depth += 1 if match[0] == "(" else -1
        if depth == 0:
            return text[: match.end()]
    return ""


def shown(value: str) -> str:
    """Return a value as a hint quotes it: (...) stands for long parentheses."""
    return value if len(value) <= QUOTED else value[: value.index("(")] + "(...)"


def bare(value: str) -> str:
    """Return a value without the parentheses around it."""
    return value[1:-1] if value.startswith("(") and group_behind(value) == value else value


def arguments_of(text: str) -> list[str]:
    """Return the arguments of a call from what is between its parentheses."""
    found, start, depth = [], 0, 0
    for match in re.finditer(r"[(),;]", text):
        depth += (match[0] == "(") - (match[0] == ")")
        if match[0] in ",;" and depth == 0:
            found.append(text[start : match.start()].strip())
            start = match.end()
    last = text[start:].strip()
    return [*found, last] if last or found else []


def statement_around(text: str, place: int) -> tuple[int, int]:
    """Return where the statement around a place begins and ends, as far as hints look."""
    start = max(text.rfind("\n", 0, place), text.rfind(";", 0, place), place - NEARBY - 1) + 1
    return start, start + len(rest_of(behind(text, start))) + len(text[start:]) - len(text[start:].lstrip())


def group_around(text: str, place: int) -> tuple[int, int]:
    """Return where the argument or the parentheses around a place begin and end; without any the right side of the
    statement."""
    start, end = statement_around(text, place)
    opened = open_parentheses(text[start:place])
    if opened:
        start += opened[-1]
        end = start + len(group_behind(text[start:end])) - 1 if group_behind(text[start:end]) else end
        start += 1
    depth, parts = 0, [start]
    for match in re.finditer(r"[(),]|(?<![=<>!])=(?!=)", text[start:end]):
        depth += (match[0] == "(") - (match[0] == ")")
        if depth == 0 and match[0] in ",=":
            if start + match.start() >= place:
                end = start + match.start()
                break
            parts.append(start + match.end())
    return parts[-1], end


def percentage(before: str) -> str:
    """Return a hint where a text ends with a percentage, else nothing."""
    found = re.search(r"([\w.]+)\s*%\s*$", before)
    return f"% is the remainder; for a percentage write {found[1]}/100" if found else ""


def open_parentheses(text: str) -> list[int]:
    """Return the places of the parentheses that are never closed."""
    stack: list[int] = []
    for match in re.finditer(r"#[^\n]*|[()]", text):
        if match[0] == "(":
            stack.append(match.start())
        elif match[0] == ")" and stack:
            stack.pop()
    return stack


def closed(text: str, place: int) -> str:
    """Return a text with the parentheses closed that the statement around a place leaves open."""
    start, end = statement_around(text, place)
    return text[:end] + ")" * len(open_parentheses(text[start:end])) + text[end:]


def depth_behind(depth: int, line: str) -> int:
    """Return how many parentheses are open behind a line, of those that were open before it."""
    for match in re.finditer(r"#.*|[()]", line):
        depth += (match[0] == "(") - (match[0] == ")" and depth > 0)
    return depth


def end_of(text: str) -> int:
    """Return where a text ends, without the white space and comments behind it."""
    end = len(text)
    while True:
        start = text.rfind("\n", 0, end) + 1
        line = text[start:end].partition("#")[0].rstrip()
        if line or not start:
            return start + len(line)
        end = start - 1


def before(text: str, place: int) -> str:
    """Return the text before a place as far as hints look."""
    return text[max(0, place - NEARBY) : place]


def behind(text: str, place: int) -> str:
    """Return the text behind a place as far as hints look."""
    return text[place : place + NEARBY]
