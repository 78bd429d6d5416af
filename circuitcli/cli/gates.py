"""circuit gates: the table of gates."""

from __future__ import annotations

import click

from circuitcli.formulas import derivatives, kink_at
from circuitcli.gates import GATES


@click.command("gates", short_help="The gates, their derivatives and kinks.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON array of objects.")
@click.option("--color", type=click.Choice(("auto", "always", "never")), default="auto", help="Colour in tables.")
def command(as_json: bool, color: str) -> int:
    """Every gate with its number of arguments, the derivative by each of them, and where it has a kink.

    The derivatives are the backward rules themselves, run on symbols. "none" says that nothing is propagated along
    that argument; "... where c" that it is only where c holds. At a kink the derivative is a convention.
    """
    if as_json:
        from circuitcli.render.machine import json_line

        records = [
            {
                "name": gate.name,
                "arity": gate.arity,
                "arguments": [argument for argument, _ in derivatives(gate.name)],
                "derivative": dict(derivatives(gate.name)),
                "kinks": kink_at(gate.name) or None,
            }
            for gate in GATES.values()
        ]
        print("[" + ",\n ".join(map(json_line, records)) + "]")
        return 0
    from circuitcli.render.table import Column, print_table

    rows = []
    for gate in GATES.values():
        first, *others = derivatives(gate.name) or [("", "over rows")]
        rows.append([gate.name, gate.arity, *first, kink_at(gate.name)])
        rows += [["", "", *other, ""] for other in others]
    columns = [Column("gate", False, "bold"), Column("arguments"), Column("by", False), Column("derivative", False)]
    print_table([*columns, Column("kink", False, "yellow")], rows, color)
    return 0
