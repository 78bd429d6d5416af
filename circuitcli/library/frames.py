"""A circuit over the rows of a table, and its answers in the kind of that."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from circuitcli.errors import InputError, UsageError
from circuitcli.extras import refuse_no_tables
from circuitcli.family_arguments import elements_of
from circuitcli.library.kept_arrays import KeptArrays
from circuitcli.library.table_columns import beside, columns
from circuitcli.library.table_kinds import VALUE, TableOf, table_given
from circuitcli.read_circuit import Inputs, ReadCircuit, is_array

if TYPE_CHECKING:
    from circuitcli.rows.over_arrays import Found


def values(kept: KeptArrays, circuit: ReadCircuit, table: TableOf, inputs: Inputs) -> Any:
    """The value in each row; or where the rows are gathered, a number."""
    found = _over_rows(kept, circuit, table, inputs).value
    return found if isinstance(found, float) else table.vector(found, circuit.graph.answer or VALUE)


def values_and_slopes(kept: KeptArrays, circuit: ReadCircuit, table: TableOf, inputs: Inputs) -> tuple[Any, Any]:
    """The value and the derivatives in each row; or where the rows are gathered, numbers."""
    found = _over_rows(kept, circuit, table, inputs)
    if isinstance(found.value, float):
        return found.value, found.gradient
    return table.vector(found.value, circuit.graph.answer or VALUE), table.table(found.gradient)


def _over_rows(kept: KeptArrays, circuit: ReadCircuit, table: TableOf, inputs: Inputs) -> Found:
    inputs = circuit.spread(None, inputs)[1]
    return kept.at(columns(circuit, table, inputs), inputs, table)


def extended(circuit: ReadCircuit, given: object, wrt: Sequence[str], inputs: Inputs) -> Any:
    """A table with each result as one more column, and `grad_NAME` for each of `wrt`."""
    refuse_no_tables()
    from circuitcli.rows.over_arrays import OverArrays, columns_of

    table = table_given(given)
    inputs = circuit.spread(None, inputs)[1]
    if by_row := [name for name, x in inputs.items() if is_array(x)]:
        hint = f"put it into the table: {table.assigned.format(name=by_row[0])}"
        raise InputError(f"{by_row[0]} varies by row, and is no column", hint)
    arrays = columns(circuit, table, inputs)
    wrt = elements_of(wrt, circuit.families)
    graph, numbers = circuit.bind(dict.fromkeys(arrays, 0.0), inputs)
    flat, scalars, _ = columns_of({name: arrays.get(name, x) for name, x in numbers.items()})
    over = OverArrays(
        graph, [*flat, *beside(graph, table)], scalars, wrt, bool(wrt), results=graph.results, shown=table.shown
    )
    if not over.plan.by_row:
        raise UsageError("this gives one answer, and a table wants one value per row", "call the circuit with the rows")
    found = over.run(flat, {}, (table.rows,))
    more: dict[str, Any] = {}
    gradient = ((f"grad_{name}", found.gradient[name]) for name in wrt)
    for name, column in chain(found.results.items(), gradient):
        if name in table.names or name in more:
            raise UsageError(f'{table.shown} already has a column "{name}"', "give the result another name: v = ...")
        more[name] = column
    return table.extended(more)
