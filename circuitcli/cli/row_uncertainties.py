"""The uncertainties that a command line and its files tell of the inputs of rows: in cells, by --sigma-of, typed behind
numbers, and in an earlier result."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from circuitcli.asked_columns import sigma_of
from circuitcli.cli.options import Data
from circuitcli.cli.request import Request
from circuitcli.cli.row_files import names_of
from circuitcli.errors import InputError, UsageError
from circuitcli.language.names import near
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.rows.rows_runner import RowsRunner
    from circuitcli.rows.uncertainties import Spread, Uncertainties

EXAMPLE = "write for example --sigma-of L=sL, with the column of its uncertainties, or L=0.002, or L=1%"
_NUMBER = r"([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?(%?)"


def uncertainties(asked: Request, said: Data, tables: RowsRunner, columns: Sequence[str]) -> Uncertainties | None:
    """The uncertainties of inputs, of which some are `columns`; None where all are exact. Raises UsageError or
    InputError for an uncertainty of what has none."""
    used = [name for name in asked.graph.inputs if name in columns]
    barred = [name for name in used if tables.first.is_uncertain(name)]
    numbers = {name: sigma for name, sigma in asked.sigmas.items() if sigma > 0.0 and name not in used}
    if not barred and not numbers and said.sigma_of is None:
        return None
    from circuitcli.rows.uncertainties import Spread, Uncertainties

    spreads = {name: Spread(sigma_of(name)) for name in barred}
    for name, text in _pairs(said.sigma_of):
        if name in spreads and spreads[name].source != sigma_of(name):
            raise UsageError(f"--sigma-of says two things of {name}", "keep one of them")
        if name in spreads:
            raise UsageError(f"{name} has its uncertainties in its cells", f"leave out --sigma-of {name}={text}")
        if name not in used:
            from circuitcli.cli.near_names import nearly

            hint = name not in asked.graph.inputs and nearly("--sigma-of", said.sigma_of or "", used)
            what = f"--sigma-of {name}={text}: {_no_column(asked, name)}"
            raise InputError(what, hint or _hint(asked, name, text, used))
        spreads[name] = _spread(name, text, tables, columns)
    if said.cluster is not None:
        raise UsageError("uncertain inputs of rows are for this machine", "leave out --cluster")
    return Uncertainties(spreads, numbers, asked.covariance)


def _pairs(text: str | None) -> list[tuple[str, str]]:
    """The inputs of --sigma-of, and what is said of each."""
    from circuitcli.language import canonical

    pairs = [word.partition("=") for word in names_of(text, "--sigma-of")]
    if any(not name or not value for name, _, value in pairs):
        raise UsageError(f"--sigma-of {text} does not say whose uncertainty is meant", EXAMPLE)
    return [(canonical(name.strip()), value.strip()) for name, _, value in pairs]


def _spread(name: str, text: str, tables: RowsRunner, columns: Sequence[str]) -> Spread:
    """The uncertainty of a column: another column, a number, or a percentage."""
    from circuitcli.rows.uncertainties import Spread

    if text in columns or tables.first.has_inside(text):
        return Spread(text)
    if found := re.fullmatch(_NUMBER, text):
        number = float(text.removesuffix("%"))
        return Spread(number=number / 100.0 if found[3] else number, relative=bool(found[3]))
    close = near(text, list(columns))
    there = f"{tables.first.shown} has the columns {some_of(tables.columns)}"
    hint = f"did you mean --sigma-of {name}={close}?" if close else there
    raise UsageError(f"--sigma-of {name}={text}: {text} is no column and no number of 0 or more", hint)


def _no_column(asked: Request, name: str) -> str:
    return f"{name} is no column" if name in asked.graph.inputs else f"{name} is not an input of the expression"


def _hint(asked: Request, name: str, text: str, used: Sequence[str]) -> str:
    if name in asked.given and re.fullmatch(_NUMBER, text):
        return f"write -{name} {asked.given[name]:g}±{text}"
    return f"its inputs that are columns: {', '.join(used) or 'none'}"
