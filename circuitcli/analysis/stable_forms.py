"""Expressions that overflow where a gate of the table does not: for 1/(1 + exp(-x)) write sigmoid(x)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import permutations, product
from typing import NamedTuple

from circuitcli.engine.floats import FLOATS
from circuitcli.gate_facts import SUM, SUMS
from circuitcli.gates import GATES
from circuitcli.graph import CONSTANT, INPUT, Builder, Graph
from circuitcli.notation import HIDDEN, Text, in_words, leaf, write

# As written by hand, and as it is stable. A name stands for any expression, c for an input or a constant; the two
# arguments of a symmetric gate may change places. `sum` is a sum of two terms or more: inside it a name stands for
# that of every term, outside for one of these. Of several forms that fit the first is named.
FORMS = (
    ("1/(1 + exp(-u))", "sigmoid(u)"),
    ("1/(1 + exp(c - u))", "sigmoid(u - c)"),
    ("1/(1 + exp(u))", "sigmoid(-u)"),
    ("exp(u)/(1 + exp(u))", "sigmoid(u)"),
    ("u/(1 + exp(-u))", "silu(u)"),
    ("exp(u)/sum(exp(u))", "exp(u - logsumexp(u))"),
    ("(1 + tanh(u/2))/2", "sigmoid(u)"),
    ("log(1 - sigmoid(u))", "logsigmoid(-u)"),
    ("log1p(-sigmoid(u))", "logsigmoid(-u)"),
    ("log(1 - 1/(1 + exp(-u)))", "logsigmoid(-u)"),
    ("log(1 - 1/(1 + exp(c - u)))", "logsigmoid(c - u)"),
    ("log(1 - exp(u)/(1 + exp(u)))", "logsigmoid(-u)"),
    ("log(sigmoid(u))", "logsigmoid(u)"),
    ("log(1 - normcdf(u))", "log(normcdf(-u))"),
    ("log(1 + exp(u))", "softplus(u)"),
    ("log1p(exp(u))", "softplus(u)"),
    ("log(exp(u) + exp(v))", "logaddexp(u, v)"),
    ("log(sum(exp(u)))", "logsumexp(u)"),
    ("log(gamma(u))", "lgamma(u)"),
    ("log(factorial(u))", "lgamma(u + 1)"),
    ("sqrt(u^2 + v^2)", "hypot(u, v)"),
)
SQUARES = ("{0}^2", "{0}*{0}", "square({0})")  # each stands for u^2 in a form
LEAF = "c"


class Fit(NamedTuple):
    """The place of a form in a circuit: the node of each name, the nodes of each name inside a sum, and the nodes that
    the stable gate does without."""

    one: dict[str, int]
    every: dict[str, list[int]]
    spared: frozenset[int]


NOTHING = Fit({}, {}, frozenset())


def stable_form(graph: Graph, k: int) -> tuple[str, str] | None:
    """Find the first expression that a stable gate computes without node `k`; return it and what to write for it, in
    the names of the form where it is long."""
    above, texts = graph.depends_on([k]), in_words(graph)
    for i, needed in enumerate(above):
        if needed:
            for form, stable in _forms():
                for fit in _fits(form, form.output, graph, i, NOTHING):
                    if k in fit.spared:
                        if HIDDEN in texts[i] and not fit.every:
                            return in_words(form)[form.output], in_words(stable)[stable.output]
                        return texts[i], _written(stable, graph, fit, texts)
    return None


def stable(graph: Graph) -> Graph | None:
    """The circuit with the stable gate in place of every form; None where there is none."""
    found = None
    while (further := _replaced(graph)) is not None:  # a stable gate may be part of another form
        found = graph = further
    return found


def _replaced(graph: Graph) -> Graph | None:
    builder, moved, changed = Builder(), list[int](), False
    for k, (gate, args, text) in enumerate(graph.nodes):
        fitting = ((to, fit) for form, to in _forms() for fit in _fits(form, form.output, graph, k, NOTHING))
        if args and (found := next(fitting, None)) is not None:
            changed = True
            moved.append(_built(builder, *found, moved))
        else:
            moved.append(builder.add(gate, tuple([moved[a] for a in args])) if args else _leaf(builder, gate, text))
    if not changed:
        return None
    names, inputs = {name: moved[k] for name, k in graph.names.items()}, [moved[k] for k in graph.inputs.values()]
    return builder.graph(moved[graph.output], names, graph.defaults, inputs, graph.others)


def _built(builder: Builder, stable: Graph, fit: Fit, moved: Sequence[int]) -> int:
    """Add the stable form on what its names stand for; return its node."""
    nodes: list[int] = []
    for gate, args, text in stable.nodes:
        if gate == INPUT:
            nodes.append(moved[fit.one[text]] if text in fit.one else -1)  # inside a sum: one for each term
        elif args:
            every = _every(stable, fit, gate, args)
            nodes.append(builder.add(gate, tuple([moved[k] for k in every] or [nodes[a] for a in args])))
        else:
            nodes.append(_leaf(builder, gate, text))
    return nodes[stable.output]


def _leaf(builder: Builder, gate: str, text: str) -> int:
    if gate == INPUT:
        return builder.input(text)
    return builder.constant(text) if gate == CONSTANT else builder.add(gate, ())


def _every(stable: Graph, fit: Fit, gate: str, args: Sequence[int]) -> Sequence[int]:
    """The nodes of all terms, for a gate of the stable form that takes them together."""
    return fit.every.get(stable.nodes[args[0]].text, ()) if GATES[gate].many and len(args) == 1 else ()


@cache
def _forms() -> list[tuple[Graph, Graph]]:
    """Read the forms, with their squares in every spelling."""
    from circuitcli.language import graph_of, parse

    found = []
    for by_hand, stable in FORMS:
        start, *others = re.split(r"(\w)\^2", by_hand)
        names, rests = others[::2], others[1::2]
        for squares in product(SQUARES, repeat=len(names)):
            spelled = [square.format(name) + rest for square, name, rest in zip(squares, names, rests, strict=True)]
            found.append((graph_of(parse(start + "".join(spelled))), graph_of(parse(stable))))
    return found


def _fits(form: Graph, p: int, graph: Graph, k: int, fit: Fit) -> Iterator[Fit]:
    """Yield the ways in which node `p` of a form lies on node `k` of a circuit."""
    (gate, args, text), node = form.nodes[p], graph.nodes[k]
    if gate == INPUT:
        if fit.one.get(text, k) == k and not (text == LEAF and node.args):
            yield fit._replace(one={**fit.one, text: k})
    elif gate == CONSTANT:
        if node.gate == CONSTANT and FLOATS.constant(node.text) == FLOATS.constant(text):
            yield fit
    elif (rows := GATES[gate].over_rows) is not None and rows.gathers == SUMS:
        yield from _fits_terms(form, args[0], graph, k, fit)
    elif gate == node.gate and len(args) == len(node.args):
        for order in permutations(args) if GATES[gate].symmetric else (args,):
            yield from _fits_all(form, order, graph, node.args, fit._replace(spared=fit.spared | {k}))


def _fits_all(form: Graph, args: Sequence[int], graph: Graph, nodes: Sequence[int], fit: Fit) -> Iterator[Fit]:
    """Yield the ways in which several nodes of a form lie on as many of a circuit."""
    if not args:
        yield fit
        return
    for first in _fits(form, args[0], graph, nodes[0], fit):
        yield from _fits_all(form, args[1:], graph, nodes[1:], first)


def _fits_terms(form: Graph, p: int, graph: Graph, k: int, fit: Fit) -> Iterator[Fit]:
    """Yield the way in which node `p` of a form lies on every term of a sum."""
    terms = _terms(graph, k)
    fits = [each for term in terms for each in _fits(form, p, graph, term, NOTHING)]
    if len(fits) == len(terms) > 1:
        every = {name: [each.one[name] for each in fits] for name in fits[0].one}
        if all(name not in fit.one or fit.one[name] in nodes for name, nodes in every.items()):
            yield Fit(fit.one, every, fit.spared.union({k}, *(each.spared for each in fits)))


def _terms(graph: Graph, k: int) -> list[int]:
    """List the terms of a sum of sums."""
    terms, pending = [], [k]
    while pending:
        gate, args, _ = graph.nodes[k := pending.pop()]
        if gate == "add":
            pending += reversed(args)
        else:
            terms.append(k)
    return terms


def _written(stable: Graph, graph: Graph, fit: Fit, texts: Sequence[str]) -> str:
    """Write the stable form with the expressions that its names stand for."""

    def operand(k: int) -> Text:
        return Text(texts[k], SUM) if graph.nodes[k].args else leaf(texts[k])

    parts: list[Text] = []
    for gate, args, text in stable.nodes:
        if gate == INPUT:
            parts.append(operand(fit.one[text]) if text in fit.one else Text(text))
        elif args:
            every = _every(stable, fit, gate, args)
            parts.append(write(gate, [operand(k) for k in every] or [parts[a] for a in args]))
        else:
            parts.append(leaf(text))
    return parts[stable.output].text
