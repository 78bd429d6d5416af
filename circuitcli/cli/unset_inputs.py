"""The inputs that a half-typed command line can still set, for a shell that waits for them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from circuitcli.cli.expression_inputs import MOST_READ
from circuitcli.cli.request import program_in
from circuitcli.cli.text_files import read_text
from circuitcli.errors import CircuitError
from circuitcli.language import parse
from circuitcli.language.free_names import input_names


def unset_inputs(params: Mapping[str, Any]) -> list[str]:
    """The inputs of the expression on the line that have no value yet; none where it cannot be read at once. No gate is
    expanded, and nothing is opened that is no file, such as a pipe."""
    words, files = params.get("words") or (), params.get("files") or ()
    taken = {assignment.partition("=")[0] for assignment in params.get("sets") or ()}
    if not all(name != "-" and os.path.isfile(name) and os.path.getsize(name) <= MOST_READ for name in files):
        return []
    try:
        text = "\n".join([program_in(read_text(name), name) for name in files] if files else words[:1])
        if len(text) > MOST_READ:
            return []
        return [name for name in input_names(parse(text)) if name not in taken]
    except CircuitError:
        return []
