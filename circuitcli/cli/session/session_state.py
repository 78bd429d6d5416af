"""The state of a session: inputs with their values, and named nodes and gates as statements.

Nothing is computed here once and kept. A node is its statement, so after `x = 4` it has another value. To run
anything, the statements that it needs are put above it, in the order that the language wants, and the program goes
with the values of its inputs to the commands of the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from circuitcli.analysis.point import Point
from circuitcli.cli.input_values import value
from circuitcli.cli.number_units import SIGN
from circuitcli.cli.session.family_lists import in_lists, is_list, list_in, of_families
from circuitcli.cli.session.needs import Needs
from circuitcli.cli.session.stated_families import refuse_unknown, second, values_beside, without
from circuitcli.cli.uncertain_numbers import is_uncertain
from circuitcli.constants import CONSTANTS
from circuitcli.errors import CircuitError, ExpressionError, InputError
from circuitcli.gates import GATES
from circuitcli.graph import CONSTANT, Graph
from circuitcli.language import canonical, graph_of, is_name, parse
from circuitcli.language.names import is_element, near
from circuitcli.language.statements import CALL, FAMILY, StatementText, elements_named, pieces
from circuitcli.nested_names import in_short, stem_of, to_set
from circuitcli.render.number_format import full
from circuitcli.text_tests import refuse_tests
from circuitcli.visible_text import some_of


class Asked(NamedTuple):
    """A program and its circuit, the values of its inputs as they were written, and the inputs without a value. Where
    one of these is also the name of a gate, `calls` has that gate as it is called: f(a)."""

    program: str
    graph: Graph
    values: dict[str, str]
    missing: list[str]
    calls: dict[str, str]

    @property
    def constant(self) -> bool:
        """Whether the program has no inputs."""
        return all(node.args or node.gate == CONSTANT for node in self.graph.nodes)

    def point(self) -> tuple[Point, dict[str, float]]:
        """Run the forward pass; return it with the uncertainties. Raises InputError for a missing value."""
        if self.missing:
            raise self.no_value(self.missing)
        values = {name: value(name, text) for name, text in self.values.items()}
        point = Point(self.graph, {name: v.number for name, v in values.items()})
        return point, {name: v.sigma for name, v in values.items() if v.sigma}

    def no_value(self, names: list[str]) -> InputError:
        """The error for inputs without a value."""
        refuse_tests(names)
        from circuitcli.language.word_hints import instead_of_name

        name, own = names[0], {*map(stem_of, self.values)}
        if stem_of(name) not in own:  # else the value of all would replace those of its elements
            [name, *_] = to_set(names, self.values)
        hint = instead_of_name(name, self.values) or f"write for example {name} = 2"
        if name in self.calls:
            hint = f"{name} is a gate: write {self.calls[name]}"
        return InputError(f"no value for {some_of(in_short(names))}", hint)


class Session:
    """Inputs with their values as they were written, and statements by the names that they define."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.statements: dict[str, StatementText] = {}
        self._needs = Needs(self.statements, self.values)

    @property
    def names(self) -> list[str]:
        """All that is defined; a gate as `f()`."""
        return [*self.values, *self.statements]

    @property
    def families(self) -> frozenset[str]:
        """The names of the families that statements go through in loops."""
        uses = (use for piece in self.statements.values() for use in piece.uses)
        return frozenset(stem_of(use) for use in uses if use.endswith("]"))

    def shown(self, name: str) -> str:
        """The statement that defines an input, a node or a gate."""
        return self.statements[name].statement if name in self.statements else f"{name} = {self.values[name]}"

    def ask(self, piece: StatementText, beside: Iterable[str] = ()) -> Asked:
        """Collect what a statement needs in order to run, with the statements of the names `beside`. Raises
        ExpressionError, placed in the statement."""
        others = [key for name in beside for key in self.statements if name in (key, stem_of(key))]
        needed = self._needs.ordered([*others, *self._needs.of(piece)])
        above = [part for part in needed if part.name != piece.name]
        above = [*values_beside([*above, piece], self.values), *above]
        above = [*self._counting([*above, piece]), *above]
        program = "\n".join(part.statement for part in (*above, piece))
        bound = frozenset(name for name in self.values if name in CONSTANTS)
        try:
            graph = graph_of(parse(program + "\n0" * piece.defines_gate), bound)  # a gate alone has no value
        except ExpressionError as error:
            raise _at_home(error, [*above, piece]) from None
        known = of_families(self.values, graph.inputs) | self.values
        missing = [name for name in graph.inputs if name not in known and name not in graph.defaults]
        values = {name: known[name] for name in graph.inputs if name in known}
        calls = {name: call for name in missing if (call := self._call(name))}
        return Asked(program, graph, values, missing, calls)

    def _counting(self, parts: Iterable[StatementText]) -> list[StatementText]:
        """The numbers in indices and ranges of some statements, which a text gives and no input."""
        names = {name for piece in parts for name in piece.counts if name in self.values}
        found = {name: self.values[name] for name in sorted(names)}
        return [
            pieces(f"{name} = {text}")[0]
            for name, text in found.items()
            if not is_list(text) and not is_uncertain(text)
        ]

    def ordered(self) -> list[StatementText]:
        """All statements, each below the ones that it needs."""
        return self._needs.ordered(self.statements)

    def counted_by(self, name: str) -> list[str]:
        """The statements whose indices or ranges use a name; a family by its name alone."""
        return [key.removesuffix(FAMILY) for key, piece in self.statements.items() if name in piece.counts]

    def _call(self, name: str) -> str:
        """The call of a gate, f(a); empty where no gate has the name."""
        if name + CALL in self.statements:
            return self.statements[name + CALL].statement.partition("=")[0].rstrip()
        return f"{name}({', '.join(GATES[name].names[: len(GATES[name].rules)])})" if name in GATES else ""

    def define(self, piece: StatementText) -> Asked:
        """Keep the definition of a gate, a node or, from numbers alone, an input, and return its right side. An input
        that is defined by itself, `t = t * 0.9`, gets the value that the right side has now."""
        name = piece.name
        update = name in piece.uses and name in self.values
        if not update:
            self._needs.refuse_cycle(piece)
        if piece.defines_family:
            return self._define_family(piece)
        self._refuse_second(piece)
        asked = self.ask(piece if piece.defines_gate else piece.value())
        if update or (asked.constant and not piece.defines_gate):
            plain = not any(use in self.names for use in piece.uses)
            self.set(name, piece.value().statement if plain else number_of(asked))
        else:
            if is_element(name):
                refuse_unknown(piece, self.names)
                self.ask(piece)
            self.values.pop(name, None)
            self.statements[name] = piece
        return asked

    def _define_family(self, piece: StatementText) -> Asked:
        """Keep the statement of a family instead of what named or set the same elements before."""
        stem, kept = stem_of(piece.name), (dict(self.values), dict(self.statements))
        counts = self._counting([piece])
        named = {*elements_named("\n".join(part.statement for part in (*counts, piece)))}
        without(named, stem, self.values)
        for name in named:
            self.statements.pop(name, None)
        try:
            asked = self.ask(piece)
        except CircuitError:
            self.values.clear()
            self.statements.clear()
            self.values.update(kept[0])
            self.statements.update(kept[1])
            raise
        self.statements[piece.name] = piece
        return asked

    def _refuse_second(self, piece: StatementText) -> None:
        """Raise ExpressionError for an element that the statement of its family names."""
        family = self.statements.get(stem_of(piece.name) + FAMILY) if is_element(piece.name) else None
        if family is not None:
            counts = self._counting([family])
            if piece.name in elements_named("\n".join(part.statement for part in (*counts, family))):
                raise second(piece, family)

    def set(self, name: str, text: str) -> None:
        """Give an input its value, as it is written behind a dash on the command line; a family the values of all its
        elements."""
        self.statements.pop(name, None)
        if is_list(text) or name in self.families or name + FAMILY in self.statements:
            for element in [key for key in self.names if key != name and stem_of(key) == name]:
                self.values.pop(element, None)
                self.statements.pop(element, None)
        self.values[name] = text

    def stand(self, found: Mapping[str, str]) -> dict[str, str]:
        """Set inputs to where an ascent found them; return the values, those of a family as a list where no statement
        names others of its elements."""
        stated = {stem_of(key) for key in self.statements if key.endswith("]")}
        alone = {name: text for name, text in found.items() if stem_of(name) in stated}
        lists = in_lists({name: text for name, text in found.items() if name not in alone}, self.values)
        for name, text in lists.items():
            self.set(name, text)
        self.values.update(alone)
        return lists | alone

    def set_list(self, text: str) -> bool:
        """Set a family from a text such as `x = 1, 2, 3`, which is no expression; return whether the text is one."""
        found = list_in(text, self.families)
        if found is not None:
            self.set(*found)
        return found is not None

    def set_uncertain(self, text: str) -> bool:
        """Set an input from a text such as `V = 12±0.1`, which is no expression; return whether the text is one."""
        name, equal, number = text.partition("#")[0].partition("=")
        name = canonical(name.strip())
        if not (equal and is_name(name) and is_uncertain(number)):
            return False
        try:
            value(name, number)
        except InputError as error:
            raise InputError(error.message, error.hint.replace(f"-{name} ", f"{name} = ")) from None
        if is_element(name):
            self._refuse_second(pieces(f"{name} = {full(value(name, number).number)}")[0])
        self.set(name, SIGN.sub("±", number.strip()))  # for +- is read otherwise in a program
        return True

    def forget(self, name: str) -> list[str]:
        """Drop an input or a node, and a gate of the same name; return the names that are gone. Raises InputError for
        an unknown name."""
        name = canonical(name)
        known = [
            key for key in self.names if name in (key, key.removesuffix(CALL), key.removesuffix(FAMILY), stem_of(key))
        ]
        if not known:
            close = near(name, self.names)
            raise InputError(f"there is no {name}", f"did you mean {close}?" if close else ":vars shows what there is")
        for key in known:
            self.values.pop(key, None)
            self.statements.pop(key, None)
        return sorted(known)


def number_of(asked: Asked, hint: str = "give the result another name") -> str:
    """The value that a program has, as text. Raises InputError where it has an uncertainty."""
    point, sigmas = asked.point()
    if sigmas:
        name = next(iter(sigmas))
        raise InputError(f"{name} has an uncertainty, which would be lost", hint)
    return full(point.value)


def _at_home(error: ExpressionError, parts: Sequence[StatementText]) -> ExpressionError:
    """Move an error from a program to the text that its statement is from."""
    offset = 0
    for piece in parts:
        if error.start <= offset + len(piece.statement):
            return error.within("", piece.text, offset - piece.start)
        offset += len(piece.statement) + 1
    return error
