"""The answer of `eval` and `grad` at one point: every node with its value and its gradient."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from circuitcli.analysis.lost_digits import restored
from circuitcli.analysis.point import Point
from circuitcli.cli.answers.answer import Answer, Record
from circuitcli.cli.answers.family_rows import ROWS, family_rows
from circuitcli.cli.answers.point_outcome import outcome_of
from circuitcli.cli.options import Output
from circuitcli.errors import UsageError
from circuitcli.graph import CONSTANT, INPUT, reached_from
from circuitcli.notation import LONG, SHORT, expressions, written_nodes
from circuitcli.render.number_format import FLOAT_DIGITS, bare
from circuitcli.render.palette import GRADIENT_ON_SCREEN, VALUE_ON_SCREEN

if TYPE_CHECKING:
    from circuitcli.render.text_table import PrintedTable

SHORTEST = 12  # characters of a node's expression beside numbers


def point_answer(text: str, point: Point, output: Output) -> Answer:
    """The answer to a program at a point, whose gradients have the digits that float64 lost on the way."""
    lost = restored(point)
    return Answer(
        lambda: point_record(text, point),
        lambda: [point_row(point)],
        lambda: [node_table(point, output)],
        lambda: bare_answers(point, output.asked_digits),
        lambda: outcome_of(point, output, lost, list(point.graph.results.values())[:-1]),
    )


def point_record(text: str, point: Point, more: Mapping[str, object] = {}, names: bool = False) -> Record:
    """The record of `eval` and `grad`, with `more` that an option asks for. Where `names` are asked for, or there are
    several results, each name of a node is a key, too. The keys are a contract: added to, never renamed. Raises
    UsageError where a result has the name of another key."""
    graph, plain = point.graph, point.m.plain
    record: Record = {"expression": text, "inputs": plain_numbers(point, point.inputs), "value": plain(point.value)}
    if point.wrt is not None:
        record["gradient"] = plain_numbers(point, point.gradient)
    nodes = []
    for k, (node, name, written) in enumerate(zip(graph.nodes, graph.called(), expressions(graph, LONG), strict=True)):
        row: Record = {"id": k, "name": name, "gate": node.gate, "args": list(node.args), "expression": written}
        if point.values[k] is not None:  # a node that varies by row has no one value
            row["value"] = plain(point.values[k])
        if point.gradients[k] is not None:
            row["gradient"] = plain(point.gradients[k])
        if point.kinks[k]:
            row["kink"] = True
        nodes.append(row)
    record["nodes"] = nodes
    if point.restored:
        record["gradient_digits_lost"] = point.named(point.restored)
    record |= more
    for name, k in graph.names.items() if names or len(graph.results) > 1 else ():
        if name in record and name in graph.others and name != graph.answer:  # whose number is the `value`
            raise _key_of_its_own(name)
        if name not in graph.inputs and point.values[k] is not None:
            record.setdefault(name, plain(point.values[k]))
    return record


def with_keys(record: Mapping[str, object], more: Mapping[str, object]) -> Record:
    """A record with more keys. Raises UsageError where a result has the name of one of them."""
    for name in more:
        if name in record:
            raise _key_of_its_own(name)
    return {**record, **more}


def _key_of_its_own(name: str) -> UsageError:
    return UsageError(f"JSON has a key {name} of its own", f"give the result {name} another name")


def plain_numbers(point: Point, numbers: Mapping[str, object]) -> Record:
    """Numbers of a point as records hold them."""
    return {name: point.m.plain(x) for name, x in numbers.items()}


def point_row(point: Point) -> Record:
    """One point as one row, with the columns that rows of data have."""
    row = with_columns(columns_of(point, point.inputs), columns_of(point, point.results))
    return with_columns(row, columns_of(point, {f"grad_{name}": slope for name, slope in point.gradient.items()}))


def columns_of(point: Point, numbers: Mapping[str, object]) -> Record:
    """Numbers of a point as columns, two for each that has bounds."""
    found: Record = {}
    for name, x in plain_numbers(point, numbers).items():
        found |= {f"{name}_lo": x[0], f"{name}_hi": x[1]} if isinstance(x, list) else {name: x}
    return found


def with_columns(row: Record, more: Mapping[str, object]) -> Record:
    """A row with more columns. Raises UsageError where it has one of them."""
    for column in more:
        if column in row:
            raise UsageError(f"a row would have two columns {column}", "give the input or the result another name")
    return {**row, **more}


def bare_answers(point: Point, digits: int | None) -> list[str]:
    """The gradient by name, or without one the results: one alone without its name."""
    answers = point.results if point.wrt is None else point.gradient
    if point.wrt is None and len(answers) == 1:
        return [bare_number(point, point.value, digits)]
    return [f"{name} {bare_number(point, value, digits)}" for name, value in answers.items()]


def bare_number(point: Point, x: object, digits: int | None) -> str:
    """A number of a point for a program, of bounds both."""
    plain = point.m.plain(x)
    return str(point.m.text(x, digits or FLOAT_DIGITS)) if isinstance(plain, list) else bare(plain, digits)


def node_table(
    point: Point, output: Output, values: Mapping[int, str] = {}, more: Mapping[str, Mapping[int, str]] = {}
) -> PrintedTable:
    """The table of nodes: inputs and gates in forward order, the output last, constants not at all. `values` replace
    the value of a node, `more` are columns behind."""
    from circuitcli.render.text_table import Column, PrintedTable, width

    graph, left_out = point.graph, ""
    nodes = _shown_nodes(point, values)
    if len(nodes) > ROWS and sys.stdout.isatty():
        main = _main_nodes(point, nodes)
        left_out = f"{len(nodes) - len(main)} unnamed gates are not shown; in a pipe, and with --json, every gate is."
        nodes = main
        grouped = _in_families(point, nodes, output)
        if grouped is not None:
            return grouped
    columns = [Column("node", number=False), Column("value", style=VALUE_ON_SCREEN)]
    columns.append(Column("gradient" if point.wrt is not None else "", style=GRADIENT_ON_SCREEN))
    columns += [*map(Column, more), Column("", number=False, style="yellow", words=True)]
    rows = [
        [
            values.get(k) or point.m.text(point.values[k], output.digits),
            "" if point.gradients[k] is None else point.m.text(point.gradients[k], output.digits),
            *(column.get(k, "") for column in more.values()),
            "kink" if point.kinks[k] else "",
        ]
        for k in nodes
    ]
    named = graph.named()
    main_rows = [i for i, k in enumerate(nodes) if k == graph.output or (k in named and graph.nodes[k].gate != INPUT)]

    def written(length: int) -> PrintedTable:
        texts = written_nodes(graph, length, {*nodes} if left_out else None)
        numbered = any("#" in texts[k] for k in nodes)
        cells = [[str(k) if numbered else "", texts[k], *row] for k, row in zip(nodes, rows, strict=True)]
        heads = [Column("#" if numbered else "", style="dim"), *columns]
        return PrintedTable(heads, cells, left_out, main_rows, narrow)

    def narrow(room: int) -> PrintedTable:
        numbers = width(PrintedTable([Column("#"), *columns], [[str(graph.output), "", *row] for row in rows]))
        left = room - numbers + len("node")
        beside = written(min(max(left, SHORTEST), SHORT))
        return beside if width(beside) <= room else written(min(room - len(f"{graph.output}    "), SHORT))

    return written(SHORT)


def _in_families(point: Point, nodes: Sequence[int], output: Output) -> PrintedTable | None:
    """The table of the nodes with few rows for each family; None where there is none of more than one element."""
    from circuitcli.render.text_table import Column, PrintedTable

    texts = written_nodes(point.graph, SHORT, ())
    called = point.graph.called()
    names = [called[k] or texts[k] for k in nodes]
    rows = family_rows(names)
    if len(rows) == len(names):
        return None
    slopes = [point.gradients[k] for k in nodes]
    values = [point.m.text(point.values[k], output.digits) for k in nodes]
    gradients = ["" if x is None else point.m.text(x, output.digits) for x in slopes]
    cells = [
        [
            texts[nodes[row.places[0]]] if len(row.places) == 1 else row.label,
            row.text([point.values[k] for k in nodes], values),
            row.text(slopes, gradients),
            "kink" if any(point.kinks[nodes[i]] for i in row.places) else "",
        ]
        for row in rows
    ]
    columns = [Column("node", number=False), Column("value", style=VALUE_ON_SCREEN)]
    columns.append(Column("gradient" if point.wrt is not None else "", style=GRADIENT_ON_SCREEN))
    columns.append(Column("", number=False, style="yellow", words=True))
    hidden = len(_shown_nodes(point, ())) - len(nodes)
    note = f"families in few rows, and {hidden} unnamed gates not at all; in a pipe, and with --json, every node is."
    return PrintedTable(columns, cells, note, [len(rows) - 1])


def _shown_nodes(point: Point, more: Collection[int]) -> list[int]:
    """The nodes of the table in its order: those with a value that its results need, inputs, and some more."""
    graph = point.graph
    needed = reached_from(graph.nodes, [*graph.results.values(), *graph.inputs.values()])
    shown = [
        node.gate != CONSTANT and (x is not None or k in more) and here
        for k, (node, x, here) in enumerate(zip(graph.nodes, point.values, needed, strict=True))
    ]
    return [*(k for k, show in enumerate(shown) if show and k != graph.output), graph.output]


def _main_nodes(point: Point, nodes: Sequence[int]) -> list[int]:
    """The nodes that stay where a terminal has no room: inputs, named nodes, and the output."""
    graph = point.graph
    named = graph.named()
    return [k for k in nodes if k == graph.output or k in named or graph.nodes[k].gate == INPUT]
