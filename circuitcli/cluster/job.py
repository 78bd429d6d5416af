"""A command as it travels to the workers: the circuit as text, which each compiles once."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from importlib.util import find_spec
from typing import Any, NamedTuple

from circuitcli import __version__
from circuitcli.cluster.partition import Reading
from circuitcli.cluster.worker_memory import keep_blocks
from circuitcli.errors import UsageError
from circuitcli.rows.block_passes import Passes
from circuitcli.rows.gather import gatherer_of
from circuitcli.rows.plan import Plan
from circuitcli.rows.row_by_row import RowByRow
from circuitcli.rows.row_check import Judge
from circuitcli.tables.output_layout import Layout

KEPT = 8  # jobs that a worker remembers


class Job(NamedTuple):
    """What is to be done with each partition. `key` tells the run from others, `doing` says what: write a "part" of a
    dataset, give "rows" back, say what is "gathered" or "judged", or keep the columns "loaded" for "passes".

    `first` is what is known of the first file, `assumed` are names that are columns although it has them not, `wanted`
    the columns that are read; `rows` are about how many.
    """

    key: str
    doing: str
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
    sign: float = 1.0  # of what is climbed
    version: str = __version__
    fast: bool = find_spec("llvmlite") is not None
    recipe: str = ""  # by which a worker knows what it has compiled

    def sealed(self) -> Job:
        """The job as it is sent."""
        return self._replace(recipe=sha256(pickle.dumps(self._replace(key="", folder=""))).hexdigest())

    @property
    def size(self) -> int:
        """The bytes that travel."""
        return len(pickle.dumps(self))

    @property
    def by_name(self) -> bool:
        """Whether the order of columns says nothing: not where rows of text pass through as they are."""
        return self.layout is None or not self.layout.whole or self.form != self.first.form


class Compiled(NamedTuple):
    """What a worker makes of a job: the plan, and what does it."""

    job: Job
    plan: Plan
    made: Any  # RowByRow, Gatherer, Judge or Passes


def _by_row(job: Job, plan: Plan, engine: str) -> RowByRow:
    assert job.layout is not None
    return RowByRow(plan, job.layout, job.rows, engine)


_MAKERS: dict[str, Callable[[Job, Plan, str], Any]] = {
    "part": _by_row,
    "rows": _by_row,
    "gathered": lambda job, plan, engine: gatherer_of(plan, job.rows, engine),
    "judged": lambda job, plan, engine: Judge(plan, job.claim),
    "loaded": lambda job, plan, engine: None,
    "passes": lambda job, plan, engine: Passes(plan, plan.wrt or (), job.sign, int(job.rows), engine),
}

_kept: dict[str, Compiled] = {}
_keeping = threading.Lock()  # a worker has threads


def compiled(job: Job) -> Compiled:
    """What this process makes of a job, which it does once, also for a later command that is the same. Raises
    UsageError where it is not as the others are."""
    with _keeping:
        if job.recipe not in _kept:
            keep_blocks()
            made = _compiled(job)
            while len(_kept) >= KEPT:
                del _kept[next(iter(_kept))]
            _kept[job.recipe] = made
        return _kept[job.recipe]


def _compiled(job: Job) -> Compiled:
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
    graph, given = Circuit(job.text).bind(job.given, {})
    plan = Plan(graph, job.columns, given, job.wrt, False, job.first.shown)
    return Compiled(job, plan, _MAKERS[job.doing](job, plan, job.engine if job.fast else job.engine or "arrays"))
