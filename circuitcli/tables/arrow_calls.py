"""pyarrow's functions by their names, where every run needs them: pyarrow.compute writes the documentation of three
hundred functions when it is imported, which takes as long as half a million rows do."""

from __future__ import annotations

try:
    from pyarrow._compute import CastOptions, call_function
except ImportError:  # should it ever be called otherwise
    from pyarrow.compute import CastOptions, call_function

__all__ = ["CastOptions", "call_function"]
