"""The values of inputs: typed behind a dash, or read from JSON; each a constant circuit, and perhaps uncertain."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.cli.notes import note
from circuitcli.cli.text_files import called, read_text
from circuitcli.constants import JSON_STRINGS
from circuitcli.engine.floats import DENSE, FLOATS, TINY
from circuitcli.engine.passes import forward
from circuitcli.errors import ExpressionError, FileError, InputError, UsageError
from circuitcli.graph import CONSTANT, Graph, Node
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.engine.interval import Interval
    from circuitcli.engine.intervals import Intervals

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_RANGE = re.compile(r"(?!.*[±,;]).*[^.]\.\.[^.].*")
ROUNDED = 1e-5  # relative: covariances may have been printed with few digits


class Value(NamedTuple):
    """A constant circuit, which any arithmetic can evaluate, and the standard uncertainty of its number; or, with
    another circuit `upper`, all numbers between both."""

    graph: Graph
    sigma: float = 0.0
    upper: Graph | None = None

    @property
    def number(self) -> float:
        """The value as a float."""
        result: float = forward(self.graph, FLOATS, {})[self.graph.output]
        return result

    @property
    def interval(self) -> Interval:
        """All numbers that the value may be: what is written as a decimal is no float."""
        from circuitcli.engine.intervals import INTERVALS

        return self.within(INTERVALS)

    def within(self, m: Intervals) -> Interval:
        """All numbers that the value may be, with the ends of an arithmetic of intervals."""
        low: Interval = forward(self.graph, m, {}, m.gates)[self.graph.output]
        return low if self.upper is None else low.hull(forward(self.upper, m, {}, m.gates)[self.upper.output])


class Inputs(NamedTuple):
    """Values by name; of an earlier result also the covariances by pairs, and the inputs that it kept fixed."""

    values: dict[str, Value]
    covariance: dict[tuple[str, str], float]
    fixed: Collection[str] = ()


def typed(sets: Sequence[str], ranges: bool = False) -> dict[str, Value]:
    """The inputs of the command line, which may be `ranges`. Raises InputError for an input that is set twice, or to no
    number."""
    from circuitcli.language import canonical

    found: dict[str, Value] = {}
    for assignment in sets:
        name, _, text = assignment.partition("=")
        name = canonical(name)
        if name in found:
            raise InputError(f"{name} is set twice", f"keep one of the -{name}")
        found[name] = _range(name, text) if ranges and _RANGE.fullmatch(text) else value(name, text)
    return found


def _range(name: str, text: str) -> Value:
    """The value of an input that is all numbers between two: 1..2."""
    low, high = (_constant(name, end) for end in text.split(".."))
    if not Value(low).number <= Value(high).number:
        ends = [end.strip() for end in text.split("..")]
        raise InputError(f"the range of {name} is empty: {text}", f"write -{name} {ends[1]}..{ends[0]}")
    if not (isfinite(Value(low).number) and isfinite(Value(high).number)):
        raise InputError(f"the range of {name} is not finite: {text}", f"write for example -{name} -1e6..1e6")
    return Value(low, upper=high)


def value(name: str, text: str) -> Value:
    """The value of an input: a number or an expression of constants such as pi/4, perhaps with its standard
    uncertainty."""
    if _PLAIN.fullmatch(text.strip()):
        return Value(_constant(name, text))
    from circuitcli.cli.uncertain_numbers import read_uncertain  # which a plain number does not need

    parts = read_uncertain(name, text)
    if parts is None:
        return Value(_constant(name, text))
    plain = Value(_constant(name, parts.value))
    sigma = Value(_constant(f"the uncertainty of {name}", parts.sigma)).number
    if parts.percent:
        sigma *= abs(plain.number) / 100.0
    if not 0.0 <= sigma < float("inf"):
        must = "must be finite" if sigma == float("inf") else "must be 0 or more"
        hint = f"write -{name} {parts.value}±0.1 or {parts.value}±1%"
        if sigma < 0.0:
            hint = f"write -{name} {parts.value}±{parts.sigma.strip().removeprefix('-')}{'%' * parts.percent}"
        raise InputError(f"the uncertainty of {name} {must}: {text}", hint)
    if sigma == 0.0 and re.search("[1-9]", re.split("[eE]", parts.sigma)[0]):
        why = f"{parts.sigma}% of 0" if parts.percent else f"{parts.sigma} is smaller than the numbers of float64 go"
        raise InputError(f"the uncertainty of {name} would be none: {why}", f"write -{name} 12±0.1, in other units")
    return plain._replace(sigma=sigma)


def changed(values: Mapping[str, Value]) -> list[str]:
    """Tell of values that float64 cannot hold: below its range, or whole numbers of more digits than it has."""
    odd = [name for name, value in values.items() if not TINY <= abs(value.number) < DENSE]
    if not odd:
        return []
    from circuitcli.analysis.nonfinite import beyond_range
    from circuitcli.analysis.point import Point

    reasons = {name: beyond_range(Point(values[name].graph, {})) for name in odd}
    return [f"{name}: {why}" for name, why in reasons.items() if why]


def _constant(name: str, text: str) -> Graph:
    """The circuit of a text without inputs."""
    if _PLAIN.fullmatch(text.strip()):
        return Graph([Node(CONSTANT, (), text.strip())], 0)
    from circuitcli.language import graph_of, parse

    what = name if " " in name else f"the value of {name}"
    if not text.strip():
        raise InputError(f"{what} is empty", f"write -{name.split()[-1]} VALUE")
    try:
        graph = graph_of(parse(text))
    except ExpressionError as error:
        from circuitcli.cli.value_hints import hint_on_value

        hint = hint_on_value(name.split()[-1], text, error.hint)
        raise InputError(f"{what} is no number: {text}", hint) from None
    if graph.inputs:
        from circuitcli.cli.value_hints import hint_on_names

        raise InputError(f"{what} is no number: {text}", hint_on_names(name, text, graph.inputs))
    return graph


_LOOKS = 'it should look like {"x": 3, "y": 4}'


class _Decimal(str):
    """A number of a JSON text, as it was written."""

    __slots__ = ()


def read_inputs(name: str, wanted: Collection[str], ranges: bool = False) -> Inputs:
    """Inputs from a JSON object of numbers, or from an earlier result: its `inputs`, with their uncertainty. They may
    be `ranges`, lists of two ends. Texts beside the wanted ones are passed over, as numbers that nobody wants are."""
    import json

    from circuitcli.cli.uncertain_numbers import is_uncertain
    from circuitcli.language import canonical
    from circuitcli.nested_names import families

    shown = called(name)
    try:
        content = json.loads(read_text(name), parse_float=_Decimal, parse_int=_Decimal, parse_constant=_Decimal)
    except ValueError as error:
        if isinstance(error, UsageError):
            raise
        where = f"line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else str(error)
        raise FileError(f"{shown} is no JSON ({where})", _LOOKS) from None
    except RecursionError:
        raise FileError(f"{shown} is nested too deep") from None
    sigmas: dict[str, float] = {}
    covariance: dict[tuple[str, str], float] = {}
    fixed: list[str] = []
    if isinstance(content, dict) and isinstance(content.get("inputs"), dict):
        sigmas, covariance = _uncertainty(content.get("uncertainty"), shown)
        fixed = [canonical(name) for name in _names(content.get("fixed"), shown)]
        content = content["inputs"]
    if not isinstance(content, dict):
        raise FileError(f"{shown} is no JSON object of inputs", _LOOKS)
    found: dict[str, Value] = {}
    members = {stem: elements for stem, elements in families(wanted).items() if stem not in wanted}
    items = sorted(content.items(), key=lambda item: canonical(item[0]) not in members)  # an element goes before
    if ranges:
        ends = {canonical(name): inner for name, inner in items if canonical(name) in wanted and _has_ends(inner)}
        items = [(name, inner) for name, inner in items if canonical(name) not in ends]
        found = {name: _range(name, "..".join(map(str, inner))) for name, inner in ends.items()}
    for key, number in (leaf for name, inner in items for leaf in _leaves(name, inner, members, shown)):
        if isinstance(number, str) and is_uncertain(number):
            found[canonical(key)] = value(key, number)
            continue
        if canonical(key) not in wanted and isinstance(number, str) and not isinstance(number, _Decimal):
            continue
        graph = Graph([Node(CONSTANT, (), _decimal(number, f"the value of {key} in {shown}"))], 0)
        found[canonical(key)] = Value(graph, sigmas.get(canonical(key), 0.0))
    return Inputs(found, covariance, fixed)


def _has_ends(content: object) -> bool:
    """Whether something read is a list of two numbers."""
    if not isinstance(content, list) or len(content) != 2:
        return False
    return all(isinstance(end, _Decimal) or (isinstance(end, str) and _PLAIN.fullmatch(end)) for end in content)


def _leaves(name: str, content: object, members: Mapping[str, list[str]], shown: str) -> list[tuple[str, object]]:
    """The numbers under a name, those of a family by its elements: what lists hold, or one for all. Raises FileError
    for lists that hold none of them."""
    from circuitcli.language import canonical
    from circuitcli.nested_names import first_and_last, indices_of, leaves

    elements = members.get(canonical(name), [])
    if elements and not isinstance(content, list):
        return [(element, content) for element in elements]
    found = [*leaves(name, content)]
    own = first_and_last(sorted(elements, key=indices_of)) if elements else ""
    beyond = [key for key, _ in found if canonical(key) not in elements] if elements else []
    if 0 < len(beyond) < len(found):
        note(f"{name} in {shown} has more than {own}; passed over: {some_of(beyond)}")
    if elements and not {*elements} & {canonical(key) for key, _ in found}:
        there = f"the elements {first_and_last([key for key, _ in found])}" if found else "no elements"
        raise FileError(f"{name} in {shown} has {there}, and {own} are wanted", "each index has a list of its own")
    return found


def _names(content: object, shown: str) -> list[str]:
    """The names of inputs that stay where they are, if there are any."""
    given = [*content] if isinstance(content, (list, dict)) else [] if content is None else [content]
    names = [name for name in given if isinstance(name, str) and not isinstance(name, _Decimal)]
    if len(names) < len(given):
        raise FileError(f"fixed in {shown} has no names of inputs", _LOOKS)
    return names


def _decimal(number: object, what: str) -> str:
    """A JSON number, or the string of one, as the text of a constant."""
    import json

    if isinstance(number, str) and number in JSON_STRINGS:
        return JSON_STRINGS[number]
    if not isinstance(number, str) or not _PLAIN.fullmatch(number):
        raise FileError(f"{what} is no number: {json.dumps(number)}", "JSON has numbers alone: 0.785, not pi/4")
    if abs(float(number)) == float("inf"):
        raise FileError(f"{what} is beyond 1.8e308")
    return str(number)


def _uncertainty(content: object, shown: str) -> tuple[dict[str, float], dict[tuple[str, str], float]]:
    """The standard uncertainties of an earlier result, and from a fit their covariance."""
    if not isinstance(content, Mapping):
        return {}, {}
    if not {"inputs", "stderr"} & {*content}:  # each result of several has one, with the same inputs
        content = next((x for x in content.values() if isinstance(x, Mapping)), content)
    inputs, stderr = content.get("inputs"), content.get("stderr")
    pairs: dict[str, object] = dict(stderr) if isinstance(stderr, Mapping) else {}  # of a fit
    if isinstance(inputs, Mapping):  # of eval and grad
        pairs = {name: row.get("sigma") for name, row in inputs.items() if isinstance(row, Mapping)}
    from circuitcli.language import canonical

    what = f"the uncertainty in {shown}"
    sigmas = {canonical(name): float(_decimal(sigma, what)) for name, sigma in pairs.items()}
    for name, sigma in sigmas.items():
        if sigma < 0.0:
            raise FileError(f"{what} of {name} is {sigma:g}, and it cannot be below 0")
    matrix = content.get("covariance")
    if matrix is None:
        return sigmas, {}
    names = list(sigmas)
    if not isinstance(matrix, list) or [len(row) if isinstance(row, list) else -1 for row in matrix] != [
        len(names)
    ] * len(names):
        raise FileError(f"the covariance in {shown} is no square of {len(names)} numbers", "one row for each stderr")
    found = {
        (a, b): float(_decimal(number, what))
        for a, row in zip(names, matrix, strict=True)
        for b, number in zip(names, row, strict=True)
    }
    _refuse_no_covariance(found, sigmas, shown)
    return sigmas, found


def _refuse_no_covariance(found: Mapping[tuple[str, str], float], sigmas: Mapping[str, float], shown: str) -> None:
    """Raise FileError for a matrix that cannot be the covariance of inputs with these standard uncertainties."""
    from circuitcli.analysis.uncertainty import correlation
    from circuitcli.engine.symmetric_matrices import eigenvalues

    for (a, b), number in found.items():
        size = sigmas[a] * sigmas[b]
        if a != b and not isfinite(number):
            raise FileError(f"the covariance in {shown} of {a} and {b} is not finite")
        if not _alike(number, found[b, a], size):
            raise FileError(f"the covariance in {shown} is not symmetric: see {a} and {b}")
        if a == b and not _alike(number, size, size):
            raise FileError(f"the covariance in {shown} of {a} with itself is not the square of its uncertainty")
        if not abs(number) <= (1.0 + ROUNDED) * size:
            raise FileError(f"the covariance in {shown} of {a} and {b} is more than the product of their uncertainties")
    names = [name for name, sigma in sigmas.items() if sigma > 0.0]
    related = [[correlation((a, b), sigmas, found) for b in names] for a in names]
    if related and eigenvalues(related)[0] < -ROUNDED * len(names):
        raise FileError(f"the covariance in {shown} gives a combination of the inputs a negative variance")


def _alike(a: float, b: float, size: float) -> bool:
    """Whether two covariances are equal but for rounding; squares of large uncertainties are both infinite."""
    return a == b or abs(a - b) <= ROUNDED * size
