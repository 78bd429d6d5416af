"""The numbers of a plot as text: CSV, TSV, JSON, JSON Lines; all digits of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from circuitcli.pictures.runs import Runs
    from circuitcli.pictures.sweep import Plot


class NumberForm(NamedTuple):
    """A form of numbers, and the endings of its files."""

    name: str
    endings: tuple[str, ...]


NUMBERS = {
    form.name: form
    for form in (
        NumberForm("csv", (".csv",)),
        NumberForm("tsv", (".tsv",)),
        NumberForm("json", (".json",)),
        NumberForm("jsonl", (".jsonl", ".ndjson")),
    )
}


def numbers_text(plot: Plot | Runs, form: NumberForm) -> str:
    """A row for each point; nan is a gap."""
    from circuitcli.pictures.numbers import columns_of
    from circuitcli.render.machine_formats import json_text, rows_text
    from circuitcli.tables.formats import FORMATS

    columns = columns_of(plot)
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return (json_text(rows) if form.name == "json" else rows_text(rows, FORMATS[form.name])) + "\n"
