"""Rows as an ascent sees them, on a cluster: the workers keep the columns in memory, as long as these fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Any

from circuitcli.cluster.connection import Cluster
from circuitcli.cluster.job import Job
from circuitcli.cluster.partition import Partition
from circuitcli.cluster.worker import Done, Place, answered, described, passed, work
from circuitcli.errors import CircuitError
from circuitcli.rows.aggregates import joined
from circuitcli.rows.in_memory import checksum
from circuitcli.rows.pipeline import in_order
from circuitcli.rows.row_by_row import Told

SHARE = 0.4  # of the memory of the workers; from 0.6 on Dask itself moves data to their disks

Send = Callable[[Sequence[Partition]], "Future[list[Done]]"]


class HeldRows:
    """The rows of partitions. Those that do not fit are read again in each pass. A worker that dies takes some with it,
    which Dask has another read again."""

    def __init__(self, cluster: Cluster, loading: Job, read: Callable[[Send, int], Iterable[Done]]) -> None:
        """`read` answers what came of each partition that it sends, in order."""
        self._cluster, self._loading = cluster, loading.sealed()
        self._partitions: list[Partition] = []
        self._places: list[Place] = []
        self.rows, self.told = 0, Told()
        kept: dict[int, Place] = {}
        checksums: list[int] = []
        room = SHARE * (cluster.memory or math.inf)  # where nobody says how much there is

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
        self._ahead = cluster.ahead  # which the scheduler is asked for once, and not in each pass

    def _shelved(self) -> list[list[int]]:
        """The places that one task goes over: for each thread what its worker holds, for a task has its price."""
        held = [i for i, place in enumerate(self._places) if not isinstance(place, Partition)]
        found = [[i] for i, place in enumerate(self._places) if isinstance(place, Partition)]
        where = self._cluster.holders([self._places[i][0] for i in held])
        for worker, threads in self._cluster.workers().items():
            there = [i for i, holder in zip(held, where, strict=True) if holder == worker]
            found += [there[k::threads] for k in range(min(threads, len(there)))]
        lost = {*range(len(self._places))} - {i for shelf in found for i in shelf}
        return [*found, *([i] for i in lost)]

    def whole(self, what: str, x: Sequence[float]) -> Any:
        """What a pass over all rows says where what moves is `x`; None where there are none."""
        parts: dict[int, list[Any]] = {}
        lost: list[int] = []

        def send(shelf: list[int]) -> Future[Any]:
            def attempt(chance: int) -> Future[Any]:
                if chance > 1:  # those who should hold them died: from now on they are read
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
