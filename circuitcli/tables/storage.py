"""Where files are: on this machine, or behind a URL."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, BinaryIO

from circuitcli.atomic_files import whole_file
from circuitcli.errors import FileError, UsageError
from circuitcli.systems import path_of_url
from circuitcli.tables.storage_errors import is_missing, refusals
from circuitcli.urls import SCHEMES, bare, is_far, parts, refusal, shown_name

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem
    from pyarrow.fs import FileSystem

UNFINISHED, COMPLETE = "_UNFINISHED", "_SUCCESS"  # files in a directory while its rows are written, and afterwards
NATIVE = ("file", "gcs", "gs", "hdfs", "s3")  # schemes that pyarrow reads itself
NEAR = 2**18  # bytes by which a range may be longer than asked for
ATTEMPTS = 4  # at a request to S3; pyarrow would try a silent server for 100 seconds
SILENCE = 20.0  # seconds of a server of HTTP
PATIENCE = "retry_limit_seconds=10"  # for Google's storage, which would try for 15 minutes


def is_folder(name: str) -> bool:
    """Whether a name to write to is that of a directory."""
    return name.endswith("/") or os.path.isdir(name)


def real(name: str) -> str:
    """A name that is equal for two names of one file."""
    if name.startswith("file://"):
        return os.path.realpath(path_of_url(parts(name).path))
    return bare(name) if is_far(name) else os.path.realpath(name)


def filesystem(name: str) -> tuple[AbstractFileSystem, str]:
    """The fsspec filesystem of a file, and the path of the file there. The path is taken as it is written, as the tools
    of the clouds do: %20 is no space."""
    scheme = parts(name).scheme if is_far(name) else "file"
    if is_far(name) and (why := refusal(name)):
        raise UsageError(
            f"cannot open {shown_name(name)}: {why}", f"write SCHEME://..., with one of {', '.join(SCHEMES)}"
        )
    if find_spec("fsspec") is None:
        from circuitcli.extras import installing

        raise UsageError(f"files behind {scheme}:// need fsspec", f"install with: {installing('cluster')}")
    if is_far(name) and scheme in NATIVE:
        _, authority, path, query = parts(name)
        with refusals(shown_name(name), "open"):
            fs, root = _native(scheme, authority, query)
        return fs, path_of_url(root + path.rstrip("/")) or "/"
    import fsspec

    try:
        if scheme in ("http", "https"):  # paths are URLs there, and [::1] in them is no chain
            from aiohttp import ClientTimeout

            silence = ClientTimeout(total=None, sock_connect=SILENCE, sock_read=SILENCE)
            return fsspec.filesystem(scheme, client_kwargs={"timeout": silence}), name
        found: tuple[AbstractFileSystem, str] = fsspec.url_to_fs(name)
    except ImportError as error:  # whose message says what to install
        raise UsageError(f"files behind {scheme}:// need another package", str(error).partition("\n")[0]) from None
    return found


@lru_cache(maxsize=256)
def _native(scheme: str, authority: str, query: str) -> tuple[AbstractFileSystem, str]:
    """A filesystem of pyarrow, and the beginning of its paths. A thousand files of a bucket share one."""
    import pyarrow.fs
    from fsspec.implementations.arrow import ArrowFSWrapper

    if scheme in ("gs", "gcs") and "retry_limit_seconds" not in query:
        query = f"{query}&{PATIENCE}" if query else f"?{PATIENCE}"
    fs, root = pyarrow.fs.FileSystem.from_uri(f"{scheme}://{authority}/{query}")
    if scheme == "s3":  # a URL cannot name the retries: make the filesystem once more, as unpickling would
        made, (options,) = fs.__reduce__()
        fs = made({**options, "retry_strategy": pyarrow.fs.AwsStandardS3RetryStrategy(max_attempts=ATTEMPTS)})
    return ArrowFSWrapper(fs), root.rstrip("/")


def expand_far(name: str, titles: str, endings: tuple[str, ...]) -> list[str]:
    """The files for which a URL stands: one, those of a pattern, or those with these endings in a directory."""
    from glob import has_magic

    with refusals(shown_name(name)):
        fs, path = filesystem(name)
        kind = _kind(fs, path)
        if kind == "directory":
            found = [inside for inside in _below(fs, path) if inside.endswith(endings)]
            refuse_unfinished(shown_name(name), fs.exists(f"{path}/{UNFINISHED}"))
            if not found:
                raise no_files(shown_name(name), titles)
        elif kind or not has_magic(path):
            found = [path] if kind else []
        else:
            found = [match for match, about in fs.glob(path, detail=True).items() if about["type"] == "file"]
            found = [match for match in found if _hidden(path) or not _hidden(match)]
    found = [inside for inside in found if not inside.endswith("/" + COMPLETE)]
    if not found:
        raise FileError(f"no such file: {shown_name(name)}")
    return [name] if found == [path] else [_named(name, fs, path) for path in sorted(found)]


def no_files(shown: str, titles: str) -> FileError:
    """The error for a directory without files of the formats for which a directory may stand."""
    return FileError(f"{shown} is a directory without {titles} files", f"name its files: {shown.rstrip('/')}/*.csv")


def refuse_unfinished(shown: str, unfinished: bool) -> None:
    """Raise FileError for a directory in which rows are still missing."""
    if unfinished:
        raise FileError(
            f"{shown} is not complete: it has {UNFINISHED}", "whoever writes it is not through, or was broken off"
        )


def sizes(names: Sequence[str]) -> list[int | None]:
    """The size of each file in bytes, where it is known; a filesystem is asked once for all of its files."""
    found: dict[str, int | None] = {}
    far: dict[AbstractFileSystem, dict[str, str]] = {}
    for name in names:
        if is_far(name):
            fs, path = filesystem(name)
            far.setdefault(fs, {})[name] = path
        else:
            found[name] = os.path.getsize(name) if name != "-" and os.path.isfile(name) else None
    for fs, paths in far.items():
        with refusals(shown_name(next(iter(paths)))):
            asked = [*paths.values()]
            arrow = _arrow(fs)
            known = [about.size for about in arrow.get_file_info(asked)] if arrow else fs.sizes(asked)
            found |= dict(zip(paths, known, strict=True))
    return [found[name] for name in names]


def opened(name: str) -> tuple[BinaryIO, int | None]:
    """The file behind a URL, open to be read from its start, and its size in bytes, where it is known."""
    with refusals(shown_name(name)):
        fs, path = filesystem(name)
        if arrow := _arrow(fs):
            file = arrow.open_input_file(path)
            return file, file.size()
        # Over http ask for the whole file: many servers send no ranges.
        whole_only = {"block_size": 0} if path.startswith(("http://", "https://")) else {}
        return fs.open(path, "rb", **whole_only), fs.size(path)


def ranged(name: str) -> BinaryIO | None:
    """The file behind a URL, if its server sends ranges of it."""
    with refusals(shown_name(name)):
        fs, path = filesystem(name)
        file: BinaryIO = fs.open(path, "rb", block_size=NEAR)
        try:
            file.seek(-1, os.SEEK_END)
            file.read(1)
            file.seek(0)
        except (AttributeError, OSError, ValueError):
            file.close()
            return None
        return file


@contextmanager
def whole(name: str) -> Iterator[BinaryIO]:
    """A file to write, here or behind a URL. It takes its name only when it is complete; after an error the file that
    was there before is still there."""
    if not is_far(name):
        with whole_file(name) as stream:
            yield stream
        return
    from secrets import token_hex

    with refusals(shown_name(name), "write"):
        fs, path = filesystem(name)
        if path.endswith("/") or _kind(fs, path) == "directory":
            raise FileError(f"cannot write {shown_name(name)}: it is a directory")
        folder, _, last = path.rpartition("/")
        part = f"{folder}/.{last}.{token_hex(4)}.part"
        arrow = _arrow(fs)
        file = arrow.open_output_stream(part, compression=None) if arrow else fs.open(part, "wb")
    try:
        try:
            yield file
        except OSError as error:
            with refusals(shown_name(name), "write"):
                raise error
        with refusals(shown_name(name), "write"):
            file.close()
            fs.mv(part, path)
    except BaseException:
        with suppress(Exception):  # it may be gone, or the server
            file.close()
            fs.rm_file(part)
        raise


def _named(name: str, fs: AbstractFileSystem, path: str) -> str:
    """The URL of another file on the filesystem of a URL, with the same query."""
    scheme, authority, _, query = parts(name)
    if scheme in NATIVE:
        _, root = _native(scheme, authority, query)
        return f"{scheme}://{authority}{path.removeprefix(root)}{query}"
    return str(fs.unstrip_protocol(path))


def _kind(fs: AbstractFileSystem, path: str) -> str:
    """`file` or `directory`; empty where nothing is there."""
    try:
        return str(fs.info(path)["type"])
    except FileNotFoundError as error:
        if not is_missing(error):
            raise
        return ""


def _below(fs: AbstractFileSystem, path: str) -> list[str]:
    """All files of a directory and of the directories within it, but for hidden ones."""
    if arrow := _arrow(fs):
        from pyarrow.fs import FileSelector

        found = [about.path for about in arrow.get_file_info(FileSelector(path, recursive=True)) if about.is_file]
    else:
        found = fs.find(path)
    return [inside for inside in found if "/." not in inside.removeprefix(path)]


def _hidden(path: str) -> bool:
    return path.rpartition("/")[2].startswith(".")


def _arrow(fs: AbstractFileSystem) -> FileSystem | None:
    """The filesystem of pyarrow inside a wrapper of fsspec: pyarrow reads its files without a detour through Python."""
    from fsspec.implementations.arrow import ArrowFSWrapper

    return fs.fs if isinstance(fs, ArrowFSWrapper) else None
