"""The parse table: lark builds it from the grammar once, then it is kept in the user's own cache folder.

lark's `cache=True` unpickles a predictable file name in a shared temporary directory. Here a file is read only if it
is the user's and stands in a folder that only the user can write; it is a text of names and numbers with a checksum,
and any other is replaced. A start neither loads lark nor runs what a file says.
"""

from __future__ import annotations

import contextlib
import os
from zlib import crc32

from circuitcli.language.lalr import END, Parser, Rule, Table
from circuitcli.systems import read_private, write_private
from circuitcli.user_folders import cache_folder

START = "program"
FORM = 3  # of the text
NONE = "-"  # in a line of it


def grammar_file() -> str:
    """Return the path of the grammar: beside the package in a checkout, inside it in an installed wheel."""
    package = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    inside = os.path.join(package, "grammars", "circuit.lark")
    return inside if os.path.isfile(inside) else os.path.join(os.path.dirname(package), "grammars", "circuit.lark")


def load(callbacks: object) -> Parser:
    """Return a parser that calls the method of `callbacks` named by each rule it reduces."""
    with open(grammar_file(), "rb") as file:
        grammar = file.read()
    path = os.path.join(cache_folder(), f"parse-table-{FORM}-{crc32(grammar):08x}.txt")
    try:
        table = table_of(_read(path))
    except (OSError, ValueError, LookupError):  # a whole file of something else is ours to replace
        table = made_by_lark(grammar.decode())
        _write(path, text_of(table))
    return Parser(table, callbacks)


def text_of(table: Table) -> str:
    """A table as a text: a checksum, the first and the last state, the tokens that are left out, the keywords, a line
    for each rule, a line for each state, and what is left is the expression of tokens."""
    rules = [
        f"{rule.origin} {rule.taken} {rule.callback or NONE} {rule.alone:d} {','.join(map(str, rule.spread)) or NONE}"
        for rule in table.rules
    ]
    states = [" ".join(f"{name} {action}" for name, action in state.items()) for state in table.states]
    counts = f"{table.first} {table.last} {len(rules)} {len(states)}"
    body = "\n".join([counts, " ".join(table.ignored), " ".join(table.keywords), *rules, *states, table.tokens])
    return f"{crc32(body.encode()):08x}\n{body}"


def table_of(text: str) -> Table:
    """The table that a text holds. Raises ValueError or LookupError where it holds none."""
    checksum, _, body = text.partition("\n")
    if checksum != f"{crc32(body.encode()):08x}":
        raise ValueError(checksum)
    counts, ignored, keywords, rest = body.split("\n", 3)
    first, last, rules, states = map(int, counts.split())
    lines = rest.split("\n", rules + states)
    words = [line.split() for line in lines[:-1]]
    found = [
        Rule(origin, int(taken), callback.strip(NONE), alone == "1", [int(i) for i in spread.split(",") if i != NONE])
        for origin, taken, callback, alone, spread in words[:rules]
    ]
    actions = [dict(zip(line[::2], map(int, line[1::2]), strict=True)) for line in words[rules:]]
    return Table(lines[-1], ignored.split(), keywords.split(), actions, found, first, last)


def made_by_lark(grammar: str) -> Table:
    """The table of a grammar. A rule of one child alone that `?` stands before is that child; part of a rule that
    repeats is spread; no token is left out."""
    from lark import Lark

    from circuitcli.compat import lark_states, lark_tokens

    # One regular expression for all tokens: the contextual lexer would compile some twenty at every start.
    lark = Lark(grammar, start=START, parser="lalr", lexer="basic", keep_all_tokens=True, maybe_placeholders=False)
    tokens, ignored = lark_tokens(lark)
    rules = []
    for rule in lark.rules:
        name = str(rule.alias or rule.origin.name)
        parts = [i for i, symbol in enumerate(rule.expansion) if symbol.name.startswith("_") and not symbol.is_term]
        alone = rule.options.expand1 and rule.alias is None
        silent = name.startswith("_") or (alone and len(rule.expansion) == 1)
        rules.append(Rule(rule.origin.name, len(rule.expansion), "" if silent else name, alone, parts))
    places: dict[object, int] = {rule: -1 - i for i, rule in enumerate(lark.rules)}
    states, first, last = lark_states(lark)
    # lark numbers states and rules by chance: here in the order in which they are reached, so that a grammar has one
    # table.
    order, moved = [first], {first: 0}
    for k in order:
        for _, (to, _) in sorted(states[k].items()):
            if to is not None and to not in moved:
                moved[to] = len(order)
                order.append(to)
    found = [
        {str(name): moved[to] if to is not None else places[rule] for name, (to, rule) in sorted(states[k].items())}
        for k in order
    ]
    expression = "|".join(f"(?P<{name}>{text})" for name, text in tokens)
    keywords = sorted(
        {name for state in found for name in state if name.isupper()} - {END, *(name for name, _ in tokens)}
    )
    return Table(expression, ignored, keywords, found, rules, 0, moved[last])


def _read(path: str) -> str:
    """The text in a file. Raises OSError where there is none that nobody else can have written, ValueError where it is
    no text."""
    return read_private(path).decode()


def _write(path: str, text: str) -> None:
    """Keep the table. Where the folder is not the user's alone, or cannot be written, every start builds the table."""
    with contextlib.suppress(OSError):
        write_private(path, text.encode())
