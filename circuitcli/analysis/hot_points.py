"""Many points of one circuit, one after another: straight-line code that agrees with `Point` to the bit.

It is written once there have been a few points, and answers where no slope is near an end of the range of floats, or 0
without a reason; elsewhere it leaves the answer to `Point`, which knows what was lost on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from keyword import iskeyword
from typing import Any

from circuitcli.analysis.lost_parts import is_whole
from circuitcli.analysis.point import Point, find
from circuitcli.engine.floats import HUGE, TINY
from circuitcli.engine.passes import backward
from circuitcli.engine.python_source import PythonSource, function
from circuitcli.engine.tracer import ExactRecorder, Recorder, recorded
from circuitcli.graph import Graph

FEW = 4  # points before the code is written, which takes as long as some of them
LARGE = 20_000  # nodes of a circuit that is not written out


class HotPoints:
    """The value, and by the nodes `wrt` the derivatives, as a function of the inputs `names`; the others are `given`.
    `by_name` has them as keywords, and is None for names that Python reads in another way.

    Without `wrt` there is the value alone. Of inputs that have one name the last one counts. The derivatives are a dict
    by name, or where they are to be `listed` a list.
    """

    def __init__(
        self, graph: Graph, names: Sequence[str], given: Mapping[str, float], wrt: Sequence[str], listed: bool = False
    ) -> None:
        self.graph, self.names, self.wrt, self.listed = graph, names, wrt, listed
        self.given = Point(graph, given).inputs
        self._seen = 0
        self._both: Callable[..., Any] | None = None
        self.by_name: Callable[..., Any] | None = None  # with the inputs as keywords, once it is written

    def at(self, xs: Sequence[float]) -> Any:
        """The value and the derivatives at a point; None where `Point` has to find them."""
        if self._both is not None:
            return self._both(*xs)
        self._seen += 1
        if self._seen > FEW and len(self.graph.nodes) <= LARGE:
            self._both = self._written()
        return None

    def _written(self) -> Callable[..., Any]:
        m: Recorder = ExactRecorder()
        graph = self.graph
        values = recorded(graph, self.names, m)
        wanted = [find(graph, name) for name in self.wrt]
        slopes = backward(graph, m, values, graph.depends_on(wanted))
        asked = [slopes.get(k, 0.0) + 0.0 for k in wanted]
        source = PythonSource(
            m.program([values[graph.output], *asked, *slopes.values(), *values]), self.names, self.given
        )
        value, *texts = source.outputs
        count = len(asked)
        answer = f"return {value}, {self._form(texts[:count])}"
        lines = [answer]
        if not all(k in slopes for k in wanted):
            lines = ["return None"]  # whether a slope is 0 or there is none, values tell
        elif slopes:
            every, told = texts[count : count + len(slopes)], ", ".join(texts[count:])
            lines = [*_within(every, answer), f"if is_whole({told}):", f"    {answer}", "return None"]
            nodes = [*slopes]

            def whole(*told: float) -> bool:
                return is_whole(graph, told[len(nodes) :], dict(zip(nodes, told, strict=False)))

            source.known["is_whole"] = whole
        xs, body = ", ".join(f"x{i}" for i in range(len(self.names))), [*source.lines, *lines]
        if _are_plain(self.names) and {*self.names} <= {*graph.inputs} - {*source.known}:
            floats, parameters = " is ".join(f"{name}.__class__" for name in self.names), ", ".join(self.names)
            lead = [f"if not ({floats} is float):", "    return None", f"{xs} = {parameters}"]
            scope = {**source.known, "float": float}
            self.by_name = function(f"by_name({parameters})", [*lead, *body], scope)
        return function(f"both({xs})", body, source.known)

    def _form(self, slopes: Sequence[str]) -> str:
        """The text of the derivatives as they are handed out."""
        if self.listed:
            return f"[{', '.join(slopes)}]"
        return f"{{{', '.join(f'{name!r}: {slope}' for name, slope in zip(self.wrt, slopes, strict=True))}}}"


def _are_plain(names: Sequence[str]) -> bool:
    """Whether Python reads names as they are, each is another, and our code needs none of them."""
    plain = all(name.isascii() and name.isidentifier() and not iskeyword(name) for name in names)
    return plain and len({*names}) == len(names) > 0 and "float" not in names


def _within(slopes: Sequence[str], answer: str) -> list[str]:
    """The lines that answer where all slopes are far from the ends of the range of floats, by twice what `all_within`
    asks, for they are added up in another way."""
    sizes = {slope: f"a{i}" for i, slope in enumerate(dict.fromkeys(slopes))}
    return [
        *(f"{size} = {slope} if {slope} > 0.0 else -{slope}" for slope, size in sizes.items()),
        "total = 0.0",  # a sum of many terms in one expression would be as deep as it is long
        *(f"total += {sizes[slope]}" for slope in slopes),
        f"least = {2.0 * TINY!r} * total if total > 1.0 else {2.0 * TINY!r}",
        f"if total <= {0.5 * HUGE!r} and {' and '.join(f'{size} >= least' for size in sizes.values())}:",
        f"    {answer}",
    ]
