"""The answer of `derive`: the gradient as statements, and where inputs have values its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from circuitcli.analysis.derivatives import Derivatives
from circuitcli.analysis.lost_digits import restored
from circuitcli.analysis.point import Point
from circuitcli.analysis.textbook import textbook_gates
from circuitcli.cli.answers.answer import Answer, Outcome, Record
from circuitcli.cli.answers.point_answer import plain_numbers
from circuitcli.cli.answers.point_outcome import outcome_of
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request
from circuitcli.gates import GATES
from circuitcli.language.names import PREFIX
from circuitcli.nested_names import nested, stem_of


def derived_answer(
    asked: Request, names: Sequence[str], output: Output, textbook: bool = False, boxes: int | None = None
) -> Answer:
    """The derivatives by some names, in the form that is computed or in that of a textbook."""
    found = Derivatives(asked.graph, names, gates=textbook_gates() if textbook else GATES, folds=True)
    point, outcome = _at(asked, names, output, boxes) if asked.given else (None, Outcome)

    def lines() -> list[str]:
        """The statements, those of the derivatives last, with their values behind them."""
        helpers, derivatives = _statements(found)
        texts = {} if point is None else {n: point.m.text(x, output.digits) for n, x in point.gradient.items()}
        values = {name: f"  # {_listed(text)}" for name, text in nested(texts).items()}
        for name, line in derivatives:
            helpers.append(line + values.get(name, values.get(stem_of(name), "")))
        return helpers

    return Answer(
        lambda: _record(asked.text, found, point),
        lambda: _rows(found, point),
        lines,
        lines,
        outcome,
    )


def _at(asked: Request, names: Sequence[str], output: Output, boxes: int | None) -> tuple[Point, Callable[[], Outcome]]:
    """The numbers at the point of the inputs, or their bounds over a box, and what is to be said of them."""
    if asked.box:
        from circuitcli.cli.answers.box_answer import box_outcome, box_point

        bounds = box_point(asked, output, names, boxes)
        return bounds, lambda: box_outcome(bounds, output)
    point = asked.point(names, output.digits)
    lost = restored(point)
    return point, lambda: outcome_of(point, output, lost)


def _statements(found: Derivatives) -> tuple[list[str], list[tuple[str, str]]]:
    """The statements of shared nodes, and those of the derivatives behind the names of these: x, W[i,j]."""
    lines = found.statements({f"{PREFIX}{name}": k for name, k in found.gradient.items()})
    stems = {f"{PREFIX}{stem_of(name)}" for name in found.names}
    lefts = [line.partition(" = ")[0] for line in lines]
    count = next(i for i in range(len(lines)) if all(stem_of(left) in stems for left in lefts[i:]))
    return lines[:count], [
        (left.removeprefix(PREFIX), line) for left, line in zip(lefts[count:], lines[count:], strict=True)
    ]


def _entry(name: str, line: str) -> tuple[str, str]:
    """The name and the expression of a statement, the loops behind the name: "h[i] for i in 1:3"."""
    text, loops, ranges = line.partition(" = ")[2].rpartition(" for ")
    return (f"{name}{loops}{ranges}", text) if loops and ")" not in ranges else (name, line.partition(" = ")[2])


def _listed(text: object) -> str:
    """The text of a number, or of the numbers of a family: [1, 2]."""
    return f"[{', '.join(map(_listed, text))}]" if isinstance(text, list) else str(text)


def _record(text: str, found: Derivatives, point: Point | None) -> Record:
    """The derivatives, the helpers that they share, and at a point the numbers."""
    helpers, derivatives = _statements(found)
    record: Record = {
        "expression": text,
        "derivatives": dict(_entry(name, line) for name, line in derivatives),
        "helpers": dict(_entry(line.partition(" = ")[0], line) for line in helpers),
    }
    if point is not None:
        record["inputs"] = plain_numbers(point, point.inputs)
        record["gradient"] = plain_numbers(point, point.gradient)
    return record


def _rows(found: Derivatives, point: Point | None) -> list[Record]:
    """A row a name. Each derivative is a program of its own, in which what is shared comes first."""
    values = {} if point is None else plain_numbers(point, point.gradient)
    programs = {name: "; ".join(found.statements({"": k})) for name, k in found.gradient.items()}
    return [
        {"name": name, "derivative": text, **({"value": values.get(name)} if point is not None else {})}
        for name, text in programs.items()
    ]
