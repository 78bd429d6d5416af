"""SQL that asks for expressions of rows, SELECT x*y AS z FROM pts.csv WHERE x > 1, taken apart."""

from __future__ import annotations

import re
from typing import NamedTuple

from circuitcli.gates import ALIASES, GATES
from circuitcli.language.excerpts import arguments_of
from circuitcli.language.foreign_operators import written_with_ours
from circuitcli.visible_text import in_quotes, shell_word

_CLAUSES = ("select", "from", "where", "group by", "having", "order by", "limit", "join", "union")
_SPLIT = re.compile(rf"(?i)(?<![\w.])({'|'.join(word.replace(' ', r' +') for word in _CLAUSES)})(?![\w.(])")
_HERE = ("select", "from", "where", "group by", "order by", "limit")


class Selection(NamedTuple):
    """The program of a SELECT, the columns that stand beside it, and what its clauses say, empty where they are not
    there."""

    program: str
    columns: list[str]
    table: str = ""
    where: str = ""
    by: str = ""
    limit: str = ""
    order: str = ""


def selection_of(text: str) -> Selection | None:
    """Return what a text in SQL selects; None for another text, and for one with clauses that have no counterpart."""
    if selection := _selected_elsewhere(text.strip()):
        return selection
    head, *rest = _SPLIT.split(_selected(text.strip().rstrip(";")))
    clauses = {re.sub(" +", " ", word.lower()): part.strip() for word, part in zip(rest[::2], rest[1::2], strict=True)}
    if head or not clauses.get("select") or len(clauses) != len(rest) // 2 or not {*clauses} <= {*_HERE}:
        return None
    items = [_named(item) for item in arguments_of(clauses["select"])]
    columns = [body for name, body in items if not name and re.fullmatch(r"[^\W\d]\w*", body)]
    computed = [(name, body) for name, body in items if name or body not in columns]
    if not computed:
        computed, columns = [("", columns[-1])], columns[:-1]
    if len(computed) > 1:
        computed = [(name or f"value{k}", body) for k, (name, body) in enumerate(computed, 1)]
    by = clauses.get("group by", "")
    return Selection(
        "; ".join(f"{name} = {body}" if name else body for name, body in computed),
        [name for name in columns if name != by],
        clauses.get("from", "").strip("\"'`"),
        _condition(clauses.get("where", "")),
        by,
        clauses.get("limit", ""),
        clauses.get("order by", ""),
    )


def options_of(asked: Selection) -> list[str]:
    """Return the options that say which rows are selected, and how they are grouped."""
    found = ["--where", in_quotes(asked.where)] if asked.where else []
    return [*found, *(["--by", shell_word(asked.by)] if asked.by else [])]


def _selected(text: str) -> str:
    """Return mean(y) over site, mean(y) where t > 3 and max(y where t > 3) as SQL; another text as it is."""
    calls = re.findall(r"(?<![\w.])([^\W\d]\w*)\((?![^()]*,)", text)
    if not any(_is_over_rows(word) for word in calls) or re.search(r"(?<!\w)(?:select|for)(?!\w)", text):
        return text
    if found := re.fullmatch(r"(.+\))\s+(?:over|by|per|group(?:ed)?\s+by)\s+([^\W\d]\w*)", text):
        return f"select {found[1]} group by {found[2]}"
    if found := re.fullmatch(r"(.+\))\s+(?:where|if)\s+([^;]+)", text):
        return f"select {found[1]} where {found[2]}"
    found = re.fullmatch(r"(\w+\((?:[^()]|\([^()]*\))+?)\s+(?:where|if)\s+((?:[^()]|\([^()]*\))+)\)", text)
    if found and "else" not in text and written_with_ours(text) == text:
        return f"select {found[1]}) where {found[2]}"
    return text


def _is_over_rows(word: str) -> bool:
    """Whether a word is a gate over the values of a column: mean, and max of one argument."""
    gate = GATES.get(ALIASES.get(word, word))
    return gate is not None and gate.over_rows is not None


def _selected_elsewhere(text: str) -> Selection | None:
    """Return what a filter of jq or a pattern of awk selects: select(.x > 1) | .y, $2 > 1 {print $1}."""
    jq = r"(?:\.(?:\[\])?\s*\|\s*)?(?:map\()?select\((?P<where>[^()|]+)\)\)?(?:\s*\|\s*(?P<program>[^|]+))?"
    awk = r"(?P<where>\$\w[^{}]*?)\s*\{\s*print\s*(?P<program>[^{},]*?)\s*;?\s*\}"
    found = re.fullmatch(jq, text) or re.fullmatch(awk, text)
    if found is None:
        return None
    program, where = found["program"], found["where"].replace("&&", " and ").replace("||", " or ")
    if program in (None, "", "$0", "."):
        first = re.search(r"[.$]\w+", where)
        program = first[0] if first else ""
    return Selection(program, [], where=re.sub(" +", " ", where)) if program else None


def named(text: str) -> str:
    """Return the statements for x*y AS z, x + y AS w; empty where a text has no AS."""
    items = [_named(item) for item in arguments_of(text)]
    return "; ".join(f"{name} = {body}" for name, body in items) if items and all(name for name, _ in items) else ""


def _named(item: str) -> tuple[str, str]:
    """Return the name that an item has behind AS, perhaps none, and what is before it."""
    found = re.fullmatch(r"(?is)(.+?)\s+as\s+(?:([^\W\d]\w*)|[\"'`]([^\"'`]+)[\"'`])", item.strip())
    return (found[2] or re.sub(r"\W+", "_", found[3]).strip("_"), found[1]) if found else ("", item.strip())


def _condition(text: str) -> str:
    """Return a condition of SQL as --where reads it."""
    text = re.sub(r"(?i)(?<![\w.])(and|or|not)(?![\w.])", lambda found: found[0].lower(), text)
    return re.sub(r"(?<![<>=!])=(?!=)", "==", text.replace("<>", "!="))
