"""The files of a command line on this machine; those on a cluster answer to the same calls."""

from __future__ import annotations

from circuitcli.rows.answer import Answer
from circuitcli.rows.gather import run_gathered
from circuitcli.rows.layout import Layout
from circuitcli.rows.plan import Plan
from circuitcli.rows.run import Options, Told, run_by_row
from circuitcli.rows.tables import Tables


class Here(Tables):
    """Files that this process reads."""

    def by_row(self, text: str, plan: Plan, layout: Layout, form: str, out: str | None, options: Options) -> Told:
        """Every row with its results, into a file or to standard output."""
        from circuitcli.rows.sinks import opened_sink

        with opened_sink(form, out, self.first, layout) as sink:
            return run_by_row(plan, self, layout, sink, options)

    def gathered(self, text: str, plan: Plan, options: Options) -> tuple[Answer, Told]:
        """One answer from all rows."""
        return run_gathered(plan, self, options)
