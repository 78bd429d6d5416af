"""The answers of `grad --of f,g`, one for each of several results, as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from circuitcli.analysis.point import Point
from circuitcli.asked_columns import column_for
from circuitcli.cli.answers.along_answer import DIRECTION
from circuitcli.cli.answers.answer import Answer, Outcome, Record
from circuitcli.cli.answers.point_answer import columns_of, point_record, point_row, with_columns
from circuitcli.render.text_table import PrintedTable

if TYPE_CHECKING:
    from circuitcli.cli.request import Request
    from circuitcli.graph import Graph

P = TypeVar("P", bound=Point)
SHARED = ("expression", "inputs", "value", "nodes")  # keys of the record of the point itself
OF_EACH = {"gradient": "jacobian"}  # keys that are called otherwise where each result has its own


class Each:
    """A result of several: its point, whose output it is, and its answer."""

    def __init__(self, point: Point, answer: Answer) -> None:
        self.point, self.answer = point, answer

    @cached_property
    def record(self) -> Mapping[str, object]:
        """Its part of the record."""
        found = self.answer.record()
        assert isinstance(found, Mapping)
        return found

    def columns(self) -> Record:
        """Its derivatives as columns, called as those of an only result."""
        (row,) = self.answer.rows()
        known = columns_of(self.point, {**self.point.inputs, **self.point.results})
        return {name: x for name, x in row.items() if name not in known}


def jacobian_answer(
    text: str, point: Point, plain: Answer, each: Mapping[str, Each], wide: bool, more: Mapping[str, object] = {}
) -> Answer:
    """The answers of several results, by their names, with the plain one at a point without a gradient. `wide`: each is
    one row, and they go beside each other; `more` are keys of the record."""

    def record() -> Record:
        found = point_record(text, point, {**_by_key(each), **more}, names=True)
        nodes = found["nodes"]
        assert isinstance(nodes, list)
        for row in nodes:
            row.update({"kink": True} if any(one.point.kinks[row["id"]] for one in each.values()) else {})
        return found

    def rows() -> list[Record]:
        if not wide:
            return [{"result": name, **row} for name, one in each.items() for row in one.answer.rows()]
        row = point_row(point)
        for name, one in each.items():
            row = with_columns(row, {column_for(column, name): x for column, x in one.columns().items()})
        return [row]

    return Answer(
        record,
        rows,
        lambda: _blocks(each),
        lambda: [f"{name},{line}" for name, one in each.items() for line in one.answer.bare()],
        lambda: _outcome(plain.outcome(), {name: one.answer.outcome() for name, one in each.items()}),
    )


def answer_of_each(
    asked: Request,
    of: Sequence[str],
    here: Point,
    plain: Answer,
    at: Callable[[Graph], P],
    answer: Callable[[P], Answer],
    wide: bool,
) -> Answer:
    """The answers of several results of a request, a backward pass each: `at` has the point of a circuit."""
    each = dict[str, Each]()
    for name in of:
        point = at(asked.graph.ending(asked.graph.results[name]))
        each[name] = Each(point, answer(point))
    return jacobian_answer(asked.text, here, plain, each, wide)


def _by_key(each: Mapping[str, Each]) -> Record:
    """The keys that the results have, each with a key for each result; the direction of all is one."""
    found: dict[str, Record] = {}
    for name, one in each.items():
        for key, x in one.record.items():
            if key not in SHARED:
                found.setdefault(OF_EACH.get(key, key), {})[name] = x
    ways = [*found.pop(DIRECTION, {}).values()]
    return {**found, **({DIRECTION: ways[0]} if ways else {})}


def _blocks(each: Mapping[str, Each]) -> Iterator[PrintedTable | str]:
    """A block for each result under its name."""
    for i, (name, one) in enumerate(each.items()):
        yield f"{chr(10) if i else ''} gradient of {name}"
        yield from one.answer.table()


def _outcome(plain: Outcome, each: Mapping[str, Outcome]) -> Outcome:
    """The notes on the point, then those on a result with its name, unless they are on all; and the worst status."""
    notes = [*plain.notes]
    for name, one in each.items():
        for text in one.notes:
            of_all = all(text in other.notes for other in each.values())
            if text not in notes and text not in plain.notes:
                notes.append(text if of_all else f"{name}: {text}")
    return Outcome(notes, max(plain.status, *(one.status for one in each.values())))
