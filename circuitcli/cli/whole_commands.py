"""The whole command line to write for an expression that is no mistake of spelling: SQL over a file, columns by number
as in awk, and columns whose names are no names."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence

from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.other_names import columns_of, sorted_words
from circuitcli.constants import CONSTANTS
from circuitcli.errors import CircuitError, ExpressionError
from circuitcli.gates import ALIASES, GATES
from circuitcli.language.excerpts import NEARBY
from circuitcli.language.names import is_name
from circuitcli.language.other_tools import columns_alone, rewritten
from circuitcli.language.selections import Selection, options_of, selection_of
from circuitcli.language.syntax import is_readable
from circuitcli.rows.column_hints import numbers_among, spelled
from circuitcli.visible_text import in_quotes, shell_word

_NUMBERED = re.compile(r"(?<![\w)])\$(\d+|NF|[^\W\d]\w*)(?!\w)")
_TEXT = "\"'`"


def tell(error: ExpressionError, line: Sequence[str]) -> None:
    """Give an error of the words of a command line a hint that writes the whole line, where it is known."""
    command, words = (line[0], line[1:]) if line[0] in COMMANDS else ("eval", line)
    if COMMANDS[command].rows and error.text in words and len(error.text) <= NEARBY:
        error.hint = selected(error.text, command, words) or _over_rows(error, command, words) or error.hint


def _line(command: str, text: str, words: Sequence[str], place: int, more: Sequence[str]) -> str:
    """The line of a command with another text at a place of its words, and with more words."""
    written = [in_quotes(text) if k == place else shell_word(word) for k, word in enumerate(words)]
    return " ".join(["circuit", command, *written, *more])


def _is_right(text: str) -> bool:
    from circuitcli.read_circuit import ReadCircuit

    try:
        ReadCircuit(text, parts=True)
    except CircuitError:
        return False
    return True


# ── SQL ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def selected(text: str, command: str, words: Sequence[str]) -> str:
    """The hint for a SELECT over a file; empty for another text, and where there is no file."""
    asked = selection_of(text)
    if asked is None:
        return ""
    files = sorted_words(words)[1][1:] or _files_called(asked.table)
    columns, renames = columns_of(files), dict[str, str]()
    program, where = (_mended(part, columns, renames) or part for part in (asked.program, asked.where))
    by = re.split(r"\s*,\s*", asked.by) if asked.by else []
    if not columns or not {*by} <= {*columns} or not _is_right(program) or (where and not _is_right(where)):
        return ""
    more = [] if files[0] in words else [shell_word(files[0])]
    more += [*_options(asked, program, where), *_renaming(renames)]
    known = {option for param in COMMANDS[command].load().params for option in param.opts}
    if not {word.partition(" ")[0] for word in more if word.startswith("--")} <= known:
        return ""
    order = "; rows stay in the order of the file" if asked.order else ""
    return f"write {_line(command, program, words, words.index(text), more)}{order}"


def _files_called(table: str) -> list[str]:
    """The file that SQL calls a table: by its name, or without its ending."""
    if os.path.isfile(table):
        return [table]
    folder, name = os.path.split(table)
    try:
        found = sorted(other for other in os.listdir(folder or ".") if name and other.partition(".")[0] == name)
    except OSError:
        return []
    return [os.path.join(folder, other) for other in found if columns_of([os.path.join(folder, other)])][:1]


def _options(asked: Selection, program: str, where: str) -> list[str]:
    """The options that say what the clauses of SQL say."""
    from circuitcli.language import graph_of, parse

    nodes = graph_of(parse(program), parts=True)
    in_all = any(node.gate in GATES and GATES[node.gate].only_over_rows for node in nodes.nodes)
    found = options_of(asked._replace(where=where))
    if asked.columns and not in_all:
        results = re.findall(r"(?:^|; )(\w+) = ", program) or ([] if is_name(program) else ["value"])
        found += ["--columns", ",".join([*asked.columns, *(results or [program])])]
    return [*found, *(["--head", asked.limit] if asked.limit.isdigit() else [])]


# ── columns ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _over_rows(error: ExpressionError, command: str, words: Sequence[str]) -> str:
    """The hint for columns that are written as in other tools, or whose names are none; empty for another mistake."""
    text, files = error.text, sorted_words(words)[1][1:]
    columns = [] if "\n" in text else columns_of(files)
    if not columns or ((asked := selection_of(text)) and asked.by):
        return ""
    renames: dict[str, str] = {}
    meant = _mended(text, columns, renames)
    if not meant or not _is_right(meant):
        return _taken_by_the_shell(error, command, words, columns)
    more = _renaming(renames)
    if re.search(r"(?i)\bis_?(?:nan|na|null)\s*\(", text) and "--bad-rows" not in words:
        more += ["--bad-rows", "nan"]
    return f"write {_line(command, meant, words, words.index(text), more)}"


def _mended(text: str, columns: Sequence[str], renames: dict[str, str]) -> str:
    """A text with columns by their names, of which new ones come to `renames`; empty where it is so already."""
    meant = columns_alone(_NUMBERED.sub(lambda found: _numbered(found[1], columns) or found[0], text))
    meant = _with_names(meant, columns, renames)
    meant = rewritten(meant, is_readable, True, columns) or meant
    return "" if meant == text else meant


def _renaming(renames: Mapping[str, str]) -> list[str]:
    return [f"--rename {shell_word(f'{column}={name}')}" for column, name in renames.items()]


def _numbered(word: str, columns: Sequence[str]) -> str:
    """The column that awk calls $1, $NF or by a variable; empty where there is none."""
    if word == "NF" or (word.isdigit() and 0 < int(word) <= len(columns)):
        column = columns[-1 if word == "NF" else int(word) - 1]
        return column if is_name(column) else f'"{column}"'
    return word if word in columns else ""


def _with_names(text: str, columns: Sequence[str], renames: dict[str, str]) -> str:
    """A text with columns by names; those that have none get one in `renames`."""
    for column in sorted(columns, key=len, reverse=True):
        name = column if is_name(column) else _name_for(column, [*columns, *re.findall(r"\w+", text)])
        alone = r"(?<![\w.])%s(?!\w)" if " " in column or not is_readable(column) else "(?!)%s"
        written = re.escape(column) if name == column else "(?i:" + re.escape(column).replace("\\ ", r"[\s_]*") + ")"
        quoted = rf"[{_TEXT}]{written}[{_TEXT}](?!\s*[=!]=\s*[^\W\d])|\[{written}\]"
        pattern = rf"(?<![=!]=)(?<![=!]= )(?:{quoted}{'|' + alone % written if name != column else ''})"
        text, count = re.subn(pattern, name, text)
        if count and name != column:
            renames[column] = name
    return text


def _name_for(column: str, taken: Collection[str]) -> str:
    """A short name for a column: without what is in parentheses, a unit say, where nothing else is called so."""
    words = {*taken, *GATES, *ALIASES, *CONSTANTS}
    full = re.sub(r"^(?=\d|$)", "c", spelled(column))
    short = re.sub(r"[(\[{].*", "", column)
    names = [re.sub(r"\W+", "_", short).strip("_").lower(), re.sub(r"^(?=\d|$)", "c", spelled(short)), full]
    return next((name for name in names if is_name(name) and name not in words), f"{full}_column")


def _taken_by_the_shell(error: ExpressionError, command: str, words: Sequence[str], columns: Sequence[str]) -> str:
    """The hint for a text in which a value is missing, as where the shell put nothing in the place of $1."""
    name = "" if error.hint else next(iter(numbers_among(columns, sorted_words(words)[1][1])), "")
    text = error.text.strip()
    meant = re.sub(r"^(?=[*/^%])|(?<=[-+*/^%(])(?=\)*$)", name, text)
    if not name or meant == text or not _is_right(meant):
        return ""
    line = _line(command, meant, words, words.index(error.text), [])
    return f"if it had $1, the shell took that away; a column is called by its name: write {line}"
