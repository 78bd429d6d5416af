"""The problems that a search is posed: a circuit at a point, or over the rows of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from circuitcli.ascent import AUTO, Choice, PointObjective, Problem, choice
from circuitcli.ascent.methods import INTERIOR
from circuitcli.errors import InputError, UsageError
from circuitcli.extras import refuse_missing
from circuitcli.graph import Graph, reached_from
from circuitcli.library.ascent_record import RowsClimbed
from circuitcli.library.asked_search import AskedSearch
from circuitcli.library.relations import constraints_at_a_point, constraints_over_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circuitcli.ascent.standard_errors import Terms
    from circuitcli.library.table_kinds import TableOf
    from circuitcli.rows.plan import Plan
    from circuitcli.subject import Relation


class Posed(NamedTuple):
    """A problem, the method for it, the rows below it, the terms of its standard errors where there are to be some, and
    notes."""

    problem: Problem
    choice: Choice
    rows: RowsClimbed | None
    terms: Terms | None
    notes: list[str]


class Subjected(NamedTuple):
    """A circuit with the differences of its constraints, its values, and the inputs that move."""

    graph: Graph
    given: Mapping[str, float]
    moving: Sequence[str]
    relations: Sequence[Relation]


def posed_at_a_point(search: AskedSearch, of: Subjected) -> Posed:
    """The problem of the value of a circuit."""
    chosen, terms = search.choice, search.terms
    if search.sigma:
        raise UsageError("sigma is about weights of rows, and there are none", "fit(data, start) has rows")
    if chosen.method.squares:
        raise UsageError(f"{chosen.name} wants a sum of squares over rows of data", "fit(data, start) has rows")
    if library := chosen.method.library:
        refuse_missing(f"the method {chosen.name} needs", [library], chosen.method.extra)
    objective = PointObjective(of.graph, of.given, of.moving)
    if search.auto:
        chosen = choice(INTERIOR if of.relations else AUTO, objective=objective)
    constraints = constraints_at_a_point(of.graph, of.given, of.relations, of.moving)
    problem = Problem(objective, search.sign, search.bounds_of(of.moving), constraints=constraints)
    return Posed(problem, chosen, None, terms, [])


def posed_over_rows(
    search: AskedSearch, of: Subjected, table: TableOf, columns: Mapping[str, NDArray[Any]], text: str
) -> Posed:
    """The problem of one number that a circuit gathers from the rows of a table."""
    import numpy as np

    from circuitcli.library.fit_method import fit_method, tells_errors
    from circuitcli.rows.in_memory import Loaded, source_of
    from circuitcli.rows.rows_objective import RowsObjective
    from circuitcli.rows.told import Options, Told

    plan = _plan(of, table, columns, text)
    if not table.rows:
        raise UsageError(f"{table.shown} has no rows")
    flat = {name: np.ascontiguousarray(columns[name], np.float64) for name in plan.used}
    source = source_of(plan, Loaded(flat, [table.rows], Told(table.rows)), Options())
    objective = RowsObjective(plan, of.moving, search.sign, source)
    constraints = constraints_over_rows(of.graph, of.relations, plan, source, search.sign)
    problem = Problem(objective, search.sign, search.bounds_of(of.moving), constraints=constraints)
    terms = search.terms
    method = fit_method(
        objective, search.choice, search.auto, bool(of.relations), terms.absolute if terms is not None else None
    )
    if terms is None and tells_errors(objective, method.choice, search.auto):
        from circuitcli.ascent.standard_errors import Terms

        terms = Terms()
    notes = [*filter(None, (method.none, method.lacking))]
    return Posed(problem, method.choice, RowsClimbed([table.shown], objective), terms, notes)


def _plan(of: Subjected, table: TableOf, columns: Mapping[str, NDArray[Any]], text: str) -> Plan:
    """The circuit over the columns. Raises UsageError or InputError where it is no one number of what moves."""
    from circuitcli.library.table_columns import beside
    from circuitcli.rows.plan import Plan

    plan = Plan(of.graph, [*columns, *beside(of.graph, table)], of.given, of.moving, True, table.shown)
    if plan.by_row:
        is_square = text.rstrip().endswith("^2")
        hint = f'Circuit("sum({text})")' if is_square else f'Circuit("sum((y - ({text}))^2)") is a fit to a column y'
        hint = f"gather the rows: {hint}"
        raise UsageError("this gives one value per row, and a fit wants one number", hint)
    reached = reached_from(plan.graph.nodes, [plan.graph.output])
    for name in of.moving:
        if not reached[plan.graph.inputs[name]]:
            raise InputError(f"{name} moves nothing: {plan.graph.answer} does not use it", "name an input that it uses")
    return plan
