"""The inputs of a program, found without its circuit: at once, whatever its gates expand to."""

from __future__ import annotations

from circuitcli.language.names import canonical, is_constant
from circuitcli.language.syntax import Program, Statement
from circuitcli.nested_names import stem_of


def input_names(program: Program) -> list[str]:
    """Return the names that are inputs, in the order of their first use: those that nothing names, and those that the
    program gives a value from constants alone. What a gate's body uses counts where the gate is called; elements whose
    indices a loop counts are named by their family."""
    named: dict[str, bool] = {}  # whether the node depends on an input
    bodies: dict[str, list[str]] = {}
    found: dict[str, None] = {}
    loops = {canonical(str(loop.token)) for loop in program.loops}
    loops |= {canonical(str(binder.token)) for binder in program.binders.values()}
    counted: set[str] = set()  # the families that statements name in loops
    for statement in program.statements:
        left = None if statement.left is None else program.steps[statement.left]
        word = "" if left is None else canonical(str(left.token))
        own = set() if left is None else {canonical(str(program.steps[k].token)) for k in left.args}
        own |= loops
        uses = _uses(program, statement, bodies, own)
        if left is not None and left.op == "call":
            bodies[word] = uses
            continue
        uses = [stem if (stem := stem_of(use)) in counted else use for use in uses]
        new = [use for use in uses if use not in named]
        found.update(dict.fromkeys(new))
        varies = bool(new) or any(named[use] for use in uses if use in named)
        if word and not varies and statement is not program.statements[-1]:
            found[word], varies = None, True
        if word:
            named[word] = varies
        if left is not None and left.op == "element":
            counted.add(word)
    return list(found)


def _uses(program: Program, statement: Statement, bodies: dict[str, list[str]], own: set[str]) -> list[str]:
    """The names on the right side of a statement that are neither constants nor parameters of its own, each once."""
    found: dict[str, None] = {}
    for step in program.right_side(statement):
        word = canonical(str(step.token))
        if step.op in ("name", "element") and word not in own and not is_constant(word):
            found[word] = None
        elif step.op == "call":
            found.update(dict.fromkeys(bodies.get(word, ())))
    return list(found)
