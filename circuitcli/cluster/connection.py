"""The connection to a cluster: find its scheduler, wait for its workers, tell its errors as ours."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, wait
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from circuitcli.cluster.library_errors import CHANCES, is_of_library, scheduler_gone, told_in_sentences
from circuitcli.compat import loggers_of, scheduler_totals, start_resource_tracker
from circuitcli.errors import ClusterError
from circuitcli.systems import deaf

if TYPE_CHECKING:
    from distributed import Client, LocalCluster
    from distributed import Future as DaskFuture

T = TypeVar("T")

LOCAL = "local"
SILENT = 60  # a level of the log above all
PATIENCE = 10.0  # seconds in which a scheduler should answer
WAIT, HOPE = 30.0, 5.0  # seconds without any worker until we give up, unless Dask has a setting; and until we say so
AHEAD = 1000  # tasks that may be out at a time, beside two for each thread
NEEDED = ("circuitcli", "numpy", "orjson", "pyarrow")  # packages of a worker
PULSE = 1.0  # seconds between looks at a task that is waited for


class Cluster:
    """The workers behind a scheduler. Raises ClusterError where they are lost."""

    def __init__(self, client: Client, shown: str, say: Callable[[str], None]) -> None:
        self._client, self._shown, self._say = client, shown, say
        self._pool = client.get_executor(pure=False)
        self._wait = _patience()
        self._alone: float | None = None  # since when there are no workers
        self._said = False  # whether that was told

    def start(self) -> None:
        """Wait for workers, and see that they have the packages that they need."""
        while not self._count("total_threads"):
            self.look()
            time.sleep(0.1)
        self._refuse_strangers()

    @property
    def threads(self) -> int:
        """The number of tasks that run at a time; at least one, though all workers may just have died."""
        return max(1, self._count("total_threads"))

    @property
    def memory(self) -> int:
        """The memory that the workers may use, in bytes."""
        return self._count("total_memory")

    @property
    def ahead(self) -> int:
        """The number of tasks that may be out at a time."""
        return AHEAD + 2 * self.threads

    def submit(self, action: Callable[..., T], *arguments: object) -> Future[T]:
        """Have a worker do something."""
        return self.insist(lambda chance: self.attempt(action, *arguments))

    def attempt(self, action: Callable[..., T], *arguments: object) -> Future[T]:
        """Like `submit`, without our retry: Dask gives up after a few worker deaths, which others may have caused."""
        future: Future[T] = self._pool.submit(action, *arguments)
        return future

    def insist(self, send: Callable[[int], Future[T]]) -> Future[T]:
        """The future of an attempt that `send` makes, and makes again where Dask gives it up or stumbles itself. `send`
        is told the number of the attempt, from 1 on."""
        from distributed.scheduler import KilledWorker

        found: Future[T] = Future()

        def begin(chance: int) -> None:
            future = send(chance)
            found.add_done_callback(lambda _: found.cancelled() and future.cancel())
            future.add_done_callback(partial(end, chance))

        def end(chance: int, future: Future[T]) -> None:
            error = CancelledError() if future.cancelled() else future.exception()
            if error is not None and (isinstance(error, KilledWorker) or is_of_library(error)) and chance < CHANCES:
                try:
                    return begin(chance + 1)
                except Exception as closed:  # an error that nobody would hear of here
                    error = closed
            if not found.set_running_or_notify_cancel():
                return None
            return found.set_result(future.result()) if error is None else found.set_exception(error)

        begin(1)
        return found

    def keep(self, action: Callable[..., object], *arguments: object) -> DaskFuture:
        """Have a worker make something and keep it. The future stands for it among later arguments."""
        return self._client.submit(action, *arguments, pure=False)

    def workers(self) -> dict[str, int]:
        """The number of threads of each worker, by its address."""
        there = self._client.scheduler_info(n_workers=-1)["workers"]
        return {address: int(worker["nthreads"]) for address, worker in there.items()}

    def holders(self, kept: Sequence[DaskFuture]) -> list[str]:
        """The address of the worker that has each of these things; empty where none has it just now."""
        where = self._client.who_has(kept)
        return [next(iter(where.get(thing.key, ())), "") for thing in kept]

    def call(self, action: Callable[..., T], *arguments: object) -> T:
        """Have a worker do something, wait for it, and return the result."""
        return self.result(self.submit(action, *arguments))

    def result(self, future: Future[T]) -> T:
        """Wait for a future and return its result."""
        while not wait([future], PULSE).done:
            self.look()
        return future.result()

    def look(self) -> None:
        """See whether there still are workers. Raises ClusterError after a while without any."""
        if self._count("total_threads"):
            self._alone, self._said = None, False
            return
        now = time.monotonic()
        self._alone = self._alone or now
        if now - self._alone > self._wait:
            hint = f"start some: dask worker {self._shown}; what ended the others is in their logs"
            raise ClusterError(f"the cluster at {self._shown} has no workers", hint)
        if now - self._alone > HOPE and not self._said:
            self._said = True
            self._say(f"the cluster at {self._shown} has no workers; one is waited for {self._wait:.0f} s")

    def _refuse_strangers(self) -> None:
        """Raise ClusterError where workers lack a package: a task of ours would end them."""
        from importlib.util import find_spec  # as all of them have

        for package in NEEDED:
            seen = self._client.run(find_spec, package, on_error="return")
            without = [worker for worker, spec in seen.items() if spec is None]
            if without:
                some = f"{len(without)} of the {len(seen)} workers" if len(without) < len(seen) else "the workers"
                raise ClusterError(
                    f"{some} at {self._shown} have no {package}, such as {without[0]}",
                    'install it where they run: pip install "circuitcli[cluster,fast]"',
                )

    def _count(self, what: str) -> int:
        """A number that the scheduler knows about all workers."""
        if self._client.status != "running":
            raise scheduler_gone(self._shown)
        try:
            return int(scheduler_totals(self._client, PATIENCE)[what])
        except (OSError, TimeoutError, asyncio.TimeoutError):
            raise scheduler_gone(self._shown) from None

    @contextmanager
    def told(self) -> Iterator[None]:
        """Tell errors of the cluster as ours. At the end no work of ours is left there."""
        try:
            with told_in_sentences(self._shown):
                yield
        finally:
            with suppress(RuntimeError):  # somebody is still sending
                self._pool.shutdown(wait=False)


@contextmanager
def connected(address: str, jobs: int, say: Callable[[str], None]) -> Iterator[Cluster]:
    """The cluster at an address; for `local` one of `jobs` processes on this machine, which ends with the block. `say`
    tells the user why there is a wait."""
    from distributed import LocalCluster

    _hush()
    with ExitStack() as stack:
        there: str | LocalCluster = address
        _refuse_uncertain(address)
        if address == LOCAL:
            start_resource_tracker()  # or the first process would start it, and hear again
            with deaf():
                there = LocalCluster(
                    n_workers=jobs, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=SILENT
                )
            stack.enter_context(there)
        client = _client(there, address)
        stack.enter_context(client)
        cluster = Cluster(client, address, say)
        with cluster.told():
            cluster.start()
            yield cluster


def _client(there: str | LocalCluster, address: str) -> Client:
    """The client of a cluster. Anything may answer at an address, and Dask might wait for its words for ever."""
    from distributed import Client

    found: Future[Client] = Future()

    def connect() -> None:
        try:
            found.set_result(Client(there, timeout=PATIENCE, set_as_default=False, direct_to_workers=there != address))
        except Exception as error:
            found.set_exception(error)

    _attempts.append(found)
    threading.Thread(target=connect, daemon=True).start()
    wait([found], PATIENCE + 2.0)
    error = found.exception() if found.done() else None
    if isinstance(error, ValueError):
        raise ClusterError(
            f"{address} is no address of a cluster", "write --cluster tcp://HOST:8786, or --cluster local"
        )
    if error is not None or not found.done():
        raise ClusterError(
            f"no scheduler answers at {address}",
            "dask scheduler starts one, and says where; --cluster local needs none",
        )
    return found.result()


_attempts: list[Future[Client]] = []  # kept alive: to forget a client that failed takes 20 seconds


def _patience() -> float:
    """The number of seconds that tasks may wait for a worker."""
    import dask
    from dask.utils import parse_timedelta

    told = dask.config.get("distributed.scheduler.no-workers-timeout", None)
    return WAIT if told is None else float(parse_timedelta(told))


def _refuse_uncertain(address: str) -> None:
    """Raise ClusterError for an address with TLS where Dask has no certificates."""
    if not address.startswith("tls://"):
        return
    from distributed.security import Security

    try:
        known = Security().get_connection_args("client")["ssl_context"]
    except OSError as error:  # of the files, or of their content
        raise ClusterError(f"cannot use the certificates that Dask is told: {error}") from None
    if known is None:
        raise ClusterError(
            "tls:// needs certificates, and Dask is told none",
            "set ca-file, client.key and client.cert of distributed.comm.tls in its configuration",
        )


def _hush() -> None:
    """Keep the library from telling at length what we tell in a sentence."""
    import warnings

    warnings.filterwarnings("ignore", module="distributed")
    for logger in loggers_of(("distributed", "tornado")):
        logger.setLevel(SILENT)
