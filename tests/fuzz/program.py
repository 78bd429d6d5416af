"""Running the program on a case, within a process that is made for it."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import BinaryIO

from tests.fuzz.case import Case, Done
from tests.support import elsewhere

STREAMS = ("stdin", "stdout", "stderr")


class Program:
    """The program within this process, whose three standard streams become files for good."""

    def __init__(self) -> None:
        self._files: list[BinaryIO] = []
        for number in range(3):
            file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115  for as long as the process lives
            os.dup2(file.fileno(), number)
            self._files.append(file)

    def __call__(self, case: Case, folder: Path) -> Done:
        """Run the program in a folder, and return what became of it."""
        from circuitcli.cli.running import run

        self._empty(case.stdin)
        error, status = "", 0
        with elsewhere(folder, {"XDG_DATA_HOME": str(folder), **case.env}):
            try:
                status = run(case.words)
            except SystemExit as left:  # click's way out when a shell asks for completions
                status = int(left.code or 0)
            except BaseException:
                error = traceback.format_exc()
            for name in STREAMS[1:]:
                getattr(sys, name).flush()
        _, out, err = (self._content(number) for number in range(3))
        return Done(status, out, err, folder, error)

    def _empty(self, stdin: bytes) -> None:
        for number in range(3):
            os.ftruncate(number, 0)
            os.lseek(number, 0, os.SEEK_SET)
        os.write(0, stdin)
        os.lseek(0, 0, os.SEEK_SET)
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), "utf-8")
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w", closefd=False)), "utf-8")
        sys.stderr = io.TextIOWrapper(
            io.BufferedWriter(io.FileIO(2, "w", closefd=False)), "utf-8", "backslashreplace", line_buffering=True
        )

    def _content(self, number: int) -> bytes:
        return os.pread(number, os.fstat(number).st_size, 0)
