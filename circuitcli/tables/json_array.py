"""One JSON array of rows, whatever writes the objects."""

from __future__ import annotations

from collections.abc import Sequence

from circuitcli.tables.text_family import TextWriter


class ArrayOfRows(TextWriter):
    """Rows in an array, which nothing closes where a run is broken off. They are rendered as `elements`."""

    _before = b"["  # the next rows

    def write(self, rendered: list[bytes | memoryview]) -> None:
        for piece in (self._before, *rendered):
            self.file.write(piece)
        self._before = b",\n"

    def close(self) -> None:
        self.file.write(b"[]\n" if self._before == b"[" else b"]\n")


def elements(lines: Sequence[bytes | memoryview]) -> list[bytes | memoryview]:
    """Objects on a line each, as elements of an array. Within a row the end of a line is no character."""
    text = b"".join(lines).rstrip()
    text = text.replace(b"\r\n", b"\n") if b"\r" in text else text
    return [text.replace(b"\n", b",\n")]
