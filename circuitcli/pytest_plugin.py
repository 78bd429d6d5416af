"""A plugin for pytest, which tests the claimed gradients in files whose names end in .claims: a line each.

# the worksheet of the third week
x^2*y   | x=3, y=2 | x = 2*x*y; y = x^2     at a point, beside a numerical gradient
sqrt(x) | x=1..2   | 1/(2*sqrt(x))          all over a range, proven
tanh(x) |          | 1 - tanh(x)^2          as formulas
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ENDING = ".claims"
COMMENT = "#"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ClaimsFile | None:
    """Collect the files of claims."""
    return ClaimsFile.from_parent(parent, path=file_path) if file_path.suffix == ENDING else None


class ClaimError(Exception):
    """A claim that does not hold, with the table that shows it."""


class ClaimsFile(pytest.File):
    """A file of claims. Blank lines and comments are none."""

    def collect(self) -> Iterator[ClaimItem]:
        """Make a test of each claim."""
        for number, line in enumerate(self.path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1):
            if text := line.partition(COMMENT)[0].strip():
                name = f"line {number}: {text.partition('|')[0].strip()}"
                yield ClaimItem.from_parent(self, name=name, text=text, number=number)


class ClaimItem(pytest.Item):
    """The test of one claim."""

    def __init__(self, *, text: str, number: int, **others: Any) -> None:
        super().__init__(**others)
        self.text, self.number = text, number

    def runtest(self) -> None:
        """Ask for the verdict on the claim."""
        from circuitcli.cli.claim_lines import judged

        found = judged(self.text)
        if found.status:
            raise ClaimError("\n".join([found.text, *found.notes]))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show where the claim stands, and the verdict or what is wrong with the line."""
        from circuitcli.errors import CircuitError

        error = excinfo.value
        if not isinstance(error, (ClaimError, CircuitError)):
            return super().repr_failure(excinfo, style)
        what = "the claim does not hold" if isinstance(error, ClaimError) else "the claim cannot be judged"
        return f"{self.location[0]}:{self.number}: {what}\n  {self.text}\n\n{error}"

    def reportinfo(self) -> tuple[Path, int, str]:
        """The file, the line from 0, and the name."""
        return self.path, self.number - 1, self.name
