"""One point through a circuit: the values, the gradients, the kinks."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from operator import ne
from typing import TYPE_CHECKING, Any

from circuitcli.analysis.lost_parts import all_within, is_whole, lost_parts, lost_values
from circuitcli.engine.floats import FLOATS, HUGE, TINY
from circuitcli.engine.passes import backward, contributions, forward, kinks
from circuitcli.errors import InputError, NoValueError, UsageError
from circuitcli.gates import GATES
from circuitcli.graph import Graph, reached_from
from circuitcli.nested_names import in_short, to_set
from circuitcli.text_tests import refuse_tests
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.analysis.unbounded import Unbounded


UNFELT = 2.0**-56  # relative: what moves a float by less does not move it


class Point:
    """The two passes at one point. Lists run over the nodes of `graph`, in forward order.

    `wrt` names the inputs or nodes by which the output is differentiated; None means no backward pass. A gradient is
    None where it was not asked for: at constants, and at nodes that no wanted input or node reaches. The numbers are
    those of the arithmetic `m`. The backward pass ran `beyond` the range of floats where parts of it left that;
    `underflowed` are the nodes whose gradient is not 0, but below that range; `restored` are those whose gradient has
    digits that floats lost (lost_digits.py);
    `still` are those that count as constants, for their gradient is nan and yet they never move.
    """

    wanted: Sequence[int] = ()
    beyond = False
    underflowed: Sequence[int] = ()
    restored: Collection[int] = ()
    still: Sequence[int] = ()

    def __init__(
        self, graph: Graph, given: Mapping[str, Any], wrt: Sequence[str] | None = None, m: Any = FLOATS
    ) -> None:
        self.graph = graph
        self.m = m
        missing = [name for name in graph.inputs if name not in given and name not in graph.defaults]
        if missing:
            refuse_tests(missing)
            raise no_value(missing, [*given])
        self.given = given
        self.values: list[Any] = forward(graph, m, given, m.gates)
        self.wrt = wrt
        self.gradients: list[Any] = [None] * len(graph.nodes)
        if wrt is None:
            return
        self.wanted = [find(graph, name) for name in wrt]
        self.needed = graph.depends_on(self.wanted)
        self.gradients = self._backward()

    @cached_property
    def kinks(self) -> list[bool]:
        """Whether each node that the output needs stands at a kink."""
        return self._below_output(self._marks(self.graph, self.values))

    def _marks(self, graph: Graph, values: Sequence[Any]) -> list[Any]:
        return kinks(graph, self.m, values, self.needed) if self.wanted else [False] * len(values)

    def _below_output(self, marks: Sequence[Any]) -> list[bool]:
        """The marks of nodes that the output needs; those of others say nothing about its gradient."""
        if not any(marks):
            return [*marks]
        reached = reached_from(self.graph.nodes, [self.graph.output])
        return [bool(mark and here) for mark, here in zip(marks, reached, strict=True)]

    def _backward(self) -> list[Any]:
        """The gradients, as floats where the pass ran beyond their range."""
        found: Mapping[int, Any] = backward(self.graph, self.m, self.values, self.needed)
        if self.m is not FLOATS or not self.is_within(found):
            found = self._mended(found)
        # Nobody asks a slope of 0 for its sign, and -0.0 + 0.0 has none.
        return [found.get(k, 0.0) + 0.0 if need else None for k, need in enumerate(self.needed)]

    def _mended(self, found: Mapping[int, Any]) -> Mapping[int, Any]:
        """The derivatives without what nodes that never move made nan, and without what was lost on the way."""
        if any(map(ne, found.values(), found.values())) and self.m.isfinite(self.value):
            from circuitcli.analysis.still_nodes import still_nodes

            among = [k for k, g in found.items() if g != g and self.graph.nodes[k].args]
            self.still = still_nodes(self.graph, self.m, self.values, among)
            if self.still:  # whatever slopes they have been given, nothing comes of it
                self.needed = [need and k not in self.still for k, need in enumerate(self.needed)]
                found = backward(self.graph, self.m, self.values, self.needed)
        exact, self.beyond = self._beyond(found, self.needed)
        if self.beyond:
            found = {k: float(g) for k, g in exact.items()}
            self.underflowed = [k for k, g in exact.items() if g != 0.0 and abs(found[k]) < TINY]
        return found

    def derivatives(self, needed: Sequence[bool]) -> tuple[Mapping[int, Any], bool]:
        """The derivatives of the output by the needed nodes that it reaches, and whether they are numbers without the
        range of floats, which parts of them left on the way."""
        return self._beyond(backward(self.graph, self.m, self.values, needed), needed)

    def _beyond(self, found: Mapping[int, Any], needed: Sequence[bool]) -> tuple[Mapping[int, Any], bool]:
        if self.m is not FLOATS or self.is_within(found) or self.came_in() or not self.has_value:
            return found, False
        return (self.unbounded.gradients(needed), True) if self._is_lost(found, needed) else (found, False)

    def is_within(self, found: Mapping[int, Any]) -> bool:
        """Whether nothing hints at a loss: neither a gradient nor an edge that is dead for a value that may be lost."""
        if all_within(found.values()):
            return all(map(found.__contains__, self.wanted)) or not self.lost
        return is_whole(self.graph, self.values, found)

    @property
    def has_value(self) -> bool:
        """Whether the value is finite, be it beyond the range of floats."""
        return self.m.isfinite(self.value) or (self.lost != [] and self.unbounded.m.isfinite(self.unbounded.value))

    def _is_lost(self, found: Mapping[int, float], needed: Sequence[bool]) -> bool:
        """Whether gradients that are asked for hang on parts that left the range of floats, and are to be mended."""
        if any(abs(self.values[k]) > HUGE for k in self.lost):
            return True
        from circuitcli.analysis.loss_reach import moved_gradients, moved_values

        moved = moved_values(self.graph, self.values, self.lost)
        parts = lost_parts(self.graph, self.values, needed, found, moved)
        tiny = any(abs(found.get(k, 0.0)) < TINY for k in self.wanted)
        errors = moved_gradients(self.graph, self.values, needed, found, moved, parts, tiny)
        return any(not errors.get(k, 0.0) <= UNFELT * abs(found.get(k, 0.0)) < math.inf for k in self.wanted)

    @cached_property
    def lost(self) -> list[int]:
        """The nodes whose value seems to have left the range of floats."""
        return lost_values(self.graph, self.values)

    @cached_property
    def unbounded(self) -> Unbounded:
        """This point on numbers without such a range."""
        from circuitcli.analysis.unbounded import Unbounded

        return Unbounded(self.graph, self.values, self.lost)

    @property
    def value(self) -> Any:
        """The value of the output."""
        return self.values[self.graph.output]

    @property
    def results(self) -> dict[str, Any]:
        """The value of every result, that of the output last; over rows, of those that were asked for."""
        return {name: self.values[k] for name, k in self.graph.results.items() if self.values[k] is not None}

    @property
    def inputs(self) -> dict[str, Any]:
        """The value of every input, defaults included; over rows, of those that are one number."""
        return {name: self.values[k] for name, k in self.graph.inputs.items() if self.values[k] is not None}

    @property
    def gradient(self) -> dict[str, Any]:
        """The derivative of the output by each wanted input or node."""
        slopes = [self.gradients[k] for k in self.wanted]
        return {name: slope for name, slope in zip(self.wrt or (), slopes, strict=True) if slope is not None}

    def named(self, nodes: Collection[int]) -> list[str]:
        """The names of the gradient whose node is one of some."""
        return [name for name in self.gradient if find(self.graph, name) in nodes]

    def handed_on(self, k: int) -> Iterator[tuple[int, Any]]:
        """Yield each node that a node hands something on to in the backward pass, and what."""
        for i, c, _ in contributions(self.graph, self.m, self.values, self.needed, k, self.gradients[k]):
            yield i, c + 0.0

    def first_kink(self) -> str:
        """Write the first node that is at a kink; empty where none is."""
        from circuitcli.notation import in_words

        return next((in_words(self.graph)[k] for k, kink in enumerate(self.kinks) if kink), "")

    def came_in(self) -> list[str]:
        """List the inputs that are infinite or nan."""
        return [name for name, value in self.inputs.items() if not self.m.isfinite(value)]


def refuse_rows(graph: Graph, why: str, hint: str) -> None:
    """Raise UsageError where a gate is over rows alone; max and its kin, of one argument, are that at a point."""
    for node in graph.nodes:
        if node.gate in GATES and GATES[node.gate].only_over_rows:
            raise UsageError(f"{node.gate}(...) is over rows, and {why}", hint)


def no_input(name: str, known: Collection[str], what: str) -> InputError:
    """The error for a name that is no input of a circuit."""
    return InputError(f"{name} is not an input of {what}", f"its inputs are: {some_of(in_short(known)) or 'none'}")


def no_value(missing: Sequence[str], given: Collection[str]) -> NoValueError:
    """The error for inputs without a value."""
    from circuitcli.language.word_hints import instead_of_name
    from circuitcli.wording import between_values, values_of

    values = some_of(values_of(to_set(missing, given)), between_values())
    found = next(filter(None, (instead_of_name(name, given) for name in missing)), "")
    hint = f"{found}; or add {values}" if found else f"add {values}"
    return NoValueError(f"no value for {some_of(in_short(missing))}", hint, missing)


def find(graph: Graph, name: str) -> int:
    """Return the node that an input or a name stands for. Raises InputError where there is none."""
    k = graph.inputs.get(name, graph.names.get(name))
    if k is None:
        from circuitcli.language.names import near

        close = near(name, [*graph.inputs, *graph.names])
        known = some_of(dict.fromkeys([*graph.inputs, *graph.names])) or "none"
        raise InputError(
            f"{name} is no input and no named node", f"did you mean {close}?" if close else f"there are: {known}"
        )
    return k
