"""A condition on rows: those for which its value is 0 are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from circuitcli.engine.tracer import straight
from circuitcli.errors import InputError, NoValueError, UsageError
from circuitcli.gates import over_rows
from circuitcli.graph import Graph
from circuitcli.notation import WHOLE, expressions, in_words
from circuitcli.rows.plan import Plan
from circuitcli.tables.batch import Batch
from circuitcli.visible_text import in_quotes

if TYPE_CHECKING:
    from circuitcli.engine.arrays import ArrayKernel
    from circuitcli.engine.python_rows import PythonKernel


class RowCondition:
    """A circuit over the columns of a table, as a condition. Its `columns` are the inputs that columns are. Raises
    UsageError or InputError where circuit, columns and numbers do not fit together."""

    def __init__(self, graph: Graph, columns: Sequence[str], given: Mapping[str, float], shown: str) -> None:
        given = {name: x for name, x in given.items() if name in graph.inputs}
        for k, node in enumerate(graph.nodes):
            if over_rows(node.gate, len(node.args)):
                found = f"circuit eval {in_quotes(expressions(Graph(graph.nodes, k), WHOLE, ())[k])} {shown} --quiet"
                hint = f"find it first: m=$({found}), and write $m in its place"
                raise UsageError(f"--where asks each row, and {in_words(graph)[k]} needs all of them first", hint)
        try:
            plan = Plan(graph, columns, given, shown=shown)
        except NoValueError as error:
            raise NoValueError(f"--where: {error.message}", error.hint, error.missing) from None
        except InputError as error:
            raise InputError(f"--where: {error.message}", error.hint) from None
        self.columns, self._scalars = plan.used, plan.scalars
        self.program = straight(graph, plan.used, [graph.output], [])

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name not in ("_arrays", "_lists")}

    @cached_property
    def _arrays(self) -> ArrayKernel:
        from circuitcli.engine.arrays import ArrayKernel

        return ArrayKernel(self.program)

    @cached_property
    def _lists(self) -> PythonKernel:
        from circuitcli.engine.python_rows import PythonKernel

        return PythonKernel(self.program, self._scalars)

    def failed(self, batch: Batch) -> list[int]:
        """The rows that do not meet it. What is compared with nan is not met."""
        if any(isinstance(batch.columns[name], list) for name in self.columns):
            values = self._lists.rows(batch.columns, batch.size)[0][0]
            return [i for i, value in enumerate(values) if value == 0.0]
        import numpy as np

        found = np.empty(batch.size)
        self._arrays.rows(batch.columns, self._scalars, [found])
        failed: list[int] = np.flatnonzero(found == 0.0).tolist()
        return failed
