"""LocalRunner, the RowsRunner of this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circuitcli.errors import UsageError
from circuitcli.tables.joined_files import Tables

if TYPE_CHECKING:
    from circuitcli.rows.gathered_point import GatheredPoint
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.row_check import Tally
    from circuitcli.rows.rows_objective import Source
    from circuitcli.rows.told import Options, Told
    from circuitcli.tables.output_columns import OutputColumns


class LocalRunner(Tables):
    """Files that this process reads."""

    def by_row(self, text: str, plan: Plan, columns: OutputColumns, out: str | None, options: Options) -> Told:
        from circuitcli.rows.row_by_row import run_by_row
        from circuitcli.tables.output_files import opened_writer
        from circuitcli.tables.storage import is_folder

        if out and is_folder(out):
            hint = "a cluster writes a dataset into it: add --cluster local; or name a file"
            raise UsageError(f"{out} means a directory", hint)
        with opened_writer(out, self.first, columns) as writer:
            return run_by_row(plan, self, columns, writer, options)

    def gathered(self, text: str, plan: Plan, options: Options) -> tuple[GatheredPoint, Told]:
        from circuitcli.rows.gather import run_gathered

        return run_gathered(plan, self, options)

    def judged(self, text: str, plan: Plan, claim: str | None, options: Options) -> tuple[Tally, Told]:
        from circuitcli.rows.row_check import judged_rows

        return judged_rows(plan, self, claim, options)

    def source(self, text: str, plan: Plan, options: Options) -> Source:
        from circuitcli.rows.in_memory import loaded, source_of

        return source_of(plan, loaded(self, plan.used, options), options)
