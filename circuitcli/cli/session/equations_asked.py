"""The words of `circuit solve` for equations that are typed in a session, which knows the other names in them."""

from __future__ import annotations

import re

from circuitcli.cli.session.colon_commands import split_words
from circuitcli.cli.session.session_state import Session
from circuitcli.cli.solve_lines import ANYWHERE
from circuitcli.errors import InputError, UsageError
from circuitcli.language import canonical, parse
from circuitcli.language.statements import CALL, StatementText, pieces
from circuitcli.nested_names import stem_of
from circuitcli.visible_text import some_of

_SET = r"-[^\W\d]\w*(?:\[\S*?\])?"
_BEHIND = re.compile(rf"(?:^|\s)(?:--[a-z]|{_SET}(?:\s*=\s*|\s+)\S*\.\.|{_SET}\s+\.?\d)")  # an option, a range, a start
_QUOTED = re.compile(r"""\s*(['"])(.*?)\1(?=\s|$)""", re.DOTALL)

_BY_ITSELF = re.compile(r"(?:^|;)\s*([^\W\d]\w*)\s*=(?=[^;]*\b\1\b)", re.MULTILINE)  # x = cos(x)


def equation_words(session: Session, text: str, last: StatementText | None) -> list[str]:
    """The words for a text of equations with the ranges or the starts of their unknowns behind them; without equations
    the `last` expression is one. Raises InputError for an unknown that has neither, nor a value to start from."""
    expression, behind = _taken_apart(text)
    words = split_words(behind)
    if not expression:
        if last is None:
            raise UsageError(":solve is about the last expression, and there is none", "write :solve x^2 = 2 -x -3..3")
        expression = last.statement
    unknowns = [canonical(name) for name in re.findall(r"(?:^|\s)-([^\W\d]\w*(?:\[\S*?\])?)(?=[\s=])", behind)]
    above, values, missing, count = _needed(session, expression, unknowns)
    free = [name for name in missing if not {name, stem_of(name)} & {*unknowns}]
    if free and count <= len(unknowns):
        raise InputError(f"no value for {some_of(free)}", f"write for example {free[0]} = 2")
    if free:
        ranges = " ".join(f"-{name} {ANYWHERE}" for name in free[: count - len(unknowns)])
        line = " ".join([f":solve {expression}", *filter(None, [behind.strip()]), ranges])
        raise InputError("an unknown has a range, or a value to start from", f"write {line}")
    given = [f"-{name}={value}" for name, value in values.items() if not {name, stem_of(name)} & {*unknowns}]
    return ["solve", "\n".join([*above, expression]), *given, *words]


def _taken_apart(text: str) -> tuple[str, str]:
    """The equations, which may stand in quotes, and what is behind them."""
    if quoted := _QUOTED.match(text):
        return quoted[2].strip(), text[quoted.end() :]
    found = _BEHIND.search(text)
    expression, behind = (text[: found.start()], text[found.start() :]) if found else (text, "")
    return expression.partition("#")[0].strip(), behind


def _needed(session: Session, text: str, unknowns: list[str]) -> tuple[list[str], dict[str, str], list[str], int]:
    """The statements of the session that equations need, the values of its inputs in them, the inputs without a value,
    and the number of the equations."""
    known = [name.removesuffix(CALL) for name in session.names]
    by_itself = [found[1] for found in _BY_ITSELF.finditer(text)]
    program = parse(text, [*unknowns, *known, *by_itself])  # behind any of which = makes an equation
    above, values, missing = dict[str, None](), dict[str, str](), dict[str, None]()
    own = {canonical(str(program.steps[s.left].token)) for s in program.statements if s.left is not None}
    equations = [statement for statement in program.statements if statement.left is None]
    for statement in program.statements:
        last = program.steps[statement.last]
        whole = program.text[slice(*program.span(statement.first, statement.last))]
        start = program.span(statement.first, statement.last)[0]
        if last.op == "eq" and str(last.token) == "=":
            place = last.token.start_pos - start
            whole = f"({whole[:place]}) - ({whole[place + 1 :]})"
        elif statement.left is not None and statement.equal is not None:
            whole = whole[statement.equal.end_pos - start :]
        asked = session.ask(pieces(whole)[0])
        above |= dict.fromkeys(asked.program.split("\n")[: -1 - whole.count("\n")])
        values |= asked.values
        missing |= dict.fromkeys(name for name in asked.missing if name not in own)
    return [*above], {name: value for name, value in values.items() if name not in own}, [*missing], len(equations)
