"""An LALR parser that runs a table: tokens by one regular expression, and a callback for each rule it reduces.

The table is lark's, made from the grammar once (parse_table.py); here it is plain data, so that a start neither loads
lark nor trusts a pickle. The parser is iterative and builds no tree. (Aho, Lam, Sethi & Ullman, 4.5 and 4.7.)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

END = "$END"
NAME = "NAME"


class Token(str):
    """A piece of the text, and its place there."""

    __slots__ = ("end_pos", "start_pos", "type")
    type: str
    start_pos: int
    end_pos: int

    def __new__(cls, type: str, text: str, start: int, end: int) -> Token:
        token = str.__new__(cls, text)
        token.type, token.start_pos, token.end_pos = type, start, end
        return token


class UnexpectedToken(Exception):  # noqa: N818
    """A token that cannot stand where it does; `expected` are the types of those that could."""

    def __init__(self, token: Token, expected: Collection[str]) -> None:
        super().__init__(token)
        self.token, self.expected = token, expected


class UnexpectedCharacter(Exception):  # noqa: N818
    """A character with which no token begins."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class Rule(NamedTuple):
    """A rule: the name of what it makes, how many symbols it takes, and the callback that makes it. `alone`: a single
    child stands for itself. `spread`: the children that are lists of children, of a part of a rule that repeats; such a
    part itself has no callback."""

    origin: str
    taken: int
    callback: str
    alone: bool
    spread: Sequence[int]


class Table(NamedTuple):
    """A grammar: its tokens as one expression of named groups, those that are left out, its keywords, which are names
    wherever a name can stand, its states, each with a state to go to (not negative) or minus one minus a rule for every
    symbol, its rules, and the first and the last state."""

    tokens: str
    ignored: Sequence[str]
    keywords: Sequence[str]
    states: Sequence[dict[str, int]]
    rules: Sequence[Rule]
    first: int
    last: int


class Parser:
    """The parser of a table, with the methods of `callbacks` that its rules name."""

    def __init__(self, table: Table, callbacks: object) -> None:
        self._table = table
        self._match = re.compile(table.tokens).match
        self._keywords = {name.lower(): name for name in table.keywords}
        self._calls = [getattr(callbacks, rule.callback) if rule.callback else None for rule in table.rules]

    def parse(self, text: str) -> None:
        """Read a text. Raises UnexpectedToken or UnexpectedCharacter at the first place that the grammar lacks."""
        table, match, calls = self._table, self._match, self._calls
        states, ignored, rules, keywords = table.states, frozenset(table.ignored), table.rules, self._keywords
        stack, values = [table.first], list[Any]()
        place, length, token = 0, len(text), Token("", "", 0, 1)
        while True:
            if place < length:
                found = match(text, place)
                if found is None:
                    raise UnexpectedCharacter(place)
                kind, start, place = found.lastgroup or "", place, found.end()
                if kind in ignored:
                    continue
                token = Token(kind, found[0], start, place)
            else:
                kind, token = END, Token(END, "", token.start_pos, token.end_pos)
            state = stack[-1]
            while True:
                action = states[state].get(kind)
                if action is None:
                    if kind == NAME and (word := keywords.get(token)) in states[state]:
                        kind = token.type = word
                        continue
                    raise UnexpectedToken(token, [name for name in states[state] if name.isupper()])
                if action >= 0:
                    stack.append(action)
                    values.append(token)
                    break
                origin, count, _, alone, spread = rules[-1 - action]
                if alone and count == 1:  # as most rules are
                    state = stack[-1] = states[stack[-2]][origin]
                    continue
                call = calls[-1 - action]
                children = values[-count:] if count else []
                if count:
                    del values[-count:], stack[-count:]
                if spread:
                    children = _spread(children, spread)
                values.append(children if call is None else call(children))
                state = states[stack[-1]][origin]
                stack.append(state)
                if kind == END and state == table.last:
                    return


def _spread(children: list[Any], places: Sequence[int]) -> list[Any]:
    """The children, with the lists among them in their place; the first list itself goes on, for it may be long."""
    found: list[Any] = children[0] if places[0] == 0 else []
    for i, child in enumerate(children):
        if i in places:
            if child is not found:
                found += child
        else:
            found.append(child)
    return found
