"""Optima in Python: the search of `circuit ascend` and `circuit descend`, at a point or over rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from circuitcli.ascent import Ascent, Problem, Progress, best, climb_from_many
from circuitcli.errors import InputError
from circuitcli.extras import refuse_no_arrays, refuse_no_tables
from circuitcli.family_arguments import as_given
from circuitcli.language import canonical
from circuitcli.library.ascent_record import ascent_record, constraints_record, estimated, unmoved
from circuitcli.library.asked_search import OPTIONS, AskedSearch, where_the_start_is
from circuitcli.library.findings import Findings
from circuitcli.library.other_options import refuse_other_options
from circuitcli.library.posed_problems import Posed, Subjected, posed_at_a_point, posed_over_rows
from circuitcli.library.relations import refuse_without_constraints
from circuitcli.library.table_columns import columns, refuse_columns
from circuitcli.library.table_kinds import table_given, table_of
from circuitcli.nested_names import in_short, together
from circuitcli.read_circuit import Inputs, ReadCircuit, is_array
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Formed = Callable[[Mapping[str, float]], dict[str, Any]]


class Optimum(Findings):
    """The end of a search, with attributes and keys, as an OptimizeResult of SciPy has them.

    `x` are the inputs that moved, by name, and `array` has them as an array; `fun` is the value there and `jac` the
    gradient; `success`, `status` and `message` say why it ended, in the words of the command; `nit` are the steps,
    `nfev` and `njev` the evaluations. `stderr` and `cov` are None where no standard errors are told; with them there
    are `interval`, and of squares `dof`, `residual_sum` and `r_squared`. Among constraints there are `prices`, by how
    much `fun` changes when a right side grows by one, and `constraints`. `starts` has the end from each start, `notes`
    what else there is to say.
    """

    _quiet = frozenset({"measures", "starts", "fixed", "constraints", "kkt"})
    x: dict[str, Any]
    fun: float
    success: bool
    status: str
    message: str
    nit: int
    jac: dict[str, Any]
    stderr: Any
    cov: Any
    prices: dict[str, float]
    starts: list[dict[str, Any]]
    notes: list[str]

    @property
    def array(self) -> NDArray[Any]:
        """The inputs that moved, in the order of `x`, and families in that of their indices."""
        refuse_no_arrays()
        import numpy as np

        return np.concatenate([np.ravel(np.asarray(x, np.float64)) for x in self.x.values()])


def optimum(circuit: ReadCircuit, search: AskedSearch, start: Inputs, data: object, fixed: Inputs) -> Optimum:
    """The optimum of a circuit, from a start by name; over the rows of `data` unless that is None."""
    if not isinstance(start, Mapping):
        rows = "; rows of data go to fit(data, start)" if table_of(start) is not None else ""
        hint = f'give a number for each input that moves: {{"x": 1}}{rows}'
        raise InputError(f"a start is no {type(start).__name__}", hint)
    first, forms = circuit.spread(start, {})[::2]
    first = {canonical(name): x for name, x in first.items()}
    kept = {canonical(name): x for name, x in circuit.spread(None, fixed)[1].items()}
    if double := [name for name in first if name in kept]:
        raise InputError(f"{double[0]} is in the start, and it is fixed", f"leave out {double[0]}=...")
    if data is not None:
        refuse_no_tables()
    if search.terms is not None:
        refuse_no_arrays()
    table = table_given(data) if data is not None else None
    there = refuse_columns(table, first, "the start") if table is not None else None
    of = _subjected(circuit, search, first, kept, there)
    notes: list[str] = []
    if table is None or there is None:
        posed = posed_at_a_point(search, of)
    else:
        numbers = columns(circuit, table, {**first, **kept})
        posed = posed_over_rows(search, of, table, numbers, circuit.shown)
        notes += [
            f"{name} is {of.given[name]:g} in each row: its column is left aside" for name in kept if name in there
        ]
    values = [posed.problem.objective.given[name] for name in of.moving]
    inside = posed.problem.inside(values)
    runs, stopped = _climbed(search, posed, inside)
    if runs[-1].interrupted and not stopped:
        raise KeyboardInterrupt
    moved = [name for name, u, v in zip(of.moving, values, inside, strict=True) if u != v and u == u]
    if moved:
        notes.append(f"the start of {some_of(in_short(moved))} is moved to the nearest within bounds")
    return _found(circuit.shown, runs, posed, notes, lambda numbers: as_given(numbers, forms, circuit.families))


def _subjected(
    circuit: ReadCircuit, search: AskedSearch, start: Inputs, kept: Inputs, there: Collection[str] | None
) -> Subjected:
    """The circuit, subject to constraints where there are some; `there` are the columns where it is over rows."""
    read, subject, numbers = circuit, None, {**start, **kept}
    if constraints := search.constraints:
        from circuitcli.subject import Subject

        refuse_without_constraints(search.method)
        read = subject = Subject(circuit.program.text, constraints, list(numbers), circuit.parts)
    free = next((name for name in read.inputs if name not in {*kept, *(there or ())}), "x")
    refuse_other_options(read, kept, OPTIONS, where_the_start_is(free, there is not None))
    if several := [name for name, x in start.items() if is_array(x)]:
        hint = f'write {{"{several[0]}": 1}}; starts=20 goes from more points'
        raise InputError(f"{several[0]} has several numbers in the start, which has one for each input", hint)
    if by_row := [name for name, x in kept.items() if is_array(x)]:
        hint = f"make {by_row[0]} a column of the rows: fit(data, start)"
        raise InputError(f"{by_row[0]} varies by row, and is no column", hint)
    graph, given = read.bind(None, numbers)
    graph, relations = subject.relations(graph) if subject is not None else (graph, [])
    return Subjected(
        graph, given, search.moving(graph, [*start], {*kept, *(there or ())}, there is not None), relations
    )


def _climbed(search: AskedSearch, posed: Posed, start: list[float]) -> tuple[list[Ascent], bool]:
    """The ascents, and whether the callback has stopped them."""
    callback, sign, stopped, last = search.watcher, search.sign, False, (-1, -1)

    def watch(progress: Progress) -> None:
        nonlocal stopped, last
        state, place = progress.state, (len(progress.ended), progress.state.steps if progress.state else 0)
        if callback is None or state is None or progress.over or place <= last:
            return
        last, here = place, state.here
        slopes = [sign * g for g in here.gradient]
        by_name = {"x": _named(posed.problem, here.x), "jac": _named(posed.problem, slopes)}
        try:
            callback(Findings(fun=sign * here.value, nit=state.steps, **by_name))
        except StopIteration:  # as SciPy's callbacks stop
            stopped = True
            raise KeyboardInterrupt from None

    places, limits, every = search.places, search.limits, callback is not None
    return climb_from_many(posed.problem, posed.choice, limits, start, places, watch, every), stopped


def _named(problem: Problem, numbers: Sequence[float]) -> dict[str, float]:
    """Numbers by name, the elements of a family by their indices."""
    found = dict(zip(problem.names, numbers, strict=True))
    return {name: found[name] for name in together(problem.names)}


def _found(text: str, runs: Sequence[Ascent], posed: Posed, notes: Sequence[str], formed: Formed) -> Optimum:
    """The findings of some runs."""
    run = best(runs)
    spread, more = estimated(run, posed.terms) if posed.terms is not None else (None, [])
    record = ascent_record(text, runs, posed.rows, spread)
    evaluations = record["evaluations"]
    found = Optimum(
        x=formed(_named(run.problem, run.found.x)),
        fun=record["value"],
        success=record["success"],
        status=record["status"],
        message=record["message"],
        nit=record["steps"],
        nfev=evaluations["value"] + evaluations["gradient"],  # each gradient comes with the value
        njev=evaluations["gradient"],
        jac=formed(_named(run.problem, [*record["gradient"].values()])),
        method=record["method"],
        measures=record["measures"],
        starts=record["starts"],
        stderr=None,
        cov=None,
    )
    if spread is not None:
        import numpy as np

        told = record["uncertainty"]
        found |= {"stderr": formed(told["stderr"]), "cov": np.array(told["covariance"])}
        found |= {name: told[name] for name in ("interval", "dof", "residual_sum", "r_squared") if name in told}
    if run.conditions is not None:
        found |= constraints_record(run.conditions)
        found["prices"] = {each.text: each.price for each in run.conditions.standings}
    found |= {name: record[name] for name in ("at_bound", "fixed", "kinks", "results") if record.get(name)}
    if said := [*notes, *posed.notes, *(unmoved(run) if posed.rows is not None else ()), *more]:
        found["notes"] = said
    return found
