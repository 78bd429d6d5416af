"""A torture set for the start of a text file: separators, decimals, quotes, comments, units, preambles, encodings and
ends of lines, in all ways together. Each is read right, or refused; none is read wrong."""

from __future__ import annotations

import json
import random
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

from tests.support import circuit

SEPARATORS = {",": "", ";": ";", "\t": "tabs", "|": "|", " ": "blanks"}  # and how a note calls them
DECIMALS, QUOTES, ENDS = (".", ","), ("", '"'), ("\n", "\r\n")
ENCODINGS = "utf-8", "utf-8-sig", "utf-16"
EXTRAS = "", "comment", "units", "brackets", "preamble", "preamble and units", "comment and units"
ENGINES: tuple[list[str], ...] = ([], ["--engine", "arrays"])
PREAMBLE = "Logger 3 of the station\nSerial: 12; 13; 14; 15; 16; 17\n\nDate, 2021-03-04\n"
COMMENT = "# written by hand; on a day, in\tMay\n# 1, 2\n"


def written(x: float, decimal: str, mark: str) -> str:
    """A number as a cell."""
    return f"{mark}{x!r}{mark}".replace(".", decimal)


def text_of(rows: list[tuple[float, float]], separator: str, decimal: str, mark: str, extra: str) -> str:
    """A file of rows in a dialect; between blanks its columns are aligned."""
    cells = [[f"{mark}{name}{mark}" for name in ("t", "x", "note")]]
    if "units" in extra or extra == "brackets":
        cells.append(["[s]", "[m/s]", "[-]"] if extra == "brackets" else [f"{mark}{unit}{mark}" for unit in "sm-"])
    cells += [[*(written(x, decimal, mark) for x in row), f'"{"abc"[i % 3]}"'] for i, row in enumerate(rows)]
    if separator == " ":
        lines = ["  ".join(f"{cell:>12}" for cell in row) for row in cells]
    else:
        lines = [separator.join(row) for row in cells]
    above = PREAMBLE if "preamble" in extra else COMMENT if "comment" in extra else ""
    return above + "\n".join(lines) + "\n"


@pytest.mark.parametrize("separator", SEPARATORS, ids=["comma", "semicolon", "tab", "bar", "blank"])
def test_right_or_refused(separator: str, tmp_path: Path) -> None:
    draw, ends = random.Random(separator), Counter[str]()
    for variant in product(DECIMALS, QUOTES, EXTRAS, ENCODINGS, ENDS):
        decimal, mark, extra, encoding, end = variant
        if separator == decimal:
            mark = '"'  # or its cells are not those of a table
        count = draw.choice((3, 5, 40, 150))
        rows = [(round(draw.uniform(-9, 9), 2), round(draw.uniform(-2_000, 2_000), 3)) for _ in range(count)]
        text = text_of(rows, separator, decimal, mark, extra)
        (tmp_path / "a.csv").write_bytes(text.replace("\n", end).encode(encoding))
        want = "".join([f"{x - t!r}\n" for t, x in rows])
        for engine in ENGINES:
            done = circuit("eval", "v = x - t", "a.csv", "--columns", "v", "--to", "csv", *engine, cwd=tmp_path)
            assert "Traceback" not in done.stderr
            if done.returncode == 0:
                assert done.stdout == "v\n" + want, (variant, done.stderr)
                assert f"separated by {SEPARATORS[separator]}" in done.stderr or separator == ",", variant
            else:
                assert (done.returncode, done.stdout) == (2, ""), variant
            ends["right" if done.returncode == 0 else "refused"] += 1
    assert ends.total() == 336
    # Between commas decimal commas are no numbers, though in quotes.
    assert ends["right"] >= (0.5 if separator == "," else 1.0) * ends.total(), ends


NASTY = {  # files whose reading is in doubt, and what x is where it may be read all the same
    "a\tx\n1 2\t3\n": "3",
    "x\n1 2\n3 4\n": "",
    "x y\n1\n2\n": "",
    "x y\n1 2\n3\n": "",
    "a x\n1 2,5\n3 4.5\n": "",
    "x;y\n1;2\n3 4\n": "",
    "x,y\n1 2,3\n": "",
    "x y,z\n1 2,3\n": "",
    "x, y, z\n1 2 3\n4 5 6\n": "",
    "a x\n1 234\n2 345\n": "234 345",
    "x\n1 234\n2 345\n": "",
    "x\n1 234 567\n2 345 678\n": "1234567 2345678",
    "a, x\n1, 2\n3, 4\n": "2 4",
    "a; x\n1; 2\n3; 4\n": "2 4",
    "a | x\n1 | 2\n3 | 4\n": "2 4",
    "# a x\n1 2\n3 4\n": "2 4",
    "#a x\n1 2\n3 4\n": "2 4",
    "# 1 x\n1 2\n3 4\n": "",
    "#a,x\n1,2\n3,4\n": "2 4",
    "# one two\na x\n1 2\n3 4\n": "2 4",
    "# a x\nb y\n1 2\n3 4\n": "",
    "a x\n# 1 2\n3 4\n": "",
    "Logger\na,x\n1,2\n3,4\n": "2 4",
    "Logger, 3\na,x\n1,2\n3,4\n": "",
    "Logger, 3\n\na,b,x\n1,2,3\n3,4,5\n": "3 5",
    "a,x\n1,2\n\nb,c,x\n1,2,3\n3,4,5\n": "",
    "Logger\na,x\n1,2\n": "",
    "Logger\na,x\n1,2\n3,4\nTotal 6\n": "",
    "a,x\n1,2\n3,4\nTotal\n": "",
    "a,x,\n1,2\n3,4\n": "",
    "a,x\n1,2,\n3,4,\n": "",
    "Logger\nx\n1\n2\n": "",
    "Logger\n7\nx,a\n1,2\n3,4\n": "",
    "a,x\ns,m\n1,2\n": "",
    "a,x\ns,m\n1,2\n3,4\n": "2 4",
    "a,x\n(s),(m)\n1,2\n": "2",
    "a,x\ns,5\n1,2\n3,4\n": "5 2 4",
    "x\n(m)\n1\n": "1",
    "x\nm\n1\n2\n": "",
    "a x\ns m\n1 2\n3 4\n": "2 4",
    "a x\n1 2\ns m\n3 4\n": "",
    "a,x\ns,m\nkm,h\n1,2\n3,4\n": "",
    "a,x\n-,-\n1,2\n3,4\n": "",
    "sep=;\na;x\ns;m\n1;2\n3;4\n": "2 4",
    "sep=,\nLogger\na,x\n1,2\n3,4\n": "2 4",
    'a x\n"1 2" 3\n"4 5" 6\n': "3 6",
    'a x b\n"u v" 3 1\n"w z" 6 2\n': "3 6",
    'a x\n"1 2 3\n4 5\n': "",
    'x "a b"\n1 2\n3 4\n': "1 3",
    "x y\n" + "1 2\n" * 3 + "x y\n": "",
    "\n\n  x  y \n\n 1  2 \n\n": "1",
    "x\ty z\n1\t2 3\n": "1",
    "x \t y\n1 \t 2\n": "1",
    "x y\r1 2\r3 4\r": "",
    "x y z\n1 2 3\n4 5 6 7\n": "",
    "x\u00a0y\n1\u00a02\n": "",
}


@pytest.mark.parametrize("engine", ENGINES, ids=["plain", "arrays"])
@pytest.mark.parametrize("name", ["a.csv", "a.dat"])
def test_nasty_files(name: str, engine: list[str], tmp_path: Path) -> None:
    for text, want in NASTY.items():
        for end in ENDS:
            (tmp_path / name).write_bytes(text.replace("\n", end).encode())
            done = circuit("eval", "v = 1*x", name, "--columns", "v", "--to", "csv", *engine, cwd=tmp_path)
            found = [float(cell) for cell in done.stdout.split()[1:]]
            assert "Traceback" not in done.stderr and done.returncode in (0, 2), text
            if name == "a.csv" or done.returncode == 0:
                assert found == [*map(float, want.split())], (text, done.stdout, done.stderr)
                assert (done.returncode == 0) == bool(want), (text, done.stderr)


def test_units_stand_above_cells_with_error_bars() -> None:
    rows = "n,q,p\n,cm,s\nA,2.5±0.1,1\nB,3.5±0.1,2\n"
    done = circuit("eval", "mean(q)", "-", "--json", stdin=rows)
    assert json.loads(done.stdout)["value"] == 3.0 and "line 2 has units: cm, s" in done.stderr
