"""The places of the lines of a program in loops, in a buffer that each turn fills anew, or among the numbers that all
rows share; and the table that tells them to its statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from circuitcli.engine.statement_loops import PRODUCTS, STORED, Loop, loops_of
from circuitcli.engine.traced_program import ROW, TracedProgram

if TYPE_CHECKING:
    from numpy.typing import NDArray

NUMBER = 8  # bytes


class Layout:
    """The `table` of a program whose turns take a `tile` of rows, the bytes of its `buffer`, and the lines that all
    rows share, in order. The table has a place for each column, and then what the loops read."""

    def __init__(self, program: TracedProgram, tile: int) -> None:
        loops = loops_of(program)
        self.shared = [k for k, line in enumerate(program.lines) if line.rank != ROW]
        places: NDArray[np.int64] = np.zeros(len(program.lines), np.int64)
        places[self.shared] = np.arange(len(self.shared)) * NUMBER
        rooms, count = _rooms(program, loops)
        places[[*rooms]] = np.array([*rooms.values()], np.int64) * (tile * NUMBER)
        self.buffer = count * tile * NUMBER
        columns = places[[*program.columns.values()]]
        self.table = np.concatenate([columns, *(_entries(loop, places).ravel() for loop in loops)])


def _rooms(program: TracedProgram, loops: Sequence[Loop]) -> tuple[dict[int, int], int]:
    """The number of the room that each line of rows has in the buffer, and how many rooms there are. A room is free
    again behind the last loop that reads its line."""
    last = {k: n for n, loop in enumerate(loops) for k in loop.read()}
    ending: list[list[int]] = [[] for _ in loops]
    rooms: dict[int, int] = {}
    spare: list[int] = []
    count = 0

    def give(k: int) -> None:
        nonlocal count
        rooms[k], count = (spare.pop(), count) if spare else (count, count + 1)
        if k in last:
            ending[last[k]].append(k)

    for k in program.columns.values():
        give(k)
    for loop, ends in zip(loops, ending, strict=True):
        for k in loop.written():
            give(k)
        spare += [rooms[k] for k in ends]
    return rooms, count


def _entries(loop: Loop, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The part of the table that a loop reads: a row for each statement."""
    found = np.array(loop.statements, np.int64)
    lines = np.ones(found.shape[1], bool)  # the others are places of outputs
    if loop.form.op == STORED:
        lines[0] = False
    if loop.form.op == PRODUCTS:
        lines[2::2] = False
    found[:, lines] = places[found[:, lines]]
    return found
