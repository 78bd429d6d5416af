"""The line of `circuit solve` for words that ask for roots in another way: fsolve "x^2 = 2" -x 1, --bounds x=0:3."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.input_values import RANGE
from circuitcli.cli.options import ExpressionCommand
from circuitcli.cli.range_hints import ends_of, range_of_one
from circuitcli.errors import CircuitError

_RANGES = {
    *("bounds", "bound", "range", "ranges", "box", "interval", "bracket", "limits", "domain", "between", "in", "span"),
    *("within", "xlim", "xrange", "search", "region", "where"),
}  # options of other commands and programs whose value is a range
_STARTS = {"x0", "start", "guess", "init", "initial", "p0"}  # whose value is where to start
ANYWHERE = "-10..10"
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"


class _Sorted(NamedTuple):
    """The words of a line by what they are: the equations, the options that stay, the values of inputs, and whatever
    else stands behind."""

    kept: list[str]
    values: dict[str, str]
    numbers: list[str]


def solved(words: Sequence[str]) -> list[str]:
    """The words of `solve` that look for the roots of the equations among some words: each unknown with a range, which
    is read in any notation. Empty where there are no equations."""
    options = _options()
    place = _place(words, options)
    if place < 0:
        return []
    text = words[place]
    names = _inputs(text, words)
    if not names:
        return []
    found = _sort(words, place, options, names)
    known = [name for name in _defaults(text) if name not in found.values]
    names = [name for name in names if name not in known]
    for unknowns in ([*found.values], names):
        values = _with_ranges(found, names, _count(text, unknowns, names))
        if _fit(text, values):
            return [*found.kept, *(word for name, value in values.items() for word in (f"-{name}", value))]
    return []


def _options() -> dict[str, bool]:
    command = COMMANDS["solve"].load()
    assert isinstance(command, ExpressionCommand)
    return command.option_map()


def _place(words: Sequence[str], options: Mapping[str, bool]) -> int:
    """The place of the equations: the first word that neither begins with a dash nor is the value of an option."""
    for i, word in enumerate(words):
        before = words[i - 1] if i else ""
        is_value = before.startswith("-") and "=" not in before and options.get(before, True)
        if not word.startswith("-") and not is_value:
            return i
    return -1


def _inputs(text: str, words: Sequence[str]) -> list[str]:
    """The names of equations that nothing names, a family by its own; constants are some where they are given a
    value."""
    from circuitcli.cli.expression_inputs import inputs_among
    from circuitcli.language.names import is_constant
    from circuitcli.nested_names import stem_of

    given = [word.lstrip("-").partition("=")[0] for word in words if word.startswith("-")]
    constants = [name for name in given if is_constant(name) and re.search(rf"\b{re.escape(name)}\b", text)]
    return list(dict.fromkeys([*map(stem_of, inputs_among([text])), *constants]))


def _defaults(text: str) -> list[str]:
    """The names to which equations give a number: c = 2."""
    from circuitcli.language import canonical, parse

    program = parse(text, ())
    numbers = [
        program.steps[statement.left]
        for statement in program.statements[:-1]
        if statement.left is not None and all(step.op != "name" for step in program.right_side(statement))
    ]
    return [canonical(str(left.token)) for left in numbers if left.op == "name"]


def _count(text: str, unknowns: Collection[str], names: Collection[str]) -> int:
    """The number of the equations of some unknowns, among names that have a value."""
    from circuitcli.language import parse

    return sum(1 for statement in parse(text, unknowns, names).statements if statement.left is None)


def _sort(words: Sequence[str], place: int, options: Mapping[str, bool], names: Sequence[str]) -> _Sorted:
    kept, values, numbers = [words[place]], dict[str, str](), list[str]()
    rest = [*words[:place], *words[place + 1 :]]
    while rest:
        word = rest.pop(0)
        option, equal, value = word.partition("=")
        name = option.lstrip("-")
        if re.fullmatch(NUMBER, word):
            numbers.append(word)
        elif re.search("[<>]", word) or not word.startswith("-"):
            values |= ends_of(word, names)
        elif option in options and name not in (*names, *_RANGES):
            kept.append(word)
            if options[option] and not equal and rest:
                kept.append(rest.pop(0))
        else:
            value = value if equal else rest.pop(0) if rest and not rest[0].startswith("--") else ""
            if name in names:
                if re.fullmatch(NUMBER, value) and rest and re.fullmatch(NUMBER, rest[0]):
                    value = f"{value}..{rest.pop(0)}"
                values[name] = value
            elif name.lower() in _STARTS and re.fullmatch(NUMBER, value):
                numbers.append(value)
            elif name.lower() in _RANGES:
                named = ends_of(value, names)
                values |= named
                numbers += [] if named else filter(None, range_of_one(value).split(".."))
    return _Sorted(kept, values, numbers)


def _with_ranges(found: _Sorted, names: Sequence[str], count: int) -> dict[str, str]:
    """A value for each input: a range for as many as there are equations, unless they all have starts."""
    values = {name: value for name, value in found.values.items() if value}
    for name, value in values.items():
        if not RANGE.fullmatch(value):
            values[name] = range_of_one(value) or value
    free = [name for name in names if name not in values]
    if len(found.numbers) == 1 and len(free) == 1:
        values[free[0]] = found.numbers[0]
    if len(found.numbers) == 2 and len(free) == 1:
        values[free[0]] = "..".join(sorted(found.numbers, key=float))
    if all(name in values for name in names) and not any(map(RANGE.fullmatch, values.values())):
        return {name: values[name] for name in names}  # starts
    for name in [*(name for name in names if name not in values), *values]:
        ranges = sum(1 for value in values.values() if RANGE.fullmatch(value))
        if name not in values:
            values[name] = ANYWHERE if ranges < count else "1"
        elif ranges < count and not RANGE.fullmatch(values[name]):
            values[name] = _around(values[name])
    return {name: values[name] for name in names}


def _around(value: str) -> str:
    """A range around a start."""
    found = re.match(NUMBER, value)
    if found is None:
        return ANYWHERE
    number = float(found[0])
    reach = max(10.0, 10.0 * abs(number))
    return f"{number - reach:g}..{number + reach:g}"


def _fit(text: str, values: Mapping[str, str]) -> bool:
    """Whether there are as many equations as inputs with a range, and all others have a number; or all are starts."""
    from circuitcli.cli.input_values import typed
    from circuitcli.equations import Equations

    try:
        read = typed([f"{name}={value}" for name, value in values.items()], ranges=True)
        unknowns = [name for name, value in read.items() if value.upper is not None]
        equations = Equations(text, unknowns or values, values)
        graph, _ = equations.bind(dict.fromkeys(values, 0.0), {})
        return len(unknowns) <= len(equations.differences(graph)[1])
    except CircuitError:
        return False
