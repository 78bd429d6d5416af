"""The circuit itself: a list of nodes in topological order, in which equal subexpressions are one node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from circuitcli.constants import CONSTANTS
from circuitcli.errors import UsageError

INPUT = "input"
CONSTANT = "constant"

# A node takes some 450 bytes and 6 microseconds: so many, written or expanded, are 2.3 GB and half a minute.
MOST_NODES = 5_000_000

SIGNIFICANT = 15  # decimal digits that a float64 keeps: up to here two texts of one float are one number


class Node(NamedTuple):
    """One use of a gate, its arguments being earlier nodes; or a leaf, whose `text` is the name of an input, a gate
    without arguments, or a constant as it was written: the decimal text or the name, never a float, so that any
    arithmetic can read it."""

    gate: str
    args: tuple[int, ...] = ()
    text: str = ""


new_node = tuple.__new__  # in half the time of Node(...)


class Uses(Protocol):
    """A node, or a line of a program, that is made of earlier ones."""

    @property
    def args(self) -> tuple[int, ...]: ...


class Graph:
    """Nodes in forward order, inputs first, and what they are called.

    `names` maps a name given in the text to its node, in order of definition; `inputs` maps the name of each input
    to its node; `defaults` holds, for an input that the text gives a value (`x = -2`), the constant circuit of it;
    `others` are the names of the results beside the output.
    """

    __slots__ = ("defaults", "inputs", "names", "nodes", "others", "output")

    def __init__(
        self,
        nodes: list[Node],
        output: int,
        names: Mapping[str, int] = {},
        defaults: Mapping[str, Graph] = {},
        others: Iterable[str] = (),
    ) -> None:
        self.nodes = nodes
        self.output = output
        self.names = dict(names)
        self.defaults = dict(defaults)
        self.others = tuple(others)
        self.inputs = {node.text: k for k, node in enumerate(nodes) if node.gate == INPUT}

    @property
    def answer(self) -> str:
        """The last name of the output, else value."""
        names = [name for name, k in self.names.items() if k == self.output]
        return names[-1] if names and names[-1] not in self.inputs else "value"

    @property
    def results(self) -> dict[str, int]:
        """The results by name, the output last. Raises UsageError where two have one name."""
        found = {name: self.names[name] for name in self.others}
        if found.pop(self.answer, self.output) != self.output:
            raise UsageError("a result is called value, and so is the last one", "name the last: f = ...")
        return {**found, self.answer: self.output}

    def answering(self, names: Sequence[str]) -> Graph:
        """Return the circuit in which some results or named nodes are results, of which a single one is the answer."""
        results = self.results
        others = [*self.others, *(name for name in names if name not in results)]
        if len(names) != 1 or names[0] == self.answer:
            return Graph(self.nodes, self.output, self.names, self.defaults, dict.fromkeys(others))
        (answer,) = names
        last = {**{name: k for name, k in self.names.items() if name != answer}, answer: self.names[answer]}
        beside = [name for name in (*others, self.answer) if name in self.names and name != answer]
        return Graph(self.nodes, last[answer], last, self.defaults, dict.fromkeys(beside))

    def ending(self, k: int) -> Graph:
        """Return the circuit whose output is another node, and its only result."""
        return Graph(self.nodes, k, self.names, self.defaults)

    def depends_on(self, wanted: Iterable[int]) -> list[bool]:
        """Tell for each node whether one of the wanted nodes lies at or below it."""
        below = [False] * len(self.nodes)
        for k in wanted:
            below[k] = True
        for k, node in enumerate(self.nodes):
            if not below[k]:
                for a in node.args:
                    if below[a]:
                        below[k] = True
                        break
        return below

    def named(self) -> dict[int, list[str]]:
        """Return the names of each named node; a node may have several."""
        found: dict[int, list[str]] = {}
        for name, k in self.names.items():
            found.setdefault(k, []).append(name)
        return found

    def called(self) -> list[str | None]:
        """Return the first name of each node, or None."""
        named = self.named()
        return [
            node.text if node.gate == INPUT else named[k][0] if k in named else None
            for k, node in enumerate(self.nodes)
        ]


def times_used(nodes: Sequence[Uses]) -> list[int]:
    """Return how often each node, or line of a program, is an argument of others."""
    found = [0] * len(nodes)
    for node in nodes:
        for a in node.args:
            found[a] += 1
    return found


def reached_from(nodes: Sequence[Uses], wanted: Iterable[int]) -> list[bool]:
    """Tell for each node, or line of a program, whether one of those wanted needs it."""
    reached = [False] * len(nodes)
    for k in wanted:
        reached[k] = True
    for k in range(len(nodes) - 1, -1, -1):
        if reached[k]:
            for a in nodes[k].args:
                reached[a] = True
    return reached


def down_from(nodes: Sequence[Uses], output: int, needed: Sequence[bool]) -> list[int]:
    """List the needed nodes that one node reaches, from it down, without a look at all others."""
    reached, pending = {output}, [output]
    while pending:
        for a in nodes[pending.pop()].args:
            if needed[a] and a not in reached:
                reached.add(a)
                pending.append(a)
    return sorted(reached, reverse=True)


class Builder:
    """Grows a graph. `add`, `constant` and `input` return a node's number, an old one where an equal node exists."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.varies: list[bool] = []  # whether an input lies at or below the node
        self._known: dict[Node, int] = {}
        self._inputs: dict[str, int] = {}
        self._constants: dict[str, int] = {}

    def add(self, gate: str, args: tuple[int, ...]) -> int:
        node = new_node(Node, (gate, args, "" if args else f"{gate}()"))
        known = self._known.get(node)
        if known is not None:
            return known
        self._known[node] = k = len(self.nodes)
        self.nodes.append(node)
        varies = self.varies
        varies.append(not args or True in [varies[a] for a in args])
        return k

    def has(self, gate: str, args: tuple[int, ...]) -> bool:
        """Whether there is such a node."""
        return Node(gate, args, "" if args else f"{gate}()") in self._known

    def constant(self, text: str) -> int:
        """Return the node of a number as it was written, or of a constant's name; 2, 2.0 and 2e0 are one node."""
        known = self._constants.get(text)
        if known is None:
            number = _same_number(text)
            known = self._constants.get(number)
            if known is None:
                known = self._leaf(Node(CONSTANT, (), text), False)
            self._constants[text] = self._constants[number] = known
        return known

    def input(self, name: str) -> int:
        known = self._inputs.get(name)
        if known is None:
            known = self._inputs[name] = self._leaf(Node(INPUT, (), name), True)
        return known

    @property
    def inputs(self) -> list[str]:
        """The names of the inputs."""
        return [*self._inputs]

    def _leaf(self, node: Node, varies: bool) -> int:
        self.nodes.append(node)
        self.varies.append(varies)
        return len(self.nodes) - 1

    def alone(self, output: int) -> Graph:
        """Return the graph of the nodes that one node reaches, without a look at all others."""
        reached, waiting = {output}, [output]
        while waiting:
            new = [a for a in self.nodes[waiting.pop()].args if a not in reached]
            reached.update(new)
            waiting += new
        moved = {k: new for new, k in enumerate(sorted(reached))}
        nodes = [self.nodes[k]._replace(args=tuple([moved[a] for a in self.nodes[k].args])) for k in moved]
        return Graph(nodes, moved[output])

    def graph(
        self,
        output: int,
        names: Mapping[str, int] = {},
        defaults: Mapping[str, Graph] = {},
        kept: Iterable[int] = (),
        others: Iterable[str] = (),
    ) -> Graph:
        """Return the graph of all nodes that the output, the names and `kept` reach, inputs first."""
        reached = reached_from(self.nodes, (output, *names.values(), *kept))
        inputs = [k for k, node in enumerate(self.nodes) if reached[k] and node.gate == INPUT]
        if all(reached) and (not inputs or inputs[-1] == len(inputs) - 1):
            return Graph(self.nodes.copy(), output, names, defaults, others)  # in order already
        order = inputs + [k for k, node in enumerate(self.nodes) if reached[k] and node.gate != INPUT]
        moved = [0] * len(self.nodes)
        for new, k in enumerate(order):
            moved[k] = new
        nodes = []
        for k in order:
            node = self.nodes[k]
            gate, args, text = node
            if args:
                moves = (moved[args[0]], moved[args[1]]) if len(args) == 2 else tuple([moved[a] for a in args])
                node = new_node(Node, (gate, moves, text))
            nodes.append(node)
        return Graph(nodes, moved[output], {name: moved[k] for name, k in names.items()}, defaults, others)


def _same_number(text: str) -> str:
    """Return a text that two spellings of one number share."""
    if text in CONSTANTS:
        return text
    mantissa = text.lower().partition("e")[0].replace(".", "").lstrip("0")
    value = float(text)
    exact = len(mantissa) <= SIGNIFICANT and (not mantissa or 1e-300 < value < 1e300)
    return repr(value) if exact else text
