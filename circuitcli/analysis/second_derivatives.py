"""The second derivatives of a circuit as straight-line code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from circuitcli.analysis.derivatives import Derivatives
from circuitcli.engine.python_source import PythonSource, function
from circuitcli.engine.tracer import ExactRecorder, straight
from circuitcli.graph import Graph

Vector = list[float]


def second_derivatives(
    graph: Graph, names: Sequence[str], given: Mapping[str, float], others: Sequence[str] = ()
) -> Callable[[Vector], list[Vector]]:
    """Return those by the inputs `names`, as a function of these and of the `others` behind them; all more are
    `given`."""
    count, inputs = len(names), [*names, *others]
    found = Derivatives(graph, names).second()
    pairs = [found.hessian[a, b] for a in names for b in names]
    known = {f"#{k}": k for k in dict.fromkeys(pairs)}
    graph = found.graph({**known, "#": graph.output})
    places = {k: graph.names[name] for name, k in known.items()}
    source = PythonSource(straight(graph, inputs, [*places.values()], [], ExactRecorder()), inputs, given)
    texts = dict(zip(places, source.outputs, strict=True))
    rows = [", ".join(texts[k] for k in pairs[i : i + count]) for i in range(0, count * count, count)]
    lines = [*source.lines, f"return [{', '.join(f'[{row}]' for row in rows)}]"]
    compiled = function(f"hessian({', '.join(f'x{i}' for i in range(len(inputs)))})", lines, source.known)
    return lambda x: compiled(*x)
