"""A circuit over rows that is taken for a log-likelihood, read by the terms of its output that add up rows."""

from __future__ import annotations

from circuitcli.analysis.likelihood import Likelihood
from circuitcli.gates import over_rows
from circuitcli.rows.monomials import monomial, numbers_of, product_of, sums
from circuitcli.rows.varying import Varying

ADDED = ("add", "sub")


def likelihood_of(parts: Varying, moving: list[int], rows: int) -> Likelihood:
    """Where all terms that add up rows are means, they are that of one row. A sum of squares is a chi-square, minus
    twice a log-likelihood, unless a number stands before it or before its squares, which may be the half."""
    graph = parts.graph
    depends, numbers = graph.depends_on(moving), numbers_of(graph)
    averages, chi_square = [], False
    waiting = [(graph.output, True)]
    while waiting:
        k, alone = waiting.pop()
        gate, args, _ = graph.nodes[k]
        if gate in ADDED:
            waiting += [(a, alone) for a in args if depends[a]]
        elif sums(graph, k):
            facts = over_rows(gate, len(args))
            averages.append(facts is not None and facts.average)
            _, powers = monomial(graph, numbers, depends, args[0])
            moved = [power for i, power in powers.items() if depends[i]]
            halves = [i for i, power in powers.items() if power % 2 and numbers[i] not in (None, 1.0)]
            chi_square |= alone and moved == [2] and not halves
        else:
            factors = product_of(graph, numbers, k)
            moved_on = [(a, power) for a, power in factors if depends[a]]
            if [power for _, power in moved_on] == [1.0]:
                waiting.append((moved_on[0][0], alone and len(factors) == 1))
    return Likelihood((rows if averages and all(averages) else 1) * (0.5 if chi_square else 1.0), chi_square)
