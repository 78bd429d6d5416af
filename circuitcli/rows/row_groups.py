"""Rows told apart by the text of a column: the rows of each group within each unit, and the answer of each group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from circuitcli.rows.aggregate_parts import Leaf, Tree
from circuitcli.rows.gathered_point import GatheredPoint, answer_of
from circuitcli.rows.plan import Plan
from circuitcli.rows.told import Told
from circuitcli.tables.batch import Batch

Columns = Mapping[str, Any]
Part = tuple[tuple[int, str], Columns, int]  # a unit and a group, columns, and how many rows they have
Gathering = Callable[[Iterator[Part]], Iterator[Leaf]]


class GroupLeaf(NamedTuple):
    """The leaf of the rows of a group within a unit."""

    group: str
    leaf: Leaf


class Group(NamedTuple):
    """The answer of a group."""

    name: str
    point: GatheredPoint
    told: Told


def tags_of(batch: Batch, by: str) -> list[str]:
    """The group of each row of a batch."""
    if not batch.size:
        return []
    texts = batch.rows.cells([by])[0].as_text()
    return [text.strip() for text in (texts if isinstance(texts, (list, tuple)) else texts.to_pylist())]


def group_leaves(batches: Iterable[tuple[object, Batch]], by: str, gathering: Gathering) -> Iterator[GroupLeaf]:
    """The leaf of each group within each unit, in the order of the units and then of the rows. A unit's leaves depend
    on its rows alone."""
    names: list[str] = []

    def parts() -> Iterator[Part]:
        for number, unit in enumerate(_units(batches, by)):
            named = unit[0][0].columns
            for name, rows in places_of([tag for _, tags in unit for tag in tags]).items():
                names.append(name)
                columns = {column: _some([batch.columns[column] for batch, _ in unit], rows) for column in named}
                yield (number, name), columns, len(rows)

    for place, leaf in enumerate(gathering(parts())):
        yield GroupLeaf(names[place], leaf)


class Groups:
    """The leaves of all groups, joined in the order in which they come."""

    def __init__(self) -> None:
        self._trees: dict[str, Tree[Leaf]] = {}

    def add(self, found: GroupLeaf) -> None:
        self._trees.setdefault(found.group, Tree()).add(found.leaf)

    def answers(self, plan: Plan) -> Iterator[Group]:
        """The answer of each, in the order in which the groups first came."""
        for name, tree in self._trees.items():
            whole = tree.joined()
            yield Group(name, *answer_of(plan, whole, Told(0 if whole is None else whole.rows)))


def _units(batches: Iterable[tuple[object, Batch]], by: str) -> Iterator[list[tuple[Batch, list[str]]]]:
    """The batches of each unit, with the groups of their rows."""
    unit: list[tuple[Batch, list[str]]] = []
    last: object = None
    for at, batch in batches:
        if unit and at != last:
            yield unit
            unit = []
        unit.append((batch, tags_of(batch, by)))
        last = at
    if unit:
        yield unit


def places_of(tags: Sequence[str]) -> dict[str, list[int]]:
    """The rows of each group, in the order in which the groups first come."""
    places: dict[str, list[int]] = {}
    for i, tag in enumerate(tags):
        places.setdefault(tag, []).append(i)
    return places


def _some(columns: Sequence[Any], rows: Sequence[int]) -> Any:
    """Some rows of columns that are one behind the other, as a list or an array as they are."""
    if isinstance(columns[0], list):
        whole = columns[0] if len(columns) == 1 else [x for column in columns for x in column]
        return [whole[i] for i in rows]
    import numpy as np

    return (columns[0] if len(columns) == 1 else np.concatenate(columns))[rows]
