"""Families in JSON: nested lists from index 1 on, else objects by index; both come in again as they went out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuitcli.cli.json_inputs import read_inputs
from circuitcli.nested_names import leaves, nested, path_of, together
from circuitcli.render.machine_formats import json_text
from circuitcli.tables.json_layout import layout, members
from circuitcli.tables.json_paths import value_at
from tests.support import circuit

INDICES = st.tuples(st.integers(0, 3), st.integers(0, 3))
PLACES = st.one_of(
    st.sets(st.integers(0, 12).map(lambda i: (i,)), min_size=1, max_size=6),
    st.sets(INDICES, min_size=1, max_size=6),
    st.builds(lambda n, m: {*product(range(1, n + 1), range(1, m + 1))}, st.integers(1, 3), st.integers(1, 3)),
)
FAMILIES = st.dictionaries(st.sampled_from(["x", "W", "θ", "a_b"]), PLACES, min_size=1, max_size=3)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def names_of(families: Mapping[str, set[tuple[int, ...]]]) -> list[str]:
    return [f"{stem}[{','.join(map(str, place))}]" for stem, places in families.items() for place in places]


@given(families=FAMILIES, data=st.data())
def test_inputs_that_went_out_come_in_again(families: dict[str, set[tuple[int, ...]]], data: st.DataObject) -> None:
    names = data.draw(st.permutations([*names_of(families), "b"]))
    numbers = {name: data.draw(FLOATS) for name in names}
    text = json_text({"inputs": numbers, "value": 1.0})
    assert {*json.loads(text)["inputs"]} == {*families, "b"}
    assert read_back(text, names) == numbers
    ends = {name: sorted([x, data.draw(FLOATS)]) for name, x in numbers.items()}
    assert read_back(json_text({"inputs": ends}), names, ranges=True) == ends


def read_back(text: str, names: Sequence[str], ranges: bool = False) -> dict[str, Any]:
    """The numbers or the ends of ranges that `--inputs` reads in a text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("circuitcli.cli.json_inputs.read_text", lambda name: text)
        found = read_inputs("in.json", names, ranges).values
    return {n: [x.number, x._replace(graph=x.upper).number] if x.upper else x.number for n, x in found.items()}


@given(families=FAMILIES, data=st.data())
def test_standard_errors_and_covariances_come_in_again(
    families: dict[str, set[tuple[int, ...]]], data: st.DataObject
) -> None:
    names = data.draw(st.permutations([*names_of(families), "b"]))
    sigmas = {name: data.draw(st.floats(0.5, 2.0)) for name in names}
    matrix = [[sigmas[a] * sigmas[b] * (1.0 if a == b else 0.01) for b in together(names)] for a in together(names)]
    record = {"inputs": sigmas, "fixed": {}, "uncertainty": {"stderr": sigmas, "covariance": matrix}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("circuitcli.cli.json_inputs.read_text", lambda name: json_text(record))
        found = read_inputs("in.json", names)
    assert {name: value.sigma for name, value in found.values.items()} == sigmas
    for a, b in product(names, names):
        assert found.covariance[a, b] == sigmas[a] * sigmas[b] * (1.0 if a == b else 0.01)


@given(families=FAMILIES, data=st.data())
def test_rows_hold_what_a_point_holds(families: dict[str, set[tuple[int, ...]]], data: st.DataObject) -> None:
    elements = names_of(families)
    names = [*elements, "b", *(f"grad_r[{j}]_{name}" for j in (1, 2) for name in [*elements, "b"])]
    numbers = {name: data.draw(st.integers(-99, 99)) for name in names}
    leads, end = layout(members(names))
    row = json.loads("{" + "".join(lead + str(numbers[name]) for name, lead in leads.items()) + end + "}")
    assert row == nested(numbers)
    for name in elements:
        assert value_at(row, name) == (numbers[name], True)
        assert value_at(row, f"grad_r[2].{name}") == (numbers[f"grad_r[2]_{name}"], True)
    for stem in families:
        assert dict(leaves(stem, row[stem])) == {name: numbers[name] for name in elements if path_of(name)[0] == stem}


def test_names_that_cannot_share_a_key_keep_their_own() -> None:
    for numbers in ({"x": 1, "x[1]": 2}, {"x[1]": 1, "x[1,2]": 2}, {"x[01]": 1}, {"x [1]": 1}, {"mass[1]_err": 1}):
        assert nested(numbers) == numbers


OF_EACH = {
    "eval": ["eval", "f[i] = x[i]^2 for i in 1:3"],
    "families from 0": ["eval", "s[0] = x[1]; s[i] = s[i-1]*x[i] for i in 1:3"],
    "jacobian": ["grad", "f[i] = x[i]^2 for i in 1:3", "--of", "f"],
    "along": ["grad", "f[i] = x[i]^2 for i in 1:3", "--of", "f", "--along", "x[2]=1"],
    "hessian": ["grad", "f = sum(x[i]^3 for i in 1:3)", "--hessian"],
    "check": ["grad", "f = sum(x[i]^3 for i in 1:3)", "--check"],
    "claim": ["grad", "f = sum(x[i]^3 for i in 1:3)", "--claim", "x[i] = 3*x[i]^2 for i in 1:3"],
    "rounding": ["grad", "f = sum(x[i]^3 for i in 1:3)", "--rounding"],
    "descent": ["descend", "sum((x[i] - i)^2 for i in 1:3)", "--uncertainty"],
    "some inputs": ["descend", "sum((x[i] - i)^2 for i in 1:3)", "--wrt", "x[2]"],
}


@pytest.mark.parametrize("words", OF_EACH.values(), ids=OF_EACH)
def test_no_key_is_an_element(words: Sequence[str], tmp_path: Path) -> None:
    done = circuit(*words, "-x", "1, 2, 4", "--json")
    assert done.returncode == 0, done.stderr
    assert not [key for key in keys_of(json.loads(done.stdout)) if "]" in key]
    (tmp_path / "in.json").write_text(done.stdout)
    again = circuit("eval", "x[1] + 10*x[2] + 100*x[3]", "--inputs", "in.json", "--json", cwd=tmp_path)
    found = json.loads(done.stdout)["inputs"]["x"]
    assert json.loads(again.stdout)["value"] == found[0] + 10 * found[1] + 100 * found[2]


def keys_of(value: object) -> list[str]:
    """All keys of objects in a value of JSON."""
    if isinstance(value, dict):
        return [*value, *(key for inner in value.values() for key in keys_of(inner))]
    return [key for inner in value for key in keys_of(inner)] if isinstance(value, list) else []


def test_results_of_a_family_are_one_list() -> None:
    record = json.loads(circuit("eval", "f[i] = x[i]^2 for i in 1:3", "-x", "1, 2, 3", "--json").stdout)
    assert record["f"] == [1.0, 4.0, 9.0]
    record = json.loads(circuit("eval", "s[i] = x*i for i in 0:2", "-x", "2", "--json").stdout)
    assert record["s"] == {"0": 0.0, "1": 2.0, "2": 4.0}


def test_inputs_that_stay_fixed_are_read_as_such(tmp_path: Path) -> None:
    text = "sum((x[i] - i)^2 for i in 1:3)"
    (tmp_path / "in.json").write_text(circuit("descend", text, "-x", "9", "--wrt", "x[3]", "--json").stdout)
    done = circuit("descend", text, "--inputs", "in.json", "--quiet", cwd=tmp_path)
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["x[3]"]


@pytest.mark.parametrize(
    ("text", "content", "answer"),
    [
        ("sum(s[i]*10^i for i in 0:2)", '{"s": [1, 2, 3]}', 321.0),
        ("s[2] + 10*s[5]", '{"s": [1, 2]}', 21.0),
    ],
)
def test_a_list_begins_at_1(text: str, content: str, answer: float) -> None:
    refused = circuit("eval", text, "--inputs", "-", stdin=content)
    assert refused.returncode == 2 and "s in standard input is a list, which begins at s[1]" in refused.stderr
    hint = refused.stderr.splitlines()[1].strip().removeprefix("write ")
    done = circuit("eval", text, "--inputs", "-", "--quiet", stdin=hint)
    assert (done.returncode, float(done.stdout)) == (0, answer)


def test_a_jacobian_of_rows_is_a_list_of_gradients(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("x[1],x[2],b\n1,2,3\n")
    done = circuit("grad", "r[i] = x[i]*b for i in 1:2", "d.csv", "--of", "r", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["grad_r"] == [{"x": [3.0, 0.0], "b": 1.0}, {"x": [0.0, 3.0], "b": 2.0}]
    done = circuit(
        "grad", "r[i] = x[i]*b for i in 1:2", "d.csv", "--of", "r", "--columns", "grad_r,b", "--json", cwd=tmp_path
    )
    assert json.loads(done.stdout) == {"grad_r": [{"x": [3.0, 0.0], "b": 1.0}, {"x": [0.0, 3.0], "b": 2.0}], "b": 3}
    done = circuit("grad", "r[i] = x[i]*b for i in 1:2", "d.csv", "--of", "r", "--to", "csv", cwd=tmp_path)
    assert "grad_r[1]_x[1]" in done.stdout.splitlines()[0]
