"""The source of an ascent on a cluster: the workers keep the columns in memory, as far as they fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from copy import copy
from typing import TYPE_CHECKING, Any

from circuitcli.cluster.connection import Cluster
from circuitcli.cluster.job import Job
from circuitcli.cluster.partition import Partition
from circuitcli.cluster.worker import Done, answered, described, passed, work
from circuitcli.errors import CircuitError
from circuitcli.program_text import program
from circuitcli.rows.aggregate_parts import joined
from circuitcli.rows.in_memory import checksum
from circuitcli.rows.pipeline import in_order
from circuitcli.rows.plan import Plan
from circuitcli.rows.told import Told

if TYPE_CHECKING:
    from distributed import Future as DaskFuture

    from circuitcli.rows.rows_objective import Ahead

SHARE = 0.4  # of the memory of the workers; from 0.6 on Dask itself moves data to their disks

Send = Callable[[Sequence[Partition]], "Future[list[Done]]"]
Kept = tuple["DaskFuture", int]  # loaded partitions that a worker keeps, and the number of one among them


class HeldRows:
    """The rows of partitions. Those that do not fit are read again in each pass. When a worker dies, Dask has another
    one read its rows again."""

    def __init__(self, cluster: Cluster, loading: Job, read: Callable[[Send, int], Iterable[Done]]) -> None:
        """`read` gives the result of each partition that it sends, in order."""
        self._cluster, self._loading = cluster, loading.sealed()
        self._partitions: list[Partition] = []
        self._places: list[Partition | Kept] = []
        self.rows, self.told = 0, Told()
        self.ahead: Ahead | None = None
        kept: dict[int, Kept] = {}
        checksums: list[int] = []
        room = SHARE * (cluster.memory or math.inf)  # without a limit where none is known

        def send(partitions: Sequence[Partition]) -> Future[list[Done]]:
            def attempt(chance: int) -> Future[list[Done]]:
                data = cluster.keep(work, self._loading, partitions)
                kept.update((partition.number, (data, i)) for i, partition in enumerate(partitions))
                return cluster.attempt(described, data)

            return cluster.insist(attempt)

        for done in read(send, 2 * cluster.threads):
            partition, known = done.partition, done.found
            place = kept.pop(partition.number)
            self.told = self.told.join(done.told)
            if not known.units:
                continue
            room -= known.size
            self._partitions.append(partition._replace(begin=done.begin))
            self._places.append(place if room >= 0.0 else self._partitions[-1])
            self.rows += sum(known.units)
            checksums += known.checksums
        self.checksum = checksum(checksums)
        self._passes = loading._replace(doing="passes", rows=float(self.rows)).sealed()
        self._shelves = self._shelved()
        self._ahead = cluster.ahead  # asked for once, and not in each pass

    def _shelved(self) -> list[list[int]]:
        """The places of each task. A task has its price: of the rows that a worker holds, each thread gets one."""
        found = [[i] for i, place in enumerate(self._places) if isinstance(place, Partition)]
        kept = {i: place[0] for i, place in enumerate(self._places) if not isinstance(place, Partition)}
        where = self._cluster.holders([*kept.values()])
        for worker, threads in self._cluster.workers().items():
            there = [i for i, holder in zip(kept, where, strict=True) if holder == worker]
            found += [there[k::threads] for k in range(min(threads, len(there)))]
        lost = {*range(len(self._places))} - {i for shelf in found for i in shelf}
        return [*found, *([i] for i in lost)]

    def over(self, plan: Plan) -> HeldRows:
        """These rows, for another circuit over their columns."""
        other = copy(self)
        other._passes = self._passes._replace(
            text=program(plan.graph, loops=False), wrt=plan.wrt, results=None
        ).sealed()
        return other

    def whole(self, what: str, x: Sequence[float]) -> Any:
        """The part of all rows at the point `x`; None where there are no rows."""
        parts: dict[int, list[Any]] = {}
        lost: list[int] = []

        def send(shelf: list[int]) -> Future[Any]:
            def attempt(chance: int) -> Future[Any]:
                if chance > 1:  # the workers that held them died: from now on they are read
                    lost.extend(shelf)
                    for i in shelf:
                        self._places[i] = self._partitions[i]
                places = [self._places[i] for i in shelf]
                return self._cluster.attempt(answered, passed, self._passes, self._loading, places, what, list(x))

            return self._cluster.insist(attempt)

        answers = in_order(self._shelves, send, self._ahead, self._cluster.look)
        for shelf, found in zip(self._shelves, answers, strict=True):
            if isinstance(found, CircuitError):
                raise found
            parts.update(zip(shelf, found, strict=True))
        if lost:
            self._shelves = self._shelved()
        return joined(part for i in range(len(self._places)) for part in parts[i])
