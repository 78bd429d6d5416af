"""The columns of a table that a circuit has as inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from circuitcli.asked_columns import asked_of, column_of
from circuitcli.constants import CONSTANTS
from circuitcli.errors import FileError, InputError
from circuitcli.graph import CONSTANT
from circuitcli.language import canonical
from circuitcli.library.table_kinds import DictOfColumns, TableOf, library_of
from circuitcli.read_circuit import Inputs, ReadCircuit

if TYPE_CHECKING:
    from numpy.typing import NDArray


def columns(circuit: ReadCircuit, table: TableOf, inputs: Inputs) -> dict[str, NDArray[Any]]:
    """The columns that the circuit has as inputs and that `inputs` do not have, as arrays of float64. Raises InputError
    for a row without a number."""
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
    return {name: numbers_in(table, of_name, name) for name in used}


def _uses(circuit: ReadCircuit, constant: str) -> bool:
    """Whether a circuit has a constant."""
    return any(node.gate == CONSTANT and node.text == constant for node in circuit.graph.nodes)


def numbers_in(table: TableOf, of_name: Mapping[str, str], name: str) -> NDArray[Any]:
    """A column as the command line reads one."""
    from circuitcli.tables.arrow_columns import MISSING, input_of

    key = asked_of(name)[0]
    try:
        found = input_of(lambda key: table.column(of_name[key]), name, table.shown)
    except FileError as error:
        raise InputError(error.message, error.hint) from None
    for row, why in found.faults:
        missing = why == MISSING
        what = f"has no {key}" if missing else f"has no number: {key} {why}"
        hint = table.filled if missing else table.numbered.format(name=key)
        raise InputError(f"row {row + 1} of {table.shown} {what}", hint)
    return found.numbers


def rows_of(name: str, given: Any) -> Any:
    """An input that varies by row as an array of NumPy. Raises InputError for a row without a number."""
    import numpy as np

    if isinstance(given, (list, tuple)):
        try:
            array = np.asarray(given)
        except ValueError:  # lists of several lengths
            raise InputError(f"the rows of {name} are lists of several lengths") from None
        if array.dtype.kind in "bf" or (array.dtype.kind in "iu" and array.ndim > 1):
            return array
    elif not library_of(given):
        return given
    return numbers_in(DictOfColumns({name: given}), {name: name}, name)
