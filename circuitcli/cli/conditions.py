"""The conditions of --where, as one circuit; and what is told of names in them, and in expressions over rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from circuitcli.errors import InputError, NoValueError

if TYPE_CHECKING:
    from circuitcli.graph import Graph


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
