"""An Excel workbook: inputs are cells that one types into, and value and gradient are formulas of them.

What is no number is an error of Excel. Cells have names, so that formulas read like the program.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from circuitcli.export.excel_forms import EXCEL, FORMS, FUNCTIONS
from circuitcli.export.few_functions import FewFunctions
from circuitcli.export.formula_cells import Cells, apart, numbers_of
from circuitcli.extras import refuse_missing
from circuitcli.graph import Graph
from circuitcli.language.names import PREFIX
from circuitcli.render.palette import GRADIENT, VALUE

INPUT_FILL, HEAD_FILL = "DDEBF7", "F2F2F2"
FONT = "Calibri"
WIDTHS = (20, 22, 22)
LIKE_A_CELL = re.compile(r"[a-z]{1,3}\d+|r\d*|c\d*|r\d*c\d*", re.IGNORECASE)  # A1, and R1C1


def excel(graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph]) -> bytes:
    """A workbook with the inputs, the value and the gradient on one sheet, and the steps on another."""
    refuse_missing("Excel workbooks are written with", ["openpyxl"], "excel")
    from openpyxl import Workbook

    distinct = apart({*FUNCTIONS, "true", "false"}, "{}")
    cells = Cells(graph, wrt, {}, EXCEL, FewFunctions(FORMS), lambda word: distinct(_plain(word)))
    numbers = numbers_of(graph, given)
    book = Workbook()
    sheet, steps = book.active, book.create_sheet("steps")
    sheet.title = "circuit"
    for line in cells.statements:
        sheet.append([line])
    sheet.append([])
    sheet.append(["input", "number", "derivative"])
    _head(sheet)
    slopes = {name.removeprefix(PREFIX): text for name, text in cells.gradient}
    for name, called in cells.columns.items():
        sheet.append([name, numbers.get(name, "=NA()")])
        _fill(sheet.cell(sheet.max_row, 2), INPUT_FILL)
        _name(book, called, sheet, 2)
        _slope(book, sheet, name, slopes, distinct)
    for name in [name for name in slopes if name not in cells.columns]:
        sheet.append([name])
        _slope(book, sheet, name, slopes, distinct)
    sheet.append([])
    sheet.append(["output", "number"])
    _head(sheet)
    output = cells.output or "value"
    sheet.append([output, f"={cells.value}"])
    _name(book, distinct(_plain(output)), sheet, 2)
    sheet.append([])
    sheet.append(["Type numbers into the blue cells: what says #N/A has none yet."])
    sheet.append(["Angles are in radians."])
    steps.append(["step", "number"])
    _head(steps)
    for cell in cells.cells:
        steps.append([cell.name, f"={cell.text}"])
        _name(book, cell.name, steps, 2)
    for letter, width in zip("ABC", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = steps.column_dimensions[letter].width = width
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _plain(word: str) -> str:
    """A word as the name of a cell: W_1_2 for W[1,2], and nothing that is the place of one."""
    word = re.sub(r"[\[,]", "_", word).removesuffix("]")
    return f"{word}_" if LIKE_A_CELL.fullmatch(word) else word


def _slope(book: Any, sheet: Any, name: str, slopes: Mapping[str, str], distinct: Callable[[str], str]) -> None:
    """Write the derivative by a name into the last row."""
    if name in slopes:
        sheet.cell(sheet.max_row, 3, f"={slopes[name]}")
        _name(book, distinct(_plain(f"{PREFIX}{name}")), sheet, 3)


def _name(book: Any, name: str, sheet: Any, column: int) -> None:
    """Give a name to a cell of the last row, and its colour."""
    from openpyxl.workbook.defined_name import DefinedName

    _colour(sheet.cell(sheet.max_row, column), VALUE if column == 2 else GRADIENT)
    place = f"{sheet.title}!${'ABC'[column - 1]}${sheet.max_row}"
    book.defined_names[name] = DefinedName(name, attr_text=place)


def _head(sheet: Any) -> None:
    """Make the last row a heading."""
    from openpyxl.styles import Font

    for cell in sheet[sheet.max_row]:
        cell.font = Font(name=FONT, bold=True)
        _fill(cell, HEAD_FILL)


def _colour(cell: Any, colour: str) -> None:
    from openpyxl.styles import Font

    cell.font = Font(name=FONT, color=colour.removeprefix("#"))


def _fill(cell: Any, colour: str) -> None:
    from openpyxl.styles import PatternFill

    cell.fill = PatternFill("solid", fgColor=colour)
