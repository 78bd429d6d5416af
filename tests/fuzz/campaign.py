"""A campaign: the cases of a kind, one after the other, in a process that may crash or hang without harm."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from tests.fuzz.case import Case
from tests.fuzz.kinds import KINDS, Kind
from tests.fuzz.program import Program
from tests.fuzz.verdict import MEMORY

QUICK = "/dev/shm" if os.path.isdir("/dev/shm") else None  # for folders: in memory, where the system has that
SETTING_UP = 60.0  # seconds until the first case: libraries are imported, and sound files are made


@dataclass
class Report:
    """The ends of the cases of a kind: a count for each status, the faults by their seeds, and the peak of memory."""

    counts: Counter[int] = field(default_factory=Counter)
    faults: dict[int, str] = field(default_factory=dict)
    peak: int = 0  # bytes
    seconds: float = 0.0

    @property
    def cases(self) -> int:
        """The cases that were run."""
        return sum(self.counts.values()) + len(self.faults)


def campaign(
    name: str,
    cases: Iterable[tuple[int, Case | None]],
    seconds: float = float("inf"),
    found: Callable[[int, str, Case], None] = lambda seed, fault, case: None,
    kinds: dict[str, Kind] = KINDS,
) -> Report:
    """Run cases of a kind, those of None drawn from their seeds, for so many seconds; `found` is told of each fault."""
    report, left, begin = Report(), iter(cases), time.monotonic()
    going = True
    while going:  # where a process died over a case, the next goes on behind it
        with tempfile.TemporaryDirectory(prefix="fuzz-", dir=QUICK, ignore_cleanup_errors=True) as place:
            going = _one_process(kinds[name], place, left, begin + seconds, report, found)
    report.seconds = time.monotonic() - begin
    return report


def _one_process(
    kind: Kind,
    place: str,
    cases: Iterator[tuple[int, Case | None]],
    end: float,
    report: Report,
    found: Callable[[int, str, Case], None],
) -> bool:
    """Run cases in one process until all is done; return whether it ended over a case before that."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_work, args=(kind, place, theirs))
    process.start()
    theirs.close()
    alive = True
    try:
        if not ours.poll(SETTING_UP) or not ours.recv():
            raise TimeoutError("the process does not start")
        for seed, given in cases:
            try:
                ours.send((seed, given))
                if alive := ours.poll(kind.patience):
                    status, fault, peak = ours.recv()
                    report.peak = max(report.peak, peak)
                else:
                    fault = f"hang: nothing for {kind.patience:g} s"
            except (EOFError, OSError):
                alive = False
                process.join()
                fault = f"crash: exit {process.exitcode}"
            if fault:
                report.faults[seed] = fault
                found(seed, fault, given or kind.draw(Random(seed)))
            else:
                report.counts[status] += 1
            if not alive or time.monotonic() > end:
                break
    finally:
        ours.close()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid or 0, signal.SIGKILL)  # with all that it started
        process.kill()
        process.join()
    return not alive and time.monotonic() < end


def _work(kind: Kind, place: str, pipe: Connection) -> None:
    """Run each case that comes, and answer its status, its fault and the peak of memory so far."""
    import resource

    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    program = Program()
    kind.draw(Random(0))  # which makes what all cases need
    pipe.send(True)
    with suppress(EOFError):
        while True:
            seed, given = pipe.recv()
            status, fault = _run(kind, program, given or kind.draw(Random(seed)), place)
            pipe.send((status, fault, _peak()))


def _peak() -> int:
    """The most bytes that this process, or one that it started, had in memory. Linux counts for `getrusage` what the
    process that started this one had, too."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with suppress(OSError), open("/proc/self/status", encoding="ascii", errors="replace") as status:
        (own,) = [line.split()[1] for line in status if line.startswith("VmHWM:")]
        return max(peak, int(own)) * 1024
    return max(peak, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * 1024


def _run(kind: Kind, program: Program, case: Case, place: str) -> tuple[int, str]:
    """Run a case in a folder of its own, within a place."""
    folder = Path(tempfile.mkdtemp(dir=place))
    try:
        case.lay(folder)
        done, fault = kind.run(program, case, folder)
        return int(done.status), fault
    finally:
        shutil.rmtree(folder, ignore_errors=True)
