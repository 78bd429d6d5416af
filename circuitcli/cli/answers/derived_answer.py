"""The answer of `derive`: the gradient as statements, and where inputs have values its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuitcli.analysis.derivatives import Derivatives
from circuitcli.analysis.lost_digits import NONE, restored
from circuitcli.analysis.point import Point
from circuitcli.analysis.textbook import textbook_gates
from circuitcli.cli.answers.answer import Answer, Outcome, Record
from circuitcli.cli.answers.point_answer import plain_numbers
from circuitcli.cli.answers.point_outcome import outcome_of
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request
from circuitcli.gates import GATES


def derived_answer(asked: Request, names: Sequence[str], output: Output, textbook: bool = False) -> Answer:
    """The derivatives by some names, in the form that is computed or in that of a textbook."""
    found = Derivatives(asked.graph, names, gates=textbook_gates() if textbook else GATES, folds=True)
    point = asked.point(names, output.digits) if asked.given else None
    lost = NONE if point is None else restored(point)

    def lines() -> list[str]:
        """The statements, those of the derivatives last, with their values behind them."""
        helpers, derivatives = _statements(found)
        values = (
            {} if point is None else {n: f"  # {point.m.text(x, output.digits)}" for n, x in point.gradient.items()}
        )
        return [*helpers, *(f"{line}{values.get(name, '')}" for name, line in derivatives.items())]

    return Answer(
        lambda: _record(asked.text, found, point),
        lambda: _rows(found, point),
        lines,
        lines,
        lambda: Outcome() if point is None else outcome_of(point, output, lost),
    )


def _statements(found: Derivatives) -> tuple[list[str], Mapping[str, str]]:
    """The statements of shared nodes, and that of each derivative."""
    lines = found.statements({f"grad_{name}": k for name, k in found.gradient.items()})
    count = len(found.names)
    return lines[:-count], dict(zip(found.names, lines[-count:], strict=True))


def _record(text: str, found: Derivatives, point: Point | None) -> Record:
    """The derivatives, the helpers that they share, and at a point the numbers."""
    helpers, derivatives = _statements(found)
    record: Record = {
        "expression": text,
        "derivatives": {name: line.partition(" = ")[2] for name, line in derivatives.items()},
        "helpers": dict(line.split(" = ", 1) for line in helpers),
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
