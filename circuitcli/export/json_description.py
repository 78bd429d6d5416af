"""A circuit as JSON for other programs, written and read back.

    {"circuit": 1, "program": TEXT, "inputs": [NAME, ...], "output": ID, "names": {NAME: ID}, "defaults": {NAME: TEXT},
     "nodes": [{"id": 0, "gate": "input", "name": "x"}, {"id": 1, "gate": "constant", "text": "2"},
               {"id": 2, "gate": "pow", "args": [0, 1]}, ...]}

`circuit` is the version of the form. Nodes stand in forward order: an argument is an earlier node. A constant is the
decimal text of a number or the name of one. A node of a gate that holds a circuit has that, too, on its arguments p1,
p2, ...: {"id": 3, "gate": "root", "circuit": "root(x: x^3 - p1, p2)", "args": [0, 2]}. `program` is for people; a
reader goes by `nodes`. Where there are several results, `results` has their names.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypedDict

from circuitcli.constants import CONSTANTS
from circuitcli.errors import ExpressionError, FileError
from circuitcli.gates import GATES
from circuitcli.graph import CONSTANT, INPUT, Graph, Node
from circuitcli.held_gates import HeldGate
from circuitcli.language import canonical, graph_of, is_name, parse
from circuitcli.notation import Text, write
from circuitcli.program_text import program

VERSION = 1


class Description(TypedDict):
    """The object that a file holds."""

    circuit: int
    program: str
    inputs: list[str]
    output: int
    names: dict[str, int]
    defaults: dict[str, str]
    nodes: list[dict[str, object]]


class DescriptionOfSeveral(Description, total=False):
    """The object of a circuit with several results."""

    results: list[str]


def text(graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph]) -> str:
    """The description of a circuit as a file, a key a line and a node a line; inputs that are `given` a value have it
    as their default."""
    # An output that is not UTF-8 gets escapes, which every JSON reader understands.
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    dumps = partial(json.dumps, ensure_ascii=plain)
    found = description(Graph(graph.nodes, graph.output, graph.names, {**graph.defaults, **given}, graph.others))
    lines = [f"{dumps(key)}: {dumps(value)}" for key, value in found.items() if key != "nodes"]
    nodes = ",\n  ".join(map(dumps, found["nodes"]))
    return "{" + ",\n ".join([*lines, f'"nodes": [\n  {nodes}]']) + "}\n"


def description(graph: Graph) -> DescriptionOfSeveral:
    """The description of a circuit."""
    nodes: list[dict[str, object]] = []
    for k, (gate, args, text) in enumerate(graph.nodes):
        row: dict[str, object] = {"id": k, "gate": gate.kind if isinstance(gate, HeldGate) else gate}
        if isinstance(gate, HeldGate):
            row["circuit"] = write(gate, _places(len(args))).text
        leaf = {"name": text} if gate == INPUT else {"text": text} if gate == CONSTANT else {"args": list(args)}
        nodes.append({**row, **leaf})
    found: DescriptionOfSeveral = {
        "circuit": VERSION,
        "program": program(graph),
        "inputs": list(graph.inputs),
        "output": graph.output,
        "names": graph.names,
        "defaults": {name: program(value) for name, value in graph.defaults.items()},
        "nodes": nodes,
    }
    if len(results := list(graph.results)) > 1:
        found["results"] = results
    return found


def _places(count: int) -> list[Text]:
    """The arguments of a gate by their places: p1, p2, ..."""
    return [Text(f"p{i + 1}") for i in range(count)]


def program_of(text: str, shown: str) -> str:
    """The program of a description, which the messages call `shown`. Raises FileError where it is none."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileError(f"{shown} is no JSON: {error}") from None
    if not isinstance(content, dict) or content.get("circuit") != VERSION or not isinstance(content.get("nodes"), list):
        raise FileError(f"{shown} describes no circuit", "circuit export EXPR --to json writes one")
    try:
        return program(_DescriptionReader(content).graph())
    except _Wrong as wrong:
        raise FileError(f"{shown}: {wrong}") from None


class _Wrong(Exception):  # noqa: N818
    """A description says something impossible."""


class _DescriptionReader:
    """Reads a description with suspicion, for people and other programs write some."""

    def __init__(self, content: Mapping[str, object]) -> None:
        self._content = content

    def graph(self) -> Graph:
        rows = self._content["nodes"]
        assert isinstance(rows, list)
        nodes: list[Node] = []
        for k, row in enumerate(rows):
            if not isinstance(row, dict) or row.get("id", k) != k:
                raise _Wrong(f"node {k} is no object with the id {k}")
            nodes.append(self._node(k, row))
        if not nodes:
            raise _Wrong("there are no nodes")
        inputs = {node.text: k for k, node in enumerate(nodes) if node.gate == INPUT}
        constants = {node.text for node in nodes if node.gate == CONSTANT}
        names: dict[str, int] = {}
        for name, place in self._mapping("names").items():
            self._name(name, "a name of a node")
            k = names[name] = self._place(place, len(nodes), f"the node of {name}")
            if inputs.get(name, k) != k:
                raise _Wrong(f"{name} is an input and another node")
        for name in (*names, *inputs):
            if name in constants:
                raise _Wrong(f"{name} is a constant and the name of a node")
        graph = Graph(
            nodes, self._place(self._content.get("output"), len(nodes), "output"), names, {}, self._results(names)
        )
        if len(graph.inputs) < sum(node.gate == INPUT for node in nodes):
            raise _Wrong("two inputs have one name")
        for name, value in self._mapping("defaults").items():
            if name not in graph.inputs:
                raise _Wrong(f"{name} has a default and is no input")
            graph.defaults[name] = self._default(name, value)
        return graph

    def _results(self, names: Mapping[str, int]) -> list[str]:
        """The names among the results."""
        found = self._content.get("results", [])
        if not isinstance(found, list) or any(not isinstance(name, str) for name in found):
            raise _Wrong("results is no list of names")
        return [name for name in found if name in names]

    def _node(self, k: int, row: Mapping[str, object]) -> Node:
        gate, args = row.get("gate"), row.get("args", [])
        if gate == INPUT:
            return Node(INPUT, (), self._name(row.get("name"), f"the input at node {k}"))
        if gate == CONSTANT:
            return Node(CONSTANT, (), self._number(row.get("text"), k))
        if "circuit" in row:
            return self._held(k, row["circuit"], args)
        if not isinstance(gate, str) or gate not in GATES:
            raise _Wrong(f"node {k} is of no gate: {json.dumps(gate)}")
        if not isinstance(args, list) or not GATES[gate].accepts(len(args)):
            raise _Wrong(f"node {k}: {gate} takes {GATES[gate].arity} arguments, earlier nodes")
        return Node(
            gate, tuple(self._place(a, k, f"an argument of node {k}") for a in args), "" if args else f"{gate}()"
        )

    def _held(self, k: int, text: object, args: object) -> Node:
        """The node of a gate that holds a circuit, on arguments in the order of their places."""
        graph = self._graph_of(text)
        gate, own, _ = graph.nodes[graph.output] if graph is not None else Node("")
        names = [f"p{i + 1}" for i in range(len(args))] if isinstance(args, list) else []
        if graph is None or not isinstance(gate, HeldGate) or not {*graph.inputs} <= {*names}:
            raise _Wrong(f"node {k} holds no circuit of its arguments p1, p2, ...: {json.dumps(text)}")
        assert isinstance(args, list)
        found = [graph.nodes[a] for a in own]
        if any(node.gate != INPUT for node in found):
            raise _Wrong(f"node {k} takes more than its arguments: {json.dumps(text)}")
        return Node(
            gate, tuple([self._place(args[names.index(node.text)], k, f"an argument of node {k}") for node in found])
        )

    def _place(self, k: object, end: int, what: str) -> int:
        if not isinstance(k, int) or isinstance(k, bool) or not 0 <= k < end:
            raise _Wrong(f"{what} is no earlier node: {json.dumps(k)}")
        return k

    def _name(self, name: object, what: str) -> str:
        if not isinstance(name, str) or not is_name(name) or canonical(name) != name:
            raise _Wrong(f"{what} is called {json.dumps(name)}, which is no name")
        return name

    def _number(self, text: object, k: int) -> str:
        if isinstance(text, str) and text in CONSTANTS:
            return text
        graph = self._graph_of(text)
        if graph is None or [node.gate for node in graph.nodes] != [CONSTANT]:
            raise _Wrong(f"node {k} is no constant: {json.dumps(text)}")
        return graph.nodes[0].text

    def _default(self, name: str, value: object) -> Graph:
        graph = self._graph_of(value)
        if graph is None or any(not node.args and node.gate != CONSTANT for node in graph.nodes):
            raise _Wrong(f"the default of {name} is no constant expression: {json.dumps(value)}")
        return graph

    def _graph_of(self, text: object) -> Graph | None:
        """The graph of an expression; None where it cannot be read."""
        try:
            return graph_of(parse(text)) if isinstance(text, str) else None
        except ExpressionError:
            return None

    def _mapping(self, key: str) -> dict[str, object]:
        found = self._content.get(key, {})
        if not isinstance(found, dict):
            raise _Wrong(f"{key} is no object")
        return found
