"""The families of a program, names with indices: which the text names, and how many indices each has."""

from __future__ import annotations

from circuitcli.errors import ExpressionError
from circuitcli.language.lalr import Token
from circuitcli.language.names import canonical
from circuitcli.language.syntax import Program
from circuitcli.nested_names import first_and_last, stem_of


class Families:
    """Families as the elements met so far, and the statements below, tell of them."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._counts: dict[str, int] = {}  # of indices
        self._named: dict[str, list[str]] = {}
        self._later: dict[str, int] = {}  # by the family, how many statements that name some of it are to come
        for statement in program.statements:
            if statement.left is not None and program.steps[statement.left].op in ("name", "element"):
                stem = stem_of(canonical(str(program.steps[statement.left].token)))
                self._later[stem] = self._later.get(stem, 0) + 1

    def name(self, word: str) -> None:
        """Note that the text names an element."""
        self._named.setdefault(stem_of(word), []).append(word)

    def done(self, word: str) -> None:
        """Note that a statement, which names a family or an element of it, is over."""
        self._later[stem_of(word)] -= 1

    def count(self, word: str, token: Token, end: int) -> None:
        """Raise ExpressionError for an element with more or fewer indices than another of its family."""
        stem, count = stem_of(word), word.count(",") + 1
        if self._counts.setdefault(stem, count) != count:
            message = f"{word} has {_indices(count)}, and elsewhere {stem} has {_indices(self._counts[stem])}"
            raise self._error(message, token, end, "give every element of a family as many")

    def free(self, word: str, token: Token, end: int) -> None:
        """Raise ExpressionError for a name that nothing names where it is an element of a family that the text names,
        or such a family."""
        if not word.endswith("]"):
            self._alone(word, token)
            return
        stem = stem_of(word)
        if stem not in self._later:
            return
        named, span = self._named.get(stem), (token.start_pos, end)
        if self._later.get(stem):
            from circuitcli.language.loop_errors import used_before

            raise used_before(word, bool(named), self._program, span)
        if named:
            from circuitcli.language.loop_errors import no_element

            raise no_element(word, named, self._program, span)

    def _alone(self, word: str, token: Token) -> None:
        """Raise ExpressionError for the name of a family that stands without an index."""
        if named := self._named.get(word):
            hint = f"one of them is {named[0]}"
            if "," not in named[0]:
                hint += f", and all together are sum({word}[i] for i in 1:{len(named)})"
            raise self._error(f"{word} is a family, {first_and_last(named)}, and no number", token, token.end_pos, hint)

    def _error(self, message: str, token: Token, end: int, hint: str) -> ExpressionError:
        return ExpressionError(message, self._program.text, token.start_pos, end, hint)


def _indices(count: int) -> str:
    return "one index" if count == 1 else f"{count} indices"
