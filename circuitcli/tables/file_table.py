"""What all forms of tables have in common."""

from __future__ import annotations

from typing import Any

_OPEN = ("stream", "_pieces", "_first", "_file", "_reader")


class FileTable:
    """A file of rows that is open. A copy that travels has what is known of it, and no open file."""

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in _OPEN}
