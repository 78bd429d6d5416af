"""The rows of a table as points on the curve of a model."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING

from circuitcli.errors import InputError, UsageError
from circuitcli.gates import over_rows
from circuitcli.graph import Graph
from circuitcli.language import canonical
from circuitcli.library.table_columns import numbers_in
from circuitcli.pictures.points import Points
from circuitcli.visible_text import some_of
from circuitcli.wording import value_of

if TYPE_CHECKING:
    from circuitcli.library.table_kinds import TableOf


def plotted_points(graph: Graph, table: TableOf, given: Collection[str], against: str | None) -> Points:
    """The points: over the column that the circuit uses and that is not `given` a value, and up the one that it does
    not use, or that is named. Raises UsageError or InputError where more than one column could be meant, or none."""
    if any(over_rows(node.gate, len(node.args)) for node in graph.nodes):
        hint = 'write the model alone: Circuit("a*exp(-b*t)").plot(df, fit=found)'
        raise UsageError("points are laid on the curve of a model, and this gathers rows", hint)
    if not table.rows:
        raise UsageError(f"there are no rows to draw in {table.shown}")
    of_name = {canonical(name): name for name in table.names}
    across = _across(graph, table, [name for name in graph.inputs if name in of_name and name not in given])
    up = canonical(against) if against is not None else _up(graph, table, of_name)
    if up not in of_name:
        raise InputError(f"there is no column {against} in {table.shown}", _columns(table))
    return Points(across, of_name[up], numbers_in(table, of_name, across), numbers_in(table, of_name, up))


def _across(graph: Graph, table: TableOf, used: list[str]) -> str:
    if not used:
        raise InputError(f"the circuit uses no column of {table.shown}", _columns(table))
    if len(used) > 1:
        raise UsageError(
            f"points are over one column, and the circuit uses {' and '.join(used)} of {table.shown}",
            f"give others a value: {value_of(used[-1], '1')}",
        )
    return used[0]


def _up(graph: Graph, table: TableOf, of_name: dict[str, str]) -> str:
    """The one column that the circuit does not use; of several the one that has numbers."""
    others = [name for name in of_name if name not in graph.inputs]
    numbers = others
    if len(others) > 1:
        numbers = []
        for name in others:
            with suppress(InputError):
                numbers_in(table, of_name, name)
                numbers.append(name)
    if len(numbers) == 1:
        return numbers[0]
    if not others:
        raise InputError(f"no column of {table.shown} is left to go up: the circuit uses all", _columns(table))
    shown = numbers or others
    hint = f"say which: against={of_name[shown[0]]!r}"
    raise UsageError(f"several columns of {table.shown} could be drawn: {some_of(shown)}", hint)


def _columns(table: TableOf) -> str:
    return f"its columns are: {some_of(table.names) or 'none'}"
