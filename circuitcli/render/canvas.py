"""A frame of characters to draw in, by plotext."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circuitcli.errors import UsageError, columns
from circuitcli.render.scales import fitting, power_texts, powers, texts, with_ends

if TYPE_CHECKING:
    from circuitcli.engine.protocol import FloatArray

LINE = "braille"  # dots, 2 by 4 in a character
DASH, APART = 6.0, 3.0  # dots of a dashed line, and those that are left out
LEAST = 16  # columns that a frame has
Range = tuple[float, float]


class Canvas:
    """A frame with rulers, and the drawing in it; `right` is the range of a second scale. Where `up` is in `decades`,
    its numbers are logarithms. The numbers at the left have at least the `margin`, in columns.

    plotext gets points within the frame only: a line that leads out of it can end the process, by an assertion in
    plotext's kernel.
    """

    def __init__(
        self,
        width: int,
        height: int,
        across: Range,
        up: Range,
        right: Range | None,
        name: str,
        coloured: bool,
        decades: bool = False,
        margin: int = 0,
    ) -> None:
        import plotext

        self._plotext, self._figure, self._coloured = plotext, plotext.figure, coloured
        self._figure.clear()
        plotext.terminal.limit(False, False)
        self._figure.plot_size(width, height)
        self._figure.theme("colorless")
        self._figure.axes(False, axis="x", side="upper")
        self._figure.axes(False, axis="y", side="right")
        self._figure.label(name)
        self.across, self._up = across, {"left": up, "right": right or up}
        sides = ["left", "right"] if right else ["left"]
        self.rows, self.margin = height - 3, margin
        labels = sum(self._ruler("y", side, self._up[side], height // 3, self.rows, decades) for side in sides)
        self.columns = width - labels - 1
        if self.columns < LEAST:
            raise UsageError(f"a terminal of {width} columns is too narrow for this plot", "add --out plot.svg")
        self._ruler("x", "lower", across, self.columns // 10, self.columns)

    def line(
        self,
        xs: FloatArray,
        ys: FloatArray,
        mark: str = LINE,
        colour: str = "",
        side: str = "left",
        dashed: bool = False,
    ) -> None:
        """Draw the part of a line through points that is within the frame; nan is a gap."""
        (left, right), (low, high) = self.across, self._up[side]
        fine = (2, 4) if mark == LINE else (1, 1)
        dx, dy = (right - left) / self.columns / fine[0], (high - low) / self.rows / fine[1]
        ys = np.clip(ys, low - 2.0 * dy, high + 2.0 * dy)
        parts = np.flatnonzero(np.isfinite(ys[:-1]) & np.isfinite(ys[1:]))
        wide, tall = np.diff(xs)[parts], np.diff(ys)[parts]
        counts = 1 + (1.5 * np.maximum(np.abs(wide / dx), np.abs(tall / dy))).astype(int)
        shares = (np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)) / np.repeat(counts, counts)
        drawn = np.stack(
            [np.repeat(xs[parts], counts) + shares * np.repeat(wide, counts),
             np.repeat(ys[parts], counts) + shares * np.repeat(tall, counts)]
        )  # fmt: skip
        if dashed:
            way = np.hypot(*(np.diff(drawn, axis=1, prepend=drawn[:, :1]) / [[dx], [dy]]))
            drawn = drawn[:, np.cumsum(way) % (DASH + APART) < DASH]
        drawn = drawn[:, (drawn[0] >= left) & (drawn[0] <= right) & (drawn[1] >= low) & (drawn[1] <= high)]
        _, once = np.unique((drawn / [[0.5 * dx], [0.5 * dy]]).astype(int), axis=1, return_index=True)
        self.points(drawn[0, once], drawn[1, once], mark, colour, side)

    def fill(self, xs: FloatArray, lows: FloatArray, highs: FloatArray, mark: str, colour: str = "") -> None:
        """Draw a character everywhere between two lines over the same points."""
        there = np.isfinite(lows) & np.isfinite(highs)
        if not there.any():
            return
        across = self.across[0] + (np.arange(self.columns) + 0.5) * (self.across[1] - self.across[0]) / self.columns
        low, high = self._up["left"]
        up = low + (np.arange(self.rows) + 0.5) * (high - low) / self.rows
        least, most = (np.interp(across, xs[there], ys[there]) for ys in (lows, highs))
        open_ = np.interp(across, xs, (~there).astype(float)) == 0.0  # no gap beside it
        row, column = np.nonzero((up[:, None] >= least) & (up[:, None] <= most) & open_)
        self.points(across[column], up[row], mark, colour)

    def points(self, xs: FloatArray, ys: FloatArray, mark: str, colour: str = "", side: str = "left") -> None:
        """Draw a character, or a dot of braille, at each point within the frame."""
        low, high = self._up[side]
        inside = (xs >= self.across[0]) & (xs <= self.across[1]) & (ys >= low) & (ys <= high)
        if inside.any():
            marker = self._plotext.marker(mark, self._pixel(colour))
            signal = self._figure.signal(xs[inside].tolist(), ys[inside].tolist(), marker=marker, yside=side)
            self._figure.draw(signal)

    def word(self, x: float, y: float, text: str) -> None:
        """Write a word with its middle at a point."""
        self._figure.draw(self._figure.text(x, y, text, alignment="center"))

    def painted(self, text: str, colour: str) -> str:
        """A text in a colour, unless the canvas has none."""
        painted: str = self._plotext.colorize(text, self._pixel(colour)).string()
        return painted if self._coloured else text

    def lines(self) -> list[str]:
        """The lines of the drawing."""
        drawn = self._figure.build().string(colorless=not self._coloured)
        return [line.rstrip() for line in drawn.rstrip("\n").split("\n")]

    def _pixel(self, colour: str) -> object:
        return self._plotext.pixel(int(colour)) if colour and self._coloured else self._plotext.pixel()

    def _ruler(self, axis: str, side: str, limits: Range, most: int, room: int, decades: bool = False) -> int:
        """Put limits and ticks at one side, and return the width of the ticks."""
        exponents = powers(*limits, most) if decades else []
        numbers = [*map(float, exponents)] or fitting(*limits, most, room, axis == "x")
        numbers = with_ends(*limits, numbers, room) if axis == "x" else numbers
        labels, ruler = power_texts(exponents) or texts(numbers), self._figure.ruler(axis, side)
        if (axis, side) == ("y", "left"):
            labels = [" " * (self.margin - columns(label)) + label for label in labels]
            self.margin = max(map(columns, labels), default=0)
        ruler.lim(*limits)
        ruler.ticks(numbers, labels)
        return max(map(columns, labels), default=0)
