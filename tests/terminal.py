"""The program on a terminal of its own, and what a person sees there."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping

import pyte

from tests.support import FILES

CTRL_C, CTRL_D, UP, TAB = "\x03", "\x04", "\x1b[A", "\t"
WHERE = b"\x1b[6n"  # the program asks the terminal where its cursor is
PATIENCE = 180  # seconds; a healthy machine needs one

_CONTROLLED = """
import fcntl, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C is a signal
from circuitcli.cli import main
main()
"""


class Terminal:
    """`circuit` on a pseudo-terminal, whose bytes make a screen."""

    def __init__(self, *words: str, columns: int = 80, lines: int = 120, env: Mapping[str, str] = {}) -> None:
        self._leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        base = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LINES", "FORCE_COLOR")}
        base |= {"TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CONTROLLED, *words],
            stdin=follower, stdout=follower, stderr=follower, env={**base, **env}, cwd=FILES, start_new_session=True,
        )  # fmt: skip
        os.close(follower)
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.bytes = b""

    @property
    def lines(self) -> list[str]:
        """The lines on the screen."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip().split("\n")

    @property
    def column(self) -> int:
        """Where the cursor stands in its line."""
        return int(self._screen.cursor.x)

    @property
    def prompted(self) -> bool:
        """Whether the last line is a prompt at which nothing has been typed."""
        return self.column == 2 and self.lines[-1] == ">" and self._screen.cursor.y == len(self.lines) - 1

    @property
    def cooked(self) -> bool:
        """Whether Ctrl-C is a signal: no prompt waits for keys."""
        return bool(termios.tcgetattr(self._leader)[3] & termios.ISIG)

    def type(self, keys: str, until: Callable[[], bool] | None = None) -> None:
        """Press keys, and look at the screen until it is as expected: by default a new prompt, and nothing behind."""
        row, lines = self._screen.cursor.y, len(self.lines)  # the cursor may be on its way, the lines be suggestions
        self.press(keys)
        self.wait(until or (lambda: self.prompted and (self._screen.cursor.y > row or len(self.lines) > lines)))

    def press(self, keys: str) -> None:
        """Press keys, and do not look."""
        os.write(self._leader, keys.encode())

    def wait(self, until: Callable[[], bool]) -> None:
        """Read what the program prints until the screen is as expected."""
        end = time.monotonic() + PATIENCE
        while not until():
            if time.monotonic() > end:
                cursor = self._screen.cursor
                seen = "\n".join(
                    [*self.lines, f"with the cursor at {cursor.y}, {cursor.x}, after {self.bytes[-200:]!r}"]
                )
                raise AssertionError("the screen is still\n" + seen)
            if select.select([self._leader], [], [], 0.2)[0]:
                self._read()

    def leave(self, keys: str = CTRL_D) -> int:
        """Press keys that end the program, and answer its exit status."""
        os.write(self._leader, keys.encode())
        with contextlib.suppress(OSError):  # Linux's way to say that nobody is there any more
            while select.select([self._leader], [], [], PATIENCE)[0]:
                self._read()
        return self._process.wait(PATIENCE)

    def close(self) -> None:
        """End the program, if nothing else has."""
        self._process.kill()
        self._process.wait()
        os.close(self._leader)

    def _read(self) -> None:
        chunk = os.read(self._leader, 65536)
        asked = self.bytes.count(WHERE)
        self.bytes += chunk
        self._stream.feed(chunk)
        if self.bytes.count(WHERE) > asked:
            os.write(self._leader, b"\x1b[%d;%dR" % (self._screen.cursor.y + 1, self._screen.cursor.x + 1))
