"""The folders of a user in which circuit keeps files, on Linux, macOS and Windows.

XDG_CACHE_HOME, XDG_STATE_HOME and XDG_DATA_HOME go before the system's own places. Nothing here makes a folder.
"""

from __future__ import annotations

import os

from circuitcli.systems import folder_of_user

PROGRAM = "circuit"


def cache_folder() -> str:
    """The folder for files that can be made again: the parse table."""
    return _folder("XDG_CACHE_HOME", ".cache", "Library/Caches")


def state_folder() -> str:
    """The folder for files that outlast a session: the history of the prompt."""
    return _folder("XDG_STATE_HOME", ".local/state", "Library/Application Support")


def manual_folder() -> str:
    """The folder in which man looks for pages of the user's own programs, those in ~/.local/bin."""
    place = os.environ.get("XDG_DATA_HOME") or folder_of_user("LOCALAPPDATA", ".local/share", ".local/share")
    return os.path.join(place, "man")


def _folder(variable: str, linux: str, macos: str) -> str:
    return os.path.join(os.environ.get(variable) or folder_of_user("LOCALAPPDATA", macos, linux), PROGRAM)
