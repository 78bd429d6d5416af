"""A dataset: a directory with a part for each partition, and a file that says when it is complete."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO
from uuid import uuid4

from circuitcli.errors import FileError
from circuitcli.tables.formats import Format
from circuitcli.tables.storage import COMPLETE, UNFINISHED, filesystem
from circuitcli.tables.storage_errors import refusals
from circuitcli.urls import shown_name

ROUNDS, PAUSE = 10, 0.2  # attempts to remove a directory, and the seconds between them


def part_name(number: int, form: Format) -> str:
    """The name of a part. In the order of their names, the parts have the rows in order."""
    return f"part-{number:08d}{form.endings[0]}"


class Part:
    """A part, written under a hidden name until it is whole. Raises FileError if the run with this key has been given
    up meanwhile, and perhaps another has begun."""

    def __init__(self, folder: str, key: str, number: int, form: Format) -> None:
        self._places, path = filesystem(folder)
        self._shown, self._key = shown_name(folder), key
        self._folder = path.rstrip("/")
        self._name = f"{self._folder}/{part_name(number, form)}"
        self._hidden = f"{self._folder}/.{part_name(number, form)}.{uuid4().hex}"
        self.size = 0

    def __enter__(self) -> Part:
        with refusals(self._shown, "write"):
            self.file: IO[bytes] = self._places.open(self._hidden, "wb")
        return self

    def __exit__(self, kind: object, error: object, at: object) -> None:
        try:
            with refusals(self._shown, "write"):
                self.file.close()
                if kind is None:
                    if self._places.cat_file(f"{self._folder}/{UNFINISHED}") != self._key.encode():
                        raise FileError("this part is no longer wanted")
                    self.size = self._places.size(self._hidden)
                    self._places.mv(self._hidden, self._name)
        except FileError:
            if kind is None:  # else what went wrong first is told
                raise
        finally:
            with suppress(Exception):
                if self._places.exists(self._hidden):
                    self._places.rm_file(self._hidden)


class Dataset:
    """The directory of a run, which has a key. It is valid once it is complete; an error leaves nothing of it."""

    def __init__(self, folder: str, key: str, form: Format) -> None:
        self._shown, self._key, self._form = shown_name(folder), key, form
        self._places, path = filesystem(folder)
        self._path = path.rstrip("/")
        self._sizes: list[int] = []

    def add(self, size: int) -> None:
        """Count the next part, of so many bytes."""
        self._sizes.append(size)

    @contextmanager
    def written(self) -> Iterator[Dataset]:
        """The directory while parts are written; at the end it is made complete."""
        with refusals(self._shown, "write"):
            made = not self._places.exists(self._path)
            if not made and (there := [name for name in self._listed() if name]):
                torn = UNFINISHED in there
                hint = (
                    "a run was broken off there: remove it, or name another" if torn else "name another, or remove it"
                )
                raise FileError(f"{self._shown} has files in it", hint)
            self._places.makedirs(self._path, exist_ok=True)
            self._places.pipe_file(f"{self._path}/{UNFINISHED}", self._key.encode())
        try:
            yield self
            with refusals(self._shown, "write"):
                self._complete()
        except BaseException:
            self._give_up(made)
            raise

    def _listed(self) -> dict[str, int]:
        """The names in the directory, and the bytes of each."""
        found = self._places.ls(self._path, detail=True, refresh=True)
        return {entry["name"].rstrip("/").rpartition("/")[2]: entry["size"] for entry in found}

    def _complete(self) -> None:
        there = self._listed()
        for number, size in enumerate(self._sizes):
            name = part_name(number, self._form)
            if there.get(name) != size:
                raise FileError(
                    f"{self._shown} has no {name} as a worker has written it",
                    "name a directory that this machine and all workers share",
                )
        for name in there:
            if name.startswith(".part-"):  # of a worker that died over it
                self._places.rm_file(f"{self._path}/{name}")
        self._places.pipe_file(f"{self._path}/{COMPLETE}", b"")
        self._places.rm_file(f"{self._path}/{UNFINISHED}")

    def _give_up(self, made: bool) -> None:
        """Remove all that is ours, first the sign that parts are waited for: a worker may just be finishing one."""
        for _ in range(ROUNDS):
            with suppress(Exception):  # why there is an end is told already
                for name in sorted(self._listed(), key=lambda name: name != UNFINISHED):
                    if name == UNFINISHED or name.removeprefix(".").startswith("part-"):
                        with suppress(FileNotFoundError):
                            self._places.rm_file(f"{self._path}/{name}")
                if not made:
                    return
                if not self._listed():
                    self._places.rmdir(self._path)
                    return
            time.sleep(PAUSE)
