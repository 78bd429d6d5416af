"""The files that a command line names: plain names, patterns, directories and URLs."""

from __future__ import annotations

import os
from collections.abc import Sequence

from circuitcli.errors import FileError, UsageError
from circuitcli.tables.formats import FORMATS
from circuitcli.tables.storage import COMPLETE, UNFINISHED, expand_far, no_files, refuse_unfinished
from circuitcli.urls import is_far


def expand(names: Sequence[str]) -> list[str]:
    """The files for which names, patterns and directories stand."""
    return [path for path, _ in found_files(names)]


def found_files(names: Sequence[str]) -> list[tuple[str, str]]:
    """The files for which names, patterns and directories stand, each with the name that stands for it."""
    from glob import glob, has_magic

    stored = [row for row in FORMATS.values() if row.in_folders]
    titles, endings = " or ".join(row.title for row in stored), tuple(row.endings[0] for row in stored)
    found: list[tuple[str, str]] = []
    for name in names:
        if is_far(name):
            found += [(path, name) for path in expand_far(name, titles, endings)]
        elif name == "-" or os.path.isfile(name):
            found.append((name, name))
        elif os.path.isdir(name):
            refuse_unfinished(name, os.path.exists(os.path.join(name, UNFINISHED)))
            every = os.path.join(name, "**", "*")
            inside = sorted(path for ending in endings for path in glob(every + ending, recursive=True))
            found += [(path, name) for path in inside or _of_one_kind(name, every, titles)]
        elif has_magic(name) and (matches := sorted(glob(name, recursive=True))):
            found += [(path, name) for path in matches]
        elif os.path.exists(name):
            found.append((name, name))  # a pipe or a device
        else:
            raise FileError(f"no such file: {name}")
    refuse_unfinished(", ".join(names), any(os.path.basename(path) == UNFINISHED for path, _ in found))
    if len(found) > 1:  # which the shell may have made of DIR/*
        found = [(path, name) for path, name in found if os.path.basename(path) != COMPLETE]
    if found.count(("-", "-")) > 1:
        raise UsageError("standard input can be read only once", "name a file for one of them")
    return found


def _of_one_kind(name: str, every: str, titles: str) -> list[str]:
    """The files of text in a directory, all of which are of one format. Raises FileError where there are none, and
    where they are of several."""
    from glob import glob

    texts = {row.title: [every + ending for ending in row.endings] for row in FORMATS.values() if not row.in_folders}
    files = {title: sorted(p for each in some for p in glob(each, recursive=True)) for title, some in texts.items()}
    titled = [title for title, paths in files.items() if paths]
    if not titled:
        raise no_files(name, titles)
    if len(titled) > 1:
        why = f"{name} is a directory with {' and '.join(titled)} files"
        raise FileError(why, f"name some of them: {name.rstrip('/')}/*.csv")
    return files[titled[0]]
