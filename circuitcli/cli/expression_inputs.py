"""The inputs of the expressions that are among some words, for hints on words that set none."""

from __future__ import annotations

from collections.abc import Iterable

from circuitcli.errors import CircuitError

MOST_READ = 2**14  # characters of a program: reading them takes a tenth of a second, and nobody waits longer


def inputs_among(words: Iterable[str]) -> list[str]:
    """The inputs of the words that are expressions."""
    from circuitcli.language import parse
    from circuitcli.language.free_names import input_names

    found: list[str] = []
    for word in words:
        if len(word) <= MOST_READ:
            try:
                found += input_names(parse(word, ()))  # of equations, too
            except CircuitError:
                continue
    return found
