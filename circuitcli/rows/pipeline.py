"""Work in order: a thread that reads, threads that work, and results as they were asked for.

A live source is answered at once: whatever has come is worked on while nothing else has, and while all are busy more
gathers. Ctrl-C ends it between two results, so that what was written is whole.
"""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Any

AHEAD = 2  # pieces a worker that may wait


PULSE = 1.0  # seconds of silence after which somebody looks whether all is well


def ordered(pieces: Iterable[Any], work: Callable[[Any], Any], jobs: int) -> Iterator[Any]:
    """The result of every piece, in order, by so many threads. Raises KeyboardInterrupt, between two results, on
    Ctrl-C."""
    with ThreadPoolExecutor(jobs) as pool:
        yield from in_order(pieces, lambda piece: pool.submit(work, piece), AHEAD * jobs)


def in_order(
    pieces: Iterable[Any], submit: Callable[[Any], Future[Any]], most: int, look: Callable[[], None] = lambda: None
) -> Iterator[Any]:
    """The result of every piece, in order, from whoever takes them: at most so many are out at a time. `look` may raise
    what is wrong when nothing has come for a while."""
    events: SimpleQueue[tuple[str, Any]] = SimpleQueue()
    room = threading.Semaphore(most)
    over, interrupted = threading.Event(), threading.Event()

    def read() -> None:
        try:
            for piece in pieces:
                room.acquire()
                if over.is_set():
                    return
                events.put(("piece", piece))
            events.put(("end", None))
        except BaseException as error:  # which is raised where the results are read
            events.put(("error", error))

    waiting: deque[Future[Any]] = deque()
    with _interrupts(events, interrupted):
        threading.Thread(target=read, daemon=True).start()
        ended: BaseException | None = None
        reading = True
        try:
            while reading or waiting:
                try:
                    what, got = events.get(timeout=PULSE)
                except Empty:
                    look()
                    continue
                if interrupted.is_set():
                    raise KeyboardInterrupt
                if what == "piece":
                    future = submit(got)
                    waiting.append(future)
                    future.add_done_callback(lambda _: events.put(("done", None)))
                elif what != "done":
                    reading, ended = False, got
                while waiting and waiting[0].done() and not interrupted.is_set():
                    yield waiting.popleft().result()
                    room.release()
        finally:
            over.set()
            room.release()
            for future in waiting:
                future.cancel()
        if ended is not None:
            raise ended


@contextmanager
def _interrupts(events: SimpleQueue[tuple[str, Any]], interrupted: threading.Event) -> Iterator[None]:
    """Ctrl-C, and a request to terminate, as an event; a second one as it was before."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def interrupt(number: int, frame: Any) -> None:
        signal.signal(number, before[signal.Signals(number)])
        interrupted.set()
        events.put(("interrupt", None))  # for who waits

    for number in before:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
