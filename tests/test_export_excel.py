"""Workbooks: their cells as written, and their numbers as LibreOffice computes them."""

from __future__ import annotations

import io
import math
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from circuitcli.errors import UsageError
from circuitcli.export.languages import LANGUAGES
from circuitcli.language import graph_of, parse
from circuitcli.render.excel_workbook import LIKE_A_CELL
from tests.exported import Job
from tests.support import circuit, shell
from tests.terminal import Terminal
from tests.test_export import LACKING, expected, feynman_jobs, gate_jobs

openpyxl = pytest.importorskip("openpyxl")
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
DIGITS = 2e-13  # relative: 15 digits are in the file that LibreOffice writes, and in numbers of a formula
NUMBERS = (0.0, 1.0, -5.5, 40.0)


def workbook(text: str, numbers: Mapping[str, float] = {}, wrt: Sequence[str] | None = None) -> bytes:
    graph = graph_of(parse(text))
    given = {name: graph_of(parse(repr(x))) for name, x in numbers.items()}
    content = LANGUAGES["excel"].content(graph, list(graph.inputs) if wrt is None else wrt, given)
    assert isinstance(content, bytes)
    return content


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(sheet: Any) -> list[tuple[object, ...]]:
    return [tuple(x for x in row if x is not None) for row in sheet.iter_rows(values_only=True)]


def computed(books: Sequence[bytes], folder: Path) -> list[dict[str, object]]:
    """The numbers of the named cells of each workbook, in which an error is a text."""
    assert OFFICE is not None
    for i, book in enumerate(books):
        (folder / f"{i}.xlsx").write_bytes(book)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    words = [OFFICE, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out")]
    files = [str(folder / f"{i}.xlsx") for i in range(len(books))]
    for first in range(0, len(files), 200):
        subprocess.run([*words, *files[first : first + 200]], check=True, capture_output=True, timeout=600)
    found = []
    for i, book in enumerate(books):
        names = {name: defined.attr_text for name, defined in opened(book).defined_names.items()}
        done = openpyxl.load_workbook(folder / "out" / f"{i}.xlsx", data_only=True)
        places = {name: place.replace("$", "").split("!") for name, place in names.items()}
        found.append({name: done[sheet][place].value for name, (sheet, place) in places.items()})
    return found


needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not here")


def test_the_cells_of_a_workbook() -> None:
    book = opened(workbook("f = (y - w*x)^2", {"w": 1.5, "x": 2.0}, ["w"]))
    assert book.sheetnames == ["circuit", "steps"]
    assert rows(book["circuit"])[:8] == [
        ("f = (y - w * x)^2",),
        (),
        ("input", "number", "derivative"),
        ("y", "=NA()"),
        ("w", 1.5, "=-(v1_ + v1_) * x"),
        ("x", 2),
        (),
        ("output", "number"),
    ]
    assert rows(book["circuit"])[8] == ("f", "=v1_ * v1_")
    assert rows(book["steps"]) == [("step", "number"), ("v1_", "=y - w * x")]


def test_a_named_node_is_a_step() -> None:
    steps = rows(opened(workbook("q = x + y; idle = 7*x; f = q*z", wrt=["x"]))["steps"])
    assert steps == [("step", "number"), ("q", "=x + y")]


def test_names_are_no_places_and_no_functions() -> None:
    names = ["x1", "r", "C", "R2C3", "abc12", "sin", "true", "x", "X", "v1", "grad_x", "θ", "W[1,2]"]
    book = opened(workbook(" + ".join(f"{i + 1}*{name}" for i, name in enumerate(names))))
    found = [*book.defined_names]
    assert len({name.casefold() for name in found}) == len(found) == 2 * len(names) + 1
    assert not [name for name in found if LIKE_A_CELL.fullmatch(name) or not re.fullmatch(r"\w+", name)]
    assert not {"sin", "true"} & {name.casefold() for name in found}


def test_a_workbook_is_a_file_or_goes_through_a_pipe(tmp_path: Path) -> None:
    done = circuit("export", "x*y", "-x", "2", "--out", "f.xlsx", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert rows(openpyxl.load_workbook(tmp_path / "f.xlsx")["circuit"])[3] == ("x", 2, "=y")
    assert shell("circuit export 'x*y' --to xlsx", tmp_path).stdout.startswith(b"PK")
    terminal = Terminal("export", "x*y", "--to", "excel")
    assert terminal.leave("") == 2
    terminal.close()
    assert terminal.lines[-2:] == ["circuit: a file of Excel is not for a terminal", "  add --out circuit.xlsx"]


def test_the_library_is_in_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("circuitcli.extras.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="Excel workbooks are written with openpyxl") as caught:
        workbook("x*y")
    assert "circuitcli[excel]" in str(caught.value.hint)


@needs_office
def test_numbers_are_missing_until_they_are_typed(tmp_path: Path) -> None:
    first, second = computed([workbook("w*x + y", {"w": 2.0}), workbook("w*x", {"w": 2.0, "x": 3.0})], tmp_path)
    assert (first["value"], first["grad_x"], first["grad_w"], first["grad_y"]) == ("#N/A", 2, "#N/A", 1)
    assert (second["value"], second["grad_w"]) == (6, 3)


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["gates", "feynman"])
def test_a_workbook_computes_what_circuit_computes(kind: str, tmp_path: Path) -> None:
    """A finite number is the number, and what is not finite is an error."""
    asked: list[tuple[Job, tuple[float, ...]]] = []
    for job in gate_jobs() if kind == "gates" else feynman_jobs():
        if any(node.gate in LACKING["excel"] for node in job.graph.nodes):
            continue
        count = len(job.graph.inputs)
        more = [(x,) * count for x in NUMBERS] if kind == "gates" else []
        points = [point for point in job.points if all(map(math.isfinite, point)) and max(map(abs, point)) < 1e100]
        asked += [(job, tuple(x + 0.0 for x in point)) for point in [*points[:2], *more]]
    books: list[bytes] = []
    for job, point in asked:
        given = {name: graph_of(parse(repr(x))) for name, x in zip(job.graph.inputs, point, strict=True)}
        content = LANGUAGES["excel"].content(job.graph, list(job.graph.inputs), given)
        assert isinstance(content, bytes)
        books.append(content)
    wrong = []
    for (job, point), found in zip(asked, computed(books, tmp_path), strict=True):
        value = next(reversed([name for name in found if re.fullmatch(r"value_*", name)]))
        answers = [found[name] for name in (value, *(name for name in found if name.startswith("grad_")))]
        for answer, wanted in zip(answers, expected(job, point), strict=True):
            right = (
                not math.isfinite(wanted) if isinstance(answer, str) else answer == pytest.approx(wanted, rel=DIGITS)
            )
            wrong += [(job.graph.nodes[-1].gate, point, answer, wanted)] * (not right)
    assert not wrong
