"""The words with which a session calls a command."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

from circuitcli.cli.argument_words import sort_words
from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.options import ExpressionCommand
from circuitcli.cli.session.session_state import Asked, Session
from circuitcli.errors import CircuitError
from circuitcli.language import canonical
from circuitcli.language.statements import StatementText, pieces
from circuitcli.name_lists import listed


def given_words(asked: Asked, name: str, command: ExpressionCommand, words: list[str]) -> list[str]:
    """The program and the values of its inputs as words, without those that the words set themselves."""
    known = sort_words(words, command.option_map(), lenient=True)
    behind = known.index("--")
    own = {canonical(word.partition("=")[0]) for i, word in enumerate(known[:behind]) if known[i - 1] == "--set"}
    missing = [other for other in asked.missing if other not in own]
    files = known[behind + 1 :] or "--inputs" in known
    needs = COMMANDS[name].values
    if missing and needs == "all" and not files:
        raise asked.no_value(missing)
    values = {} if missing and needs == "all or none" else asked.values
    program = f"({asked.program})" if asked.program.startswith("-") else asked.program  # else it would be an input
    return [program, *(f"-{other}={text}" for other, text in values.items() if other not in own)]


def results_named(words: list[str], command: ExpressionCommand) -> list[str]:
    """The results that --of names."""
    known = sort_words(words, command.option_map(), lenient=True)
    texts = [word for before, word in pairwise(known) if before == "--of"]
    texts += [word.removeprefix("--of=") for word in known if word.startswith("--of=")]
    return [canonical(name) for text in texts for name in listed(text)]


def results_beside(session: Session, piece: StatementText, words: list[str], command: ExpressionCommand) -> list[str]:
    """The results of a session that stand beside a named one that climbs over files, as they would in one text: those
    of the same inputs and columns."""
    known = sort_words(words, command.option_map(), lenient=True)
    if not COMMANDS[command.name or ""].climbs or known[-1] == "--" or piece.statement not in session.statements:
        return []
    own = {*session.ask(piece).graph.inputs}
    found = []
    for name in session.statements:
        if name.isidentifier() and name != piece.statement:
            with suppress(CircuitError):  # it uses a gate that is gone
                if own.issuperset(session.ask(pieces(name)[0]).graph.inputs):
                    found.append(name)
    return found


def stand_alone(words: list[str], command: ExpressionCommand) -> bool:
    """Whether the words of a command neither set inputs nor name files."""
    known = sort_words(words, command.option_map(), lenient=True)
    return known[-1] == "--" and not {"--set", "--inputs", "--file"}.intersection(known)
