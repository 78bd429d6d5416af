"""A search as it is asked for in Python: the way, the end, and what is to be told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from circuitcli.ascent import AUTO, MOST_STARTS, Bounds, Choice, Limits, Starts, choice
from circuitcli.errors import InputError, UsageError
from circuitcli.graph import Graph
from circuitcli.library.option_numbers import refuse_count, refuse_seconds, refuse_share
from circuitcli.library.ranges_of_inputs import named_inputs, ranges_of_inputs

if TYPE_CHECKING:
    from circuitcli.ascent.standard_errors import Terms

SIGMAS = {"scaled": False, "absolute": True}
SIGMA_MEANS = 'write sigma="absolute" where weights are those of known errors'


class AskedSearch(NamedTuple):
    """The options of a search. `sign` is +1 upwards, and -1 down."""

    sign: float
    method: str = AUTO
    bounds: Mapping[str, Sequence[float | None]] | None = None
    subject_to: str | Sequence[str] = ()
    wrt: str | Sequence[str] | None = None
    starts: int = 1
    seed: int = 0
    max_steps: int = 10_000
    max_time: float | None = None
    uncertainty: bool = False
    sigma: str | None = None
    level: float | None = None
    callback: Callable[[Any], object] | None = None

    @property
    def auto(self) -> bool:
        """Whether the method is ours to choose."""
        return self.method == AUTO

    @property
    def choice(self) -> Choice:
        """The method, as far as its name tells it."""
        if not isinstance(self.method, str):
            raise UsageError(f"a method is a text, not {self.method!r}", 'write for example method="lbfgs"')
        return choice(self.method, None, self.seed)

    @property
    def watcher(self) -> Callable[[Any], object] | None:
        """The function that sees each step."""
        if self.callback is not None and not callable(self.callback):
            raise UsageError(f"callback is a function, not {self.callback!r}", "write for example callback=print")
        return self.callback

    @property
    def constraints(self) -> list[str]:
        """The texts of the constraints."""
        given = self.subject_to
        texts = [given] if isinstance(given, str) else [*given] if isinstance(given, Sequence) else [given]
        if not all(isinstance(text, str) and text.strip() for text in texts):
            raise UsageError("a constraint is a text", 'write for example subject_to="x + y <= 1; x^2 + y^2 = 2"')
        return texts

    @property
    def limits(self) -> Limits:
        """The limits of its length."""
        refuse_count("max_steps", self.max_steps)
        refuse_seconds(self.max_time)
        return Limits(max_steps=self.max_steps, max_time=self.max_time)

    @property
    def places(self) -> Starts:
        """The points to start from."""
        refuse_count("starts", self.starts, MOST_STARTS)
        refuse_count("seed", self.seed, least=0)
        return Starts(self.starts, self.seed)

    @property
    def terms(self) -> Terms | None:
        """The terms of standard errors; None where none are asked for."""
        from circuitcli.ascent.standard_errors import Terms

        if self.sigma is not None and self.sigma not in SIGMAS:
            raise UsageError(f"sigma is one of {' and '.join(SIGMAS)}, not {self.sigma!r}", SIGMA_MEANS)
        refuse_share("level", self.level)
        if not (self.uncertainty or self.sigma or self.level):
            return None
        return Terms(SIGMAS[self.sigma] if self.sigma else None, self.level)

    def bounds_of(self, names: Sequence[str]) -> Bounds:
        """The bounds of the inputs that move."""
        bounds = Bounds.none(len(names))
        for name, ends in ranges_of_inputs(self.bounds, names, "the inputs that move").items():
            for side, end in zip(bounds, ends, strict=True):
                if end is not None:
                    side[names.index(name)] = end
        return bounds

    def moving(self, graph: Graph, start: Sequence[str], others: Collection[str], over_rows: bool) -> list[str]:
        """The inputs that move: those of `wrt`, else those of the start. The `others` have values: they are fixed, or
        columns of rows."""
        if self.wrt is not None:
            found = named_inputs(self.wrt, list(graph.inputs), "wrt")
            if missing := [name for name in found if name not in start and name not in graph.defaults]:
                raise InputError(f"{missing[0]} moves, and has no start", f'give one: {{"{missing[0]}": 1}}')
        else:
            found = [name for name in graph.inputs if name in start]
        if not found:
            free = [name for name in graph.inputs if name not in others] or [*graph.inputs, "x"]
            raise UsageError("there is nothing to move: the start is empty", where_the_start_is(free[0], over_rows))
        return found


def where_the_start_is(name: str, over_rows: bool) -> str:
    """The hint on the place of a start, which has a number for an input of that name."""
    start = f'{{"{name}": 1}}'
    return f"it comes second: fit(data, {start})" if over_rows else f"it comes first: {start}"


OPTIONS = AskedSearch._fields[1:]


def asked_search(sign: float, options: Mapping[str, Any]) -> tuple[AskedSearch, Any, dict[str, Any]]:
    """A search as keywords ask for it, the rows among them, and the keywords that are inputs."""
    fixed = {name: x for name, x in options.items() if name not in (*OPTIONS, "data")}
    known = {name: x for name, x in options.items() if name in OPTIONS}
    return AskedSearch(sign, **known), options.get("data"), fixed
