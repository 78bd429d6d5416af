"""Tests of a text: `species == "setosa"` is an input of a circuit, 1 in the rows of a file whose column has it, and 0
in the others. Its name says both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from circuitcli.errors import InputError

_SIGN, _END = " == ", '")'


class TextTest(NamedTuple):
    """A column of a file, and the text that its cells are compared with."""

    column: str
    text: str

    @property
    def name(self) -> str:
        """The name of the input."""
        import json

        return f"({self.column}{_SIGN}{json.dumps(self.text, ensure_ascii=False)})"


def text_test(name: str) -> TextTest | None:
    """The test that an input of this name is; None for another input."""
    if not name.endswith(_END):
        return None
    import json

    column, _, text = name[1:-1].partition(_SIGN)
    return TextTest(column, json.loads(text))


def refuse_tests(names: Iterable[str]) -> None:
    """Raise InputError where an input is a test: rows of files alone have texts."""
    for test in filter(None, map(text_test, names)):
        raise InputError(
            f"{test.name[1:-1]} compares a column with a text, and here are no rows", "name a file of rows"
        )
