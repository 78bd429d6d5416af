"""CompiledCircuit, a circuit made ready for arrays: as many calls as there are, one plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from circuitcli.analysis.point import no_input
from circuitcli.errors import InputError, UsageError
from circuitcli.family_arguments import as_given, elements_of, families_of, spread
from circuitcli.graph import Graph
from circuitcli.language import canonical
from circuitcli.rows.kernels import refuse_engine
from circuitcli.rows.over_arrays import OverArrays, columns_of
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from typing import Any

    import numpy as np
    from numpy.typing import ArrayLike, NDArray


class CompiledCircuit:
    """A function of arrays and numbers that returns the value and the gradient, as `Circuit.compiled` makes it.

    Columns are arrays of any one shape, or such as NumPy broadcasts to one; all other inputs are numbers. Raises
    InputError where an input lacks, is unknown, or is an array though it is no column.
    """

    def __init__(
        self,
        graph: Graph,
        columns: Sequence[str],
        wrt: Sequence[str] | None,
        engine: str,
        jobs: int,
        out: Mapping[str, NDArray[np.float64]] | None,
    ) -> None:
        refuse_engine(engine)
        if not isinstance(jobs, int) or jobs < 0:
            raise UsageError(f"jobs are a whole number of threads, not {jobs!r}", "leave it out to use all cores")
        self._families = families_of(graph.inputs)
        self._columns = elements_of(columns, self._families)
        for name in self._columns:
            if name not in graph.inputs:
                raise no_input(name, graph.inputs, "the circuit")
        numbers = {n: 0.0 for n in graph.inputs if n not in self._columns and n not in graph.defaults}
        names = None if wrt is None else elements_of(wrt, self._families)
        self._graph, self._wanted, self._out = graph, list(numbers), out
        self._rows = OverArrays(graph, self._columns, numbers, names, wrt is None or bool(names), engine, jobs)
        results = [*self._rows.plan.results, *(self._rows.plan.wrt or ())]
        for name in out or ():
            if name not in results:
                raise InputError(f"{name} in out is no result", f"the results are: {some_of(results)}")

    def __call__(
        self, point: Mapping[str, ArrayLike] | None = None, /, **inputs: ArrayLike
    ) -> tuple[Any, dict[str, Any]]:
        """The value and the gradient: arrays of the shape that the columns share, or where the rows are gathered
        numbers."""
        loose, more = spread(point or {}, self._families)
        inputs, forms = spread(inputs, self._families)
        given = {canonical(name): x for name, x in {**loose, **inputs}.items()}
        columns, numbers, shape = columns_of({name: x for name, x in given.items() if name in self._graph.inputs})
        for name in inputs:
            if canonical(name) not in self._graph.inputs:
                raise no_input(name, self._graph.inputs, "the circuit")
        for name in self._columns:
            if name not in columns:
                raise InputError(
                    f"{name} is no array, and the circuit was compiled for one", f"give {name}=numpy.array(...)"
                )
        for name in columns:
            if name not in self._columns:
                raise InputError(
                    f"{name} is an array, and no column", f"compile the circuit with columns={sorted(columns)}"
                )
        missing = [name for name in self._wanted if name not in numbers]
        if missing:
            raise InputError(f"no value for {some_of(missing)}", f"give {missing[0]}=VALUE")
        found = self._rows.run(columns, numbers, shape, self._out)
        return found.value, as_given(found.gradient, more | forms, self._families)
