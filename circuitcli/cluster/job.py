"""Job, a command as it travels to the workers: the circuit as text, which each of them compiles once."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from importlib.util import find_spec
from typing import NamedTuple, TypeVar, cast

from circuitcli import __version__
from circuitcli.cluster.worker_memory import keep_blocks
from circuitcli.errors import UsageError
from circuitcli.rows.plan import Plan
from circuitcli.tables.batch import Wanted
from circuitcli.tables.file_table import Table
from circuitcli.tables.joined_files import Reading
from circuitcli.tables.output_columns import OutputColumns

KEPT = 8  # jobs that a worker remembers

Made = TypeVar("Made")


class Job(NamedTuple):
    """Work to be done with each partition. `key` tells the run from others. `doing` is the kind of work: write a "part"
    of a dataset, send "rows" back, tell what is "gathered", "grouped" or "judged", or keep the columns "loaded" for
    "passes".

    `first` is the first file without its rows, `assumed` are names that it lacks and that count as columns, `rows` is
    about how many there are.
    """

    key: str
    doing: str
    text: str
    given: Mapping[str, float]
    wrt: Sequence[str] | None
    results: Mapping[str, int] | None  # None: the output
    reading: Reading
    wanted: Wanted
    first: Table
    columns: Sequence[str]
    assumed: Sequence[str]
    rows: float
    engine: str
    inside: Sequence[str] = ()
    by: str = ""  # the column that tells groups apart
    output: OutputColumns | None = None  # of rows that go out
    folder: str = ""  # of a dataset
    claim: str | None = None  # a gradient that is to be judged
    of: Sequence[str] = ()  # the results that are differentiated, where the last is not
    direction: Mapping[str, float] = {}  # of derivatives along it
    version: str = __version__
    fast: bool = find_spec("llvmlite") is not None
    recipe: str = ""  # equal where the same is to be compiled
    size: int = 0  # in bytes, when it travels

    def sealed(self) -> Job:
        """The job as it is sent."""
        data = pickle.dumps(self._replace(key="", folder=""))
        return self._replace(recipe=sha256(data).hexdigest(), size=len(data))


_kept: dict[str, object] = {}  # by recipe
_keeping = threading.Lock()  # a worker has threads


def compiled(job: Job, make: Callable[[Job, Plan, str], Made]) -> Made:
    """The circuit of a job as `make` compiles it, once for all jobs of one recipe. Raises UsageError where this worker
    is not like the others."""
    with _keeping:
        if job.recipe not in _kept:
            keep_blocks()
            made = make(job, _plan(job), job.engine if job.fast else job.engine or "arrays")
            while len(_kept) >= KEPT:
                del _kept[next(iter(_kept))]
            _kept[job.recipe] = made
        return cast(Made, _kept[job.recipe])


def _plan(job: Job) -> Plan:
    from circuitcli.read_circuit import ReadCircuit

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
    graph, given = ReadCircuit(job.text, parts=True).bind(job.given, {})
    columns, shown = [*job.columns, *job.inside], job.first.shown
    return Plan(graph, columns, given, job.wrt, False, shown, "", job.results, None, job.of, job.direction)
