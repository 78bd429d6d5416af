"""circuit gates: the table of gates, or some of them one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from circuitcli.analysis.formulas import derivatives, kink_at
from circuitcli.cli.options import color_option
from circuitcli.cli.teaching_help import TaughtCommand
from circuitcli.errors import UsageError
from circuitcli.gates import ALIASES, GATES
from circuitcli.notation import symbol

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

EXAMPLES = (
    "# what sigmoid is, how steep it is, and what both look like\ncircuit gates sigmoid",
    "# where the gradient is a convention\ncircuit gates relu max",
    "# for a program\ncircuit gates tanh --json",
)


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    taken = ctx.params.get("names") or ()
    return [CompletionItem(name) for name in (*GATES, *ALIASES) if name.startswith(incomplete) and name not in taken]


@click.command("gates", cls=TaughtCommand, examples=EXAMPLES)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=_names)
@click.option("--json", "as_json", is_flag=True, help="As a JSON object, or an array of them.")
@color_option
def command(names: Sequence[str], as_json: bool, color: str) -> int:
    """The gates named, with a formula, the derivatives and a plot of each; without names a table of all. An operator
    stands for its gate: circuit gates '^'.

    A derivative is the backward rule itself, run on symbols. "none" says that nothing is propagated along that
    argument; "... where c" that it is only where c holds. At a kink the derivative is a convention.
    """
    chosen = list(dict.fromkeys(gate for name in names for gate in _meant(name)))
    if as_json:
        from circuitcli.analysis.gate_page import record
        from circuitcli.render.machine_formats import json_line, json_text

        records = [record(name) for name in chosen or GATES]
        one = len(chosen) == 1
        print(json_text(records[0]) if one else "[" + ",\n ".join(map(json_line, records)) + "]")
        return 0
    if not chosen:
        _table(color)
    for i, name in enumerate(chosen):
        from circuitcli.cli.answers.gate_answer import show_gate

        print("\n" * (i > 0), end="")
        show_gate(name, color)
    return 0


def _meant(word: str) -> list[str]:
    """The gates that a word names: - is two of them. Raises UsageError where there is none."""
    from circuitcli.language.names import canonical
    from circuitcli.language.word_hints import instead_of_gate

    name = ALIASES.get(canonical(word), canonical(word))
    if name in GATES:
        return [name]
    operators = [gate for gate in GATES if symbol(gate) == word.replace("**", "^")]
    if not operators:
        raise UsageError(f"there is no gate {word}", instead_of_gate(word, (*GATES, *ALIASES)))
    return operators


def _table(color: str) -> None:
    """Every gate with its number of arguments, the derivative by each of them, and where it has a kink."""
    from circuitcli.render.text_table import Column, print_table

    rows = []
    for gate in GATES.values():
        first, *others = derivatives(gate.name) or [("", "over rows")]
        rows.append([gate.name, gate.arity, *first, kink_at(gate.name)])
        rows += [["", "", *other, ""] for other in others]
    columns = [Column("gate", False, "bold"), Column("arguments"), Column("by", False), Column("derivative", False)]
    print_table([*columns, Column("kink", False, "yellow")], rows, color)
