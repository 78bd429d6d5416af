"""RowsRunner, the rows of some files and all that can be done with them, on this machine or on a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from circuitcli.rows.gathered_point import GatheredPoint
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.row_check import Tally
    from circuitcli.rows.row_groups import Group
    from circuitcli.rows.rows_objective import Source
    from circuitcli.rows.told import Options, Told
    from circuitcli.tables.file_table import Table
    from circuitcli.tables.output_columns import OutputColumns
    from circuitcli.tables.total_rows import TotalRow


class RowsRunner(Protocol):
    """Files with the same columns, and the ways to run a circuit over their rows. `text` is the circuit as it was
    typed."""

    columns: list[str]
    inside: Sequence[str]  # names of parts of their values, which count as columns for an expression
    first: Table  # the first file; of the others no more is known

    @property
    def shown(self) -> list[str]:
        """The files as results name them."""

    @property
    def totals(self) -> Sequence[TotalRow]:
        """The last rows of files that were read to their ends, where these may be totals of the rows above."""

    @property
    def size(self) -> int | None:
        """The size of all files in bytes, where it is known."""

    def assume(self, names: Sequence[str]) -> None:
        """Take names for columns that later rows may have."""

    def by_row(self, text: str, plan: Plan, columns: OutputColumns, out: str | None, options: Options) -> Told:
        """Write every row with its results into a file, or to standard output."""

    def gathered(self, text: str, plan: Plan, options: Options) -> tuple[GatheredPoint, Told]:
        """Gather one answer from all rows."""

    def grouped(self, text: str, plan: Plan, by: str, options: Options) -> tuple[list[Group], Told]:
        """Gather an answer from the rows of each group, which the text of the column `by` tells apart."""

    def judged(self, text: str, plan: Plan, claim: str | None, options: Options) -> tuple[Tally, Told]:
        """Check the gradient in every row, the claimed one if there is a claim."""

    def source(self, text: str, plan: Plan, options: Options) -> Source:
        """The rows for an ascent, which makes many passes over them."""
