"""The files of a command line spread over a cluster: the same answers as on one machine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from itertools import chain
from typing import Any
from uuid import uuid4

from circuitcli.cluster.connection import Cluster
from circuitcli.cluster.dataset import Dataset
from circuitcli.cluster.held_rows import HeldRows, Send
from circuitcli.cluster.job import Job
from circuitcli.cluster.partition import File, Partition, Reading, cut_up
from circuitcli.cluster.worker import Done, answered, survey, work
from circuitcli.errors import CircuitError, UsageError
from circuitcli.rows.aggregates import Leaf, Tree
from circuitcli.rows.gather import answer_of
from circuitcli.rows.gathered_point import Answer
from circuitcli.rows.pipeline import in_order
from circuitcli.rows.plan import Plan
from circuitcli.rows.row_by_row import Options, Progress, Told, wanted_of
from circuitcli.rows.row_check import Judge, Tally
from circuitcli.rows.rows_objective import Source
from circuitcli.tables.output_layout import Layout
from circuitcli.tables.storage import is_far, is_folder
from circuitcli.tables.streams import JSONL
from circuitcli.tables.text_rows import UNIT
from circuitcli.tables.writers import opened_sink

MOST = 100_000  # partitions, or the scheduler would be busier than the workers
ERRAND, ERRANDS = 16 * 2**20, 256  # bytes of small files that share a task, and how many may
CHECKED, SHARES = 2**13, 16  # bytes of rows that a task checks, at a millisecond or two each; tasks of a partition
WAITING = 2**28  # bytes of jobs that wait at the scheduler: with thousands of columns each has some
TRAVELLING = 16  # partitions whose rows are on their way here at a time


class Spread:
    """Files of the same columns, which only the workers read. `first` is what is known of the first of them."""

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
        self.size = sum(file.size for file in self._files)
        self._assumed: Sequence[str] = ()

    def assume(self, names: Sequence[str]) -> None:
        """Take names for columns of JSON Lines, where rows may have keys that the first has not."""
        if self.first.form == JSONL:
            self.first.assume(names)
            self.columns, self._assumed = list(self.first.columns), names

    def by_row(self, text: str, plan: Plan, layout: Layout, form: str, out: str | None, options: Options) -> Told:
        """Every row with its results: into the parts of a dataset where `out` is a directory, else gathered in order
        into one file or standard output."""
        job = self._job("rows", text, plan, options)
        job = job._replace(wanted=wanted_of(plan, layout), layout=layout, form=form)
        total = Told()
        if out and is_folder(out):
            dataset = Dataset(out, job.key, form)
            job = job._replace(doing="part", folder=_absolute(out))
            with dataset.written():
                for done in self._worked(job, self._cluster.ahead, options.progress):
                    dataset.add(done.found)
                    total = total.join(done.told)
            return total
        with opened_sink(form, out, self.first, layout) as sink:
            for done in self._worked(job, TRAVELLING, options.progress):
                for packed in done.found:
                    sink.write(sink.unpacked(packed))
                total = total.join(done.told)
        return total

    def gathered(self, text: str, plan: Plan, options: Options) -> tuple[Answer, Told]:
        """One answer from all rows."""
        tree: Tree[Leaf] = Tree()
        total = Told()
        job = self._job("gathered", text, plan, options)
        for done in self._worked(job, self._cluster.ahead, options.progress):
            for unit in done.found:
                tree.add(unit)
            total = total.join(done.told)
        return answer_of(plan, tree.joined(), total)

    def judged(self, text: str, plan: Plan, claim: str | None, options: Options) -> tuple[Tally, Told]:
        """The verdicts on the gradient in all rows."""
        total, told = Judge(plan, claim).nothing, Told()
        job = self._job("judged", text, plan, options)._replace(claim=claim)
        for done in self._worked(job, self._cluster.ahead, options.progress, self._shares()):
            total, told = total.join(done.found), told.join(done.told)
        return total, told

    def source(self, text: str, plan: Plan, sign: float, options: Options) -> Source:
        """The rows as an ascent sees them: held by the workers where they fit."""
        job = self._job("loaded", text, plan, options)._replace(sign=sign)
        return HeldRows(self._cluster, job, partial(self._done, progress=options.progress))

    def _job(self, doing: str, text: str, plan: Plan, options: Options) -> Job:
        return Job(
            uuid4().hex, doing, text, plan.given, plan.wrt, self._reading, options.policy, self.first, self.columns,
            self._assumed, plan.used, self._rows, options.engine,
        )  # fmt: skip

    def _partitions(self) -> Iterator[Partition]:
        """All partitions in order. Those of large files are made by workers."""

        def submit(file: File) -> Future[Any]:
            if file.size > least:
                return self._cluster.submit(answered, cut_up, file, self._reading, least)
            known: Future[Any] = Future()
            known.set_result([Partition(0, file, file.size)])
            return known

        number, least = 0, max(UNIT, self.size // MOST)
        for found in in_order(self._files, submit, self._cluster.ahead):
            if isinstance(found, CircuitError):
                raise found
            for partition in found:
                yield partition._replace(number=number)
                number += 1

    def _errands(self, most: int = ERRAND) -> Iterator[list[Partition]]:
        """The partitions of each task: neighbours that are small share one, while there are enough for all threads."""
        most = min(most, self.size // (4 * self._cluster.threads))
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
        """The same for what takes long over few rows: a larger partition is shared by tasks, which all read it, and so
        by not too many."""
        tasks = 4 * self._cluster.threads
        most = max(1, min(CHECKED, self.size // tasks))
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
        """What came of each partition that is sent to the workers, in order. A stretch of text that did not begin where
        the one before ends, for it began inside of quotes, is sent again; so is the first that has to name a line, of
        which it could not know the number. Tasks that share rows begin alike, and are sent again together."""
        end, line, told, position = 0, 1, Told(), 0
        begin, first = end, line
        spoken: set[str] = set()
        again: list[Future[Any]] = []
        for done in chain.from_iterable(in_order(errands or self._errands(), send, ahead, self._cluster.look)):
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
        """What came of a job with each partition."""
        ahead = min(ahead, max(2 * self._cluster.threads, WAITING // job.size))
        return self._done(partial(self._cluster.submit, work, job.sealed()), ahead, progress, errands)


def _spoken(done: Done) -> set[str]:
    """Of what a line was named: only the first of a kind is shown."""
    kinds = {"bad": done.told.first_bad, "nonfinite": done.told.first_nonfinite}
    return {kind for kind, there in kinds.items() if there}


def _absolute(name: str) -> str:
    """A name as it is good anywhere; one behind a URL is."""
    return name if is_far(name) else os.path.join(os.getcwd(), name)
