"""Claimed gradients, each in a line of a file: an expression, values of its inputs, and what the derivatives are."""

from __future__ import annotations

from circuitcli.check.claimed_gradient import named_claim
from circuitcli.cli.heard_commands import Heard, heard
from circuitcli.errors import UsageError
from circuitcli.name_lists import listed
from circuitcli.read_circuit import ReadCircuit

EXAMPLE = "write for example x^2*y | x=3, y=2 | x = 2*x*y; y = x^2"


def judged(line: str) -> Heard:
    """The verdict of the command on a line: of `grad --claim`, or where no input has a value of `derive --claim`. Its
    status is 0 where the claim holds. Raises UsageError for a line of another form, and the errors of the command."""
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 3:
        raise UsageError(f"a claim has three parts between | signs, not {len(parts)}", EXAMPLE)
    expression, values, claim = parts
    sets = [_set(part) for part in listed(values) if part]
    named = named_claim(claim, ReadCircuit(expression).inputs)
    return heard(["grad" if sets else "derive", expression, "--claim", named, *sets])


def _set(part: str) -> str:
    name, equals, value = part.partition("=")
    if not (name.strip() and equals and value.strip()):
        raise UsageError(f"{part} gives no input a value", EXAMPLE)
    return f"-{name.strip()}={value.strip()}"
