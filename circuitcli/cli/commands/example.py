"""circuit example: the files that the pages of help use, written where you are."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from circuitcli.cli.notes import note
from circuitcli.cli.offered_words import offered
from circuitcli.cli.teaching_help import TaughtCommand, taught
from circuitcli.errors import FileError, UsageError

EXAMPLES = (
    "# the files that there are\ncircuit example",
    "# rows to try the examples with\ncircuit example pts.csv",
    "# several\ncircuit example decay.csv pendulum.circuit",
)


def _files() -> dict[str, Path]:
    """The files, by their names."""
    from circuitcli.cli import topics

    return {name: topics.EXAMPLES / name for name in topics.example_names()}


@taught(EXAMPLES)
@click.command("example", cls=TaughtCommand)
@click.argument("names", nargs=-1, metavar="[FILE]...", shell_complete=offered(_files))
def command(names: Sequence[str]) -> int:
    """Write files that the examples use into this directory, and say which; without a name list them all.

    A file that is there with other content is not replaced.
    """
    from circuitcli.atomic_files import whole_file

    files = _files()
    for name in names:
        if name not in files:
            raise UsageError(f"there is no example {name}", f"there are: {', '.join(files)}")
    contents = {name: files[name].read_bytes() for name in names}
    for name, content in contents.items():
        place = Path(name)
        if place.exists() and (not place.is_file() or place.read_bytes() != content):
            raise FileError(f"{name} is here already, and another", "go to another directory, or rename it")
    for name, content in contents.items():
        with whole_file(name) as file:
            file.write(content)
        print(name)
    if not names:
        print(*files, sep="\n")
        if sys.stdout.isatty():
            note(f"nothing is written; circuit example {next(iter(files))} writes the first of them")
    return 0
