"""The circuits inside of gates as functions that code carries along: root(x: x^3 - a, 1) is a call of root_1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from circuitcli.engine.traced_program import TracedProgram
from circuitcli.export.code_body import Body, filled
from circuitcli.export.identifiers import identifiers
from circuitcli.export.kept_functions import passes
from circuitcli.export.operation_forms import CodeForm, MissingFormError, Syntax
from circuitcli.held_gates import PARAMETER, HeldGate

SLOPE = "slope"  # what receives it beside an array of arguments
ENDS = {"root": ("start",), "integral": ("low", "high")}  # as variables


class HeldFunction(NamedTuple):
    """A gate as a function: its name in code, and the program of the circuit inside, for a root with the slope by the
    bound name."""

    name: str
    gate: HeldGate
    program: TracedProgram


class HeldBody(NamedTuple):
    """A circuit inside in a language: a comment on it, the variable of the bound name, those of the gate's arguments,
    the statements and the results."""

    comment: str
    bound: str
    arguments: list[str]
    lines: list[str]
    results: list[str]


def held_functions(program: TracedProgram) -> list[HeldFunction]:
    """The gates that hold a circuit in a program and inside of each other; each stands behind those that it holds."""
    found: dict[HeldGate, HeldFunction] = {}

    def visit(program: TracedProgram) -> None:
        for gate in (line.op for line in program.lines):
            if isinstance(gate, HeldGate) and gate not in found:
                inside = passes(gate.circuit, [gate.circuit.output], [0] if gate.kind == "root" else []).program
                visit(inside)
                found[gate] = HeldFunction(f"{gate.kind}_{len(found) + 1}", gate, inside)

    visit(program)
    return list(found.values())


def with_held(syntax: Syntax, held: Sequence[HeldFunction], prefix: str = "") -> Syntax:
    """The syntax in which gates that hold a circuit are calls of their functions. Raises MissingFormError where the
    language carries no search along."""
    for each in held if not syntax.holds else ():
        raise MissingFormError(f"{each.gate.kind}({each.gate.bound}: ...)")
    names: dict[str, str] = {each.gate: f"{prefix}{each.name}" for each in held}
    forms = {gate: CodeForm(f"{name}({{}})") for gate, name in names.items()}
    return syntax._replace(forms={**syntax.forms, **forms}, reserved=syntax.reserved | {*names.values()})


def held_body(function: HeldFunction, syntax: Syntax, taken: str = "") -> HeldBody:
    """A circuit inside as statements. What it takes from around it are variables p1 and so on, or elements of the array
    `taken`."""
    gate, program = function.gate, function.program
    bound, *around = gate.circuit.inputs
    asked = {bound: bound, **{name: name.replace(PARAMETER, "p") for name in around}}
    ends = {f"{PARAMETER}{name}": name for name in ENDS[gate.kind]}
    variables = identifiers({**asked, **ends}, syntax.reserved | ({taken, SLOPE} if taken else set()), syntax.ascii)
    arguments = [variables[name] for name in (*around, *ends)]
    if taken:
        variables |= {name: f"{taken}[{i}]" for i, name in enumerate(around)}
    body = Body(program, syntax, variables, {})
    text = re.sub(rf"{PARAMETER}(\d+)", r"p\1", gate)
    comment = "\n".join(f"{syntax.comment} {line}" for line in filled(text.split()))
    results = [body.texts[k].text for k in program.outputs]
    return HeldBody(comment, variables[bound], arguments, [line for _, line in body.lines], results)


def names_called(programs: Sequence[TracedProgram], syntax: Syntax) -> list[str]:
    """The names of the functions that programs call without a prefix."""
    ops = {line.op for program in programs for line in program.lines}
    forms = (syntax.forms[op].text for op in ops if op in syntax.forms)
    return [match[1] for text in forms if (match := re.match(r"(\w+)\(", text))]
