"""Hints for a text that stands where none may, in the words of the expression: d > "2024-01-05", kind = "a"."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from circuitcli.errors import ExpressionError
from circuitcli.language.missing_values import MISSING, of_missing
from circuitcli.language.names import KEYWORDS, near
from circuitcli.language.syntax import is_readable, parse
from circuitcli.wording import value_of

_NAME = r"[^\W\d][\w.]*"
_ORDER = "<=|>=|<|>"
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def hint_of_text(text: str, start: int, end: int) -> str:
    """The hint for the text at `text[start:end]`, quotes included, of an expression."""
    quoted, left, right = text[start:end], text[:start].rstrip(), text[end:].lstrip()
    inside = quoted[1:-1]
    if not left and not right and is_readable(inside):
        return f"write {inside}, without quotes of its own"
    if found := re.search(rf"({_NAME})\s*=$", left):
        return f"write {found[1]} == {quoted}"
    if found := re.search(rf"({_NAME})\s*({_ORDER})$", left):
        return _ordered(found[1], found[2], quoted)
    if found := re.match(rf"({_ORDER})\s*({_NAME})(?!\s*\()", right):
        return _ordered(found[2], _TURNED[found[1]], quoted)
    names = [name for name in re.findall(rf"{_NAME}(?!\s*[(\w.])", _without_texts(text)) if name not in KEYWORDS]
    return f"write for example {names[0] if names else 'species'} == {quoted}"


def refuse_unquoted(text: str, columns: Collection[str], known: Collection[str]) -> None:
    """Raise ExpressionError for a name of an expression that is neither a column nor known otherwise, and that is
    compared with a column as texts are."""
    steps = parse(text).steps
    for step in steps:
        if str(step.token) not in ("==", "!=") or [steps[i].op for i in step.args] != ["name", "name"]:
            continue
        sides = [steps[i].token for i in step.args]
        for column, word in (sides, sides[::-1]):
            if column in columns and word not in known and not near(str(word), list(columns)):
                if str(word).lower() in MISSING:
                    what = f"{word} is no column and has no value"
                    raise ExpressionError(what, text, word.start_pos, word.end_pos, of_missing(str(column)))
                hint = f'write {column} {step.token} "{word}", or add {value_of(word)}'
                what = f"{word} is no column and has no value; a text stands in quotes"
                raise ExpressionError(what, text, word.start_pos, word.end_pos, hint)


def refuse_unquoted_date(text: str, is_time: Callable[[str], bool]) -> None:
    """Raise ExpressionError for a date that a time is compared with and that is a difference of numbers as it stands:
    when > 2024-01-05."""
    signs, date = f"{_ORDER}|==|!=", r"\d{4}-\d\d-\d\d(?![\w.-])"
    plain = re.sub(r'"[^"\n]*"|\'[^\'\n]*\'', lambda found: " " * len(found[0]), text)
    for pattern in (rf"({_NAME})\s*(?:{signs})\s*({date})", rf"(?<![\w.-])({date})\s*(?:{signs})\s*({_NAME})(?!\s*\()"):
        for found in re.finditer(pattern, plain):
            place = 1 if found[1][:1].isdigit() else 2
            seconds = _seconds(found[place])
            if seconds is None or not is_time(found[3 - place]):
                continue
            meant = re.sub(rf"(?<![\w.-]){date}", lambda each: str(_seconds(each[0]) or each[0]), text)
            what = f"{found[place]} is a difference here, and {found[3 - place]} is a time"
            hint = f"write {meant}: dates are seconds since 1970 (UTC)"
            raise ExpressionError(what, text, found.start(place), found.end(place), hint)


def _ordered(name: str, sign: str, quoted: str) -> str:
    """The hint for a text with an order: a date and a number have one."""
    inside = quoted[1:-1].strip()
    if (seconds := _seconds(inside)) is not None:
        return f"write {name} {sign} {seconds}: dates are seconds since 1970 (UTC)"
    if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", inside):
        return f"write {name} {sign} {inside}, without quotes"
    return f"texts have no order: write {name} == {quoted} or {name} != {quoted}"


def _seconds(text: str) -> int | None:
    """The whole seconds of a date or a time of ISO 8601; None for another text."""
    from datetime import datetime, timezone

    try:
        found = datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        return None
    return int((found if found.tzinfo else found.replace(tzinfo=timezone.utc)).timestamp())


def _without_texts(text: str) -> str:
    return re.sub(r'"[^"\n]*"|\'[^\'\n]*\'', " ", text)
