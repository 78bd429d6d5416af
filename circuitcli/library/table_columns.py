"""The columns of a table that a circuit has as inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from circuitcli.asked_columns import asked_of, column_of
from circuitcli.constants import CONSTANTS
from circuitcli.errors import FileError, InputError, NoValueError
from circuitcli.extras import refuse_no_tables
from circuitcli.frame_libraries import library_of
from circuitcli.graph import CONSTANT, Graph
from circuitcli.language import canonical
from circuitcli.library.table_kinds import DictOfColumns, TableOf, indexes_of, refuse_other_indexes
from circuitcli.read_circuit import Inputs, ReadCircuit

if TYPE_CHECKING:
    from numpy.typing import NDArray


def columns(circuit: ReadCircuit, table: TableOf, inputs: Inputs) -> dict[str, NDArray[Any]]:
    """The columns that the circuit has as inputs and that `inputs` do not have, as arrays of float64. Raises InputError
    for a row without a number, and for rows of `inputs` that pandas would pair otherwise."""
    refuse_no_tables()
    strict, names = {*map(canonical, inputs)}, table.names
    of_name = {canonical(name): name for name in names}
    if shadowed := [name for name in CONSTANTS if name in of_name and name not in strict and _uses(circuit, name)]:
        own = of_name[shadowed[0]]
        raise InputError(
            f"{table.shown} has a column {own}, and {own} is a constant",
            f"name the column otherwise, or give {own}=...",
        )
    used = [name for name in circuit.graph.inputs if name not in strict]
    used = [name for name in used if name in of_name or column_of(name) in of_name]
    if double := [name for name, count in Counter(names).items() if count > 1 and canonical(name) in used]:
        raise InputError(f"{table.shown} has two columns {double[0]}", "name one of them otherwise")
    indexes = table.indexes([of_name.get(column_of(name), name) for name in used])
    refuse_other_indexes([*indexes, *indexes_of(inputs.values())])
    for name in circuit.graph.inputs:
        if name not in (*strict, *used, *circuit.graph.defaults) and any(name in index.names for index in indexes):
            raise NoValueError(
                f"{name} is the index of {table.shown}, and no column", "df.reset_index() makes it one", [name]
            )
    return {name: numbers_in(table, of_name, name) for name in used}


def beside(graph: Graph, table: TableOf) -> list[str]:
    """The columns that are no inputs, which an error may name."""
    return [name for name in table.names if canonical(name) not in (*graph.inputs, *CONSTANTS)]


def refuse_columns(table: TableOf, names: Collection[str], where: str) -> Collection[str]:
    """The inputs that are columns. Raises InputError for one that is to move, too: one of the `names` that are in the
    start or the vector."""
    there = {*map(canonical, table.names)}
    if double := [name for name in names if name in there]:
        raise InputError(
            f"{double[0]} is a column of {table.shown}, and it is in {where}",
            f"leave {double[0]} out of {where}, or name the column otherwise",
        )
    return there


def _uses(circuit: ReadCircuit, constant: str) -> bool:
    """Whether a circuit has a constant."""
    return any(node.gate == CONSTANT and node.text == constant for node in circuit.graph.nodes)


def numbers_in(table: TableOf, of_name: Mapping[str, str], name: str) -> NDArray[Any]:
    """A column as the command line reads one."""
    from circuitcli.tables.arrow_columns import MISSING, input_of

    key, text, _ = asked_of(name)
    try:
        found = input_of(lambda key: table.column(of_name[key]), name, table.shown)
    except FileError as error:
        raise InputError(error.message, error.hint) from None
    for row, why in found.faults:
        missing = why == MISSING
        what = f"has no {key}" if missing else f"has no number: {key} {why}"
        filled = table.filled if text is None else table.worded.format(name=key)
        hint = filled if missing else table.numbered.format(name=key)
        raise InputError(f"row {row + 1} of {table.shown} {what}", hint)
    return found.numbers


def rows_of(name: str, given: Any) -> Any:
    """An input that varies by row as an array of NumPy. Raises InputError for a row without a number."""
    if isinstance(given, (list, tuple)):
        refuse_no_tables()
        import numpy as np

        try:
            array = np.asarray(given)
        except ValueError:  # lists of several lengths
            raise InputError(f"the rows of {name} are lists of several lengths") from None
        if array.dtype.kind in "bf" or (array.dtype.kind in "iu" and array.ndim > 1):
            return array
    elif not library_of(given):
        return given
    return numbers_in(DictOfColumns({name: given}), {name: name}, name)
