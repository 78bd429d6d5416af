"""Files of rows in every format and packing: sound ones, some with odd cells, and some with other bytes.

No row is lost or invented: what goes out, and what is told to be left out, is what came in.
"""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from circuitcli.cli.exit_status import MISTAKE
from circuitcli.tables.formats import FORMATS
from tests.fuzz import verdict
from tests.fuzz.case import HOSTILE, OUT, Case, Done
from tests.fuzz.program import Program

ROWS = 40
DAY = datetime.datetime(2020, 1, 1)
LENGTHS = (0, 1, 255, 2**15, 2**31 - 1, 2**31, 2**32 - 1)  # that lengths and places do not survive
CELLS = (
    *(
        "",
        " ",
        "nan",
        "NaN",
        "inf",
        "-Infinity",
        "1e999",
        "1e-999",
        "0x1f",
        "1_000",
        "1,5",
        "true",
        "null",
        "-",
        "+1",
        "١٢",
    ),
    *(
        "a\nb",
        '"',
        "é",
        "\x1b[2J",
        "\u202e",
        "9" * 400,
        "12±0.1",
        "1.00(1)",
        "-(2 +/- 1%)e3",
        "\0",
        "1.",
        ".5",
        " 7 ",
        "3e",
        "--1",
        *HOSTILE,
    ),
)
LEFT_OUT = re.compile(r"^note: (?:skipped|--where left out) ([\d,]+) of [\d,]+ rows", re.MULTILINE)
WORDS: tuple[list[str], ...] = (
    *(["eval", "x*2"],) * 4,
    *(["grad", "x*k"],) * 2,
    ["eval", "x*2", "--sigma-of", "x=1%"],
    ["grad", "x*k", "--sigma-of", "x=k,k=0.5"],
    ["eval", "v = w*x", "-w", "2±0.1"],
    ["eval", 'x*(s == "text 3 ü")'],
)
CONDITIONS: tuple[list[str], ...] = (*([],) * 8, ["--where", "x > 3"], ["--where", "k != 7 or x < 2"])
TYPED = [name for name, row in FORMATS.items() if row.typed]
PLAIN = [name for name, row in FORMATS.items() if not row.typed]
KEYED = [name for name, row in FORMATS.items() if row.keyed]
PACKINGS = ("", ".gz", ".zst")


def draw(chance: Random) -> Case:
    """A command over a file, sound or damaged."""
    form, packing = chance.choice([*FORMATS]), ""
    if form in TYPED:
        content, rows = damaged(chance, chance.choice(_sound(form))), None
    elif chance.random() < 0.5:
        content, rows = _odd(chance, form)
    else:
        content, rows = damaged(chance, _text(form, _table())), None
    if form in PLAIN:
        packing = chance.choice(PACKINGS)
        content = _packed(content, packing)
        if packing and chance.random() < 0.5:
            content, rows = damaged(chance, content), None
    name = f"in.{form}{packing}" if chance.random() < 0.8 else "in.data"
    words = chance.choice(WORDS)
    to = chance.choice([*FORMATS])
    read = [
        name,
        "--bad-rows",
        chance.choice(("error", "skip", "nan")),
        *(["--from", form] if name == "in.data" else []),
        *chance.choice(CONDITIONS),
    ]
    facts = {"rows": rows, "out": f"{OUT}.{to}", "to": to, "passes": to == form and form in PLAIN, "read": read}
    return Case([*words, *read, "--out", f"{OUT}.{to}"], files={name: content}, facts=facts)


def run(program: Program, case: Case, folder: Path) -> tuple[Done, str]:
    """Run a command over a file, and say what is wrong with its end."""
    done = program(case, folder)
    return done, verdict.fault(case, done) or _lost(program, case, done)


def _lost(program: Program, case: Case, done: Done) -> str:
    """Whether the rows that came in are those that went out, and those that were told of."""
    path = done.folder / case.facts["out"]
    if done.status == MISTAKE:
        return f"{path.name} is there in spite of an error" if path.exists() else ""
    passes = case.facts["passes"]
    try:
        left = (verdict.count_passed if passes else verdict.count_rows)(path.read_bytes(), case.facts["to"])
    except ValueError as error:
        return f"{path.name}: {error}"
    skipped = _skipped(done)
    came = case.facts["rows"]
    if came is None:
        counted = program(Case(["eval", "count()", *case.facts["read"], "--quiet"]), done.folder)
        if counted.status == MISTAKE and passes and case.facts["to"] in KEYED:
            return ""  # of an object whose text passes through only the keys are read that are used
        if counted.status:
            return f"count() has status {counted.status}"
        told = program(Case(["eval", "count()", *case.facts["read"], "--json"]), done.folder)
        came = round(float(counted.out)) + _skipped(told)
    return "" if left + skipped == came else f"{came} rows came, {left} went out, {skipped} were skipped"


def _skipped(done: Done) -> int:
    """The rows that a command says it left out."""
    return sum(int(told[1].replace(",", "")) for told in LEFT_OUT.finditer(done.told))


def damaged(chance: Random, data: bytes) -> bytes:
    """A file of which some bytes are others, are missing, or stand elsewhere."""
    if chance.random() < 0.1:
        return data[: chance.randrange(len(data) + 1)]
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        i, length = chance.randrange(len(found) + 1), chance.randrange(1, 16)
        match chance.randrange(6):
            case 0:
                found[i : i + 1] = bytes([chance.randrange(256)])
            case 1:
                found[i : i + 1] = bytes(byte ^ 1 << chance.randrange(8) for byte in found[i : i + 1])
            case 2:
                found[i : i + 4] = chance.choice(LENGTHS).to_bytes(4, "little")
            case 3:
                j = chance.randrange(len(found) + 1)
                found[i : i + length] = found[j : j + length]
            case 4:
                found[i:i] = chance.randbytes(length)
            case _:
                del found[i : i + length]
    return bytes(found)


def _odd(chance: Random, form: str) -> tuple[bytes, int]:
    """A sound text with some odd cells, and the count of its rows."""
    rows = _table()[: chance.randrange(1, ROWS)]
    for _ in range(chance.randrange(4)):
        row = chance.choice(rows)
        row[chance.choice([*row])] = chance.choice(CELLS)
    return _text(form, rows), len(rows)


def _table() -> list[dict[str, Any]]:
    return [{"x": 0.5 * i, "k": i, "s": f"text {i} ü"} for i in range(ROWS)]


def _text(form: str, rows: list[dict[str, Any]]) -> bytes:
    row = FORMATS[form]
    if row.keyed:
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    if row.quotes:
        file = io.StringIO(newline="")
        writer = csv.DictWriter(file, [*rows[0]], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return file.getvalue().encode()
    lines = [[*rows[0]], *([str(x).replace("\n", " ") for x in row.values()] for row in rows)]
    return "".join(row.separator.join(line) + "\n" for line in lines).encode()


def _packed(content: bytes, packing: str) -> bytes:
    import pyarrow as pa

    packers: dict[str, Callable[[bytes], bytes]] = {
        "": bytes,
        ".gz": lambda data: gzip.compress(data, mtime=0),
        ".zst": lambda data: bytes(pa.compress(data, "zstd", asbytes=True)),
    }
    return packers[packing](content)


@cache
def _sound(form: str) -> list[bytes]:
    """Sound files of a typed format, in all its variants, with a column of every kind that it treats in its own way."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    count = range(ROWS)
    whole = pa.table(
        {
            "x": pa.array([0.5 * i for i in count]),
            "k": pa.array([None if i % 7 == 3 else i for i in count], pa.int32()),
            "text": pa.array([f"text {i} ü" for i in count]),
            "long": pa.array([f"long {i}" for i in count], pa.large_string()),
            "kind": pa.array([f"kind {i % 3}" for i in count]).dictionary_encode(),
            "time": pa.array([DAY + datetime.timedelta(hours=i) for i in count], pa.timestamp("us")),
            "day": pa.array([DAY.date() for _ in count]),
            "price": pa.array([Decimal(i) for i in count], pa.decimal128(12, 2)),
            "yes": pa.array([i % 2 == 0 for i in count]),
            "list": pa.array([[i, i + 1] for i in count]),
            "struct": pa.array([{"a": i, "b": "q"} for i in count]),
            "bytes": pa.array([b"\0\xff%d" % i for i in count]),
        }
    )
    found = []
    for table in (whole, whole.drop_columns(["list", "struct", "bytes"]), whole.select(["x", "k", "text", "kind"])):
        file = io.BytesIO()
        if form == "parquet":
            for options in (
                {},
                {"compression": "none", "use_dictionary": False},
                {"row_group_size": 13, "compression": "gzip"},
            ):
                parquet.write_table(table, file := io.BytesIO(), **options)
                found.append(file.getvalue())
            continue
        for packing in (None, "lz4", "zstd"):
            for opened in (pa.ipc.new_file, pa.ipc.new_stream):
                with opened(
                    file := io.BytesIO(), table.schema, options=pa.ipc.IpcWriteOptions(compression=packing)
                ) as writer:
                    writer.write_table(table, max_chunksize=15)
                found.append(file.getvalue())
    return found
