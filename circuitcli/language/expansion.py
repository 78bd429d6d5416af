"""The number of nodes that the gates of a program expand to, counted from their bodies before any is expanded."""

from __future__ import annotations

from circuitcli.errors import ExpressionError
from circuitcli.graph import MOST_NODES
from circuitcli.language.lalr import Token
from circuitcli.language.names import canonical
from circuitcli.language.syntax import Program, Statement

# The count takes no two nodes to be equal. Recurrences share nearly all, P9(x) = x*P8(x) - P7(x), so every program is
# expanded as far as this, which is a second and 100 MB, and only then counted.
UNCOUNTED_STEPS = 800_000


def refuse_too_many(program: Program) -> None:
    """Raise ExpressionError for a program of more than MOST_NODES, at the first definition or call beyond. A gate that
    nobody calls adds none."""
    sizes: dict[str, float] = {}  # floats, for they may be 2^1000
    beyond: dict[str, Token] = {}  # for each gate of too many, the innermost below it that has them
    nodes = 0.0
    for statement in program.statements:
        size, largest = _counted(program, statement, sizes)
        inner = beyond.get(canonical(str(largest)))
        left = None if statement.left is None else program.steps[statement.left]
        if left is not None and left.op == "call":
            name = canonical(str(left.token))
            sizes[name] = size
            if size > MOST_NODES:
                beyond[name] = inner or left.token
        else:
            nodes += size
            if nodes > MOST_NODES and inner is not None:
                word = canonical(str(inner))
                raise _refusal(program.text, inner, f"{word} expands to up to {sizes[word]:.2g} nodes")
            if nodes > MOST_NODES and largest is not None:
                raise _refusal(program.text, largest, f"this {largest} brings the circuit to up to {nodes:.2g} nodes")


def _counted(program: Program, statement: Statement, sizes: dict[str, float]) -> tuple[float, Token | None]:
    """The nodes of the right side of a statement, and the call that has the most of them."""
    size, largest, most = 0.0, None, 0.0
    for step in program.right_side(statement):
        own = sizes.get(canonical(str(step.token))) if step.op == "call" else None
        if own is not None:
            size += own
            if own > most:
                largest, most = step.token, own
        elif step.args:
            size += max(1, len(step.args) - 1)
    return max(size, 1.0), largest


def _refusal(text: str, token: Token, what: str) -> ExpressionError:
    limit = f"{MOST_NODES / 1e6:g} million are the most"
    hint = "each call of a gate writes out its body: nest fewer"
    return ExpressionError(f"{what}, and {limit}", text, token.start_pos, token.end_pos, hint)
