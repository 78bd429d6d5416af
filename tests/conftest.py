"""What is set for all tests before the first of them is imported."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program itself does, before NumPy is loaded

settings.register_profile(
    "circuit",
    deadline=None,  # the first example may compile, import or fill a cache
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("circuit")
