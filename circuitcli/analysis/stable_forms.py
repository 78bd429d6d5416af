"""What people write by hand and a gate of the table does without overflow: 1/(1+exp(-x)) is sigmoid(x)."""

from __future__ import annotations

from collections.abc import Iterator

from circuitcli.graph import CONSTANT, Graph
from circuitcli.notation import expressions


def stable_form(graph: Graph, k: int) -> tuple[str, str] | None:
    """Of the expressions above node `k`, or itself, that a stable gate computes, the first with what to write."""
    above, texts = graph.depends_on([k]), expressions(graph)
    for i, needed in enumerate(above):
        if needed:
            for written, parts in _forms(graph, i, texts):
                if k == i or k in parts:
                    return texts[i], written
    return None


def _forms(graph: Graph, k: int, texts: list[str]) -> Iterator[tuple[str, set[int]]]:
    """The stable gates that compute node `k`, and the nodes between, which they do without."""
    gate, args, _ = graph.nodes[k]
    if gate == "div":
        top, bottom = args
        for one, e in _one_plus_exp(graph, bottom):
            u = graph.nodes[e].args[0]
            if top == one:
                yield f"sigmoid({_negated(graph, u, texts)})", {bottom, e}
            elif top == e:
                yield f"sigmoid({texts[u]})", {bottom, e}
            elif graph.nodes[u].gate == "neg" and graph.nodes[u].args[0] == top:
                yield f"silu({texts[top]})", {bottom, e}
        summands = _summands(graph, bottom)
        if graph.nodes[top].gate == "exp" and top in summands and _all(graph, summands, "exp"):
            whole = ", ".join(texts[graph.nodes[e].args[0]] for e in summands)
            yield f"exp({texts[graph.nodes[top].args[0]]} - logsumexp({whole}))", {bottom, *summands}
    elif gate == "log":
        for _, e in _one_plus_exp(graph, args[0]):
            yield f"softplus({texts[graph.nodes[e].args[0]]})", {args[0], e}
        summands = _summands(graph, args[0])
        if len(summands) > 1 and _all(graph, summands, "exp"):
            whole = ", ".join(texts[graph.nodes[e].args[0]] for e in summands)
            yield f"{'logaddexp' if len(summands) == 2 else 'logsumexp'}({whole})", {args[0], *summands}
        if graph.nodes[args[0]].gate in ("gamma", "factorial"):
            inner, plus = graph.nodes[args[0]], " + 1" if graph.nodes[args[0]].gate == "factorial" else ""
            yield f"lgamma({texts[inner.args[0]]}{plus})", {args[0]}
    elif gate == "log1p" and graph.nodes[args[0]].gate == "exp":
        yield f"softplus({texts[graph.nodes[args[0]].args[0]]})", {args[0]}
    elif gate == "sqrt":
        squares = [(s, root) for s in _summands(graph, args[0]) if (root := _root(graph, s)) is not None]
        if len(squares) == 2 == len(_summands(graph, args[0])):
            (a, x), (b, y) = squares
            yield f"hypot({texts[x]}, {texts[y]})", {args[0], a, b}


def _is_one(graph: Graph, k: int) -> bool:
    return graph.nodes[k].gate == CONSTANT and graph.nodes[k].text in ("1", "1.0", "1.")


def _one_plus_exp(graph: Graph, k: int) -> Iterator[tuple[int, int]]:
    """The 1 and the exponential of 1 + exp(u), in either order."""
    gate, args, _ = graph.nodes[k]
    if gate == "add":
        for one, e in (args, args[::-1]):
            if _is_one(graph, one) and graph.nodes[e].gate == "exp":
                yield one, e


def _summands(graph: Graph, k: int) -> list[int]:
    """The terms of a sum of sums."""
    terms, pending = [], [k]
    while pending:
        node = pending.pop()
        if graph.nodes[node].gate == "add":
            pending += reversed(graph.nodes[node].args)
        else:
            terms.append(node)
    return terms


def _all(graph: Graph, nodes: list[int], gate: str) -> bool:
    return all(graph.nodes[k].gate == gate for k in nodes)


def _root(graph: Graph, k: int) -> int | None:
    """What a node is the square of."""
    gate, args, _ = graph.nodes[k]
    if gate == "square" or (gate == "mul" and args[0] == args[1]):
        return args[0]
    if gate == "pow" and graph.nodes[args[1]].gate == CONSTANT and graph.nodes[args[1]].text in ("2", "2.0", "2."):
        return args[0]
    return None


def _negated(graph: Graph, k: int, texts: list[str]) -> str:
    """The text of -u."""
    gate, args, _ = graph.nodes[k]
    if gate == "neg":
        return texts[args[0]]
    if gate == "sub" and not graph.nodes[args[0]].args:
        return f"{texts[args[1]]} - {texts[args[0]]}"
    return f"-({texts[k]})" if args else f"-{texts[k]}"
