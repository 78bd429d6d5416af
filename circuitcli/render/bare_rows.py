"""The bare results of rows with as many digits as are asked for, a line for each row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from circuitcli.render.number_format import bare
from circuitcli.tables.batch import Batch
from circuitcli.tables.row_writer import Writer


class BareWriter(Writer[bytes]):
    """Results alone, whatever reads the rows."""

    def render(self, batch: Batch, results: Mapping[str, Any]) -> bytes:
        columns = self.columns
        texts = [[bare(float(x), columns.digits) for x in results[name]] for name in columns.order]
        return "".join([columns.format.separator.join(row) + "\n" for row in zip(*texts, strict=True)]).encode()

    def write(self, rendered: bytes) -> None:
        self.file.write(rendered)
