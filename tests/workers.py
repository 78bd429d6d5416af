"""A scheduler of Dask and its workers, each a process of its own on this machine."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE = 120  # seconds in which all are there


def deadly(name: str, times: int) -> int:
    """A task that ends its worker so many times, and then answers. A file keeps the count."""
    with open(name, "ab") as file:
        file.write(b"x")
        count = file.tell()
    if count <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return count


class Workers:
    """A scheduler and so many workers, which a test may kill."""

    def __init__(self, folder: Path, count: int, *options: str, **env: str) -> None:
        self._folder, self._options = folder, options
        self._env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), **env}
        self._file = folder / "scheduler.json"
        self._processes: list[subprocess.Popen[bytes]] = []
        try:
            self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
            self._until(self._file.exists)
            self.address = str(json.loads(self._file.read_text())["address"])
            for _ in range(count):
                self.add()
            self._until(lambda: self._known() == count)
        except BaseException:
            self.close()
            raise

    def add(self) -> None:
        """Start a worker more."""
        self._start("worker", "--nthreads", "1", "--local-directory", str(self._folder), *self._options)

    def pids(self) -> list[int]:
        """The processes that work."""
        import psutil

        found = []
        for process in self._processes[1:]:
            with contextlib.suppress(psutil.Error):
                children = psutil.Process(process.pid).children()
                found += [child.pid for child in children if "spawn_main" in " ".join(child.cmdline())]
        return found

    def client(self) -> Any:
        """Who asks the scheduler."""
        from distributed import Client

        return Client(self.address, timeout=PATIENCE, set_as_default=False)

    def busy(self, client: Any) -> bool:
        """Whether all workers are there, and have tasks or rows."""
        known = client.scheduler_info(n_workers=-1)["workers"]
        at_work = [*client.processing().values(), *client.has_what().values()]
        return len(known) == len(self._processes) - 1 and any(at_work)

    def kill(self) -> None:
        """Kill all workers, and those who would start them again."""
        pids = self.pids()
        for process in self._processes[1:]:
            process.kill()
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_scheduler(self) -> None:
        """Kill who hands out the tasks."""
        self._processes[0].kill()

    def close(self) -> None:
        """End everything, and at once: to leave in peace takes them seconds."""
        self.kill()
        for process in self._processes:
            process.kill()
            process.wait()

    def _known(self) -> int:
        """The number of workers that the scheduler knows."""
        with self.client() as client:
            return int(client.scheduler_info(n_workers=0)["n_workers"])

    def _start(self, *words: str) -> None:
        log = (self._folder / f"{words[0]}{len(self._processes)}.log").open("wb")
        command = [sys.executable, "-W", "ignore", "-m", "dask", *words, "--scheduler-file", str(self._file)]
        self._processes.append(
            subprocess.Popen([*command, "--no-dashboard"], stdout=log, stderr=log, cwd=self._folder, env=self._env)
        )
        log.close()

    def _until(self, there: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not there():
            if time.monotonic() > end:
                logs = [path.read_text()[-2000:] for path in self._folder.glob("*.log")]
                raise AssertionError("\n".join(["the workers do not come", *logs]))
            time.sleep(0.2)
