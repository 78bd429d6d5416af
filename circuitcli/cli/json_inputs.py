"""The values of inputs, as JSON has them: an object of names and numbers, or an earlier result."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import isfinite

from circuitcli.cli.input_values import PLAIN, Inputs, Value, range_of, value
from circuitcli.cli.notes import note
from circuitcli.cli.text_files import called, read_text
from circuitcli.constants import JSON_STRINGS
from circuitcli.errors import FileError, UsageError
from circuitcli.graph import CONSTANT, Graph, Node
from circuitcli.visible_text import some_of

LONGEST = 90  # characters of an object in a hint
ROUNDED = 1e-5  # relative: covariances may have been printed with few digits
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
    elif isinstance(content, dict) and isinstance(content.get("roots"), list):
        raise _several_roots(content["roots"], shown)
    if not isinstance(content, dict):
        raise FileError(f"{shown} is no JSON object of inputs", _LOOKS)
    found: dict[str, Value] = {}
    members = {stem: elements for stem, elements in families(wanted).items() if stem not in wanted}
    items = sorted(content.items(), key=lambda item: canonical(item[0]) not in members)  # an element goes before
    whole = wanted if ranges else ()
    for key, number in (leaf for name, inner in items for leaf in _leaves(name, inner, members, shown, whole)):
        if isinstance(number, list) and canonical(key) in whole and _has_ends(number):
            found[canonical(key)] = range_of(canonical(key), "..".join(map(str, number)))
            continue
        if isinstance(number, str) and is_uncertain(number):
            found[canonical(key)] = value(key, number)
            continue
        if canonical(key) not in wanted and isinstance(number, str) and not isinstance(number, _Decimal):
            continue
        graph = Graph([Node(CONSTANT, (), _decimal(number, f"the value of {key} in {shown}"))], 0)
        found[canonical(key)] = Value(graph, sigmas.get(canonical(key), 0.0))
    return Inputs(found, covariance, fixed)


def _several_roots(roots: Sequence[object], shown: str) -> FileError:
    """The error for roots where one value of each input is wanted."""
    if not roots:
        return FileError(f"{shown} has no root", "solve has proven that there is none")
    inputs = roots[0].get("inputs") if isinstance(roots[0], dict) else None
    ends = " ".join(f"--interval {name}={name}_lo:{name}_hi" for name in inputs) if isinstance(inputs, dict) else ""
    one = "write jq '.roots[0]' before it, which has the first"
    if len(roots) == 1:
        return FileError(f"{shown} has a root that is not certain", one)
    return FileError(
        f"{shown} has {len(roots)} roots, and inputs have one value each",
        f"{one}; all are rows with --to jsonl, as circuit eval reads them: circuit eval EXPRESSION - {ends}",
    )


def _has_ends(content: object) -> bool:
    """Whether something read is a list of two numbers."""
    if not isinstance(content, list) or len(content) != 2:
        return False
    return all(isinstance(end, _Decimal) or (isinstance(end, str) and PLAIN.fullmatch(end)) for end in content)


def _leaves(
    name: str, content: object, members: Mapping[str, list[str]], shown: str, whole: Collection[str]
) -> list[tuple[str, object]]:
    """The numbers under a name, those of a family by its elements: what lists or objects by index hold, or one for all;
    under a `whole` name a list of two. Raises FileError for what holds none of them."""
    from circuitcli.language import canonical
    from circuitcli.nested_names import first_and_last, indices_of, leaves

    elements = members.get(canonical(name), [])
    found = [*leaves(canonical(name), content, whole)]
    if elements and found == [(canonical(name), content)]:
        return [(element, content) for element in elements]
    own = first_and_last(sorted(elements, key=indices_of)) if elements else ""
    beyond = [key for key, _ in found if canonical(key) not in elements] if elements else []
    if beyond and isinstance(content, list) and len(found) == len(elements):
        raise _other_places(name, [x for _, x in found], elements, shown)
    if 0 < len(beyond) < len(found):
        note(f"{name} in {shown} has more than {own}; passed over: {some_of(beyond)}")
    if elements and not {*elements} & {canonical(key) for key, _ in found}:
        there = f"the elements {first_and_last([key for key, _ in found])}" if found else "no elements"
        raise FileError(f"{name} in {shown} has {there}, and {own} are wanted", "each index has a list of its own")
    return found


def _other_places(name: str, values: Sequence[object], elements: Sequence[str], shown: str) -> FileError:
    """The error for a list with as many values as a family has elements, whose indices are not those of a list."""
    import json

    from circuitcli.nested_names import first_and_last, indices_of, nested

    ordered = sorted(elements, key=indices_of)
    numbers = [float(x) if isinstance(x, _Decimal) else x for x in values]
    whole = json.dumps(nested(dict(zip(ordered, numbers, strict=True))))
    return FileError(
        f"{name} in {shown} is a list, which begins at {name}[1], and {first_and_last(ordered)} are wanted",
        f"write {whole}" if len(whole) <= LONGEST else 'write an object by index: {"0": 1, "1": 2}',
    )


def _spelled_out(content: Mapping[str, object]) -> dict[str, object]:
    """The members of an object, those of a family by its elements."""
    from circuitcli.nested_names import leaves

    return dict(leaf for name, inner in content.items() for leaf in leaves(name, inner))


def _names(content: object, shown: str) -> list[str]:
    """The names of inputs that stay where they are, if there are any."""
    given = [] if content is None else [content]
    if isinstance(content, dict):
        given = [*_spelled_out(content)]
    elif isinstance(content, list):
        given = content
    names = [name for name in given if isinstance(name, str) and not isinstance(name, _Decimal)]
    if len(names) < len(given):
        raise FileError(f"fixed in {shown} has no names of inputs", _LOOKS)
    return names


def _decimal(number: object, what: str) -> str:
    """A JSON number, or the string of one, as the text of a constant."""
    import json

    if isinstance(number, str) and number in JSON_STRINGS:
        return JSON_STRINGS[number]
    if not isinstance(number, str) or not PLAIN.fullmatch(number):
        raise FileError(f"{what} is no number: {json.dumps(number)}", "JSON has numbers alone: 0.785, not pi/4")
    if abs(float(number)) == float("inf"):
        raise FileError(f"{what} is beyond 1.8e308")
    return str(number)


def _uncertainty(content: object, shown: str) -> tuple[dict[str, float], dict[tuple[str, str], float]]:
    """The standard uncertainties of an earlier result, and from a fit their covariance."""
    if not isinstance(content, Mapping):
        return {}, {}
    if not {"inputs", "stderr"} & {*content}:  # each result of several has one, with the same inputs
        content = next((x for x in _spelled_out(content).values() if isinstance(x, Mapping)), content)
    inputs, stderr = content.get("inputs"), content.get("stderr")
    pairs = _spelled_out(stderr) if isinstance(stderr, Mapping) else {}  # of a fit
    if isinstance(inputs, Mapping):  # of eval and grad
        pairs = {name: row.get("sigma") for name, row in _spelled_out(inputs).items() if isinstance(row, Mapping)}
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
