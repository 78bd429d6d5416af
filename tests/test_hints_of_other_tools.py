"""The hints for SQL, awk, jq and pandas over a file are whole command lines: each is typed, and gives an answer."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.support import circuit

MISTAKES = [  # the words typed, and the line that the hint tells to type
    # SQL
    (["eval", "u*v as w", "m.csv"], 'circuit eval "w = u*v" m.csv'),
    (["eval", "u*v AS w, u + v AS s", "m.csv"], 'circuit eval "w = u*v; s = u + v" m.csv'),
    (["eval", "SELECT u*v", "m.csv"], 'circuit eval "u*v" m.csv'),
    (["eval", "select u*v from m.csv", "m.csv"], 'circuit eval "u*v" m.csv'),
    (["eval", "select u*v from m.csv;"], 'circuit eval "u*v" m.csv'),
    (["select u*v from m"], 'circuit eval "u*v" m.csv'),
    (["select", "u*v", "from", "m.csv", "where", "u", ">", "1"], 'circuit eval "u*v" m.csv --where "u > 1"'),
    (["grad", "select u*v from m limit 1"], 'circuit grad "u*v" m.csv --head 1'),
    (
        ["eval", "SELECT u, v, u*v AS w FROM m.csv WHERE u > 1 AND v <> 3 LIMIT 1"],
        "circuit eval \"w = u*v\" m.csv --where 'u > 1 and v != 3' --columns u,v,w --head 1",
    ),
    (["eval", "select kind, AVG(u) as a from m group by kind"], 'circuit eval "a = mean(u)" m.csv --by kind'),
    (["eval", "select u, v from m.csv"], 'circuit eval "v" m.csv --columns u,v'),
    (["eval", "select kind, u^2 from m"], 'circuit eval "u^2" m.csv --columns kind,value'),
    (
        ["eval", "select 'Price (EUR)'*u from m where \"Price (EUR)\" > 3"],
        'circuit eval "price*u" m.csv --where "price > 3" --rename \'Price (EUR)=price\'',
    ),
    (["eval", "COUNT(*)", "m.csv"], 'circuit eval "count()" m.csv'),
    (["eval", "count(1)/2", "m.csv"], 'circuit eval "count()/2" m.csv'),
    (["eval", "avg(u*v)", "m.csv"], 'circuit eval "mean(u*v)" m.csv'),
    (["eval", "2*STDDEV(u) + 1", "m.csv"], 'circuit eval "2*std(u) + 1" m.csv'),
    (["eval", "SUM(u*v)/SUM(u)", "m.csv"], 'circuit eval "sum(u*v)/sum(u)" m.csv'),
    (["eval", "u * v AS 'Area m'", "m.csv"], 'circuit eval "Area_m = u * v" m.csv'),
    # jq
    (["eval", ".u*.v", "m.csv"], 'circuit eval "u*v" m.csv'),
    (["eval", ".[] | .u*.v", "m.csv"], 'circuit eval "u*v" m.csv'),
    (["eval", '.["u"] + 1', "m.csv"], 'circuit eval "u + 1" m.csv'),
    (["eval", "u|floor", "m.csv"], 'circuit eval "floor(u)" m.csv'),
    # gates over some of the rows
    (["eval", "mean(u) over kind", "m.csv"], 'circuit eval "mean(u)" m.csv --by kind'),
    (["eval", "max(u where v > 1)", "m.csv"], 'circuit eval "max(u)" m.csv --where "v > 1"'),
    (["eval", "sum(u if v > 1)", "m.csv"], 'circuit eval "sum(v > 1 ? u : 0)" m.csv'),
    (["eval", "u", "m.csv", "--where", "u BETWEEN 1 AND 9"], 'circuit eval u m.csv --where "u >= 1 and u <= 9"'),
    # awk
    (["eval", "$2^2", "m.csv"], 'circuit eval "u^2" m.csv'),
    (["eval", "$2*$NF", "m.csv"], "circuit eval \"u*price\" m.csv --rename 'Price (EUR)=price'"),
    (["eval", "{print $2*$3}", "m.csv"], 'circuit eval "u*v" m.csv'),
    (["eval", "^2", "m.csv"], 'circuit eval "u^2" m.csv'),
    (["eval", "*", "m.csv"], 'circuit eval "u*u" m.csv'),
    (["eval", "v*", "m.csv"], 'circuit eval "v*u" m.csv'),
    # pandas and the like
    (["eval", 'df["u"]*df["v"]', "m.csv"], 'circuit eval "u*v" m.csv'),
    (["eval", "t['u'].mean()", "m.csv"], 'circuit eval "mean(u)" m.csv'),
    (["eval", "df$u*df$v", "m.csv"], 'circuit eval "u*v" m.csv'),
    (["eval", "(df.u*df.v).sum()", "m.csv"], 'circuit eval "sum(u*v)" m.csv'),
    (["eval", 'np.sqrt(df["u"])', "m.csv"], 'circuit eval "sqrt(u)" m.csv'),
    (["eval", 'col("u")*v', "m.csv"], 'circuit eval "u*v" m.csv'),
    (["eval", "pl.col('u')", "m.csv"], 'circuit eval "u" m.csv'),
    (["eval", 'row["u"] + 1', "m.csv", "--head", "1"], 'circuit eval "u + 1" m.csv --head 1'),
    (["eval", "u", "m.csv", "--where", 'df["u"] > 1'], 'circuit eval u m.csv --where "u > 1"'),
    (["descend", 'mean((v - a*d["u"])^2)', "m.csv", "-a", "1"], 'circuit descend "mean((v - a*u)^2)" m.csv -a 1'),
    (
        ["eval", 'df["Price (EUR)"]*df["u"]', "m.csv"],
        "circuit eval \"price*u\" m.csv --rename 'Price (EUR)=price'",
    ),
    (["eval", 'df["w"] = df["u"]*df["v"]', "m.csv"], 'circuit eval "w = u*v" m.csv'),
    (["eval", "df.w = df.u*df.v", "m.csv"], 'circuit eval "w = u*v" m.csv'),
    (["eval", "df.assign(w = df.u*2, s = 3*v)", "m.csv"], 'circuit eval "w = u*2; s = 3*v" m.csv'),
    (["eval", "mutate(w = u*v)", "m.csv"], 'circuit eval "w = u*v" m.csv'),
    (["eval", 'df.eval("u*v")', "m.csv"], 'circuit eval "u*v" m.csv'),
    (["eval", "df.apply(lambda r: sqrt(r.u*r.v), axis=1)", "m.csv"], 'circuit eval "sqrt(u*v)" m.csv'),
    (["eval", "lambda row: row.u + row.v", "m.csv"], 'circuit eval "u + v" m.csv'),
    (["eval", "mean(u, na.rm=TRUE)", "m.csv"], 'circuit eval "mean(u)" m.csv'),
    (["eval", "{u}*{v}", "m.csv"], 'circuit eval "u*v" m.csv'),
    (["eval", "@u*@v", "m.csv"], 'circuit eval "u*v" m.csv'),
    (["eval", "${u}*$v", "m.csv"], 'circuit eval "u*v" m.csv'),
    (["eval", "print $2*$3", "m.csv"], 'circuit eval "u*v" m.csv'),
    # columns in quotes, and columns whose name is none
    (["eval", "'Price (EUR)'*u", "m.csv"], "circuit eval \"price*u\" m.csv --rename 'Price (EUR)=price'"),
    (["eval", "Price (EUR)*u", "m.csv"], "circuit eval \"price*u\" m.csv --rename 'Price (EUR)=price'"),
    (["eval", "sum(Price (EUR)*u)", "m.csv"], "circuit eval \"sum(price*u)\" m.csv --rename 'Price (EUR)=price'"),
    (["eval", "`Price (EUR)`*u", "m.csv"], "circuit eval \"price*u\" m.csv --rename 'Price (EUR)=price'"),
    (["eval", "[Price (EUR)]*u", "m.csv"], "circuit eval \"price*u\" m.csv --rename 'Price (EUR)=price'"),
    (["eval", "Price(EUR)*u", "m.csv"], "circuit eval \"price*u\" m.csv --rename 'Price (EUR)=price'"),
    (["eval", "price (eur)*u", "m.csv"], "circuit eval \"price_eur*u\" m.csv --rename 'Price (EUR)=price_eur'"),
    (["eval", '"u"*2', "m.csv"], 'circuit eval "u*2" m.csv'),
    (
        ["eval", "'U (V)'/'e (1)'", "e.csv"],
        "circuit eval \"u/e_1\" e.csv --rename 'U (V)=u' --rename 'e (1)=e_1'",
    ),
    (
        ["eval", "u", "m.csv", "--where", '"Price (EUR)" == 4'],
        "circuit eval u m.csv --where \"price == 4\" --rename 'Price (EUR)=price'",
    ),
]
TEXTS = [  # that stay texts, or are no mistakes
    ["eval", "u", "m.csv", "--where", 'kind == "Price (EUR)"'],
    ["eval", 'u*(kind == "u")', "m.csv"],
    ["eval", "data.u + data.v", "rows.jsonl"],
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "m.csv").write_text("kind,u,v,Price (EUR)\na,2,3,4\nb,5,7,6\n")
    (tmp_path / "e.csv").write_text("U (V),e (1)\n2,3\n")
    (tmp_path / "rows.jsonl").write_text('{"data": {"u": 2, "v": 3}}\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("words", "line"), MISTAKES, ids=[shlex.join(words) for words, _ in MISTAKES])
def test_the_hint_is_a_line_that_answers(words: list[str], line: str, folder: Path) -> None:
    done = circuit(*words, cwd=folder)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().splitlines()[-1].endswith(f"write {line}")
    answer = circuit(*shlex.split(line)[1:], cwd=folder)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("words", TEXTS, ids=shlex.join)
def test_other_texts_go_on(words: list[str], folder: Path) -> None:
    assert circuit(*words, cwd=folder).returncode == 0


def test_columns_of_a_table_by_their_names(folder: Path) -> None:
    for text, meant in (("df.u*df.v", "u*v"), ("mean(t.u)", "mean(u)"), ("df.u.values + 1", "u + 1")):
        done = circuit("eval", text, "m.csv", cwd=folder)
        assert done.stderr.endswith(f"a column is called by its name alone: write {meant}\n")
        assert circuit("eval", meant, "m.csv", cwd=folder).returncode == 0


def test_a_part_that_a_row_has_is_no_column_of_a_table(folder: Path) -> None:
    """The column is data, so data.u is a part of it, whatever else is wrong."""
    done = circuit("eval", "data.u*2 as w", "rows.jsonl", cwd=folder)
    assert done.stderr.endswith('write circuit eval "w = data.u*2" rows.jsonl\n')
    assert "add -q VALUE" in circuit("eval", "data.u*q", "rows.jsonl", cwd=folder).stderr


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["grad", "p*w + b; o = tanh(n)", "-p=2", "-w=3", "-b=1"], "write n = p*w + b; o = tanh(n); or add -n VALUE"),
        (["grad", "p*w; o = tanh(n)"], "write n = p*w; o = tanh(n), and add -p VALUE -w VALUE"),
        (["descend", "p - 1; l = (n - 2)^2", "-p=1"], "write n = p - 1; l = (n - 2)^2; or add -n VALUE"),
        (["eval", "u*v; o = tanh(n)", "m.csv"], "write n = u*v; o = tanh(n); or add -n VALUE"),
        (["grad", "p*w; o = m*n", "-p=2", "-w=3"], "name it, as in m = p*w; or add -m VALUE -n VALUE"),
    ],
)
def test_a_statement_without_a_name(words: list[str], hint: str, folder: Path) -> None:
    done = circuit(*words, cwd=folder)
    assert f"has no name, so nothing uses it: {hint}\n" in done.stderr
    if hint.startswith("write "):
        text = hint.removeprefix("write ").removesuffix("; or add -n VALUE").partition(", and add")[0]
        values = words[2:] or ["-p=2", "-w=3"]
        assert circuit(words[0], text, *values, cwd=folder).returncode == 0


def test_statements_with_values_go_on(folder: Path) -> None:
    assert circuit("grad", "p*w; o = tanh(n)", "-p=1", "-w=2", "-n=1", cwd=folder).returncode == 0
    assert circuit("grad", "p*w; o = tanh(p*q)", "-p=1", "-w=2", cwd=folder).stderr.count("has no name") == 1
    assert "has no name" not in circuit("grad", "p*w; o = tanh(p)", "-p=1", cwd=folder).stderr
