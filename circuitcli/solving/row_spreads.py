"""The uncertainties of the unknowns in every row, from those of the other inputs, to first order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from circuitcli.engine.tracer import Recorder, Traced
from circuitcli.rows.uncertainties import norm

if TYPE_CHECKING:
    from circuitcli.engine.traced_program import TracedProgram
    from circuitcli.rows.plan import Plan


def slope_column(unknown: str, name: str) -> str:
    """The column in which a program has the derivative of an unknown; no file has one of such a name."""
    return f"\0{unknown}\0{name}"


def spread_program(plan: Plan, unknowns: Sequence[str]) -> TracedProgram:
    """The program whose outputs are the uncertainties of some unknowns, from their derivatives by the uncertain inputs
    and from the columns of the rows."""
    uncertain = plan.uncertain
    assert uncertain is not None
    m = Recorder()
    values: dict[str, Traced] = {
        name: m.column(name) if name in uncertain.columns else plan.scalars[name] for name in uncertain.names
    }
    outputs = []
    for unknown in unknowns:
        slopes: dict[str, Traced] = {name: m.column(slope_column(unknown, name)) for name in uncertain.names}
        outputs.append(norm(m, uncertain.parts(m, values, slopes)))
    return m.program(outputs)
