"""The names that a half-typed command line may go on with, for a shell that waits for them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from circuitcli.cli.expression_inputs import MOST_READ
from circuitcli.cli.request import program_in
from circuitcli.cli.text_files import read_text
from circuitcli.errors import CircuitError
from circuitcli.language import canonical, parse
from circuitcli.language.free_names import input_names
from circuitcli.language.syntax import Program


def unset_inputs(params: Mapping[str, Any]) -> list[str]:
    """The inputs of the expression on the line that have no value yet; none where it cannot be read at once."""
    taken = {assignment.partition("=")[0] for assignment in params.get("sets") or ()}
    program = _program(params)
    return [] if program is None else [name for name in input_names(program) if name not in taken]


def named(params: Mapping[str, Any], inputs: bool) -> list[str]:
    """The named nodes of the expression on the line, and before them its `inputs`; a family by its name."""
    program = _program(params)
    if program is None:
        return []
    free = input_names(program)
    lefts = [program.steps[s.left] for s in program.statements if s.left is not None]
    nodes = [canonical(str(left.token)) for left in lefts if left.op in ("name", "element")]
    return list(dict.fromkeys([*(free if inputs else ()), *(name for name in nodes if name not in free)]))


def _program(params: Mapping[str, Any]) -> Program | None:
    """The expression on the line. No gate is expanded, and nothing is opened that is no file, such as a pipe."""
    words, files = params.get("words") or (), params.get("files") or ()
    if not all(name != "-" and os.path.isfile(name) and os.path.getsize(name) <= MOST_READ for name in files):
        return None
    try:
        text = "\n".join([program_in(read_text(name), name) for name in files] if files else words[:1])
        return parse(text) if len(text) <= MOST_READ else None
    except CircuitError:
        return None
