"""An Excel workbook: inputs are cells that one types into, and value and gradient are formulas of them.

What is no number is an error of Excel. Cells have names, so that formulas read like the program.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from circuitcli.export.few_functions import FewFunctions
from circuitcli.export.formula_cells import Cells, apart, numbers_of
from circuitcli.export.operation_forms import (
    COMPARE,
    INFIX,
    SUM,
    CodeForm,
    MissingFormError,
    Syntax,
    calls,
)
from circuitcli.extras import refuse_missing
from circuitcli.graph import Graph
from circuitcli.language.names import PREFIX
from circuitcli.render.palette import GRADIENT, VALUE

INPUT_FILL, HEAD_FILL = "DDEBF7", "F2F2F2"
FONT = "Calibri"
WIDTHS = (20, 22, 22)
LIKE_A_CELL = re.compile(r"[a-z]{1,3}\d+|r\d*|c\d*|r\d*c\d*", re.IGNORECASE)  # A1, and R1C1


def _number(x: float) -> str:
    if x != x:
        return "NA()"
    if x - x != 0.0:
        raise MissingFormError("an infinite number")
    return repr(x).removesuffix(".0").upper()


_FORMS = {
    **INFIX,
    "eq": CodeForm("{0} = {1}", COMPARE, (SUM, SUM)),
    "ne": CodeForm("{0} <> {1}", COMPARE, (SUM, SUM)),
    "truth": CodeForm("{0} <> 0", COMPARE, (SUM,)),
    **calls("", "isnan=ISERROR and_=AND or_=OR not_=NOT where=IF max=MAX min=MIN abs=ABS floor=INT trunc=TRUNC"),
    **calls("", "sqrt=SQRT exp=EXP log=LN log10=LOG10 sin=SIN cos=COS tan=TAN asin=ASIN acos=ACOS atan=ATAN"),
    **calls("", "sinh=SINH cosh=COSH tanh=TANH asinh=ASINH acosh=ACOSH atanh=ATANH erf=ERF erfc=ERFC power=POWER"),
    "ceil": CodeForm("-INT(-({0}))", SUM),
    "round": CodeForm("IF(ABS({0} - TRUNC({0})) = 0.5, 2 * ROUND({0} / 2, 0), ROUND({0}, 0))", within=(SUM,)),
    "fmod": CodeForm("{0} - {1} * TRUNC({0} / {1})", SUM, (SUM, SUM)),
    "exp2": CodeForm("POWER(2, {0})"),
    "log2": CodeForm("LOG({0}, 2)"),
    "atan2": CodeForm("IF(AND({0} = 0, {1} = 0), 0, ATAN2({1}, {0}))", within=(SUM, SUM)),
    "pow": CodeForm(  # of which Excel takes odd roots of negative numbers, and has no 0^0
        "IF({1} = 0, 1, IF(AND({0} < 0, {1} <> INT({1})), NA(), POWER({0}, {1})))", within=(SUM, SUM)
    ),
}
EXCEL = Syntax(_FORMS, _number, lambda name, text, truth: f"={text}", "", frozenset())
_FUNCTIONS = {word.casefold() for form in _FORMS.values() for word in re.findall(r"[A-Z]\w+", form.text)}


def excel(graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph]) -> bytes:
    """A workbook with the inputs, the value and the gradient on one sheet, and the steps on another."""
    refuse_missing("Excel workbooks are written with", ["openpyxl"], "excel")
    from openpyxl import Workbook

    distinct = apart({*_FUNCTIONS, "true", "false"}, "{}")
    cells = Cells(graph, wrt, {}, EXCEL, FewFunctions(_FORMS), lambda word: distinct(_plain(word)))
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
