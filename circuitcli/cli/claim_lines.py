"""Claimed gradients, each in a line of a file: an expression, values of its inputs, and what the derivatives are."""

from __future__ import annotations

import re

from circuitcli.check.claimed_gradient import named_claim
from circuitcli.cli.heard_commands import Heard, heard
from circuitcli.errors import CircuitError, ExpressionError, NoValueError, UsageError
from circuitcli.name_lists import listed
from circuitcli.read_circuit import ReadCircuit

_OF_AN_INPUT = re.compile(r"(?<!\S)-([A-Za-z_]\w*) (\S+)$")  # -x 1..2
_OPTION = re.compile(r"(?<!\S)--?[A-Za-z]")
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
    try:
        return heard(["grad" if sets else "derive", expression, "--claim", named, *sets])
    except CircuitError as error:
        raise _of_the_line(error) from None


def _of_the_line(error: CircuitError) -> CircuitError:
    """An error of the command in the words of a line, which has no options."""
    if isinstance(error, NoValueError):
        values = ", ".join(f"{name}=..." for name in error.missing)
        return NoValueError(error.message, f"write {values} in the second part", error.missing)
    hint = _OF_AN_INPUT.sub(r"\1=\2", error.hint)
    hint = EXAMPLE if _OPTION.search(hint) else hint
    if isinstance(error, ExpressionError):
        source = "the claim" if error.message.startswith("--claim") else ""
        return ExpressionError(error.what, error.text, error.start, error.end, hint, source)
    return type(error)(error.message, hint)


def _set(part: str) -> str:
    name, equals, value = part.partition("=")
    if not (name.strip() and equals and value.strip()):
        raise UsageError(f"{part} gives no input a value", EXAMPLE)
    return f"-{name.strip()}={value.strip()}"
