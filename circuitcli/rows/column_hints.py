"""Hints for a name that is no column: the column that may be meant, and how to give it the name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from unicodedata import combining, name, normalize

from circuitcli.language.names import is_name, near, with_near
from circuitcli.nested_names import families, first_and_last, stem_of
from circuitcli.tables.json_paths import root_of
from circuitcli.tables.shell_hints import piped
from circuitcli.visible_text import in_quotes, shell_word

INDEX = "index"  # a column without a name, which pandas writes before all others
HEAD = 65_536  # bytes of a file that names of columns are sought in
LONGEST_TEXT = 60  # characters of an expression or a condition that a hint repeats
LONGEST = 30  # characters of a column that is proposed though nothing tells that it is meant
_QUOTING = """sed -E '1s/[^],[]+\\[[0-9, ]+\\]/"&"/g'"""  # of the elements in a first line
_LETTERS = {"LAMDA": "lambda"}  # whose names in Unicode are not those that people write


def instead(missing: str, columns: Sequence[str], shown: str) -> str:
    """The hint that finds a name that is no column in the columns of a file, `shown` so in messages, or finds what kept
    it from being one; empty where nothing does."""
    root = root_of(missing)
    if root != missing and root in columns:
        return f"{root} has no part of that name: parts are those of objects and of lists, from [1] on; "
    if elements := families(columns).get(missing):
        loop = f"sum({missing}[i] for i in 1:{len(elements)})"
        return f"its elements are columns, {first_and_last(elements)}: as in {loop}; "
    if len(columns) == 1 and (sign := _separator(columns[0])):
        return f"--delimiter {shell_word(sign)} if its cells are separated by {sign}; "
    if len(columns) == 1 and missing in (words := columns[0].split()) and len(words) > 1:
        rename = shell_word(f"{columns[0]}={missing}")
        return f"--delimiter blank if its cells are separated by blanks, --rename {rename} if this is one column; "
    if len(columns) == 2 and is_name(columns[0]) and _is_number(columns[1]):
        return f"if a line is a name and its value: {piped('mlr --ixtab --ocsv cat', shown)}; "
    if (parts := missing.split(",")) != [missing] and _stand_together(parts, columns):
        return f'"{missing}" needs its quotes in the first line: {piped(_QUOTING, shown)}; '
    strange = [column for column in columns if not is_name(column)]
    if f'"{missing}"' in columns:
        return "--from csv takes the quotes off; "
    if (meant := _meant(missing, columns, strange)) is not None:
        return f"--rename {shell_word(f'{meant}={missing}')} names a column so; "
    if columns and columns[0].startswith("#"):
        return "--comment '#' if the first line is a comment; "
    if close := near(missing, [column for column in columns if _may_be(missing, column)]):
        if is_name(close):
            return f"did you mean {close}? "
        return f"--rename {shell_word(f'{close}={missing}')} names a column so; "
    if strange and len(strange[0]) <= LONGEST:
        return f"--rename {shell_word(f'{strange[0]}={missing}')} names a column so, if it is that; "
    return ""


def perhaps(missing: str, columns: Sequence[str]) -> str:
    """The hint in Python on a name that is no column; empty where no column is like it."""
    if elements := families(columns).get(missing):
        return f"its elements are columns, {first_and_last(elements)}; "
    meant = _meant(missing, columns, [column for column in columns if not is_name(column)])
    meant = meant or near(missing, [column for column in columns if _may_be(missing, column)])
    return f'if it is "{meant}", rename that column; ' if meant else ""


def _may_be(missing: str, column: str) -> bool:
    """Whether a name may be that of a column: for elements a like index tells nothing."""
    stem = stem_of(missing)
    return stem == missing or bool(near(stem, [stem_of(column)]))


def _stand_together(parts: Sequence[str], columns: Sequence[str]) -> bool:
    """Whether columns side by side are the parts of a name, which a comma in it has torn apart."""
    return any([*columns[k : k + len(parts)]] == [*parts] for k in range(len(columns)))


def with_whole(hint: str, missing: Sequence[str], texts: Sequence[str], columns: Sequence[str], option: str) -> str:
    """A hint with the whole text to write in place of the column that `missing` names nearly, behind its option."""
    first, *_ = [*missing, ""]
    named = re.compile(rf"(?<![\w.]){re.escape(first)}(?![\w.])")
    text = next((text for text in texts if named.search(text)), "")
    close = near(first, list(columns))
    inside = [name for name in missing if re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", text)]
    meant = with_near(text, inside, columns)
    if not meant or len(meant) > LONGEST_TEXT or "\n" in meant:
        return hint
    return hint.replace(f"did you mean {close}?", f"did you mean {option}{in_quotes(meant)}?", 1)


def head_of(file: str) -> str:
    """The first bytes of a file, where the names of its columns are, as text."""
    try:
        with open(file, "rb") as stream:
            return stream.read(HEAD).decode("utf-8", "replace")
    except OSError:
        return ""


def numbers_among(columns: Sequence[str], file: str) -> list[str]:
    """The columns that have a number and a name, as far as the second line of a file tells."""
    from circuitcli.tables.cell_forms import is_number
    from circuitcli.tables.table_start import parsed

    for separator in ",;\t|":
        cells = parsed(head_of(file).splitlines()[1:2], separator)
        if cells and len(cells[0]) == len(columns):
            found = zip(columns, cells[0], strict=True)
            return [column for column, cell in found if is_number(cell) and is_name(column)]
    return []


def instead_of_group(by: str, columns: Sequence[str]) -> str:
    """The hint for groups by a name that is no column; empty where nothing is found."""
    first, *others = [near(name.strip(), list(columns)) for name in by.split(",")]
    if others and first and all(others):
        ways = " or ".join(f"--by {shell_word(name)}" for name in (first, *others))
        tests = [f"--where '{name} == \"VALUE\"'" for name in others[:1] if is_name(name)]
        more = f", with {tests[0]} for one {others[0]} at a time" if tests else ""
        return f"rows are grouped by one column: write {ways}{more}; "
    return f"did you mean --by {shell_word(first)}? " if first and not others else ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _separator(column: str) -> str:
    """The sign between the names of columns that were taken for one name; empty where there is none."""
    for sign in ",:^&~":
        parts = column.split(sign)
        if len(parts) > 1 and all(is_name(part.strip()) for part in parts):
            return sign
    return ""


def _meant(missing: str, columns: Sequence[str], strange: Sequence[str]) -> str | None:
    """The column that a name means: spelled so, with more words behind or before, or with a longer first one."""
    word = spelled(missing)
    words = {column: spelled(column) or INDEX for column in columns}
    tests: tuple[Callable[[str], bool], ...] = (
        lambda column: words[column].replace("_", "") == word.replace("_", "") and not column.isascii(),
        lambda column: column in strange and f"{words[column]}_".startswith(f"{word}_"),
        lambda column: column in strange and f"_{word}_" in f"_{words[column]}_",
        lambda column: column in strange and words[column].startswith(word),
    )
    return next((column for test in tests for column in columns if word and test(column)), None)


def spelled(text: str) -> str:
    """A name in small letters without accents, Greek ones by their names, with _ between its words."""
    plain = "".join(_plain(sign) for sign in normalize("NFKD", text) if not combining(sign))
    return re.sub("[^0-9a-z]+", "_", plain.lower()).strip("_")


def _plain(sign: str) -> str:
    """A Greek letter as its name; other signs as they are."""
    kind, _, letter = name(sign, "").rpartition(" LETTER ")
    return _LETTERS.get(letter, letter.lower()) if kind.startswith("GREEK") else sign
