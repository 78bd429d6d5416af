"""The folders of a user in which circuit keeps files, on Linux, macOS and Windows.

XDG_CACHE_HOME and XDG_STATE_HOME go before the system's own places. Nothing here makes a folder.
"""

from __future__ import annotations

import os
import sys

PROGRAM = "circuit"


def cache_folder() -> str:
    """The folder for files that can be made again: the parse table."""
    return _folder("XDG_CACHE_HOME", ".cache", "Library/Caches")


def state_folder() -> str:
    """The folder for files that outlast a session: the history of the prompt."""
    return _folder("XDG_STATE_HOME", ".local/state", "Library/Application Support")


def _folder(variable: str, linux: str, macos: str) -> str:
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        usual = os.environ.get("LOCALAPPDATA") or home
    else:
        usual = os.path.join(home, macos if sys.platform == "darwin" else linux)
    return os.path.join(os.environ.get(variable) or usual, PROGRAM)
