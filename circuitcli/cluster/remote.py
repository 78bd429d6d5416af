"""ClusterRunner, the RowsRunner of a cluster, whose answers are those of one machine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from itertools import chain
from uuid import uuid4

from circuitcli.cluster.connection import Cluster
from circuitcli.cluster.dataset import Dataset
from circuitcli.cluster.held_rows import HeldRows, Send
from circuitcli.cluster.job import Job
from circuitcli.cluster.partition import File, Partition, cut_up
from circuitcli.cluster.worker import Done, answered, survey, work
from circuitcli.errors import CircuitError, UsageError
from circuitcli.rows.aggregate_parts import Leaf, Tree
from circuitcli.rows.gathered_point import GatheredPoint, answer_of
from circuitcli.rows.none_left import refuse_none_left
from circuitcli.rows.pipeline import in_order
from circuitcli.rows.plan import Plan
from circuitcli.rows.row_check import Judge, Tally
from circuitcli.rows.row_groups import Group, Groups
from circuitcli.rows.row_program import wanted_of
from circuitcli.rows.rows_objective import Source
from circuitcli.rows.told import Options, Progress, Told
from circuitcli.tables.joined_files import Reading
from circuitcli.tables.output_columns import OutputColumns
from circuitcli.tables.output_files import opened_writer
from circuitcli.tables.pieces import UNIT
from circuitcli.tables.storage import is_folder
from circuitcli.tables.total_rows import TotalRow
from circuitcli.urls import is_far

MOST = 100_000  # partitions; with more the scheduler would be busier than the workers
TASKS = 4  # of each thread, at least
ERRAND, ERRANDS = 16 * 2**20, 256  # bytes of the small files that share a task, and their number
CHECKED, SHARES = 2**13, 16  # bytes of rows that a task checks, at a millisecond or two a row; tasks of a partition
WAITING = 2**28  # bytes of the jobs that wait at the scheduler: with thousands of columns a job is large
TRAVELLING = 16  # partitions whose rows travel here at a time


class ClusterRunner:
    """Files that only the workers read."""

    def __init__(self, cluster: Cluster, names: Sequence[str], reading: Reading) -> None:
        if "-" in names:
            raise UsageError("the workers of a cluster cannot read standard input", "name a file that all of them see")
        self._cluster, self._reading = cluster, reading
        seen = cluster.call(answered, survey, [(_absolute(name), name) for name in names], reading)
        if isinstance(seen, CircuitError):
            raise seen
        self._files, self.first, self._rows = seen
        self.shown = [file.shown for file in self._files]
        self.columns: list[str] = list(self.first.columns)
        self.inside: Sequence[str] = ()
        self.totals: Sequence[TotalRow] = ()
        self.size = sum(file.size for file in self._files)
        self._assumed: Sequence[str] = ()

    def assume(self, names: Sequence[str]) -> None:
        self.first.assume(names)
        self.columns, self._assumed = list(self.first.columns), names

    def by_row(self, text: str, plan: Plan, columns: OutputColumns, out: str | None, options: Options) -> Told:
        """Write every row with its results: the workers into the parts of a dataset where `out` is a directory, else we
        into a file or to standard output."""
        job = self._job("rows", text, plan, options)
        job = job._replace(wanted=wanted_of(plan, columns, options), output=columns)
        total = Told()
        if out and is_folder(out):
            dataset = Dataset(out, job.key, columns.format)
            job = job._replace(doing="part", folder=_absolute(out))
            with dataset.written():
                for done in self._worked(job, self._cluster.ahead, options.progress):
                    dataset.add(done.found)
                    total = total.join(done.told)
                refuse_none_left(total)  # before the parts are in their place
            return total
        with opened_writer(out, self.first, columns) as writer:
            for done in self._worked(job, TRAVELLING, options.progress):
                for packed in done.found:
                    writer.write(writer.unpacked(packed))
                total = total.join(done.told)
            refuse_none_left(total)
        return total

    def gathered(self, text: str, plan: Plan, options: Options) -> tuple[GatheredPoint, Told]:
        tree: Tree[Leaf] = Tree()
        total = Told()
        job = self._job("gathered", text, plan, options)
        for done in self._worked(job, self._cluster.ahead, options.progress):
            for unit in done.found:
                tree.add(unit)
            total = total.join(done.told)
        return answer_of(plan, tree.joined(), total)

    def grouped(self, text: str, plan: Plan, by: str, options: Options) -> tuple[list[Group], Told]:
        groups, total = Groups(), Told()
        job = self._job("grouped", text, plan, options)._replace(wanted=options.wanted(plan.used, [by]), by=by)
        for done in self._worked(job, self._cluster.ahead, options.progress):
            for leaf in done.found:
                groups.add(leaf)
            total = total.join(done.told)
        return [*groups.answers(plan)], total

    def judged(self, text: str, plan: Plan, claim: str | None, options: Options) -> tuple[Tally, Told]:
        total, told = Judge(plan, claim).nothing, Told()
        job = self._job("judged", text, plan, options)._replace(claim=claim)
        for done in self._worked(job, self._cluster.ahead, options.progress, self._shares()):
            total, told = total.join(done.found), told.join(done.told)
        return total, told

    def source(self, text: str, plan: Plan, options: Options) -> Source:
        job = self._job("loaded", text, plan, options)
        return HeldRows(self._cluster, job, partial(self._done, progress=options.progress))

    def _job(self, doing: str, text: str, plan: Plan, options: Options) -> Job:
        return Job(
            uuid4().hex, doing, text, plan.given, plan.wrt, plan.results, self._reading,
            options.wanted(plan.used), self.first, self.columns, self._assumed, self._rows,
            options.engine, self.inside, of=plan.of, direction=plan.direction,
        )  # fmt: skip

    def _partitions(self) -> Iterator[Partition]:
        """All partitions in order. Workers cut up the large files."""

        def submit(file: File) -> Future[list[Partition] | CircuitError]:
            if file.size > least:
                return self._cluster.submit(answered, cut_up, file, self._reading, least)
            known: Future[list[Partition] | CircuitError] = Future()
            known.set_result([Partition(0, file, file.size)])
            return known

        number, least = 0, max(UNIT, self.size // MOST)
        for found in in_order(self._files, submit, self._cluster.ahead):
            if isinstance(found, CircuitError):
                raise found
            for partition in found:
                yield partition._replace(number=number)
                number += 1

    def _tasks(self, most: int) -> tuple[int, int]:
        """The number of tasks that keep all threads busy, and the bytes that each may have, at the most `most`."""
        tasks = TASKS * self._cluster.threads
        return tasks, max(1, min(most, self.size // tasks))

    def _errands(self, most: int) -> Iterator[list[Partition]]:
        """The partitions of each task. Small neighbours share a task, up to so many bytes."""
        errand: list[Partition] = []
        for partition in self._partitions():
            if errand and partition.size > most:
                yield errand
                errand = []
            errand.append(partition)
            if sum(p.size for p in errand) >= most or len(errand) == ERRANDS or partition.units is not None:
                yield errand
                errand = []
        if errand:
            yield errand

    def _shares(self) -> Iterator[list[Partition]]:
        """The partitions of each task, where a row takes long. A larger partition is shared by several tasks. All of
        them read it, so they may not be too many."""
        tasks, most = self._tasks(CHECKED)
        for errand in self._errands(most):
            whole = errand[0]
            count = min(whole.size // most, max(SHARES, tasks))
            if count < 2:
                yield errand
                continue
            for k in range(count):
                yield [whole._replace(share=(k, count), size=whole.size // count)]

    def _done(
        self, send: Send, ahead: int, progress: Progress, errands: Iterable[list[Partition]] | None = None
    ) -> Iterator[Done]:
        """The results of all partitions, in order.

        A stretch of text is sent again if it began inside of quotes, and so not where the one before ends; and if it is
        the first that has to name a line, whose number it could not know. Tasks that share rows begin alike, and are
        sent again together.
        """
        errands = errands or self._errands(self._tasks(ERRAND)[1])
        answers: Iterator[list[Done]] = in_order(errands, send, ahead, self._cluster.look)
        end, line, told, position = 0, 1, Told(), 0
        begin, first = end, line
        spoken: set[str] = set()
        again: list[Future[list[Done]]] = []
        for done in chain.from_iterable(answers):
            partition = done.partition
            share, shares = partition.share
            if not share:
                begin, first, again = end, line, []
            if partition.line is not None:
                line = done.line
            elif done.begin == begin and done.error is None and spoken.issuperset(_spoken(done)):
                line = first + done.line - 1
                if isinstance(done.found, Tally):
                    done = done._replace(found=done.found.moved(first - 1))
            else:
                known = partition._replace(begin=begin, line=first)
                if not share and done.begin != begin:
                    again = [send([known._replace(share=(k, shares))]) for k in range(shares)]
                [done] = self._cluster.result(again[share] if again else send([known]))
                line = done.line
            if done.error is not None:
                raise done.error
            spoken |= _spoken(done)
            end, told, position = done.end, told.join(done.told), position + partition.size
            yield done
            progress(told.rows, position)

    def _worked(
        self, job: Job, ahead: int, progress: Progress, errands: Iterable[list[Partition]] | None = None
    ) -> Iterator[Done]:
        """The results of a job with all partitions, in order."""
        sealed = job.sealed()
        ahead = min(ahead, max(2 * self._cluster.threads, WAITING // sealed.size))
        return self._done(partial(self._cluster.submit, work, sealed), ahead, progress, errands)


def _spoken(done: Done) -> set[str]:
    """The kinds of rows that a result names: only the first row of a kind is shown."""
    kinds = {"bad": done.told.first_bad, "nonfinite": done.told.first_nonfinite}
    return {kind for kind, there in kinds.items() if there}


def _absolute(name: str) -> str:
    """A name that is valid in any directory."""
    return name if is_far(name) else os.path.join(os.getcwd(), name)
