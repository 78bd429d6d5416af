"""Second derivatives of one number over rows: those of each row, summed, and the chain rule around the sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.analysis.derivatives import Derivatives, Hessian
from circuitcli.analysis.point import Point
from circuitcli.engine.symbols import Symbols
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.engine.tracer import Recorder, Traced, recorded
from circuitcli.gate_facts import SUMS
from circuitcli.gates import over_rows
from circuitcli.graph import Graph, Node, reached_from
from circuitcli.rows.gathered_point import GatheredPoint
from circuitcli.rows.varying import Varying

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray

MANY = 30  # inputs, beyond which their pairs are too many for a circuit of each


def summed(parts: Varying, moving: Sequence[int]) -> list[int] | None:
    """The aggregates that move, where all of them are sums or means and the inputs few; else None."""
    graph = parts.graph
    depends = graph.depends_on(moving)
    moved = [k for k in parts.aggregates if depends[k]]
    gathers = [over_rows(graph.nodes[k].gate, len(graph.nodes[k].args)) for k in moved]
    plain = all(facts is not None and facts.gathers == SUMS for facts in gathers)
    return moved if plain and len(moving) <= MANY else None


def row_derivatives(parts: Varying, columns: Sequence[str], names: Sequence[str], sums: Sequence[int]) -> TracedProgram:
    """For the argument of each sum the derivatives by the inputs, and then those by each pair of them."""
    m = Recorder()
    outputs: list[Traced] = []
    for k in sums:
        row = Symbols(parts.graph).builder.graph(parts.graph.nodes[k].args[0])
        found = Derivatives(row, [name for name in names if name in row.inputs]).second()
        wanted = [found.gradient.get(name) for name in names]
        wanted += [found.hessian.get(pair) for pair in combinations_with_replacement(names, 2)]
        circuit = found.graph({f"#{i}": i for i in (row.output, *wanted) if i is not None})
        values = recorded(circuit, columns, m)
        outputs += [0.0 if i is None else values[circuit.names[f"#{i}"]] for i in wanted]
    return m.program(outputs)


def curvature(answer: GatheredPoint, names: Sequence[str], sums: Sequence[int], totals: Sequence[float]) -> FloatArray:
    """The second derivatives by the inputs, from the totals of `row_derivatives` over all rows."""
    count = len(names)
    graph, outer = _around_sums(answer.outer, tuple(names), tuple(sums))
    numbers = outer.at(Point(graph, {**answer.given, **answer.brought})).numbers
    bent = np.array([[float(numbers[a, b]) for b in outer.names] for a in outer.names])
    slopes, bends = np.eye(count), np.zeros((count, count))
    for k, first, second in by_sum(totals, sums, count):
        share = answer.share(k)
        slopes = np.vstack([slopes, share * first])
        bends += (answer.gradients[k] or 0.0) * share * second
    with np.errstate(all="ignore"):  # a root has no second derivative at 0
        found: FloatArray = slopes.T @ bent @ slopes + bends
    return found


@lru_cache(maxsize=8)
def _around_sums(outer: Graph, names: tuple[str, ...], sums: tuple[int, ...]) -> tuple[Graph, Hessian]:
    """The circuit of one number around sums, and its second derivatives; groups of rows share it."""
    graph = around(outer, [outer.inputs[name] for name in names])
    return graph, Hessian(graph, [*names, *[f"#{k}" for k in sums]])


def by_sum(totals: Sequence[float], sums: Sequence[int], count: int) -> Iterator[tuple[int, FloatArray, FloatArray]]:
    """Yield each sum with the first and the second derivatives of what it gathers, from such totals."""
    table: FloatArray = np.array(totals).reshape(len(sums), count * (count + 3) // 2)
    for k, total in zip(sums, table, strict=True):
        own = np.zeros((count, count))
        own[np.triu_indices(count)] = total[count:]
        yield k, total[:count], own + own.T - np.diag(own.diagonal())


def around(graph: Graph, inputs: Sequence[int]) -> Graph:
    """The nodes that the output needs, and some inputs; their names stay."""
    nodes: list[Node] = []
    moved: dict[int, int] = {}
    for k, reached in enumerate(reached_from(graph.nodes, [graph.output, *inputs])):
        if reached:
            moved[k] = len(nodes)
            nodes.append(graph.nodes[k]._replace(args=tuple([moved[a] for a in graph.nodes[k].args])))
    return Graph(nodes, moved[graph.output], {name: moved[k] for name, k in graph.names.items() if k in moved})
