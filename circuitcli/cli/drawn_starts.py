"""The words of --init: inputs that begin at random numbers, W=normal(0, 0.5)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from math import cos, isfinite, log, pi, sqrt

from circuitcli.cli.near_names import nearly
from circuitcli.cli.notes import note
from circuitcli.cli.request import Request
from circuitcli.errors import ExpressionError, UsageError
from circuitcli.language import canonical, graph_of, parse
from circuitcli.name_lists import listed
from circuitcli.nested_names import first_and_last, in_short, spelled_out, stem_of
from circuitcli.visible_text import some_of

Draw = Callable[[random.Random], float]


def draw_starts(asked: Request, words: Sequence[str], seed: int, quiet: bool) -> None:
    """Give a number to each input that `words` name and that has none. An input's number goes by the seed and its own
    name, whatever else is drawn. Raises UsageError for what is no distribution, and for a name without such inputs."""
    graph = asked.graph
    for word in chain.from_iterable(map(listed, words)):
        known = [*graph.inputs]
        name, draw, shown = _read(word, [each for each in known if each not in asked.given])
        wanted = spelled_out([name], known)
        if not graph.inputs.keys() >= {*wanted}:
            hint = nearly("--init", f"{name}={shown}", [*known, *map(stem_of, known)])
            raise UsageError(
                f"--init {word}: no input is called {name}", hint or f"inputs are {some_of(in_short(known))}"
            )
        free = [each for each in wanted if each not in asked.given]
        if not free:
            raise UsageError(f"--init {word}: {name} has a value", f"leave out one of --init and -{name}")
        asked.given |= {each: draw(random.Random(f"{seed} {each}")) for each in free}
        begin = "begins at a number" if len(free) == 1 else "begin at numbers"
        note(f"{first_and_last(free)} {begin} drawn from {shown}, --seed {seed}", quiet)


def _read(word: str, inputs: Sequence[str]) -> tuple[str, Draw, str]:
    """The name, the way to draw, and the distribution as text, of NAME=normal(0, 1). The `inputs` have no value."""
    name, _, text = (part.strip() for part in word.partition("="))
    match = re.fullmatch(r"(\w+)\s*\((.*)\)", text)
    numbers = listed(match[2]) if match is not None else []
    draws = {"normal": _normal, "uniform": _uniform}
    if match is None or match[1] not in draws or len(numbers) != 2:
        from circuitcli.cli.start_hints import instead_of_start

        raise UsageError(f"--init {word} is no distribution of two numbers", instead_of_start(name, text, inputs))
    a, b = (_number(word, text) for text in numbers)
    if match[1] == "uniform" and not b > a:
        fault = f"--init {word}: {numbers[0]} is not below {numbers[1]}"
        from circuitcli.cli.start_hints import written

        raise UsageError(fault, written(name, match[1], f"{numbers[1]}, {numbers[0]}" if b < a else "-1, 1"))
    if match[1] == "normal" and not b > 0.0:
        fault = f"--init {word}: a deviation is above 0"
        from circuitcli.cli.start_hints import written

        raise UsageError(fault, f"{written(name, match[1], f'{a:g}, {-b or 1:g}')}; -{name} {a:g} begins at one number")
    shown = f"{match[1]}({', '.join(numbers)})"
    return canonical(name), partial(draws[match[1]], a, b), shown


def _number(word: str, text: str) -> float:
    """The number of a constant expression: 1/sqrt(8)."""
    from circuitcli.analysis.point import Point

    try:
        graph = graph_of(parse(text))
    except ExpressionError as error:
        raise error.within(f"--init {word}", text, 0) from None
    x = Point(graph, {}).value if not graph.inputs else float("nan")
    if not isfinite(x):
        raise UsageError(f"--init {word}: {text} is no number")
    return float(x)


def _normal(mean: float, deviation: float, chance: random.Random) -> float:
    """Box and Muller, 1958, whose numbers stay the same in all versions of Python."""
    u, v = 1.0 - chance.random(), chance.random()
    return mean + deviation * sqrt(-2.0 * log(u)) * cos(2.0 * pi * v)


def _uniform(least: float, largest: float, chance: random.Random) -> float:
    return least + (largest - least) * chance.random()
