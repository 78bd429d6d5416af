"""The nodes of a circuit as the public class shows them: bare, or at a point."""

from __future__ import annotations

from typing import NamedTuple


class CircuitNode(NamedTuple):
    """One node: its number, its name (or None), its gate, the numbers of its arguments, and its expression. There
    named nodes stand by name, and operands of long expressions as #number."""

    id: int
    name: str | None
    gate: str
    args: tuple[int, ...]
    expression: str


class EvaluatedNode(NamedTuple):
    """A node at a point. `gradient` is the derivative of the circuit's output by this node, None at constants;
    `kink` says that it is one of several, the node's gate having no one slope here."""

    id: int
    name: str | None
    gate: str
    args: tuple[int, ...]
    expression: str
    value: float
    gradient: float | None
    kink: bool
