"""Settings of all tests, made before the first of them is imported."""

from __future__ import annotations

import os
import signal

import pytest
from hypothesis import HealthCheck, settings

PROCESSES = 8  # the most that share the tests: beyond that each start costs more than it saves
CLUSTERS = {"workers", "mortal"}  # fixtures that start a cluster of Dask: one at a time, and never in a hurry

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program itself does, before NumPy is loaded
os.environ.pop("PYTHONUNBUFFERED", None)  # or commands write a line in two pieces, between which others may write

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as in the background of a script: commands would inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "circuit",
    deadline=None,  # the first example may compile, import or fill a cache
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("circuit")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One for each processor that this process may use."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(usable or 1, PROCESSES)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of a cluster of several processes."""
    for item in items:
        if CLUSTERS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("cluster"))
