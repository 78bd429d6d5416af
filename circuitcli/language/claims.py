"""A gradient that somebody claims, as statements: `x = 2*x*y; y = x^2`, or `grad_x = ...` as `derive` prints it."""

from __future__ import annotations

from circuitcli.errors import ExpressionError
from circuitcli.graph import Graph
from circuitcli.language.names import PREFIX, canonical, near
from circuitcli.language.resolve import Meaning
from circuitcli.language.syntax import Program, Step, parse
from circuitcli.visible_text import some_of


def claims_of(text: str, graph: Graph, bound: frozenset[str]) -> Graph:
    """Return the circuit of the claims on inputs of `graph`, each a node named `grad_NAME`.

    Statements named `grad_NAME` are the claims, where there are any, and all others are helpers; else the claims are
    the statements named like an input. A right side uses the inputs themselves: in `x = 2*y; y = x` the second x is the
    input.
    Raises ExpressionError for a claim on anything else, and for a name that is no input.
    """
    program = parse(text)
    lefts = _lefts(program)
    prefixed = {name for name in lefts if name.startswith(PREFIX) and name[len(PREFIX) :] in graph.inputs}
    claimed = frozenset() if prefixed else frozenset(lefts).intersection(graph.inputs)
    words = [canonical(str(step.token)) for step in program.steps if step.op in ("name", "call")]
    for name, step in lefts.items():
        idle = words.count(name) == 1 or not (prefixed or claimed)
        if idle and name not in prefixed and name not in claimed:
            raise _no_claim(text, name, step, graph)
    found = Meaning(program, bound, claimed).graph()
    for name in found.inputs:
        if name not in graph.inputs and name not in found.defaults:
            step = next(s for s in program.steps if s.op == "name" and canonical(str(s.token)) == name)
            close = near(name, [*graph.inputs])
            hint = f"did you mean {close}?" if close else f"the inputs are: {some_of(graph.inputs)}"
            raise _error(text, f"{name} is no input", step, hint)
    return found


def _lefts(program: Program) -> dict[str, Step]:
    """Return the left side of each statement by its name. Raises ExpressionError where there is none."""
    found = {}
    for statement in program.statements:
        if statement.left is None:
            step = program.steps[statement.last]
            raise _error(
                program.text, "a claim is a name, = and what its gradient is", step, "write for example x = 3.1"
            )
        step = program.steps[statement.left]
        found[canonical(str(step.token))] = step
    return found


def _no_claim(text: str, name: str, step: Step, graph: Graph) -> ExpressionError:
    bare = name.removeprefix(PREFIX)
    if bare in graph.names and bare not in graph.inputs:
        return _error(text, f"{bare} is a named node, and a claim is on an input", step, _inputs(graph))
    close = near(bare, [*graph.inputs])
    hint = f"did you mean {close}?" if close else _inputs(graph)
    if name[:1] == "d" and name[1:] in graph.inputs:
        hint = f"the slope by {name[1:]} is written {name[1:]} = ..."
    return _error(text, f"{name} is no input, and no claim uses it", step, hint)


def _inputs(graph: Graph) -> str:
    return f"the inputs are: {some_of(graph.inputs) or 'none'}"


def _error(text: str, what: str, step: Step, hint: str) -> ExpressionError:
    return ExpressionError(what, text, step.token.start_pos, step.token.end_pos, hint)
