"""Hints for cells that a person reads as numbers and this program does not, and for rows with too many or too few
cells: the option, or the line to type, that has them read."""

from __future__ import annotations

import re
from collections.abc import Callable

from circuitcli.tables.shell_hints import piped
from circuitcli.visible_text import shell_word

Found = re.Match[str]
Hint = Callable[
    [Found, str, str], str
]  # of what a pattern finds in a cell, the column, and the file as messages call it

_DIGITS = r"(?:[0-9][0-9.,]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_SPECIAL = re.compile(r"([\[\]$.*+?(){}|])")  # in a pattern of sed, but for \ and ^ and /


def help_of_cell(name: str, cell: str, shown: str) -> str:
    """The hint for a cell of a column that is no number; empty where there is none."""
    for pattern, hint in _KINDS:
        if found := re.fullmatch(pattern, cell):
            return hint(found, name, shown)
    return ""


def help_of_row(row: str, width: int, separator: str, shown: str) -> str:
    """The hint for a row that has another number of cells than there are columns; empty where there is none."""
    text, sign = row.rstrip("\r"), _escaped(separator)
    cells = text.split(separator)
    if separator.isspace():
        return ""
    if f'{separator} "' in text:
        instead = f"\\{separator}" if separator in r"\/&" else separator  # & would be what was found
        program = f's/{sign} +"/{instead}"/g'
        return f"a blank stands before a quote: {_edited(program, shown)}"
    if len(cells) == width + 1 and not cells[-1]:
        return f"lines end in {separator}: {_edited(f's/{sign}$//', shown)}"
    if len(cells) > width and separator == ",":
        return 'a cell that has a comma inside stands in quotes, "1,5"'
    other = next((each for each in ",;|" if each != separator and text.count(each) == width - 1), "")
    if len(cells) == 1 and width > 1 and other:
        program = f"1s/{sign}/{other}/g"
        return f"the header has {separator} between its cells, and this row {other}: {_edited(program, shown)}"
    return ""


def _edited(program: str, shown: str) -> str:
    """The line to type that changes a file on its way."""
    return piped(f"sed -E {shell_word(program)}", shown)


def _escaped(text: str) -> str:
    """A text as a pattern of sed."""
    return _SPECIAL.sub(r"[\1]", text.replace("\\", r"\\").replace("^", r"\^")).replace("/", r"\/")


def _says(text: str) -> Hint:
    return lambda found, name, shown: text


def _edit(what: str, program: str) -> Hint:
    return lambda found, name, shown: f"{what}: {_edited(program, shown)}"


def _grouped(found: Found, name: str, shown: str) -> str:
    sign, cell = found["sign"], found[0]
    if sign == "," and cell.count(",") == 1 and "." not in cell:
        return f"--thousands , reads it as {cell.replace(',', '')}, --decimal , as {cell.replace(',', '.')}"
    if sign == "." and cell.count(".") == 1:
        other = "the file has two signs of decimals"
        return f"if {cell} is a thousand and more, --thousands . takes the point out; else {other}"
    return f"--thousands {shell_word(sign)} takes the sign between thousands out"


def _unit_behind(found: Found, name: str, shown: str) -> str:
    unit = found["unit"]
    program = rf"s/([0-9.]) *{_escaped(unit)}/\1/g"
    return f"to take {unit} off, if all cells are in {unit}: {_edited(program, shown)}"


def _sign_before(found: Found, name: str, shown: str) -> str:
    sign = found["sign"]
    program = rf"s/{_escaped(sign)} *([-+0-9.])/\1/g"
    return f"to take {sign} off, if all cells are in {sign}: {_edited(program, shown)}"


def _date(found: Found, name: str, shown: str) -> str:
    """Of two numbers up to 12 either may be the month."""
    between = _escaped(found["sign"])
    date = f"s/([0-9]{{2}}){between}([0-9]{{2}}){between}([0-9]{{4}})/"
    ways = [
        ("the day comes first", r"\3-\2-\1/g", found["second"]),
        ("the month comes first", r"\3-\1-\2/g", found["first"]),
    ]
    told = [f"if {which}: {_edited(date + order, shown)}" for which, order, month in ways if int(month) <= 12]
    return "\n  ".join(["a date is read as 2024-01-05", *told])


def _word(found: Found, name: str, shown: str) -> str:
    return f'a word is compared, which is 1 or 0: ({name} == "{found[0]}")'


_KINDS: tuple[tuple[str, Hint], ...] = (
    (r"[+-]?[0-9]{1,3}(?P<sign>[,. '’_\u00a0\u202f])[0-9]{3}(?:(?P=sign)[0-9]{3})*(?:[.,][0-9]+)?", _grouped),
    (r"[+-]?[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)?", _says("--decimal , reads a comma before decimals")),
    (r"[+-]?[0-9.]+[dD][+-]?[0-9]+", _edit("to write exponents with e", r"s/([0-9.])[dD]([-+0-9])/\1e\2/g")),
    (
        r"[+-]?[0-9.]+ ?[×x*] ?10\^?[+-]?[0-9]+",
        _edit("to write powers of ten with e", r"s/ ?[×x*] ?10\^?([-+]?[0-9])/e\1/g"),
    ),
    (rf"−{_DIGITS}", _edit("to write its minus as -", "s/−/-/g")),
    (rf"\({_DIGITS}\)", _edit("to write it as a negative number", r"s/[(]([0-9.,]+)[)]/-\1/g")),
    (rf"'[+-]?{_DIGITS}'", _edit("to leave single quotes out", "s/'//g")),
    (r"(?P<first>[0-9]{2})(?P<sign>[/.-])(?P<second>[0-9]{2})(?P=sign)[0-9]{4}", _date),
    (
        r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2,4}|[0-9]{1,2}[ .-]+[A-Za-z]{3,9}[ .-]+[0-9]{2,4}",
        _says("a date is read as 2024-01-05"),
    ),
    (
        r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?",
        _edit("to have seconds since midnight", r"s/([0-9]{2}:[0-9]{2})/1970-01-01 \1/g"),
    ),
    (r"[+-]?[0-9]+/[0-9]+", _says("a fraction is written as a decimal number, 1/2 as 0.5")),
    (r"(?i:yes|no|y|n|t|f|on|off)", _word),
    (rf"[+-]?{_DIGITS} *(?P<unit>(?![kKMBG]$)[^\W\d_/][^\W\d]*(?:/[^\W\d]+)?|[%‰°€$£¥][CF]?)", _unit_behind),
    (rf"[+-]?{_DIGITS} *[*†‡#]+", _edit("to take marks off", r"s/([0-9.]) *[*†‡#]+/\1/g")),
    (rf"(?P<sign>[$€£¥₹]|[A-Z]{{3}}) *[+-]?{_DIGITS}", _sign_before),
)
