"""Whole texts that mend a loop or an index: of some that may be meant, the hint says the first that has a meaning."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from circuitcli.errors import ExpressionError
from circuitcli.language.excerpts import arguments_of
from circuitcli.language.names import canonical
from circuitcli.language.syntax import Loop, Program, Statement

LONGEST = 200  # characters of a text that a hint writes anew
_MOST_STARTS = 4  # elements that a recurrence begins with

MistakeOf = Callable[[str], "ExpressionError | None"]  # what is wrong with a text
Mends = Callable[[MistakeOf], Iterable[str]]
Edit = tuple[int, int, str]  # the place of a text, and what stands there instead


class MendableError(ExpressionError):
    """An error with whole texts that may be meant; its own hint is said where none of them has a meaning."""

    def __init__(self, what: str, text: str, span: tuple[int, int], hint: str, mends: Mends) -> None:
        super().__init__(what, text, *span, hint=hint)
        self._mends = mends

    def mended(self, mistake_of: MistakeOf) -> ExpressionError:
        """Return the error with the hint to write the first of its texts that has a meaning."""
        texts = self._mends(mistake_of) if len(self.text) <= LONGEST else ()
        meant = next((line for text in texts if (line := on_one_line(text)) and mistake_of(line) is None), "")
        hint = f"write {meant}" if meant else self.hint
        return ExpressionError(self.what, self.text, self.start, self.end, hint)


def on_one_line(text: str) -> str:
    """Return a text with its lines as statements of one line; empty for one with comments."""
    if "#" in text:
        return ""
    lines, depth = "", 0
    for sign in text.strip():
        depth += (sign in "([") - (sign in ")]")
        lines += sign if sign != "\n" else " " if depth else ";"
    return "; ".join(part.strip() for part in lines.split(";") if part.strip())


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with other texts in some places."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def statement_of(program: Program, step: int) -> Statement:
    """Return the statement that has a step, be it in the range of its loops."""
    return program.statements[bisect_right(program.statements, step, key=lambda statement: statement.first) - 1]


def loop_text(program: Program, loop: Loop) -> str:
    """Return a loop as it is written: i in 1:3."""
    ends = [program.span(program.begin(k), k)[1] for k in loop.range]
    return program.text[loop.token.start_pos : max(ends)]


# ── names of indices ─────────────────────────────────────────────────────────────────────────────────────────


def loops_in_order(program: Program, loops: tuple[Loop, ...]) -> Iterator[str]:
    """Yield the text with each loop behind those that its range needs."""
    waiting, order = [*loops], list[Loop]()
    while waiting:
        names = [canonical(str(loop.token)) for loop in waiting]
        ready = next((loop for loop in waiting if not program.names_in_range(loop).intersection(names)), None)
        if ready is None:
            return
        waiting.remove(ready)
        order.append(ready)
    places = [(loop.token.start_pos, loop.token.start_pos + len(loop_text(program, loop))) for loop in loops]
    written = [loop_text(program, loop) for loop in order]
    yield edited(program.text, [(*place, new) for place, new in zip(places, written, strict=True)])


def loop_renamed(program: Program, step: int, word: str) -> Iterator[str]:
    """Yield the text with the name of a loop around a step changed, where nothing uses the name that it has."""
    around = [(over.first, over.end - 1, over.loops) for over in program.over.values()]
    around += [(statement.first, statement.last, statement.loops) for statement in program.statements]
    for first, last, loops in sorted(around, key=lambda row: row[1] - row[0]):
        used = program.names(first, last).union(*(program.names_in_range(loop) for loop in loops))
        for loop in reversed(loops):
            if first <= step <= last and canonical(str(loop.token)) not in used:
                yield edited(program.text, [(loop.token.start_pos, loop.token.end_pos, word)])


def number_named(program: Program, statement: Statement) -> Iterator[str]:
    """Yield the text with a whole number right of the = of a statement."""
    assert statement.equal is not None
    end = program.span(statement.first, statement.last)[1]
    written = program.text[statement.equal.end_pos : end].strip()
    start = end - len(written)
    whole = [str(int(float(written)))] if re.fullmatch(r"\d{1,9}\.\d*", written) else []
    for number in [*whole, "3"]:
        yield edited(program.text, [(start, end, number)])


# ── gates ────────────────────────────────────────────────────────────────────────────────────────────────────


def calls_written_out(program: Program, definition: Statement) -> Iterator[str]:
    """Yield the text with the body of a gate in the place of each call, and without its definition."""
    assert definition.left is not None and definition.equal is not None
    text, left = program.text, program.steps[definition.left]
    ends = [*(separator.start_pos for separator in program.separators), len(text)]
    start, end = definition.equal.end_pos, next(end for end in ends if end > definition.equal.end_pos)
    loops = {canonical(str(loop.token)) for loop in program.loops if start <= loop.token.start_pos < end}
    parameters = [canonical(str(program.steps[k].token)) for k in left.args]
    names = [s.token for s in program.right_side(definition) if s.op == "name"]
    if loops.intersection(parameters):
        return
    edits: list[Edit] = [(program.span(definition.first, definition.left)[0], end, "")]
    for step in program.steps:
        if step is left or step.op != "call" or canonical(str(step.token)) != canonical(str(left.token)):
            continue
        given = arguments_of(text[step.token.end_pos : step.end].strip()[1:-1])
        if len(given) != len(parameters) or loops.intersection(re.findall(r"\w+", " ".join(given))):
            return
        values = dict(zip(parameters, given, strict=True))
        inside = [(t.start_pos, t.end_pos, values[word]) for t in names if (word := canonical(str(t))) in values]
        body = edited(text[:end], [(a, b, _between(text, a, b, value)) for a, b, value in inside])[start:].strip()
        edits.append((step.token.start_pos, step.end, _between(text, step.token.start_pos, step.end, body)))
    places = sorted(edits)
    if all(one[1] <= other[0] for one, other in pairwise(places)):
        yield edited(text, edits)


def _between(text: str, start: int, end: int, value: str) -> str:
    """Return a value as it can stand in a place of a text: in parentheses, unless nothing could take it apart."""
    alone = re.search(r"(?:^|[\n(\[,;=])\s*$", text[:start]) and re.match(r"\s*(?:$|[\n)\],;]|for\b)", text[end:])
    return value if alone or re.fullmatch(r"[\w.]+(?:\[[^][]*\])?", value) else f"({value})"


# ── recurrences ──────────────────────────────────────────────────────────────────────────────────────────────


def with_a_start(program: Program, statement: Statement, stem: str, mistake_of: MistakeOf) -> Iterator[str]:
    """Yield the text with the elements named that a recurrence begins with, above it; or so with its loop turned
    around."""
    start = program.span(statement.first, statement.last)[0]
    for text in (program.text, _turned(program, statement.loops[-1])):
        starts: list[str] = []
        for _ in range(_MOST_STARTS + 1):
            found = edited(text, [(start, start, "".join(f"{word} = 1; " for word in starts))])
            mistake = mistake_of(found)
            if mistake is None:
                yield found
            early = re.match(rf"({re.escape(stem)}\[[\d,]+\]) is used before", mistake.what) if mistake else None
            if early is None:
                break
            starts.insert(0, early[1])


def _turned(program: Program, loop: Loop) -> str:
    """Return a text with a loop that runs the other way: 3:2:-1 for 2:3."""
    first, last, *step = (program.span(program.begin(k), k) for k in loop.range)
    written: Callable[[tuple[int, int]], str] = lambda span: program.text[span[0] : span[1]]  # noqa: E731
    back = "-1"
    if step:
        back = written(step[0]).removeprefix("-") if written(step[0])[:1] == "-" else f"-{written(step[0])}"
    turned = f"{written(last)}:{written(first)}:{back}"
    return edited(program.text, [(first[0], step[0][1] if step else last[1], turned)])


def moved_up(program: Program, naming: Statement, using: Statement) -> Iterator[str]:
    """Yield the text with a statement above one that uses what it names."""
    starts = [0, *(separator.end_pos for separator in program.separators)]
    ends = [*(separator.start_pos for separator in program.separators), len(program.text)]
    places = [program.span(s.first, s.last)[0] for s in (naming, using)]
    one, other = (next(k for k, end in enumerate(ends) if place < end) for place in places)
    lines = [program.text[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    lines.insert(other, lines.pop(one))
    yield "\n".join(lines)
