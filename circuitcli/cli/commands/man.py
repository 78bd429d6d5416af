"""circuit man: the manual pages, put where man finds them, for installers that leave them out."""

from __future__ import annotations

import os

import click

from circuitcli.cli.teaching_help import TaughtCommand, taught

EXAMPLES = (
    "# then: man circuit-grad, man circuit-rows\ncircuit man",
    "# somewhere else\ncircuit man pages",
    "# there; man -M pages circuit-rows shows it\ncircuit man pages && ls pages/man7/circuit-rows.7",
)


@taught(EXAMPLES)
@click.command("man", cls=TaughtCommand)
@click.argument("directory", required=False, metavar="[DIRECTORY]")
def command(directory: str | None) -> int:
    """Write a manual page for every command (section 1) and every topic of circuit help (section 7).

    Without a directory they go to ~/.local/share/man (XDG_DATA_HOME), where man looks for the programs of ~/.local/bin.
    """
    import time

    from circuitcli.atomic_files import whole_text
    from circuitcli.cli.manual_pages import pages
    from circuitcli.cli.topic_manual import topic_pages
    from circuitcli.user_folders import manual_folder

    folder, day = directory or manual_folder(), time.strftime("%Y-%m-%d")
    found = pages(day) | topic_pages(day)
    for name, text in found.items():
        section = os.path.join(folder, f"man{name[-1]}")
        _make(section)
        with whole_text(os.path.join(section, name)) as file:
            file.write(text)
    print(f"{len(found)} pages below {folder}")
    return 0


def _make(folder: str) -> None:
    """Make a folder, where there is none. Raises FileError where that cannot be."""
    from circuitcli.errors import FileError, reason

    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise FileError(f"cannot make {folder}: {reason(error)}") from None
