"""Libraries that only some commands need."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec

from circuitcli.errors import UsageError
from circuitcli.visible_text import shell_word


def missing(libraries: Sequence[str]) -> list[str]:
    """Those of some libraries that are not installed."""
    return [name for name in libraries if find_spec(name) is None]


def refuse_missing(who_needs: str, libraries: Sequence[str], extra: str) -> None:
    """Raise UsageError where a library that something needs is not installed; `extra` brings it."""
    if lacking := missing(libraries):
        raise UsageError(f"{who_needs} {' and '.join(lacking)}", f"install with: {installing(extra)}")


def refuse_no_arrays() -> None:
    """Raise UsageError where arrays have no library."""
    refuse_missing("arrays need", ("numpy",), "rows")


def refuse_no_tables() -> None:
    """Raise UsageError where lists of rows and tables have no libraries."""
    refuse_missing("rows need", ("numpy", "pyarrow"), "rows")


def installing(extra: str) -> str:
    """The command that installs an extra where this program is: in a place of its own, as pipx and uv make it, or
    beside this interpreter."""
    package = f'"circuitcli[{extra}]"'
    if os.path.exists(os.path.join(sys.prefix, "pipx_metadata.json")):
        return f"pipx install --force {package}"
    if os.path.exists(os.path.join(sys.prefix, "uv-receipt.toml")):
        return f"uv tool install --force {package}"
    return f"{shell_word(sys.executable)} -m pip install {package}"
