"""Errors for loops and families that can be read but mean nothing."""

from __future__ import annotations

from circuitcli.errors import ExpressionError
from circuitcli.gates import ALIASES, GATES
from circuitcli.gathering import gathering
from circuitcli.language.excerpts import statement_around
from circuitcli.language.lalr import Token
from circuitcli.language.syntax import Over, Statement, Step

_IN_A_GATE = "the loop goes inside of a sum: f(a) = sum(a^i for i in 1:3)"


def gathers_nothing(text: str, step: Step, over: Over) -> ExpressionError:
    """Return the error for a gate that no loop gathers by."""
    known = " ".join(gathering())
    body, loops = text[step.token.end_pos : step.end], text[over.loops[0].token.start_pos : step.end]
    hint = f"write sum({step.token}{body[: body.rfind('for', 0, len(body) - len(loops))].rstrip()}) for {loops}"
    return ExpressionError(f"{step.token} gathers no loop: {known} do", text, step.token.start_pos, step.end, hint=hint)


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
