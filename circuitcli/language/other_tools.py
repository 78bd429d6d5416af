"""A text of other tools - pandas, SQL, jq, programs of micrograd and of Karpathy's guide - as it is written here."""

from __future__ import annotations

import re
from collections.abc import Collection

from circuitcli.errors import ExpressionError
from circuitcli.gates import ALIASES, GATES
from circuitcli.language.excerpts import NEARBY, arguments_of
from circuitcli.language.foreign_calls import rewritten_calls
from circuitcli.language.foreign_forms import TYPES, Readable
from circuitcli.language.foreign_operators import written_with_ours
from circuitcli.language.held_calls import in_held_calls
from circuitcli.language.names import KEYWORDS, is_name
from circuitcli.language.selections import named, options_of, selection_of
from circuitcli.language.sum_signs import in_gates
from circuitcli.wording import by_voice

_NAME = r"[^\W\d]\w*"
_ANY_TEXT = r"(?:\"[^\"\n]*\"|'[^'\n]*')"
_TEXT = r"(?:\"(?P<a>[^\"\n]*)\"|'(?P<b>[^'\n]*)')"
_COLUMN = re.compile(  # df["x"], df.loc[:, "x"], row.get("x"), pl.col("x"), .["x"]
    rf"(?:(?<![\w.])(?:{_NAME}(?:\.{_NAME})*|\.)\s*\[\s*(?::\s*,\s*)?\[?\s*{_TEXT}\s*\]?\s*\])"
    rf"|(?:(?<![\w.])(?:{_NAME}\.)*(?:col|column|field|get|F)\s*\(\s*"
    rf"{_TEXT.replace('?P<a>', '?P<c>').replace('?P<b>', '?P<d>')}\s*\))"
)
_OF_TABLES = re.compile(rf"(?<![\w.])(?:df|data|row|rows|rec|record|table|this|self)\.(?={_NAME})")
_MEMBER = re.compile(rf"(?<![\w.])({_NAME})\.({_NAME})(?!\w)")
_OF_VALUES = re.compile(
    r"(?<=[\w)])\.(?:data|grad|value|values|requires_grad|T)(?![\w(.])|(?<=[\w)])\.(?:item|detach|backward|numpy)\(\)"
)


def tell(error: ExpressionError, readable: Readable, parts: bool = True) -> ExpressionError:
    """Return an error, with a hint that writes its whole text anew where it is one of another tool."""
    if text := rewritten(error.text, readable, parts):
        slopes = by_voice(
            "circuit grad shows the gradient by every name: ", "gradient(...) has the slopes by all names: "
        )
        what = slopes if ".grad" in error.text else ""
        error.hint = f"{what}write {text}"
        if (asked := selection_of(error.text)) and (options := options_of(asked)):
            error.hint += f", and add {' '.join(options)}"
            quotient = re.search(r"\)\s+over\s+\w+\s*$", error.text)
            error.hint += f"; for a quotient write {text}/{asked.by}" if quotient else ""
    return error


def rewritten(text: str, readable: Readable, parts: bool = True, columns: Collection[str] = ()) -> str:
    """Return a text as it is written here; empty for one of no other tool, and for one that cannot be read then either.
    `parts`: a.b may be a part of a row; where `columns` of the row are known, it is one where a is,
    and a single call is rewritten, too."""
    if "\n" in text.strip() or len(text) > NEARBY:
        return ""
    held = in_held_calls(text)
    is_sign = held == text and re.search(r"[∑∏\\]", text)  # of a sum, whose length others know
    meant = text if is_sign else in_gates(held, "")
    if meant != text and readable(meant):
        return meant
    plain = columns_alone(_statements(text.strip()))
    here = _without_tables(_without_attributes(plain, columns), columns)
    for part, with_parts in [(here, True)] if columns else [(plain, False), (here, False), *[(plain, True)] * parts]:
        meant, count = rewritten_calls(part)
        is_other = count > (0 if columns else 1) or _squeezed(part) != _squeezed(text)
        if is_other and _squeezed(meant) != _squeezed(text) and _has_a_meaning(meant, with_parts) and readable(meant):
            return meant
    return ""


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _has_a_meaning(text: str, parts: bool) -> bool:
    """Whether all gates of a text are known, its texts are compared, and its names have dots only where they may."""
    tests = rf"[=!]=\s*{_ANY_TEXT}|{_ANY_TEXT}\s*[=!]="
    plain = re.sub(tests, "", text)
    own = re.findall(rf"({_NAME})\s*\([^()]*\)\s*=(?!=)", text)
    calls = re.findall(rf"({_NAME}(?:\.{_NAME})*)\s*\(", plain)
    known = all(call in GATES or call in ALIASES or call in own or call in KEYWORDS for call in calls)
    return known and not re.search("[\"']", plain) and (parts or not re.search(rf"[\w\])]\.{_NAME}", plain))


def _statements(text: str) -> str:
    """Return the statements of a program: what other languages begin, join and name them with."""
    if selection := selection_of(text):
        return written_with_ours(selection.program)
    text = _gathered(text)
    text = re.sub(r"^(?:awk\s+)?\{\s*print\s*(.+?);?\s*\}$|^print\s+(.+)$", r"\1\2", text)
    text = re.sub(rf"^{_NAME}\.(?:eval|query)\(\s*{_ANY_TEXT}\s*\)$", lambda m: re.split("[\"']", m[0])[1], text)
    text = _of_a_row(
        re.sub(rf"^(?:{_NAME}\.)*(?:mutate|transmute|assign|summari[sz]e)\(({_NAME}\s*=(?!=).+)\)$", r"\1", text)
    )
    text = re.sub(rf"(^|;\s*){_NAME}\.(?={_NAME}\s*=(?!=))", r"\1", text)
    text = re.sub(r"^\.(?:\[\])?\s*\|\s*", "", re.sub(r"^map\((.+)\)$", r"\1", text))
    text = re.sub(rf"(?<![\w.])let\s+({_NAME}\s*=(?!=)(?:(?!\sin\s|;).)+?)\s+in\s+", r"\1; ", text)
    text = re.sub(rf"(?:^|(?<=[;\s]))(?:{TYPES})\s+(?={_NAME}\s*:?=(?!=))", "", text)
    text = re.sub(rf"((?:^|;)\s*{_NAME}\s*):=", r"\1=", text)
    text = re.sub(r"(?i)(?<![\w.])count\s*\(\s*(?:\*|1)\s*\)", "count()", text)
    text = written_with_ours(text)
    return named(text) or "; ".join(_computed(_apart(text)))


def _gathered(text: str) -> str:
    """Return a sum or a mean as it is written here: map(.x) | add in jq, {s += $1} END {print s/NR} in awk."""
    for pattern in (
        r"(?:\.\s*\|\s*)?map\((?P<each>.+)\)\s*\|\s*add\s*(?P<mean>/\s*length)?",
        r"\[\s*\.\[\]\s*\|?\s*(?P<each>\.[^\[\]]+?)\s*\]\s*\|\s*add\s*(?P<mean>/\s*length)?",
        r"\{\s*(?P<sum>\w+)\s*\+=\s*(?P<each>[^{}]+?);?\s*\}\s*END\s*"
        r"\{\s*print\s*\(?(?P=sum)\s*(?P<mean>/\s*NR)?\)?\s*;?\s*\}",
    ):
        if found := re.fullmatch(pattern, text):
            return f"{'mean' if found['mean'] else 'sum'}({found['each']})"
    return text


def _of_a_row(text: str) -> str:
    """Return the body of a function of a row: of lambda r: r.x*r.y, where r is left out."""
    found = re.fullmatch(
        rf"(?:{_NAME}\.(?:apply|map)\()?lambda\s+({_NAME})\s*:\s*(.+?)(?:,\s*axis\s*=\s*1)?(\))?", text
    )
    if found is None or not re.search(rf"(?<![\w.]){found[1]}\s*[.\[]", found[2]):
        return text
    body = found[2] if text.startswith("lambda") == (found[3] is None) else f"{found[2]})"
    return re.sub(rf"(?<![\w.]){found[1]}\.(?={_NAME})", "", body)


def _apart(text: str) -> list[str]:
    """Return the statements of a text in which commas separate them: n = x*w, o = tanh(n)."""
    parts = arguments_of(text.rstrip("; "))
    if len(parts) < 2 or not all(re.match(rf"{_NAME}\s*=(?!=)", part) for part in parts[:-1]):
        return [text]
    return parts


def _computed(statements: list[str]) -> list[str]:
    """Return the statements without those that only start or read a backward pass: q.backward(), x.grad."""
    parts = [part for statement in statements for part in statement.split(";")]
    left = [
        part.strip() for part in parts if not re.fullmatch(rf"\s*{_NAME}\.(?:grad|(?:backward|zero_grad)\(\))\s*", part)
    ]
    return left if left and len(left) < len(parts) else statements


def columns_alone(text: str) -> str:
    """Return a text with columns by their names alone; one whose name is none stays in quotes."""

    def column(found: re.Match[str]) -> str:
        name = next(part for part in found.group("a", "b", "c", "d") if part is not None)
        return name if is_name(name) else f'"{name}"'

    text = re.sub(rf"(?<![\w.])({_NAME})\$(?={_NAME})", "", _COLUMN.sub(column, text))
    text = re.sub(rf"(?<![\w^}}])(?:\$?\{{+\s*({_NAME})\s*\}}+|@({_NAME}))(?![\w{{])", r"\1\2", text)
    return re.sub(rf"(?<![\w.)\]\"'])\.(?={_NAME})", "", text)


def _without_attributes(text: str, columns: Collection[str]) -> str:
    """Return a text without what values of other tools have: x.data is x, unless x is a column."""

    def kept(found: re.Match[str]) -> str:
        word = re.search(r"[\w.]*$", text[: found.start()])
        return found[0] if word and word[0].partition(".")[0] in columns else ""

    return _OF_VALUES.sub(kept, text)


def _without_tables(text: str, columns: Collection[str]) -> str:
    """Return a text without what columns are the columns of: df.x is x."""
    if not columns:
        return _OF_TABLES.sub("", text)
    return _MEMBER.sub(lambda m: m[2] if m[1] not in columns and m[2] in columns else m[0], text)
