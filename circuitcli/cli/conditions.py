"""The conditions of --where, as one circuit; and what is told of names in them, and in expressions over rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from circuitcli.errors import InputError, NoValueError, UsageError
from circuitcli.visible_text import in_quotes, shell_word

if TYPE_CHECKING:
    from circuitcli.graph import Graph

LONGEST = 200  # characters of conditions that a hint writes out
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def condition_of(texts: Sequence[str]) -> Graph | None:
    """The circuit of all conditions; None where there are none."""
    return _all_of(tuple(texts)) if texts else None


@cache
def _all_of(texts: tuple[str, ...]) -> Graph:
    from circuitcli.language.resolve import graph_of
    from circuitcli.language.syntax import parse

    if len(texts) == 1:
        return graph_of(parse(texts[0]), parts=True)
    for text in texts:
        parse(text)  # so that a mistake is told in its own text
    return graph_of(parse(" and ".join(f"({text})" for text in texts)), parts=True)


def refuse_assigned(text: str, columns: Sequence[str], known: Collection[str]) -> None:
    """Raise UsageError for a condition that would give a column a value: x = 3 for x == 3."""
    name, equal, side = (part.strip() for part in text.partition("="))
    if name in columns and equal and not side.startswith("="):
        side = f'"{side}"' if side.isidentifier() and side not in columns and side not in known else side
        hint = f"write --where {shell_word(f'{name} == {side}')}"
        raise UsageError(f"--where {text} would give {name} another value", hint)


def refuse_date(text: str, columns: Sequence[str], is_time: Callable[[str], bool]) -> None:
    """Raise ExpressionError for a date without quotes that is compared with a column of times."""
    if _DATE.search(text):
        from circuitcli.language.text_hints import refuse_unquoted_date

        refuse_unquoted_date(text, lambda name: name in columns and is_time(name))


@contextmanager
def telling_of_results(graph: Graph, texts: Sequence[str], columns: Sequence[str]) -> Iterator[None]:
    """Where conditions name results of the expression, lead to those written out."""
    try:
        yield
    except NoValueError as error:
        from circuitcli.gates import over_rows
        from circuitcli.graph import Graph
        from circuitcli.notation import WHOLE, expressions

        results = {**graph.names, graph.answer: graph.output}
        if any(over_rows(node.gate, len(node.args)) for node in graph.nodes) or not {*error.missing} <= {*results}:
            raise
        written = expressions(Graph(graph.nodes, graph.output, {}, graph.defaults), WHOLE, ())
        options = []
        for text in texts:
            for name in error.missing:
                whole = written[results[name]]
                whole = whole if re.fullmatch(r"[\w.]+( [*/] [\w.]+)*", whole) else f"({whole})"
                text = whole.join(re.split(rf"(?<![\w.]){re.escape(name)}(?![\w.(])", text))
            options.append(f"--where {in_quotes(text)}")
        if len(hint := " ".join(options)) <= LONGEST:
            error.hint = f"a condition has columns and inputs alone: write {hint}"
        raise


@contextmanager
def telling_unquoted(
    texts: Sequence[str], columns: Sequence[str], known: Collection[str], option: str = ""
) -> Iterator[None]:
    """Where a name has no value, tell first of one that was to be a text: kind == a; and of a column called much alike
    with the whole text, behind its `option`."""
    try:
        yield
    except InputError as error:
        from circuitcli.language.nameless import of_a_nameless_statement
        from circuitcli.language.other_tools import rewritten
        from circuitcli.language.syntax import is_readable
        from circuitcli.language.text_hints import refuse_unquoted

        for text in texts:
            refuse_unquoted(text, columns, known)
            if meant := rewritten(text, is_readable, True, columns):
                error.hint = f"a column is called by its name alone: write {meant}"
            elif nameless := of_a_nameless_statement(text, [*columns, *known]):
                error.hint = nameless
        if isinstance(error, NoValueError):
            from circuitcli.rows.column_hints import with_whole

            error.hint = with_whole(error.hint, error.missing, texts, columns, option)
        raise
