"""The words of --interval: the columns in which rows have the two ends of an input, x=x_lo:x_hi."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from circuitcli.cli.near_names import nearly
from circuitcli.errors import InputError, UsageError
from circuitcli.language.names import canonical, near
from circuitcli.name_lists import listed
from circuitcli.nested_names import families, in_short
from circuitcli.tables.batch import Ends
from circuitcli.visible_text import shell_word, some_of

if TYPE_CHECKING:
    from circuitcli.cli.request import Request
    from circuitcli.rows.row_boxes import RowBoxes
    from circuitcli.rows.rows_runner import RowsRunner

_TWO = r"[\s\[({]*(\w+)\s*(?:\.{2,3}|…|[:,;|/–—]|\s-\s|\bto\b|\band\b|\s)\s*(\w+)[\s\])}]*"
_THREE = re.compile(rf"\s*(\w+)\s*(?:=|:|\bin\b|\bfrom\b|∈|\s|(?=[\[({{])){_TWO}")
_PAIR = re.compile(_TWO)
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


def interval_columns(texts: Sequence[str], inputs: Collection[str], given: Collection[str]) -> dict[str, Ends]:
    """The columns of the ends of each input that has some. Raises UsageError or InputError for words that do not name
    an input and two columns."""
    found: dict[str, Ends] = {}
    for whole in texts:
        for text in listed(whole):
            name, sign, ends = text.partition("=")
            low, colon, high = (part.strip() for part in ends.partition(":"))
            name = canonical(name.strip())
            if not (sign and colon and name and low and high) or ":" in high:
                raise UsageError(f"--interval {whole} does not name an input and two columns", _meant(whole, inputs))
            for element, columns in _elements(whole, name, low, high).items():
                _refuse(element, whole, inputs, given)
                if element in found:
                    raise UsageError(f"{element} has two --interval", "keep one of them")
                found[element] = columns
    return found


def boxes_of(asked: Request, texts: Sequence[str], tables: RowsRunner, columns: Collection[str]) -> RowBoxes | None:
    """The boxes of rows; None where no input is a range. Raises UsageError for a column that is not there."""
    ends = interval_columns(texts, asked.graph.inputs, asked.given)
    if not ends and not asked.box:
        return None
    for name, pair in ends.items():
        for column in pair:
            if column not in columns:
                raise _no_column(name, pair, column, tables, columns)
    from circuitcli.engine.intervals import INTERVALS
    from circuitcli.engine.passes import forward
    from circuitcli.rows.row_boxes import RowBoxes

    graph = asked.graph
    defaults = {name: forward(text, INTERVALS, {})[text.output] for name, text in graph.defaults.items()}
    given = {name: value.interval for name, value in asked.values.items()}
    there = {*columns, *ends}
    shared = {name: x for name, x in {**defaults, **given}.items() if name in graph.inputs and name not in there}
    return RowBoxes(ends, shared)


def _elements(whole: str, name: str, low: str, high: str) -> dict[str, Ends]:
    """The columns of an input, or of the elements of a family, whose columns are lo1..lo3 and hi1..hi3."""
    if ".." not in low + high:
        return {name: Ends(low, high)}
    from circuitcli.cli.column_renames import between

    lows, highs = (between(f"--interval {whole}", word) for word in (low, high))
    if len(lows) != len(highs):
        raise UsageError(
            f"--interval {whole}: {len(lows)} columns of lower ends, and {len(highs)} of upper ones",
            f"write for example --interval {name}=lo1..lo3:hi1..hi3",
        )
    return {f"{name}[{i}]": Ends(*pair) for i, pair in enumerate(zip(lows, highs, strict=True), 1)}


def _refuse(name: str, whole: str, inputs: Collection[str], given: Collection[str]) -> None:
    if name in given:
        raise InputError(f"{name} has a range in each row, and it is given a value", f"leave out -{name}")
    if name in inputs:
        return
    if elements := families(inputs).get(name):
        what = f"--interval {whole}: {name} is a family of {len(elements)} inputs"
        word = shell_word(f"{name}=lo1..lo{len(elements)}:hi1..hi{len(elements)}")
        raise InputError(what, f"name as many columns of lower and upper ends, as in --interval {word}")
    hint = nearly("--interval", whole, inputs) or f"its inputs are: {some_of(in_short(inputs)) or 'none'}"
    raise InputError(f"--interval {whole}: {name} is not an input of the expression", hint)


def _meant(text: str, inputs: Collection[str]) -> str:
    """The hint that writes a word of another form as it is read: x=x_lo..x_hi, x=[x_lo,x_hi]."""
    found, pair = _THREE.fullmatch(text), _PAIR.fullmatch(text)
    if found and found[1] in inputs:
        return f"write --interval {shell_word(f'{found[1]}={found[2]}:{found[3]}')}"
    stems = [name for name in inputs if pair and all(end.startswith(f"{name}_") for end in pair.groups())]
    if pair and stems:
        return f"write --interval {shell_word(f'{stems[0]}={pair[1]}:{pair[2]}')}"
    name = next(iter(inputs), "x")
    return f"write --interval {name}=LOWER:UPPER, with the columns of its two ends"


def _no_column(name: str, ends: Ends, column: str, tables: RowsRunner, columns: Collection[str]) -> UsageError:
    what = f"--interval {name}={ends.low}:{ends.high}: {tables.first.shown} has no column {column}"
    if all(map(_NUMBER.fullmatch, ends)):
        return UsageError(what, f"a range that all rows share is written -{name} {ends.low}..{ends.high}")
    meant = [end if end in columns else near(end, list(columns)) for end in ends]
    if all(meant) and meant[0] != meant[1]:
        return UsageError(what, f"did you mean --interval {shell_word(f'{name}={meant[0]}:{meant[1]}')}?")
    return UsageError(what, f"its columns are: {some_of(tables.columns) or 'none'}")
