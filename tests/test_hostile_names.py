"""Names of others in what circuit writes: code, pictures, pages and tables have them as text, and never as code.

A name in an expression is an identifier: no door lets in another. What is written about identifiers, however odd, has
the shape of what is written about x and y, as a real parser of the language sees it.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from circuitcli.export.languages import LANGUAGES
from circuitcli.render.picture_forms import PICTURES
from tests.support import circuit

CODE = (  # ends of texts, comments and words in some language, and what might follow
    *('"""; owned()', "*/ owned(); /*", "--> <b>", "</script><script>owned()</script>", "\\end{verbatim}\\input{x}"),
    *(
        "x\nowned()",
        "x\\",
        "${owned}",
        "%s",
        "'; owned; '",
        '"; owned; "',
        "x\u2028owned()",
        "\u202ex",
        "`owned`",
        "$(owned)",
    ),
    *("=1+1", "+1", "-1", "@x", "a\tx", "x y", "a-b", "<x>", "x;y", "x#y", "]];", "x\x00y", "<!--", "x\x1b[2J"),
)
ODD = {"x": "א", "y": "数"}, {"x": "__proto__", "y": "lambda"}, {"x": "ﬂoat", "y": "µ"}, {"x": "script", "y": "end"}
TEXT = "q = where(x < y and x >= 0, x*y, gamma(x)) + max(x, -y)^2; q / y"
FORMULA = tuple("=+-@\t\r")  # that a spreadsheet computes, where a cell begins so


def renamed(text: str, names: dict[str, str]) -> str:
    """An expression with other names."""
    return re.sub(r"\b[xy]\b", lambda found: names[found[0]], text)


# ── no door lets in what is no identifier ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", CODE)
def test_no_door_lets_it_in(name: str, tmp_path: Path) -> None:
    described = json.loads(circuit("export", "x*y", "--to", "json").stdout)
    for place in ("input", "name", "default"):
        other = json.loads(json.dumps(described))
        match place:
            case "input":
                other["nodes"][0]["name"], other["inputs"][0] = name, name
            case "name":
                other["names"] = {name: 2}
            case _:
                other["defaults"] = {name: "1"}
        (tmp_path / "in.json").write_text(json.dumps(other), encoding="utf-8")
        for words in (["export", "--to", "c"], ["draw", "--format", "html"], ["eval"]):
            done = circuit(*words, "--file", "in.json", cwd=tmp_path)
            assert (done.returncode, done.stdout) == (2, ""), (place, words)
    (tmp_path / "t.csv").write_text("x\n1\n")
    if "\0" not in name:  # which no word of a command line can have
        done = circuit("eval", "2*y", "t.csv", "--rename", f"x={name}", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")


# ── what is written about odd identifiers has the shape of what is written about x and y ──────────────────────


def python_shape(text: str) -> Any:
    """The imports and the calls of a module."""
    nodes = [*ast.walk(ast.parse(text))]
    imports = sorted(ast.unparse(node) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))
    return imports, {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}


def xml_shape(text: str) -> Any:
    return drawn([(element.tag, sorted(element.attrib)) for element in ElementTree.fromstring(text).iter()])


def drawn(elements: list[Any]) -> Any:
    """The elements in their order, and the kinds of paths, of which a wire has as many as the widths of names ask."""
    kinds = {str(element) for element in elements if element[0].endswith("path")}
    return [element for element in elements if not element[0].endswith("path")], kinds


class Page(HTMLParser):
    """The tags of a page, and the texts of its scripts and its data."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[Any] = []
        self.scripts: list[str] = []
        self.data: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, sorted(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "script" and data.strip():
            (self.data if "type" in self.tags[-1][1] else self.scripts).append(data)


def page_shape(text: str) -> Any:
    page = Page(text)
    for script in page.scripts:
        javascript_shape(script)
    for data in page.data:
        json.loads(data)
    return drawn(page.tags), len(page.scripts), len(page.data)


def javascript_shape(text: str) -> Any:
    """The code without comments, texts and names, when node has read it."""
    if shutil.which("node"):
        done = subprocess.run(["node", "--check", "-"], input=text, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return code_shape(text)


def c_shape(text: str) -> Any:
    """The code without comments and names, when a compiler has read it."""
    if shutil.which("gcc"):
        words = ["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", "-x", "c", "-"]
        done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return code_shape(text)


def code_shape(text: str) -> Any:
    """The calls and the directives outside of comments and texts."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)
    text = re.sub(r'"(?:[^"\\\n]|\\.)*"', "", text)
    return {*re.findall(r"(\w+)\s*\(", text)}, re.findall(r"^\s*#.*", text, re.MULTILINE)


def calls_beside(comment: str) -> Callable[[str], Any]:
    """The calls outside of texts and of comments, which begin so."""

    def shape(text: str) -> Any:
        text = re.sub(rf"{comment}[^\n]*|\"[^\"\n]*\"", "", text)
        return {*re.findall(r"(\w+)\s*\(", text)}

    return shape


def latex_shape(text: str) -> Any:
    """The environments and the comments."""
    assert text.count("{") == text.count("}")
    begun, ended = ({*re.findall(rf"\\{word}{{(\w+\*?)}}", text)} for word in ("begin", "end"))
    assert begun == ended
    return begun, text.count("%")


def json_shape(text: str) -> Any:
    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return [shape(part) for part in value.values()]
        return [shape(part) for part in value] if isinstance(value, list) else type(value).__name__

    return shape(json.loads(text))


def lines_shape(text: str) -> Any:
    """The signs of a graph of DOT or Mermaid outside of labels."""
    return re.findall(r"[^\w\s]", re.sub(r"<.*>|\".*\"", "", text)), text.count("\n")


SHAPES: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("python", "numpy", "jax", "torch"), python_shape),
    "c": c_shape,
    "javascript": javascript_shape,
    "rust": calls_beside("(?://|#!?)"),
    "julia": calls_beside("#"),
    "fortran": calls_beside("!"),
    "sql": calls_beside("--"),
    "latex": latex_shape,
    "json": json_shape,
    "svg": xml_shape,
    "html": page_shape,
    "dot": lines_shape,
    "mermaid": lines_shape,
}


def test_every_form_of_text_has_a_shape() -> None:
    assert SHAPES.keys() == {
        *(name for name, row in LANGUAGES.items() if not row.binary),
        *(name for name, row in PICTURES.items() if row.text),
    }


@pytest.mark.parametrize("names", ODD, ids=lambda names: names["x"])
@pytest.mark.parametrize("form", SHAPES)
def test_names_are_text(form: str, names: dict[str, str]) -> None:
    command = ["export", "--to", form] if form in LANGUAGES else ["draw", "--format", form]
    given = [] if form in LANGUAGES else ["x=0.5", "y=2"]
    text = TEXT if form != "sql" else TEXT.replace("gamma", "cosh")  # which no engine has
    plain = circuit(*command, text, *(f"-{word}" for word in given))
    odd = circuit(*command, renamed(text, names), *(f"-{names[word[0]]}{word[1:]}" for word in given))
    assert (plain.returncode, odd.returncode) == (0, 0), odd.stderr
    if names["x"] == "ﬂoat" and form in ("python", "numpy", "jax", "torch"):
        assert "ﬂoat" in odd.stdout  # also where the language itself reads it as float
    assert SHAPES[form](odd.stdout) == SHAPES[form](plain.stdout)


@pytest.mark.parametrize("names", ODD, ids=lambda names: names["x"])
def test_machine_code_and_completion_take_them(names: dict[str, str], tmp_path: Path) -> None:
    x, y = names.values()
    (tmp_path / "t.csv").write_text(f"{x},{y}\n3,4\n", encoding="utf-8")
    done = circuit("grad", f"hypot({x}, {y})", "t.csv", "--engine", "native", cwd=tmp_path)
    assert done.stdout == f"{x},{y},value,grad_{x},grad_{y}\n3,4,5.0,0.6,0.8\n", done.stderr
    line = f"circuit grad '{x}*{y}' -"
    offered = circuit(_CIRCUIT_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD="3").stdout
    assert {f"plain,-{x}", f"plain,-{y}"} <= set(offered.splitlines())


# ── names of columns and files ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [name for name in CODE if "\0" not in name])
def test_columns_and_files_are_text_in_every_format(name: str, tmp_path: Path) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows([["x", name], ["1", f"c{name}"]])
    (tmp_path / "t.csv").write_text(file.getvalue(), encoding="utf-8")
    lines = circuit("eval", "2*x", "t.csv", "--to", "jsonl", cwd=tmp_path).stdout
    assert json.loads(lines) == {"x": 1, name: f"c{name}", "value": 2.0}
    rows = circuit("eval", "2*x", "t.csv", cwd=tmp_path).stdout
    assert [*csv.reader(io.StringIO(rows, newline=""))] == [["x", name, "value"], ["1", f"c{name}", "2.0"]]
    quoted = '"' + name.replace('"', '""') + '"'
    for form in ("tsv", "parquet", "arrow"):
        circuit("eval", "2*x", "t.csv", "--out", f"o.{form}", cwd=tmp_path)
        back = circuit("eval", "r = x", f"o.{form}", "--columns", quoted, "--to", "jsonl", cwd=tmp_path).stdout
        assert json.loads(back) == {name: f"c{name}"}, form
    place = tmp_path / f"{name.replace('/', '_')}.csv"
    place.write_text("x\n1\n")
    done = circuit("grad", "mean(w*x)", place.name, "-w", "2", "--json", cwd=tmp_path)
    if done.returncode == 2:
        assert name.startswith(("-", "+", "=", "@")) or "*" in name, done.stderr  # an option, or a pattern
    else:
        assert json.loads(done.stdout)["rows"]["count"] == 1


# ── no header of ours is a formula ──────────────────────────────────────────────────────────────────────────

TABLES = (
    ["eval", "-x + y", "-x", "1", "-y", "2"],
    ["grad", "-x + y", "-x", "1", "-y", "2"],
    ["grad", "-x + y", "-x", "1", "-y", "2", "--hessian"],
    ["grad", "-x + y", "-x", "1", "-y", "2", "--explain"],
    ["grad", "-x + y", "-x", "1", "-y", "2", "--rounding"],
    ["grad", "-x + y", "-x", "1", "-y", "2", "--check"],
    ["grad", "-x + y", "-x", "1±0.1", "-y", "2"],
    ["grad", "-x + y", "-", "-y", "2"],
    ["eval", "-x + y; -x", "-", "-y", "2"],
    ["derive", "-x + y"],
    ["descend", "x^2 + y^2", "-x", "1", "-y", "2"],
    ["descend", "x^2 + y^2", "-x", "1", "-y", "2", "--trace", "-"],
    ["plot", "0 - x", "--range", "x=0:1"],
    ["gates"],
)


@pytest.mark.parametrize("words", TABLES, ids=" ".join)
@pytest.mark.parametrize("names", [{"x": "x", "y": "y"}, *ODD], ids=lambda names: names["x"])
def test_no_header_is_a_formula(words: list[str], names: dict[str, str]) -> None:
    odd = [re.sub(r"\b[xy]\b", lambda found: names[found[0]], word) for word in words]
    to = ["--to", "csv"] if words[0] != "plot" else []
    done = circuit(*odd, *to, stdin=f"{names['x']}\n1\n")
    assert done.returncode in (0, 1, 3), done.stderr
    heads = next(csv.reader(io.StringIO(done.stdout, newline="")))
    assert heads and not any(head.startswith(FORMULA) for head in heads)
