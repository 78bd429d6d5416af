"""Errors for indices, and for ends of loops, that are no whole number which the text gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from circuitcli.errors import ExpressionError
from circuitcli.language.loop_mends import (
    MendableError,
    MistakeOf,
    calls_written_out,
    edited,
    loop_renamed,
    loops_in_order,
    number_named,
    statement_of,
)
from circuitcli.language.names import canonical
from circuitcli.language.syntax import Loop, Program, Statement, Turn


def unknown_index(program: Program, step: int, word: str, turn: Turn) -> ExpressionError:
    """Return the error for a name in an index, or in the range of a loop, that has no whole number."""
    span, text = program.span(step, step), program.text
    if loops := _loops_around_a_range(program, step, word):
        own = next(loop for loop in loops if any(program.begin(k) <= step <= k for k in loop.range))
        message = f"the range of the loop {own.token} needs the loop {word}, which stands behind it"
        hint = f"write the loop {word} before it"
        return MendableError(message, text, span, hint, lambda _: loops_in_order(program, loops))
    if (statement := _naming(program, word)) is not None:
        assert statement.equal is not None
        right = text[statement.equal.end_pos : program.span(statement.first, statement.last)[1]].strip()
        of_numbers = re.fullmatch(r"[\d.eE_+-]+", right)
        message = f"{word} is {right}, no whole number" + ("" if of_numbers else " that the text gives")
        return MendableError(message, text, span, f"write {word} = 3", lambda _: number_named(program, statement))
    known = f"write {word} = 3 above" + (f", or use {' or '.join(turn)}" if turn else "")
    message = f"{word} is no loop and no whole number that the text gives"

    def mends(_: MistakeOf) -> Iterator[str]:
        from circuitcli.language.free_indices import with_loops
        from circuitcli.language.sum_signs import in_gates

        yield from (meant for meant in [in_gates(text)] if meant != text)
        yield from loop_renamed(program, step, word)
        yield from with_loops(program, {})
        yield f"{word} = 3; {text}"
        for name in reversed([*turn]):
            yield edited(text, [(*span, name)])

    return MendableError(message, text, span, known, mends)


def parameter_in_an_index(program: Program, step: int, word: str) -> ExpressionError:
    """Return the error for an index that uses a parameter of the gate around it."""
    what = f"{word} is a parameter, a number that only a call knows; an index is known when the text is read"
    hint = "an index has numbers, loops, and names that the text gives a whole number: n = 3"
    gate = statement_of(program, step)
    return MendableError(what, program.text, program.span(step, step), hint, lambda _: calls_written_out(program, gate))


def no_whole_number(program: Program, first: int, last: int, what: str, number: float) -> ExpressionError:
    """Return the error for an expression in an index that is a number, but no whole one."""
    start, end = program.span(first, last)
    places = [(start, end)] if first == last and number >= 0 else []
    return MendableError(
        what,
        program.text,
        (start, end),
        "",
        lambda _: (edited(program.text, [(*place, str(int(number)))]) for place in places),
    )


def _loops_around_a_range(program: Program, step: int, word: str) -> tuple[Loop, ...]:
    """Return loops side by side of which one has a step in its range, and one behind it a name."""
    found = [over.loops for end, over in program.over.items() if over.end <= step < end]
    for loops in [*found, statement_of(program, step).loops]:
        for k, loop in enumerate(loops):
            if any(program.begin(end) <= step <= end for end in loop.range):
                names = [canonical(str(other.token)) for other in loops[k + 1 :]]
                return loops if word in names else ()
    return ()


def _naming(program: Program, word: str) -> Statement | None:
    """Return the statement that names a word, if one does."""
    for statement in program.statements:
        left = None if statement.left is None else program.steps[statement.left]
        if left is not None and left.op == "name" and canonical(str(left.token)) == word:
            return statement
    return None
