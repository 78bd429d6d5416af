"""A command as it travels to the workers: the circuit as text, which each compiles once."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.util import find_spec
from typing import Any, NamedTuple

from circuitcli import __version__
from circuitcli.cluster.partition import Reading
from circuitcli.errors import UsageError
from circuitcli.rows.aggregate import Gatherer
from circuitcli.rows.gather import gatherer_of
from circuitcli.rows.judged import Judge
from circuitcli.rows.layout import Layout
from circuitcli.rows.plan import Plan
from circuitcli.rows.run import RowByRow

KEPT = 4  # commands that a worker remembers


class Job(NamedTuple):
    """A command: `key` tells it from others, `first` is what is known of the first file, `assumed` are names that are
    columns although it has them not, `wanted` the columns that are read; `rows` are about how many."""

    key: str
    text: str
    given: Mapping[str, float]
    wrt: Sequence[str] | None
    reading: Reading
    policy: str
    first: Any
    columns: Sequence[str]
    assumed: Sequence[str]
    wanted: Sequence[str]
    rows: float
    engine: str
    layout: Layout | None = None
    form: str = ""  # that rows are written in
    folder: str = ""  # where parts go
    claim: str | None = None  # a gradient that is to be judged
    version: str = __version__
    fast: bool = find_spec("llvmlite") is not None

    @property
    def by_name(self) -> bool:
        """Whether the order of columns says nothing: not where rows of text pass through as they are."""
        return self.layout is None or not self.layout.whole or self.form != self.first.form


class Compiled:
    """What a worker makes of a job."""

    def __init__(self, job: Job) -> None:
        from circuitcli.api import Circuit

        if job.version != __version__:
            raise UsageError(
                f"the workers run circuit {__version__}, and this is {job.version}",
                f"install the same on all: pip install circuitcli=={job.version}",
            )
        if job.fast and find_spec("llvmlite") is None:
            raise UsageError(
                "a worker has no llvmlite, and this machine has it: the bits would differ",
                'install it on the workers: pip install "circuitcli[fast]"',
            )
        self.job = job
        self._engine = job.engine if job.fast else job.engine or "arrays"
        graph, given = Circuit(job.text).bind(job.given, {})
        self.plan = Plan(graph, job.columns, given, job.wrt, False, job.first.shown)

    @cached_property
    def by_row(self) -> RowByRow:
        assert self.job.layout is not None
        return RowByRow(self.plan, self.job.layout, self.job.rows, self._engine)

    @cached_property
    def judge(self) -> Judge:
        return Judge(self.plan, self.job.claim)

    @cached_property
    def gatherer(self) -> Gatherer:
        return gatherer_of(self.plan, self.job.rows, self._engine)


_kept: dict[str, Compiled] = {}
_keeping = threading.Lock()  # a worker has threads


def compiled(job: Job) -> Compiled:
    """What this process makes of a job, which it does once."""
    with _keeping:
        if job.key not in _kept:
            made = Compiled(job)
            made.by_row if job.layout is not None else made.gatherer  # noqa: B018  within the lock
            while len(_kept) >= KEPT:
                del _kept[next(iter(_kept))]
            _kept[job.key] = made
        return _kept[job.key]
