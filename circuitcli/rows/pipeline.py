"""Work in order: a thread reads pieces, others work on them, and the results come in the order of the pieces.

A live source is answered at once: a piece is worked on as soon as it has come, and while all threads are busy more
pieces gather. Ctrl-C ends the work between two results, so that whole rows have been written.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from circuitcli.systems import on_request_to_end

if TYPE_CHECKING:
    from concurrent.futures import Future

AHEAD = 2  # pieces that may wait, for each thread
PULSE = 1.0  # seconds of silence after which `look` is called

Item = TypeVar("Item")
Result = TypeVar("Result")


class _Read(Generic[Item]):
    """A piece has been read."""

    def __init__(self, piece: Item) -> None:
        self.piece = piece


class _Ended(NamedTuple):
    """Nothing more will be read, perhaps because of an error."""

    error: BaseException | None = None


class _Woken(NamedTuple):
    """A result is ready, or Ctrl-C was pressed."""


def ordered(pieces: Iterable[Item], work: Callable[[Item], Result], jobs: int) -> Iterator[Result]:
    """The result of every piece, in order, by so many threads; by this one where they are none. On Ctrl-C raises
    KeyboardInterrupt between two results."""
    if not jobs:
        yield from map(work, pieces)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(jobs) as pool:
        yield from in_order(pieces, lambda piece: pool.submit(work, piece), AHEAD * jobs)


def in_order(
    pieces: Iterable[Item],
    submit: Callable[[Item], Future[Result]],
    most: int,
    look: Callable[[], None] = lambda: None,
) -> Iterator[Result]:
    """The result of every piece, in order. At most so many pieces are submitted at a time. `look` is called when
    nothing has come for a while, and may raise an error."""
    events: SimpleQueue[_Read[Item] | _Ended | _Woken] = SimpleQueue()
    room = threading.Semaphore(most)
    over, interrupted = threading.Event(), threading.Event()

    def interrupt() -> None:
        interrupted.set()
        events.put(_Woken())

    def read() -> None:
        try:
            for piece in pieces:
                room.acquire()
                if over.is_set():
                    return
                events.put(_Read(piece))
            events.put(_Ended())
        except BaseException as error:  # to be raised where the results are read
            events.put(_Ended(error))

    waiting: deque[Future[Result]] = deque()
    with on_request_to_end(interrupt):
        threading.Thread(target=read, daemon=True).start()
        ended: BaseException | None = None
        reading = True
        try:
            while reading or waiting:
                try:
                    event = events.get(timeout=PULSE)
                except Empty:
                    look()
                    continue
                if interrupted.is_set():
                    raise KeyboardInterrupt
                if isinstance(event, _Read):
                    future = submit(event.piece)
                    waiting.append(future)
                    future.add_done_callback(lambda _: events.put(_Woken()))
                elif isinstance(event, _Ended):
                    reading, ended = False, event.error
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
