"""The gates by which loops gather: sum(x[i] for i in 1:3)."""

from __future__ import annotations

from circuitcli.gate_facts import OverLoops
from circuitcli.gates import ALIASES, GATES

# A product over rows would be no gate that fits, for its derivative by one factor is the product of all others.
_PRODUCT = ("prod", OverLoops("mul", "1"))


def gathers(word: str) -> OverLoops | None:
    """Return how a loop gathers by a gate, or None. A gate of any number of arguments has all at once."""
    name = ALIASES.get(word, word)
    if name == _PRODUCT[0]:
        return _PRODUCT[1]
    gate = GATES.get(name)
    if gate is None:
        return None
    return gate.over_loops or (OverLoops(name, at_once=True) if gate.many else None)


def chains() -> dict[str, str]:
    """Return the word by which loops gather for each gate of two arguments that they use: sum for add."""
    return {over.gate: name for name in gathering() if (over := gathers(name)) and not (over.at_once or over.average)}


def gathering() -> list[str]:
    """Return the names of all gates that gather."""
    return [*(name for name in GATES if gathers(name)), _PRODUCT[0]]
