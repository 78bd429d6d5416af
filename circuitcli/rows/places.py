"""Where files are: on this machine, or behind a URL."""

from __future__ import annotations

import os
from typing import Any


def filesystem(name: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs

    return url_to_fs(name if "://" in name else os.path.abspath(name))
