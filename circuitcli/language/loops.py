"""The loops of a program: where gates over loops and elements of families begin, and what their numbers are."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce

from circuitcli.errors import ExpressionError
from circuitcli.gate_facts import OverLoops
from circuitcli.gates import ALIASES, GATES
from circuitcli.gathering import gathers
from circuitcli.graph import MOST_NODES, Builder
from circuitcli.language.families import Families
from circuitcli.language.lalr import Token
from circuitcli.language.names import canonical
from circuitcli.language.syntax import Program, Turn
from circuitcli.language.whole_numbers import WholeNumbers
from circuitcli.nested_names import stem_of


class Run:
    """The run of a gate over loops: the turns to come, and the nodes that it has gathered."""

    def __init__(self, program: Program, step: int, facts: OverLoops, whole: WholeNumbers, turn: Turn) -> None:
        self.step, self.over, self.nodes = step, program.over[step], list[int]()
        self._program, self._facts, self._whole = program, facts, whole
        self._turns = whole.turns(self.over.loops, turn)

    def next(self, size: int) -> Turn | None:
        """Return the next turn, and None behind the last; the circuit has grown to a size."""
        if size > MOST_NODES:
            raise self._whole.too_many(self.over.loops[0])
        return next(self._turns, None)

    def gathered(self, builder: Builder) -> int:
        """Return the node of all nodes, as it would be written out."""
        facts, nodes = self._facts, self.nodes
        if not nodes:
            if facts.nothing:
                return builder.constant(facts.nothing)
            token, end = self._program.steps[self.step].token, self._program.steps[self.step].end
            what = f"the {token} of nothing is no number"
            raise ExpressionError(what, self._program.text, token.start_pos, end, "give the loop a turn")
        if facts.at_once:
            return builder.add(facts.gate, tuple(nodes)) if len(nodes) > 1 else nodes[0]
        total = reduce(lambda a, b: builder.add(facts.gate, (a, b)), nodes)
        return builder.add("div", (total, builder.constant(str(len(nodes))))) if facts.average else total


class Loops:
    """`begins` lists for a step the elements and the gates over loops whose text begins with it; `constants` are the
    whole numbers that the text names and that its indices use."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.begins: dict[int, list[int]] = {}
        self.constants: dict[str, int] = {}
        self._met: set[str] = set()  # elements whose names are in order
        self.whole = WholeNumbers(program, self.constants)
        self.families = Families(program)
        for step in sorted([*program.elements, *program.over]):
            self.begins.setdefault(program.begin(step), []).append(step)
        self._find_constants()

    def outermost(self, position: int, end: int) -> int:
        """Return the element, or the gate over loops, that begins with a step and ends before `end`; else -1."""
        for step in reversed(self.begins.get(position, ())):
            if step < end:
                return step
        return -1

    def run(self, step: int, turn: Turn, own: Collection[str]) -> Run:
        """Return the run of a gate over loops, before its first turn; `own` are the gates that the text defines."""
        token, over = self._program.steps[step].token, self._program.over[step]
        word = canonical(str(token))
        facts = None if word in own else gathers(word)
        if facts is None:
            from circuitcli.language.loop_errors import gathers_nothing

            raise gathers_nothing(self._program.text, self._program.steps[step], over)
        return Run(self._program, step, facts, self.whole, turn)

    def element(self, step: int, turn: Turn) -> str:
        """Return the name of an element, W[1,2]."""
        _, args, token, end = self._program.steps[step]
        try:
            word = f"{token}[{','.join([str(self.whole.at(k, turn)) for k in args])}]"
        except ExpressionError:
            self._refuse_gate(str(token).lower(), token, end)  # Sin[x], as in Mathematica
            raise
        if word in self._met:
            return word
        self._refuse_gate(str(token), token, end)
        if "-" in word:
            hint = "indices are 0 and more; the first is 1 by custom"
            raise ExpressionError(f"the index of {word} is negative", self._program.text, token.start_pos, end, hint)
        if (plain := canonical(word)) == word:
            self._met.add(word)
        self.families.count(plain, token, end)
        return plain

    def written_out(self, word: str, token: Token) -> None:
        """Raise ExpressionError for an element whose indices are numbers, where its family has others."""
        self._refuse_gate(stem_of(word), token, token.end_pos)
        self.families.count(word, token, token.end_pos)

    def _refuse_gate(self, stem: str, token: Token, end: int) -> None:
        if stem in GATES or stem in ALIASES:
            from circuitcli.language.loop_errors import no_family_of_a_gate

            raise no_family_of_a_gate(self._program.text, token, end)

    def _find_constants(self) -> None:
        program = self._program
        loops = program.loops
        ends = [step for k in program.elements for step in program.steps[k].args]
        ends += [step for loop in loops for step in loop.range]
        used = {
            canonical(str(step.token))
            for k in ends
            for step in program.steps[program.begin(k) : k + 1]
            if step.op == "name"
        }
        used -= {canonical(str(loop.token)) for loop in loops}
        for statement in program.statements:
            if statement.left is None or statement.loops or program.steps[statement.left].op != "name":
                continue
            word = canonical(str(program.steps[statement.left].token))
            if word in used:
                try:
                    self.constants[word] = self.whole.at(statement.last, {})
                except ExpressionError:
                    continue  # an index that uses it says that it is none
