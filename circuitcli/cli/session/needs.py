"""The order of the statements of a session: which of them each needs, and that none needs itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from circuitcli.constants import CONSTANTS
from circuitcli.errors import ExpressionError
from circuitcli.language.names import is_element
from circuitcli.language.statements import FAMILY, Span, StatementText
from circuitcli.nested_names import stem_of


class Needs:
    """The needs of the statements of a session, by their uses: an element that neither a statement nor a value names
    comes from the statement of its family."""

    def __init__(self, statements: Mapping[str, StatementText], values: Mapping[str, str]) -> None:
        self._statements, self._values = statements, values

    def ordered(self, wanted: Iterable[str]) -> list[StatementText]:
        """Return the wanted statements with those that they need, each below the ones that it needs."""
        order: dict[str, StatementText] = {}
        for name in wanted:
            path = [name] if name in self._statements else []
            while path:
                piece = self._statements[path[-1]]
                below = next((key for key in self.of(piece) if key not in order and key not in path), "")
                if below:
                    path.append(below)
                else:
                    order[path.pop()] = piece
        return list(order.values())

    def of(self, piece: StatementText) -> list[str]:
        """Return the statements that one uses; of a family these are all that name elements of it, and within the
        family those that do not come from the statement itself."""
        uses = self._uses(piece)
        found = [use for use in uses if use in self._statements and use != piece.name]
        stems = {stem_of(use) for use in (*uses, *piece.uses) if use.endswith(FAMILY)}
        own = stem_of(piece.name)
        keys = [key for key in self._statements if is_element(key) and stem_of(key) in stems]
        later = {*keys[keys.index(piece.name) :]} if piece.name in keys else set[str]()
        return found + [
            key
            for key in keys
            if key not in found and not (stem_of(key) == own and (key in later or self._way(key, piece.name)))
        ]

    def refuse_cycle(self, piece: StatementText) -> None:
        """Raise ExpressionError where a definition would need itself."""
        name = piece.name
        for use, span in self._uses(piece).items():
            way = self._way(use, name)
            if len(way) > 1:
                chain = ", ".join(f"{a} needs {b}" for a, b in zip([name, *way], way, strict=False))
                hint = f"{chain}: give one of them another name"
                raise ExpressionError(f"{name} would need itself", piece.text, *span, hint)
            if way and use in self._statements and not piece.defines_gate:
                hint = f"give the new node another name, such as {name}2"
                raise ExpressionError(f"{name} is a node, and would need itself", piece.text, *span, hint)
            if way and not piece.defines_gate and use not in CONSTANTS:
                hint = f"write for example {name} = 1 before"
                raise ExpressionError(f"{name} has no value yet", piece.text, *span, hint)

    def _uses(self, piece: StatementText) -> dict[str, Span]:
        """The names that a statement uses, with the families that its elements come from; without its own family, for
        a recurrence goes through that."""
        found = dict(piece.uses)
        for use, span in piece.uses.items():
            if is_element(use) and use not in self._statements and use not in self._values:
                found.setdefault(stem_of(use) + FAMILY, span)
        if piece.defines_family:
            found.pop(piece.name, None)
        return found

    def _way(self, name: str, goal: str) -> list[str]:
        """The chain of names by which `name` needs `goal`, empty where it does not."""
        before = {name: ""}
        waiting = [name]
        while waiting:
            at = waiting.pop()
            if at == goal:
                way = [at]
                while before[way[-1]]:
                    way.append(before[way[-1]])
                return way[::-1]
            further = list(self._uses(self._statements[at])) if at in self._statements else []
            if at.endswith(FAMILY) and (stem := stem_of(at)) != stem_of(goal):
                further += [key for key in self._statements if is_element(key) and stem_of(key) == stem]
            further = [use for use in further if use not in before]
            before.update(dict.fromkeys(further, at))
            waiting += further
        return []
