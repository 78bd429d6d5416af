"""LocalRunner, the RowsRunner of this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circuitcli.errors import UsageError
from circuitcli.tables.joined_files import Tables

if TYPE_CHECKING:
    from circuitcli.rows.gathered_point import GatheredPoint
    from circuitcli.rows.plan import Plan
    from circuitcli.rows.row_check import Tally
    from circuitcli.rows.row_groups import Group
    from circuitcli.rows.rows_objective import Source
    from circuitcli.rows.runs import CircuitOverRows
    from circuitcli.rows.told import Options, Told
    from circuitcli.tables.output_columns import OutputColumns


class LocalRunner(Tables):
    """Files that this process reads."""

    def by_row(self, text: str, plan: Plan, columns: OutputColumns, out: str | None, options: Options) -> Told:
        refuse_folder(out)
        return self.written(self._circuit(plan, columns, options), plan, columns, out, options)

    def written(
        self, circuit: CircuitOverRows, plan: Plan, columns: OutputColumns, out: str | None, options: Options
    ) -> Told:
        """Write every row with what a circuit gives it into a file, or to standard output."""
        from circuitcli.rows.none_left import refuse_none_left
        from circuitcli.rows.runs import run_by_row
        from circuitcli.tables.output_files import opened_writer

        refuse_folder(out)
        with opened_writer(out, self.first, columns) as writer:
            told = run_by_row(circuit, plan, self, columns, writer, options, options.threads)
            refuse_none_left(told)  # before the file is in its place
        return told

    def _circuit(self, plan: Plan, columns: OutputColumns, options: Options) -> CircuitOverRows:
        if plan.boxes is not None:
            from circuitcli.rows.interval_rows import IntervalRows

            return IntervalRows(plan, plan.boxes, columns)
        from circuitcli.rows.row_by_row import RowByRow

        return RowByRow(plan, columns, self.estimated_rows, options.engine)

    def gathered(self, text: str, plan: Plan, options: Options) -> tuple[GatheredPoint, Told]:
        from circuitcli.rows.gather import gathered, gatherer_of
        from circuitcli.rows.runs import run_gathered

        gatherer = gatherer_of(plan, self.estimated_rows, options.engine)
        threads = options.threads
        return run_gathered(plan, self, options, threads, lambda batches: gathered(gatherer, batches, threads))

    def grouped(self, text: str, plan: Plan, by: str, options: Options) -> tuple[list[Group], Told]:
        from circuitcli.rows.gather import by_unit, gatherer_of
        from circuitcli.rows.runs import run_grouped

        gatherer = gatherer_of(plan, self.estimated_rows, options.engine)
        threads = options.threads
        return run_grouped(plan, self, by, options, threads, lambda parts: by_unit(gatherer, parts, threads))

    def judged(self, text: str, plan: Plan, claim: str | None, options: Options) -> tuple[Tally, Told]:
        from circuitcli.rows.row_check import judged_rows

        return judged_rows(plan, self, claim, options)

    def source(self, text: str, plan: Plan, options: Options) -> Source:
        from circuitcli.rows.in_memory import loaded, source_of

        return source_of(plan, loaded(self, plan.used, options), options)


def refuse_folder(out: str | None) -> None:
    """Raise UsageError for a directory to write rows into."""
    from circuitcli.tables.storage import is_folder

    if out and is_folder(out):
        hint = "a cluster writes a dataset into it: add --cluster local; or name a file"
        raise UsageError(f"{out} means a directory", hint)
