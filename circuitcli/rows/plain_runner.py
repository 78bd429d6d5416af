"""PlainRunner, the RowsRunner that needs neither NumPy nor Arrow: for small files, which are done before these are
loaded, and where they are not installed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from circuitcli.engine.python_rows import has_one_answer
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.rows.aggregate_parts import joined
from circuitcli.rows.local import LocalRunner, refuse_folder
from circuitcli.rows.none_left import refuse_none_left
from circuitcli.rows.over_lists import PlainGatherer, PlainRowByRow
from circuitcli.rows.plan import Plan
from circuitcli.rows.row_program import RowProgram
from circuitcli.rows.runs import run_by_row, run_gathered, run_grouped
from circuitcli.rows.told import Options, Told
from circuitcli.tables.formats import NeedsLibraries
from circuitcli.tables.joined_files import Reading

if TYPE_CHECKING:
    from circuitcli.rows.gathered_point import GatheredPoint
    from circuitcli.rows.row_groups import Group
    from circuitcli.rows.runs import CircuitOverRows
    from circuitcli.tables.output_columns import OutputColumns

FEW = 200_000  # instructions over all rows, which Python has done before libraries are loaded


class PlainRunner(LocalRunner):
    """Files that this process reads in Python alone. Raises NeedsLibraries, before anything is written, for a
    format that these alone know, and where the files are to be `small` and are not."""

    def __init__(self, names: Sequence[str], reading: Reading, small: bool) -> None:
        super().__init__(names, reading._replace(plain=True))
        self._small = small

    def by_row(self, text: str, plan: Plan, columns: OutputColumns, out: str | None, options: Options) -> Told:
        asked = RowProgram.of(plan, columns)
        self._refuse_many([asked.program, *_of_condition(options)])
        return self.written(PlainRowByRow(plan, asked), plan, columns, out, options)

    def written(
        self, circuit: CircuitOverRows, plan: Plan, columns: OutputColumns, out: str | None, options: Options
    ) -> Told:
        from circuitcli.tables.output_files import opened_writer

        if not columns.format.plain_writer:
            raise NeedsLibraries(f"{columns.format.title} needs")
        refuse_folder(out)
        with opened_writer(out, self.first, columns, plain=True) as writer:
            told = run_by_row(circuit, plan, self, columns, writer, options, self._threads)
            refuse_none_left(told)  # before the file is in its place
        return told

    def gathered(self, text: str, plan: Plan, options: Options) -> tuple[GatheredPoint, Told]:
        programs = plan.programs(plan.moving)
        self._refuse_many([programs.sums, programs.rows, *_of_condition(options)])
        gatherer = PlainGatherer(plan)
        return run_gathered(plan, self, options, self._threads, lambda batches: joined(gatherer.by_unit(batches)))

    def grouped(self, text: str, plan: Plan, by: str, options: Options) -> tuple[list[Group], Told]:
        programs = plan.programs(plan.moving)
        self._refuse_many([programs.sums, programs.rows, *_of_condition(options)])
        return run_grouped(plan, self, by, options, self._threads, PlainGatherer(plan).by_unit)

    @property
    def _threads(self) -> int:
        """The number of threads beside this one: one that answers a pipe at once, or none for what is small."""
        return 0 if self._small else 1

    def _refuse_many(self, programs: Sequence[TracedProgram]) -> None:
        """Raise NeedsLibraries where the rows are to be few for these programs, and are not."""
        rows = self.estimated_rows
        if self._small and any(rows * len(program.rows) > FEW or not has_one_answer(program) for program in programs):
            raise NeedsLibraries("so many rows need")


def _of_condition(options: Options) -> list[TracedProgram]:
    return [] if options.where is None else [options.where.program]
