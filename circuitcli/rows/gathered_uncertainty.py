"""The uncertainty of one answer from all rows. Each row moves it by itself, through the aggregates that it is in: a
second pass over the rows, once the aggregates are known."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from circuitcli.analysis.uncertainty import Share, Uncertainty, correlation, total
from circuitcli.engine.passes import backward
from circuitcli.engine.python_rows import PythonKernel
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.engine.tracer import Recorder, Traced, recorded
from circuitcli.rows.aggregate_parts import facts_of
from circuitcli.rows.gathered_point import GatheredPoint
from circuitcli.rows.plan import Plan
from circuitcli.rows.uncertainties import Uncertainties

Columns = Mapping[str, Any]


Rows = tuple[Columns, int]  # columns, and how many rows they have


def uncertainty_of(plan: Plan, uncertain: Uncertainties, point: GatheredPoint, rows: Iterable[Rows]) -> Uncertainty:
    """The uncertainties of the results, and the parts of the inputs in that of the output."""
    inputs, numbers = {name: plan.graph.inputs[name] for name in uncertain.names}, uncertain.numbers
    needed = plan.graph.depends_on(inputs.values())
    slopes = {k: point.slopes_of(k, needed) for k in plan.spreads.values()}
    m = Recorder()
    values = recorded(plan.graph, plan.used, m)
    moves: list[Traced] = []
    for by in slopes.values():
        by_row = _by_row(plan, point, m, values, needed, by)
        for name, spread in uncertain.columns.items():
            moves.append(by_row.get(inputs[name], 0.0) * spread.traced(m, values[inputs[name]]))
    sizes = iter(_sizes(m.program(moves), plan.scalars, rows))
    related = {(a, b): float(a == b) for a in inputs for b in inputs}
    related |= {(a, b): correlation((a, b), numbers, uncertain.covariance) for a in numbers for b in numbers}
    sigmas, shares = [0.0] * len(plan.graph.nodes), dict[str, Share]()
    for k, by in slopes.items():
        parts = {name: next(sizes) for name in uncertain.columns}
        parts |= {name: by.get(inputs[name], 0.0) * sigma for name, sigma in numbers.items()}
        sigmas[k], of_variance = total(parts, related)
        if k == plan.graph.output:
            shares = {a: Share(numbers.get(a), abs(part), of_variance.get(a, 0.0)) for a, part in parts.items()}
    for name, sigma in numbers.items():
        sigmas[inputs[name]] = sigma
    return Uncertainty(sigmas, shares)


def _by_row(
    plan: Plan,
    point: GatheredPoint,
    m: Recorder,
    values: Sequence[Traced],
    needed: Sequence[bool],
    slopes: Mapping[int, float],
) -> dict[int, Traced]:
    """The derivatives of a result, whose slopes by the aggregates are known, by the columns of a row."""
    total: dict[int, Traced] = {}
    for k, part in point.statistics.items():
        slope, (gate, args, _) = slopes.get(k, 0.0), plan.graph.nodes[k]
        facts = facts_of(gate)
        if slope == 0.0:
            continue
        own, beside = args[: facts.gathered], point.numbers(args[facts.gathered :])
        weights = part.weights(m, facts, point.gathered.rows, beside, [values[a] for a in own])
        for a, weight in zip(own, weights, strict=True):
            for i, c in backward(plan.graph, m, values, needed, a, plan.parts.below(a)).items():
                if plan.parts.varies[i]:
                    total[i] = total.get(i, 0.0) + weight * c * slope
    return total


def _sizes(program: TracedProgram, scalars: Mapping[str, float], rows: Iterable[Rows]) -> list[float]:
    """The root of the sum of squares of each output over all rows, which no square leaves the range of floats for."""
    found = [[0.0] for _ in program.outputs]
    run: Callable[[Columns, int], Sequence[Sequence[float]]] | None = None
    for columns, count in rows:
        run = run or _runner(program, scalars, any(isinstance(column, list) for column in columns.values()))
        for sizes, output in zip(found, run(columns, count), strict=True):
            sizes.append(math.hypot(*output))
    return [math.hypot(*sizes) for sizes in found]


def _runner(
    program: TracedProgram, scalars: Mapping[str, float], in_lists: bool
) -> Callable[[Columns, int], Sequence[Sequence[float]]]:
    """The function that gives the outputs of so many rows."""
    if in_lists:
        plain = PythonKernel(program, scalars)
        return lambda columns, count: plain.rows(columns, count)[0]
    import numpy as np

    from circuitcli.engine.arrays import ArrayKernel

    kernel = ArrayKernel(program)

    def run(columns: Columns, count: int) -> Sequence[Sequence[float]]:
        outputs = np.empty((len(program.outputs), count))
        kernel.rows(columns, scalars, list(outputs))
        lists: Sequence[Sequence[float]] = outputs.tolist()
        return lists

    return run
