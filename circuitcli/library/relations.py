"""Constraints as an ascent has them: functions of the inputs that move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from circuitcli.ascent import AUTO, PointObjective
from circuitcli.ascent.methods import INTERIOR, meant_method
from circuitcli.ascent.problem import Constraint
from circuitcli.errors import UsageError
from circuitcli.gates import over_rows
from circuitcli.graph import Graph
from circuitcli.subject import Relation, part_of
from circuitcli.wording import setting

if TYPE_CHECKING:
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.rows_objective import Source


def refuse_without_constraints(method: str) -> None:
    """Raise UsageError for a method that takes no constraints."""
    name = method.partition(":")[0]
    if name not in (AUTO, INTERIOR) and meant_method(name) != INTERIOR:
        raise UsageError(f"the method {name} takes no constraints", f"leave out {setting('method', method)}")


def constraints_at_a_point(
    graph: Graph, given: Mapping[str, float], relations: Sequence[Relation], moving: Sequence[str]
) -> list[Constraint]:
    """The constraints of a circuit with the differences, as functions of the inputs that move."""
    return [
        Constraint(each.text, PointObjective(graph.ending(each.node), given, moving), each.rises, each.limit)
        for each in relations
    ]


def constraints_over_rows(
    graph: Graph, relations: Sequence[Relation], plan: Plan, source: Source, sign: float
) -> list[Constraint]:
    """The constraints as functions of the parameters of a fit, of which some gather the rows."""
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.rows_objective import RowsObjective

    names, found = plan.wrt or [], []
    for each in relations:
        part = part_of(graph, each.node, names)
        gathers = any(over_rows(node.gate, len(node.args)) for node in part.nodes)
        if not gathers and not {*plan.used} & {*part.inputs}:
            given = {name: plan.scalars[name] for name in part.inputs if name in plan.scalars}
            found.append(Constraint(each.text, PointObjective(part, given, names), each.rises, each.limit))
            continue
        own = Plan(part, plan.columns, plan.given, names, True, "the rows")
        if own.by_row:
            raise UsageError(
                f"{each.text} is one constraint for each row, and one number is wanted",
                "gather it: max(...) <= limit holds for all rows",
            )
        found.append(Constraint(each.text, RowsObjective(own, names, sign, source.over(own)), each.rises, each.limit))
    return found
