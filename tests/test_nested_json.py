"""Values inside of rows of JSON, by names such as a.b and a[1], beside json of the standard library."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from circuitcli import Circuit, ExpressionError
from circuitcli.tables.json_paths import leaves, value_at
from tests.support import circuit

READERS = [(), ("--engine", "arrays")]


def drawn(count: int, seed: int) -> list[dict[str, Any]]:
    draw = random.Random(seed)
    return [
        {
            "id": i,
            "pos": {"x": round(draw.gauss(0.0, 1.0), 4), "kind": draw.choice("ab"), "at": {"z": draw.randrange(9)}},
            "v": [draw.randrange(9), round(draw.random(), 5), {"w": draw.randrange(5)}],
        }
        for i in range(count)
    ]


FORMS = {
    "lines": lambda rows: "".join(json.dumps(row) + "\n" for row in rows),
    "array": lambda rows: json.dumps(rows),
    "indented": lambda rows: "\n".join(json.dumps(row, indent=1) for row in rows),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("form", FORMS)
def test_parts_of_rows_are_inputs(form: str, reader: Sequence[str], tmp_path: Path) -> None:
    if reader:
        pytest.importorskip("pyarrow")
    rows = drawn(50, 1)
    (tmp_path / "in.json").write_text(FORMS[form](rows))
    text = 'pos.x*v[2] + pos.at.z + v[3].w*(pos.kind == "a")'
    done = circuit("eval", text, "in.json", "--quiet", "--where", "v[1] > 2", *reader, cwd=tmp_path)
    wanted = [
        row["pos"]["x"] * row["v"][1] + row["pos"]["at"]["z"] + row["v"][2]["w"] * (row["pos"]["kind"] == "a")
        for row in rows
        if row["v"][0] > 2
    ]
    assert [*map(float, done.stdout.split())] == wanted
    grad = circuit("grad", "pos.x*v[2]", "in.json", "--columns", "grad_pos.x", "--to", "jsonl", *reader, cwd=tmp_path)
    assert [json.loads(line)["grad_pos.x"] for line in grad.stdout.splitlines()] == [row["v"][1] for row in rows]


@pytest.mark.parametrize("reader", READERS)
def test_our_own_answers_are_rows(reader: Sequence[str], tmp_path: Path) -> None:
    answers = [circuit("grad", "(x+y)*z", "-x", str(x), "-y", "5", "-z", "-4", "--json").stdout for x in (-2, 1, 7)]
    (tmp_path / "in.json").write_text("".join(answers))
    done = circuit("eval", "gradient.z - inputs.x - inputs.y", "in.json", "--quiet", *reader, cwd=tmp_path)
    assert done.stdout == "0.0\n" * 3
    whole = circuit("eval", "mean(value)", "in.json", "--quiet", *reader, cwd=tmp_path)
    assert float(whole.stdout) == pytest.approx(((-2 + 5) * -4 + (1 + 5) * -4 + (7 + 5) * -4) / 3)


@pytest.mark.parametrize("reader", READERS)
def test_a_part_that_is_missing(reader: Sequence[str], tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"a": {"b": 1}, "c": [1]}\n{"a": {}, "c": []}\n{"a": 3, "c": [2]}\n')
    done = circuit("eval", "a.b", "in.jsonl", *reader, cwd=tmp_path)
    assert done.returncode == 2 and "in.jsonl:2: a.b is missing" in done.stderr
    done = circuit("eval", "c[1]", "in.jsonl", "--bad-rows", "skip", "--quiet", *reader, cwd=tmp_path)
    told = "skipped 1 of 3 rows (first: in.jsonl:2, c[1] is missing: c has 0 elements)"
    assert done.stdout == "1.0\n2.0\n" and told in done.stderr
    done = circuit("eval", "c[0]", "in.jsonl", *reader, cwd=tmp_path)
    assert done.returncode == 2 and "in.jsonl:1: c[0] is missing" in done.stderr
    done = circuit("eval", "b.c", "in.jsonl", *reader, cwd=tmp_path)
    assert done.returncode == 2 and "b.c is no column of in.jsonl" in done.stderr


@pytest.mark.parametrize("reader", READERS)
def test_a_key_with_a_dot_is_looked_for_first(reader: Sequence[str], tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"p.x":9,"p":{"x":1}}\n{"p.x":7}\n{"p":{"x":3}}\n')
    assert circuit("eval", "2*p.x", "in.jsonl", "--quiet", *reader, cwd=tmp_path).stdout == "18.0\n14.0\n6.0\n"
    words = ["eval", "p.x = 2; p.x", "in.jsonl", *reader]
    assert "p.x is a part of a row, and no name of its own" in circuit(*words, cwd=tmp_path).stderr


def test_a_column_may_be_called_so(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("a.b,w[1]\n1,2\n")
    assert circuit("eval", "a.b + w[1]", "in.csv", "--quiet", cwd=tmp_path).stdout == "3.0\n"
    (tmp_path / "in.jsonl").write_text('{"a.b": 1, "a": {"b": 5}}\n')
    assert circuit("eval", "a.b", "in.jsonl", "--quiet", cwd=tmp_path).stdout == "1.0\n"


def test_paths() -> None:
    for row in drawn(20, 2):
        for name, value in leaves(row):
            assert value_at(row, name) == (value, True)
    assert value_at({"a": [1]}, "a[2]") == (None, False)
    assert value_at({"a": {"b.c": 1, "b": {"c": 2, "d": 3}}}, "a.b.c") == (1, True)
    assert value_at({"a": {"b.c": 1, "b": {"c": 2, "d": 3}}}, "a.b.d") == (3, True)


def test_without_rows_there_are_no_parts() -> None:
    for text, at in (("a.b", 1), ("32 + min.bind", 8), ("w[1].a*2", 1)):
        with pytest.raises(ExpressionError) as caught:
            Circuit(text)
        assert caught.value.start == at


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("np.sin(x)", "np.sin is no name", "write sin"),
        ("math.pi*x", "math.pi is no name", "write pi"),
        ("torch.relu(x)", "torch.relu is no name", "write relu"),
        ("a.b*x", "unexpected .", "a.b is a part of a row of JSON: name a file of rows"),
        ("a[1].b*x", "unexpected [", "a[1].b is a part of a row of JSON"),
        ("x.5", "x.5 is no number", ""),
        ("w[i]", "i is no loop", "write i = 3; w[i]"),
    ],
)
def test_mistakes(text: str, message: str, hint: str) -> None:
    done = circuit("eval", text, "-x", "1")
    assert done.returncode == 2 and message in done.stderr and hint in done.stderr


@pytest.mark.parametrize("engine", [[], ["--engine", "arrays"]])
def test_parts_go_out_and_tell_groups_apart(engine: list[str], tmp_path: Path) -> None:
    """In their own text: 1.10 stays 1.10."""
    rows = [
        '{"id": 1, "pos": {"x": 1.10, "k": "a"}, "v": [1, [2, 3]]}',
        '{"id": 2, "pos": {"x": 3, "k": "b"}, "v": [4]}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(rows) + "\n")
    words = ["r = 2*pos.x", "a.jsonl", "--columns", "id,pos.k,pos.x,v[2][1],r", *engine]
    done = circuit("eval", *words, "--to", "csv", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "id,pos.k,pos.x,v[2][1],r\n1,a,1.10,2,2.2\n2,b,3,,6.0\n")
    done = circuit("eval", "mean(pos.x)", "a.jsonl", "--by", "pos.k", *engine, cwd=tmp_path)
    assert done.stdout == "pos.k,rows,value\na,1,1.1\nb,1,3.0\n"
    refused = circuit("eval", "mean(pos.x)", "a.jsonl", "--by", "id.k", *engine, cwd=tmp_path)
    assert refused.returncode == 2 and "has no column id.k" in refused.stderr
    refused = circuit("eval", "v[0]", "a.jsonl", *engine, cwd=tmp_path)
    assert "the first of a list is v[1]" in refused.stderr


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_parts_of_columns_with_types(form: str, tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": [1, 2, 3],
            "pos": [{"x": 1.0, "k": "a"}, None, {"x": 2.5, "k": "b"}],
            "v": pa.array([[1, 2], [3], None]),
            "s": ["1.5", " true ", "nan"],
        }
    )
    if form == "parquet":
        pq.write_table(table, tmp_path / "a.parquet")
    else:
        with pa.ipc.new_file(tmp_path / "a.arrow", table.schema) as writer:
            writer.write_table(table)
    wanted = {"pos.x*2": "2.0 nan 5.0", "v[2]": "2.0 nan nan", "v[1]": "1.0 3.0 nan", "s": "1.5 1.0 nan"}
    for expression, numbers in wanted.items():
        words = ["eval", f"r = {expression}", f"a.{form}", "--bad-rows", "nan", "--columns", "r", "--to", "csv"]
        assert circuit(*words, cwd=tmp_path).stdout.split() == ["r", *numbers.split()]
    done = circuit("eval", "r = pos.x", f"a.{form}", "--bad-rows", "skip", "--columns", "id,pos.k,v[1],r", cwd=tmp_path)
    assert done.stdout == "id,pos.k,v[1],r\n1,a,1,1.0\n3,b,,2.5\n"
    assert "row 2, pos.x is missing" in done.stderr
    for expression in ("v[0]", "pos.z", "id.x"):
        refused = circuit("eval", expression, f"a.{form}", cwd=tmp_path)
        assert refused.returncode == 2 and "is no column of" in refused.stderr
        assert "add -" not in refused.stderr  # what has dots cannot be typed


FAMILIES = '{"W": [[1, 2], [3, 4]], "x": [1, 2], "n": "a"}\n{"W": [[1, 2], [3, 5]], "x": [1, -2], "n": "b"}\n'
OF_FAMILIES = "h[j] = sum(W[j,i]*x[i] for i in 1:2) for j in 1:2; f = h[1]*h[2]"


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("to", ["jsonl", "json"])
def test_families_of_rows_go_out_as_lists(to: str, reader: Sequence[str], tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(FAMILIES)
    header = '"W[1,1]","W[1,2]","W[2,1]","W[2,2]"'
    (tmp_path / "in.csv").write_text(f"{header},x[1],x[2],n\n1,2,3,4,1,2,a\n1,2,3,5,1,-2,b\n")
    for file in ("in.jsonl", "in.csv"):
        done = circuit("grad", OF_FAMILIES, file, "--to", to, *reader, cwd=tmp_path)
        found = json.loads(done.stdout) if to == "json" else [json.loads(line) for line in done.stdout.splitlines()]
        for row, wanted in zip(found, map(json.loads, FAMILIES.splitlines()), strict=True):
            (h, k), (a, b) = ([sum(w * x for w, x in zip(r, row["x"], strict=True)) for r in row["W"]], row["x"])
            slopes = [[k * a, k * b], [h * a, h * b]]
            by_x = [row["W"][0][i] * k + row["W"][1][i] * h for i in range(2)]
            assert row == {**wanted, "f": h * k, "grad_W": slopes, "grad_x": by_x}
    names = "h,grad_x,n"
    done = circuit("grad", OF_FAMILIES, "in.jsonl", "--columns", names, "--to", to, *reader, cwd=tmp_path)
    assert "".join(done.stdout.split()).startswith('{"h":[5' if to == "jsonl" else '[{"h":[5')
    assert [*json.loads(done.stdout.splitlines()[0].strip("[,"))] == names.split(",")


@pytest.mark.parametrize("reader", READERS)
def test_families_that_went_out_come_in_again(reader: Sequence[str], tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(FAMILIES)
    done = circuit("grad", OF_FAMILIES, "in.jsonl", "--to", "jsonl", *reader, cwd=tmp_path)
    (tmp_path / "out.jsonl").write_text(done.stdout)
    again = circuit("eval", "s = grad_W[2,1] + grad_x[2]", "out.jsonl", "--columns", "s", *reader, cwd=tmp_path)
    assert again.stdout == '{"s":47.0}\n{"s":-32.0}\n'
    twice = circuit("grad", OF_FAMILIES.replace("f =", "g ="), "out.jsonl", *reader, cwd=tmp_path)
    assert 'out.jsonl already has a column "grad_W"' in twice.stderr
    (tmp_path / "one.json").write_text(done.stdout.splitlines()[0].replace('"n": "a",', ""))
    point = circuit("eval", OF_FAMILIES, "--inputs", "one.json", "--quiet", cwd=tmp_path)
    assert point.stdout.split()[-1] == "55.0"


@pytest.mark.parametrize("reader", READERS)
def test_other_indices_are_keys_and_names_that_are_taken_stay(reader: Sequence[str], tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("x[2],x[3],h,q [1],v[0]\n1,2,3,4,5\n")
    words = ["h[j] = j*x[2] for j in 1:2; r = h[1]", "in.csv", "--columns", "*,h[1],h[2],r", "--to", "jsonl"]
    done = circuit("eval", *words, *reader, cwd=tmp_path)
    wanted = {"x": {"2": 1, "3": 2}, "h": 3, "q [1]": 4, "v": {"0": 5}, "h[1]": 1.0, "h[2]": 2.0, "r": 1.0}
    assert json.loads(done.stdout) == wanted
    (tmp_path / "in.jsonl").write_text('{"x": [1, 2]}\n{}\n{"x": [3, 4], "h": 1}\n')
    words = ["eval", "h[j] = j*x[j] for j in 1:2", "in.jsonl", "--bad-rows", "nan", *reader]
    refused = circuit(*words, cwd=tmp_path)
    assert 'in.jsonl:3 already has a key "h"' in refused.stderr
    (tmp_path / "in.jsonl").write_text('{"x": [1, 2]}\n{}\n')
    done = circuit(*words, cwd=tmp_path)
    assert done.stdout == '{"x": [1, 2],"h":[1.0,4.0]}\n{"h":["NaN","NaN"]}\n'


@pytest.mark.parametrize("reader", READERS)
def test_objects_by_index_are_read(reader: Sequence[str], tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"s": {"0": [1], "1": [2, 3]}}\n{"s": {"0": [5], "1": [6]}}\n')
    done = circuit("eval", "s[0,1]*s[1,1]", "in.jsonl", "--quiet", *reader, cwd=tmp_path)
    assert done.stdout == "2.0\n30.0\n"
    done = circuit("eval", "s[0,1] + s[2,1]", "in.jsonl", *reader, cwd=tmp_path)
    assert "in.jsonl:1: s[2,1] is missing: s has no key 2" in done.stderr
    done = circuit("eval", "s[1,2]", "in.jsonl", *reader, cwd=tmp_path)
    assert "in.jsonl:2: s[1,2] is missing: s[1] has 1 element" in done.stderr


@pytest.mark.parametrize("reader", READERS)
def test_lists_of_other_lengths_are_told(reader: Sequence[str], tmp_path: Path) -> None:
    lines = '{"x": [[1, 2], [3, 4]]}\n{"x": [[1, 2]]}\n{"x": [[1, 2], [3]]}\n{"x": 3}\n'
    (tmp_path / "in.jsonl").write_text(lines)
    found = "2: x[2,2] is missing: x has 1 element", "3: x[2,2] is missing: x[2] has 1 element", "4: x[2,2] is missing"
    for k, what in enumerate(found, 2):
        (tmp_path / "in.jsonl").write_text(
            "".join([lines.splitlines(True)[0]] * (k - 1) + [lines.splitlines(True)[k - 1]])
        )
        done = circuit("eval", "x[2,2]", "in.jsonl", *reader, cwd=tmp_path)
        assert f"in.jsonl:{what}" in done.stderr
