"""The turns of the loops of a program: the numbers that their names take, and how many turns there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import prod

from circuitcli.errors import ExpressionError
from circuitcli.graph import MOST_NODES
from circuitcli.language.names import canonical
from circuitcli.language.syntax import NO_TURN, Loop, Program, Turn
from circuitcli.language.whole_numbers import WholeNumbers


class Turns:
    """Yields the turns of loops; `whole` evaluates the ends of their ranges."""

    def __init__(self, program: Program, whole: WholeNumbers) -> None:
        self._program, self._whole = program, whole
        self._turned = 0  # all turns of all loops

    def of(self, loops: Sequence[Loop], outer: Turn) -> Iterator[Turn]:
        """Yield the numbers of nested loops, the last running fastest. One mapping, which the next turn changes.

        Raises ExpressionError for a range that is none, and for more turns than a circuit may have nodes.
        """
        turn = dict(outer)
        if not loops:
            yield turn
            return
        names = self._names(loops, outer)
        for numbers in self._innermost(loops, names, turn):
            self._turned += len(numbers) or 1  # which takes its time, too
            if self._turned > MOST_NODES:
                raise self.too_many(loops[0])
            for turn[names[-1]] in numbers:
                yield turn

    def count_ahead(self) -> None:
        """Raise ExpressionError for loops inside of loops that have too many turns, before the first of them."""
        program = self._program
        for statement in program.statements:
            inner = [over for step, over in program.over.items() if statement.first <= step <= statement.last]
            self._count(statement.loops)
            for over in inner:
                around = [other for other in inner if other.first <= over.first and over.end <= other.end]
                outside_in = sorted(around, key=lambda other: other.first - other.end)
                self._count([*statement.loops, *(loop for other in outside_in for loop in other.loops)])

    def too_many(self, loop: Loop) -> ExpressionError:
        """The error for a loop that becomes more nodes than a circuit may have."""
        message = f"the loop {loop.token} expands to more than {MOST_NODES / 1e6:g} million nodes"
        return self._error(loop, message, "make its range smaller")

    def _count(self, loops: Sequence[Loop]) -> None:
        """Raise ExpressionError for too many turns. A loop that depends on no other, and none on it, is not walked."""
        names = [canonical(str(loop.token)) for loop in loops]
        uses = [self._program.names_in_range(loop).intersection(names) for loop in loops]
        used = set[str]().union(*uses)
        alone = [loop for loop, name, own in zip(loops, names, uses, strict=True) if not own and name not in used]
        walked = [k for k, loop in enumerate(loops) if loop not in alone]
        try:
            lengths = [1 if k in walked else len(self._range(loop, NO_TURN)) for k, loop in enumerate(loops)]
            end = lengths.index(0) if 0 in lengths else len(loops)  # loops inside of an empty one have no turn
            most, walked = MOST_NODES // prod(lengths[:end]), [k for k in walked if k < end]
            ranges = self._innermost([loops[k] for k in walked], [names[k] for k in walked], {})
            turns = accumulate(len(numbers) or 1 for numbers in ranges) if walked else iter([1])
            many = any(turned > most for turned in turns)
        except ExpressionError:
            return  # which its first turn says, where its text is read
        if many:
            raise self.too_many(loops[0])

    def _names(self, loops: Sequence[Loop], outer: Turn) -> list[str]:
        """The names of loops, of which each is new."""
        names = [canonical(str(loop.token)) for loop in loops]
        for i, name in enumerate(names):
            if name in outer or name in names[:i]:
                message, other = f"{name} is a loop already", "k" if name != "k" else "l"
                raise self._error(loops[i], message, f"give this one another name: for {other} in ...")
        return names

    def _innermost(self, loops: Sequence[Loop], names: Sequence[str], turn: dict[str, int]) -> Iterator[range]:
        """Yield the numbers of the last of nested loops in each turn of those around it, which `turn` has."""
        waiting: list[Iterator[int]] = []
        while True:
            numbers = self._range(loops[len(waiting)], turn)
            if len(waiting) == len(loops) - 1:
                yield numbers
            else:
                waiting.append(iter(numbers))
            while waiting:
                number = next(waiting[-1], None)
                if number is not None:
                    turn[names[len(waiting) - 1]] = number
                    break
                waiting.pop()
            if not waiting:
                return

    def _range(self, loop: Loop, turn: Turn) -> range:
        """The numbers of a range, both ends included."""
        low, high, *steps = (self._whole.at(step, turn) for step in loop.range)
        step = steps[0] if steps else 1
        if step == 0:
            raise self._whole.error(loop.range[2], loop.range[2], f"the loop {loop.token} has the step 0")
        found = range(low, high + (1 if step > 0 else -1), step)
        if len(found) > MOST_NODES:
            raise self.too_many(loop)
        return found

    def _error(self, loop: Loop, message: str, hint: str) -> ExpressionError:
        return ExpressionError(message, self._program.text, loop.token.start_pos, loop.token.end_pos, hint)
