"""The answer of a command in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from circuitcli.cli.options import TABLE

if TYPE_CHECKING:
    from circuitcli.cli.heard_commands import Heard

PAGE = "<!doctype html"
HEIGHT = 600  # pixels of a page within a notebook


class NotebookAnswer:
    """An answer that a notebook shows as tables or a picture. Its numbers are `value` and `gradient`, and `record` has
    all that --json has; `notes` are what was told beside it, and `status` is the exit status, which is not 0 after a
    check that failed."""

    def __init__(self, found: Heard) -> None:
        self._text, self.notes, self.status, self._given = found

    @property
    def record(self) -> Any:
        """All that was found, as --json has it; None where the command has pictures or texts."""
        return None if self._given is None else self._given[0].record()

    @property
    def value(self) -> Any:
        """The value of the output; None where the answer has none."""
        return self._entry("value")

    @property
    def gradient(self) -> Any:
        """The gradient, by the names of inputs; None where the answer has none."""
        return self._entry("gradient")

    def __str__(self) -> str:
        return "\n".join([self._text, *self.notes] if self._text else self.notes)

    def __repr__(self) -> str:
        """The text; of a picture, which is long, its length."""
        return f"a picture of {len(self._text):,} characters" if self._is_picture() else str(self)

    def _is_picture(self) -> bool:
        return self._text.startswith(("<svg", "<?xml")) or self._is_page()

    def _is_page(self) -> bool:
        return self._text[: len(PAGE)].lower() == PAGE

    def _entry(self, key: str) -> Any:
        record = self.record
        return record.get(key) if isinstance(record, Mapping) else None

    def _repr_svg_(self) -> str | None:
        """The picture of a command that draws one."""
        return self._text[self._text.index("<svg") :] if self._is_picture() and not self._is_page() else None

    def _repr_html_(self) -> str | None:
        """The tables of an answer, or a page in a frame; None for a text."""
        if self._is_page():
            return f'<iframe srcdoc="{escape(self._text)}" width="100%" height="{HEIGHT}" frameborder="0"></iframe>'
        if self._given is None or self._given[1].form != TABLE or self._given[1].quiet:
            return None
        from circuitcli.render.html_table import html_table

        blocks = [
            f"<pre>{escape(block)}</pre>" if isinstance(block, str) else html_table(block)
            for block in self._given[0].table()
        ]
        return "\n".join([*blocks, *(f"<p>{escape(line)}</p>" for line in self.notes)])
