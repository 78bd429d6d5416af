"""Notes on some rows, beside their results; and the options of a run over rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.systems import cores
from circuitcli.tables.batch import ERROR, Batch, Ends, Wanted

if TYPE_CHECKING:
    from circuitcli.rows.condition import RowCondition
    from circuitcli.rows.nudged_rows import Lost

Progress = Callable[[int, int], None]  # rows so far, bytes so far


class Options(NamedTuple):
    """The settings of a run over rows: the policy for bad rows, the number of threads (`jobs`, 0 for all cores), an
    engine where one is wanted, a function that is told of the progress, after how many rows it is over, if it is not
    after all (0), and the condition on rows, if there is one."""

    policy: str = ERROR
    jobs: int = 0
    engine: str = ""
    progress: Progress = lambda rows, position: None
    head: int = 0
    where: RowCondition | None = None

    def wanted(
        self,
        numbers: Sequence[str],
        others: Sequence[str] = (),
        in_order: bool = False,
        sizes: Sequence[str] = (),
        ends: Mapping[str, Ends] = {},
    ) -> Wanted:
        """The words in which a table is asked for rows."""
        return Wanted(numbers, others, self.policy, in_order, self.where, sizes, ends)

    @property
    def threads(self) -> int:
        return self.jobs or cores()


class Told(NamedTuple):
    """The notes on some rows: their number; how many a condition left out; how many bad ones were skipped or kept, and
    the first of them; how many got a result that is not finite from finite numbers, the first of them and its numbers;
    how many came in so; how many lost something of a gradient below the range of floats, and the first of them; and in
    how many boxes a gate is outside its domain for some inputs, the first of them and the gate in words."""

    rows: int = 0
    skipped: int = 0
    failed: int = 0
    kept: int = 0
    first_bad: str = ""
    nonfinite: int = 0
    first_nonfinite: str = ""
    first_values: Mapping[str, float] = {}
    came_in: int = 0
    lost: int = 0
    first_lost: str = ""
    partial: int = 0
    first_partial: str = ""
    partial_node: str = ""

    @classmethod
    def of(cls, batch: Batch) -> Told:
        """The notes on a batch before anything is computed."""
        return cls(batch.size, batch.skipped, batch.failed, batch.kept, batch.first_bad)

    def with_lost(self, batch: Batch, lost: Lost) -> Told:
        """The notes with what rows of the batch lost of their gradients."""
        return self._replace(lost=lost.rows, first_lost=batch.where(lost.first)) if lost.rows else self

    def join(self, other: Told) -> Told:
        return Told(
            self.rows + other.rows,
            self.skipped + other.skipped,
            self.failed + other.failed,
            self.kept + other.kept,
            self.first_bad or other.first_bad,
            self.nonfinite + other.nonfinite,
            self.first_nonfinite or other.first_nonfinite,
            self.first_values if self.first_nonfinite else other.first_values,
            self.came_in + other.came_in,
            self.lost + other.lost,
            self.first_lost or other.first_lost,
            self.partial + other.partial,
            self.first_partial or other.first_partial,
            self.partial_node or other.partial_node,
        )
