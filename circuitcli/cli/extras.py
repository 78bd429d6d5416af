"""Libraries that only some commands need."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from circuitcli.errors import UsageError


def refuse_missing(who_needs: str, libraries: Sequence[str], extra: str) -> None:
    """Raise UsageError where a library that something needs is not installed; `extra` brings it."""
    missing = [name for name in libraries if find_spec(name) is None]
    if missing:
        raise UsageError(f"{who_needs} {' and '.join(missing)}", f'install with: pip install "circuitcli[{extra}]"')
