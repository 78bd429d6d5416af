"""Lines at the end of a file that may add up the rows above: they count, and are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import circuit

NOTE = "the last row is called"


@pytest.mark.parametrize("label", ["Total", "TOTAL:", "Sum", "Grand total", "Sub-Total", "Summe", "Average", '"Total"'])
@pytest.mark.parametrize("end", ["", "\n", "\r\n\r\n"])
def test_a_total_is_told_and_the_hint_leaves_it_out(tmp_path: Path, label: str, end: str) -> None:
    file = tmp_path / "fruit.csv"
    file.write_text(f"fruit,x\napple,1\npear,2\n{label},3{end}")
    done = circuit("eval", "sum(x)", str(file), "--quiet")
    assert done.stdout == "6.0\n"
    done = circuit("eval", "sum(x)", str(file))
    assert NOTE in done.stderr
    typed = done.stderr.split("--where '")[1].split("'")[0]
    again = circuit("eval", "sum(x)", str(file), "--where", typed)
    assert " 3\n" in again.stdout and NOTE not in again.stderr


def test_a_total_at_the_end_of_a_pipe_is_told() -> None:
    rows = "name;x\n" + "a;1,5\n" * 200_000 + "Total;300000\n"
    done = circuit("eval", "sum(x)", "-", stdin=rows)
    assert "600000" in done.stdout and NOTE in done.stderr


@pytest.mark.parametrize("rows", ["Total,1\npear,2\n", "apple,1\nTotally,2\n", "apple,1\nTotal Energies,2\n"])
def test_other_rows_are_no_total(tmp_path: Path, rows: str) -> None:
    (tmp_path / "fruit.csv").write_text("fruit,x\n" + rows)
    assert NOTE not in circuit("eval", "sum(x)", str(tmp_path / "fruit.csv")).stderr


def test_nothing_is_told_of_a_row_that_goes_out_or_was_not_reached(tmp_path: Path) -> None:
    file = tmp_path / "fruit.csv"
    file.write_text("fruit,x\napple,1\npear,2\nTotal,3\n")
    for words in [("eval", "x^2"), ("eval", "sum(x)", "--by", "fruit")]:
        assert NOTE not in circuit(*words, str(file)).stderr
