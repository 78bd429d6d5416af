"""The file that keeps what was typed at the prompt, across sessions."""

from __future__ import annotations

import os

from circuitcli.user_folders import state_folder


def history_file() -> str:
    """The file, made where there is none, for its user alone; empty where it cannot be written."""
    path = os.path.join(state_folder(), "history")
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600))
    except OSError:
        return ""
    return path
