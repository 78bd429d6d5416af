"""Errors for loops and families that can be read but mean nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from circuitcli.errors import ExpressionError
from circuitcli.gates import ALIASES, GATES
from circuitcli.gathering import gathering, gathers
from circuitcli.language.excerpts import statement_around
from circuitcli.language.lalr import Token
from circuitcli.language.loop_mends import MendableError, Mends, edited, loop_text, moved_up, statement_of, with_a_start
from circuitcli.language.names import canonical, near
from circuitcli.language.syntax import Program, Statement, Step
from circuitcli.nested_names import first_and_last, indices_of, stem_of

_IN_A_GATE = "the loop goes inside of a sum: f(a) = sum(a^i for i in 1:3)"
_ELEMENT = r"\w+(?:\[[^][]*\])?"
_LISTED = 6  # elements that a message names one by one


def gathers_nothing(program: Program, step: int, own: Collection[str]) -> ExpressionError:
    """Return the error for a gate that no loop gathers by; `own` are the gates that the text defines."""
    token, end = program.steps[step].token, program.steps[step].end
    word, known = str(token), " ".join(gathering())
    body, loops = _parts(program, step)
    gate = GATES.get(ALIASES.get(word, word))
    if canonical(word) in own or (gate is not None and gate.accepts(1) and not gate.only_over_rows):
        hint = f"write sum({word}({body}) for {loops})"
    elif gate is not None and gate.only_over_rows:
        hint = f"{word} is over rows of data; a loop is gathered so: mean({body} for {loops})"
    else:
        hint = f"a loop is gathered so: sum({body} for {loops})"
    message = f"{word} gathers no loop: {known} do"
    place = (token.start_pos, end)
    return MendableError(
        message,
        program.text,
        place,
        hint,
        lambda _: (edited(program.text, [(*place, call)]) for call in _gathered(program, step, own)),
    )


def _parts(program: Program, step: int) -> tuple[str, str]:
    """Return what a gate over loops gathers, and its loops, as they are written."""
    token, end = program.steps[step].token, program.steps[step].end
    over = program.over[step]
    body = re.sub(r"\s+for\s*$", "", program.text[token.end_pos : over.loops[0].token.start_pos])
    return body.strip()[1:].strip(), program.text[over.loops[0].token.start_pos : end - 1].strip()


def _gathered(program: Program, step: int, own: Collection[str]) -> Iterator[str]:
    """Yield what may be meant by a gate over loops that gathers none."""
    from circuitcli.language.loops_elsewhere import WRITTEN_OUT
    from circuitcli.language.words_elsewhere import WORDS

    word = str(program.steps[step].token)
    body, loops = _parts(program, step)
    first, *others = program.over[step].loops
    if canonical(word) not in own:
        row = re.fullmatch(r"\(x\) = (\w+)\(x\)", WORDS.get(word.lower(), ""))
        close = "" if word in GATES or word in ALIASES else near(word, gathering())
        for other in (word.lower(), row[1] if row else "", close):
            if gathers(other):
                yield f"{other}({body} for {loops})"
        if (form := WRITTEN_OUT.get(word)) and not ("{again}" in form and others):
            name = next(letter for letter in "klmnpqrst" if not re.search(rf"\b{letter}\b", program.text))
            inner = re.sub(rf"\b{re.escape(str(first.token))}\b", name, body)
            again = name + loop_text(program, first)[len(first.token) :]
            value = body if re.fullmatch(_ELEMENT, body) else f"({body})"
            yield form.format(value=value, inner=inner, again=again, loops=loops, index=first.token)
        gate = GATES.get(ALIASES.get(word, word))
        if gate is not None and gate.only_over_rows:
            return
    yield f"sum({word}({body}) for {loops})"


def no_family(text: str, statement: Statement, left: Step) -> ExpressionError:
    """Return the error for a statement with a loop that names no element."""
    name, span = str(left.token), (left.token.start_pos, left.end or left.token.end_pos)
    if left.op == "call":
        return ExpressionError(f"{name} is a gate, and a gate has no loop behind it", text, *span, hint=_IN_A_GATE)
    indices = ",".join(str(loop.token) for loop in statement.loops)
    start, end = statement_around(text, span[0])
    whole = text[start:end].strip()
    hint = f"write {name.partition('[')[0]}[{indices}]{whole[len(name) :]}"
    return ExpressionError(f"{name} is one name, and a loop names many", text, *span, hint=hint)


def no_family_of_a_gate(text: str, token: Token, end: int) -> ExpressionError:
    """Return the error for a gate with an index."""
    name, _, inside = text[token.start_pos : end].rstrip("]").partition("[")
    gate = name if name in GATES or name in ALIASES else name.lower()
    message = f"{gate} is a gate, and takes ( and )"
    return ExpressionError(message, text, token.start_pos, end, hint=f"write {gate}({inside})")


def no_turn(what: str, text: str, span: tuple[int, int], hint: str) -> ExpressionError:
    """Return the error for a loop that has no turn where it needs one."""
    from circuitcli.language.range_readings import other_readings

    return MendableError(what, text, span, hint, lambda _: (reading.text for reading in other_readings(text)))


def no_element(word: str, named: list[str], program: Program, span: tuple[int, int]) -> ExpressionError:
    """Return the error for an element that the text does not name, as it names others of its family."""
    places = [place[0] for name in named if len(place := indices_of(name)) == 1]
    whole = len(places) < len(named) or max(places) - min(places) == len(named) - 1
    shown = first_and_last(named)
    if not whole and len(named) <= _LISTED:
        shown = " and ".join([", ".join(named[:-1]), named[-1]])
    elif not whole:
        shown = f"{len(named)} elements, {named[0]}, {named[1]} to {named[-1]}"
    message = f"{word} is no element of {stem_of(word)}, which has {shown}"
    hint = f"the text names them: mend the index, or name {word} too"
    return ExpressionError(message, program.text, *span, hint=hint)


def used_before(word: str, some: bool, program: Program, span: tuple[int, int]) -> ExpressionError:
    """Return the error for an element that is used above the statement that names it, or by that statement itself;
    `some` of its family are named already."""
    stem = stem_of(word)
    message = f"{word} is used before {'it' if some else stem} is named"
    step = next(k for k, step in enumerate(program.steps) if step.token.start_pos == span[0])
    using = statement_of(program, step)
    naming = [
        statement
        for statement in program.statements
        if statement.left is not None
        and program.steps[statement.left].op in ("name", "element")
        and stem_of(canonical(f"{program.steps[statement.left].token}")) == stem
    ]
    if using in naming and using.loops:
        hint = f"name the elements of {stem} that it begins with above it"
        starts: Mends = lambda mistake_of: with_a_start(program, using, stem, mistake_of)  # noqa: E731
        return MendableError(message, program.text, span, hint, starts)
    hint = f"move the statement that names {stem} up"
    behind = [statement for statement in naming if statement.first > using.last]
    moved: Mends = lambda _: (text for statement in behind for text in moved_up(program, statement, using))  # noqa: E731
    return MendableError(message, program.text, span, hint, moved)
