"""A line of progress on standard error: rows, rows a second and, where the size is known, the time that is left."""

from __future__ import annotations

import time
from types import TracebackType

PATIENCE = 0.5  # seconds before anything is shown


class RowProgress:
    """A line of progress, by Rich; `size` is the number of bytes, or None."""

    def __init__(self, size: int | None) -> None:
        self._size = size
        self._start = time.monotonic()
        self._bar: object | None = None

    def __enter__(self) -> RowProgress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        from rich.progress import Progress

        if isinstance(self._bar, Progress):
            self._bar.stop()

    def __call__(self, rows: int, position: int) -> None:
        """Show that so many rows are done, and so many bytes read."""
        seconds = time.monotonic() - self._start
        if seconds < PATIENCE:
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        if self._bar is None:
            known = [BarColumn(), TaskProgressColumn(), TimeRemainingColumn()] if self._size else []
            console = Console(stderr=True, highlight=False)
            self._bar = Progress(TextColumn("{task.description}"), *known, console=console, transient=True)
            self._bar.start()
            self._task = self._bar.add_task("", total=self._size)
        assert isinstance(self._bar, Progress)
        self._bar.update(self._task, completed=position, description=f"{rows:,} rows, {rows / seconds:,.0f} rows/s")
