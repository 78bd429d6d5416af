"""A language that no row of ours has: a little of Lua, which lacks most functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuitcli.export.code_body import indented
from circuitcli.export.code_parts import CodeParts
from circuitcli.export.operation_forms import INFIX, Syntax, calls, numbers
from circuitcli.graph import Graph

WORDS = "and break do else elseif end false for function if in local nil not or repeat return then true until while"
LUA = Syntax(
    {**INFIX, **calls("math.", "exp sin")},
    numbers("0/0", "math.huge"),
    lambda name, text, truth: f"local {name} = {text}",
    "--",
    frozenset({*WORDS.split(), "math", "circuit"}),
)


def lua(graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph]) -> str:
    """A function that returns the value and a table of the gradient."""
    parts = CodeParts(graph, wrt, given, LUA)
    slopes = ", ".join(f"{name} = {text}" for name, text in parts.gradient.items())
    lines = [*parts.both_passes(), f"return {parts.value}, {{{slopes}}}"]
    return "\n".join([f"function circuit({', '.join(parts.inputs.values())})", *indented(lines), "end", ""])
