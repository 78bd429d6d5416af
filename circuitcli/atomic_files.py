"""Files that appear whole or not at all.

A part is written beside the file, under a name of its own that nobody could plant, and takes the file's name when it is
on the disk. A lock tells a part that somebody writes from one that was left behind by a process that was killed: the
next one that writes there removes it.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import BinaryIO, TextIO

from circuitcli.errors import FileError, reason
from circuitcli.systems import NEW, locked, remove_unused, replace, set_mode

LONGEST = 255  # bytes of a name
END = ".part"
TRIES = 100  # names, until one is free

_swept: set[str] = set()  # the files whose parts were looked for


@contextmanager
def whole_text(path: str) -> Iterator[TextIO]:
    """Open a file of text for writing; it takes its name when it is complete."""
    with whole_file(path) as stream, as_text(stream) as text:
        yield text


@contextmanager
def as_text(stream: BinaryIO) -> Iterator[TextIO]:
    """Write text to a stream of bytes, and leave it open."""
    text = TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    with _at_end(text.detach):
        yield text


@contextmanager
def whole_file(path: str) -> Iterator[BinaryIO]:
    """Open a file for writing; it takes its name when it is complete. After an error the old file is still there. It
    keeps the permissions of the old file, and a new one has those that are usual."""
    target = os.path.realpath(path)  # a link stays a link
    if os.path.islink(target):  # it leads to itself
        raise FileError(f"cannot write {path}: {os.strerror(errno.ELOOP)}")
    if os.path.isdir(target):
        raise FileError(f"cannot write {path}: it is a directory", "name a file in it")
    # A device or a pipe is written directly: to replace it would destroy it.
    special = os.path.exists(path) and not os.path.isfile(target)
    try:
        with _closed(open(path, "wb")) if special else _replaced(target) as stream:
            yield stream
    except OSError as error:
        if isinstance(error, (FileError, BrokenPipeError)):
            raise
        there = os.path.isdir(os.path.dirname(target))
        hint = "" if there else f"there is no folder {os.path.dirname(path)}: make it, or name another"
        raise FileError(f"cannot write {path}: {reason(error)}", hint) from None


@contextmanager
def _closed(stream: BinaryIO) -> Iterator[BinaryIO]:
    """A stream, closed behind the block."""
    with _at_end(stream.close):
        yield stream


@contextmanager
def _at_end(act: Callable[[], object]) -> Iterator[None]:
    """Act behind the block; after an error in it, what the disk has no room for does not matter."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            act()
        raise
    act()


@contextmanager
def _replaced(target: str) -> Iterator[BinaryIO]:
    """A part of a file, which replaces it."""
    if target not in _swept:
        _swept.add(target)
        _sweep(target)
    made: list[str] = []
    try:
        part, held = _new_part(target, made)
        try:
            with _closed(open(os.dup(held), "wb")) as stream:
                yield stream
            os.fsync(held)
        finally:
            os.close(held)
        replace(part, target)
    except BaseException:
        for part in made:
            with suppress(OSError):
                os.unlink(part)
        raise


def _new_part(target: str, made: list[str]) -> tuple[str, int]:
    """A new file beside another, with its permissions, and locked. Its name is in `made` before it is there: a signal
    may come between any two lines."""
    mode = stat.S_IMODE(os.stat(target).st_mode) if os.path.exists(target) else None
    start = _start(target)
    for _ in range(TRIES):
        part = f"{start}{os.urandom(8).hex()}{END}"
        made[:] = [part]
        try:
            held = os.open(part, os.O_RDWR | NEW, 0o666 if mode is None else 0o600)
        except FileExistsError:
            made.clear()
            continue
        try:
            if mode is not None:
                set_mode(held, mode)
            if locked(held) and os.path.exists(part):  # nobody took it for one that was left behind
                return part, held
        except BaseException:
            os.close(held)
            raise
        os.close(held)
    raise FileExistsError(0, "no name is free for its part")


def _start(target: str) -> str:
    """The beginning of the names of a file's parts, which are no longer than names may be."""
    folder, name = os.path.split(target)
    most = LONGEST - len(f"..{'0' * 16}{END}")
    return os.path.join(folder, f".{os.fsdecode(os.fsencode(name)[:most])}.")


def _sweep(target: str) -> None:
    """Remove the parts of a file that nobody writes any more."""
    folder, start = os.path.split(_start(target))
    with suppress(OSError), os.scandir(folder) as entries:
        found = [entry.path for entry in entries if entry.name.startswith(start) and entry.name.endswith(END)]
        for part in found:
            _remove_if_left(part, len(start))


def _remove_if_left(part: str, before: int) -> None:
    """Remove a part, unless another process has it locked, or the name is not one of ours."""
    middle = os.path.basename(part)[before : -len(END)]
    if len(middle) != 16 or not set(middle) <= set("0123456789abcdef"):
        return
    with suppress(OSError):
        remove_unused(part)
