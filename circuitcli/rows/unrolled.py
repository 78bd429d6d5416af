"""A circuit over few rows as one of a single point: the numbers of the rows are constants, and what gathers them is
written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuitcli.errors import UsageError
from circuitcli.gates import over_rows
from circuitcli.gathering import gathers
from circuitcli.graph import CONSTANT, INPUT, Builder, Graph
from circuitcli.rows.plan import Plan

MOST = 50_000  # nodes


def unrolled(plan: Plan, columns: Mapping[str, Sequence[float]]) -> Graph:
    """Return the circuit of the plan's one result over the rows of some columns. Raises UsageError for rows that are
    too many, and for an aggregate that is no gate among their numbers."""
    graph, varies, moving = plan.graph, plan.parts.varies, plan.wrt or ()
    count = len(next(iter(columns.values()), ()))
    size = sum(count if varies[k] else 1 for k in range(len(graph.nodes)) if plan.parts.reached[k])
    if size > MOST:
        fewer = max(1, count * MOST // size)
        raise UsageError(f"{count:,} rows are too many to be written out: {size:,} gates", f"take some: --head {fewer}")
    builder = Builder()
    alone: dict[int, int] = {}  # the nodes of what is one number
    by_row: dict[int, list[int]] = {}
    for k, (gate, args, text) in enumerate(graph.nodes):
        if not (plan.parts.reached[k] or (gate == INPUT and text in moving)):
            continue
        if k in plan.parts.aggregates:
            alone[k] = _gathered(builder, gate, len(args), [by_row[a] for a in args], count)
        elif not varies[k]:
            leaf = gate in (INPUT, CONSTANT)
            grown = builder.input if gate == INPUT else builder.constant
            alone[k] = grown(text) if leaf else builder.add(gate, tuple(alone[a] for a in args))
        elif gate == INPUT:
            by_row[k] = [_number(builder, x) for x in columns[text]]
        else:
            own = [by_row.get(a) or [alone[a]] * count for a in args]
            by_row[k] = [builder.add(gate, tuple(row)) for row in zip(*own, strict=True)]
    defaults = {name: default for name, default in graph.defaults.items() if alone.get(graph.inputs[name]) is not None}
    return builder.graph(alone[graph.output], {}, defaults)


def _gathered(builder: Builder, gate: str, arguments: int, rows: Sequence[Sequence[int]], count: int) -> int:
    """The node of what an aggregate gathers."""
    facts, gathered = over_rows(gate, arguments), gathers(gate)
    if not rows:  # the number of the rows
        return builder.constant(str(count))
    if gathered is None or len(rows) > 1 or facts is None:
        hint = "sum, mean, max, min and logsumexp are; a variance is mean(x^2) - mean(x)^2"
        raise UsageError(f"{gate} over rows is no gate among their numbers, and nothing is proven of it", hint)
    nodes = rows[0]
    if gathered.at_once:
        return builder.add(gathered.gate, tuple(nodes)) if count > 1 else nodes[0]
    total = nodes[0]
    for node in nodes[1:]:
        total = builder.add(gathered.gate, (total, node))
    return builder.add("div", (total, builder.constant(str(count)))) if gathered.average else total


def _number(builder: Builder, x: float) -> int:
    """The node of a number, which has the decimal that reads back to it."""
    node = builder.constant(repr(abs(x)))
    return node if x >= 0.0 else builder.add("neg", (node,))
