"""The things that an input of a circuit over rows asks of a column: its numbers, whether its cells are a text, or the
standard uncertainties that stand in its cells; and the columns of derivatives."""

from __future__ import annotations

from typing import NamedTuple

from circuitcli.text_tests import text_test

_SIGMA = " ±)"


class Asked(NamedTuple):
    """A column, or a part of its values, by its name; the text that its cells are compared with, if they are; and
    whether the uncertainty in them is meant."""

    column: str
    text: str | None = None
    sigma: bool = False

    @property
    def is_number(self) -> bool:
        """Whether the numbers of the column themselves are meant."""
        return self.text is None and not self.sigma


def asked_of(name: str) -> Asked:
    """The column that an input needs, and what of it."""
    if name.endswith(_SIGMA):
        return Asked(name[1 : -len(_SIGMA)], sigma=True)
    test = text_test(name)
    return Asked(name) if test is None else Asked(test.column, test.text)


def column_of(name: str) -> str:
    """The column of a file that an input needs."""
    return asked_of(name).column


def sigma_of(column: str) -> str:
    """The name of the input that is the uncertainty in the cells of a column."""
    return f"({column}{_SIGMA}"


def column_for(column: str, result: str) -> str:
    """The column that `grad_x`, `hess_x_y` or `along` becomes beside those of other results; of the only one, itself.

    >>> column_for("grad_x", "f")
    'grad_f_x'
    """
    kind, sign, name = column.partition("_")
    return f"{kind}_{result}{sign}{name}" if result else column
