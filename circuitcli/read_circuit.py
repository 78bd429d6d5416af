"""A circuit as it is read from its text: its graph, and numbers bound to its inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from circuitcli.analysis.point import Point, no_input
from circuitcli.constants import CONSTANTS
from circuitcli.errors import InputError, shortened
from circuitcli.family_arguments import Forms, families_of, spread
from circuitcli.frame_libraries import first_row, library_of
from circuitcli.graph import Graph
from circuitcli.language import Program, canonical, graph_of, parse
from circuitcli.notation import LONG
from circuitcli.visible_text import some_of

Inputs = Mapping[str, Any]  # numbers, arrays over rows, and families whole
NOTHING: Inputs = {}


class ReadCircuit:
    """A circuit read from its text. With `parts` names such as a.b and a[1] are inputs, as over rows of JSON."""

    def __init__(self, text: str, /, *, parts: bool = False) -> None:
        self.program = self._read(text)
        self.parts = parts
        self.graph = self._resolved(frozenset())
        # inputs of the circuit that this was derived from, lost on the way
        self.vanished: frozenset[str] = frozenset()
        self.families = families_of(self.graph.inputs)
        self._result = ""  # the one that it is of alone
        self._rebound: dict[frozenset[str], Graph] = {}

    def __reduce__(self) -> tuple[Callable[..., ReadCircuit], tuple[str], dict[str, object]]:
        """A copy is read anew."""
        return partial(ReadCircuit, parts=self.parts), (self.program.text,), {"vanished": self.vanished}

    def _read(self, text: str) -> Program:
        return parse(text)

    def _resolved(self, bound: frozenset[str]) -> Graph:
        """The circuit of the text, in which names of constants that are `bound` are inputs."""
        return graph_of(self.program, bound, self.parts)

    @property
    def inputs(self) -> list[str]:
        """The names of the inputs, as first met."""
        return list(self.graph.inputs)

    def at(self, point: Inputs | None, inputs: Inputs = NOTHING, wrt: Sequence[str] | None = None) -> Point:
        """Run both passes at a point, by `wrt`, else by the inputs that `wanted` names."""
        graph, given = self.bind(point, inputs)
        return Point(graph, given, wanted(graph, given) if wrt is None else [canonical(name) for name in wrt])

    def bind(self, point: Inputs | None, inputs: Inputs) -> tuple[Graph, dict[str, float]]:
        """The graph in which a constant that is given a value is an input, and the values of its inputs."""
        if self.has_families(point, inputs):
            point, inputs, _ = self.spread(point, inputs)
        strict = {canonical(name): value for name, value in inputs.items()}
        loose = {canonical(name): value for name, value in mapping(point).items()}
        graph = self._with_inputs(frozenset(name for name in (*strict, *loose) if name in CONSTANTS))
        unknown = [name for name in strict if name not in graph.inputs and name not in self.vanished]
        if unknown:
            raise no_input(some_of(unknown), graph.inputs, self.shown)
        given = {}
        for name, value in {**loose, **strict}.items():
            if name in graph.inputs:
                given[name] = value if type(value) is float else number(f"the value of {name}", value)
        return graph, given

    def has_families(self, point: Inputs | None, inputs: Inputs) -> bool:
        """Whether a family is given whole."""
        known = self.families
        return bool(known) and any(canonical(name) in known for given in (mapping(point), inputs) for name in given)

    def spread(self, point: Inputs | None, inputs: Inputs) -> tuple[Inputs, dict[str, Any], Forms]:
        """The inputs with a value for each element of a family, and the families that were given whole."""
        loose, more = spread(mapping(point), self.families)
        strict, forms = spread(inputs, self.families)
        return loose, strict, more | forms

    def ending(self, name: str) -> ReadCircuit:
        """The circuit of a result or named node alone."""
        circuit = type(self).__new__(type(self))
        vars(circuit).update(vars(self), graph=_ending(self.graph, name), _result=name, _rebound={})
        return circuit

    def _with_inputs(self, constants: frozenset[str]) -> Graph:
        """The graph in which the names of some constants are inputs, built once."""
        if not constants:
            return self.graph
        if constants not in self._rebound:
            graph = self._resolved(constants)
            self._rebound[constants] = _ending(graph, self._result) if self._result else graph
        return self._rebound[constants]

    @property
    def shown(self) -> str:
        """The text where it is short, to name the circuit in a message."""
        text = self.program.text.strip()
        return text if len(text) <= LONG and "\n" not in text else "the circuit"


def _ending(graph: Graph, name: str) -> Graph:
    """The circuit of a result or named node alone."""
    return graph.ending(graph.names.get(name, graph.output))


def mapping(point: Inputs | None) -> Inputs:
    """The inputs that are given as one mapping. Raises InputError where they are none."""
    if point is not None and not isinstance(point, Mapping):
        raise no_mapping(point)
    return point or {}


def no_mapping(point: object) -> InputError:
    """The error of inputs that are no mapping; for a table with the way to one of its rows."""
    hint = 'give keywords, x=3, or a mapping: {"x": 3}'
    if row := first_row(point):
        hint = f"this is at a point, as {row} is one; calls, gradient, jacobian, map and fit take tables"
    elif library_of(point) == "pandas":
        hint = "give a keyword, x=series; a row of a frame is row.to_dict()"
    return InputError(f"inputs are no {type(point).__name__}", hint)


def is_array(x: object) -> bool:
    """Whether an input varies by row: a list, or an array of NumPy, pandas or pyarrow; told without loading them."""
    return isinstance(x, (list, tuple)) or (hasattr(x, "__array__") and getattr(x, "ndim", 1) > 0)


def number(what: str, value: Any) -> float:
    """The number that a value is. Raises InputError where it is none."""
    if is_array(value):
        raise InputError(
            f"{what} is an array", "over arrays there are the value, gradient, value_and_gradient, jacobian and jvp"
        )
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError) as error:
        large = isinstance(error, OverflowError)
        fault, hint = ("too large", "float64 ends at 1.8e308") if large else ("no number", "give a real number")
        if isinstance(value, Mapping):
            hint = "the numbers that a search found are found.x"
        raise InputError(f"{what} is {fault}: {shortened(repr(value), LONG)}", hint) from None


def wanted(graph: Graph, given: Mapping[str, float]) -> list[str]:
    """The inputs to differentiate by when none are named: those without a default and those given, else all."""
    free = [name for name in graph.inputs if name not in graph.defaults or name in given]
    return free or list(graph.inputs)
