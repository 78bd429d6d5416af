"""A conversation: a statement is answered with its value, `:grad` and the like with the output of the command."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from math import isfinite

from circuitcli.cli.command_table import COMMANDS, of_a_session
from circuitcli.cli.exit_status import INTERRUPTED, Ended
from circuitcli.cli.notes import note
from circuitcli.cli.options import ExpressionCommand
from circuitcli.cli.running import call
from circuitcli.cli.session.colon_commands import (
    HELP,
    OWN,
    command_of,
    help_line,
    instead_of_word,
    meant,
    pasted,
    split,
    split_words,
)
from circuitcli.cli.session.family_lists import instead_of_comma
from circuitcli.cli.session.logical_lines import PlacedError, logical_lines
from circuitcli.cli.session.passed_words import given_words, results_beside, results_named, stand_alone
from circuitcli.cli.session.printed_family import print_family, shows_family
from circuitcli.cli.session.printed_value import evaluated_text, is_number, print_value
from circuitcli.cli.session.session_state import Asked, Session, number_of
from circuitcli.cli.session.shell_habits import in_a_session, of_a_mistake, of_inputs, of_missing, refuse_pipes
from circuitcli.cli.text_files import read_text
from circuitcli.errors import CircuitError, ExpressionError, FileError, InputError, UsageError
from circuitcli.language.statements import StatementText, pieces
from circuitcli.nested_names import in_short
from circuitcli.render.number_format import full
from circuitcli.visible_text import some_of

ANSWER = "ans"


class Conversation:
    """A session, the last expression in it, and the largest exit status of a line so far."""

    def __init__(self) -> None:
        self.session = Session()
        self.last: StatementText | None = None
        self.answered: Asked | None = None  # the last program that had a value, with its inputs at that time
        self.status = 0
        self._loading: list[str] = []  # the files that are being read, each from the one before

    def hear_all(self, lines: Iterable[str], source: str) -> int:
        """Answer line by line; return the largest status. Raises the first error, with its place."""
        for number, text in logical_lines(lines):
            try:
                done = self.hear(text)
            except CircuitError as error:
                raise PlacedError(error, text, source, number) from None
            self.status = max(self.status, done)
            if done == INTERRUPTED:  # an ascent that has shown how far it came
                raise KeyboardInterrupt
        return self.status

    def hear(self, text: str) -> int:
        """Answer a line; return the exit status that it would have as a command. Raises EOFError at `:quit`."""
        if not text.strip() or text.lstrip().startswith("#"):
            return 0
        line = pasted(text, self.session.names)
        if line is not None:
            return self._shell(line)
        try:
            return self._line(text)
        except CircuitError as error:
            error.hint = in_a_session(error.hint)
            raise

    def _line(self, text: str) -> int:
        """Answer a line that is none of the shell."""
        command = command_of(text, self.session.names)
        if command is not None:
            if command[0].strip().startswith("clear"):  # as a shell clears its screen
                raise UsageError("clear would drop all that is defined", "to drop it write :clear")
            return self._command(command[1], text, command.end())
        if self.session.set_list(text) or self.session.set_uncertain(text) or shows_family(self.session, text.strip()):
            return 0
        try:
            return max([self._statement(piece) for piece in pieces(text)])
        except ExpressionError as error:
            if command_of(text) and error.text == text:  # its name is one of the session
                error.hint = f"a command begins with a colon: :{text.strip()}"
            elif error.text == text and (instead := instead_of_word(text)):
                error.hint = f"write {instead}"
            elif error.text == text and (instead := instead_of_comma(text) or of_inputs(text) or self._of_lists(text)):
                error.hint = instead
            raise
        except InputError as error:
            error.hint = self._of_lists(text) or error.hint
            raise

    def _of_lists(self, text: str) -> str:
        """The hint for a line by the lists in it."""
        from circuitcli.cli.session.lists_meant import of_lists

        return of_lists(self.session, text)

    # ── statements ──────────────────────────────────────────────────────────────────────────────────────────

    def _statement(self, piece: StatementText) -> int:
        """Keep a definition, and print its value unless it was typed as a number."""
        piece = self._with_answer(piece)
        name, session = piece.name, self.session
        if not name:
            asked = session.ask(piece)
            self.last, self.answered = piece, asked
            if re.search(r"\w\s*<-\s", piece.statement):  # an assignment of R
                from circuitcli.language.word_hints import instead_of_arrow

                if meant := instead_of_arrow(piece.statement, session.values):
                    note(meant)
            return print_value("", asked)
        before = session.values.get(name)
        asked = session.define(piece)
        self._tell_of_loops(name, before)
        if piece.defines_family:
            self.last = piece
            return print_family(session, asked)
        if piece.defines_gate or is_number(piece.value().statement):
            return 0
        if name in session.statements:
            [self.last] = pieces(name)
        if asked.missing:
            note(f"{name} waits for {some_of(in_short(asked.missing))}")
            return 0
        self.answered = asked
        return print_value(name, asked)

    def _tell_of_loops(self, name: str, before: str | None) -> None:
        """Note the statements that a new value of an input gives other loops."""
        now = self.session.values.get(name)
        if before is not None and now not in (None, before) and (names := self.session.counted_by(name)):
            have, their = ("have", "their") if len(names) > 1 else ("has", "its")
            note(f"{some_of(names)} {have} another shape now: {name} is in {their} indices")

    def _with_answer(self, piece: StatementText) -> StatementText:
        """A statement with the last value in place of `ans`, unless that is a name of the session."""
        while ANSWER in piece.uses and ANSWER not in self.session.names:
            if self.answered is None:
                message = f"there is no {ANSWER} yet: it is the value of the last expression"
                raise InputError(message, f"type an expression before, or set it: {ANSWER} = 2")
            text = number_of(self.answered, f"{ANSWER} has none: give the result a name, and use that")
            start, end = (place - piece.start for place in piece.uses[ANSWER])
            before, behind = piece.statement[:start], piece.statement[end:]
            [piece] = pieces(f"{before}({text}){behind}" if text.startswith("-") else before + text + behind)
        return piece

    # ── commands ────────────────────────────────────────────────────────────────────────────────────────────

    def _command(self, name: str, text: str, end: int) -> int:
        """Answer a line that begins with a colon; the text behind the command begins at `end`."""
        name = meant(name)
        if name in OWN:
            alone = OWN[name].alone
            if alone and (words := split_words(text[end:])):
                refuse_pipes(words)
                raise UsageError(f":{name} stands alone", alone.format(" ".join(words)))
            action: Callable[[str], int] = getattr(self, f"_{name}")
            return action(text[end:].strip())
        if COMMANDS[name].equations and "--help" not in text:
            from circuitcli.cli.session.equations_asked import equation_words

            return call(equation_words(self.session, text[end:], self.last))
        command = COMMANDS[name].load()
        expression, words = split(text[end:])
        if not isinstance(command, ExpressionCommand):
            words = [*split_words(expression), *words]
            refuse_pipes([word for word in words if "|" in word])  # > is a gate
            return call([name, *words])
        if "-" in words:
            raise UsageError("standard input is the session's own", "name a file")
        if about := {"--help", "--version"}.intersection(words):
            return call([name, *about])
        refuse_pipes(words, command)
        try:
            piece = self._meant(name, expression)
            beside = results_beside(self.session, piece, words, command)
            asked = self.session.ask(piece, [*results_named(words, command), *beside])
        except ExpressionError as error:
            if error.text != expression:
                raise
            error.hint = of_a_mistake(error, command) or error.hint
            raise error.within("", text, -end) from None
        self.last = piece
        try:
            given = given_words(asked, name, command, words)
        except InputError as error:
            error.hint = of_missing(asked.missing, expression, command) or error.hint
            raise
        status = call([name, *given, *words])
        if isinstance(status, Ended):
            self._stand(status, "--quiet" in words)
        elif COMMANDS[name].values == "all" and stand_alone(words, command):
            self.answered = asked
        return status

    def _shell(self, line: str) -> int:
        """Run a line that was pasted: the words behind `circuit`, which know nothing of the session."""
        words = split_words(line) or ["--help"]
        refuse_pipes(words)
        if "-" in words:
            raise UsageError("standard input is the session's own", "name a file")
        if words[0] in COMMANDS and not COMMANDS[words[0]].session and words[0] not in OWN:
            raise UsageError(f"circuit {words[0]} is for the shell, and this is a session", "leave it with :quit")
        return call(words)

    def _meant(self, name: str, expression: str) -> StatementText:
        """The expression that a command is about. Definitions before it are kept."""
        if not expression.strip() or expression.strip().startswith("#"):
            if self.last is None:
                message = f":{name} is about the last expression, and there is none"
                raise UsageError(message, f"write for example :{name} x^2")
            return self.last
        parts = [self._with_answer(piece) for piece in pieces(expression)]
        for piece in parts:
            if piece.name:
                self.session.define(piece)
        if parts[-1].defines_gate:
            raise UsageError("this defines a gate: there is nothing to evaluate", "add an expression that uses it")
        return parts[-1] if parts[-1].defines_family or not parts[-1].name else pieces(parts[-1].name)[0]

    def _stand(self, ended: Ended, quiet: bool) -> None:
        """Set the inputs to where an ascent ended, unless it ran away."""
        found = ended.found
        if ended.astray:
            note(f"the inputs stay where they were, for it ended as {ended.astray}", quiet)
        elif found and all(map(isfinite, found.values())):
            texts = self.session.stand({name: full(x) for name, x in found.items()})
            note(some_of(f"{name} = {text}" for name, text in texts.items()) + " now", quiet)

    def _vars(self, rest: str) -> int:
        """Print all definitions as statements that can be read again."""
        for name, text in self.session.values.items():
            print(f"{name} = {text}")
        for piece in self.session.ordered():
            value = ""
            if not (piece.defines_gate or piece.defines_family):
                try:
                    asked = self.session.ask(piece.value())
                    value = "" if asked.missing else f"  # {evaluated_text(asked)[0]}"
                except ExpressionError as error:  # it uses a gate that is gone
                    value = f"  # {error.what}"
            print(piece.statement + value)
        return 0

    def _forget(self, rest: str) -> int:
        names = rest.replace(",", " ").split()
        if not names:
            raise UsageError(":forget wants a name", ":vars shows what there is; :clear drops all")
        for name in names:
            gone = self.session.forget(name)
            if len(gone) > 1:
                note(f"{' and '.join(gone)} are gone; :forget {gone[-1]} drops the gate alone")
        return 0

    def _clear(self, rest: str) -> int:
        self.session, self.last, self.answered = Session(), None, None
        return 0

    def _load(self, rest: str) -> int:
        names = split_words(rest)
        if not names:
            raise UsageError(":load wants a file", "write for example :load model.circuit")
        return max([self.load(name) for name in names])

    def _help(self, rest: str) -> int:
        """Print the language and the commands in short, or the help of the commands named."""
        names = [meant(word.removeprefix(":")) for word in split_words(rest)]
        for name in names:
            if name in COMMANDS:
                call([name, "--help"])
            else:
                print(help_line(name))
        if not names:
            print(HELP)
            print("\n".join(map(help_line, (*of_a_session(), *OWN))))
        return 0

    def _quit(self, rest: str) -> int:
        raise EOFError

    def load(self, name: str) -> int:
        """Read a file as if it were typed; return the largest status so far."""
        path = os.path.realpath(name)
        if path in self._loading:
            raise FileError(f"{name} loads itself", "take that line away")
        self._loading.append(path)
        try:
            return self.hear_all(read_text(name).split("\n"), name)
        finally:
            self._loading.pop()
