"""Constraints as an ascent has them: functions of the inputs that move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from circuitcli.ascent import PointObjective
from circuitcli.ascent.methods import METHODS
from circuitcli.ascent.methods import method as row_of
from circuitcli.ascent.problem import Constraint, OfSome
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
    if (name := method.partition(":")[0]) in METHODS and not row_of(name).constrained:
        raise UsageError(f"the method {name} takes no constraints", f"leave out {setting('method', method)}")


def constraints_at_a_point(
    graph: Graph, given: Mapping[str, float], relations: Sequence[Relation], moving: Sequence[str]
) -> list[Constraint]:
    """The constraints of a circuit with the differences, as functions of the inputs that move."""
    return [
        Constraint(each.text, PointObjective(graph.ending(each.node), given, moving), each.rises, each.limit)
        for each in relations
    ]


def differences_at_a_point(graph: Graph, relations: Sequence[Relation], moving: Sequence[str]) -> list[Graph]:
    """The differences of the constraints as circuits of the inputs that move."""
    return [part_of(graph, each.node, moving) for each in relations]


def constraints_over_rows(
    graph: Graph, relations: Sequence[Relation], plan: Plan, source: Source, sign: float
) -> list[Constraint]:
    """The constraints as functions of the parameters of a fit, of which some gather the rows."""
    from circuitcli.rows.rows_objective import RowsObjective

    names, found = plan.wrt or [], []
    for each in relations:
        own = _over_rows(graph, each, plan)
        if own is None:
            part = part_of(graph, each.node, names)
            given = {name: plan.scalars[name] for name in part.inputs if name in plan.scalars}
            found.append(Constraint(each.text, PointObjective(part, given, names), each.rises, each.limit))
            continue
        some = own.wrt or []
        difference = OfSome(RowsObjective(own, some, sign, source.over(own)), [names.index(name) for name in some])
        found.append(Constraint(each.text, difference, each.rises, each.limit))
    return found


def differences_over_rows(
    graph: Graph, relations: Sequence[Relation], plan: Plan, columns: Mapping[str, Sequence[float]]
) -> list[Graph]:
    """The differences of the constraints as circuits of the parameters of a fit, with the rows written out."""
    from circuitcli.rows.unrolled import unrolled

    plans = [_over_rows(graph, each, plan) for each in relations]
    return [
        part_of(graph, each.node, plan.wrt or []) if own is None else unrolled(own, columns)
        for each, own in zip(relations, plans, strict=True)
    ]


def _over_rows(graph: Graph, relation: Relation, plan: Plan) -> Plan | None:
    """The plan of a constraint that gathers the rows of a fit, by the parameters that it has; None of one of parameters
    alone. Raises UsageError for one that has none, or is different for each row."""
    from circuitcli.rows.plan import Plan

    names = plan.wrt or []
    part = part_of(graph, relation.node, names)
    gathers = any(over_rows(node.gate, len(node.args)) for node in part.nodes)
    if not gathers and not {*plan.used} & {*part.inputs}:
        return None
    has = part_of(part, part.output, ()).inputs
    some = [name for name in names if name in has]
    if not some:
        raise UsageError(f"{relation.text} is about the rows alone, and no parameter changes it", "leave it out")
    own = Plan(part_of(part, part.output, some), plan.columns, plan.given, some, True, "the rows")
    if own.by_row:
        raise UsageError(
            f"{relation.text} is one constraint for each row, and one number is wanted",
            "gather it: max(...) <= limit holds for all rows",
        )
    return own
