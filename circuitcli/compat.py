"""The private doors of other libraries that we hold open. Each has a test that tells when it closes."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def arrow_compute() -> ModuleType:
    """pyarrow's functions by name: its module with `call_function` and `CastOptions`.

    The public pyarrow.compute writes the documentation of three hundred functions when it is imported, which takes as
    long as half a million rows do.
    """
    try:
        return import_module("pyarrow._compute")
    except ImportError:
        return import_module("pyarrow.compute")
