"""Linux, macOS and Windows where they differ: locks of files, links that are not followed, and requests to end."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

# The requests to end that a program is told of; a terminal that is closed asks by SIGHUP, which Windows has not.
ENDING = tuple(signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
# Open a file that no other has opened or planted before.
NEW = os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def locked(descriptor: int) -> bool:
    """Lock an open file for this process, until it is closed. False where another one has; True also where the system,
    or the place of the file, has no locks."""
    try:
        import fcntl
    except ImportError:
        return True  # Windows keeps others from removing an open file
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def set_mode(descriptor: int, mode: int) -> None:
    """Give an open file the permissions of another, where the system has them."""
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, mode)


@contextmanager
def on_request_to_end(act: Callable[[], None]) -> Iterator[None]:
    """Act on Ctrl-C, a request to terminate or a lost terminal; a second one does what it did before, and so does one
    that whoever started us wants to be ignored, as nohup does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    before = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}

    def asked(number: int, frame: FrameType | None) -> None:
        signal.signal(number, before[signal.Signals(number)])
        act()

    for number in before:
        signal.signal(number, asked)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
