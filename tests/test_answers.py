"""One answer, one printer: every answer has every form, and none is refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import TypeVar

import pytest

from circuitcli.cli import run
from circuitcli.cli.answers.answer import Answer, Record, give
from circuitcli.cli.options import FORMATS, Output
from tests.support import FILES

T = TypeVar("T")
POINT = ["f = x*y + sin(x)", "-x", "0.5", "-y", "2"]
FIT = ["sum((y - a*exp(-b*t))^2)", "decay.csv", "-a", "1", "-b", "0.1"]
ANSWERS = {
    "eval": ["eval", *POINT],
    "eval uncertain": ["eval", "x*y", "-x", "1±0.1", "-y", "2"],
    "eval several": ["eval", "r = hypot(x, y); t = atan2(y, x)", "-x", "3", "-y", "4±0.1"],
    "eval several rows": ["eval", "n = count(); m = mean(x); s = std(x)", "pts.csv"],
    "eval rows": ["eval", "mean(x)", "pts.csv"],
    "grad": ["grad", *POINT],
    "grad uncertain": ["grad", "x*y", "-x", "1±0.1", "-y", "2"],
    "grad rows": ["grad", "mean((y - w*x)^2)", "pts.csv", "-w", "2"],
    "check": ["grad", *POINT, "--check"],
    "check at a kink": ["grad", "max(x, 0) + y", "-x", "0", "-y", "1", "--check"],
    "claim": ["grad", *POINT, "--claim", "x = y + cos(x); y = x"],
    "check rows": ["grad", "w*x", "pts.csv", "-w", "3", "--check"],
    "difference": ["grad", *POINT, "--difference", "central"],
    "hessian": ["grad", *POINT, "--hessian"],
    "explain": ["grad", "f = x*x*max(y, -1)", "-x", "3", "-y", "2", "--explain"],
    "rounding": ["grad", "0.1*x", "-x", "0.3", "--rounding"],
    "ascend": ["ascend", "100-(x-y)^2", "-x", "3", "-y", "4"],
    "descend": ["descend", "(x-1)^2", "-x", "3", "--starts", "3", "--uncertainty"],
    "fit": ["descend", *FIT],
    "derive": ["derive", "exp(x*y)*exp(x*y)"],
    "derive at a point": ["derive", *POINT],
    "gates": ["gates"],
    "gate": ["gates", "tanh"],
    "gates named": ["gates", "max", "where"],
}


def told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    """The output of a command that succeeds."""
    monkeypatch.chdir(FILES)
    status = run(list(words))
    out, err = capsys.readouterr()
    assert status == 0, err
    return out


def columns(rows: list[dict[str, object]]) -> list[str]:
    """The columns that have something in some row."""
    return list(dict.fromkeys(name for row in rows for name, cell in row.items() if cell not in ("", None)))


def cells(text: str, separator: str) -> list[dict[str, object]]:
    """The rows of CSV or TSV; none is longer or shorter than the header."""
    header, *rows = csv.reader(io.StringIO(text), delimiter=separator)
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.parametrize("words", ANSWERS.values(), ids=ANSWERS)
def test_every_answer_has_every_form(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {to: told(capsys, monkeypatch, *words, "--to", to) for to in FORMATS}
    quiet = told(capsys, monkeypatch, *words, "--quiet")
    assert found["table"].strip() and quiet.strip()
    assert isinstance(json.loads(found["json"], parse_constant=pytest.fail), (dict, list))
    rows = [json.loads(line, parse_constant=pytest.fail) for line in found["jsonl"].splitlines()]
    assert columns(rows) == columns(cells(found["csv"], ",")) == columns(cells(found["tsv"], "\t")) != []
    assert len(rows) == len(cells(found["csv"], ","))


def test_numbers_are_those_of_python_in_every_machine_format(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["grad", "1/x", "-x", "0", "--rounding", "--allow-nonfinite"]
    separated = cells(told(capsys, monkeypatch, *words, "--to", "csv"), ",")
    strict = [json.loads(line) for line in told(capsys, monkeypatch, *words, "--to", "jsonl").splitlines()]
    assert (separated[-1]["value"], strict[-1]["value"]) == ("inf", "Infinity")
    words = ["grad", "0.1*x", "-x", "3", "--explain"]
    assert cells(told(capsys, monkeypatch, *words, "--to", "csv"), ",")[0]["gives"] == "0.1"


def test_what_is_shared_out_adds_up(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["grad", "(1 - cos(x))/x^2 + 0.1*x", "-x", "0.3"]
    whole = json.loads(told(capsys, monkeypatch, *words, "--rounding", "--json"))
    rows = [json.loads(line) for line in told(capsys, monkeypatch, *words, "--rounding", "--to", "jsonl").splitlines()]
    assert [row["moves"] for row in rows] == whole["rounding"]["nodes"]
    assert sum(row["share"] for row in rows) == pytest.approx(1.0)
    steps = [json.loads(line) for line in told(capsys, monkeypatch, *words, "--explain", "--to", "jsonl").splitlines()]
    given = sum(step.get("gives", 0.0) for step in steps if step["to_node"] == "x")
    assert given == pytest.approx(whole["gradient"]["x"])


def test_a_key_means_in_rows_what_it_means_in_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["grad", "f = x*x*y", "-x", "3", "-y", "2", "--explain"]
    whole = json.loads(told(capsys, monkeypatch, *words, "--json"))["backward"]
    rows = [json.loads(line) for line in told(capsys, monkeypatch, *words, "--to", "jsonl").splitlines()]
    shared = ("node", "upstream", "gives", "to")
    assert [[row[key] for key in shared] for row in rows] == [[s[key] for key in shared] for s in whole if "to" in s]
    gate = json.loads(told(capsys, monkeypatch, "gates", "exp", "--json"))
    row = json.loads(told(capsys, monkeypatch, "gates", "exp", "--to", "jsonl"))
    assert (row["arity"], "arguments" in row) == (gate["arity"], False)


def test_a_derivative_in_a_row_is_a_program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text, at = "exp(x*y)*sin(exp(x*y))", ["-x", "0.3", "-y", "0.7"]
    for row in cells(told(capsys, monkeypatch, "derive", text, *at, "--to", "csv"), ","):
        value = told(capsys, monkeypatch, "eval", str(row["derivative"]), *at, "--quiet")
        assert float(value) == pytest.approx(float(str(row["value"])), rel=1e-14)


@pytest.mark.parametrize("to", FORMATS)
def test_no_form_is_built_but_the_one_that_is_printed(to: str, capsys: pytest.CaptureFixture[str]) -> None:
    built: list[str] = []

    def part(name: str, content: T) -> Callable[[], T]:
        def build() -> T:
            built.append(name)
            return content

        return build

    record: Record = {"a": 1}
    answer = Answer(part("record", record), part("rows", [record]), part("table", ["a 1"]), part("bare", ["1"]))
    assert give(answer, Output(to=to)) == 0
    assert built == [{"table": "table", "json": "record"}.get(to, "rows")] and capsys.readouterr().out
