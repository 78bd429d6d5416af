"""The program of a circuit that gives each row the results that go out, and the columns that it reads."""

from __future__ import annotations

from typing import NamedTuple

from circuitcli.engine.traced_program import TracedProgram
from circuitcli.engine.tracer import straight
from circuitcli.rows.plan import Plan
from circuitcli.rows.told import Options
from circuitcli.tables.batch import Wanted
from circuitcli.tables.output_columns import OutputColumns


class RowProgram(NamedTuple):
    """A program, for each result by its name the place of its output, and the nodes by which slopes are asked for."""

    program: TracedProgram
    places: dict[str, int]
    slopes: list[int]

    @classmethod
    def of(cls, plan: Plan, columns: OutputColumns) -> RowProgram:
        gradients = {f"grad_{name}": k for name, k in zip(plan.wrt or (), plan.wanted, strict=True)}
        values = [name for name in columns.results if name not in gradients]
        slopes = [name for name in columns.results if name in gradients]
        nodes = [gradients[name] for name in slopes]
        program, places = straight(plan.graph, plan.used, [plan.results[n] for n in values], nodes).once()
        return cls(program, dict(zip([*values, *slopes], places, strict=True)), nodes)


def wanted_of(plan: Plan, columns: OutputColumns, options: Options) -> Wanted:
    """The columns that are read: those that the circuit uses, and those that go out."""
    return options.wanted(plan.used, columns.columns, in_order=columns.passes)
