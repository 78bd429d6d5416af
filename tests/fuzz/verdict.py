"""The judgement on the end of any command, whatever it was given. A fault is one line."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn
from xml.etree import ElementTree

from circuitcli.cli.exit_status import MISTAKE, STATUSES
from circuitcli.tables.formats import FORMATS, form_named
from tests.fuzz.case import CANARY, OUT, Case, Done, names

FOREIGN = re.compile(r"^\S+:\d+: \w*Warning: |^Traceback |^Exception ignored", re.MULTILINE)
MEMORY = 16 * 2**30  # bytes of addresses that a process may have: libraries take some for each thread, and use few
SHORT = re.compile(
    r"not enough memory|Cannot allocate memory|can't start new thread|Too many open files|malloc of size"
)
LIE = re.compile(r"malloc of size (\d{10,})")  # which a damaged file says it needs, and no system has
WHOLE = {status for status in STATUSES if status != MISTAKE}  # with these all of an output was written


def fault(case: Case, done: Done) -> str:
    """The fault in the way in which a case ended; empty where there is none."""
    if done.error:
        last = done.error.strip().splitlines()
        place = [line.strip() for line in last if line.startswith('  File "')][-1:]
        return f"exception: {last[-1][:200]} {' '.join(place)}"
    if done.status not in STATUSES:
        return f"status {done.status}"
    left = names(done.folder)
    if any(Path(name).name.startswith(CANARY) for name in left):
        return "text of others ran"
    manual = {name for name in left if "man" in case.words and Path(name).parent.name in ("man1", "man7")}
    if strange := sorted(name for name in left - manual - {*case.files, *case.words} if not name.startswith(OUT)):
        return f"litter: {strange[0][:80]}"
    if found := FOREIGN.search(done.told):
        return f"standard error: {found[0][:80]}"
    if found := SHORT.search(LIE.sub("", done.told)):  # all cases are small
        return f"memory: {found[0]}"
    says = any(line.startswith("circuit: ") for line in done.told.splitlines())
    if says != (done.status == MISTAKE):
        return f"status {done.status} with{'' if says else 'out'} an error"
    return _ill_formed(case, done)


def _ill_formed(case: Case, done: Done) -> str:
    packed = {"arrow", "--to=arrow", "parquet", "--to=parquet"} & {*case.words}  # bytes that are no text
    if not packed and (reason := malformed(done.out, case.stdout if done.status in WHOLE else "")):
        return f"standard output is no {case.stdout or 'UTF-8'}: {reason}"
    for path in done.folder.glob(f"{OUT}*"):
        is_trace = path.name in case.words and case.words[case.words.index(path.name) - 1] == "--trace"  # a text
        if (
            path.name not in case.files
            and not is_trace
            and path.is_file()
            and (form := _told(case.words) or form_named(path.name))
        ):
            reason = "" if case.facts.get("passes") else malformed(path.read_bytes(), form)
            if reason:
                return f"{path.name} is no {form}: {reason}"
    return ""


def _told(words: Sequence[str]) -> str:
    """The form that --to says, whatever the name of the file is."""
    said = [word.removeprefix("--to=") for word in words if word.startswith("--to=")]
    said += [form for option, form in pairwise(words) if option == "--to"]
    return said[-1] if said and said[-1] in FORMATS else ""


def malformed(content: bytes, form: str) -> str:
    """The reason for which bytes do not have a form; empty where they have it, or a parser for it is not known."""
    try:
        count_rows(content, form)
    except (ValueError, SyntaxError, RecursionError, csv.Error, OSError) as error:
        return f"{type(error).__name__}: {str(error)[:120]}"
    return ""


def count_rows(content: bytes, form: str) -> int:
    """The rows of an output. Raises an error where it does not have its form."""
    return _FORMS.get(form, _text)(content)


def count_passed(content: bytes, form: str) -> int:
    """The rows of an output whose text passed through: it has the bytes that came in, sound or not."""
    if form == "jsonl":
        return sum(1 for line in content.split(b"\n") if line.strip())
    return count_rows(content.decode("latin-1").encode(), form)


def _text(content: bytes) -> int:
    return len(content.decode().splitlines())


def strict_json(text: str) -> Any:
    """The value of a JSON text, which has no NaN."""

    def refuse(word: str) -> NoReturn:
        raise ValueError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


def _json(content: bytes) -> int:
    if content.strip():
        strict_json(content.decode())
    return 1


def _json_lines(content: bytes) -> int:
    lines = [line for line in content.decode().split("\n") if line.strip()]
    if not all(isinstance(strict_json(line), dict) for line in lines):
        raise ValueError("a row is no object")
    return len(lines)


def _cells(rows: list[list[str]]) -> int:
    rows = [row for row in rows if row]
    if len({len(row) for row in rows}) > 1:
        raise ValueError("rows differ in their number of cells")
    return max(0, len(rows) - 1)


def _csv(content: bytes) -> int:
    csv.field_size_limit(1 << 30)
    return _cells([*csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))])


def _tsv(content: bytes) -> int:
    lines = content.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    return _cells([line.split("\t") for line in lines if line])


def _parquet(content: bytes) -> int:
    import pyarrow.parquet as parquet

    table = parquet.read_table(io.BytesIO(content))
    table.validate(full=True)
    return int(table.num_rows)


def _arrow(content: bytes) -> int:
    import pyarrow as pa

    table = pa.ipc.open_file(io.BytesIO(content)).read_all()
    table.validate(full=True)
    return int(table.num_rows)


def _python(content: bytes) -> int:
    return len(ast.parse(content.decode()).body)


def _xml(content: bytes) -> int:
    return len(ElementTree.fromstring(content.decode()))


_FORMS: dict[str, Callable[[bytes], int]] = {
    "json": _json,
    "jsonl": _json_lines,
    "csv": _csv,
    "tsv": _tsv,
    "parquet": _parquet,
    "arrow": _arrow,
    "python": _python,
    "svg": _xml,
    "bytes": len,
}
