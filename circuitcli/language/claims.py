"""A gradient that somebody claims, as statements: `x = 2*x*y; y = x^2`, or `grad_x = ...` as `derive` prints it."""

from __future__ import annotations

import re

from circuitcli.errors import ExpressionError
from circuitcli.graph import Graph
from circuitcli.language.excerpts import rest_of, statement_around
from circuitcli.language.names import PREFIX, canonical, is_element, near
from circuitcli.language.resolve import Meaning
from circuitcli.language.statements import FAMILY
from circuitcli.language.syntax import Program, Step, parse
from circuitcli.nested_names import families, in_short, stem_of
from circuitcli.visible_text import some_of

_DERIVATIVE = re.compile(  # dq/dx, f', f'(x), and the right side
    r"\s*(?:[d∂]\w*\s*/\s*[d∂](?P<by>\w+)|\w+['′]\s*(?:\(\s*(?P<of>\w+)\s*\))?)\s*(?::|=(?!=))(?P<right>.+)", re.DOTALL
)


def claims_of(text: str, graph: Graph, bound: frozenset[str]) -> Graph:
    """Return the circuit of the claims on inputs of `graph`, each a node named `grad_NAME`.

    Statements named `grad_NAME` are the claims, where there are any, and all others are helpers; else the claims are
    the statements named like an input. A right side uses the inputs themselves: in `x = 2*y; y = x` the second x is the
    input.
    Raises ExpressionError for a claim on anything else, and for a name that is no input.
    """
    try:
        program = parse(text)
    except ExpressionError as error:
        meant = _written(text, graph) or _of_a_derivative(text, error.start, graph)
        error.hint = meant or _form(text, graph) or error.hint
        raise
    lefts = _lefts(program, graph)
    members = {stem + FAMILY: elements for stem, elements in families(graph.inputs).items()}
    inputs = {*graph.inputs, *members}
    prefixed = {name for name in lefts if name.startswith(PREFIX) and name[len(PREFIX) :] in inputs}
    own = [] if prefixed else [name for name in lefts if name in inputs]
    claimed = frozenset(element for name in own for element in members.get(name, [name]))
    words = [_word(step) for step in program.steps if step.op in ("name", "element", "call")]
    words += [stem_of(word) + FAMILY for word in words if is_element(word)]
    for name, step in lefts.items():
        idle = words.count(name) == 1 or not (prefixed or claimed)
        if idle and name not in prefixed and name not in own:
            raise _no_claim(text, name, step, graph)
    found = Meaning(program, bound, claimed).graph()
    for name in found.inputs:
        if name not in graph.inputs and name not in found.defaults:
            step = next(step for step in program.steps if _word(step) in (name, stem_of(name) + FAMILY))
            raise _error(text, f"{name} is no input", step, _instead_of(name, graph))
    loops = {name.removesuffix(FAMILY): lefts[name] for name in (*prefixed, *own) if name.endswith(FAMILY)}
    for name in found.names:
        bare = name.removeprefix(PREFIX) if prefixed else name
        if stem_of(name) in loops and bare not in graph.inputs:
            raise _error(text, f"{bare} is no input", loops[stem_of(name)], _instead_of(bare, graph))
    return found


def _instead_of(name: str, graph: Graph) -> str:
    """Return the hint for a name that is no input: those of its family, or one that is near."""
    if elements := families(graph.inputs).get(stem_of(name)):
        return f"{stem_of(name)} has {some_of(in_short(elements))}"
    close = near(name, [*graph.inputs])
    return f"did you mean {close}?" if close else _inputs(graph)


def _lefts(program: Program, graph: Graph) -> dict[str, Step]:
    """Return the left side of each statement by its name. Raises ExpressionError where there is none."""
    found = {}
    for statement in program.statements:
        if statement.left is None:
            step = program.steps[statement.last]
            first, *others = graph.inputs or ["x"]
            right = program.text_of(statement)
            hint = (
                f"write for example {first} = 3.1"
                if others or len(program.statements) > 1
                else f"write {first} = {right}"
            )
            raise _error(program.text, "a claim is a name, = and what its gradient is", step, hint)
        step = program.steps[statement.left]
        if step.op not in ("name", "element", "call"):
            place = step.token.start_pos
            hint = _written(program.text, graph) or _of_a_derivative(program.text, place, graph) or _inputs(graph)
            raise _error(program.text, "a claim has the name of an input before its =", step, hint)
        found[_word(step)] = step
    return found


def _word(step: Step) -> str:
    """Return the name that a step has; of a family whose elements a loop counts h[]."""
    return canonical(str(step.token)) + FAMILY * (step.op == "element")


def _of_a_derivative(text: str, place: int, graph: Graph) -> str:
    """Return the claim to write for one around a place that begins with dq/dx, f' or f'(x); empty for another."""
    start, end = statement_around(text, place)
    if (found := _DERIVATIVE.match(text[start:end])) is None:
        return ""
    name = canonical(found["by"] or found["of"] or (next(iter(graph.inputs)) if len(graph.inputs) == 1 else ""))
    return f"write {name} = {found['right'].strip()}" if name in graph.inputs else _inputs(graph)


def _written(text: str, graph: Graph) -> str:
    """Return the hint for claims in a form of other programs; empty for another text."""
    from circuitcli.language.claim_forms import written_claims

    found = written_claims(text, graph.inputs)
    return f"write {found}" if found else ""


def _form(text: str, graph: Graph) -> str:
    """Return the hint for a claim in a form of other programs that is about something else; empty for another text."""
    from circuitcli.language.claim_forms import begins_otherwise

    return f"a claim is written NAME = EXPRESSION, and {_inputs(graph)}" if begins_otherwise(text) else ""


def _no_claim(text: str, name: str, step: Step, graph: Graph) -> ExpressionError:
    name = name.removesuffix(FAMILY)
    bare = name.removeprefix(PREFIX)
    if bare in graph.names and bare not in graph.inputs:
        right = rest_of(text[step.token.end_pos :]).lstrip("= ")
        hint = f"write for example {next(iter(graph.inputs), 'x')} = {right}; {_inputs(graph)}"
        return _error(text, f"{bare} is a named node, and a claim is on an input", step, hint)
    hint = _instead_of(bare, graph)
    if name[:1] == "d" and name[1:] in graph.inputs:
        hint = f"the slope by {name[1:]} is written {name[1:]} = ..."
    return _error(text, f"{name} is no input, and no claim uses it", step, hint)


def _inputs(graph: Graph) -> str:
    return f"the inputs are: {some_of(in_short(graph.inputs)) or 'none'}"


def _error(text: str, what: str, step: Step, hint: str) -> ExpressionError:
    return ExpressionError(what, text, step.token.start_pos, step.token.end_pos, hint)
