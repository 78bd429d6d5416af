"""SQL that DuckDB, SQLite and Postgres read: one SELECT, whose steps are columns of common table expressions.

What is no finite number is NULL. Conditions have three values, so that nothing is decided by what is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from circuitcli.errors import UsageError
from circuitcli.export.code_body import indented
from circuitcli.export.few_functions import FewFunctions
from circuitcli.export.formula_cells import Cells, apart, numbers_of
from circuitcli.export.operation_forms import (
    AND,
    CHOICE,
    COMPARE,
    INFIX,
    NOT,
    OR,
    PRODUCT,
    SUM,
    CodeForm,
    MissingFormError,
    Syntax,
    calls,
)
from circuitcli.gate_facts import SUMS
from circuitcli.gates import GATES
from circuitcli.graph import Graph
from circuitcli.program_text import program as text_of

TABLE = "data"
DOUBLE = "DOUBLE PRECISION"


def _number(x: float) -> str:
    """A number; one of many digits has an exponent, without which DuckDB would take it for a decimal."""
    if x != x:
        return "NULL"
    if x - x != 0.0:
        raise MissingFormError("an infinite number")
    text = repr(x)
    return text if "e" in text or len(text) < 16 else f"{text}e0"


def _where(condition: str, text: str) -> CodeForm:
    """A function where it has a value; engines differ in what they do elsewhere, up to ending the query."""
    return CodeForm(f"CASE WHEN {condition} THEN {text} END", within=(SUM, SUM)[: 1 + ("{1}" in text)])


_FORMS = {
    **INFIX,
    "div": CodeForm("{0} / NULLIF({1}, 0.0)", PRODUCT, (PRODUCT, CHOICE)),
    "eq": CodeForm("{0} = {1}", COMPARE, (SUM, SUM)),
    "ne": CodeForm("{0} <> {1}", COMPARE, (SUM, SUM)),
    "truth": CodeForm("{0} <> 0.0", COMPARE, (SUM,)),
    "isnan": CodeForm("{0} IS NULL", COMPARE, (SUM,)),
    "and_": CodeForm("{0} AND {1}", AND, (AND, NOT)),
    "or_": CodeForm("{0} OR {1}", OR, (OR, AND)),
    "not_": CodeForm("NOT {0}", NOT, (NOT,)),
    "where": CodeForm("CASE {0} WHEN TRUE THEN {1} WHEN FALSE THEN {2} END", within=(OR, CHOICE, CHOICE)),
    "max": CodeForm("CASE WHEN {0} >= {1} THEN {0} WHEN {0} < {1} THEN {1} END", within=(SUM, SUM)),
    "min": CodeForm("CASE WHEN {0} <= {1} THEN {0} WHEN {0} > {1} THEN {1} END", within=(SUM, SUM)),
    **calls("", "abs floor ceil trunc sin cos tan atan atan2 tanh asinh power"),
    "sqrt": _where("{0} >= 0.0", "sqrt({0})"),
    "log": _where("{0} > 0.0", "ln({0})"),
    "log10": _where("{0} > 0.0", "log10({0})"),
    "exp": _where("{0} < -745.0 THEN 0.0 WHEN {0} <= 709.782712893384", "exp({0})"),
    "exp2": _where("{0} < -1074.0 THEN 0.0 WHEN {0} < 1024.0", "power(2.0, {0})"),
    "sinh": _where("abs({0}) <= 710.475860073943", "sinh({0})"),
    "cosh": _where("abs({0}) <= 710.475860073943", "cosh({0})"),
    "asin": _where("abs({0}) <= 1.0", "asin({0})"),
    "acos": _where("abs({0}) <= 1.0", "acos({0})"),
    "acosh": _where("{0} >= 1.0", "acosh({0})"),
    "atanh": _where("abs({0}) < 1.0", "atanh({0})"),
    "pow": _where("{0} > 0.0 OR {0} = 0.0 AND {1} >= 0.0 OR {0} < 0.0 AND {1} = floor({1})", "power({0}, {1})"),
}
SQL = Syntax(
    _FORMS, _number, lambda name, text, truth: f"{text} AS {name}", "--", frozenset(), lifted=f"CAST({{}} AS {DOUBLE})"
)


def sql(graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph]) -> str:
    """A SELECT over the table `data`: its columns that are inputs, the value and the gradient of each row; or of a mean
    or a sum over rows the value, and the derivatives by the inputs that have one."""
    taken = set[str]()
    for name in graph.inputs:
        if name.casefold() in taken:
            raise UsageError(f"SQL does not tell {name} from an input that differs in case", "rename one of the two")
        taken.add(name.casefold())
    numbers = numbers_of(graph, given)
    gathered, row = _of_a_row(graph)
    distinct = apart({*taken}, "circuit_{}")

    def named(word: str) -> str:
        return _identifier(distinct(word))

    by = [name for name in wrt if name in numbers or not gathered]
    cells = Cells(row, by, numbers, SQL, FewFunctions(_FORMS), named)
    steps = [[_read(x, column) for x, column in cells.columns.items()]] if cells.columns else []
    for _, group in groupby(sorted(cells.cells, key=lambda cell: cell.level), key=lambda cell: cell.level):
        steps.append([SQL.assigned(cell.name, cell.text, False) for cell in group])
    lines = cells.program.lines
    results = {
        name: text if lines[k].args or lines[k].op == "column" else SQL.lifted.format(text)
        for k, (name, text) in zip(cells.results, [("", cells.value), *cells.gradient], strict=True)
    }
    columns = [*map(_quoted, cells.columns)]
    if steps or gathered:
        words = {name: named(name or "value") for name in results}
        steps.append([SQL.assigned(words[name], text, False) for name, text in results.items()])
        results = {name: _gathered(gathered, word) if gathered else _finite(word) for name, word in words.items()}
    if gathered:
        columns, taken = [], set()
    called = apart(taken, "{}")
    columns += [SQL.assigned(_quoted(called(name or graph.answer)), text, False) for name, text in results.items()]
    query = [*_about(graph, cells, numbers, gathered), *_with(steps), "SELECT"]
    query += [*indented([f"{x}," for x in columns[:-1]]), f"    {columns[-1]}"]
    return "\n".join([*query, *([f"FROM step{len(steps)}"] if steps else [])]) + ";\n"


def _of_a_row(graph: Graph) -> tuple[str, Graph]:
    """The function of SQL that gathers a mean or a sum over rows, and the circuit of a row, which else is all."""
    node = graph.nodes[graph.output]
    over = GATES[node.gate].over_rows if node.gate in GATES else None
    if over is None or over.gathers != SUMS:
        return "", graph
    names = {name: k for name, k in graph.names.items() if k < graph.output}
    row = Graph(graph.nodes[: graph.output], node.args[0], names, graph.defaults)
    return "AVG" if over.average else "SUM", row


def _gathered(function: str, column: str) -> str:
    """Gather a column in which every row has a number, for engines leave out those that have none."""
    found = f"{function}({column})"
    return f"CASE WHEN COUNT({column}) = COUNT(*) AND {found} - {found} = 0.0 THEN {found} END"


def _finite(column: str) -> str:
    """A column where it is a finite number."""
    return f"CASE WHEN {column} - {column} = 0.0 THEN {column} END"


def _about(graph: Graph, cells: Cells, numbers: Mapping[str, float], gathered: str) -> list[str]:
    statements = text_of(graph).replace("; ", "\n").split("\n")
    first, *others = statements
    what = (graph.answer if graph.answer in graph.names else "a circuit") if others else first
    lines = [f"Value and gradient of {what}. Written by circuit.", ""]
    lines += [*indented(statements), ""] if others else []
    if cells.columns:
        more = "" if gathered else " The steps have all its columns: name more of them in the last SELECT."
        lines.append(f"{TABLE} is the table.{more}")
    lines += [f"{name} is {SQL.number(x)}." for name, x in numbers.items()]
    lines.append("What is no finite number is NULL. Angles are in radians.")
    return [f"-- {line}".rstrip() for line in lines]


def _with(steps: Sequence[Sequence[str]]) -> list[str]:
    """The steps as common table expressions. They are materialized, or engines would copy an expression to every place
    that reads it."""
    lines = []
    for i, columns in enumerate(steps, 1):
        lines.append(f"{'), ' if i > 1 else 'WITH '}step{i} AS MATERIALIZED (")
        lines += ["    SELECT *,", *(f"        {x}," for x in columns[:-1]), f"        {columns[-1]}"]
        lines.append(f"    FROM {f'step{i - 1}' if i > 1 else TABLE}")
    return [*lines, ")"] if steps else []


def _read(name: str, column: str) -> str:
    """A column of the table as a finite number."""
    x = _quoted(name)
    number = f"CAST({x} AS {DOUBLE})"
    return SQL.assigned(column, f"CASE WHEN {x} = {number} AND {x} - {x} = 0 THEN {number} END", False)


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _identifier(name: str) -> str:
    """A name, in quotation marks where SQL would read another one without."""
    return name if name.isascii() and name.isidentifier() and name == name.lower() else _quoted(name)
