"""The versions of the engines that run rows of data, for `circuit --version --verbose`."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from circuitcli.extras import installing


def engines() -> list[str]:
    """A line for each engine: the libraries that it runs on here, or what to install."""
    return [
        _line("rows", ("numpy", "pyarrow", "orjson"), "rows", ""),
        _line("arrays", ("numpy",), "rows", ""),
        _line("native", ("llvmlite",), "fast", _host()),
    ]


def _line(name: str, libraries: tuple[str, ...], extra: str, more: str) -> str:
    found = []
    for library in libraries:
        try:
            found.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            return f"{name:8}not installed: {installing(extra)}"
    return f"{name:8}{', '.join(found)}{'; ' if more else ''}{more}"


def _host() -> str:
    """The vector functions that machine code calls."""
    try:
        from circuitcli.engine.mathlib import host

        return host().told
    except ImportError:
        return ""
