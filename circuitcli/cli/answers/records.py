"""Results -> plain records, of which the rendering makes tables and JSON. Nothing here prints."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from circuitcli.analysis.point import Point
from circuitcli.engine.floats import FLOATS
from circuitcli.errors import UsageError
from circuitcli.graph import CONSTANT, INPUT
from circuitcli.notation import LONG, SHORT, expressions

if TYPE_CHECKING:
    from circuitcli.analysis.explain import EdgeStep, PathSum
    from circuitcli.analysis.rounding import Rounding
    from circuitcli.analysis.uncertainty import Uncertainty
    from circuitcli.ascent import Ascent, Position, Problem
    from circuitcli.ascent.standard_errors import Estimate
    from circuitcli.check import Verdict

Record = dict[str, Any]


def point_record(text: str, point: Point) -> Record:
    """The keys of `eval` and `grad`, which are a contract: added to, never renamed."""
    graph, plain = point.graph, point.m.plain
    record: Record = {"expression": text, "inputs": _plain(point, point.inputs), "value": plain(point.value)}
    if point.wrt is not None:
        record["gradient"] = _plain(point, point.gradient)
    nodes = []
    for k, (node, name, written) in enumerate(zip(graph.nodes, graph.called(), expressions(graph, LONG), strict=True)):
        row: Record = {"id": k, "name": name, "gate": node.gate, "args": list(node.args), "expression": written}
        if point.values[k] is not None:  # of a node that varies by row there is no one value
            row["value"] = plain(point.values[k])
        if point.gradients[k] is not None:
            row["gradient"] = plain(point.gradients[k])
        if point.kinks[k]:
            row["kink"] = True
        nodes.append(row)
    record["nodes"] = nodes
    return record


def _plain(point: Point, numbers: Mapping[str, Any]) -> Record:
    """Numbers of a point as records hold them."""
    return {name: point.m.plain(x) for name, x in numbers.items()}


def point_row(point: Point) -> Record:
    """One point as one row, with the columns that rows of data have."""
    row: Record = _plain(point, point.inputs)
    gradient = {f"grad_{name}": slope for name, slope in point.gradient.items()}
    for column, number in _plain(point, {point.graph.answer: point.value, **gradient}).items():
        if column in row:
            raise UsageError(f"a row would have two columns {column}", "give the input or the result another name")
        row[column] = number
    return row


def table_rows(point: Point) -> list[Record]:
    """The rows of the table of nodes: inputs, gates in forward order, the output last; constants are none.

    `main` marks the rows that stay where a terminal has no room: inputs, named nodes, and the output.
    """
    graph, texts = point.graph, expressions(point.graph, SHORT)
    named = graph.named()
    shown = [node.gate != CONSTANT and x is not None for node, x in zip(graph.nodes, point.values, strict=True)]
    order = [k for k, show in enumerate(shown) if show and k != graph.output]
    rows = []
    for k in [*order, graph.output]:
        names = [name for name in named.get(k, ()) if name != texts[k]]
        rows.append(
            {
                "id": k,
                "node": " = ".join([*names, texts[k]]),
                "value": point.values[k],
                "gradient": point.gradients[k],
                "kink": point.kinks[k],
                "main": k == graph.output or k in named or graph.nodes[k].gate == INPUT,
            }
        )
    return rows


KINKS = 3  # that are told of one by one
FEW_DIGITS = 120  # with which a note is content
EVALUATIONS = 600_000  # that looking at the slopes on both sides may cost


def kink_notes(point: Point) -> list[str]:
    """Which nodes are at a kink, the first of them one by one, and what that means for the gradient."""
    marked = [k for k, kink in enumerate(point.kinks) if kink]
    if not marked:
        return []
    from circuitcli.analysis.formulas import Formulas

    texts, formulas = expressions(point.graph, SHORT), Formulas(point.graph, SHORT)
    notes = []
    for k in marked[:KINKS]:
        where = formulas.kink(k)
        notes.append(f"{texts[k]} is at a kink ({where})" if where else f"{texts[k]} is at a kink")
    if len(marked) > KINKS:
        notes.append(f"{len(marked) - KINKS} more nodes are at kinks")
    notes[-1] += f": {_several(point)}"
    return notes


def _several(point: Point) -> str:
    """What the gradient at a kink is worth, from the slopes on both sides of it."""
    evaluations = 600 * len(point.graph.nodes) * len(point.wrt or ())  # of nodes, by the check
    if evaluations > EVALUATIONS or point.m is not FLOATS or not math.isfinite(point.value):
        return "this gradient is one of several"
    from circuitcli.check import DISAGREE, check, slopes

    found = slopes(point)
    apart = [f"of {name} run from {low:.6g} to {high:.6g}" for name, (low, high) in found.items() if low < high]
    if apart:
        return f"this gradient is one of several; the slopes {', '.join(apart[:KINKS])}"
    edges = [name for name, (low, high) in found.items() if not low < high]
    if edges:
        return f"on one side of {', '.join(edges[:KINKS])} there is no value"
    missed = [
        f"{v.numerical:.6g} by {name}" for name, v in check(point, precisions=[FEW_DIGITS]).items() if v == DISAGREE
    ]
    if missed:
        return f"the slopes on both sides are the same, and the conventions miss them: {', '.join(missed[:KINKS])}"
    return "yet the slopes on both sides of it are the same"


def lesson_record(point: Point, told: Sequence[EdgeStep | PathSum]) -> Record:
    """The `backward` of `grad --explain`: steps, and sums where paths meet."""
    from circuitcli.analysis.explain import PathSum

    plain = point.m.plain
    rows: list[Record] = []
    for row in told:
        if isinstance(row, PathSum):
            rows.append({"node": row.k, "sum": [plain(x) for x in row.parts], "gradient": plain(row.gradient)})
        else:
            value, gives = (None if x is None else plain(x) for x in (row.local, row.gives))
            local = {"expression": row.symbol, "value": value}
            rows.append({"node": row.k, "upstream": plain(row.upstream), "local": local, "gives": gives, "to": row.to})
    return {"backward": rows}


def rounding_record(found: Rounding) -> Record:
    """The `rounding` of `grad --rounding`; `nodes` has by how much each node may move the output."""
    return {
        "rounding": {
            "absolute": found.absolute,
            "relative": found.relative,
            "digits": found.digits,
            "nodes": found.nodes,
        }
    }


def uncertainty_record(found: Uncertainty, output: int) -> Record:
    """The `uncertainty` of a result whose inputs are uncertain; `nodes` has that of each node."""
    inputs = {name: share._asdict() for name, share in found.inputs.items()}
    return {"uncertainty": {"value": found.sigmas[output], "inputs": inputs, "nodes": found.sigmas}}


def hessian_record(point: Point, second: Mapping[tuple[str, str], Any]) -> Record:
    """The `hessian` of `grad --hessian`, a row a name, and whether it is at a kink."""
    rows: Record = {}
    for (a, b), x in second.items():
        rows.setdefault(a, {})[b] = point.m.plain(x)
    return {"hessian": rows, **({"hessian_kink": True} if any(point.kinks) else {})}


def check_record(verdicts: Mapping[str, Verdict], claimed: bool = False) -> Record:
    """The `check` of `grad --check` and `--claim`."""
    from circuitcli.check import worst

    inputs = {}
    for name, v in verdicts.items():
        row: Record = {"gradient": v.gradient}
        if claimed:
            row["claim"] = v.claim
        row |= {"numerical": v.numerical, "error": v.error}
        if v.interval is not None:
            row["interval"] = list(v.interval)
        if v.digits_lost:
            row["digits_lost"] = v.digits_lost
        inputs[name] = {**row, "verdict": str(v)}
    return {"method": "ladder", "verdict": worst(verdicts), "inputs": inputs}


def difference_record(method: str, h: float, gradient: Mapping[str, float], numerical: Mapping[str, float]) -> Record:
    """The `check` of `grad --difference`, which shows and never judges."""
    inputs = {
        name: {"gradient": gradient[name], "numerical": n, "apart": n - gradient[name]} for name, n in numerical.items()
    }
    return {"method": method, "h": h, "inputs": inputs}


def ascent_record(
    text: str, runs: Sequence[Ascent], rows: Record | None = None, spread: Estimate | None = None
) -> Record:
    """The keys of `ascend` and `descend`: of the best of some runs, and of all of them what each found; with what is to
    be said of rows of data, and how well what was found is known."""
    from circuitcli.ascent import best

    run = best(runs)
    problem, choice = run.problem, run.choice
    fixed = {n: x for n, x in problem.objective.given.items() if n not in problem.names}

    def inputs(position: Position) -> Record:
        return {**fixed, **_by_name(problem, position.x)}

    starts = [
        {
            "inputs": _by_name(problem, other.start.x),
            "found": _by_name(problem, other.found.x),
            "value": run.sign * other.found.value,
            "status": other.status,
            "steps": other.steps,
        }
        for other in runs
    ]
    record = {
        "expression": text,
        "sense": "max" if run.sign > 0 else "min",
        "method": choice.name,
        "status": run.status,
        "success": run.success,
        "message": run.message,
        "inputs": inputs(run.found),
        "value": run.sign * run.found.value,
        "gradient": _by_name(problem, [run.sign * g for g in run.found.gradient]),
        "gradient_norm": run.found.norm,
        "start": {
            "inputs": inputs(run.start),
            "value": run.sign * run.start.value,
            "gradient_norm": run.start.norm,
        },
        "steps": run.steps,
        "evaluations": runs[-1].evaluations,
        "seconds": sum(other.seconds for other in runs),
        "at_bound": problem.at_bound(run.found.x) if problem.bounded else [],
        "fixed": fixed,
        "measures": run.measures,
        "options": {**run.limits._asdict(), **choice.options, **problem.objective.options},
        "starts": starts,
    }
    if rows is not None:
        record["rows"] = rows
    if spread is not None:
        known = {"dof": spread.dof, "residual_sum": spread.residual_sum, "r_squared": spread.r_squared}
        record["uncertainty"] = {
            "stderr": spread.stderr,
            "covariance": spread.covariance,
            "from": spread.source,
            **{name: number for name, number in known.items() if number is not None},
        }
    return record


def _by_name(problem: Problem, numbers: Sequence[float]) -> Record:
    return dict(zip(problem.names, numbers, strict=True))
