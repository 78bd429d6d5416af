"""Linux, macOS and Windows where they differ: files that are only ours, files that take another's place, requests to
end, the user's folders, and the library of C. No other file asks which system it is."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ctypes

WINDOWS, MACOS = sys.platform == "win32", sys.platform == "darwin"
# The requests to end that a program is told of; a terminal that is closed asks by SIGHUP, or on Windows by SIGBREAK.
ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
# Open a file that no other has opened or planted before; open one to read it, and wait for nobody.
NEW = os.O_CREAT | os.O_EXCL | _NO_LINK
_FOUND = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _NO_LINK
_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3  # of <malloc.h>
TRIES, PAUSE = 20, 0.05  # to take the place of a file that another program has open, and the seconds between them


def replace(part: str, target: str) -> None:
    """Give a file the name of another, whose place it takes. Windows refuses while somebody has that one open, such as
    a program that looks for viruses: it is tried for a second."""
    for _ in range(TRIES if WINDOWS else 0):
        try:
            os.replace(part, target)
            return
        except PermissionError:
            import time

            time.sleep(PAUSE)
    os.replace(part, target)


def locked(descriptor: int) -> bool:
    """Lock an open file for this process, until it is closed. False where another one has; True also where the system,
    or the place of the file, has no locks."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def remove_unused(path: str) -> None:
    """Remove a file that `locked` held once, unless a process still has it. Windows keeps all from removing what
    somebody has open."""
    if WINDOWS:
        os.unlink(path)
        return
    held = os.open(path, _FOUND)
    try:
        if stat.S_ISREG(os.fstat(held).st_mode) and locked(held):
            os.unlink(path)
    finally:
        os.close(held)


def set_mode(descriptor: int, mode: int) -> None:
    """Give an open file the permissions of another, where the system has them."""
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, mode)


def read_private(path: str) -> bytes:
    """The bytes of a file that nobody else can have written: file and folder are the user's, others cannot write them,
    and neither is a link. Raises OSError for any other file."""
    with _private_folder(path) as (folder, name):
        held = os.open(name, _FOUND, dir_fd=folder)
        with open(held, "rb") as file:
            about = os.fstat(held)
            if not stat.S_ISREG(about.st_mode) or about.st_nlink > 1:
                raise PermissionError(f"{path} is no file, or has another name")
            _refuse_of_others(about, path)
            return file.read()


def write_private(path: str, content: bytes) -> None:
    """Write a file that `read_private` reads, whole or not at all, in a folder that is made where it is missing. Raises
    OSError where others can write the folder."""
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    with _private_folder(path) as (folder, name):
        part = f"{name}.{os.urandom(8).hex()}"
        try:
            with open(os.open(part, os.O_WRONLY | NEW, 0o600, dir_fd=folder), "wb") as file:
                file.write(content)
            if folder is None:
                replace(part, name)
            else:
                os.replace(part, name, src_dir_fd=folder, dst_dir_fd=folder)
        except OSError:
            with suppress(OSError):
                os.unlink(part, dir_fd=folder)
            raise


@contextmanager
def _private_folder(path: str) -> Iterator[tuple[int | None, str]]:
    """The folder of a file, held open so that nobody can put another in its place, and the file's name in it. Windows
    holds no folder open, and gives those of a user to the user alone."""
    if WINDOWS:
        yield None, path
        return
    folder, name = os.path.split(path)
    held = os.open(folder or ".", _FOUND | os.O_DIRECTORY)
    try:
        _refuse_of_others(os.fstat(held), folder)
        yield held, name
    finally:
        os.close(held)


def _refuse_of_others(about: os.stat_result, path: str) -> None:
    """Raise PermissionError for what others can have written."""
    if not WINDOWS and (about.st_uid != os.geteuid() or about.st_mode & _OTHERS):
        raise PermissionError(f"others can write {path}")


def folder_of_user(windows: str, macos: str, others: str) -> str:
    """The folder of a user, by the name that it has on each system: a variable on Windows, else one below home."""
    home = os.path.expanduser("~")
    return os.environ.get(windows) or home if WINDOWS else os.path.join(home, macos if MACOS else others)


def path_of_url(path: str) -> str:
    """The path of a file in file:///PATH; on Windows there is a slash before the letter of a drive."""
    return path[1:] if WINDOWS and path[2:3] == ":" else path


def has_more(descriptor: int) -> bool:
    """Whether a pipe has bytes that can be read without waiting. Windows does not tell."""
    if WINDOWS:
        return False
    import select

    return bool(select.select([descriptor], [], [], 0)[0])


def bytes_wait() -> bool:
    """Whether somebody has written into standard input, which is a pipe or a file. Windows does not tell."""
    try:
        from array import array
        from fcntl import ioctl
        from termios import FIONREAD

        about, count = os.fstat(sys.stdin.fileno()), array("i", [0])
        if stat.S_ISREG(about.st_mode):
            return about.st_size > 0
        ioctl(sys.stdin.fileno(), FIONREAD, count)
        return stat.S_ISFIFO(about.st_mode) and count[0] > 0
    except (ImportError, OSError, ValueError, AttributeError):  # as where it is closed
        return False


def cores() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def c_library() -> ctypes.CDLL:
    """The library of C. Raises OSError where it cannot be found."""
    import ctypes

    return ctypes.CDLL("ucrtbase" if WINDOWS else None)


def keep_freed_memory() -> None:
    """Let the library of C keep the memory that is freed for its next use: threads that hand pages back, and take fresh
    ones, wait for one another in the kernel. Where there is a limit of memory, and beside glibc, all stays as it is."""
    if not sys.platform.startswith("linux") or has_memory_limit():
        return
    library = c_library()
    if hasattr(library, "mallopt"):
        for setting, size in ((_TRIM_THRESHOLD, 1 << 30), (_MMAP_THRESHOLD, 1 << 25), (_TOP_PAD, 1 << 26)):
            library.mallopt(setting, size)


def range_flags() -> int:
    """FE_OVERFLOW | FE_UNDERFLOW of <fenv.h> on this processor; 0 where they are not known."""
    import platform

    if WINDOWS:
        return 0
    return {"x86_64": 0x18, "AMD64": 0x18, "i686": 0x18, "aarch64": 0x0C, "arm64": 0x0C}.get(platform.machine(), 0)


@contextmanager
def deaf() -> Iterator[None]:
    """Processes that start meanwhile never hear of Ctrl-C, which a terminal sends to all; we hear of it afterwards."""
    import signal

    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def interrupts_kept(raised: list[BaseException]) -> Iterator[None]:
    """Ctrl-C meanwhile joins what was `raised`, for whoever calls code that tells of it in words of its own; another
    thread than the first never hears of it."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda number, frame: raised.append(KeyboardInterrupt()))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def after_fork(act: Callable[[], None]) -> None:
    """Act in every copy of this process, where the system makes copies."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=act)


def has_memory_limit() -> bool:
    """Whether this process may not take as much memory as there is (`ulimit -v`)."""
    try:
        import resource
    except ImportError:  # Windows, where no process has such a limit
        return False
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def memory() -> int:
    """The bytes of memory that this machine has, or that this process may take of them; 0 where nobody knows."""
    try:
        import resource

        there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ImportError, AttributeError, OSError, ValueError):  # Windows, and systems that do not tell
        return 0
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return there if limit == resource.RLIM_INFINITY else min(there, limit)


def refuse_without_room(size: int) -> None:
    """Raise MemoryError where this process may not take so many bytes more."""
    import mmap

    try:
        mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
    except OSError as error:
        raise MemoryError(f"no room for {size} bytes") from error


def interrupt() -> None:
    """End what runs as Ctrl-C does. Raises KeyboardInterrupt."""
    raise KeyboardInterrupt


@contextmanager
def on_request_to_end(act: Callable[[], None] = interrupt) -> Iterator[None]:
    """Act on Ctrl-C, a request to terminate or a lost terminal, by an interrupt where nobody says how; a second one
    does what it did before, and so does one that whoever started us wants to be ignored, as nohup does."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    known = [signal.Signals[name] for name in ENDING if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in known}
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
