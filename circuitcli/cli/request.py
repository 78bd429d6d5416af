"""The request of a command line: its circuit, its inputs, and by which of them to differentiate."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from circuitcli.asked_columns import column_of
from circuitcli.cli.argument_words import split_words
from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.conditions import condition_of
from circuitcli.cli.input_values import RANGE, Inputs, Value, changed, typed
from circuitcli.cli.notes import note
from circuitcli.cli.text_files import called, read_text
from circuitcli.cli.unknown_inputs import of_products, refuse_unknown
from circuitcli.errors import ExpressionError, InputError, NoValueError, UsageError
from circuitcli.render.number_format import FLOAT_DIGITS
from circuitcli.systems import bytes_wait
from circuitcli.text_tests import refuse_tests, text_test
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.analysis.point import Point
    from circuitcli.engine.interval import Interval
    from circuitcli.engine.intervals import Intervals
    from circuitcli.graph import Graph
    from circuitcli.read_circuit import ReadCircuit


class Request:
    """The expression and the inputs of one command line, read and checked.

    `given` holds every input that has a value, `values` holds it as a constant circuit with its uncertainty. A typed
    input that the expression does not have is an error here, before anything is computed. `data` names files of rows.
    `beside` are numbers that only the `conditions` on these have.
    """

    def __init__(
        self,
        command: str,
        words: Sequence[str],
        files: Sequence[str],
        sets: Sequence[str],
        inputs: str | None,
        options: Collection[str] = (),
        data: bool = False,
        conditions: Sequence[str] = (),
        subject_to: Sequence[str] = (),
        unknowns: Sequence[str] = (),
    ) -> None:
        if (*words, *files, inputs).count("-") > 1:
            raise UsageError("standard input can be read only once", "name a file for one of them")
        expression, self.data = split_words(words, command, bool(files), data, options)
        texts = _expression(command, expression, files)
        self.text = "\n".join(texts)
        from circuitcli.language import canonical

        try:
            self.circuit: ReadCircuit = _circuit(self.text, command, sets, bool(self.data), subject_to, unknowns)
        except ExpressionError as error:
            from circuitcli.language.syntax import mistake_in
            from circuitcli.language.whole_texts import with_whole_text

            with_whole_text(error, mistake_in, [canonical(word.partition("=")[0]) for word in sets])
            from circuitcli.cli.list_hints import hint_on_text

            error.hint = hint_on_text(command, self.text, self.data, sets, error.hint)
            if subject_to and error.start > len(self.text):
                raise error.within("--subject-to", "\n".join(subject_to), len(self.text) + 1) from None
            offset = 0
            for name, text in zip(files, texts):  # noqa: B905  no files, no names
                if error.start <= offset + len(text):
                    raise error.within(called(name), text, offset) from None
                offset += len(text) + 1
            raise
        condition = condition_of(conditions)
        beside = [name for name in (condition.inputs if condition else ()) if name not in self.circuit.inputs]
        ranges = command in COMMANDS and COMMANDS[command].boxes
        with self._telling_of_lists(command, sets):
            words_given = self._numbers(sets, beside, options, ranges)
        loose = Inputs({}, {})
        if inputs:
            from circuitcli.cli.json_inputs import read_inputs

            loose = read_inputs(inputs, self.circuit.inputs, ranges)
        values = {**loose.values, **words_given}
        self.graph: Graph
        self.beside = {name: words_given[name].number for name in beside if name in words_given}
        for name, x in self.beside.items():
            if words_given[name].sigma:
                raise UsageError(f"{name} has an uncertainty, and a condition takes none", f"write -{name} {x:g}")
        own = {name: value.number for name, value in values.items() if name not in self.beside}
        self.graph, self.given = self.circuit.bind(own, {})
        self.values = {name: v for name, v in values.items() if name in self.given}
        self._typed = set(words_given)
        self.fixed = [name for name in loose.fixed if name not in words_given]
        self.covariance = {pair: c for pair, c in loose.covariance.items() if not {*pair} & {*words_given}}

    def _numbers(
        self, sets: Sequence[str], beside: Collection[str], options: Collection[str], ranges: bool
    ) -> dict[str, Value]:
        """The values of the command line, a family's spread over its elements."""
        from circuitcli.language import canonical

        if any(name.endswith("]") for name in self.circuit.inputs):
            from circuitcli.cli.family_values import elements_set

            sets = elements_set(sets, self.circuit.inputs)
        tests = [name for name in self.circuit.inputs if text_test(name)]
        if not self.data:
            refuse_tests(tests)
        named = [canonical(word.partition("=")[0]) for word in sets]
        self._refuse_texts(named, tests)
        unknown = [name for name in named if name not in beside]
        refuse_unknown(self.circuit, self.text, bool(self.data), unknown, sets, options)
        return typed(sets, ranges)

    @contextmanager
    def _telling_of_lists(self, command: str, sets: Sequence[str]) -> Iterator[None]:
        """Where a value is a list and no number, tell of the loops that take it; and of loops without a turn."""
        if " in " in self.text:
            from circuitcli.language.range_readings import notes_on_ranges

            for told in notes_on_ranges(self.text):
                note(told)
        try:
            yield
        except InputError as error:
            from circuitcli.cli.list_hints import hint_on_values

            raise hint_on_values(command, self.text, self.data, sets, error) from None

    @property
    def sigmas(self) -> dict[str, float]:
        """The standard uncertainty of every input that has a value."""
        return {name: value.sigma for name, value in self.values.items()}

    @property
    def box(self) -> dict[str, Interval]:
        """The inputs with a value as intervals, where one of them is a range; else empty."""
        if all(value.upper is None for value in self.values.values()):
            return {}
        return {name: value.interval for name, value in self.values.items()}

    def box_in(self, digits: int, times: int = 1) -> tuple[dict[str, Interval], Intervals]:
        """The values of inputs as intervals whose ends show so many digits, and the arithmetic of these, in so many
        times more."""
        from circuitcli.engine.intervals import INTERVALS

        if digits <= FLOAT_DIGITS:
            return self.box, INTERVALS
        from circuitcli.engine.digit_intervals import GUARD, DigitIntervals

        m = DigitIntervals(digits, (times - 1) * digits + GUARD)
        return {name: value.within(m) for name, value in self.values.items()}, m

    def over_box(self, boxes: int | None) -> bool:
        """Whether an input is a range at one point. Raises UsageError for a number of `boxes` where none is."""
        if self.data:
            if boxes is not None:
                raise UsageError(
                    "over rows each row is a box of its own, and --boxes cuts a single one", "leave it out"
                )
            return False
        if boxes is not None and not self.box:
            name = next(iter(self.graph.inputs), "x")
            raise UsageError("--boxes is about ranges of inputs, and there is none", f"write for example -{name} 1..2")
        return bool(self.box)

    def wrt(self, names: str | None) -> list[str]:
        """The names of `--wrt`, else the inputs without a default and those typed, else all."""
        from circuitcli.read_circuit import wanted

        return self.names(names) or wanted(self.graph, self.given)

    def names(self, names: str | None) -> list[str] | None:
        """The inputs and nodes that `--wrt` names."""
        from circuitcli.analysis.point import find
        from circuitcli.language import canonical

        if not names:
            return None
        from circuitcli.name_lists import listed
        from circuitcli.nested_names import spelled_out

        known = [*self.graph.inputs, *self.graph.names]
        found = spelled_out((canonical(name) for name in listed(names) if name), known)
        for name in found:
            try:
                find(self.graph, name)
            except InputError as error:
                from circuitcli.cli.near_names import nearly

                error.hint = nearly("--wrt", names, known) or error.hint
                raise
        return found

    def aim(self, names: str) -> list[str]:
        """Make the results and nodes that `--of` names results, a single one the answer; return their names."""
        from circuitcli.analysis.result_names import result_names
        from circuitcli.name_lists import listed

        try:
            found = result_names(self.graph, listed(names))
        except InputError as error:
            from circuitcli.cli.near_names import nearly

            nodes = [name for name in (*self.graph.names, *self.graph.results) if name not in self.graph.inputs]
            error.hint = nearly("--of", names, nodes) or error.hint
            raise
        self.graph = self.graph.answering(found)
        return found

    def certain(self, why: str) -> None:
        """Raise UsageError where a typed value has an uncertainty, which would be lost. The uncertainty of an earlier
        result is left behind with a note."""
        left = [name for name, value in self.values.items() if value.sigma and name not in self._typed]
        if left:
            from circuitcli.nested_names import in_short

            note(f"the uncertainty of {some_of(in_short(left))} is left behind: {why}")
        for name, value in self.values.items():
            if value.sigma and name in self._typed:
                hint = f"write -{name} {value.number:.10g}; at one point circuit eval and grad carry it through"
                raise UsageError(f"{name} has an uncertainty, and {why}", hint)

    def changed(self, digits: int) -> list[str]:
        """Tell of values that are others in float64, as far as its digits are asked for."""
        return changed(self.values) if digits <= FLOAT_DIGITS else []

    def point(self, wrt: Sequence[str] | None, digits: int, graph: Graph | None = None) -> Point:
        """Run the passes at the inputs, over the circuit or another one of the same inputs: on floats as far as their
        17 digits go, else with as many digits as are asked for."""
        from circuitcli.analysis.point import Point

        own, graph = graph is None, graph or self.graph
        if digits <= FLOAT_DIGITS:
            with self.telling_of_missing():
                return Point(graph, self.given, wrt)
        from circuitcli.analysis.precise import precise

        point, moving = precise(graph, {name: v.graph for name, v in self.values.items()}, wrt, digits)
        if moving:
            more = f" and {len(moving) - 1} more" if len(moving) > 1 else ""
            where = f"{moving[0]}{more}" if own else "a part of the derivatives"
            note(f"{where}: the digits are not settled even by {point.m.digits} of them; an exact 0 looks so")
        return point

    @contextmanager
    def telling_of_missing(self) -> Iterator[None]:
        """Where an input has no value, tell of a mistake in the text that may have made it one."""
        try:
            yield
        except NoValueError as error:
            from circuitcli.language.nameless import of_a_nameless_statement
            from circuitcli.language.word_hints import instead_of_arrow

            if not self.data and bytes_wait():
                error.hint += "; or add - where standard input has rows"
            meant = instead_of_arrow(self.text, error.missing) or of_a_nameless_statement(self.text, self.given)
            error.hint = of_products(meant or error.hint, self.text, self.given)
            raise

    def _refuse_texts(self, given: Collection[str], tests: Collection[str]) -> None:
        for name in given:
            if name in map(column_of, tests) and name not in self.circuit.inputs:
                raise InputError(f"{name} is a column of texts here, and it is given a value", f"leave out -{name}")


def _circuit(
    text: str,
    command: str,
    sets: Sequence[str],
    parts: bool,
    subject_to: Sequence[str],
    unknowns: Sequence[str],
) -> ReadCircuit:
    """The circuit of a text, with constraints where it is subject to some; for some commands one of equations, in which
    names that are `set`, and others, are unknowns."""
    if subject_to:
        from circuitcli.language import canonical
        from circuitcli.subject import Subject

        if not all(map(str.strip, subject_to)):
            raise UsageError("--subject-to is empty", "write for example --subject-to 'x + y <= 1'")
        return Subject(text, subject_to, [canonical(word.partition("=")[0]) for word in sets], parts)
    if command in COMMANDS and COMMANDS[command].equations:
        from circuitcli.equations import Equations
        from circuitcli.language import canonical

        values = {canonical(name): value for name, _, value in (word.partition("=") for word in sets)}
        named = [canonical(name) for name in unknowns]
        ranges = [name for name, value in values.items() if RANGE.fullmatch(value)]
        return Equations(text, [*named, *(ranges or values)], values, parts)
    from circuitcli.read_circuit import ReadCircuit

    return ReadCircuit(text, parts=parts)


def _expression(command: str, word: str | None, files: Sequence[str]) -> list[str]:
    """The texts of the program: the files one after the other, else the word, `-` being standard input."""
    if files:
        return [program_in(read_text(name), called(name)) for name in files]
    if word is None:
        raise UsageError("there is no expression", f'write for example: circuit {command} "(x+y)*z" -x -2 -y 5 -z -4')
    return [program_in(read_text("-"), called("-")) if word == "-" else word]


def program_in(text: str, shown: str) -> str:
    """The program that a text is, or that it describes in JSON."""
    if not text.lstrip().startswith("{"):  # with which no program begins
        return text
    from circuitcli.export.json_description import program_of

    return program_of(text, shown)
