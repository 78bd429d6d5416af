"""Hints for JSON that is no file of rows as it stands: where its rows are, and the line that takes them out."""

from __future__ import annotations

import json
import re

from circuitcli.tables.json_members import object_of
from circuitcli.tables.pieces import TextOfRows
from circuitcli.tables.shell_hints import piped
from circuitcli.visible_text import shell_word

_SINGLE = re.compile(r"[\[{\s]*'")
_BARE = re.compile(r"[\[{\s]*[A-Za-z_]\w*\s*:")
_COMMA = re.compile(r'("[^"]*"|[^"])*?,\s*\}')
_CELLS = re.compile(r"[^{}\[\]\n]*[,;\t|]")
_NAMES = re.compile(r'\[\s*"')
_KEY = re.compile(r"[A-Za-z_][0-9A-Za-z_]*")


def help_of_start(text: str, shown: str, is_first: bool = True) -> str:
    """The hint for a text that begins so and should be a row of JSON, perhaps the first of the file; empty where there
    is none."""
    line = text.partition("\n")[0]
    if is_first and _CELLS.match(line) and not _SINGLE.match(line):
        return "it may be separated cells: say --from csv"
    if text.startswith("["):
        more = "" if _NAMES.match(text) else "--no-header"
        return f"arrays are rows of CSV: {piped(_taking('.[] | @csv', '-r'), shown, more)}"
    if _SINGLE.match(text):
        return "in JSON, names and texts stand in double quotes, not in single ones"
    if _BARE.match(text):
        return 'in JSON, names stand in double quotes: {"x": 3}'
    return "in JSON, no comma stands before }" if _COMMA.match(line) else ""


def help_of_object(rows: TextOfRows, i: int, name: str, shown: str) -> str:
    """The hint for a row that lacks a number of this name: it has it deeper inside, or is not a row but holds rows;
    empty where it does not."""
    row, _ = object_of(rows.row(i))
    if "[0]" in name:
        return f"the first of a list is {name.replace('[0]', '[1]')}"
    for key, value in (row or {}).items():
        if isinstance(value, dict) and name in value:
            return f"did you mean {key}.{name}?"
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            return f"{key} holds rows: {piped(_taking(f'{_path(key)}[]'), shown)}"
    if (
        row
        and isinstance(row.get(name), (list, dict))
        and all(isinstance(value, (list, dict)) for value in row.values())
    ):
        program = f"map_values([.[]]) | range({_path(name)} | length) as $i | map_values(.[$i])"
        return f"each key holds a whole column: {piped(_taking(program), shown)}"
    return ""


def _taking(program: str, option: str = "-c") -> str:
    """A command of jq."""
    return f"jq {option} {shell_word(program)}"


def _path(key: str) -> str:
    """A key as jq takes it."""
    return f".{key}" if _KEY.fullmatch(key) else f".[{json.dumps(key)}]"
