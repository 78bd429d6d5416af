"""circuit gates: the table of gates, or some of them one by one."""

from __future__ import annotations

from collections.abc import Sequence

import click

from circuitcli.cli.offered_words import offered
from circuitcli.cli.options import FORMATS, JSON, Form, Output, color_option, to_option, together
from circuitcli.cli.teaching_help import OUTPUT, TaughtCommand, taught, under
from circuitcli.errors import UsageError
from circuitcli.gates import ALIASES, GATES
from circuitcli.notation import symbol

EXAMPLES = (
    "# what sigmoid is, how steep it is, and what both look like\ncircuit gates sigmoid",
    "# where the gradient is a convention\ncircuit gates relu max",
    "# the derivatives of all\ncircuit gates --verbose",
    "# for a program\ncircuit gates tanh --json",
)


@taught(EXAMPLES)
@click.command("gates", cls=TaughtCommand)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=offered(lambda: (*GATES, *ALIASES)))
@together(
    "output",
    Output,
    under(
        OUTPUT,
        to_option(FORMATS),
        click.option(
            "--json", "to", type=Form(FORMATS), flag_value=JSON, help="As a JSON object, or an array of them."
        ),
        click.option("--quiet", is_flag=True, help="The bare names."),
        color_option,
    ),
)
@under(
    OUTPUT, click.option("--verbose", is_flag=True, help="A table of derivatives, and of where each gate has a kink.")
)
def command(names: Sequence[str], output: Output, verbose: bool) -> int:
    """The gates named, with a formula, the derivatives and a plot of each; without names those of all groups. An
    operator stands for its gate: circuit gates '^'.

    Derivatives are written as a textbook has them. In JSON and in rows they are computed: the backward rule itself, run
    on symbols. "none" says that nothing is propagated along that
    argument; "... where c" that it is only where c holds. At a kink the derivative is a convention.
    """
    from circuitcli.cli.answers.answer import give
    from circuitcli.cli.answers.gate_answer import gates_answer

    return give(gates_answer(list(dict.fromkeys(gate for name in names for gate in _meant(name))), verbose), output)


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
