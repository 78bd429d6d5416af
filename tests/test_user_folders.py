"""The user's folders on three systems."""

from __future__ import annotations

import subprocess
import sys
from pathlib import PurePosixPath

import pytest

from circuitcli import systems
from circuitcli.user_folders import cache_folder, state_folder

HOME = "/home/ada"
PLACES = [
    ("linux", {}, "/home/ada/.cache/circuit", "/home/ada/.local/state/circuit"),
    ("linux", {"XDG_CACHE_HOME": "/c", "XDG_STATE_HOME": "/s"}, "/c/circuit", "/s/circuit"),
    (
        "linux",
        {"XDG_CACHE_HOME": "", "LOCALAPPDATA": "/l"},
        "/home/ada/.cache/circuit",
        "/home/ada/.local/state/circuit",
    ),
    ("darwin", {}, "/home/ada/Library/Caches/circuit", "/home/ada/Library/Application Support/circuit"),
    ("darwin", {"XDG_STATE_HOME": "/s"}, "/home/ada/Library/Caches/circuit", "/s/circuit"),
    ("win32", {"LOCALAPPDATA": "/users/ada/local"}, "/users/ada/local/circuit", "/users/ada/local/circuit"),
    ("win32", {}, "/home/ada/circuit", "/home/ada/circuit"),
]


@pytest.mark.parametrize(("system", "environment", "cache", "state"), PLACES)
def test_a_system_has_its_own_places(
    system: str, environment: dict[str, str], cache: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": HOME, **environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(systems, "WINDOWS", system == "win32")
    monkeypatch.setattr(systems, "MACOS", system == "darwin")
    assert (PurePosixPath(cache_folder()), PurePosixPath(state_folder())) == (
        PurePosixPath(cache),
        PurePosixPath(state),
    )


@pytest.mark.slow
def test_they_load_nothing() -> None:
    code = """
import sys, os, contextlib, typing, circuitcli
before = set(sys.modules)
import circuitcli.user_folders
print(*sorted(set(sys.modules) - before))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "circuitcli.systems circuitcli.user_folders\n"
