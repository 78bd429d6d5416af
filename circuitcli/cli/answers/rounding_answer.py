"""What `circuit grad --rounding` prints: how many digits of the result to believe, and which nodes cost the others."""

from __future__ import annotations

import math

from circuitcli.analysis.point import Point
from circuitcli.analysis.rounding import exact, rounding
from circuitcli.cli.answers.point_answer import finish, node_table
from circuitcli.cli.answers.records import point_record, rounding_record
from circuitcli.cli.options import Form
from circuitcli.cli.request import Request
from circuitcli.errors import UsageError
from circuitcli.graph import CONSTANT, CONSTANTS, Graph


def show_rounding(asked: Request, point: Point, form: Form) -> int:
    """Print the share of every node and the total, and answer the exit status."""
    inexact = [name for name, value in asked.values.items() if not _is_float(value.graph)]
    found = rounding(point, inexact)
    if form.to == "json":
        from circuitcli.render.machine_formats import json_text

        print(json_text({**point_record(asked.text, point), **rounding_record(found)}))
    elif form.to != "table":
        raise UsageError(f"there is no --to {form.to} for --rounding", "leave it out for a table, or use --json")
    elif form.quiet:
        print(f"{found.absolute!r} {found.relative!r} {found.digits}")
    else:
        told = {k: x for k, x in enumerate(found.nodes) if x > 0.0}
        shares = {k: f"{100.0 * x / found.absolute:.0f} %" for k, x in told.items() if found.absolute < math.inf}
        node_table(point, form, more={"moves": {k: f"{x:.2g}" for k, x in told.items()}, "share": shares})
        constants = sum(x for k, x in told.items() if point.graph.nodes[k].gate == CONSTANT)
        print(f"\n rounding  ± {found.absolute:.2g}, relative {found.relative:.2g}: {found.digits} digits good")
        if constants:
            print(f" of which  {constants:.2g} by constants that are no float64, such as 0.1")
    return finish(point, form)


def _is_float(graph: Graph) -> bool:
    """Whether the value of an input is a number that float64 has."""
    node = graph.nodes[graph.output]
    return node.gate == CONSTANT and node.text not in CONSTANTS and exact(node.text)
