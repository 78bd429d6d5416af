"""The numbers of a plot as text: JSON, JSON Lines, CSV, TSV; all digits of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circuitcli.tables.formats import FORMATS, JSON, Format

if TYPE_CHECKING:
    from circuitcli.pictures.ascent_runs import Runs
    from circuitcli.pictures.sweep import Plot

NUMBERS = {form.name: form for form in (JSON, *FORMATS.values()) if not form.typed}


def numbers_text(plot: Plot | Runs, form: Format) -> str:
    """A row for each point; nan is a gap."""
    from circuitcli.pictures.plot_columns import columns_of
    from circuitcli.render.machine_formats import json_text, rows_text

    columns = columns_of(plot)
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return (json_text(rows) if form.lines else rows_text(rows, form)) + "\n"
