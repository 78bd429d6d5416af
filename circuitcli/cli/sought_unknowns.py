"""The unknowns of equations on a command line, with their bounds and starts."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from circuitcli.cli.ranges import ranges_of
from circuitcli.cli.request import Request
from circuitcli.equations import Equation
from circuitcli.errors import UsageError
from circuitcli.library.solved_system import refuse_more_unknowns
from circuitcli.name_lists import listed
from circuitcli.nested_names import in_short, spelled_out
from circuitcli.visible_text import some_of


def unknowns_of(
    asked: Request, equations: Sequence[Equation], named: str | None, columns: Sequence[str] = ()
) -> list[str]:
    """The inputs to solve for: those named, else as many as there are equations, of those that were typed and are no
    columns. Raises UsageError where they are more than the equations."""
    inputs = [*asked.graph.inputs]
    if named:
        found = spelled_out([name.strip() for name in listed(named)], inputs)
        if strange := [name for name in found if name not in inputs]:
            from circuitcli.cli.near_names import nearly

            hint = nearly("--for", named, inputs) or f"inputs are {some_of(in_short(inputs))}"
            raise UsageError(f"--for {named}: {strange[0]} is no input of the equations", hint)
    else:
        free = [name for name in inputs if name not in asked.graph.defaults or name in asked.given]
        found = [name for name in free if name not in columns][: len(equations)]
    if not found and (used := [name for name in inputs if name in columns]):
        hint = f"write --for {used[0]}, whose column has the starts"
        raise UsageError("there is nothing to solve for: all inputs are columns", hint)
    if not found:
        what = "all inputs have their values" if inputs else "the equations have no inputs"
        raise UsageError(f"there is nothing to solve for: {what}", "write for example x^2 = 2")
    refuse_more_unknowns(found, equations)
    return found


def bounds_of(texts: Sequence[str], unknowns: Sequence[str]) -> list[tuple[float, float]]:
    """The bounds of each unknown by --bounds."""
    ends = ranges_of("--bounds", texts, unknowns, "the unknowns", open_ends=True)
    pairs = [ends.get(name, (None, None)) for name in unknowns]
    return [(-inf if low is None else low, inf if high is None else high) for low, high in pairs]
