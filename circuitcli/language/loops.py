"""The loops of a program: where gates over loops and elements of families begin, and what their numbers are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection
from operator import itemgetter

from circuitcli.errors import ExpressionError
from circuitcli.gate_facts import OverLoops
from circuitcli.gates import ALIASES, GATES
from circuitcli.gathering import gathers
from circuitcli.graph import MOST_NODES, Builder
from circuitcli.language.families import Families
from circuitcli.language.lalr import Token
from circuitcli.language.names import canonical
from circuitcli.language.syntax import Program, Turn
from circuitcli.language.turns import Turns
from circuitcli.language.whole_numbers import WholeNumbers
from circuitcli.nested_names import stem_of


class Run:
    """The run of a gate over loops: the turns to come, and the nodes that it has gathered."""

    def __init__(self, program: Program, step: int, facts: OverLoops, turns: Turns, turn: Turn) -> None:
        self.step, self.over = step, program.over[step]
        self._program, self._facts = program, facts
        self._all, self._turns = turns, turns.of(self.over.loops, turn)
        self._nodes, self._count = list[int](), 0  # of a gate of two arguments the last node alone

    def next(self, size: int) -> Turn | None:
        """Return the next turn, and None behind the last; the circuit has grown to a size."""
        if size > MOST_NODES:
            raise self._all.too_many(self.over.loops[0])
        return next(self._turns, None)

    def take(self, node: int, builder: Builder) -> None:
        """Gather the node of a turn. A sum grows with each, as it does written out: in another order of nodes slopes
        would have other last digits."""
        self._count += 1
        if self._nodes and not self._facts.at_once:
            self._nodes = [builder.add(self._facts.gate, (self._nodes[0], node))]
        else:
            self._nodes.append(node)

    def gathered(self, builder: Builder) -> int:
        """Return the node of all nodes, as it would be written out."""
        facts, nodes = self._facts, self._nodes
        if not nodes:
            if facts.nothing:
                return builder.constant(facts.nothing)
            from circuitcli.language.loop_errors import no_turn

            token, end = self._program.steps[self.step].token, self._program.steps[self.step].end
            what = f"the {token} of nothing is no number"
            raise no_turn(what, self._program.text, (token.start_pos, end), "give the loop a turn")
        if facts.at_once:
            return builder.add(facts.gate, tuple(nodes)) if len(nodes) > 1 else nodes[0]
        return builder.add("div", (nodes[0], builder.constant(str(self._count)))) if facts.average else nodes[0]


class Loops:
    """`begins` lists for a step the elements and the gates over loops whose text begins with it; `constants` are the
    whole numbers that the text names and that its indices use."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.begins: dict[int, list[int]] = {}
        self.constants: dict[str, int] = {}
        used, parameters = names_in_indices(program)
        self._whole = WholeNumbers(program, self.constants, parameters)
        self._indices: dict[int, Callable[[Turn], tuple[int, ...]]] = {}  # of elements, by their steps
        self._stems: dict[int, str] = {}
        self.turns = Turns(program, self._whole)
        self.families = Families(program)
        for step in sorted([*program.elements, *program.over]):
            self.begins.setdefault(program.begin(step), []).append(step)
        self._find_constants(used)
        self.turns.count_ahead()

    def outermost(self, position: int, end: int) -> int:
        """Return the element, or the gate over loops, that begins with a step and ends before `end`; else -1."""
        for step in reversed(self.begins.get(position, ())):
            if step < end:
                return step
        return -1

    def run(self, step: int, turn: Turn, own: Collection[str]) -> Run:
        """Return the run of a gate over loops, before its first turn; `own` are the gates that the text defines."""
        word = canonical(str(self._program.steps[step].token))
        facts = None if word in own else gathers(word)
        if facts is None:
            from circuitcli.language.loop_errors import gathers_nothing

            raise gathers_nothing(self._program, step, own)
        return Run(self._program, step, facts, self.turns, turn)

    def indices(self, step: int, turn: Turn) -> tuple[int, ...]:
        """Return the indices of an element."""
        try:
            return (self._indices.get(step) or self._reader(step, turn))(turn)
        except ExpressionError:
            _, _, token, end = self._program.steps[step]
            self._refuse_gate(str(token).lower(), token, end)  # Sin[x], as in Mathematica
            raise

    def _reader(self, step: int, turn: Turn) -> Callable[[Turn], tuple[int, ...]]:
        """The function of a turn that returns the indices of an element."""
        args = self._program.steps[step].args
        names = [token for op, _, token, _ in (self._program.steps[k] for k in args) if op == "name" and token in turn]
        found: Callable[[Turn], tuple[int, ...]]
        if len(names) == len(args) > 1:  # as most are
            found = itemgetter(*names)
        elif len(args) == 1:
            index = self._whole.reader(args[0], turn)
            found = lambda turn: (index(turn),)  # noqa: E731
        else:
            readers = [self._whole.reader(k, turn) for k in args]
            found = lambda turn: tuple([index(turn) for index in readers])  # noqa: E731
        self._indices[step] = found
        return found

    def element(self, step: int, indices: tuple[int, ...]) -> str:
        """Return the name of an element, W[1,2]."""
        _, _, token, end = self._program.steps[step]
        if new := step not in self._stems:
            self._refuse_gate(str(token), token, end)
            self._stems[step] = stem_of(canonical(f"{token}[0]"))
        word = f"{self._stems[step]}[{','.join(map(str, indices))}]"
        if min(indices) < 0:
            hint = "indices are 0 and more; the first is 1 by custom"
            raise ExpressionError(f"the index of {word} is negative", self._program.text, token.start_pos, end, hint)
        if new:
            self.families.count(word, token, end)
        return word

    def written_out(self, word: str, token: Token) -> None:
        """Raise ExpressionError for an element whose indices are numbers, where its family has others."""
        self._refuse_gate(stem_of(word), token, token.end_pos)
        self.families.count(word, token, token.end_pos)

    def _refuse_gate(self, stem: str, token: Token, end: int) -> None:
        if stem in GATES or stem in ALIASES:
            from circuitcli.language.loop_errors import no_family_of_a_gate

            raise no_family_of_a_gate(self._program.text, token, end)

    def _find_constants(self, used: Collection[str]) -> None:
        program = self._program
        for statement in program.statements:
            if statement.left is None or statement.loops or program.steps[statement.left].op != "name":
                continue
            word = canonical(str(program.steps[statement.left].token))
            if word in used:
                try:
                    self.constants[word] = self._whole.at(statement.last, {})
                except ExpressionError:
                    continue  # an index that uses it says that it is none


def names_in_indices(program: Program) -> tuple[set[str], set[int]]:
    """Return the names in indices and in ranges that are neither loops nor parameters of the gate around them, and the
    steps of such parameters."""
    loops = program.loops
    ends = [step for k in program.elements for step in program.steps[k].args]
    ends += [step for loop in loops for step in loop.range]
    names = [k for end in ends for k in range(program.begin(end), end + 1) if program.steps[k].op == "name"]
    parameters = _parameters_among(program, names)
    used = {canonical(str(program.steps[k].token)) for k in names if k not in parameters}
    return used - {canonical(str(loop.token)) for loop in loops}, parameters


def _parameters_among(program: Program, names: list[int]) -> set[int]:
    """Return the steps of names that are parameters."""
    found, ordered = set[int](), sorted(names)
    for statement in program.statements:
        left = None if statement.left is None else program.steps[statement.left]
        if left is None or left.op != "call":
            continue
        parameters = {canonical(str(program.steps[k].token)) for k in left.args}
        inside = ordered[bisect_left(ordered, statement.first) : bisect_right(ordered, statement.last)]
        found.update(k for k in inside if canonical(str(program.steps[k].token)) in parameters)
    return found
