"""The parse table in the cache folder, as a killed process, a bad disk or somebody else may have left it.

What is ours and whole is taken; all else is built again, and never obeyed.
"""

from __future__ import annotations

import os
import traceback
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from circuitcli.cli.exit_status import DONE
from circuitcli.language.parse_table import table_of, text_of
from tests.fuzz import verdict
from tests.fuzz.case import OUT, Case, Done
from tests.fuzz.program import Program
from tests.fuzz.row_files import damaged
from tests.support import apart

FOLDER = f"{OUT}-cache"
TABLE = f"{FOLDER}/circuit/table"
EXPECTED = b"-12.0\n"
WORDS = ["eval", "(x+y)*z", "-x", "-2", "-y", "5", "-z", "-4", "--quiet"]
STRANGER = 65534  # who owns nothing, where this process may give files away
PLANTS = ("damaged", "writable", "folder writable", "link", "folder link", "folder", "pipe", "stranger", "gone")


def draw(chance: Random) -> Case:
    """A command that finds a planted parse table: bytes of ours that are damaged, or a whole one of others."""
    plant = chance.choice(PLANTS)
    content = damaged(chance, _table()[1]) if plant == "damaged" else of_others()
    return Case(WORDS, files={TABLE: content}, env={"XDG_CACHE_HOME": FOLDER}, facts={"plant": plant})


def run(program: Program, case: Case, folder: Path) -> tuple[Done, str]:
    """Plant the table, and start the program as if for the first time."""
    plant(folder, case.facts["plant"])
    child = os.fork()
    if not child:  # a copy of this process, which has read no expression yet
        try:
            done = program(case, folder)
            (folder / f"{OUT}-out").write_bytes(done.out)
            (folder / f"{OUT}-err").write_bytes(done.err + done.error.encode())
            os._exit(done.status)
        except BaseException:
            traceback.print_exc()
        os._exit(99)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    told = [path.read_bytes() if path.exists() else b"" for path in (folder / f"{OUT}-out", folder / f"{OUT}-err")]
    done = Done(status, told[0], told[1], folder)
    found = verdict.fault(case, done)
    if not found and (done.status, done.out) != (DONE, EXPECTED):
        found = f"status {done.status}, {done.out[:40]!r}"
    return done, found


def of_others() -> bytes:
    """A sound table by which + is -."""
    table = table_of(_table()[1].decode())
    other = {"add": "sub", "sub": "add"}
    rules = [rule._replace(callback=other.get(rule.callback, rule.callback)) for rule in table.rules]
    return text_of(table._replace(rules=rules)).encode()


def plant(folder: Path, how: str) -> None:
    """Make of a table in the cache folder what somebody might, under the name that this version looks for."""
    path = (folder / TABLE).rename((folder / TABLE).with_name(_table()[0]))
    path.parent.chmod(0o700)
    path.chmod(0o600)
    match how:
        case "writable":
            path.chmod(0o622)
        case "folder writable":
            path.parent.chmod(0o777)
        case "link":
            path.rename(folder / f"{OUT}-elsewhere")
            path.symlink_to(folder / f"{OUT}-elsewhere")
        case "folder link":
            path.parent.rename(folder / f"{OUT}-elsewhere")
            path.parent.symlink_to(folder / f"{OUT}-elsewhere")
        case "folder":
            path.unlink()
            path.mkdir()
        case "pipe":
            path.unlink()
            os.mkfifo(path, 0o600)
        case "stranger" if os.geteuid() == 0:
            os.chown(path, STRANGER, STRANGER)
        case "gone" | "stranger":
            path.unlink()


@cache
def _table() -> tuple[str, bytes]:
    """The parse table that a first start leaves, and its name."""
    with TemporaryDirectory() as folder:
        apart(*WORDS, cwd=Path(folder), XDG_CACHE_HOME=folder)
        (path,) = Path(folder, "circuit").iterdir()
        return path.name, path.read_bytes()
