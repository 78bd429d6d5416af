"""The record of some ascents: all that is known of the best of them, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from circuitcli.ascent import Ascent, Position, Problem, best
from circuitcli.errors import InputError
from circuitcli.nested_names import in_short, together
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.ascent.constrained.kkt import Conditions
    from circuitcli.ascent.standard_errors import Estimate, Terms
    from circuitcli.rows.rows_objective import RowsObjective

Record = dict[str, Any]


class RowsClimbed(NamedTuple):
    """The rows of data below an ascent: where they are from, and what is computed over them; whether that can still be
    asked for; and the rows of the validation, where there are some."""

    files: Sequence[str]
    objective: RowsObjective
    there: bool = True
    validation: RowsClimbed | None = None

    @property
    def number(self) -> int:
        return self.objective.rows

    @property
    def record(self) -> Record:
        """The number of rows, their files, and how many were skipped."""
        return {"count": self.number, "files": self.files, "skipped": self.objective.source.told.skipped}

    def beside(self, position: Position) -> dict[str, float]:
        """The named results beside the value at a position."""
        return self.objective.beside(position.x) if self.there else {}


def ascent_record(text: str, runs: Sequence[Ascent], rows: RowsClimbed | None, spread: Estimate | None) -> Record:
    """The record of the best run, with the results of all of them in `starts`."""
    run = best(runs)
    problem, choice = run.problem, run.choice
    starts = [
        {
            "inputs": by_name(problem, other.start.x),
            "found": by_name(problem, other.found.x),
            "value": run.sign * other.found.value,
            "status": other.status,
            "steps": other.steps,
        }
        for other in runs
    ]
    record: Record = {
        "expression": text,
        "sense": "max" if run.sign > 0 else "min",
        "method": choice.name,
        "status": run.status,
        "success": run.success,
        "message": run.message,
        "inputs": inputs_at(run, run.found),
        "value": run.sign * run.found.value,
        "gradient": by_name(problem, [run.sign * g for g in run.found.gradient]),
        "gradient_norm": run.found.norm,
        "start": _start(run),
        "steps": run.steps,
        "evaluations": runs[-1].evaluations,
        "seconds": sum(other.seconds for other in runs),
        "at_bound": inputs_at_bound(run),
        "fixed": fixed_inputs(run),
        "measures": run.measures,
        "options": {**run.limits._asdict(), **choice.told, **problem.objective.options},
        "starts": starts,
    }
    if run.kinks:
        record["kinks"] = run.kinks
    if rows is not None:
        record["rows"] = rows.record
        if beside := rows.beside(run.found):
            record["results"] = beside
            record["start"] = {**_start(run), "results": rows.beside(run.start)}
        if run.kept is not None and rows.validation is not None:
            record["validation"] = _validation_record(run, rows.validation)
    if spread is not None:
        record["uncertainty"] = _uncertainty(spread)
    return record


def _start(run: Ascent) -> Record:
    """The start of a run."""
    return {
        "inputs": inputs_at(run, run.start),
        "value": run.sign * run.start.value,
        "gradient_norm": run.start.norm,
    }


def _validation_record(run: Ascent, rows: RowsClimbed) -> Record:
    """The best point by validation: after which step it came, and its values over the rows of that."""
    assert run.kept is not None
    start: Record = {"value": rows.objective.value(run.start.x)}
    record: Record = {"step": run.kept.steps, "value": run.kept.validation}
    if beside := rows.beside(run.found):
        record["results"], start["results"] = beside, rows.beside(run.start)
    return {**record, "start": start, "rows": rows.record}


def _uncertainty(spread: Estimate) -> Record:
    """The standard errors and the other measures that could be told."""
    names = together(spread.stderr)
    told: Record = {"dof": spread.dof, "residual_sum": spread.residual_sum, "r_squared": spread.r_squared}
    known = {name: found for name, found in {**told, "interval": spread.interval}.items() if found is not None}
    return {
        "stderr": {name: spread.stderr[name] for name in names},
        "covariance": _in_order(spread.covariance, [*spread.stderr], names),
        "correlation": _in_order(spread.correlation, [*spread.stderr], names),
        "from": spread.source,
        "assumed": spread.assumed,
        **known,
        "level": spread.level,
    }


def _in_order(matrix: Sequence[Sequence[float]], names: Sequence[str], wanted: Sequence[str]) -> list[list[float]]:
    """A matrix that goes by some names, by the order in which they are `wanted`."""
    places = [names.index(name) for name in wanted]
    return [[matrix[i][j] for j in places] for i in places]


def estimated(run: Ascent, terms: Terms) -> tuple[Estimate | None, list[str]]:
    """The standard errors of the inputs found, if there are any, and the notes on them."""
    from circuitcli.ascent.standard_errors import estimate

    if not run.success:
        return None, [f"no standard errors: the ascent ended as {run.status}"]
    if not run.ends_as_found:
        return None, ["no standard errors: what is best by validation is no summit"]
    try:
        found = estimate(run, terms)
    except InputError as error:
        return None, [f"no standard errors: {error.message}"]
    halved = "; a chi-square is twice that: halve it" if found.source == "likelihood" and run.sign < 0 else ""
    taken = f"the standard errors assume that {found.assumed}{halved}"
    return found, [taken] * (found.source != "squares")


def unmoved(run: Ascent) -> list[str]:
    """A note on the inputs that are where they started, though others are not and no bound holds them."""
    held = inputs_at_bound(run)
    places = zip(run.problem.names, run.start.x, run.found.x, strict=True)
    still = [name for name, start, found in places if start == found and name not in held]
    if not still or len(still) == len(run.problem.names):
        return []
    return [f"{some_of(in_short(still))} did not move: still where {'it' if len(still) == 1 else 'they'} started"]


def inputs_at(run: Ascent, position: Position) -> dict[str, float]:
    """All inputs at a position of a run, those that stay fixed first."""
    return {**fixed_inputs(run), **by_name(run.problem, position.x)}


def fixed_inputs(run: Ascent) -> dict[str, float]:
    """The inputs that stay fixed."""
    return {n: x for n, x in run.problem.objective.given.items() if n not in run.problem.names}


def by_name(problem: Problem, numbers: Sequence[float]) -> dict[str, float]:
    """Numbers of the inputs that move, by name."""
    return dict(zip(problem.names, numbers, strict=True))


def inputs_at_bound(run: Ascent) -> list[str]:
    """The inputs that ended at a bound."""
    return run.problem.at_bound(run.found.x) if run.problem.bounded else []


def constraints_record(found: Conditions) -> Record:
    """The constraints by their texts; `kkt` has the conditions beside their limits."""
    from circuitcli.ascent.constrained.kkt import PROMISE, RESIDUAL, VIOLATION

    standings = [
        {"constraint": each.text, "left": each.apart, "active": each.active, "price": each.price}
        for each in found.standings
    ]
    kkt = {
        "violation": {"value": found.violation, "limit": VIOLATION},
        "residual": {"value": found.residual, "limit": RESIDUAL},
        "promise": {"value": found.promise, "limit": PROMISE},
    }
    return {"constraints": standings, "kkt": kkt}
